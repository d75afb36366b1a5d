"""The public types, used as a host uses them: read by mypy, never run.

A change here is a change that every host sees.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_type

from igate import (
    VIETNAM,
    Actor,
    Catalog,
    Deadline,
    Dossier,
    Entry,
    OneStop,
    Revision,
    TimeLimit,
    WorkCalendar,
)
from igate.dossiers.progress import Visit
from igate.dossiers.standing import Standing
from igate.exchange import (
    Blob,
    BlobStore,
    Delivery,
    FolderBlobs,
    HmacVerifier,
    HttpSink,
    PaymentNotice,
    PaymentVerifier,
    PortalProfile,
    PortalSink,
    Record,
    Sink,
    message_of,
)


def a_host_works_a_dossier() -> None:
    """Every value of the ordinary way has a type that says what it is."""
    office = OneStop.open("sqlite://", catalog=Catalog.shipped(), agency="H15")
    assert_type(office, OneStop)
    moment = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
    dossier = office.submit("1.001806", applicant="Công ty A", channel="online", at=moment)
    assert_type(dossier, Dossier)
    actor = Actor("officer-17", roles={"receptionist"}, agency="H15.10")
    assert_type(office.act(dossier.code, "receive", by=actor), Dossier)
    assert_type(office.journal(dossier.code), tuple[Entry, ...])
    assert_type(office.progress(dossier.code), tuple[Visit, ...])
    assert_type(dossier.deadline, Deadline | None)
    assert_type(dossier.finished_at, datetime | None)
    if dossier.deadline is not None:
        assert_type(dossier.deadline.due, datetime | None)
        assert_type(dossier.deadline.explain("vi"), str)


def a_host_asks_for_the_law_of_a_day() -> None:
    """A revision and a calendar answer for a day, and say so in their types."""
    assert_type(Catalog.shipped().in_force("1.001806", on=date(2026, 8, 20)), Revision)
    assert_type(TimeLimit.parse("7 working_day"), TimeLimit)
    assert_type(WorkCalendar.vietnam().add(date(2026, 8, 20), 7), date)


def a_host_connects_other_systems(entry: Entry, dossier: Dossier) -> None:
    """What the library brings fits the protocols that a host may fill itself."""
    sink: Sink = HttpSink("https://example.vn")
    standing = Standing.of(dossier)
    assert_type(sink.deliver(message_of(entry, standing, source="urn:igate:H15")), Delivery)
    files: BlobStore = FolderBlobs("files")
    assert_type(files.put(b"abc"), Blob)
    verifier: PaymentVerifier = HmacVerifier(secret=b"0123456789abcdef")
    assert_type(verifier.verify({}), PaymentNotice)
    profile = PortalProfile.shipped()
    record = profile.dossier(standing, [entry], agency_name="Sở A")
    assert_type(record, Record)
    portal = PortalSink("https://example.vn", profile, session=lambda: "")
    assert_type(portal.send([record]), tuple[Delivery, ...])
