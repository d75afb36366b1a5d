"""What is different between the steps of two revisions.

Steps are recognised by what they say: one that keeps its text has moved or changed, one that keeps
its place between such steps has been reworded, the others were added or removed. Those who act in
turn in one step are recognised by their place in it (2.1), those who act together by their roles,
ways to other steps by action and goal. Roles and actions are written under the labels that the
workflow of their revision has for them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from igate.law.citation import Label
from igate.procedures.guard import Guard
from igate.publish.comparison.values import (
    Difference,
    Where,
    changes,
    in_words,
    joined,
    paired,
    said,
)
from igate.publish.procedure_words import WAYS, names_step, performer
from igate.publish.rule_words import Conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.procedures.workflow import Party, Step, Way, Workflow
    from igate.publish.comparison.values import DifferenceKind

__all__ = ["step_differences"]

_NOT_COUNTED: Final = Label(vi="không tính thời gian", en="not counted")
_OF_PARTIES: Final = Label(vi="theo bên lâu nhất", en="as the longest of the parties")
#: Keys of a step that are its place, or lists of their own.
_OWN: Final = frozenset({"number", "part", "together", "ways"})

#: Actions whose own labels speak of the step before or the next one.
_PLAIN: Final = {"forward": WAYS["on"], "send_back": WAYS["back"]}

#: The steps of one number: one, or several in turn.
_Row = tuple["Step", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """How the rows of two lists belong together, by position."""

    #: kept their place among the others, reworded or not
    kept: Mapping[int, int]
    #: the same text elsewhere
    moved: Mapping[int, int]


def step_differences(before: Workflow, after: Workflow) -> list[Difference]:
    """Compare the steps of two workflows; sorted by their places."""
    return _Course(before, after).differences()


class _Words:
    """Writes what a workflow says of its steps."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._conditions = Conditions(workflow)

    def value(self, key: str, value: object) -> Label | None:
        """Write the value of a key of a step, party or way."""
        if key == "role":
            return self._role(str(value))
        return self._guard(value) if isinstance(value, Guard) else in_words(key, value)

    def party_name(self, party: Party) -> Label:
        """Name a party by its role, and by its agency where it is another one."""
        names = (performer(party, self._workflow, "vi"), performer(party, self._workflow, "en"))
        return Label(vi=f"cùng lúc: {names[0]}", en=f"together: {names[1]}")

    def party(self, party: Party) -> Label:
        """Write all of a party."""
        parts = [said(party.limit) or _NOT_COUNTED, *filter(None, (party.agency, party.label))]
        if party.actor:
            parts.append(Label(vi=party.actor))
        if party.procedure:
            code = party.procedure
            parts.append(Label(vi=f"thủ tục {code}", en=f"procedure {code}"))
        role, within = self._role(party.role), joined(parts, ", ")
        return Label(vi=f"{role.vi} ({within.vi})", en=f"{role.text('en')} ({within.en})")

    def way_name(self, way: Way) -> Label:
        """Name a way by action and goal."""
        return joined([Label(vi="hướng đi", en="way"), self._goal(way)], " ")

    def way(self, way: Way) -> Label:
        """Write all of a way."""
        parts = [self._goal(way)]
        if way.guard is not None:
            parts.append(joined([Label(vi="nếu", en="if"), self._guard(way.guard)], " "))
        if way.sets:
            facts = said(way.sets) or Label(vi="")
            parts.append(joined([Label(vi="ghi nhận", en="sets"), facts], " "))
        return joined(parts, ", ")

    def _role(self, name: str) -> Label:
        return self._workflow.roles.get(name, Label(vi=name))

    def _goal(self, way: Way) -> Label:
        """Say which action leads to which step; a label that says the step says both."""
        action = self._workflow.actions.get(way.action)
        label = way.label or (action.label if action else Label(vi=way.action))
        if way.label is None and way.action in _PLAIN:
            words = _PLAIN[way.action]
            label = Label(vi=words.vi.format(step=way.to), en=words.en.format(step=way.to))
        vi, en = f"“{label.vi}”", f'"{label.text("en")}"'
        return Label(
            vi=vi if names_step(label.vi, way.to) else f"{vi} đến bước {way.to}",
            en=en if names_step(label.text("en"), way.to) else f"{en} to step {way.to}",
        )

    def _guard(self, guard: Guard) -> Label:
        texts = (self._conditions.text(guard, "vi"), self._conditions.text(guard, "en"))
        return Label(vi=texts[0], en=texts[1])


class _Course:
    """Compares the steps of two workflows, each in its own words."""

    def __init__(self, before: Workflow, after: Workflow) -> None:
        self._steps = before.steps, after.steps
        self._before, self._after = _Words(before), _Words(after)
        self._words = self._before.value, self._after.value
        #: number that each step of the first has in the second
        self._goals: dict[int, int] = {}

    def differences(self) -> list[Difference]:
        """Return them all, sorted by the places of the steps."""
        olds, news = map(_rows, self._steps)
        match = _matched([_heading(row) for row in olds], [_heading(row) for row in news])
        pairs = {**match.kept, **match.moved}
        # a step that has gone has no number in the second
        self._goals = {old + 1: pairs.get(old, -old - 2) + 1 for old in range(len(olds))}
        found: list[Difference] = []
        for old, new in pairs.items():
            if old in match.moved:
                found.append(_moved(olds[old], news[new]))
            found += self._of_row(olds[old], news[new])
        for old, row in enumerate(olds):
            if old not in pairs:
                found += [_whole("removed", step) for step in row]
        for new, row in enumerate(news):
            if new not in pairs.values():
                found += [_whole("added", step) for step in row]
        return sorted(found, key=lambda each: (each.step or 0, each.part))

    def _of_row(self, before: _Row, after: _Row) -> Iterator[Difference]:
        """Compare rows of one content: by place, those who act in turn."""
        olds, news = ({step.part: step for step in row} for row in (before, after))
        for part in sorted(olds.keys() | news.keys()):
            old, new = olds.get(part), news.get(part)
            if old is not None and new is not None:
                yield from self._of_step(old, new)
            elif old is not None:
                yield _whole("removed", old)
            elif new is not None:
                yield _whole("added", new)

    def _of_step(self, before: Step, after: Step) -> Iterator[Difference]:
        at = Where(before.number, before.part)
        empty = {"limit": (_uncounted(before), _uncounted(after))}
        yield from changes(before, after, at, without=_OWN, empty=empty, words=self._words)
        yield from self._of_entries("together", at, before.together, after.together)
        # a way leads to a step, not to a number: one that leads to the same step has not changed
        ways = [replace(way, to=self._goals.get(way.to, way.to)) for way in before.ways]
        written = dict(zip(ways, before.ways, strict=True))
        yield from self._of_entries("ways", at, ways, after.ways, written=written)

    def _of_entries(
        self,
        key: str,
        at: Where,
        before: Sequence[Any],
        after: Sequence[Any],
        *,
        written: Mapping[Any, Any] | None = None,
    ) -> Iterator[Difference]:
        """Compare parties or ways; ``written`` has those of which a translation is compared."""
        mark, name, whole = _ENTRIES[key]
        twins, gone, come = paired(before, after, mark)
        untimed = {"limit": (_NOT_COUNTED, _NOT_COUNTED)}
        for old, new in twins:
            place = at._replace(within=name(self._before, old))
            yield from changes(old, new, place, empty=untimed, words=self._words)
        for each in gone:
            own = each if written is None else written[each]
            yield _entry("removed", key, at, before=whole(self._before, own))
        for each in come:
            yield _entry("added", key, at, after=whole(self._after, each))
        if not (twins or gone or come) and list(before) != list(after):
            olds = joined([whole(self._before, each) for each in before])
            news = joined([whole(self._after, each) for each in after])
            yield _entry("changed", key, at, before=olds, after=news)


def _rows(steps: Sequence[Step]) -> list[_Row]:
    return [tuple(row) for _, row in groupby(steps, key=lambda step: step.number)]


def _heading(row: _Row) -> str:
    """Return the text by which a row is recognised; actors without texts have that of the row."""
    return "\n".join(dict.fromkeys(step.label.vi for step in row))


def _moved(before: _Row, after: _Row) -> Difference:
    was, becomes = before[0].number, after[0].number
    return Difference(
        kind="moved", key="step", step=was, before=Label(vi=str(was)), after=Label(vi=str(becomes))
    )


def _entry(
    kind: DifferenceKind,
    key: str,
    at: Where,
    *,
    before: Label | None = None,
    after: Label | None = None,
) -> Difference:
    return Difference(kind=kind, key=key, step=at.step, part=at.part, before=before, after=after)


#: Lists of a step: by what an entry is recognised, how it is named, how all of it is written.
_ENTRIES: Final[
    Mapping[
        str,
        tuple[
            Callable[[Any], object], Callable[[_Words, Any], Label], Callable[[_Words, Any], Label]
        ],
    ]
] = {
    "together": (lambda party: party.role, _Words.party_name, _Words.party),
    "ways": (lambda way: (way.action, way.to), _Words.way_name, _Words.way),
}


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
