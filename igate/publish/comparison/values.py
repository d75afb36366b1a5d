"""A difference between two revisions, and how the values of a file are written in it.

Entries of a list are recognised by a part of them (a paper by its name, a party by its role, a way
by action and goal); what is left of an entry is compared key by key. Words that a file writes in
English letters are put into the language that is asked for, wherever igate has words for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from igate.deadlines.limits import TimeLimit
from igate.deadlines.rules import Cutoff
from igate.law.citation import Citation, Label
from igate.law.period import Period
from igate.law.text import check_language
from igate.procedures.guard import Guard
from igate.procedures.naming import CHANNELS
from igate.publish.procedure_words import CLOCK_RULES, CUTOFFS, PHASES, TEMPLATES, say
from igate.publish.rule_words import Conditions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from igate.law.citation import Language

__all__ = [
    "Difference",
    "DifferenceKind",
    "Paired",
    "Where",
    "changes",
    "in_words",
    "joined",
    "paired",
    "said",
]

DifferenceKind = Literal["changed", "added", "removed", "moved"]
#: Writes the value of a key; ``None`` where there is none.
_Say = Callable[[str, object], Label | None]

_NONE: Final = Label(vi="không có", en="none")
_YES: Final = Label(vi="có", en="yes")
_NO: Final = Label(vi="không", en="no")
_NAMES: Final[Mapping[str, Label]] = {
    key: Label(vi=vi, en=en)
    for key, vi, en in (
        ("name", "tên", "name"),
        ("field", "lĩnh vực", "field"),
        ("ministry", "bộ quản lý", "ministry"),
        ("level", "cấp thực hiện", "level"),
        ("agencies", "cơ quan giải quyết", "agency that solves it"),
        ("procedure", "thủ tục", "procedure"),
        ("period", "hiệu lực", "period"),
        ("citation", "căn cứ", "citation"),
        ("template", "mẫu quy trình", "template"),
        ("clock_rules", "quy tắc tính thời hạn", "clock rules"),
        ("steps_basis", "nguồn của các bước", "basis of the steps"),
        ("cutoff", "giờ chốt", "cut-off"),
        ("limits", "thời hạn", "limit"),
        ("online", "dịch vụ công trực tuyến", "online service"),
        ("subjects", "đối tượng thực hiện", "subject"),
        ("requirements", "thành phần hồ sơ", "requirement"),
        ("dossier_sets", "số bộ hồ sơ", "number of sets"),
        ("fees", "phí", "fee"),
        ("results", "kết quả", "result"),
        ("conditions", "điều kiện", "condition"),
        ("legal_basis", "căn cứ pháp lý", "legal basis"),
        ("roles", "vai trò khai báo", "declared role"),
        ("facts", "dữ kiện khai báo", "declared fact"),
        ("set_by", "ai được ghi dữ kiện", "who may set a fact"),
        ("counters", "quầy tiếp nhận", "counter"),
        ("backdaters", "vai trò được ghi sổ chậm", "role that may record later"),
        ("stages", "giai đoạn có chung thời gian", "stage with one time"),
        ("own_dossiers", "được giải quyết hồ sơ của mình", "settling one's own dossier"),
        ("also", "vai trò khác cùng được làm", "further roles"),
        ("may", "thao tác được làm", "actions that start here"),
        ("four_eyes", "không do người làm bước", "not by who did step"),
        ("time_text", "thời gian ghi bằng lời", "time in words"),
        ("workflow", "trạng thái và bước chuyển", "states and transitions"),
        ("phase", "giai đoạn", "phase"),
        ("role", "vai trò", "role"),
        ("actor", "người thực hiện", "actor"),
        ("agency", "cơ quan", "agency"),
        ("agency_id", "mã định danh cơ quan", "identifier of the agency"),
        ("limit", "thời gian", "time"),
        ("label", "nội dung", "content"),
        ("together", "cùng lúc", "together"),
        ("ways", "hướng đi", "way"),
        ("guard", "với điều kiện", "if"),
        ("sets", "ghi nhận", "sets"),
        ("original", "bản chính", "originals"),
        ("certified", "bản sao có chứng thực", "certified copies"),
        ("copies", "bản sao", "copies"),
        ("form", "mẫu", "form"),
        ("digitised", "số hóa khi tiếp nhận", "digitised on receipt"),
        ("reused_from", "dữ liệu lấy từ", "data from"),
        ("delivery", "cách nhận", "delivery"),
    )
}
_DELIVERIES: Final[Mapping[str, Label]] = {str(way): label for way, label in CHANNELS.items()}
#: Words for the values of a key, where a file writes one of a few.
_WORDS: Final[Mapping[str, Mapping[str, Label]]] = {
    "phase": {str(phase): label for phase, label in PHASES.items()},
    "template": TEMPLATES,
    "clock_rules": CLOCK_RULES,
    "steps_basis": {
        basis: Label(vi=say(basis, "vi"), en=say(basis, "en")) for basis in ("published", "assumed")
    },
}


class Where(NamedTuple):
    """What a difference is about."""

    #: number of the step; ``None``: the revision
    step: int | None = None
    #: which of the actors of one step
    part: int = 0
    #: the entry of a list, in words
    within: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same in the later revision."""

    kind: DifferenceKind
    #: what it is about: a key of the file, like "limits"; "step" where a whole step is meant,
    #: "label" where a text is
    key: str
    #: number of the step, where it is about one: in the earlier revision, of an added one in the
    #: later; ``None``: it is about the revision
    step: int | None = None
    #: which of the actors of that step, where several do it in turn; otherwise 0
    part: int = 0
    #: the paper, result, party or way to which the key belongs, where it belongs to one
    within: Label | None = None
    #: ``None``: not there
    before: Label | None = None
    after: Label | None = None

    @property
    def place(self) -> str:
        """The number of the step with the part, like ``2.1``; empty: it is about the revision."""
        if self.step is None:
            return ""
        return f"{self.step}.{self.part}" if self.part else str(self.step)

    def text(self, lang: Language) -> str:
        """Write it for people.

        Raises:
            IgateError: igate does not speak the language.

        >>> Difference(kind="changed", key="limit", step=3, before=Label(vi="4 ngày làm việc",
        ...     en="4 working days"), after=Label(vi="2 ngày làm việc", en="2 working days")
        ... ).text("en")
        'step 3: 4 working days → 2 working days'
        """
        check_language(lang)
        before, after = self._sides(lang)
        step = "bước" if lang == "vi" else "step"
        if self.kind == "moved":
            return f"{step} {before} → {step} {after}"
        parts = [f"{step} {self.place}"] if self.place else []
        if self.within is not None:
            parts.append(self.within.text(lang))
        if self.key != "step" and not (self.step is not None and self.key == "limit"):
            parts.append(_NAMES.get(self.key, Label(vi=self.key)).text(lang))
        if self.kind == "changed":
            none = _NONE.text(lang)
            parts.append(f"{before or none} → {after or none}")
        else:
            parts.append(f"{_word(self.kind, lang)} {before or after}")
        return ": ".join(parts)

    def _sides(self, lang: Language) -> tuple[str, str]:
        """Write before and after; with the other language where only that is not the same."""
        before, after = self.before, self.after
        texts = before.text(lang) if before else "", after.text(lang) if after else ""
        if before is None or after is None or texts[0] != texts[1]:
            return texts
        none = _NONE.text(lang)
        others = (side.vi if lang == "en" else side.en or none for side in (before, after))
        first, second = (f"{texts[0]} ({other})" for other in others)
        return first, second


def _word(kind: DifferenceKind, lang: Language) -> str:
    words = {"added": ("thêm", "added"), "removed": ("bỏ", "removed")}
    return words[kind][0 if lang == "vi" else 1] if kind in words else kind


class Paired(NamedTuple):
    """The entries of two lists that are not equal."""

    twins: tuple[tuple[Any, Any], ...]
    gone: tuple[Any, ...]
    come: tuple[Any, ...]


def paired(before: Sequence[Any], after: Sequence[Any], mark: Callable[[Any], object]) -> Paired:
    """Pair the entries that are not equal but have the same mark."""
    gone, come = list(before), list(after)
    for each in before:
        if each in come:
            come.remove(each)
            gone.remove(each)
    twins = []
    for old in tuple(gone):
        twin = next((new for new in come if mark(new) == mark(old)), None)
        if twin is not None:
            gone.remove(old)
            come.remove(twin)
            twins.append((old, twin))
    return Paired(tuple(twins), tuple(gone), tuple(come))


def changes(
    before: Any,  # noqa: ANN401 - any two values of one class
    after: Any,  # noqa: ANN401
    where: Where,
    *,
    without: Collection[str] = (),
    empty: Mapping[str, tuple[Label, Label]] | None = None,
    words: tuple[_Say, _Say] | None = None,
) -> Iterator[Difference]:
    """Compare two values key by key.

    Args:
        before: A value of the earlier revision.
        after: Its twin of the later one, of the same class.
        where: What they are.
        without: Keys that are compared in another way.
        empty: How a missing value of a key is written, before and after.
        words: How the value of a key is written, before and after; where absent, as
            :func:`in_words` does. Two values with the same words are written as they are.
    """
    first, second = words or (in_words, in_words)
    for name in (each.name for each in fields(before) if each.name not in without):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            nothing = (empty or {}).get(name, (None, None))
            labels = first(name, old), second(name, new)
            if labels[0] == labels[1]:
                labels = said(old), said(new)
            yield Difference(
                kind="changed",
                key=name,
                step=where.step,
                part=where.part,
                within=where.within,
                before=labels[0] or nothing[0],
                after=labels[1] or nothing[1],
            )


def joined(labels: Sequence[Label], sign: str = "; ") -> Label:
    """Write labels one after the other."""
    return Label(
        vi=sign.join(label.text("vi") for label in labels),
        en=sign.join(label.text("en") for label in labels),
    )


def in_words(key: str, value: object) -> Label | None:
    """Write the value of a key in words, where there are any.

    >>> in_words("phase", "handover").vi, in_words("actor", "Văn thư").vi
    ('trả kết quả', 'Văn thư')
    """
    return _WORDS.get(key, {}).get(str(value)) or said(value)


def said(value: object) -> Label | None:
    """Write any value of a revision, step, party, way or paper; ``None`` where there is none."""
    return None if value is None or value in ("", ()) else _said(value)


@singledispatch
def _said(value: object) -> Label:
    return Label(vi=str(value))


@_said.register
def _(value: bool) -> Label:  # noqa: FBT001 - chosen by its type
    return _YES if value else _NO


@_said.register
def _(value: Label) -> Label:
    return value


@_said.register(Citation)
@_said.register(TimeLimit)
def _(value: Citation | TimeLimit) -> Label:
    return Label(vi=value.text("vi"), en=value.text("en"))


@_said.register
def _(value: Guard) -> Label:
    words = Conditions()
    return Label(vi=words.text(value, "vi"), en=words.text(value, "en"))


@_said.register(tuple)
def _(value: tuple[object, ...]) -> Label:
    return joined([_element(each) for each in value], ", ")


def _element(value: object) -> Label:
    """Write a way to have a result, or a fact with its value."""
    if isinstance(value, tuple):
        name, fact = value
        return joined([Label(vi=name), said(fact) or _NONE], " = ")
    return _DELIVERIES.get(str(value), Label(vi=str(value)))


@_said.register
def _(value: Cutoff) -> Label:
    hour, rule = f"{value.at:%H:%M}", CUTOFFS[value.moves]
    return Label(
        vi=f"{rule.vi.format(hour=hour)} [{value.citation.text('vi')}]",
        en=f"{rule.en.format(hour=hour)} [{value.citation.text('en')}]",
    )


@_said.register
def _(value: Period) -> Label:
    if value.start is None:
        start = Label(vi="chưa rõ từ ngày nào", en="from an unknown day")
    else:
        start = Label(vi=f"từ {value.start:%d/%m/%Y}", en=f"from {value.start}")
    if value.end is None:
        return start
    return Label(
        vi=f"{start.vi} đến trước {value.end:%d/%m/%Y}", en=f"{start.en} to before {value.end}"
    )
