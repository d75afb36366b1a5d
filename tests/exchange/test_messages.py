"""Messages: what they say of an entry, what they never say, and that others can read them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from desks import Desk
from igate.dossiers.standing import Standing
from igate.errors import JournalError, MessageError, MomentError
from igate.exchange import TYPES, Message, cloudevent, message_of, read_message
from igate.law.localtime import parse_local
from igate.testing.journals import NINE, first_entry, following, standing_after

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "messages.md"
CODE = "H15.10-260820-0001"
SOURCE = "urn:igate:H15"
ENTRY = first_entry(CODE)


def message(**changed: Any) -> Message:  # noqa: ANN401 - any field
    plain = message_of(ENTRY, standing_after(ENTRY), source=SOURCE)
    return structs.replace(plain, **changed)


def schema() -> dict[str, Any]:
    """Return the schema that the reference page shows."""
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    shown: dict[str, Any] = json.loads(found[1])
    return shown


def test_a_message_has_the_attributes_that_cloudevents_asks_for() -> None:
    """Written by hand from the specification 1.0.2, with subject, time and sequence."""
    found = json.loads(cloudevent(message()))
    data = found.pop("data")
    assert found == {
        "specversion": "1.0",
        "id": "H15.10-260820-0001/1",
        "source": "urn:igate:H15",
        "type": "vn.igate.dossier.submitted",
        "subject": "H15.10-260820-0001",
        "time": "2026-08-20T09:00:00+07:00",
        "sequence": "0000000001",
        "datacontenttype": "application/json",
    }
    assert data["due_at"] == "2026-08-27T09:00:00+07:00"
    assert data["finished_at"] is None


def test_the_library_of_cloudevents_reads_what_igate_writes() -> None:
    """Its reader is the oracle: attributes, the moment, the extension and the data."""
    read = JSONFormat().read(None, cloudevent(message()))
    assert read.get_specversion() == "1.0"
    assert read.get_id() == "H15.10-260820-0001/1"
    assert read.get_source() == "urn:igate:H15"
    assert read.get_type() == "vn.igate.dossier.submitted"
    assert read.get_subject() == CODE
    assert read.get_time() == NINE
    assert read.get_time().utcoffset() == timedelta(hours=7)
    assert read.get_extension("sequence") == "0000000001"
    assert read.get_data()["procedure"] == "1.001806"


def test_a_message_is_read_back_as_it_was_written() -> None:
    """What waits to be sent is the message itself, not something like it."""
    assert read_message(cloudevent(message())) == message()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_WORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(
    words=st.tuples(_WORD, _WORD, _WORD, _WORD),
    sequence=st.integers(1, 10**10 - 1),
    minutes=st.integers(0, 10**7),
    data=st.dictionaries(st.text(), _JSON, max_size=4),
)
def test_any_message_that_can_be_made_is_read_back_and_read_by_others(
    words: tuple[str, str, str, str], sequence: int, minutes: int, data: dict[str, Any]
) -> None:
    """By igate as it was, and by the library of CloudEvents with the same data."""
    made = Message(
        id=words[0], source=words[1], type=words[2], subject=words[3], sequence=sequence,
        time=NINE + timedelta(minutes=minutes), data=data,
    )  # fmt: skip
    content = cloudevent(made)
    assert read_message(content) == made
    assert JSONFormat().read(None, content).get_data() == data


def test_the_data_are_those_of_the_schema_on_the_reference_page() -> None:
    """Each entry of a whole course fits; a key that is not described would be refused."""
    jsonschema.Draft202012Validator.check_schema(schema())
    desk = whole_course()
    for each in messages(desk):
        jsonschema.validate(json.loads(cloudevent(each))["data"], schema())


def test_the_page_lists_every_type_and_no_other() -> None:
    """A receiver can rely on the table."""
    listed = re.findall(r"^\| `(vn\.igate\.[a-z.]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert tuple(listed) == TYPES


def messages(desk: Desk) -> list[Message]:
    """Return the message of each entry, with the standing as it was after it."""
    journal = desk.office.journal(desk.code)
    standings = [
        Standing.of(desk.office.replay(journal[:seq])) for seq in range(1, len(journal) + 1)
    ]
    return [
        message_of(entry, standing, source=SOURCE)
        for entry, standing in zip(journal, standings, strict=True)
    ]


def whole_course() -> Desk:
    """Take a dossier through a wait, an apology and a correction to its hand-over."""
    desk = Desk()
    desk.to_step(3)
    desk.act("take", "officer")
    desk.act("ask_supplement", "officer", note="Thiếu bản vẽ")
    desk.at("2026-03-03T09:00")
    desk.act("supplement", "applicant")
    desk.act(
        "apologise", "head_of_section", due=parse_local("2026-03-25T17:00"), note="Nhiều hồ sơ"
    )
    desk.act("correct", "receptionist", changes={"applicant": "Bà An Bình"}, note="Sai tên")
    desk.act("forward", "head_of_section")
    desk.act("forward", "officer")
    desk.act("finish", "leader")
    desk.act("return_result", "receptionist")
    return desk


def test_the_type_says_what_an_entry_did() -> None:
    """One course with its waits, and the two ends that it has not."""
    steps = [each.type.removeprefix("vn.igate.dossier.") for each in messages(whole_course())]
    assert steps == [
        "submitted", "received", "moved", "moved", "noted", "suspended", "resumed", "rescheduled",
        "corrected", "moved", "moved", "finished", "returned",
    ]  # fmt: skip
    rejected = Desk()
    rejected.act("reject", "receptionist", note="Không thuộc thẩm quyền")
    assert messages(rejected)[-1].type == "vn.igate.dossier.rejected"
    stopped = Desk()
    stopped.to_step(3)
    stopped.act("withdraw", "applicant", note="Thôi")
    stopped.act("confirm_withdrawal", "receptionist")
    assert messages(stopped)[-1].type == "vn.igate.dossier.stopped"
    recalled = Desk()
    recalled.to_step(2)
    recalled.act("forward", "head_of_section")
    recalled.act("recall", "head_of_section", note="Nhầm")
    last = messages(recalled)[-1]
    assert (last.type, last.data["supersedes"]) == ("vn.igate.dossier.corrected", 4)


def test_a_later_start_is_not_a_second_receipt() -> None:
    """A dossier received at another counter counts from its arrival (Decree 309/2026)."""
    entry = structs.replace(following(ENTRY), clock="start", reason="arrival")
    assert message_of(entry, standing_after(entry), source=SOURCE).type.endswith(".restarted")


def test_a_correction_of_the_registration_is_one_without_superseding_anything() -> None:
    """Each entry that changes what is registered."""
    entry = structs.replace(following(ENTRY), changes={"case": "urgent"})
    assert message_of(entry, standing_after(entry), source=SOURCE).type.endswith(".corrected")


def test_what_happens_to_a_result_after_its_hand_over_is_no_second_hand_over() -> None:
    """A permit that is revoked keeps the national status 10."""
    entry = following(ENTRY, "revoked")
    handed_over = structs.replace(standing_after(entry), national_status=10, returned_at=NINE)
    assert message_of(entry, handed_over, source=SOURCE).type.endswith(".moved")
    now = structs.replace(handed_over, returned_at=entry.happened_at)
    assert message_of(entry, now, source=SOURCE).type.endswith(".returned")


def test_a_date_that_an_announcement_has_moved_is_rescheduled() -> None:
    """The entry ``recount`` changes nothing but the date."""
    entry = structs.replace(following(ENTRY, "submitted"), action="recount")
    assert message_of(entry, standing_after(entry), source=SOURCE).type.endswith(".rescheduled")


#: Letters that occur in no code, word, moment or key of a message.
_PERSONAL = st.text("αβγδεζηθικλμνξоπρςστυφχψωẮẶỗữ", min_size=3, max_size=30)


@given(st.lists(_PERSONAL, min_size=12, max_size=12, unique=True))
def test_no_text_of_a_person_is_in_a_message(texts: list[str]) -> None:
    """Neither as it is nor escaped: name, ids, note, facts, contacts, representatives, actor."""
    name, account, helper, note, fact, actor, principal, key, reason, assignee, area, case = texts
    entry = structs.replace(
        following(ENTRY),
        note=note,
        actor=actor,
        on_behalf=principal,
        key=key,
        reason=reason,
        assignee=assignee,
        facts={"phone": fact, "applicant": name},
        changes={"applicant": name, "applicant_id": account, "representatives": helper},
    )
    standing = structs.replace(
        standing_after(entry), applicant=name, assignee=assignee, area=area, case=case
    )
    content = cloudevent(message_of(entry, standing, source=SOURCE))
    plain = json.dumps(json.loads(content), ensure_ascii=False)
    assert [text for text in texts if text in plain or text.encode() in content] == []
    assert content.isascii()


def test_the_actor_of_a_real_course_is_in_no_message() -> None:
    """Names and reasons of a course through the desk stay at the desk."""
    content = b"".join(cloudevent(each) for each in messages(whole_course())).decode()
    private = ("An", "Bình", "Thiếu", "Nhiều", "Sai", "officer", "receptionist")
    assert [word for word in private if word in content] == []


def test_the_sequences_of_one_dossier_have_the_order_of_their_entries() -> None:
    """As texts, which is how CloudEvents compares them."""
    found = [json.loads(cloudevent(message(sequence=number)))["sequence"] for number in (9, 10, 99)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ""},
        {"source": "urn:igate:Đà Nẵng"},
        {"source": "urn:igate H15"},
        {"type": "x\n"},
        {"subject": "x" * 1001},
        {"sequence": 0},
        {"sequence": 10**10},
        {"sequence": True},
    ],
    ids=str,
)
def test_a_message_that_no_cloudevent_can_say_is_refused(changed: Mapping[str, object]) -> None:
    """When it is made, not when it is sent."""
    with pytest.raises(MessageError):
        message(**changed)


def test_the_time_of_a_message_is_vietnamese() -> None:
    """As in the journal: a moment without a zone, or of another one, is refused."""
    for moment in (datetime(2026, 8, 20, 9), datetime(2026, 8, 20, 9, tzinfo=UTC)):  # noqa: DTZ001
        with pytest.raises(MomentError):
            message(time=moment)


@pytest.mark.parametrize(
    "data",
    [{"a": float("nan")}, {"a": "\ud800"}, {1: "a"}, {"a": b"x"}, {"a": object()}, {"a": (1,)}],
    ids=["not a number", "surrogate", "number as key", "bytes", "object", "tuple"],
)
def test_data_that_would_be_read_as_something_else_are_refused(data: Any) -> None:  # noqa: ANN401
    """JSON has no such value, or a receiver would get another one."""
    with pytest.raises(MessageError, match="cannot be written as JSON"):
        cloudevent(message(data=data))


def test_a_message_of_more_than_64_kib_is_refused() -> None:
    """A receiver of CloudEvents need not take it; at the limit it is taken."""
    empty = len(cloudevent(message(data={"a": ""})))
    assert len(cloudevent(message(data={"a": "x" * (65536 - empty)}))) == 65536
    with pytest.raises(MessageError, match="65537 bytes"):
        cloudevent(message(data={"a": "x" * (65537 - empty)}))


def test_a_standing_of_another_entry_is_refused() -> None:
    """A message would say what never was."""
    with pytest.raises(JournalError):
        message_of(following(ENTRY), standing_after(ENTRY), source=SOURCE)


@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["specversion", "id", "source", "type", "subject", "time", "data"]),
                inner,
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_what_is_no_message_is_refused_with_an_error_of_igate(content: bytes) -> None:
    """Whatever the bytes are."""
    with pytest.raises(MessageError):
        read_message(content)


def test_a_sequence_without_its_zeros_is_refused() -> None:
    """Its text would not have the order of its number."""
    content = cloudevent(message()).replace(b"0000000001", b"1")
    with pytest.raises(MessageError, match="10 digits"):
        read_message(content)
    with pytest.raises(MessageError, match="At most 65536"):
        read_message(b" " * 65537)
