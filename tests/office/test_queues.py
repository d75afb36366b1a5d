"""What falls due is acted upon, and what is told is delivered: in memory, SQLite and PostgreSQL."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from desks import CODE, SHORT, catalogue, procedure
from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.exchange.sinks import DELIVERED, Delivery
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from igate.exchange.messages import Message
    from igate.office.store import DossierStore

#: Monday
START = parse_local("2026-03-02T09:00")


class Recording:
    """A sink that keeps what it is given, and fails as it is told to."""

    def __init__(self, *answers: Delivery) -> None:
        self.answers = list(answers)
        self.got: list[Message] = []

    def deliver(self, message: Message) -> Delivery:
        self.got.append(message)
        return self.answers.pop(0) if self.answers else DELIVERED


class Bench:
    """A desk with messages on a store, whose clock the test sets."""

    def __init__(self, store: DossierStore) -> None:
        self.clock = SimulatedClock(START)
        self.store = store
        self.office = OneStop(
            store, agency="H15", catalog=catalogue(procedure(SHORT)),
            calendar=WorkCalendar.vietnam(provisional=True), clock=self.clock,
            messages="urn:igate:H15",
        )  # fmt: skip

    def handed_in(self, channel: str = "counter") -> str:
        return self.office.submit(
            CODE, applicant="Bà An", applicant_id="an", channel=channel, agency="H15.10",  # type: ignore[arg-type]
        ).code  # fmt: skip

    def act(self, code: str, action: str, role: str, **more: object) -> None:
        agency = "" if role == "applicant" else "H15.10"
        who = Actor("an" if role == "applicant" else role, roles={role}, agency=agency)
        self.office.act(code, action, by=who, **more)  # type: ignore[arg-type]

    def at(self, moment: str) -> datetime:
        self.clock.moment = parse_local(moment)
        return self.clock.moment


@pytest.fixture
def bench(each_store: DossierStore) -> Bench:
    """Return a desk on each kind of store."""
    return Bench(each_store)


def test_what_has_fallen_due_is_told_once(bench: Bench) -> None:
    """The step on Wednesday, the date of return on Monday the 16th; a second run finds nothing."""
    code = bench.handed_in()
    bench.act(code, "receive", "receptionist")
    bench.act(code, "transfer", "receptionist")
    assert bench.office.run_timers() == ()
    bench.at("2026-03-04T17:00")
    (step,) = bench.office.run_timers()
    assert (step.timer.kind, step.timer.about, step.action) == ("step", "processing_2", "")
    assert bench.office.run_timers() == ()
    bench.at("2026-03-16T17:01")
    assert [each.timer.kind for each in bench.office.run_timers()] == ["deadline"]
    # an action afterwards does not let them fall due again
    bench.act(code, "forward", "officer")
    assert bench.office.run_timers() == ()
    sink = Recording()
    bench.office.deliver(sink)
    assert [each.type.rpartition(".")[2] for each in sink.got] == [
        "submitted", "received", "moved", "step", "deadline", "moved",
    ]  # fmt: skip


def test_a_supplement_that_never_came_closes_the_dossier(bench: Bench) -> None:
    """By the system, on the sixteenth day; by any number of workers once."""
    code = bench.handed_in()
    bench.act(code, "receive", "receptionist")
    bench.act(code, "transfer", "receptionist")
    bench.at("2026-03-04T09:00")
    bench.act(code, "ask_supplement", "officer", note="thiếu bản sao")
    bench.at("2026-03-19T23:59")
    assert [each.timer.kind for each in bench.office.run_timers() if each.action] == []
    bench.at("2026-03-20T00:00")
    (fired,) = bench.office.run_timers()
    assert (fired.action, fired.refused) == ("expire_supplement", "")
    last = bench.office.journal(code)[-1]
    assert (last.action, last.role, last.target) == ("expire_supplement", "system", "stopped")
    assert bench.office.run_timers() == ()


def test_an_action_that_is_no_longer_open_is_not_taken(bench: Bench) -> None:
    """A worker claims the timer; meanwhile the supplement comes."""
    code = bench.handed_in()
    bench.act(code, "receive", "receptionist")
    bench.act(code, "transfer", "receptionist")
    bench.at("2026-03-04T09:00")
    bench.act(code, "ask_supplement", "officer", note="thiếu bản sao")
    now = bench.at("2026-03-20T08:00")
    (due,) = bench.store.claim_timers(at=now, limit=10, lease=timedelta(minutes=5))
    assert bench.store.claim_timers(at=now, limit=10, lease=timedelta(minutes=5)) == ()
    with pytest.raises(Exception, match="days_waiting"):
        bench.act(code, "supplement", "applicant")
    bench.act(code, "expire_supplement", "receptionist")
    bench.store.finish_timer(due, message="", at=now)
    assert bench.office.run_timers() == ()


def test_a_killed_worker_loses_its_claim(bench: Bench) -> None:
    """What it held is done by another one when the lease is over."""
    code = bench.handed_in("online")
    now = bench.at("2026-03-02T11:01")
    (respond,) = bench.store.claim_timers(at=now, limit=10, lease=timedelta(minutes=5))
    assert (respond.dossier, respond.timer.kind) == (code, "respond")
    assert bench.office.run_timers(now + timedelta(minutes=4)) == ()
    (again,) = bench.office.run_timers(now + timedelta(minutes=5))
    assert again.timer == respond.timer


def test_messages_of_a_dossier_come_in_order_and_wait_for_one_another(bench: Bench) -> None:
    """One that fails for now holds those behind it, and no other dossier."""
    first, second = bench.handed_in(), bench.handed_in()
    bench.act(first, "receive", "receptionist")
    sink = Recording(Delivery(outcome="retry", reason="503", after=60))
    assert bench.office.deliver(sink).retried == 1
    assert [(each.subject, each.sequence) for each in sink.got] == [(first, 1), (second, 1)]
    assert bench.office.deliver(sink).delivered == 0
    bench.clock.moment += timedelta(seconds=60)
    assert bench.office.deliver(sink).delivered == 2
    assert [(each.subject, each.sequence) for each in sink.got[2:]] == [(first, 1), (first, 2)]


def test_what_is_refused_is_a_dead_letter_and_can_be_sent_again(bench: Bench) -> None:
    """It no longer holds those behind it; so does one that has failed too often."""
    code = bench.handed_in()
    bench.act(code, "receive", "receptionist")
    sink = Recording(Delivery(outcome="refused", reason="400"))
    sent = bench.office.deliver(sink)
    assert (sent.delivered, sent.dead) == (1, 1)
    (dead,) = bench.store.dead_messages()
    assert (dead.reason, dead.next_at, json.loads(dead.body)["subject"]) == ("400", None, code)
    assert bench.store.revive(dead.number, at=bench.clock.moment)
    assert not bench.store.revive(dead.number, at=bench.clock.moment)
    assert bench.office.deliver(sink).delivered == 1
    bench.act(code, "transfer", "receptionist")
    tired = Recording(*[Delivery(outcome="retry", reason="timeout")] * 3)
    for _ in range(3):
        bench.office.deliver(tired, tries=3)
        bench.clock.moment += timedelta(hours=7)
    assert [each.attempts for each in bench.store.dead_messages()] == [3]


def test_pauses_grow_and_end(bench: Bench) -> None:
    """Of one message that always fails: from seconds to hours, and each at least one second."""
    bench.handed_in()
    pauses = []
    for _ in range(12):
        now = bench.clock.moment
        bench.office.deliver(Recording(Delivery(outcome="retry", reason="503")))
        step = 1
        while not bench.store.claim_messages(
            at=now + timedelta(seconds=step), limit=1, lease=timedelta(0)
        ):
            step *= 2
        pauses.append(step)
        bench.clock.moment = now + timedelta(seconds=step)
    assert pauses[0] <= 16
    assert max(pauses) <= 2 * 6 * 3600
    assert max(pauses[6:]) > 60


def test_a_desk_without_messages_writes_none(bench: Bench) -> None:
    """They are asked for in words."""
    quiet = OneStop(
        bench.store, agency="H15", catalog=bench.office.catalog, calendar=bench.office.calendar,
        clock=bench.clock,
    )  # fmt: skip
    code = quiet.submit(CODE, applicant="B", channel="online", agency="H15.10").code
    bench.at("2026-03-02T11:01")
    assert [each.timer.kind for each in quiet.run_timers()] == ["respond"]
    sink = Recording()
    quiet.deliver(sink)
    assert (sink.got, quiet.get(code).seq) == ([], 1)


class KillingSink:
    """Kills its process after so many messages, which it has written down before."""

    def __init__(self, log: Path, after: int) -> None:
        self.log, self.left = log, after

    def deliver(self, message: Message) -> Delivery:
        with self.log.open("a", encoding="utf-8") as out:
            out.write(f"{message.id}\n")
            out.flush()
            os.fsync(out.fileno())
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return DELIVERED


def _worker(url: str, log: Path, after: int) -> None:
    with SqlStore.open(url) as store:
        OneStop(store, agency="H15").deliver(
            KillingSink(log, after), now=START + timedelta(hours=1)
        )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_worker_killed_in_the_middle_sends_each_message_at_least_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Twelve messages, a worker killed after every third one; the claims are over each time."""
    url = f"sqlite:///{tmp_path / 'office.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").new()
    with SqlStore.open(url, create=True) as store:
        bench = Bench(store)
        codes = [bench.handed_in() for _ in range(6)]
        for code in codes:
            bench.act(code, "receive", "receptionist")
    log = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    for _ in range(8):
        worker = context.Process(target=_worker, args=(url, log, 3))
        worker.start()
        worker.join(60)
        with SqlStore.open(url) as store:
            store._driver.transact(  # noqa: SLF001 - five minutes pass
                lambda work: work.execute("UPDATE igate_message SET claimed_until = 0", {})
            )
    sent = log.read_text("utf-8").split()
    assert set(sent) == {f"{code}/{seq}" for code in codes for seq in (1, 2)}
    for code in codes:  # what was sent again aside, in order
        own = list(dict.fromkeys(each for each in sent if each.startswith(code)))
        assert own == [f"{code}/1", f"{code}/2"]
