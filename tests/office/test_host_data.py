"""What a host keeps with a dossier, what of it is personal, and how that is erased."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desks import CODE, Desk, catalogue, procedure
from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.errors import (
    ActionRefused,
    BlobMissing,
    IgateError,
    NotPermitted,
    OutputError,
    PaymentRefused,
    StoreConflict,
    TextError,
    UnknownDossier,
)
from igate.exchange.blobs import FolderBlobs
from igate.exchange.payments import PaymentNotice
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from pathlib import Path

    from igate.office.store import DossierStore

#: texts by which somebody is known; made up
NAME, IDENTITY, PHONE = "Nguyễn Thị Ánh", "079203001234", "0903 123 456"
HELPER, WORDS = "079203009999", "Tôi nộp thay mẹ tôi"
PERSONAL = (NAME, IDENTITY, PHONE, HELPER, WORDS)
CLERK = Actor("r", roles={"receptionist"}, agency="H15.10")


class Portal:
    """A desk on a store, with files and a clock of the test."""

    def __init__(self, store: DossierStore, folder: Path) -> None:
        self.store, self.blobs = store, FolderBlobs(folder / "files")
        self.clock = SimulatedClock(parse_local("2026-03-02T09:00"))
        self.office = OneStop(
            store, agency="H15", catalog=catalogue(procedure()), blobs=self.blobs,
            calendar=WorkCalendar.vietnam(provisional=True), clock=self.clock,
        )  # fmt: skip

    def handed_in(self, **more: object) -> str:
        given = {
            "applicant": NAME, "applicant_id": IDENTITY, "representatives": [HELPER],
            "channel": "online", "agency": "H15.10", "note": WORDS,
            "references": {"portal": "G22.99.1-260302-0001"}, "contacts": {"phone": PHONE},
        }  # fmt: skip
        return self.office.submit(CODE, **(given | more)).code  # type: ignore[arg-type]

    def act(self, code: str, action: str, role: str, **more: object) -> None:
        who = Actor(role, roles={role}, agency="H15.10")
        self.office.act(code, action, by=who, **more)  # type: ignore[arg-type]

    def ended(self) -> str:
        code = self.handed_in()
        self.act(code, "receive", "receptionist")
        self.act(code, "transfer", "receptionist")
        for role in ("head_of_section", "officer"):
            self.act(code, "forward", role)
        self.act(code, "finish", "leader")
        self.act(code, "return_result", "receptionist")
        return code


@pytest.fixture
def portal(each_store: DossierStore, tmp_path: Path) -> Portal:
    """Return a portal on each kind of store."""
    return Portal(each_store, tmp_path)


def test_what_is_handed_in_with_a_dossier_is_kept(portal: Portal) -> None:
    """References, contacts and a note; the last one of a kind counts."""
    code = portal.handed_in()
    office = portal.office
    assert office.references(code) == {"portal": "G22.99.1-260302-0001"}
    assert office.contacts(code) == {"phone": PHONE}
    assert office.journal(code)[0].note == WORDS
    office.refer(code, {"portal": "G22-2", "bưu chính": "EA123456789VN"})
    office.set_contacts(code, {"email": "anh@example.vn"})
    assert office.references(code) == {"bưu chính": "EA123456789VN", "portal": "G22-2"}
    assert office.contacts(code) == {"email": "anh@example.vn", "phone": PHONE}
    for found in (
        office.search(reference="EA123456789VN"), office.search(person="nguyen thi"),
        office.search(person="Ánh"), office.search(person=IDENTITY), office.search(person=HELPER),
    ):  # fmt: skip
        assert [each.code for each in found.dossiers] == [code]
    assert office.search(reference="G22.99.1-260302-0001").dossiers == ()
    assert office.search(person="thi anh").dossiers == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"contacts": {"fax": "1"}}, "no contact 'fax'"),
        ({"references": {"portal": ""}}, "A reference"),
        ({"contacts": {"phone": "\u202e123"}}, "U\\+202E"),
        ({"note": "a\x00b"}, "U\\+0000"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    portal: Portal, more: dict[str, object], words: str
) -> None:
    """Before a number is given."""
    with pytest.raises(TextError, match=words):
        portal.handed_in(**more)
    assert portal.store.count() == 0
    assert portal.handed_in() == "H15.10-260302-0001"


def test_a_file_is_kept_by_its_digest(portal: Portal) -> None:
    """The digest is that of the bytes; what is not there is said."""
    code = portal.handed_in()
    scan = b"%PDF-1.7 gi\xe1\xba\xa5y"
    first = portal.office.attach(code, "giấy khai sinh.pdf", scan, signature="valid")
    second = portal.office.attach(code, "ảnh.jpg", b"jpeg")
    assert (first.number, first.digest, first.size) == (1, hashlib.sha256(scan).hexdigest(), 15)
    assert portal.office.attachments(code) == (first, second)
    assert portal.office.read_attachment(first) == scan
    portal.blobs.delete(second.digest)
    with pytest.raises(BlobMissing):
        portal.office.read_attachment(second)
    with pytest.raises(UnknownDossier):
        portal.office.attach("H15.10-260302-0404", "x", b"")
    with pytest.raises(TextError, match="cannot be 'good'"):
        portal.office.attach(code, "x", b"", signature="good")  # type: ignore[arg-type]


def test_a_desk_without_a_store_of_files_says_so() -> None:
    """And how to open it with one."""
    desk = Desk()
    with pytest.raises(OutputError, match="blobs=FolderBlobs"):
        desk.office.attach(desk.code, "x.pdf", b"")


def notice(code: str, reference: str = "GW-1", **more: object) -> PaymentNotice:
    given = {
        "reference": reference, "dossier": code, "item": "le-phi", "amount": 8_000,
        "moment": parse_local("2026-03-02T10:00"), "channel": "card", "outcome": "paid",
    }  # fmt: skip
    return PaymentNotice(**(given | more))  # type: ignore[arg-type]


def test_a_payment_counts_once_however_often_it_is_reported(portal: Portal) -> None:
    """The dossier goes on by it; a second notice changes nothing, another one is refused."""
    code = portal.handed_in()
    portal.act(code, "receive", "receptionist")
    portal.act(code, "transfer", "receptionist")
    portal.act(code, "ask_payment", "head_of_section")
    portal.clock.moment = parse_local("2026-03-02T10:05")
    assert portal.office.pay(notice(code, "GW-0", outcome="failed")).outcome == "failed"
    assert portal.office.get(code).state == "awaiting_payment_2"
    for _ in range(3):
        paid = portal.office.pay(notice(code))
    assert (paid.reference, paid.amount) == ("GW-1", 8_000)
    dossier = portal.office.get(code)
    assert (dossier.state, dossier.facts["fee_receipt"]) == ("processing_2", "GW-1")
    assert [each.action for each in portal.office.journal(code)].count("pay") == 1
    with pytest.raises(StoreConflict, match="reported otherwise"):
        portal.office.pay(notice(code, amount=9_000))
    assert [each.reference for each in portal.office.payments(code)] == ["GW-0", "GW-1"]
    # paid again by another reference: kept, for somebody has to pay it back
    assert portal.office.pay(notice(code, "GW-2")).reference == "GW-2"
    assert len(portal.office.payments(code)) == 3
    with pytest.raises(UnknownDossier):
        portal.office.pay(notice("H15.10-260302-0404", "GW-3"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"amount": 0}, "amount of the notice is '0'"),
        ({"amount": -5}, "amount of the notice is '-5'"),
        ({"amount": 5.5}, "amount of the notice is '5.5'"),
        ({"amount": True}, "amount of the notice is 'True'"),
        ({"amount": 10**20}, "amount of the notice is '1000"),
        ({"outcome": "ok"}, "outcome of the notice is 'ok'"),
        ({"moment": parse_local("2030-01-01T00:00")}, "of 2030-01-01"),
    ],
)
def test_what_no_gateway_can_have_said_is_not_kept(
    portal: Portal, said: dict[str, object], words: str
) -> None:
    """A verifier of the host may have let it through; the desk looks again, and writes nothing."""
    code = portal.handed_in()
    with pytest.raises(PaymentRefused, match=words):
        portal.office.pay(notice(code, **{"moment": portal.clock.moment} | said))  # type: ignore[arg-type]
    assert portal.office.payments(code) == ()


def test_what_a_payment_was_for_is_a_text(portal: Portal) -> None:
    """And so is the way of it; neither is kept as nothing."""
    code = portal.handed_in()
    for name in ("reference", "item", "channel"):
        with pytest.raises(TextError):
            portal.office.pay(notice(code, **{"moment": portal.clock.moment, name: " "}))  # type: ignore[arg-type]
    assert portal.office.payments(code) == ()


def test_who_may_read_a_dossier(portal: Portal) -> None:
    """Its applicant and representatives, its agency and those above and below; nobody else."""
    code = portal.handed_in()
    for by in (
        Actor(IDENTITY, roles={"applicant"}), Actor(HELPER, roles={"applicant"}),
        CLERK, Actor("p", roles={"leader"}, agency="H15"),
        Actor("x", roles={"officer"}, agency="H15.10.3"),
    ):  # fmt: skip
        assert portal.office.get(code, by=by).code == code
        assert len(portal.office.journal(code, by=by)) == 1
    for by in (
        Actor("079203005555", roles={"applicant"}), Actor("y", roles={"officer"}, agency="H15.11"),
        Actor("z", roles={"officer"}, agency="H16"), Actor("w", roles={"officer"}),
    ):  # fmt: skip
        with pytest.raises(NotPermitted, match="may not read"):
            portal.office.get(code, by=by)
        assert portal.office.search(by=by).dossiers == ()
    for by in (CLERK, Actor("p", roles={"leader"}, agency="H15"),
               Actor(HELPER, roles={"applicant"})):  # fmt: skip
        assert [each.code for each in portal.office.search(by=by).dossiers] == [code]
        assert [each.code for each in portal.office.dossiers(by=by)] == [code]


def test_no_text_of_a_person_is_shown_unasked(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in reprs, errors, logs or messages."""
    caplog.set_level(logging.DEBUG)
    code = portal.handed_in()
    office = portal.office
    shown = [repr(office.get(code)), repr(office.journal(code)), repr(list(office.dossiers()))]
    shown += [repr(office.worklist(role="receptionist")), repr(office.search(person=NAME))]
    shown += [repr(office.store.latest(code))]
    for attempt in (
        lambda: office.act(code, "receive", by=Actor(IDENTITY, roles={"applicant"})),
        lambda: office.act(code, "nhận", by=Actor(IDENTITY, roles={"applicant"})),
        lambda: office.act(
            code, "receive", by=Actor(IDENTITY, roles={"receptionist"}, agency="H15.10")
        ),
        lambda: office.act(code, "withdraw", by=Actor(HELPER, roles={"applicant"}), seq=9),
        lambda: portal.handed_in(applicant_id=f"{IDENTITY}\n"),
        lambda: portal.handed_in(by=Actor(PHONE, roles={"applicant"})),
        lambda: portal.handed_in(channel="fax"),
    ):  # fmt: skip
        with pytest.raises(IgateError) as refused:
            attempt()
        shown.append(str(refused.value))
    shown.append(caplog.text)
    for text in PERSONAL:
        assert [each for each in shown if text in each] == []


def test_erasing_leaves_the_journal_whole(portal: Portal) -> None:
    """No text of a person is left in any table; everything that was decided is still there."""
    code = portal.ended()
    other = portal.handed_in()
    portal.office.attach(code, f"đơn của {NAME}.pdf", b"pdf")
    before = portal.office.get(code)
    with pytest.raises(ActionRefused, match="still worked on"):
        portal.office.erase(other, by=CLERK, basis="Văn bản 12/2026")
    after = portal.office.erase(code, by=CLERK, basis="Văn bản 12/2026")
    assert (after.seq, after.state, after.deadline) == (
        before.seq + 1, before.state, before.deadline,
    )  # fmt: skip
    journal = portal.office.journal(code)
    assert (journal[-1].action, journal[-1].note) == ("erase_people", "Văn bản 12/2026")
    everything = [after.submission.applicant, after.submission.applicant_id, journal[0].note]
    everything += [
        str(dict(journal[0].facts)),
        journal[0].actor,
        portal.store.standing(code).applicant,
    ]
    everything += [str(portal.office.contacts(code)), str(portal.office.references(code))]
    everything += [each.name for each in portal.office.attachments(code)]
    for text in PERSONAL:
        assert [each for each in everything if text in each] == []
    assert [each.code for each in portal.office.search(person=NAME).dossiers] == [other]
    # names are told apart although they are gone
    assert after.submission.applicant != after.submission.applicant_id
    assert portal.office.get(other).applicant == NAME


def test_who_is_named_later_does_not_take_the_place_of_an_erased_name(portal: Portal) -> None:
    """A result is found wrong after the erasure: the dossier is opened again, and somebody acts."""
    code = portal.ended()
    portal.office.erase(code, by=CLERK, basis="Văn bản 12/2026")
    erased = portal.office.get(code)
    portal.act(code, "correct_result", "leader", note="in nhầm số")
    changes = {"applicant": "Trần Văn Bình", "applicant_id": "079203007777"}
    portal.office.act(code, "correct", by=CLERK, changes=changes, note="nhầm tên")
    helped = Actor("079203007777", roles={"applicant"})
    portal.office.act(code, "withdraw", by=helped, note="không cần nữa")
    journal = portal.office.journal(code)
    assert journal[-1].actor == "079203007777"
    assert (portal.office.get(code).applicant, portal.store.standing(code).applicant) == (
        "Trần Văn Bình", "Trần Văn Bình",
    )  # fmt: skip
    first = journal[0]
    assert first.facts["applicant"] == erased.submission.applicant
    assert "Bình" not in str(dict(first.facts)) + first.actor + first.note


def test_a_pseudonym_keeps_the_dossiers_of_one_person_together(portal: Portal) -> None:
    """Given by the host, for example by a keyed hash; what was searched is no longer found."""
    codes = [portal.ended(), portal.ended()]
    for code in codes:
        portal.office.erase(
            code, by=CLERK, basis="Nghiên cứu", pseudonym=lambda text: f"P{len(text)}"
        )
    assert {portal.office.get(code).applicant for code in codes} == {f"P{len(NAME)}"}
    assert portal.office.search(person=NAME).dossiers == ()


def test_the_file_itself_holds_no_erased_text(tmp_path: Path) -> None:
    """After SQLite has put the file in order; the host does that when it erases."""
    path = tmp_path / "office.db"
    with SqlStore.open(f"sqlite:///{path}", create=True) as store:
        portal = Portal(store, tmp_path)
        code = portal.ended()
        portal.office.erase(code, by=CLERK, basis="Văn bản 12/2026")
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM")
    content = path.read_bytes()
    for text in PERSONAL:
        assert text.encode() not in content
