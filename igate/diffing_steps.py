"""What is different between the steps of two revisions.

Steps are recognised by what they say: one that keeps its text has moved or changed, one that keeps
its place between such steps has been reworded, the others were added or removed. Those who act in
turn in one step are recognised by their place in it (2.1), those who act together by their roles,
ways to other steps by action and goal.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from igate.citation import Label
from igate.diffing_values import Difference, Where, changes, joined, paired, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.diffing_values import DifferenceKind
    from igate.workflow import Party, Step, Way

__all__ = ["step_differences"]

_NOT_COUNTED: Final = Label(vi="không tính thời gian", en="not counted")
_OF_PARTIES: Final = Label(vi="theo bên lâu nhất", en="as the longest of the parties")
#: Keys of a step that are its place, or lists of their own.
_OWN: Final = frozenset({"number", "part", "together", "ways"})

#: The steps of one number: one, or several in turn.
_Row = tuple["Step", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """How the rows of two lists belong together, by position."""

    #: kept their place among the others, reworded or not
    kept: Mapping[int, int]
    #: the same text elsewhere
    moved: Mapping[int, int]


def step_differences(before: Sequence[Step], after: Sequence[Step]) -> list[Difference]:
    """Compare steps; sorted by their places."""
    olds, news = _rows(before), _rows(after)
    match = _matched([_heading(row) for row in olds], [_heading(row) for row in news])
    pairs = {**match.kept, **match.moved}
    found: list[Difference] = []
    for old, new in pairs.items():
        if old in match.moved:
            was, becomes = olds[old][0].number, news[new][0].number
            found.append(Difference(kind="moved", key="step", step=was, before=Label(vi=str(was)),
                                    after=Label(vi=str(becomes))))  # fmt: skip
        found += _of_row(olds[old], news[new])
    for old, row in enumerate(olds):
        if old not in pairs:
            found += [_whole("removed", step) for step in row]
    for new, row in enumerate(news):
        if new not in pairs.values():
            found += [_whole("added", step) for step in row]
    return sorted(found, key=lambda each: (each.step or 0, each.part))


def _rows(steps: Sequence[Step]) -> list[_Row]:
    return [tuple(row) for _, row in groupby(steps, key=lambda step: step.number)]


def _heading(row: _Row) -> str:
    """Give the text by which a row is recognised; actors without texts have that of the row."""
    return "\n".join(dict.fromkeys(step.label.vi for step in row))


def _of_row(before: _Row, after: _Row) -> Iterator[Difference]:
    """Compare rows of one content: by place, those who act in turn."""
    olds, news = ({step.part: step for step in row} for row in (before, after))
    for part in sorted(olds.keys() | news.keys()):
        old, new = olds.get(part), news.get(part)
        if old is not None and new is not None:
            yield from _of_step(old, new)
        elif old is not None:
            yield _whole("removed", old)
        elif new is not None:
            yield _whole("added", new)


def _of_step(before: Step, after: Step) -> Iterator[Difference]:
    at = Where(before.number, before.part)
    empty = {"limit": (_uncounted(before), _uncounted(after))}
    yield from changes(before, after, at, without=_OWN, empty=empty)
    yield from _of_entries("together", at, before.together, after.together)
    yield from _of_entries("ways", at, before.ways, after.ways)


def _of_entries(
    key: str, at: Where, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    """Compare parties or ways."""
    mark, name, text = _ENTRIES[key]
    twins, gone, come = paired(before, after, mark)
    untimed = {"limit": (_NOT_COUNTED, _NOT_COUNTED)}
    for old, new in twins:
        yield from changes(old, new, at._replace(within=name(old)), empty=untimed)
    for each in gone:
        yield _entry("removed", key, at, before=text(each))
    for each in come:
        yield _entry("added", key, at, after=text(each))
    if not (twins or gone or come) and list(before) != list(after):
        orders = [joined([text(each) for each in entries]) for entries in (before, after)]
        yield _entry("changed", key, at, before=orders[0], after=orders[1])


def _entry(
    kind: DifferenceKind,
    key: str,
    at: Where,
    *,
    before: Label | None = None,
    after: Label | None = None,
) -> Difference:
    return Difference(kind=kind, key=key, step=at.step, part=at.part, before=before, after=after)


def _party_name(party: Party) -> Label:
    return Label(vi=f"cùng lúc: {party.role}", en=f"together: {party.role}")


def _party(party: Party) -> Label:
    """Write all of a party."""
    parts = [said(party.limit) or _NOT_COUNTED, *filter(None, (party.agency, party.label))]
    if party.actor:
        parts.append(Label(vi=party.actor))
    if party.procedure:
        code = party.procedure
        parts.append(Label(vi=f"thủ tục {code}", en=f"procedure {code}"))
    within = joined(parts, ", ")
    return Label(vi=f"{party.role} ({within.vi})", en=f"{party.role} ({within.en})")


def _way_name(way: Way) -> Label:
    return Label(
        vi=f"hướng đi “{way.action}” đến bước {way.to}", en=f'way "{way.action}" to step {way.to}'
    )


def _way(way: Way) -> Label:
    """Write all of a way."""
    goal = Label(vi=f"“{way.action}” đến bước {way.to}", en=f'"{way.action}" to step {way.to}')
    parts = [goal, *filter(None, (way.label,))]
    if way.guard is not None:
        parts.append(_after("nếu", "if", said(way.guard)))
    if way.sets:
        parts.append(_after("ghi nhận", "sets", said(way.sets)))
    return joined(parts, ", ")


def _after(vietnamese: str, english: str, text: Label | None) -> Label:
    return joined([Label(vi=vietnamese, en=english), text or Label(vi="")], " ")


#: Lists of a step: by what an entry is recognised, how it is named, how all of it is written.
_ENTRIES: Final[
    Mapping[
        str, tuple[Callable[[Any], object], Callable[[Any], Label], Callable[[Any], Label]]
    ]
] = {
    "together": (lambda party: party.role, _party_name, _party),
    "ways": (lambda way: (way.action, way.to), _way_name, _way),
}  # fmt: skip


def _uncounted(step: Step) -> Label:
    """Say what it means that a step has no time of its own."""
    return _OF_PARTIES if step.together else _NOT_COUNTED


def _whole(kind: DifferenceKind, step: Step) -> Difference:
    """Say that a step came or went, with its text and time."""
    time = said(step.limit) or _uncounted(step)
    text = Label(
        vi=f"“{step.label.text('vi')}” ({time.text('vi')})",
        en=f"“{step.label.text('en')}” ({time.text('en')})",
    )
    before, after = (None, text) if kind == "added" else (text, None)
    return _entry(kind, "step", Where(step.number, step.part), before=before, after=after)


def _matched(before: Sequence[str], after: Sequence[str]) -> _Match:
    """Find the rows that kept their place, were reworded there, or moved."""
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
