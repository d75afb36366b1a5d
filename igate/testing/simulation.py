"""Synthetic dossiers: an intake and staffing model that drives the real one-stop.

Nothing here writes to a store: every dossier is handed in and moved through :class:`OneStop`,
action by action, at simulated moments in order of time. What comes out is **synthetic**; only the
procedures, their steps, limits and the calendar are real. The chances and speeds below are
assumptions of the model, not measurements of any office.
"""

from __future__ import annotations

import heapq
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from igate.deadlines.limits import NOT_STATED, Unit
from igate.dossiers.dossier import Actor
from igate.errors import GuardRefused
from igate.law.localtime import VIETNAM, minute_number, moment_of
from igate.procedures.workflow import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.deadlines.limits import TimeLimit
    from igate.dossiers.dossier import Dossier
    from igate.office.onestop import OneStop
    from igate.procedures.catalog.catalog import Catalog
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import Channel, FactValue, Step, Transition

__all__ = [
    "Agency",
    "Plan",
    "SimulatedClock",
    "agencies_of",
    "run",
    "with_published_steps",
]


#: What the model passes with a payment; synthetic, like everything else of it.
_PAID: Final[Mapping[str, FactValue]] = MappingProxyType(
    {"fee_amount": 100_000, "fee_receipt": "synthetic"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A synthetic agency: a real kind of office under a made-up identifier."""

    #: identifier below that of the desk, e.g. ``H15.03``
    id: str
    name: str
    #: share of a step's limit that its staff take in the median; above 1 means late
    pace: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to simulate; all shares are chances between 0 and 1, and all are assumed."""

    dossiers: int
    seed: int
    #: first day of intake
    start: date
    #: last day of intake; nothing happens after its midnight
    end: date
    online: float = 0.55
    post: float = 0.10
    rejected: float = 0.02
    supplement: float = 0.08
    never_supplemented: float = 0.10
    payment: float = 0.10
    sent_back: float = 0.03
    withdrawn: float = 0.01
    refused: float = 0.03
    #: chance that an office that will be late says so in time
    apologises: float = 0.5
    #: spread of the time a step takes (sigma of a log-normal law)
    spread: float = 0.4


class SimulatedClock:
    """A clock that shows the moment which the simulation set."""

    def __init__(self, moment: datetime) -> None:
        """Start at a moment in Vietnamese time."""
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the simulated present."""
        return self.moment


def with_published_steps(catalog: Catalog) -> tuple[str, ...]:
    """Return the codes of the procedures whose internal process a decision has published."""
    return tuple(
        sorted(each.code for each in catalog.listings() if each.steps_basis == "published")
    )


def agencies_of(catalog: Catalog, *, desk: str, seed: int) -> dict[str, Agency]:
    """Return the offices that simulated procedures name.

    Args:
        catalog: The procedures; those with published steps are simulated.
        desk: Identifier of the desk; those of the offices are below it, such as ``H15.01``.
        seed: The same seed gives the same offices.

    Returns:
        By name; the pace of each is the part of its time that a step takes, 0.5 to 0.8 (invented).
    """
    names = sorted({catalog.procedure(code).agencies[0] for code in with_published_steps(catalog)})
    rng = Random(f"{seed}:agencies")  # noqa: S311 - a reproducible model, no secret
    return {
        name: Agency(id=f"{desk}.{number:02d}", name=name, pace=rng.uniform(0.50, 0.80))
        for number, name in enumerate(names, start=1)
    }


def run(
    office: OneStop,
    plan: Plan,
    *,
    clock: SimulatedClock,
    agencies: dict[str, Agency],
) -> Iterator[int]:
    """Work synthetic dossiers through a desk.

    Args:
        office: A desk opened with ``clock``.
        plan: How many, from when to when, with what chances.
        clock: The clock of the desk; moved from action to action.
        agencies: As :func:`agencies_of` returns them.

    Yields:
        After every action, the number of dossiers handed in so far.
    """
    until = datetime(plan.end.year, plan.end.month, plan.end.day, 23, 59, tzinfo=VIETNAM)
    codes = list(with_published_steps(office.catalog))
    Random(f"{plan.seed}:rank").shuffle(codes)  # noqa: S311 - a reproducible model, no secret
    order = count()
    queue: list[tuple[datetime, int, Generator[datetime, None, None]]] = []
    handed_in = 0
    for number in range(plan.dossiers):
        rng = Random(f"{plan.seed}:{number}")  # noqa: S311 - as above
        life = _Life(office, plan, agencies, _Draw(rng=rng, codes=codes, number=number))
        steps = life.live()
        heapq.heappush(queue, (next(steps), next(order), steps))
    while queue:
        moment, number, steps = heapq.heappop(queue)
        if moment > until:
            continue
        clock.moment = moment
        handed_in += number < plan.dossiers
        following = next(steps, None)
        if following is not None:
            heapq.heappush(queue, (following, next(order), steps))
        yield handed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draw:
    """What makes one dossier differ from another."""

    rng: Random
    #: procedures, the most frequent first
    codes: list[str]
    number: int


class _Life:
    """One dossier from its applicant's hand to the result, or as far as the time goes."""

    def __init__(
        self, office: OneStop, plan: Plan, agencies: dict[str, Agency], draw: _Draw
    ) -> None:
        self.office, self.plan, self.rng, self.codes = office, plan, draw.rng, draw.codes
        self.calendar: WorkCalendar = office.calendar
        self.now, self.revision = self._intake()
        name = office.catalog.procedure(self.revision.procedure).agencies[0]
        self.agency = agencies[name]
        self.applicant = f"Người nộp giả lập {draw.number + 1:06d}"
        self.channel: Channel = self._channel()
        self.code = ""
        limit = self.revision.limits[0].limit if self.revision.limits else NOT_STATED
        in_days = any(part.unit is Unit.DAY for part in limit.parts)
        # steps in working days under a limit in calendar days must fit into five days of seven
        self.squeeze = 5 / 7 if in_days else 1.0

    def live(self) -> Generator[datetime, None, None]:
        """Hand in, be received, pass the steps, be fetched; yield the moment of each action."""
        if self.channel != "online":
            self.now = self._working(self.now)
        yield self.now
        dossier = self.office.submit(
            self.revision.procedure,
            applicant=self.applicant,
            channel=self.channel,
            agency=self.agency.id,
            case=next((rule.case for rule in self.revision.limits if rule.case), ""),
        )
        self.code = dossier.code
        yield self._after(self.rng.uniform(20, 300) if self.channel == "online" else 10)
        if self._chance(self.plan.rejected):
            self._act("reject", "receptionist", note="Không thuộc phạm vi giải quyết")
            return
        dossier = self._act("receive", "receptionist")
        yield from self._process(dossier)

    def _process(self, dossier: Dossier) -> Generator[datetime, None, None]:
        self.now = self._transfer_time()
        yield self.now
        dossier = self._act("transfer", "receptionist")
        if self._chance(self.plan.withdrawn):
            yield self._after(self.rng.uniform(60, 900))
            self._act("withdraw", "applicant")
            yield self._after(self.rng.uniform(30, 400))
            self._act("confirm_withdrawal", "receptionist")
            return
        if self._chance(self.plan.supplement):
            ended = yield from self._supplement(dossier)
            if ended:
                return
            dossier = self.office.get(self.code)
        while dossier.national_status == _PROCESSING:
            dossier = yield from self._step(dossier)
        if dossier.national_status == _FINISHED:
            yield self._after(self.rng.expovariate(1 / 900) + 30)
            self._act("return_result", "receptionist")

    def _step(self, dossier: Dossier) -> Generator[datetime, None, Dossier]:
        """Spend the time of one step, then pass the dossier on."""
        step = self._step_of(dossier)
        dossier = yield from self._parts(dossier, step)
        # of a step that several do together, the one in charge only gathers the parts
        limit = None if step.together else step.limit
        onward = self._onward(dossier)
        if onward and self._chance(self.plan.sent_back) and self._way(dossier, "send_back"):
            yield self._after(self._minutes(limit) / 3)
            return self._act("send_back", step.role)
        if not onward and self._chance(self.plan.payment):
            yield self._after(self._minutes(limit) / 2)
            self._act("ask_payment", step.role)
            yield self._after(self.rng.expovariate(1 / 700) + 5)
            return self._act("pay", "applicant", facts=_PAID)
        moment = self._after(self._minutes(limit))
        if self._late_by(dossier, moment) and self._chance(self.plan.apologises):
            dossier = (yield from self._apologise(dossier, step)) or dossier
        yield moment
        self.now = moment
        if onward:
            return self._pass_on(onward, step.role)
        action = "refuse" if self._chance(self.plan.refused) else "finish"
        return self._act(action, step.role)

    def _parts(self, dossier: Dossier, step: Step) -> Generator[datetime, None, Dossier]:
        """Let each party of a step do its part, whoever is ready first."""
        since = self.now
        drawn = [
            (int(self._minutes(party.limit or step.limit)), party.role)
            for party in step.together
            if not dossier.facts.get(party.done_fact(step.number))
        ]
        for minutes, role in sorted(drawn):
            self.now = since
            yield self._after(minutes)
            dossier = self._act("do_part", role)
        return dossier

    def _pass_on(self, actions: tuple[str, ...], role: str) -> Dossier:
        """Take the first of some actions whose condition holds."""
        *others, last = actions
        for action in others:
            with suppress(GuardRefused):
                return self._act(action, role)
        return self._act(last, role)

    def _apologise(self, dossier: Dossier, step: Step) -> Generator[datetime, None, Dossier | None]:
        """Announce a new date to the applicant, at the latest a working day before the old one."""
        due = dossier.deadline.due if dossier.deadline else None
        if due is None or dossier.facts.get("apologies"):
            return None
        day = self.calendar.add(due.date(), -1)
        announced = due.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=0)
        if announced <= dossier.last_at:
            return None
        yield announced
        new = self.calendar.add(due.date(), self.rng.randint(2, 6))
        self.now = announced
        return self._act(
            "apologise",
            step.role,
            due=due.replace(year=new.year, month=new.month, day=new.day),
            note="Phiếu xin lỗi và hẹn lại ngày trả kết quả",
        )

    def _supplement(self, dossier: Dossier) -> Generator[datetime, None, bool]:
        """Ask for a supplement; return whether the dossier ended without it."""
        step = self._step_of(dossier)
        yield self._after(self.rng.uniform(30, 500))
        self._act("ask_supplement", step.role, note="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
        days = 16 if self._chance(self.plan.never_supplemented) else self.rng.randint(1, 15)
        self.now = self._working(self.now + timedelta(days=days))
        late = (self.now.date() - self._asked.date()).days > _SUPPLEMENT_DAYS
        yield self.now
        self._act("expire_supplement" if late else "supplement", "system" if late else "applicant")
        return late

    # what the model knows

    def _intake(self) -> tuple[datetime, Revision]:
        """Draw the moment of handing in and a procedure in force on that day."""
        plan, rng, catalog = self.plan, self.rng, self.office.catalog
        days = (plan.end - plan.start).days + 1
        while True:
            day = plan.start + timedelta(days=rng.randrange(days))
            code = self.codes[int(len(self.codes) * rng.betavariate(0.7, 2.0))]
            quiet = not self.calendar.is_working(day) and not self._chance(0.15)
            revision = _in_force(catalog, code, day)
            if revision is not None and not quiet:
                minute = int(min(max(rng.gauss(10.8 * 60, 180), 0), 1439))
                return moment_of(day.toordinal() * 1440 + minute), revision

    def _channel(self) -> Channel:
        drawn = self.rng.random()
        if drawn < self.plan.online:
            return "online"
        return "post" if drawn < self.plan.online + self.plan.post else "counter"

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _act(
        self,
        action: str,
        role: str,
        *,
        note: str = "",
        due: datetime | None = None,
        facts: Mapping[str, FactValue] = NO_FACTS,
    ) -> Dossier:
        citizen = role in {"applicant", "system"}
        name = self.applicant if role == "applicant" else f"{role}-{self.agency.id}"
        actor = Actor(name, roles={role}, agency="" if citizen else self._agency_of(action, role))
        self._asked = self.now
        if role == "system":
            actor = Actor(name, roles={role}, agency=self.agency.id)
        return self.office.act(self.code, action, by=actor, note=note, due=due, facts=facts)

    def _agency_of(self, action: str, role: str) -> str:
        """Return the agency whose actor takes an action: that of the dossier, or of its step."""
        bound = {
            way.source: way.agency
            for way in self.revision.workflow.transitions
            if way.agency and way.action == action and role in way.roles
        }
        if not bound:  # as almost everywhere: the dossier need not be read for it
            return self.agency.id
        return bound.get(self.office.get(self.code).state, self.agency.id)

    def _step_of(self, dossier: Dossier) -> Step:
        # every state of the templates in which a dossier is in process belongs to a step
        return cast("Step", self.revision.workflow.step_of(dossier.state))

    def _way(self, dossier: Dossier, action: str) -> Transition | None:
        return next(
            (way for way in self.revision.workflow.transitions
             if way.source == dossier.state and way.action == action),
            None,
        )  # fmt: skip

    def _onward(self, dossier: Dossier) -> tuple[str, ...]:
        """Name the actions that lead to a later step, in order; none at the last one."""
        workflow = self.revision.workflow
        later = workflow.steps[workflow.steps.index(self._step_of(dossier)) + 1 :]
        return tuple(
            dict.fromkeys(
                way.action
                for way in workflow.transitions
                if way.source == dossier.state
                and not way.manner.upkeep
                and workflow.states[way.target].national_status == _PROCESSING
                and workflow.step_of(way.target) in later
            )
        )

    def _minutes(self, limit: TimeLimit | None) -> float:
        """Draw the working minutes that are taken of a limit."""
        allotted = 60.0
        if limit is not None and limit.parts:
            part = limit.parts[0]
            per_unit = 60 if part.unit is Unit.WORKING_HOUR else _MINUTES_A_DAY
            allotted = float(part.length * per_unit) * self.squeeze
        return allotted * self.agency.pace * self.rng.lognormvariate(0, self.plan.spread)

    def _late_by(self, dossier: Dossier, moment: datetime) -> bool:
        due = dossier.deadline.due if dossier.deadline else None
        return due is not None and moment.date() > due.date()

    def _transfer_time(self) -> datetime:
        """Same day, or the next working day after 15:00 (Nghị định 118/2025, Điều 18 khoản 2)."""
        moment = self._after(self.rng.uniform(10, 60))
        if moment.hour < _TRANSFER_HOUR:
            return moment
        morning = self.calendar.add(moment.date(), 1)
        return self._working(datetime(morning.year, morning.month, morning.day, tzinfo=VIETNAM))

    def _working(self, moment: datetime) -> datetime:
        """Return the moment, or the beginning of the next working time after it."""
        worked = self.calendar.worked(minute_number(moment))
        return max(moment, moment_of(self.calendar.minute_at(worked + 1) - 1))

    def _after(self, minutes: float) -> datetime:
        """Move on by working minutes."""
        self.now = self.calendar.add_minutes(self.now, max(int(minutes), 1))
        return self.now


def _in_force(catalog: Catalog, code: str, day: date) -> Revision | None:
    return catalog.procedure(code).revisions.on(day)


_PROCESSING = 4
_FINISHED = 9
_SUPPLEMENT_DAYS = 15
_TRANSFER_HOUR = 15
_MINUTES_A_DAY = 450
