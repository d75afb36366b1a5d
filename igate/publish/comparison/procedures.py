"""What is different between two procedures, and between two of their revisions, in words.

Of a procedure are compared code, name, field, ministry, levels and agencies; the day of the last
check and the source are about the file and are not. Of a revision every key is compared: what
is shown as before and after, a list by what its entries are recognised by, the steps in
:mod:`igate.publish.comparison.steps`. A step is named by the place that it has in the earlier
revision, an added one by its place in the later.

Roles and facts that a revision declares in addition to its template are compared where both
revisions have one template; where they have not, the change of the template says more than a list
of its roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from igate.law.citation import Label
from igate.procedures.naming import CHANNELS
from igate.publish.comparison.steps import step_differences
from igate.publish.comparison.values import (
    Difference,
    DifferenceKind,
    Where,
    changes,
    joined,
    paired,
    said,
)
from igate.publish.procedure_words import (
    LEVELS,
    SCHEMES,
    SERVICE_LEVELS,
    SUBJECTS,
    meant,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.procedures.procedure import (
        Condition,
        Fee,
        Field,
        LimitRule,
        OnlineService,
        Procedure,
        Requirement,
        Result,
        Revision,
    )
    from igate.procedures.workflow import FactKind, Workflow

__all__ = ["Difference", "DifferenceKind", "differences", "procedure_differences"]

#: Keys of a procedure that are compared in another way: the code with the revisions, field, levels
#: and agencies by themselves; and what is about the file.
_NOT_ALONE: Final = frozenset(
    {"code", "field", "level", "agencies", "revisions", "checked_on", "source"}
)
_KINDS: Final[Mapping[FactKind, Label]] = {
    "bool": Label(vi="có hoặc không", en="yes or no"),
    "int": Label(vi="số nguyên", en="number"),
    "text": Label(vi="chữ", en="text"),
}


class _List(NamedTuple):
    """How the entries of a list are compared."""

    #: by what an entry is recognised
    mark: Callable[[Any], object]
    #: writes all of an entry
    whole: Callable[[Any], Label]
    #: what an entry with a label is called when it is compared key by key; ``None``: it is not
    name: Label | None = None


def procedure_differences(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Compare what two procedures say besides their revisions; nothing if they say the same.

    Args:
        before: The earlier procedure, or file of one.
        after: The later one.

    Returns:
        Name, ministry, field, levels and agencies. The code is compared by :func:`differences`,
        because it belongs to each revision; ``checked_on`` and ``source`` are about the file.
    """
    found = [*changes(before, after, Where(), without=_NOT_ALONE)]
    if before.field != after.field:
        found.append(_changed("field", *_fields(before.field, after.field)))
    levels = _List(str, lambda level: LEVELS.get(level, Label(vi=level)))
    found += _of_list("level", levels, before.level, after.level)
    agencies = _List(str, lambda agency: Label(vi=agency))
    found += _of_list("agencies", agencies, before.agencies, after.agencies)
    return tuple(found)


def _fields(before: Field, after: Field) -> tuple[Label, Label]:
    """Write two fields that differ: by their labels, or where only the others do, by these."""
    if before.label != after.label:
        return before.label, after.label
    return Label(vi=before.id), Label(vi=after.id)


def differences(before: Revision, after: Revision) -> tuple[Difference, ...]:
    """Compare two revisions; nothing if they say the same.

    Args:
        before: The earlier revision.
        after: The later one; usually of the same procedure.

    Returns:
        First what is about the revision: single values, lists, then the roles and facts that it
        declares; then what is about its steps, in order.
    """
    found = [*changes(before, after, Where(), without={"workflow", *_LISTS})]
    for key, kind in _LISTS.items():
        found += _of_list(key, kind, getattr(before, key), getattr(after, key))
    old, new = before.workflow, after.workflow
    course = [*step_differences(old, new)]
    if before.template == after.template:
        course = [*_of_declared(old, new), *course]
        if not course and old != new:
            course.append(_changed("workflow", _course(old), _course(new)))
    return (*found, *course)


def _changed(key: str, before: Label, after: Label) -> Difference:
    return Difference(kind="changed", key=key, before=before, after=after)


def _course(workflow: Workflow) -> Label:
    counts = len(workflow.states), len(workflow.transitions)
    return Label(
        vi=f"{counts[0]} trạng thái, {counts[1]} bước chuyển",
        en=f"{counts[0]} states, {counts[1]} transitions",
    )


def _of_declared(before: Workflow, after: Workflow) -> Iterator[Difference]:
    """Compare roles and facts, but for those that say that a party's part is done."""
    roles = _List(_first, lambda role: _named(role[0], role[1]))
    yield from _of_list("roles", roles, sorted(before.roles.items()), sorted(after.roles.items()))
    facts = _List(_first, _fact)
    yield from _of_list("facts", facts, sorted(_facts(before)), sorted(_facts(after)))
    setters = _List(_first, lambda fact: Label(vi=f"{fact[0]}: {', '.join(fact[1])}"))
    yield from _of_list(
        "set_by", setters, sorted(before.set_by.items()), sorted(after.set_by.items())
    )
    plain = _List(str, lambda each: Label(vi=str(each)))
    for key in ("counters", "backdaters"):
        yield from _of_list(key, plain, getattr(before, key), getattr(after, key))
    stages = _List(
        lambda stage: (stage.first, stage.last),
        lambda stage: Label(
            vi=f"bước {stage.first}–{stage.last}: {stage.limit.text('vi')}",
            en=f"steps {stage.first}–{stage.last}: {stage.limit.text('en')}",
        ),
    )
    yield from _of_list("stages", stages, before.stages, after.stages)
    if before.own_dossiers != after.own_dossiers:
        pair = [said(each.own_dossiers) or Label(vi="") for each in (before, after)]
        yield _changed("own_dossiers", *pair)


def _first(pair: tuple[str, ...]) -> str:
    return pair[0]


def _named(name: str, label: Label) -> Label:
    return Label(vi=f"{name} ({label.text('vi')})", en=f"{name} ({label.text('en')})")


def _facts(workflow: Workflow) -> Iterator[tuple[str, FactKind, Label | None]]:
    parts, labels = workflow.parts, workflow.fact_labels
    return (
        (name, kind, labels.get(name)) for name, kind in workflow.facts.items() if name not in parts
    )


def _fact(fact: tuple[str, FactKind, Label | None]) -> Label:
    """Write a fact with its label, if it has one, and its kind."""
    name, kind, label = fact
    return _named(name, joined([label, _KINDS[kind]], ", ") if label else _KINDS[kind])


def _of_list(
    key: str, kind: _List, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    """Compare the entries of a list."""
    twins, gone, come = paired(before, after, kind.mark)
    for old, new in twins:
        if kind.name is None:
            yield _changed(key, kind.whole(old), kind.whole(new))
        else:
            yield from changes(old, new, Where(within=joined([kind.name, old.label], " ")))
    yield from (Difference(kind="removed", key=key, before=kind.whole(old)) for old in gone)
    yield from (Difference(kind="added", key=key, after=kind.whole(new)) for new in come)
    if not (twins or gone or come) and list(before) != list(after):
        orders = [joined([kind.whole(each) for each in entries]) for entries in (before, after)]
        yield _changed(key, *orders)


def _limit(rule: LimitRule) -> Label:
    limit = Label(vi=rule.limit.text("vi"), en=rule.limit.text("en"))
    scope = Label(vi=meant(rule, "vi"), en=meant(rule, "en"))
    return _cited(_detailed(limit, [scope] if scope.vi else []), rule)


def _online(service: OnlineService) -> Label:
    level = SERVICE_LEVELS.get(service.level, Label(vi=service.level))
    scheme = SCHEMES.get(service.scheme, Label(vi=service.scheme))
    basis = Label(vi=say(service.basis, "vi"), en=say(service.basis, "en"))
    return _cited(_detailed(level, [scheme, basis]), service)


def _fee(fee: Fee) -> Label:
    english = f"{fee.amount:,} đồng"
    amount = Label(vi=english.replace(",", "."), en=english)
    channels = [CHANNELS[fee.channel]] if fee.channel else []
    return _cited(_detailed(joined([fee.label, amount], " "), channels), fee)


def _requirement(paper: Requirement) -> Label:
    numbers = (
        (paper.original, "bản chính", "originals"),
        (paper.certified, "bản sao có chứng thực", "certified copies"),
        (paper.copies, "bản sao", "copies"),
    )
    parts = [Label(vi=f"{vi} {n}", en=f"{en} {n}") for n, vi, en in numbers if n]
    if paper.form:
        parts.append(Label(vi=paper.form))
    if paper.digitised:
        parts.append(Label(vi="số hóa khi tiếp nhận", en="digitised on receipt"))
    if paper.reused_from is not None:
        parts.append(joined([Label(vi="dữ liệu lấy từ", en="data from"), paper.reused_from], " "))
    return _cited(_detailed(paper.label, parts), paper)


def _result(result: Result) -> Label:
    parts = [label for label in (said(result.delivery), said(result.form)) if label is not None]
    return _cited(_detailed(result.label, parts), result)


def _condition(each: Condition) -> Label:
    return _cited(each.label, each)


def _detailed(label: Label, parts: Sequence[Label]) -> Label:
    """Write a label with details in brackets."""
    if not parts:
        return label
    details = joined(parts, ", ")
    return Label(
        vi=f"{label.text('vi')} ({details.text('vi')})",
        en=f"{label.text('en')} ({details.text('en')})",
    )


def _cited(
    label: Label, each: LimitRule | Fee | OnlineService | Requirement | Result | Condition
) -> Label:
    """Write a text with the citation of its entry, where it has one."""
    cited = said(each.citation)
    return label if cited is None else joined([label, cited], ", ")


def _by_label(entry: Requirement | Result | Condition) -> str:
    return entry.label.vi


_LISTS: Final[Mapping[str, _List]] = {
    "limits": _List(lambda rule: (rule.channel, rule.case, rule.area), _limit),
    "online": _List(lambda service: service.scheme, _online),
    "subjects": _List(str, lambda subject: SUBJECTS[subject]),
    "requirements": _List(_by_label, _requirement, Label(vi="thành phần hồ sơ", en="requirement")),
    "fees": _List(lambda fee: (fee.label.vi, fee.channel), _fee),
    "results": _List(_by_label, _result, Label(vi="kết quả", en="result")),
    "conditions": _List(_by_label, _condition, Label(vi="điều kiện", en="condition")),
    "legal_basis": _List(
        lambda citation: (citation.kind, citation.number),
        lambda citation: Label(vi=citation.text("vi"), en=citation.text("en")),
    ),
}
