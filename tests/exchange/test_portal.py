"""Records for the portal: what is in them, what is missing, and a rehearsal with a bad portal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import igate.exchange
from desks import Desk
from hostile_server import Hostile, answering, closed_port, dripping, silent
from igate.dossiers.standing import Standing
from igate.errors import (
    DefinitionError,
    DestinationError,
    IgateError,
    JournalError,
    MomentError,
    PortalError,
)
from igate.exchange import DELIVERED, Delivery, PortalProfile, PortalSink
from igate.testing.journals import first_entry, following, standing_after

if TYPE_CHECKING:
    import socket

    from hostile_server import Request
    from igate.exchange import Record

SHIPPED = Path(igate.exchange.__file__).parent / "vn" / "portal-2025.yaml"
PROFILE = PortalProfile.shipped()
#: What the journal does not say, and the mapping asks for.
HOST: dict[str, Any] = {
    "procedure_name": "Thủ tục ví dụ",
    "field_code": "TEST",
    "field_name": "Thử",
    "identity_number": "001099000001",
    "person_kind": "citizen",
    "person_code": "an",
    "return_form": "0",
    "agency_name": "Sở Ví dụ",
    "place_of_submission": "1",
    "digitised": False,
    "verified_account": True,
    "online_payment": "none",
    "identities": [{"kind": "personal_number", "number": "001099000001"}],
    "databases": [],
}


def record_of(desk: Desk, profile: PortalProfile = PROFILE, **changed: object) -> Record:
    """Write the record of the dossier of a desk as it is now."""
    standing = Standing.of(desk.dossier)
    return profile.dossier(standing, desk.office.journal(desk.code), **{**HOST, **changed})


def received() -> Desk:
    """Return a desk whose dossier was received on Monday 2 March 2026 at 09:30."""
    desk = Desk()
    desk.at("2026-03-02T09:30")
    desk.act("receive", "receptionist")
    return desk


def profile_with(tmp_path: Path, *changes: tuple[str, str]) -> PortalProfile:
    """Read a copy of the shipped file with some texts replaced."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "copy.yaml"
    path.write_text(text, encoding="utf-8")
    return PortalProfile.read(path)


# records


def test_a_record_says_what_the_journal_says_in_the_words_of_the_portal() -> None:
    """By hand: ten working days from Monday 2 March 2026 end on Monday 16 March at 17:00."""
    desk = received()
    assert record_of(desk) == {
        "MaHoSo": desk.code,
        "MaTTHC": "9.000001",
        "TenTTHC": "Thủ tục ví dụ",
        "MaLinhVuc": "TEST",
        "TenLinhVuc": "Thử",
        "KenhThucHien": "1",
        "SoGiayToChuHoSo": "001099000001",
        "ChuHoSo": "Bà An",
        "LoaiDoiTuong": "0",
        "MaDoiTuong": "an",
        "NgayNopHoSo": "20260302090000",
        "NgayTiepNhan": "20260302093000",
        "NgayHenTra": "20260316170000",
        "TrangThaiHoSo": "2",
        "HinhThuc": "0",
        "DonViXuLy": "Sở Ví dụ",
        "NoiNopHoSo": "1",
        "HoSoCoThanhPhanSoHoa": "0",
        "TaiKhoanDuocXacThucVoiVNeID": "1",
        "DuocThanhToanTrucTuyen": "0",
        "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "001099000001"}],
        "DSKetNoiCSDL": [],
        "DanhSachHoSoBoSung": [],
    }


def test_the_whole_course_is_in_the_record() -> None:
    """A supplement asked for and handed in, the finish and the hand-over; a second wait is open."""
    desk = received()
    desk.act("transfer", "receptionist")
    desk.act("forward", "head_of_section")
    desk.at("2026-03-03T10:00")
    desk.act("ask_supplement", "officer", note="Thiếu bản vẽ")
    [asked] = record_of(desk)["DanhSachHoSoBoSung"]
    assert asked == {
        "HoSoBoSungId": "1",
        "NguoiYeuCauBoSung": "officer",
        "NoiDungBoSung": "Thiếu bản vẽ",
        "NgayBoSung": "20260303100000",
        "TrangThaiBoSung": "0",
    }
    desk.at("2026-03-04T08:00")
    desk.act("supplement", "applicant", note="Đã nộp")
    [answered] = record_of(desk)["DanhSachHoSoBoSung"]
    assert answered == asked | {
        "ThongTinTiepNhan": "Đã nộp", "NgayTiepNhanBoSung": "20260304080000",
        "TrangThaiBoSung": "1",
    }  # fmt: skip
    desk.act("forward", "head_of_section")
    desk.act("forward", "officer")
    desk.at("2026-03-05T08:00")
    desk.act("finish", "leader")
    record = record_of(desk)
    assert (record["NgayKetThucXuLy"], record["TrangThaiHoSo"]) == ("20260305080000", "9")
    assert "NgayTra" not in record
    desk.at("2026-03-06T08:00")
    desk.act("return_result", "receptionist")
    assert record_of(desk)["NgayTra"] == "20260306080000"


def test_a_request_that_was_taken_back_is_none() -> None:
    """The entry that takes it back supersedes it; what was asked for after it counts."""
    first = first_entry("H15.10-260820-0001")
    asked = structs.replace(following(first), clock="suspend", reason="supplement", note="Nhầm")
    undone = structs.replace(following(asked), clock="resume", supersedes=asked.seq)
    again = structs.replace(following(undone), clock="suspend", reason="supplement", note="Đúng")
    journal = [first, asked, undone, again]
    record = PROFILE.dossier(standing_after(again), journal, **HOST)
    assert [row["NoiDungBoSung"] for row in record["DanhSachHoSoBoSung"]] == ["Đúng"]


def test_a_refusal_and_a_withdrawal_have_their_moments() -> None:
    """A rejected dossier was never received, so the portal's required date is asked for."""
    desk = Desk()
    desk.at("2026-03-02T10:00")
    desk.act("reject", "receptionist", note="Không thuộc thẩm quyền")
    with pytest.raises(PortalError) as refused:
        record_of(desk)
    assert refused.value.fields == ("NgayTiepNhan",)
    stopped = received()
    stopped.act("transfer", "receptionist")
    stopped.at("2026-03-03T10:00")
    stopped.act("withdraw", "applicant", note="Thôi")
    stopped.act("confirm_withdrawal", "receptionist")
    record = record_of(stopped)
    assert (record["TrangThaiHoSo"], record["NgayKetThucXuLy"]) == ("8", "20260303100000")
    assert "NgayTuChoi" not in record


def test_a_rejected_dossier_has_the_moment_of_its_rejection(tmp_path: Path) -> None:
    """Where the destination does not ask for a receipt."""
    profile = profile_with(tmp_path, ("{from: received_at, required: true}", "{from: received_at}"))
    desk = Desk()
    desk.at("2026-03-02T10:00")
    desk.act("reject", "receptionist", note="Không thuộc thẩm quyền")
    record = record_of(desk, profile)
    assert (record["NgayTuChoi"], record["TrangThaiHoSo"]) == ("20260302100000", "3")


def test_everything_that_is_missing_is_named_at_once() -> None:
    """Who has to look values up goes once."""
    desk = received()
    standing = Standing.of(desk.dossier)
    with pytest.raises(PortalError) as refused:
        PROFILE.dossier(standing, desk.office.journal(desk.code))
    assert set(refused.value.fields) == {
        "TenTTHC", "MaLinhVuc", "TenLinhVuc", "SoGiayToChuHoSo", "LoaiDoiTuong", "MaDoiTuong",
        "HinhThuc", "DonViXuLy", "NoiNopHoSo", "HoSoCoThanhPhanSoHoa",
        "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "DinhDanhCHS", "DSKetNoiCSDL",
    }  # fmt: skip
    assert "TenTTHC has no value (pass procedure_name=…)" in str(refused.value)
    assert desk.code in str(refused.value)


def test_wrong_values_are_named_together_with_missing_ones() -> None:
    """Outside the map, blank, of another kind, in a row, and what nothing is made of."""
    with pytest.raises(PortalError) as refused:
        record_of(
            received(),
            person_kind="person",
            field_name=" ",
            phone=1.5,
            identities=[{"kind": "passport", "number": "C1", "nummer": "x"}],
            databases="CSDL",
            procedure_nam="x",
        )
    assert set(refused.value.fields) == {
        "LoaiDoiTuong", "TenLinhVuc", "SoDienThoai", "DinhDanhCHS[1].LoaiDinhDanh",
        "DinhDanhCHS[1].nummer", "DSKetNoiCSDL", "procedure_nam",
    }  # fmt: skip
    said = str(refused.value)
    assert "'person' is not in the map person (citizen, enterprise, household_business)" in said
    assert 'procedure_nam. Did you mean "procedure_name"?' in said


def test_a_foreign_moment_is_written_in_vietnamese_time() -> None:
    """17:30 in UTC is half past midnight of the next day; one without a zone is refused."""
    entry = received().office.journal("H15.10-260302-0001")[-1]
    moment = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    made = PROFILE.step(entry, national_status=2, officer_name="Lê Văn B", step_due_at=moment)
    assert made == {
        "MaHoSo": "H15.10-260302-0001",
        "NguoiXuLy": "Lê Văn B",
        "ThoiDiemXuLy": "20260302093000",
        "TrangThai": "2",
        "NgayKetThucTheoQuyDinh": "20260303003000",
    }
    naive = datetime(2026, 3, 2, 17, 30)  # noqa: DTZ001 - what is to be refused
    with pytest.raises(MomentError):
        PROFILE.step(entry, national_status=2, officer_name="B", step_due_at=naive)


def test_a_step_without_its_values_is_refused() -> None:
    """Who did it, and a status that the map knows."""
    entry = received().office.journal("H15.10-260302-0001")[-1]
    with pytest.raises(PortalError) as refused:
        PROFILE.step(entry, national_status=11)
    assert refused.value.fields == ("NguoiXuLy", "TrangThai")


def test_a_journal_that_does_not_lead_to_the_standing_is_refused() -> None:
    """Else dates of one dossier would be sent for another one."""
    desk = received()
    with pytest.raises(JournalError):
        PROFILE.dossier(Standing.of(desk.dossier), desk.office.journal(desk.code)[:1], **HOST)


def test_another_destination_has_another_file(tmp_path: Path) -> None:
    """Values, names and what is written where there is nothing, all without a change of code."""
    profile = profile_with(
        tmp_path,
        ('{citizen: "0", enterprise: "1", household_business: "2"}', '{citizen: "1"}'),
        ("absent: omit", "absent: empty"),
        ("    KenhThucHien: {from: channel, map: channel}", '    Kenh: {value: "9"}'),
    )
    record = record_of(received(), profile)
    assert (record["LoaiDoiTuong"], record["Kenh"], record["NgayTra"]) == ("1", "9", "")
    assert "KenhThucHien" not in record


@cache
def _known() -> Desk:
    return received()


@given(st.dictionaries(st.sampled_from([*HOST, "email", "x"]), st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(),
    st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2), max_size=2),
)))  # fmt: skip
def test_a_record_is_of_texts_or_is_not_made(host: dict[str, Any]) -> None:
    """Whatever the host passes."""
    try:
        record = record_of(_known(), **host)
    except PortalError:
        return
    for value in record.values():
        rows = value if isinstance(value, list) else [{"": value}]
        assert all(isinstance(text, str) for row in rows for text in row.values())


# the file


def test_the_shipped_file_says_that_it_is_not_confirmed() -> None:
    """In the profile, in what is shown of it, and at the top of the file."""
    assert not PROFILE.confirmed
    assert repr(PROFILE) == "PortalProfile('portal-2025', not confirmed)"
    assert "NOT CONFIRMED FOR 2026" in SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{from: code, required: true}\n    MaTTHC", "{from: cod}\n    MaTTHC", 'mean "code"'),
        ("LoaiDoiTuong: {host: person_kind, map: person,", "L: {host: a, map: persn,", "'persn'"),
        ("{host: email}", "{host: email, from: code}", "has 2 origins"),
        ("{host: email}", "{required: true}", "has 0 origins"),
        ("{host: email}", "{from: supplements}", "supplements is a list"),
        ("{host: email}", "{from: code, rows: {A: {host: a}}}", "can have rows"),
        ("SoDinhDanh: {host: number,", "SoDinhDanh: {from: number,", "no 'number' by itself"),
        ("  key: MaHoSo\n  fields:\n    MaHoSo: {from: code, required: true}\n    NguoiXuLy",
         "  key: Ma\n  fields:\n    MaHoSo: {from: code}\n    NguoiXuLy", "no field 'Ma'"),
        ("confirmed: false", "confirmed: perhaps", "does not fit"),
        ("absent: omit", "absent: leave", "not known here"),
        ('accepted: ["0"]', "accepted: [0]", "is not a text"),
        ("format: 1", "format: 2", "format"),
        ("fax}", "fax, requird: true}", "requird"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """With file, line and column, before anything is sent by it."""
    with pytest.raises(DefinitionError) as refused:
        profile_with(tmp_path, (old, new))
    assert said in str(refused.value)
    assert "copy.yaml:" in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path of the host, or a name of the library."""
    with pytest.raises(IgateError, match="no file or folder"):
        PortalProfile.read(tmp_path / "none.yaml")
    with pytest.raises(IgateError, match="cannot be read"):
        PortalProfile.shipped("portal-1999")


# the rehearsal


class Portal:
    """A portal on this machine that keeps records and answers as badly as it is told."""

    def __init__(self, *, listing: bool = False) -> None:
        self.listing = listing
        self.sessions: list[str] = []
        self.open: set[str] = set()
        self.kept: dict[str, Record] = {}
        self.batches: list[list[str]] = []
        #: codes of dossiers that it takes for wrong
        self.wrong: set[str] = set()

    def sign_in(self) -> str:
        self.sessions.append(f"session-{len(self.sessions) + 1}")
        self.open = {self.sessions[-1]}
        return self.sessions[-1]

    def __call__(self, connection: socket.socket, request: Request) -> None:
        body = json.loads(request.body)
        said = self.answer(body)
        content = json.dumps(said, ensure_ascii=False).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content)

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        self.batches.append([record["MaHoSo"] for record in body["data"]])
        if body["session"] not in self.open:
            return {"error_code": "-9", "message": "Phiên hết hạn"}
        codes = [self.take(record, body["isUpdating"] == "True") for record in body["data"]]
        if self.listing:
            listed = [
                {"MaHoSo": record["MaHoSo"], "error_code": code, "message": "Sai MaTTHC"}
                for record, code in zip(body["data"], codes, strict=True)
            ]
            return {"error_code": "0", "message": "", "ketQua": listed}
        bad = [code for code in codes if code != "0"]
        return {"error_code": bad[0] if bad else 0, "message": "Sai  MaTTHC" if bad else "OK"}

    def take(self, record: Record, updating: bool) -> str:  # noqa: FBT001 - as the portal is told
        code = str(record["MaHoSo"])
        if code in self.wrong:
            return "1"
        if code in self.kept and not updating:
            return "7"
        self.kept[code] = record
        return "0"


def records(count: int) -> list[Record]:
    """Return small records of dossiers."""
    return [{"MaHoSo": f"H15.10-260302-{number:04d}"} for number in range(1, count + 1)]


@pytest.fixture
def mapped(tmp_path: Path) -> PortalProfile:
    """Return the mapping with the codes that the rehearsing portal uses."""
    return profile_with(
        tmp_path, ("duplicate: []", 'duplicate: ["7"]'),
        ("session_expired: []", 'session_expired: ["-9"]'),
        ("  message: message", "  message: message\n  records: ketQua"),
    )  # fmt: skip


def sink_to(url: str, portal: Portal, profile: PortalProfile = PROFILE, **more: Any) -> PortalSink:  # noqa: ANN401
    options = {"timeout": 2.0, "agency": "H15", **more}
    return PortalSink(url, profile, session=portal.sign_in, insecure=True, **options)


def test_a_batch_that_is_taken_is_delivered() -> None:
    """Wrapped as the file says; one session for all batches."""
    portal = Portal()
    with Hostile(portal) as server:
        sink = sink_to(server.url, portal, batch=2)
        assert sink.send(records(5)) == (DELIVERED,) * 5
    assert [len(batch) for batch in portal.batches] == [2, 2, 1]
    assert portal.sessions == ["session-1"]
    body = json.loads(server.requests[0].body)
    assert {name: body[name] for name in body if name != "data"} == {
        "session": "session-1", "madonvi": "H15", "service": "DongBoHoSoMC", "isUpdating": "False",
    }  # fmt: skip


def test_a_real_record_arrives_as_it_was_written() -> None:
    """With its rows and its Vietnamese letters; a step goes to the other service."""
    portal, desk = Portal(), received()
    record = record_of(desk)
    step = PROFILE.step(
        desk.office.journal(desk.code)[-1], national_status=2, officer_name="Lê Văn B"
    )
    with Hostile(portal) as server:
        sink = sink_to(server.url, portal)
        assert sink.send([record]) == (DELIVERED,)
        assert portal.kept[desk.code] == record
        assert sink.send([step, step], kind="step", updating=True) == (DELIVERED,) * 2
    assert json.loads(server.requests[1].body)["service"] == "CapNhatTienDoHoSoMC"


def test_one_wrong_record_does_not_hold_up_the_others(mapped: PortalProfile) -> None:
    """The portal names it, or refuses the batch: then each is sent alone.

    Those that were taken the first time come as duplicates.
    """
    wrong = Delivery(outcome="refused", reason="error_code 1: Sai MaTTHC")
    for listing, batches in ((True, 1), (False, 6)):
        portal = Portal(listing=listing)
        portal.wrong = {"H15.10-260302-0003"}
        with Hostile(portal) as server:
            found = sink_to(server.url, portal, mapped).send(records(5))
        assert found == (DELIVERED, DELIVERED, wrong, DELIVERED, DELIVERED)
        assert len(portal.batches) == batches
        assert len(portal.kept) == 4


def test_what_the_portal_has_already_is_delivered(mapped: PortalProfile) -> None:
    """The answer was lost the first time; where the code is not in the file it is refused."""
    portal = Portal()
    with Hostile(portal) as server:
        sink = sink_to(server.url, portal, mapped)
        sink.send(records(2))
        assert sink.send(records(2)) == (DELIVERED,) * 2
        refused = sink_to(server.url, portal).send(records(1))
    assert refused == (Delivery(outcome="refused", reason="error_code 7: Sai MaTTHC"),)


def test_an_expired_session_is_renewed_once(mapped: PortalProfile) -> None:
    """And no oftener: a portal that never takes one is tried again later."""
    portal = Portal()
    with Hostile(portal) as server:
        sink = sink_to(server.url, portal, mapped)
        sink.send(records(1))
        portal.open.clear()
        assert sink.send(records(2)[1:]) == (DELIVERED,)
        assert portal.sessions == ["session-1", "session-2"]
        portal.sign_in = lambda: "never"  # type: ignore[method-assign]
        portal.open.clear()
        sink = sink_to(server.url, portal, mapped)
        before = len(portal.batches)
        late = Delivery(outcome="retry", reason="The portal takes no session.")
        assert sink.send(records(3)) == (late,) * 3
        assert len(portal.batches) == before + 2


def test_without_a_session_nothing_is_sent() -> None:
    """The sign-in said that there is none to be had now."""
    portal = Portal()
    with Hostile(portal) as server:
        sink = PortalSink(server.url, PROFILE, session=lambda: "", insecure=True)
        assert [each.outcome for each in sink.send(records(2))] == ["retry"] * 2
    assert server.requests == []


def test_a_status_401_is_an_expired_session_too() -> None:
    """Some systems between say it in HTTP."""
    portal = Portal()
    ok = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"error_code":"0"}'
    with Hostile(answering(401, ok)) as server:
        assert sink_to(server.url, portal).send(records(1)) == (DELIVERED,)
    assert portal.sessions == ["session-1", "session-2"]


HTML = "<!DOCTYPE html><html><body>Bảo trì hệ thống</body></html>"


@pytest.mark.parametrize(
    "body",
    [HTML, "", "[]", "null", '"0"', "[" * 100_000, '{"error_code":', "\x00"],
    ids=["HTML", "empty", "list", "null", "text", "deep", "cut off", "zero"],
)
def test_a_page_instead_of_json_is_tried_again_and_stops_the_rest(body: str) -> None:
    """Nobody knows whether the records arrived; the next batch is not thrown after it."""
    content = body.encode()
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    with Hostile(answering(answer)) as server:
        found = sink_to(server.url, Portal(), batch=2).send(records(4))
    assert [each.outcome for each in found] == ["retry"] * 4
    assert found[0].reason == "HTTP 200, but no JSON."
    assert found[3].reason == "Not sent: the portal failed before."
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "said",
    [{}, {"error_code": None}, {"error_code": True}, {"error_code": [0]}, {"code": "0"}],
    ids=str,
)
def test_an_answer_without_a_code_is_no_success(said: dict[str, Any]) -> None:
    """Nor is it a refusal: it is tried again."""
    content = json.dumps(said).encode()
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    with Hostile(answering(answer)) as server:
        found = sink_to(server.url, Portal()).send(records(2))
    reason = "The answer says nothing of this record."
    assert found == (Delivery(outcome="retry", reason=reason),) * 2
    assert len(server.requests) == 1


def test_of_a_record_that_the_answer_forgets_nothing_is_believed(mapped: PortalProfile) -> None:
    """Forgotten, named twice with two codes, and one that nobody has sent."""
    codes = [record["MaHoSo"] for record in records(4)]
    listed = [
        {"MaHoSo": codes[0], "error_code": "0"},
        {"MaHoSo": codes[1], "error_code": "0"},
        {"MaHoSo": codes[1], "error_code": "1", "message": "x" * 500},
        {"MaHoSo": codes[3], "error_code": "1"},
        {"MaHoSo": codes[3], "error_code": "0"},
        {"MaHoSo": "H15.10-000000-0000", "error_code": "0"},
        "nonsense",
    ]
    content = json.dumps({"error_code": "0", "ketQua": listed}).encode()
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    with Hostile(answering(answer)) as server:
        found = sink_to(server.url, Portal(), mapped).send(records(4))
    assert [each.outcome for each in found] == ["delivered", "refused", "retry", "refused"]
    assert len(found[1].reason) <= 220


def test_a_portal_that_fails_is_tried_again_later() -> None:
    """Silent, dripping, away, overloaded; the timeout is that of the whole batch."""
    with Hostile(silent) as server:
        found = sink_to(server.url, Portal(), timeout=0.5).send(records(2))
    assert found == (Delivery(outcome="retry", reason="No answer within 0.5 seconds."),) * 2
    drip = dripping(b"HTTP/1.1 200 OK\r\n\r\n{", b" ")
    with Hostile(drip) as server:
        found = sink_to(server.url, Portal(), timeout=0.5).send(records(1))
    assert found == (Delivery(outcome="retry", reason="No answer within 0.5 seconds."),)
    with closed_port() as url:
        assert sink_to(url, Portal()).send(records(1))[0].outcome == "retry"
    busy = "HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"
    with Hostile(answering(busy)) as server:
        found = sink_to(server.url, Portal()).send(records(1))
    assert found == (Delivery(outcome="retry", reason="HTTP 503", after=60.0),)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    """More than a megabyte is no answer of a portal."""
    start = b"HTTP/1.1 200 OK\r\n\r\n"
    with Hostile(answering(start + b" " * (1024 * 1024 + 1))) as server:
        found = sink_to(server.url, Portal(), timeout=10).send(records(1))
    assert found[0].reason == "The answer has more than 1048576 bytes."


def test_a_failure_between_single_records_stops_the_rest() -> None:
    """A batch was refused, the first record goes alone, then the portal is away."""
    refused = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"error_code":"1"}'
    taken = refused.replace(b'"1"', b'"0"')
    with Hostile(answering(refused, taken, 503)) as server:
        found = sink_to(server.url, Portal()).send(records(4))
    assert [each.outcome for each in found] == ["delivered", "retry", "retry", "retry"]
    assert len(server.requests) == 3


def test_what_no_portal_could_tell_apart_is_not_sent() -> None:
    """A dossier twice in one call, or a record without its key; steps may share a dossier."""
    with closed_port() as url:
        sink = sink_to(url, Portal())
        with pytest.raises(PortalError, match=r"come twice: H15\.10-260302-0001"):
            sink.send([*records(2), *records(1)])
        with pytest.raises(PortalError, match="have no MaHoSo"):
            sink.send([{"TenTTHC": "x"}])
        assert sink.send([]) == ()


def test_a_sink_to_a_portal_is_described_rightly() -> None:
    """https, a batch that holds something; no session is shown."""
    with pytest.raises(DestinationError):
        PortalSink("http://example.vn", PROFILE, session=lambda: "s3cret")
    with pytest.raises(PortalError, match="cannot hold 0 records"):
        PortalSink("https://example.vn", PROFILE, session=lambda: "s3cret", batch=0)
    sink = PortalSink("https://example.vn/a?b=s3cret", PROFILE, session=lambda: "s3cret")
    assert "s3cret" not in repr(sink)
