"""The desk as its users have it: pages, API, errors, and a loop that goes on meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok

from desk.app import create_app
from desk.people import DESK
from desk.serving import serve
from desk.synthetic import fill
from igate import VIETNAM, OneStop
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 8, 20, 11, 0, tzinfo=VIETNAM)
#: seconds for one answer, on a machine that is busy with other work
PATIENCE = 30
OFFICER = {"X-Person": "tiep-nhan-10"}


@pytest.fixture(scope="module")
def office() -> Iterator[OneStop]:
    """Return a desk with synthetic dossiers, whose clock stands; the tests share it."""
    clock = SimulatedClock(NOON)
    with OneStop.open("sqlite://", agency=DESK, clock=clock) as desk:
        fill(desk, clock, until=NOON, dossiers=16)
        yield desk


@pytest.fixture(scope="module")
def url(office: OneStop) -> Iterator[str]:
    """Return the address at which the desk is served."""
    with serve(create_app(office, now=lambda: NOON)) as address:
        yield address


@pytest.fixture
def browser(url: str) -> Iterator[httpx.Client]:
    """Return a browser without scripts, signed in as nobody."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=PATIENCE) as client:
        yield client


def first_of(browser: httpx.Client) -> str:
    """Return the code of the dossier that waits first for the receptionist of A."""
    code: str = browser.get("/api/work", headers=OFFICER).json()["items"][0]["code"]
    return code


def test_an_officer_receives_what_a_citizen_hands_in(browser: httpx.Client) -> None:
    """The citizen hands in, the receptionist finds it and receives it, anybody can follow it."""
    browser.post("/vao", data={"id": "cong-dan-2"})
    page = browser.post(
        "/nop", data={"procedure": "1.001193", "applicant": "Công dân giả lập 2", "key": "new"}
    )
    code = page.url.path.rpartition("/")[2]
    assert page.status_code == 200
    assert code.startswith("H15.20-260820-")
    assert "chưa có ngày hẹn trả" in browser.get("/tra-cuu", params={"code": code}).text
    browser.post("/vao", data={"id": "chuyen-vien-20"})
    assert "việc của Người tiếp nhận và trả kết quả." in browser.get(f"/ho-so/{code}").text
    browser.post("/vao", data={"id": "tiep-nhan-20"})
    shown = browser.get(f"/ho-so/{code}").text
    assert "Tiếp nhận hồ sơ" in shown
    received = browser.post(
        f"/ho-so/{code}", data={"action": "receive", "seq": "1", "key": "received"}
    ).text
    assert "Được tiếp nhận" in received
    tracked = browser.get("/tra-cuu", params={"code": code}).text
    # handed in and received at 11:00, before 15:00: due on the same day (Decision 1872/QĐ-BTP)
    assert "Thứ Năm 20/08/2026" in tracked
    assert "Công dân giả lập 2" not in tracked.replace("<span>Người tiếp nhận", "")


def test_the_work_list_is_paged_and_filtered(browser: httpx.Client) -> None:
    """The pages together hold each task once, and a filter leaves what fits."""
    person = {"X-Person": "kiem-soat"}
    seen: list[tuple[str, str]] = []
    after = ""
    while True:
        page = browser.get("/api/work", headers=person, params={"limit": 7, "after": after}).json()
        seen += [(each["code"], each["role"]) for each in page["items"]]
        assert len(page["items"]) <= 7
        after = page["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) > 7
    only = browser.get(
        "/api/work", headers=person, params={"agency": "H15.20", "role": "receptionist"}
    ).json()["items"]
    assert only
    assert {(each["agency"], each["role"]) for each in only} == {("H15.20", "receptionist")}
    browser.post("/vao", data={"id": "kiem-soat"})
    assert "Trang sau" in browser.get("/viec").text


@pytest.mark.parametrize(
    ("path", "person", "status", "words"),
    [
        ("/ho-so/H15.10-260820-9999", "tiep-nhan-10", 404, "không có hồ sơ"),
        ("/tra-cuu?code=H15.10-260820-9999", "", 404, "không có hồ sơ"),
        ("/khong-co", "", 404, "Không có trang này."),
        ("/viec?agency=H15.20", "tiep-nhan-10", 403, "không xem được"),
        ("/viec?after=x", "tiep-nhan-10", 422, "trang"),
    ],
)
def test_what_cannot_be_shown_is_answered_in_words(
    browser: httpx.Client, path: str, person: str, status: int, words: str
) -> None:
    """With the status that fits, and nothing of a traceback."""
    if person:
        browser.post("/vao", data={"id": person})
    answer = browser.get(path)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_an_action_that_came_too_late_is_a_conflict(browser: httpx.Client) -> None:
    """Of two who saw one page the second is told; a double click of the first changes nothing."""
    given = {"procedure": "1.001806", "applicant": "Công ty giả lập", "channel": "counter"}
    code = browser.post("/api/dossiers", headers=OFFICER, json=given).json()["code"]
    path = f"/api/dossiers/{code}/actions"
    act = {"action": "receive", "seq": 1, "key": "k1"}
    first = browser.post(path, headers=OFFICER, json=act)
    double = browser.post(path, headers=OFFICER, json=act)
    late = browser.post(path, headers=OFFICER, json=act | {"key": "k2"})
    refused = browser.post(path, headers=OFFICER, json={"action": "finish"})
    stranger = browser.post(path, headers={"X-Person": "cong-dan-1"}, json={"action": "transfer"})
    answers = (first, double, late, refused, stranger)
    assert [each.status_code for each in answers] == [200, 200, 409, 422, 403]
    assert first.json() == double.json()
    assert late.json()["what"]
    assert browser.get(f"/api/dossiers/{code}", headers=OFFICER).json()["seq"] == 2
    assert browser.post(path, json=act).status_code == 401


def test_what_people_write_is_never_taken_for_a_page(browser: httpx.Client) -> None:
    """A name with markup is shown as it is written."""
    browser.post("/vao", data={"id": "tiep-nhan-10"})
    name = "<script>alert(1)</script>"
    page = browser.post(
        "/nop", data={"procedure": "1.001806", "applicant": name, "channel": "counter", "key": "k"}
    )
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    refused = browser.get("/tra-cuu", params={"code": name})
    assert "&lt;SCRIPT&gt;" in refused.text
    assert "<script" not in refused.text.lower()
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_one_is_not_sent_to_another_site_after_signing_in(url: str) -> None:
    """The address to go back to is one of this site."""
    for target in ("https://example.org/", "//example.org", "/\\example.org"):
        answer = httpx.post(
            f"{url}/vao", data={"id": "tiep-nhan-10", "next": target}, timeout=PATIENCE
        )
        assert answer.headers["location"] == "/viec"


def test_the_loop_goes_on_while_a_view_waits(
    office: OneStop, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dossier that is being read for as long as the test likes keeps no other request waiting."""
    code = next(office.store.codes())
    entered, free = threading.Event(), threading.Event()
    journal = office.store.journal

    def slow(wanted: str) -> object:
        entered.set()
        assert free.wait(20)
        return journal(wanted)

    monkeypatch.setattr(office.store, "journal", slow)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(httpx.get, f"{url}/api/track/{code}", timeout=30)
        try:
            assert entered.wait(20)
            assert httpx.get(f"{url}/", timeout=10).status_code == 200
            assert not waiting.done()
        finally:
            free.set()
        assert waiting.result().json()["code"] == code


CONFORMANCE = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance",
)  # fmt: skip


def test_every_answer_of_the_api_is_one_that_it_describes(office: OneStop, url: str) -> None:
    """25 requests an operation, right and wrong ones: no server error, no answer off the schema."""
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == 5
    checks: Any = CHECKS.get_by_names(list(CONFORMANCE))
    # codes and requests that can be carried out would hardly be found by chance
    codes = st.sampled_from(
        [None, *[each.code for each in office.dossiers(agency="H15.10", state="submitted")]]
    )
    bodies = st.sampled_from(
        [
            None, None, None,
            {"action": "receive"}, {"action": "transfer"}, {"action": "guide", "note": "Thiếu đơn"},
            {"procedure": "1.001806", "applicant": "Công ty giả lập"},
            {"procedure": "1.014464", "applicant": "Công ty giả lập", "channel": "counter"},
        ]
    )  # fmt: skip
    answered: dict[str, set[int]] = {}
    for operation in operations:

        @settings(
            max_examples=25, derandomize=True, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(), codes, bodies)
        def every_answer(case: schemathesis.Case[Any], code: str | None, body: Any) -> None:  # noqa: ANN401 - JSON
            case.headers["X-Person"] = "tiep-nhan-10"
            if code is not None and "code" in case.path_parameters:
                case.path_parameters["code"] = code
            if body is not None and case.operation.body:
                case.body = body
            answer = case.call(timeout=PATIENCE)
            case.validate_response(answer, checks=checks)
            answered.setdefault(case.operation.label, set()).add(answer.status_code)

        every_answer()
    # of each operation at least one request was carried out, and one was not
    assert {label: min(found) for label, found in answered.items()} == {
        "GET /api/work": 200, "POST /api/dossiers": 201, "GET /api/dossiers/{code}": 200,
        "POST /api/dossiers/{code}/actions": 200, "GET /api/track/{code}": 200,
    }  # fmt: skip
    assert min(max(found) for found in answered.values()) >= 400
