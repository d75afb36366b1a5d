"""Where a dossier has been, its local dates by hand, and that no moment of it is lost.

The calendar of the examples: Saturday 22 August 2026 is worked for Monday the 31st, the National
Day is 1 and 2 September; offices work 07:30-11:30 and 13:30-17:00, 450 minutes a day.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor, Dossier, Entry
from igate.dossiers.progress import Visit, progress, progress_rows
from igate.errors import ActionRefused, JournalError, MomentError, UnknownDossier
from igate.law.citation import Citation
from igate.law.localtime import VIETNAM, local, parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.testing.simulation import Plan, SimulatedClock, agencies_of, run
from shared import PAID, shipped_catalogue

HEAD = """\
format: 1
code: "{code}"
name: {{vi: Thủ tục thử, en: A procedure for tests}}
field: {{id: tests, vi: Thử, en: Tests}}
level: [tỉnh]
agencies: [Sở Thử]
checked_on: "2026-11-21"
source: made for this test
revisions:
"""
REVISION = """\
  - effective_from: "{start}"
{until}    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    limits:
      - {{limit: {limit}, citation: Quyết định 1/QĐ-UBND (giả định)}}
    roles:
      police: {{vi: Công an tỉnh, en: Provincial police}}
      health: {{vi: Y tế, en: Health officers}}
    steps:
      - {{number: 1, phase: reception, role: receptionist, limit: 0.5 working_day, vi: Tiếp nhận,
         en: Receive}}
{steps}
      - {{number: {last}, phase: handover, role: receptionist, vi: Trả kết quả, en: Hand over}}
"""
#: Two in turn, two at the same time, a draft, a signature with a way back.
EVENT = """\
      - number: 2
        phase: processing
        vi: Phân công và thẩm định
        en: Assign and examine
        actors:
          - {role: head_of_section, limit: 0.5 working_day, vi: Phân công, en: Assign}
          - {role: officer, limit: 2 working_day, vi: Thẩm định, en: Examine}
      - number: 3
        phase: processing
        role: officer
        vi: Lấy ý kiến
        en: Ask for opinions
        together:
          - {role: police, limit: 5 working_day}
          - role: health
            limit: 3 working_day
            procedure: "1.001386"
            agency: {vi: Sở Y tế, en: Department of Health}
      - {number: 4, phase: processing, role: officer, limit: 2 working_day, vi: Dự thảo, en: Draft}
      - number: 5
        phase: processing
        role: leader
        limit: 1 working_day
        vi: Ký
        en: Sign
        ways:
          - {action: disagree, to: 4, vi: Không đồng ý, en: Not agreed}
"""
ONE = "      - {{number: 2, phase: processing, role: officer, {limit}vi: Giải quyết, en: Solve}}"
TOGETHER = """\
      - number: 2
        phase: processing
        role: officer
        {limit}vi: Lấy ý kiến
        en: Ask
        together:
          - {{role: police, limit: {police}}}
          - {{role: health, limit: {health}}}"""
#: A bill is sent with the dossier to the next step and settled there, so a wait spans two steps.
BILLED = """\
format: 1
template: billed
extends: ordinary
label: {vi: Thu phí sau, en: Billed later}
citation: Nghị định 118/2025/NĐ-CP, Điều 24 (giả định)
actions:
  bill: {vi: Chuyển kèm thông báo phí, en: Pass on with a bill}
  settle_bill: {vi: Ghi nhận đã nộp phí, en: Note that the bill is paid}
transitions:
  - action: bill
    from: processing
    to: processing.next
    roles: [step]
    clock: suspend
    reason: payment
    citation: Nghị định 118/2025/NĐ-CP, Điều 24 (giả định)
  - action: settle_bill
    from: processing
    to: processing.same
    roles: [step]
    clock: resume
    reason: payment
    citation: Nghị định 118/2025/NĐ-CP, Điều 24 (giả định)
"""
THREE = "\n".join(
    f"      - {{number: {n}, phase: processing, role: officer, limit: 2 working_day, "
    "vi: Giải quyết, en: Solve}"
    for n in (2, 3, 4)
)
#: The steps are those of the template.
UNPUBLISHED = """\
  - effective_from: "{start}"
{until}    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    limits:
      - {{limit: 12 working_day, citation: Quyết định 1/QĐ-UBND (giả định)}}
"""
#: Limits whose one step has the whole of the time, by the code of their procedure.
LIMITS = {
    f"9.0001{number:02d}": limit
    for number, limit in enumerate(
        ("5 working_day", "10 day", "1 month", "6 working_hour", "30 hour", "0.5 working_day",
         "1.5 working_day", "0 working_day until 15:00", "1 month + 3 working_day")
    )
}  # fmt: skip


def revision(steps: str, last: int, *, limit: str = "12 working_day", start: str = "2026-01-01",
             until: str = "") -> str:  # fmt: skip
    end = f'    effective_until: "{until}"\n' if until else ""
    return REVISION.format(start=start, until=end, limit=limit, steps=steps.rstrip(), last=last)


def one(limit: str) -> str:
    return ONE.format(limit=f"limit: {limit}, " if limit else "")


def together(police: str, health: str, limit: str = "") -> str:
    own = f"limit: {limit}\n        " if limit else ""
    return TOGETHER.format(limit=own, police=police, health=health)


@lru_cache(maxsize=1)
def files() -> Catalog:
    """Read the procedures of this page, each from its file."""
    bodies = {
        "9.000002": revision(EVENT, 6),
        "9.000003": revision(one("not_stated"), 3),
        "9.000004": revision(one(""), 3, limit="not_stated"),
        "9.000005": revision(one("300 working_day"), 3, limit="not_stated"),
        "9.000006": revision(together("3 working_day", "5 day"), 3),
        "9.000007": revision(together("3 working_day", "5 day", "1 working_day"), 3),
        "9.000008": revision(together("3 working_day", "300 working_day"), 3, limit="not_stated"),
        "9.000009": revision(one("4 working_day"), 3, until="2026-08-25")
        + revision(one("6 working_day"), 3, start="2026-08-25"),
        "9.000010": revision(together("3 working_day", "not_stated"), 3),
        "9.000011": UNPUBLISHED.format(
            start="2026-01-01", until='    effective_until: "2026-08-25"\n'
        )
        + UNPUBLISHED.format(start="2026-08-25", until=""),
        "9.000012": revision(together("3 working_day", "2 working_day"), 3, until="2026-08-25")
        + revision(THREE, 5, start="2026-08-25"),
        "9.000013": revision(THREE, 5).replace("ordinary", "billed"),
        "9.000014": revision(THREE, 5, limit="not_stated").replace("ordinary", "billed"),
        "9.000015": revision(together("3 working_day", "2 working_day"), 3).rpartition("      -")[
            0
        ],
        **{code: revision(one(limit), 3, limit=f'"{limit}"') for code, limit in LIMITS.items()},
    }
    with tempfile.TemporaryDirectory() as folder:
        for code, body in bodies.items():
            text = HEAD.format(code=code) + body
            (Path(folder) / f"{code}-test.yaml").write_text(text, encoding="utf-8")
        (Path(folder) / "billed.yaml").write_text(BILLED, encoding="utf-8")
        catalog = Catalog.load(folder)
        assert [str(each) for each in catalog.errors()] == []
        for code in bodies:
            catalog.procedure(code)
    return catalog


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    return shipped_catalogue()


@lru_cache(maxsize=2)
def calendar(*, provisional: bool = False) -> WorkCalendar:
    return WorkCalendar.vietnam(provisional=provisional)


class Desk:
    """A desk in memory with one dossier, received and passed on on Thursday 20 August 2026."""

    def __init__(self, code: str, *, received: str = "09:00", passed: str = "10:00") -> None:
        self.now = parse_local("2026-08-20T08:00")
        self.office = OneStop(
            MemoryStore(), agency="H15", catalog=files(), calendar=calendar(),
            clock=lambda: self.now,
        )  # fmt: skip
        self.code = self.office.submit(
            code, applicant="Bà Bình", channel="online", applicant_id="applicant-1"
        ).code
        self.act("receive", "receptionist", f"20T{received}")
        self.act("transfer", "receptionist", f"20T{passed}")

    def act(self, action: str, role: str, when: str, **more: object) -> Dossier:
        """Act on a day of August 2026 (``20T09:00``), or of September (``9-03T09:00``)."""
        text = f"2026-0{when}" if "-" in when else f"2026-08-{when}"
        self.now = parse_local(text)
        actor = Actor(f"{role}-1", roles={role}, agency="H15")
        more = {"facts": PAID, **more} if action == "pay" else more
        return self.office.act(self.code, action, by=actor, **more)

    def visits(self, at: str = "") -> tuple[Visit, ...]:
        return self.office.progress(self.code, parse_local(at) if at else None)


def told(visits: tuple[Visit, ...]) -> list[tuple[str, str, str, str, str | None]]:
    """Return place, role, local date, end and judgement of each visit and of each party."""
    flat = [each for visit in visits for each in (visit, *visit.parties)]
    return [(v.place, v.role, short(v.due), short(v.left), v.judged) for v in flat]


def short(moment: datetime | None) -> str:
    return f"{moment:%d/%m %H:%M}" if moment else "-"


def event() -> Desk:
    """The large event at the moment at which both agencies are asked: Monday the 24th, 15:00."""
    desk = Desk("9.000002")
    desk.act("forward", "head_of_section", "20T15:00")
    desk.act("forward", "officer", "24T15:00")
    return desk


def test_every_agency_of_the_chain_has_its_local_date() -> None:
    """Two in turn, two at the same time, one sent back: each date counted by hand.

    Half a day from 09:00 is 225 minutes: 150 until 11:30, then 75 from 13:30: 14:45; from 10:00,
    90 and 135: 15:45. Two days after Thursday the 20th are Friday and the worked Saturday. Five
    after Monday the 24th: 25-28, then 3 September; two after the 27th: 28 and 3 September.
    """
    desk = event()
    desk.act("do_part", "health", "26T09:00")
    desk.act("do_part", "police", "27T09:00")
    desk.act("forward", "officer", "27T15:00")
    desk.act("forward", "officer", "28T15:00")
    desk.act("disagree", "leader", "9-03T09:00")
    desk.act("forward", "officer", "9-03T15:00")
    desk.act("finish", "leader", "9-04T09:00")
    assert told(desk.visits()) == [
        ("1", "receptionist", "20/08 14:45", "20/08 10:00", "on_time"),
        ("2.1", "head_of_section", "20/08 15:45", "20/08 15:00", "on_time"),
        ("2.2", "officer", "22/08 17:00", "24/08 15:00", "late"),
        ("3", "officer", "03/09 17:00", "27/08 15:00", "early"),
        ("3", "police", "03/09 17:00", "27/08 09:00", "early"),
        ("3", "health", "27/08 17:00", "26/08 09:00", "early"),
        ("4", "officer", "03/09 17:00", "28/08 15:00", "early"),
        ("5", "leader", "03/09 17:00", "03/09 09:00", "on_time"),
        ("4", "officer", "07/09 17:00", "03/09 15:00", "early"),
        ("5", "leader", "04/09 17:00", "04/09 09:00", "on_time"),
        ("6", "receptionist", "-", "-", None),
    ]
    # twelve working days after the 20th: 21, 22, 24-28 August, 3, 4, 7, 8, 9 September
    deadline = desk.office.get(desk.code).deadline
    assert deadline is not None
    assert deadline.due == parse_local("2026-09-09T17:00")


def test_a_visit_says_who_did_what_under_which_limit() -> None:
    """The words, the agency, the leg and the limit are those of the file; the actor the journal's.

    The step in which several work has no time of its own, so it has that of the police.
    """
    desk = event()
    desk.act("do_part", "health", "26T09:00")
    *_, examined, asked = desk.visits()
    assert (examined.label.en, examined.who.vi) == ("Examine", "Người được giao giải quyết hồ sơ")
    assert (examined.by, examined.agency, examined.procedure) == ("officer-1", None, "")
    assert (str(asked.limit), asked.left, asked.by) == ("5 working_day", None, "")
    police, health = asked.parties
    assert (health.label.en, health.who.en) == ("Ask for opinions", "Department of Health")
    assert health.agency is not None
    assert (health.procedure, health.by, str(health.limit)) == (
        "1.001386", "health-1", "3 working_day",
    )  # fmt: skip
    assert (police.who.en, police.left, police.by) == ("Provincial police", None, "")
    assert asked.deadline is not None
    # the local date has the same proof day by day as a deadline: five days that count
    assert sum(day.counted for day in asked.deadline.days) == 5


def test_an_open_visit_is_overdue_after_its_day_and_not_before() -> None:
    """Health is due on Thursday the 27th, the police and the step on 3 September."""
    desk = event()
    assert [v[-1] for v in told(desk.visits("2026-08-27T23:00"))[3:]] == ["within"] * 3
    assert [v[-1] for v in told(desk.visits("2026-08-28T07:00"))[3:]] == [
        "within", "within", "overdue",
    ]  # fmt: skip
    assert [v[-1] for v in told(desk.visits("2026-09-04T07:00"))[3:]] == ["overdue"] * 3


def test_what_happened_later_is_left_out() -> None:
    """As of Friday the 21st the officer has it; before it was handed in nobody has."""
    desk = event()
    *_, last = desk.visits("2026-08-21T09:00")
    assert (last.place, last.left, last.judged) == ("2.2", None, "within")
    assert len(desk.visits("2026-08-21T09:00")) == 3
    assert desk.visits("2026-08-20T08:30") == ()
    assert desk.visits("2026-08-01T08:00") == ()


def test_a_party_that_is_not_waited_for_is_missing() -> None:
    """Health, due on the 27th, has not answered on the 28th; the police, due later, neither."""
    desk = event()
    desk.act("go_on_without", "officer", "28T09:00")
    police, health = desk.visits()[3].parties
    assert (police.missing, short(police.left), police.by, police.judged) == (
        True, "28/08 09:00", "", None,
    )  # fmt: skip
    assert (health.missing, health.judged) == (True, "late")
    assert desk.visits()[3].judged == "early"


def test_a_party_whose_step_is_left_for_another_reason_is_not_missing() -> None:
    """Sent back: the parts are cut short, and asked for anew with dates of their own.

    Three working days after the 26th, when the step begins again: 27, 28, 3 September.
    """
    desk = event()
    desk.act("do_part", "police", "24T16:00")
    desk.act("send_back", "officer", "25T09:00")
    desk.act("forward", "officer", "26T09:00")
    assert told(desk.visits())[3:] == [
        ("3", "officer", "03/09 17:00", "25/08 09:00", "early"),
        ("3", "police", "03/09 17:00", "24/08 16:00", "early"),
        ("3", "health", "27/08 17:00", "25/08 09:00", None),
        ("2.2", "officer", "27/08 17:00", "26/08 09:00", "early"),
        ("3", "officer", "07/09 17:00", "-", "within"),
        ("3", "police", "07/09 17:00", "-", "within"),
        ("3", "health", "03/09 17:00", "-", "within"),
    ]
    assert not any(party.missing for visit in desk.visits() for party in visit.parties)


def test_nobody_does_the_part_of_another() -> None:
    """The fact of a party comes from its own action; passed with another one it is refused."""
    desk = event()
    for fact in ("done_3_police", "done_3_health"):
        with pytest.raises(ActionRefused, match=rf"\({fact}\) is established by the party itself"):
            desk.act("ask_payment", "officer", "24T15:30", facts={fact: True})
    desk.act("do_part", "police", "24T15:30")
    police, health = desk.visits()[3].parties
    assert (short(police.left), police.by) == ("24/08 15:30", "police-1")
    assert (health.left, health.by) == (None, "")
    with pytest.raises(ActionRefused):
        desk.act("do_part", "police", "25T10:00")


def test_the_wait_for_a_payment_belongs_to_the_visit_and_stops_its_clock() -> None:
    """Two days from Thursday the 27th; paid for from the 28th, 10:00 to 3 September, 10:00.

    The day of the suspension counts, that of the resumption does not (the rules of the decree): the
    28th is the first day, 4 September the second. Nothing is due meanwhile.
    """
    desk = event()
    desk.act("go_on_without", "officer", "27T15:00")
    assert short(desk.visits()[-1].due) == "03/09 17:00"
    desk.act("ask_payment", "officer", "28T10:00")
    waiting = desk.visits("2026-10-01T08:00")[-1]
    assert (waiting.place, waiting.due, waiting.suspended, waiting.judged) == (
        "4", None, True, "within",
    )  # fmt: skip
    assert waiting.deadline is not None
    assert str(waiting.deadline.remaining) == "1 working_day"
    desk.act("pay", "applicant", "9-03T10:00")
    *_, drafted = desk.visits()
    assert (drafted.place, short(drafted.entered), short(drafted.due)) == (
        "4", "27/08 15:00", "04/09 17:00",
    )  # fmt: skip
    assert len(desk.visits()) == 5


def test_a_wait_stops_the_clocks_of_all_who_work_at_the_same_time() -> None:
    """From the 25th to the 26th; a part done before it keeps the date it had.

    The police: 25, then 27, 28, 3 and 4 September. Health: done on the 25th, due on the 27th.
    """
    desk = event()
    desk.act("do_part", "health", "25T08:00")
    desk.act("ask_payment", "officer", "25T09:00")
    asked = desk.visits()[-1]
    assert asked.suspended
    assert [party.due for party in asked.parties] == [None, parse_local("2026-08-27T17:00")]
    assert str(asked.limit) == "5 working_day"
    desk.act("pay", "applicant", "26T09:00")
    assert [(v[1], v[2]) for v in told(desk.visits()[3:])] == [
        ("officer", "04/09 17:00"), ("police", "04/09 17:00"), ("health", "27/08 17:00"),
    ]  # fmt: skip


def test_a_time_that_stood_still_at_the_end_had_not_run_out() -> None:
    """Withdrawn while a payment is awaited: no date, and not late."""
    desk = event()
    desk.act("ask_payment", "officer", "25T09:00")
    desk.act("withdraw", "applicant", "9-30T09:00")
    asked = desk.visits()[-1]
    assert (asked.due, asked.suspended, asked.judged) == (None, True, "on_time")
    assert progress_rows((asked,), "en")[1][5:] == ("suspended", "30/09/2026 09:00", "", "on time")


def test_a_supplement_begins_the_chain_anew() -> None:
    """Asked for on the 21st: the wait is nobody's; on the 25th step 2.1 has half a day again.

    From 14:00 on the 25th 180 minutes are left until 17:00, and 45 from 07:30: 08:15 on the 26th.
    """
    desk = Desk("9.000002")
    desk.act("forward", "head_of_section", "20T15:00")
    desk.act("ask_supplement", "officer", "21T09:00")
    assert short(desk.visits()[-1].left) == "21/08 09:00"
    desk.act("supplement", "applicant", "25T14:00")
    assert told(desk.visits())[2:] == [
        ("2.2", "officer", "22/08 17:00", "21/08 09:00", "early"),
        ("2.1", "head_of_section", "26/08 08:15", "-", "within"),
    ]
    assert short(desk.visits()[-1].entered) == "25/08 14:00"


def test_half_a_day_is_judged_by_the_minute_and_a_day_by_the_day() -> None:
    """14:45 is the end of half a day from 09:00; a day that ends at 17:00 lasts until midnight."""
    for passed, judged in (("14:45", "on_time"), ("14:46", "late")):
        assert Desk("9.000002", passed=passed).visits()[0].judged == judged
    desk = Desk("9.000002")
    desk.act("forward", "head_of_section", "20T15:00")
    desk.act("forward", "officer", "22T19:00")
    assert desk.visits()[2].judged == "on_time"
    assert Desk("9.000002", passed="14:45").visits()[0].limit == desk.visits()[0].limit


def test_a_step_without_a_time_has_no_date() -> None:
    """Not stated, not counted, past the calendar: three reasons, and each is said."""
    shown = {}
    for code in ("9.000003", "9.000004", "9.000005"):
        visit = Desk(code).visits()[-1]
        assert (visit.due, visit.deadline, visit.judged, visit.suspended) == (
            None, None, None, False,
        )  # fmt: skip
        shown[code] = progress_rows((visit,), "en")[1][3:]
    assert shown == {
        "9.000003": ("not stated", "20/08/2026 10:00", "–", "", "", ""),
        "9.000004": ("not counted", "20/08/2026 10:00", "–", "", "", ""),
        "9.000005": ("300 working days", "20/08/2026 10:00", "past the calendar", "", "", ""),
    }


@pytest.mark.parametrize(
    ("asked_on", "limit", "due"),
    [
        # 3 working days: 25, 26, 27 August. 5 days: Saturday the 29th, moved to 3 September.
        ("24T15:00", "5 day", "03/09 17:00"),
        # 3 working days: 28 August, 3, 4 September. 5 days: 1 September, moved to the 3rd.
        ("27T15:00", "3 working_day", "04/09 17:00"),
    ],
)
def test_of_parties_the_one_due_last_gives_the_time(asked_on: str, limit: str, due: str) -> None:
    """Dates are compared, not lengths: five calendar days may be longer than three working days."""
    desk = Desk("9.000006")
    desk.act("apologise", "officer", "20T11:00", due=parse_local("2026-09-20T17:00"))
    desk.act("ask_supplement", "officer", "21T15:00")
    desk.act("supplement", "applicant", asked_on)
    *_, asked = desk.visits()
    assert (str(asked.limit), short(asked.due)) == (limit, due)
    desk.act("ask_payment", "officer", asked_on)
    *_, waiting = desk.visits()
    assert (str(waiting.limit), waiting.suspended) == (limit, True)


def test_a_step_of_several_keeps_a_time_of_its_own() -> None:
    """One working day after the 20th, although the parties have more."""
    *_, asked = Desk("9.000007").visits()
    assert (str(asked.limit), short(asked.due)) == ("1 working_day", "21/08 17:00")


def test_a_party_without_a_stated_time_gives_the_step_none() -> None:
    """Three working days after Thursday the 20th are over on Monday: 21, 22, 24 August."""
    *_, asked = Desk("9.000010").visits()
    assert (str(asked.limit), short(asked.due)) == ("3 working_day", "24/08 17:00")
    assert [short(party.due) for party in asked.parties] == ["24/08 17:00", "-"]


def test_a_party_due_past_the_calendar_is_due_last() -> None:
    """What nobody can count yet is longer than what can be counted."""
    *_, asked = Desk("9.000008").visits()
    assert (str(asked.limit), asked.due) == ("300 working_day", None)
    assert [short(party.due) for party in asked.parties] == ["24/08 17:00", "-"]


def move(desk: Desk, procedure: str, images: dict[str, str]) -> None:
    """Move the dossier to the revision of 25 August on Wednesday the 26th."""
    desk.now = parse_local("2026-08-26T09:00")
    moved = desk.office.migrate(
        procedure, "2026-01-01", "2026-08-25", images, dry_run=False,
        by=Actor("chief", roles={"administrator"}, agency="H15"),
        citation=Citation.parse("Quyết định 2/QĐ-UBND, Điều 3"),
    )  # fmt: skip
    assert len(moved.moves) == 1


def test_a_move_to_another_revision_ends_the_visit() -> None:
    """The step of the new table has its own time, from the move: six days after the 26th.

    27, 28 August, 3, 4, 7, 8 September; under the old one it was 21, 22, 24, 25 August.
    """
    desk = Desk("9.000009")
    move(desk, "9.000009", {"processing_2": "processing_2"})
    assert told(desk.visits())[1:] == [
        ("2", "officer", "25/08 17:00", "26/08 09:00", "late"),
        ("2", "officer", "08/09 17:00", "-", "within"),
    ]


def test_a_move_ends_the_visit_although_both_revisions_have_the_steps_of_the_template() -> None:
    """The table is another one even where its rows are the same."""
    desk = Desk("9.000011")
    move(desk, "9.000011", {"processing_2": "processing_2"})
    assert [(v.place, short(v.entered)) for v in desk.visits()] == [
        ("1", "20/08 09:00"), ("2", "20/08 10:00"), ("2", "26/08 09:00"),
    ]  # fmt: skip


def test_a_party_is_not_missing_where_a_move_cut_its_part_short() -> None:
    """The order to move the dossier waited for nobody; the new step 3 is none of the old table."""
    desk = Desk("9.000012")
    move(desk, "9.000012", {"processing_2": "processing_3"})
    assert [(v.missing, v.judged) for v in desk.visits()[1].parties] == [
        (False, "late"), (False, "late"),
    ]  # fmt: skip
    # two working days after the 26th
    assert (desk.visits()[2].place, short(desk.visits()[2].due)) == ("3", "28/08 17:00")


def test_a_refusal_without_the_parties_leaves_them_missing() -> None:
    """The dossier ends with the step, and no step of handing over follows."""
    desk = Desk("9.000015")
    desk.act("refuse", "officer", "21T09:00")
    assert [v.place for v in desk.visits()] == ["1", "2"]
    assert [party.missing for party in desk.visits()[1].parties] == [True, True]


def test_a_wait_that_spans_two_steps_holds_both_clocks() -> None:
    """Billed on the 21st, settled at the next step on the 25th at 10:00.

    Step 3 stands still from its first moment: its two days are 26 and 27 August.
    """
    desk = Desk("9.000013")
    desk.act("bill", "officer", "21T09:00")
    assert told(desk.visits())[1:] == [
        ("2", "officer", "22/08 17:00", "21/08 09:00", "early"),
        ("3", "officer", "-", "-", "within"),
    ]
    desk.act("settle_bill", "officer", "25T10:00")
    desk.act("forward", "officer", "26T09:00")
    # Thursday and Friday after the 26th
    assert [(v[0], v[2]) for v in told(desk.visits())[2:4]] == [
        ("3", "27/08 17:00"), ("4", "28/08 17:00"),
    ]  # fmt: skip


def test_a_clock_is_held_once_for_one_reason() -> None:
    """Without a limit of the whole nobody refuses to ask twice; it holds what is held already.

    Paid on the 25th; a second note of it changes nothing: 26 and 27 August.
    """
    desk = Desk("9.000014")
    desk.act("bill", "officer", "21T09:00")
    desk.act("ask_payment", "officer", "21T15:00")
    assert desk.visits()[-1].suspended
    desk.act("pay", "applicant", "25T10:00")
    desk.act("settle_bill", "officer", "25T11:00")
    assert short(desk.visits()[-1].due) == "27/08 17:00"


def test_the_rows_read_in_both_languages() -> None:
    """Head, one row a visit, an arrow before each party."""
    desk = event()
    desk.act("go_on_without", "officer", "28T09:00")
    vietnamese = progress_rows(desk.visits())
    assert vietnamese[0][:3] == ("Bước", "Nội dung công việc", "Trách nhiệm thực hiện")
    assert [row[0] for row in vietnamese[1:]] == ["1", "2.1", "2.2", "3", "↳", "↳", "4"]
    assert vietnamese[6] == (
        "↳", "Lấy ý kiến", "Sở Y tế", "3 ngày làm việc", "24/08/2026 15:00", "27/08/2026 17:00",
        "28/08/2026 09:00", "", "quá hạn, chưa có kết quả khi chuyển bước",
    )  # fmt: skip
    english = progress_rows(desk.visits(), "en")
    assert english[6][1:4] == ("Ask for opinions", "Department of Health", "3 working days")
    assert english[5][-1] == "missing when the step went on"
    assert english[7][-2:] == ("", "within time")


def test_what_cannot_be_asked_is_refused() -> None:
    """An unknown dossier, a moment without a zone, a journal with a gap."""
    desk = Desk("9.000002")
    with pytest.raises(UnknownDossier):
        desk.office.progress("H15-260820-0099")
    with pytest.raises(MomentError, match="no time zone"):
        desk.office.progress(desk.code, datetime(2026, 8, 21))  # noqa: DTZ001
    journal = desk.office.journal(desk.code)
    grounds = desk.office._grounds.of_journal(journal)  # noqa: SLF001 - the pure function under test
    with pytest.raises(JournalError, match="Entry 3"):
        progress((journal[0], journal[2]), grounds, at=desk.now)
    with pytest.raises(JournalError, match="without entries"):
        progress((), grounds, at=desk.now)


@given(data=st.data(), code=st.sampled_from(sorted(LIMITS)))
@settings(max_examples=60)
def test_one_step_with_the_whole_limit_is_due_with_the_dossier(
    data: st.DataObject, code: str
) -> None:
    """Received and passed on in one minute: local date and deadline agree, whatever interrupts."""
    now = [data.draw(st.integers(0, 60 * 24 * 90).map(_after_the_third_of_august))]
    office = OneStop(
        MemoryStore(), agency="H15", catalog=files(), calendar=calendar(provisional=True),
        clock=lambda: now[0],
    )  # fmt: skip
    dossier = office.submit(code, applicant="Ông An", channel="counter", applicant_id="a").code
    for action, role in (("receive", "receptionist"), ("transfer", "receptionist")):
        office.act(dossier, action, by=Actor("r", roles={role}, agency="H15"))
    agree(office, dossier)
    for action in data.draw(st.lists(st.sampled_from(["payment", "supplement"]), max_size=4)):
        for step in (f"ask_{action}", "pay" if action == "payment" else "supplement"):
            now[0] += timedelta(minutes=data.draw(st.integers(0, 4_000)))
            who = ("o", "officer") if step.startswith("ask") else ("a", "applicant")
            actor = Actor(who[0], roles={who[1]}, agency="H15")
            facts = PAID if step == "pay" else {}
            try:
                office.act(dossier, step, by=actor, facts=facts)
            except ActionRefused:
                break
            agree(office, dossier)
    now[0] += timedelta(minutes=data.draw(st.integers(0, 30_000)))
    if office.get(dossier).state == "processing_2":
        ended = office.act(dossier, "finish", by=Actor("o", roles={"officer"}, agency="H15"))
        agree_how_it_ended(office, ended, in_days=LIMITS[code].split()[-1] in {"day", "month"})


def _after_the_third_of_august(minutes: int) -> datetime:
    return datetime(2026, 8, 3, 7, tzinfo=VIETNAM) + timedelta(minutes=minutes)


def agree(office: OneStop, code: str) -> None:
    """The dossier stands at its one step: its deadline and the local one say the same."""
    dossier = office.get(code)
    assert dossier.deadline is not None
    too_late = {each.reason for each in dossier.deadline.ignored}
    if dossier.state == "awaiting_supplement" or "supplement" in too_late:
        # asked for after the end it begins no new time for the applicant, but a new visit
        return
    *_, visit = office.progress(code)
    assert visit.deadline is not None
    assert visit.due == dossier.deadline.due
    assert visit.deadline.remaining == dossier.deadline.remaining
    assert visit.suspended == dossier.deadline.suspended


def agree_how_it_ended(office: OneStop, dossier: Dossier, *, in_days: bool) -> None:
    """Days are judged like the dossier; whatever the unit, late is after the local date."""
    visit = office.progress(dossier.code)[-2]
    assert dossier.deadline is not None
    assert dossier.finished_at is not None
    assert visit.due is not None
    assert visit.left == dossier.finished_at
    assert visit.judged != "late" or visit.left > visit.due
    assert visit.judged == "late" or visit.left.date() <= visit.due.date()
    if in_days and visit.due == dossier.deadline.due:
        assert visit.judged == dossier.deadline.judge(dossier.finished_at)


def steps_by_hand(office: OneStop, journal: tuple[Entry, ...]) -> list[tuple[Entry, str]]:
    """Return each entry with the number and part of the step of its state, or nothing."""
    found = []
    for entry in journal:
        first = journal[0].facts
        revision_of = office.catalog.procedure(str(first["procedure"])).revision
        state = revision_of(str(first["revision"])).workflow.states[entry.target]
        place = "" if state.step is None else f"{state.step}.{state.part}".removesuffix(".0")
        found.append((entry, place))
    return found


def check_laws(office: OneStop, code: str, now: datetime) -> None:
    """No moment of a dossier is lost, none is told twice, and the past does not change."""
    journal = office.journal(code)
    visits = office.progress(code, now)
    at_steps = steps_by_hand(office, journal)
    # one visit after the other; between two of them nothing but states without a step
    for earlier, later in pairwise(visits):
        assert earlier.left is not None
        assert earlier.left <= later.entered
        if earlier.left < later.entered:
            between = [place for entry, place in at_steps
                       if earlier.left <= entry.happened_at < later.entered]  # fmt: skip
            assert between
            assert between[-1] == ""
    assert all(visit.left is not None for visit in visits[:-1])
    # each moment is inside exactly one visit of its step, or in no step at all
    moments = sorted({entry.happened_at for entry in journal} | {now})
    middles = [a + (b - a) / 2 for a, b in pairwise(moments)]
    for moment in (*moments, *middles):
        place = [place for entry, place in at_steps if entry.happened_at <= moment][-1]
        begun = [visit for visit in visits if visit.entered <= moment]
        inside = [each.place for each in begun if each.left is None or moment < each.left]
        assert inside == ([place] if place else [])
        # what was known then is a part of what is known now
        then = office.progress(code, moment)
        closed = [visit for visit in then if visit.left is not None]
        assert [(v.place, v.due, v.judged) for v in closed] == [
            (v.place, v.due, v.judged) for v in visits[: len(closed)]
        ]
        progress_rows(then)
    for visit in visits:
        for party in visit.parties:
            assert party.entered == visit.entered
            assert party.left is None or visit.left is None or party.left <= visit.left


@given(data=st.data())
@settings(max_examples=60)
def test_no_moment_of_a_random_dossier_is_lost(data: st.DataObject) -> None:
    """Random actions by those who may, on shipped procedures and on those of this page."""
    own = data.draw(st.booleans())
    catalog = files() if own else shipped()
    now = [parse_local("2026-03-02T09:00")]
    office = OneStop(
        MemoryStore(), agency="H15", catalog=catalog, calendar=calendar(provisional=True),
        clock=lambda: now[0],
    )  # fmt: skip
    large = st.just("9.000002") if own else st.nothing()
    procedure = data.draw(large | st.sampled_from(sorted(catalog)))
    code = office.submit(
        procedure, applicant="Bà Bình", channel="online", applicant_id="somebody"
    ).code
    for _ in range(data.draw(st.integers(0, 18))):
        now[0] += timedelta(minutes=data.draw(st.integers(0, 3_000)))
        ways = office.actions(code)
        if not ways:
            break
        way = data.draw(st.sampled_from(ways))
        actor = Actor("somebody", roles=way.roles, agency="H15")
        due = now[0] + timedelta(days=9) if way.clock == "replace" else None
        try:
            office.act(code, way.action, by=actor, due=due)
        except (ActionRefused, MomentError):
            continue
    check_laws(office, code, now[0])


def test_the_simulation_works_steps_of_several() -> None:
    """Parties do their parts, those in turn follow one another, and each date is known."""
    start, end = date(2026, 3, 2), date(2026, 8, 31)
    clock = SimulatedClock(datetime(2026, 3, 2, tzinfo=VIETNAM))
    with tempfile.TemporaryDirectory() as folder:
        text = HEAD.format(code="9.000002") + revision(EVENT, 6)
        (Path(folder) / "9.000002-test.yaml").write_text(text, encoding="utf-8")
        catalog = Catalog.load(folder)
        office = OneStop(
            MemoryStore(), agency="H15", catalog=catalog, calendar=calendar(), clock=clock
        )
        plan = Plan(dossiers=40, seed=5, start=start, end=end, sent_back=0.2, payment=0.3)
        agencies = agencies_of(catalog, desk="H15", seed=5)
        for _ in run(office, plan, clock=clock, agencies=agencies):
            pass
    finished = [each.code for each in office.dossiers() if each.national_status >= 9]
    assert len(finished) > 20
    seen = set()
    for code in finished:
        visits = office.progress(code)
        seen |= {visit.place for visit in visits}
        roles = [entry.role for entry in office.journal(code) if entry.action == "do_part"]
        asked = [visit for visit in visits if visit.place == "3"]
        assert sorted(roles) == sorted(["health", "police"] * len(asked))
        assert all(party.by for visit in asked for party in visit.parties)
        check_laws(office, code, local(clock.moment))
    assert seen == {"1", "2.1", "2.2", "3", "4", "5", "6"}


RECEIVED = ["receive 18T09:00", "transfer 18T10:00"]


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        # received and passed on after the hour: Friday is the day of receipt, Saturday is worked
        (["receive 20T15:30", "transfer 20T15:40"], "22/08"),
        # received before it: the hand-over after the hour is one inside
        (["receive 20T09:00", "transfer 20T15:40"], "21/08"),
        # received after it, passed on the next day after the hour again
        (["receive 20T15:30", "transfer 21T15:40"], "22/08"),
        # a supplement handed in after the hour begins the whole anew, and the first step with it
        (
            [*RECEIVED, "ask_supplement 18T11:00", "supplement 20T15:30"],
            "22/08",
        ),
        # a payment after the hour goes on from the next day: the 18th was the day of coming
        ([*RECEIVED, "ask_payment 18T11:00", "pay 20T15:30"], "22/08"),
    ],
)  # fmt: skip
def test_the_hour_of_the_counter_moves_what_comes_in_and_no_hand_over_inside(
    steps: list[str], due: str, tmp_path: Path
) -> None:
    """One working day for step 2; 22 August 2026 is a Saturday that is worked."""
    file = tmp_path / "9.000017-hour.yaml"
    file.write_text(HOUR, encoding="utf-8")
    now = [parse_local("2026-08-17T08:00")]
    catalog = Catalog.load(file)
    office = OneStop.open("sqlite://", agency="H15", catalog=catalog, clock=lambda: now[0])
    code = office.submit(
        "9.000017", applicant="A", channel="counter", applicant_id="applicant"
    ).code
    roles = {"pay": "applicant", "supplement": "applicant"}
    for step in steps:
        action, when = step.split()
        role = roles.get(action, "receptionist" if action in {"receive", "transfer"} else "officer")
        actor = Actor(role, roles={role}, agency="H15")
        now[0] = parse_local(f"2026-08-{when}")
        office.act(code, action, by=actor, facts=PAID if action == "pay" else {})
    visit = office.progress(code, parse_local("2026-08-21T16:00"))[-1]
    assert visit.place == "2"
    assert visit.due is not None
    assert f"{visit.due:%d/%m}" == due


HOUR = """\
format: 1
code: "9.000017"
name: {vi: Thử}
field: {id: tests, vi: Thử}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    cutoff: {time: "15:00", moves: start, citation: "Nghị định 63/2024/NĐ-CP, Điều 7 khoản 2"}
    limits: [{limit: 9 working_day, citation: Quyết định 1/QĐ-UBND (giả định)}]
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Nhận}
      - {number: 2, phase: processing, role: officer, limit: 1 working_day, vi: Làm}
      - {number: 3, phase: processing, role: leader, limit: 1 working_day, vi: Ký}
"""
