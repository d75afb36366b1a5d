"""A course taken through the real engine, and written as an example of a procedure file.

What is refuted is not only said: the engine takes every action of it, and the block that is
written can be pasted into the file, where ``igate check`` runs it again.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from igate.checks.asked import facts_for, new_date
from igate.checks.examples import ground_on, handed_in, run_example, taken
from igate.errors import ActionRefused, IgateError
from igate.law.localtime import local
from igate.procedures.reading.keys import ActionModel, ExampleModel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.checks.walks import Kind
    from igate.dossiers.dossier import Dossier
    from igate.law.citation import Label
    from igate.procedures.procedure import Procedure
    from igate.procedures.workflow import Transition

__all__ = ["Replay", "wait_until"]

#: Days that are waited at most for a guard to open.
_LONGEST_WAIT: Final = 60


class Replay:
    """A dossier on its way through the engine, and the actions taken on it so far."""

    def __init__(
        self, procedure: Procedure, dossier: Kind, at: datetime, calendar: WorkCalendar
    ) -> None:
        """Hand the dossier in.

        Raises:
            IgateError: It cannot be handed in then.
        """
        self._procedure = procedure
        self._calendar = calendar
        self._head: dict[str, Any] = {"submitted": _written(at), "channel": dossier.channel}
        self._head |= {k: v for k, v in (("case", dossier.case), ("area", dossier.area)) if v}
        self._acts: list[dict[str, Any]] = []
        self.ground = ground_on(procedure, at.date(), calendar)
        first = {"action": "none", "at": _written(at)}
        self.dossier: Dossier = handed_in(self._model([first], {"due": "none"}), self.ground)

    @property
    def at(self) -> datetime:
        """When something was last done."""
        return local(self.dossier.last_at)

    @property
    def due(self) -> datetime | None:
        """The date of return as it stands."""
        deadline = self.dossier.deadline
        return None if deadline is None or deadline.due is None else local(deadline.due)

    def ways(self) -> tuple[Transition, ...]:
        """Return the transitions from where the dossier is, open or not."""
        table, state = self.ground.table, self.dossier.state
        return tuple(
            each
            for action in table.actions_from(state)
            for each in table.transitions[state, action]
        )

    def take(self, transition: Transition, at: datetime) -> bool:
        """Take a transition at a moment, with whatever facts open it; false where none do."""
        put_off = new_date(transition, self.dossier, at)
        for facts in facts_for(transition, self.ground.table):
            act: dict[str, Any] = {
                "action": transition.action, "at": _written(at), "role": min(transition.roles),
            }  # fmt: skip
            if facts:
                act["sets"] = facts
            if put_off is not None:
                act["new_date"] = _written(put_off)
            try:
                after = taken(ActionModel.model_validate(act), self.dossier, self.ground)
            except IgateError:
                continue
            if after.state == transition.target:
                self.dossier = after
                self._acts.append(act)
                return True
        return False

    def take_soon(self, transition: Transition) -> bool:
        """Take a transition five minutes on or, where the day is not right, on a later one."""
        soon = self.at + timedelta(minutes=5)
        later = (_morning(self.at, n, self._calendar) for n in range(1, _LONGEST_WAIT))
        return any(self.take(transition, at) for at in (soon, *filter(None, later)))

    def is_refused(self, action: str, at: datetime, *, new_date: datetime | None = None) -> bool:
        """Try an action; where it is refused, that belongs to the example."""
        act: dict[str, Any] = {"action": action, "at": _written(at), "refused": True}
        if new_date is not None:
            act["new_date"] = _written(new_date)
        try:
            taken(ActionModel.model_validate(act), self.dossier, self.ground)
        except ActionRefused:
            self._acts.append(act)
            return True
        except IgateError:
            return False
        return False

    def block(self, label: Label) -> str | None:
        """Write what was done as an ``examples:`` block.

        Returns:
            The block; ``None`` if the engine does not say the same when it is run again.
        """
        due = self.due
        expect = {"state": self.dossier.state, "due": "none" if due is None else _written(due)}
        texts = {"vi": label.vi, "en": label.en}
        example = self._model(self._acts, expect, **texts)
        if any(run_example(example, ("examples", 0), self._procedure, self._calendar)):
            return None
        lines = [f"{key}: {_scalar(value)}" for key, value in {**texts, **self._head}.items()]
        lines += ["actions:", *(f"  - {_flow(act)}" for act in self._acts)]
        lines.append(f"expect: {_flow(expect)}")
        return "examples:\n  - " + "\n    ".join(lines) + "\n"

    def _model(
        self, acts: list[dict[str, Any]], expect: dict[str, Any], **texts: str
    ) -> ExampleModel:
        whole = {"vi": "-", **texts, **self._head, "actions": acts, "expect": expect}
        return ExampleModel.model_validate(whole)


def wait_until(
    replay: Replay, calendar: WorkCalendar, found: Callable[[datetime], bool]
) -> datetime | None:
    """Return the first morning of work after the last action on which something is so."""
    for n in range(1, _LONGEST_WAIT * 6):
        at = _morning(replay.at, n, calendar)
        if at is not None and found(at):
            return at
    return None


def _morning(since: datetime, days: int, calendar: WorkCalendar) -> datetime | None:
    """Return half an hour after the office opens, so many days later; ``None`` on a day off."""
    day = since.date() + timedelta(days=days)
    if day > calendar.last or not calendar.is_working(day):
        return None
    opening = calendar.shifts(day)[0].start + 30
    return since.replace(
        year=day.year, month=day.month, day=day.day, hour=opening // 60, minute=opening % 60
    )


def _written(at: datetime) -> str:
    return f"{local(at):%Y-%m-%dT%H:%M}"


def _scalar(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _flow(values: Mapping[str, Any]) -> str:
    plain = {
        key: _flow(value) if isinstance(value, dict) else _scalar(value)
        for key, value in values.items()
    }
    return "{" + ", ".join(f"{key}: {value}" for key, value in plain.items()) + "}"
