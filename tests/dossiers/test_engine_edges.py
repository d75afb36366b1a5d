"""Edges of the functional core: each condition of it, from both sides, on the values themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from desks import CITED, CODE, SHORT, catalogue, expected_days, procedure
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor, Dossier, Entry, Promise, Submission
from igate.dossiers.engine import (
    Ground,
    apply,
    begin,
    decide,
    fold,
    keeps_due,
    limit_in,
    migrate,
    names_a_revision,
    revision_named,
    submit,
)
from igate.errors import IgateError, JournalError, MomentError, NotPermitted, WrongState
from igate.law.localtime import parse_local
from igate.procedures.workflow import MIGRATE
from walking import Walk

if TYPE_CHECKING:
    from datetime import datetime

    from igate.procedures.procedure import Revision

#: Monday
START = parse_local("2026-03-02T09:00")
LIMITS = f"[{{limit: 10 working_day, {CITED}}}, {{limit: 5 working_day, channel: online, {CITED}}}]"


def revision_with(limits: str) -> Revision:
    """Return the revision of a procedure of four steps with these limits."""
    return catalogue(procedure(SHORT, limits=limits)).in_force(CODE, on=START.date())


@lru_cache(maxsize=1)
def ground() -> Ground:
    """Compile a procedure of four steps: ten working days, five online."""
    calendar = expected_days()
    return Ground.of(
        revision_with(LIMITS), shipped_rules("decree", on=START.date()), calendar, definition="d1"
    )


def who(*roles: str, name: str = "lan") -> Actor:
    return Actor(name, roles=set(roles), agency="H15.10")


def handed_in(**more: object) -> Submission:
    given = {
        "procedure": CODE, "revision": "2025-01-01", "definition": "d1", "agency": "",
        "channel": "counter", "applicant": "Bà An",
    }  # fmt: skip
    return Submission(**{**given, **more})


def first(submission: Submission | None = None, by: Actor | None = None, note: str = "") -> Entry:
    return submit(
        "H15-1", submission or handed_in(), by=by or who("receptionist"), at=START,
        recorded_at=START, ground=ground(), note=note,
    )  # fmt: skip


def step(
    dossier: Dossier, action: str, role: str, at: datetime | None = None, **more: object
) -> tuple[Dossier, Entry]:
    """Decide an action and apply it."""
    entry = decide(
        dossier, action, by=who(role), at=at or dossier.last_at, ground=ground(), **more,
    )  # fmt: skip
    return apply(dossier, entry, ground()), entry


def received() -> Dossier:
    return step(begin(first(), ground()), "receive", "receptionist")[0]


def processed() -> Dossier:
    return step(received(), "transfer", "receptionist")[0]


# handing in


def test_nobody_without_a_role_hands_in() -> None:
    """An actor without roles is refused; one with a role writes entry 1."""
    with pytest.raises(NotPermitted):
        first(by=who())
    entry = first()
    assert (entry.seq, entry.source, entry.action) == (1, None, "submit")
    assert entry.target == ground().table.workflow.initial


def test_an_applicant_hands_in_for_himself_or_as_a_representative() -> None:
    """Anybody else's dossier is refused, and staff needs no name in it."""
    an, ba = who("applicant", name="an"), who("applicant", name="ba")
    his = handed_in(applicant_id="an")
    assert first(his, an).role == "applicant"
    with pytest.raises(NotPermitted):
        first(his, ba)
    both = handed_in(applicant_id="an", representatives=frozenset({"ba"}))
    assert first(both, ba).facts["representatives"]
    assert first(his, who("receptionist", name="cu")).role == "receptionist"


def test_of_several_roles_the_applicant_goes_first_then_the_first_by_letter() -> None:
    """The role in the journal does not depend on the order in which the host names them."""
    assert first(by=who("receptionist", "leader", "officer")).role == "leader"
    applicant = who("receptionist", "applicant", name="an")
    assert first(handed_in(applicant_id="an"), applicant).role == "applicant"


def test_the_first_entry_keeps_what_was_given_and_nothing_empty() -> None:
    """Four facts always; of the further ones those that say something."""
    always = {"procedure", "revision", "channel", "applicant"}
    assert first().facts.keys() == always
    more = first(handed_in(agency="H15.10", applicant_id="an"))
    assert more.facts.keys() == always | {"agency", "applicant_id"}
    assert more.facts["agency"] == "H15.10"


def test_a_note_is_kept_where_there_is_one() -> None:
    """With the first entry and with a later one; without one the note is empty."""
    assert (first().note, first(note="bản giấy").note) == ("", "bản giấy")
    dossier = begin(first(), ground())
    assert step(dossier, "receive", "receptionist")[1].note == ""
    assert step(dossier, "receive", "receptionist", note="đủ")[1].note == "đủ"


def test_a_case_that_nobody_knows_is_not_handed_in() -> None:
    """The limit of a case that the procedure does not name would be a guess."""
    branched = (
        f"[{{limit: 5 working_day, case: small, {CITED}}}, {{limit: 9 working_day, {CITED}}}]"
    )
    other = Ground.of(revision_with(branched), ground().rules, ground().calendar)
    for case, days in (("small", "5 working_day"), ("", "9 working_day")):
        entry = submit(
            "H15-1", handed_in(case=case), by=who("receptionist"), at=START, recorded_at=START,
            ground=other,
        )  # fmt: skip
        assert entry.promise is not None
        assert entry.promise.limit == days
    with pytest.raises(IgateError):
        submit(
            "H15-1", handed_in(case="huge"), by=who("receptionist"), at=START, recorded_at=START,
            ground=other,
        )  # fmt: skip


def test_what_is_promised_names_definition_limit_and_rules() -> None:
    """Five working days online, ten at the counter, under the decree of the day."""
    online = first(handed_in(channel="online")).promise
    counter = first().promise
    assert online is not None
    assert counter is not None
    assert (online.limit, counter.limit) == ("5 working_day", "10 working_day")
    assert counter.definition == "d1"
    assert counter.rules.startswith("decree ")


def test_a_dossier_prints_what_is_known_of_it_and_not_who_applies() -> None:
    """A failing property test shows it: what nobody has set is left out."""
    shown = repr(fold([first()], lambda _entry: ground()))
    # the agency is that of the receptionist who hands it in
    said = (
        f"procedure='{CODE}', revision='2025-01-01', definition='d1', agency='H15.10', "
        "channel='counter'"
    )
    assert f"submission=Submission({said})" in shown
    assert "state='submitted'" in shown
    unset = ("=None", "={}", "=()", "mappingproxy", "case=", "parent=", "Bà An")
    assert not [each for each in unset if each in shown]


def test_a_ground_is_compared_by_what_decides_and_not_by_what_follows_from_it() -> None:
    """Two grounds of one revision are equal, and their text leaves the tables out."""
    again = Ground.of(ground().revision, ground().rules, ground().calendar, definition="d1")
    assert again == ground() == replace(again, places={}, inside=again.rules)
    assert "places=" not in repr(again)
    assert "inside=" not in repr(again)
    assert again.inside.cutoff_on_start is False


# deciding


def test_an_action_at_the_moment_of_the_last_entry_is_taken_and_a_minute_before_it_is_not() -> None:
    """Moments never go back in a journal; two entries may have one moment."""
    dossier = received()
    assert step(dossier, "transfer", "receptionist", dossier.last_at)[1].seq == 3
    with pytest.raises(MomentError):
        step(dossier, "transfer", "receptionist", dossier.last_at - timedelta(minutes=1))


def test_the_name_of_an_account_takes_no_action() -> None:
    """Who may act is decided by roles and agency, which a name alone has not."""
    walk = Walk()
    walk.start()
    with pytest.raises(NotPermitted, match="A str is no actor"):
        walk.take_as("minh", "take")  # type: ignore[arg-type]


def test_an_action_that_the_state_does_not_know_is_refused_as_such_whenever_it_is() -> None:
    """Too early and not possible here: what is not possible is said first."""
    dossier = received()
    with pytest.raises(WrongState):
        step(dossier, "finish", "officer", dossier.last_at - timedelta(minutes=1))


def test_a_moment_of_recording_is_the_moment_of_the_action_unless_it_is_given() -> None:
    """Recorded at once without a word, or an hour later on the day; not a month later."""
    dossier = received()
    assert step(dossier, "transfer", "receptionist")[1].recorded_at == START
    later = START + timedelta(hours=1)
    entry = step(dossier, "transfer", "receptionist", START, recorded_at=later)[1]
    assert (entry.happened_at, entry.recorded_at) == (START, later)
    with pytest.raises(IgateError):
        step(dossier, "transfer", "receptionist", START, recorded_at=START + timedelta(days=30))


def test_only_the_receipt_starts_the_clock_and_promises() -> None:
    """The promise is with the entry that starts the counting, and with no later one."""
    dossier = begin(first(), ground())
    dossier, entry = step(dossier, "receive", "receptionist")
    assert entry.clock == "start"
    assert entry.promise == Promise(
        definition="d1",
        limit="10 working_day",
        rules=first().promise.rules,  # type: ignore[union-attr]
    )
    assert dossier.counting is not None
    assert str(dossier.counting.limit) == "10 working_day"
    _, entry = step(dossier, "transfer", "receptionist")
    assert (entry.clock, entry.promise, entry.supersedes) == (None, None, None)


def test_who_acts_for_himself_acts_on_nobodys_behalf() -> None:
    """Without a mandate both fields are empty."""
    _, entry = step(received(), "transfer", "receptionist")
    assert (entry.on_behalf, entry.capacity) == ("", "")


# applying


def test_an_entry_that_does_not_follow_is_refused_for_each_reason_alone() -> None:
    """Its number, the state it starts from and the state it leads to must each fit."""
    dossier = received()
    _, good = step(dossier, "transfer", "receptionist")
    assert apply(dossier, good, ground()).seq == good.seq
    for wrong in ({"seq": 2}, {"seq": 4}, {"seq": 1}, {"source": "solved"}, {"target": "nowhere"}):
        with pytest.raises(JournalError):
            apply(dossier, structs.replace(good, **wrong), ground())


def test_a_later_entry_begins_no_dossier() -> None:
    """Neither as the first of a journal nor by itself; and nothing begins with nothing."""
    entry = step(received(), "transfer", "receptionist")[1]
    with pytest.raises(JournalError):
        begin(entry, ground())

    def never(asked: Entry) -> Ground:
        raise AssertionError(asked)

    # what decides it is not asked for: such an entry need not name a revision
    for journal in ([entry], []):
        with pytest.raises(JournalError):
            fold(journal, never)


def test_a_journal_folds_to_the_dossier_that_its_entries_made() -> None:
    """Entry by entry or all at once; the ground is asked for once, by the first entry."""
    entries, dossier = [first()], begin(first(), ground())
    for action, role in (("receive", "receptionist"), ("transfer", "receptionist")):
        dossier, entry = step(dossier, action, role)
        entries.append(entry)
    asked: list[int] = []

    def ground_of(entry: Entry) -> Ground:
        asked.append(entry.seq)
        return ground()

    assert fold(entries, ground_of) == dossier
    assert asked == [1]


def test_a_promise_is_read_where_there_is_one() -> None:
    """A journal of an early format has none: the definition is empty then, the limit the law's."""
    old = structs.replace(first(), promise=None)
    assert begin(old, ground()).submission.definition == ""
    assert begin(first(), ground()).submission.definition == "d1"
    dossier = begin(old, ground())
    _, entry = step(dossier, "receive", "receptionist")
    counted = apply(dossier, structs.replace(entry, promise=None), ground()).counting
    assert counted is not None
    assert (str(counted.limit), counted.promised) == ("10 working_day", "")


def test_a_new_dossier_is_at_entry_one() -> None:
    """It has been handed in at the moment of its first entry, and nothing else has happened."""
    dossier = begin(first(), ground())
    assert (dossier.seq, dossier.submitted_at, dossier.last_at) == (1, START, START)
    assert (dossier.finished_at, dossier.outcome, dossier.reopened) == (None, None, 0)


# which revision


def test_which_entries_name_a_revision() -> None:
    """The first one, a move, and a correction of the procedure; no other."""
    entry = step(received(), "transfer", "receptionist")[1]
    assert names_a_revision(first()) is True
    assert names_a_revision(entry) is False
    assert names_a_revision(structs.replace(entry, seq=2)) is False
    assert names_a_revision(structs.replace(entry, action=MIGRATE)) is True
    assert names_a_revision(structs.replace(entry, changes={"procedure": "9.000002"})) is True
    assert names_a_revision(structs.replace(entry, changes={"applicant": "B"})) is False


def test_a_correction_names_the_revision_before_the_facts_do() -> None:
    """What is corrected is the newer word."""
    assert revision_named(first()) == (CODE, "2025-01-01")
    changes = {"procedure": "9.000002", "revision": "2026-01-01"}
    both = structs.replace(first(), changes=changes)
    assert revision_named(both) == ("9.000002", "2026-01-01")


def moved(dossier: Dossier, **more: object) -> Entry:
    """Return an entry that moves a dossier to another revision."""
    given = {
        "dossier": dossier.code, "seq": dossier.seq + 1, "action": MIGRATE,
        "source": dossier.state, "target": dossier.state, "happened_at": dossier.last_at,
        "recorded_at": dossier.last_at, "actor": "chief", "role": "administrator", "agency": "H15",
        "facts": {"procedure": CODE, "revision": "2026-01-01"},
    }  # fmt: skip
    return Entry(**{**given, **more})


def test_a_move_that_does_not_follow_is_refused_for_each_reason_alone() -> None:
    """The same three conditions as for an action."""
    dossier = processed()
    good = moved(dossier)
    assert migrate(dossier, good, ground()).submission.revision == "2026-01-01"
    for wrong in ({"seq": 3}, {"seq": 5}, {"seq": 2}, {"source": "solved"}, {"target": "nowhere"}):
        with pytest.raises(JournalError):
            migrate(dossier, structs.replace(good, **wrong), ground())


def test_a_move_keeps_the_clock_and_takes_definition_and_limit_of_its_promise() -> None:
    """Before the receipt there is no counting, and a move makes none."""
    promise = Promise(definition="d2", limit="7 working_day", rules="decree")
    dossier = migrate(processed(), moved(processed(), promise=promise), ground())
    assert dossier.submission.definition == "d2"
    assert dossier.counting is not None
    assert str(dossier.counting.limit) == "7 working_day"
    assert dossier.marks == processed().marks
    assert migrate(processed(), moved(processed()), ground()).submission.definition == ""
    waiting = begin(first(), ground())
    assert migrate(waiting, moved(waiting), ground()).counting is None


def test_a_move_begins_the_stay_in_the_step_anew() -> None:
    """The step of another table is another step, though its state has the same name."""
    dossier = processed()
    later = dossier.last_at + timedelta(days=1)
    after = migrate(dossier, moved(dossier, happened_at=later), ground())
    assert dossier.entered == (START, 1)
    assert after.entered == (later, 1)


# whether the date of return is counted again


def test_an_action_without_an_effect_on_the_clock_keeps_the_date() -> None:
    """Passing on keeps it; the receipt, a suspension and its end do not; finishing does."""
    dossier = begin(first(), ground())
    after, _ = step(dossier, "receive", "receptionist")
    assert keeps_due(dossier, after) is False
    onward, _ = step(after, "transfer", "receptionist")
    assert keeps_due(after, onward) is True
    waiting, _ = step(onward, "ask_supplement", "officer", note="thiếu")
    assert waiting.marks != onward.marks
    assert keeps_due(onward, waiting) is False
    again, _ = step(waiting, "supplement", "receptionist")
    assert keeps_due(waiting, again) is False


def test_an_end_alone_keeps_the_date_and_an_end_with_something_before_it_does_not() -> None:
    """Marks are compared to the last: one more, an end, after all that was known."""
    dossier = processed()
    end = structs.replace(dossier, marks=(*dossier.marks, *_ended(dossier).marks[-1:]))
    assert end.marks[-1].kind in {"finish", "stop"}
    assert keeps_due(dossier, end) is True
    twice = structs.replace(end, marks=(*end.marks, end.marks[-1]))
    assert keeps_due(dossier, twice) is False
    assert keeps_due(end, dossier) is False
    other = structs.replace(dossier, marks=(end.marks[-1], end.marks[-1]))
    assert keeps_due(dossier, other) is False


def _ended(dossier: Dossier) -> Dossier:
    return step(dossier, "stop", "officer", note="trùng")[0]


def test_the_limit_of_an_area_has_what_the_law_adds_unless_it_is_asked_for_without() -> None:
    """Land in an area of hardship has more; the same dossier elsewhere has the printed limit."""
    land = shipped_rules("land", on=START.date())
    area, extension = next(iter(land.extensions.items()))
    other = Ground.of(ground().revision, land, ground().calendar)
    there, elsewhere = (
        structs.replace(begin(first(), ground()), submission=handed_in(area=name))
        for name in (area, "")
    )
    assert str(limit_in(there, other)) == f"10 working_day + {extension.limit}"
    assert str(limit_in(there, other, extended=False)) == "10 working_day"
    assert str(limit_in(elsewhere, other)) == "10 working_day"


# what is told to the citizen, and what is promised


def test_an_apology_needs_a_date_to_come_and_nothing_else_takes_one() -> None:
    """Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6: the citizen is told a new, later date."""
    dossier = processed()
    later = dossier.last_at + timedelta(days=21)
    assert step(dossier, "apologise", "officer", due=later)[1].due == later
    for action, due in (("apologise", None), ("apologise", START), ("forward", later)):
        with pytest.raises(MomentError):
            step(dossier, action, "officer", due=due)


def test_what_happens_before_the_receipt_promises_nothing_more() -> None:
    """The promise of the handing in stands until the receipt; guiding at the counter gives none."""
    dossier, guided = step(begin(first(), ground()), "guide", "receptionist", note="thiếu")
    assert (guided.clock, guided.promise) == (None, None)
    assert dossier.counting is None


@pytest.mark.parametrize(
    ("day", "clock", "starts"),
    [
        # Nghị định 309/2026/NĐ-CP, from 5 August 2026: the arrival starts the time
        ("2026-08-20T09:00", "start", 2),
        # before, it counts from the receipt (Nghị định 118/2025/NĐ-CP, Điều 17 khoản 3)
        ("2026-03-02T09:00", None, 1),
    ],
)
def test_a_later_start_is_kept_where_the_rules_know_it_and_promises_nothing_again(
    day: str, clock: str | None, starts: int
) -> None:
    """Received at the counter of another agency: its arrival may start the clock, not a promise."""
    at = parse_local(day)
    other = Ground.of(
        ground().revision, shipped_rules("decree", on=at.date()), ground().calendar, definition="d1"
    )
    elsewhere = Actor("hoa", roles={"receptionist"}, agency="H15.20")
    entry = submit(
        "H15-1", handed_in(agency="H15.10"), by=elsewhere, at=at, recorded_at=at, ground=other
    )
    dossier = begin(entry, other)
    for action, actor in (("receive", elsewhere), ("arrive", who("receptionist"))):
        entry = decide(dossier, action, by=actor, at=at, ground=other)
        dossier = apply(dossier, entry, other)
    assert (entry.clock, entry.promise) == (clock, None)
    assert [mark.kind for mark in dossier.marks] == ["start"] * starts
    assert (dossier.received_at, dossier.counter) == (at, "H15.20")


def test_a_corrected_area_is_promised_what_the_law_adds_once_the_time_runs() -> None:
    """Before the receipt the printed limit, after it the extended one, as with the receipt itself.

    Ten working days more in mountainous, border, island and hard communes (Nghị định
    151/2025/NĐ-CP, Phụ lục II).
    """
    other = Ground.of(ground().revision, shipped_rules("land", on=START.date()), ground().calendar)
    dossier, limits = begin(first(), other), []
    for action, changes in (
        ("correct", {"area": "hard_area"}), ("receive", {}), ("correct", {"area": ""}),
        ("correct", {"area": "hard_area"}),
    ):  # fmt: skip
        entry = decide(
            dossier, action, by=who("receptionist"), at=START, ground=other, changes=changes,
            note="x",
        )  # fmt: skip
        dossier = apply(dossier, entry, other)
        assert entry.promise is not None
        limits.append(entry.promise.limit)
    longer = "10 working_day + 10 working_day"
    assert limits == ["10 working_day", longer, "10 working_day", longer]
