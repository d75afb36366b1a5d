"""What is different between two revisions of a procedure, in words.

Steps are recognised by what they say: one that keeps its text has moved or changed, one that keeps
its place between such steps has been reworded, the others were added or removed. A step is named by
the number that it has in the earlier revision, an added one by its number in the later.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Literal

from igate.citation import Citation, Label
from igate.clock import Cutoff
from igate.limits import TimeLimit
from igate.timeline import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.citation import Language
    from igate.procedure import Fee, LimitRule, OnlineService, Requirement, Revision
    from igate.workflow import Step, Workflow

__all__ = ["Difference", "DifferenceKind", "differences"]

DifferenceKind = Literal["changed", "added", "removed", "moved"]

_NONE: Final = Label(vi="không có", en="none")
_NOT_COUNTED: Final = Label(vi="không tính thời gian", en="not counted")
_NAMES: Final[Mapping[str, Label]] = {
    "procedure": Label(vi="thủ tục", en="procedure"),
    "period": Label(vi="hiệu lực", en="period"),
    "citation": Label(vi="căn cứ", en="citation"),
    "template": Label(vi="mẫu quy trình", en="template"),
    "clock_rules": Label(vi="quy tắc tính thời hạn", en="clock rules"),
    "steps_basis": Label(vi="nguồn của các bước", en="basis of the steps"),
    "cutoff": Label(vi="giờ chốt", en="cut-off"),
    "limits": Label(vi="thời hạn", en="limit"),
    "online": Label(vi="dịch vụ công trực tuyến", en="online service"),
    "requirements": Label(vi="thành phần hồ sơ", en="requirement"),
    "fees": Label(vi="phí", en="fee"),
    "workflow": Label(vi="trạng thái và bước chuyển", en="states and transitions"),
    "phase": Label(vi="giai đoạn", en="phase"),
    "role": Label(vi="vai trò", en="role"),
    "actor": Label(vi="người thực hiện", en="actor"),
    "agency": Label(vi="cơ quan", en="agency"),
    "limit": Label(vi="thời gian", en="time"),
    "label": Label(vi="nội dung", en="content"),
}
#: Compared one by one, each in its own way.
_OWN: Final = frozenset({"workflow", "limits", "online", "requirements", "fees"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not the same in the later revision."""

    kind: DifferenceKind
    #: what it is about: a key of the file, like "limits"; "step" where a whole step is meant
    key: str
    #: number of the step, where it is about one: in the earlier revision, of an added one in the
    #: later; ``None``: it is about the revision
    step: int | None = None
    #: ``None``: not there
    before: Label | None = None
    after: Label | None = None

    def text(self, lang: Language) -> str:
        """Write it for people.

        >>> Difference(kind="changed", key="limit", step=3, before=Label(vi="4 ngày làm việc",
        ...     en="4 working days"), after=Label(vi="2 ngày làm việc", en="2 working days")
        ... ).text("en")
        'step 3: 4 working days → 2 working days'
        """
        if self.key == "step":
            return self._of_step(lang)
        name = _NAMES.get(self.key, Label(vi=self.key)).text(lang)
        before, after = (part.text(lang) if part else None for part in (self.before, self.after))
        if self.kind == "added":
            said = f"{name}: {_word('added', lang)} {after}"
        elif self.kind == "removed":
            said = f"{name}: {_word('removed', lang)} {before}"
        else:
            lead = "" if self.step is not None and self.key == "limit" else f"{name}: "
            said = f"{lead}{before or _NONE.text(lang)} → {after or _NONE.text(lang)}"
        return f"{_step_word(lang)} {self.step}: {said}" if self.step is not None else said

    def _of_step(self, lang: Language) -> str:
        before, after = (part.text(lang) if part else "" for part in (self.before, self.after))
        if self.kind == "moved":
            return f"{_step_word(lang)} {before} → {_step_word(lang)} {after}"
        return f"{_step_word(lang)} {self.step}: {_word(self.kind, lang)} {before or after}"


def differences(before: Revision, after: Revision) -> tuple[Difference, ...]:
    """Compare two revisions; nothing if they say the same.

    Args:
        before: The earlier revision.
        after: The later one; usually of the same procedure.

    Returns:
        First what is about the revision, in the order of its keys, then about its steps in order.
    """
    found = [*_plain(before, after)]
    for key, (mark, said) in _LISTS.items():
        found += _of_list(key, getattr(before, key), getattr(after, key), mark, said)
    old, new = before.workflow, after.workflow
    steps = _of_steps(old.steps, new.steps)
    if not steps and before.template == after.template and old != new:
        found.append(_changed("workflow", _course(old), _course(new)))
    return (*found, *steps)


def _changed(key: str, before: Label | None, after: Label | None) -> Difference:
    return Difference(kind="changed", key=key, before=before, after=after)


def _plain(before: Revision, after: Revision) -> Iterator[Difference]:
    for name in (each.name for each in fields(before) if each.name not in _OWN):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield _changed(name, _said(old), _said(new))


def _said(value: object) -> Label | None:
    """Write any value of a revision or step."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, Citation | TimeLimit):
        return Label(vi=value.text("vi"), en=value.text("en"))
    if isinstance(value, Label):
        return value
    if isinstance(value, Period):
        return _period(value)
    if isinstance(value, Cutoff):
        said = f"{value.at:%H:%M} ({value.moves}), "
        return Label(vi=said + value.citation.text("vi"), en=said + value.citation.text("en"))
    return Label(vi=str(value))


def _period(period: Period) -> Label:
    if period.start is None:
        start = Label(vi="chưa rõ từ ngày nào", en="from an unknown day")
    else:
        start = Label(vi=f"từ {period.start:%d/%m/%Y}", en=f"from {period.start}")
    if period.end is None:
        return start
    return Label(
        vi=f"{start.vi} đến trước {period.end:%d/%m/%Y}", en=f"{start.en} to before {period.end}"
    )


def _course(workflow: Workflow) -> Label:
    counts = len(workflow.states), len(workflow.transitions)
    return Label(
        vi=f"{counts[0]} trạng thái, {counts[1]} bước chuyển",
        en=f"{counts[0]} states, {counts[1]} transitions",
    )


def _of_list(
    key: str,
    before: Sequence[Any],
    after: Sequence[Any],
    mark: Callable[[Any], object],
    said: Callable[[Any], Label],
) -> list[Difference]:
    """Compare entries that are recognised by a part of them."""
    gone, come = list(before), list(after)
    for each in before:
        if each in come:
            come.remove(each)
            gone.remove(each)
    found = []
    for old in tuple(gone):
        twin = next((new for new in come if mark(new) == mark(old)), None)
        if twin is not None:
            gone.remove(old)
            come.remove(twin)
            found.append(_changed(key, said(old), said(twin)))
    found += [Difference(kind="removed", key=key, before=said(old)) for old in gone]
    found += [Difference(kind="added", key=key, after=said(new)) for new in come]
    if not found and list(before) != list(after):
        orders = (_joined([said(each) for each in entries]) for entries in (before, after))
        found.append(_changed(key, *orders))
    return found


def _joined(labels: Sequence[Label]) -> Label:
    return Label(
        vi="; ".join(label.text("vi") for label in labels),
        en="; ".join(label.text("en") for label in labels),
    )


def _limit(rule: LimitRule) -> Label:
    scope = ", ".join(part for part in (rule.channel, rule.case, rule.area) if part)
    tail = f" ({scope})" if scope else ""
    return Label(
        vi=f"{rule.limit.text('vi')}{tail}, {rule.citation.text('vi')}",
        en=f"{rule.limit.text('en')}{tail}, {rule.citation.text('en')}",
    )


def _online(service: OnlineService) -> Label:
    said = f"{service.scheme} {service.level} ({service.basis})"
    cited = service.citation
    if cited is None:
        return Label(vi=said)
    return Label(vi=f"{said}, {cited.text('vi')}", en=f"{said}, {cited.text('en')}")


def _requirement(paper: Requirement) -> Label:
    said = f" ({paper.original} + {paper.copies}{f', {paper.form}' if paper.form else ''}), "
    return Label(
        vi=paper.label.text("vi") + said + paper.citation.text("vi"),
        en=paper.label.text("en") + said + paper.citation.text("en"),
    )


def _fee(fee: Fee) -> Label:
    channel = f" ({fee.channel})" if fee.channel else ""
    amount = f"{fee.amount:,} đồng{channel}"
    return Label(
        vi=f"{fee.label.text('vi')} {amount.replace(',', '.')}, {fee.citation.text('vi')}",
        en=f"{fee.label.text('en')} {amount}, {fee.citation.text('en')}",
    )


#: Keys with several entries: by what an entry is recognised, and how it is written.
_LISTS: Final[Mapping[str, tuple[Callable[[Any], object], Callable[[Any], Label]]]] = {
    "limits": (lambda rule: (rule.channel, rule.case, rule.area), _limit),
    "online": (lambda service: service.scheme, _online),
    "requirements": (lambda paper: paper.label.vi, _requirement),
    "fees": (lambda fee: (fee.label.vi, fee.channel), _fee),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """How the steps of two lists belong together, by position."""

    #: kept their place among the others, reworded or not
    kept: Mapping[int, int]
    #: the same text elsewhere
    moved: Mapping[int, int]


def _of_steps(before: Sequence[Step], after: Sequence[Step]) -> list[Difference]:
    """Compare steps; sorted by their numbers."""
    match = _matched([step.label.vi for step in before], [step.label.vi for step in after])
    pairs = {**match.kept, **match.moved}
    found: list[Difference] = []
    for old, new in pairs.items():
        if old in match.moved:
            ends = (Label(vi=str(step.number)) for step in (before[old], after[new]))
            number = before[old].number
            found.append(Difference(kind="moved", key="step", step=number, before=next(ends),
                                    after=next(ends)))  # fmt: skip
        found += _changes(before[old], after[new])
    for old, step in enumerate(before):
        if old not in pairs:
            found.append(_whole("removed", step))
    for new, step in enumerate(after):
        if new not in pairs.values():
            found.append(_whole("added", step))
    return sorted(found, key=lambda each: each.step or 0)


def _whole(kind: DifferenceKind, step: Step) -> Difference:
    """Say that a step came or went, with its text and time."""
    time = _said(step.limit) or _NOT_COUNTED
    said = Label(
        vi=f"“{step.label.text('vi')}” ({time.text('vi')})",
        en=f"“{step.label.text('en')}” ({time.text('en')})",
    )
    if kind == "added":
        return Difference(kind=kind, key="step", step=step.number, after=said)
    return Difference(kind=kind, key="step", step=step.number, before=said)


def _changes(before: Step, after: Step) -> Iterator[Difference]:
    for name in (each.name for each in fields(before) if each.name != "number"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            empty = _NOT_COUNTED if name == "limit" else None
            yield Difference(
                kind="changed",
                key=name,
                step=before.number,
                before=_said(old) or empty,
                after=_said(new) or empty,
            )


def _matched(before: Sequence[str], after: Sequence[str]) -> _Match:
    """Find the steps that kept their place, were reworded there, or moved."""
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    kept: dict[int, int] = {}
    for tag, old, old_end, new, _ in blocks:
        if tag == "equal":
            kept |= {old + offset: new + offset for offset in range(old_end - old)}
    left = [new for new in range(len(after)) if new not in kept.values()]
    moved: dict[int, int] = {}
    for old in (each for each in range(len(before)) if each not in kept):
        twin = next((new for new in left if after[new] == before[old]), None)
        if twin is not None:
            moved[old] = twin
            left.remove(twin)
    for tag, old, old_end, new, new_end in blocks:
        if tag == "replace":
            olds = [each for each in range(old, old_end) if each not in moved]
            news = [each for each in range(new, new_end) if each in left]
            kept |= dict(zip(olds, news, strict=False))
    return _Match(kept=kept, moved=moved)


def _step_word(lang: Language) -> str:
    return "bước" if lang == "vi" else "step"


def _word(kind: DifferenceKind, lang: Language) -> str:
    words = {"added": ("thêm", "added"), "removed": ("bỏ", "removed")}
    return words[kind][0 if lang == "vi" else 1] if kind in words else kind
