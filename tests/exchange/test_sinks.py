"""Sinks: what becomes of a message, whatever the destination does."""

from __future__ import annotations

import hashlib
import hmac
import math
import ssl
import statistics
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from cloudevents.core.formats.json import JSONFormat
from hypothesis import example, given
from hypothesis import strategies as st

from hostile_server import Hostile, answering, closed_port, dripping, resetting, silent
from igate.errors import DestinationError, IgateError, MessageError
from igate.exchange import (
    DELIVERED,
    Delivery,
    HttpSink,
    MemorySink,
    Message,
    Sink,
    backoff,
    message_of,
)
from igate.exchange.sinks import waiting_time
from igate.testing.journals import first_entry, standing_after

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from hostile_server import Request

ENTRY = first_entry("H15.10-260820-0001")
MESSAGE = message_of(ENTRY, standing_after(ENTRY), source="urn:igate:H15")
SECRET = b"a secret of the test, 32 bytes.."


def sent_to(
    behave: Callable[[socket.socket, Request], None], *, timeout: float = 0.6
) -> tuple[Delivery, float]:
    """Deliver to a server that behaves so; also return the seconds that it took."""
    with Hostile(behave) as server:
        started = time.monotonic()
        delivery = HttpSink(server.url, insecure=True, timeout=timeout).deliver(MESSAGE)
        return delivery, time.monotonic() - started


def test_a_message_is_posted_as_a_structured_cloudevent() -> None:
    """The library of CloudEvents reads the body; the content type is the one of the format."""
    with Hostile(answering(202)) as server:
        sink = HttpSink(server.url, insecure=True, headers={"Authorization": "Bearer t"})
        assert sink.deliver(MESSAGE) == DELIVERED
    [request] = server.requests
    assert request.line == "POST /in HTTP/1.1"
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["authorization"] == "Bearer t"
    assert "igate-signature" not in request.headers
    assert JSONFormat().read(None, request.body).get_id() == "H15.10-260820-0001/1"


def test_the_signature_is_the_hmac_of_the_body() -> None:
    """Worked out again from the bytes that arrived."""
    with Hostile(answering(200)) as server:
        HttpSink(server.url, insecure=True, secret=SECRET).deliver(MESSAGE)
    [request] = server.requests
    expected = hmac.new(SECRET, request.body, hashlib.sha256).hexdigest()
    assert request.headers["igate-signature"] == f"sha256={expected}"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success_is_delivered(status: int) -> None:
    """2xx, whichever."""
    assert sent_to(answering(status))[0] == DELIVERED


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(status: int) -> None:
    """Timeouts and overload on the other side, and its own errors."""
    assert sent_to(answering(status))[0] == Delivery(outcome="retry", reason=f"HTTP {status}")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 499, 600])
def test_what_will_not_pass_is_refused(status: int) -> None:
    """The same message would be refused again; somebody has to look at it."""
    assert sent_to(answering(status))[0] == Delivery(outcome="refused", reason=f"HTTP {status}")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_an_answer_that_leads_elsewhere_is_not_followed(status: int) -> None:
    """Nobody else gets a message, nor the headers that were meant for this host."""
    with Hostile(answering(200)) as other:
        away = f"HTTP/1.1 {status} Go\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        delivery = sent_to(answering(away))[0]
    assert delivery.outcome == "refused"
    assert delivery.reason.startswith(f"HTTP {status}")
    assert other.requests == []


def test_a_destination_can_ask_to_wait() -> None:
    """``Retry-After`` in seconds, and as a date of HTTP in the past; nonsense is passed over."""
    for text, after in [("120", 120.0), ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0), ("soon", None)]:
        answer = f"HTTP/1.1 503 Busy\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n"
        delivery = sent_to(answering(answer))[0]
        assert delivery == Delivery(outcome="retry", reason="HTTP 503", after=after), text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("999999999", 86400.0),
        ("Fri, 20 Nov 2026 09:01:30 GMT", 90.0),
        ("Sun, 20 Nov 2050 09:00:00 GMT", 86400.0),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        ("Fri, 99 Nov 2026 09:01:30 GMT", None),
        ("Fri, 20 Nov 2026 09:01:30 -0000", None),
    ],
)
def test_the_time_to_wait_is_read_as_http_writes_it(text: str, seconds: float | None) -> None:
    """RFC 9110, section 10.2.3; never negative, never more than a day."""
    assert waiting_time(text, now=datetime(2026, 11, 20, 9, tzinfo=UTC)) == seconds


@given(st.text(max_size=40))
@example("0\x1f")  # str.strip takes this sign for a blank, and float does not
def test_no_header_is_an_error(text: str) -> None:
    """Whatever a destination sends as ``Retry-After``."""
    seconds = waiting_time(text, now=datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert seconds is None or 0 <= seconds <= 86400


def test_nobody_there_is_tried_again() -> None:
    """A port at which nobody listens."""
    with closed_port() as url:
        delivery = HttpSink(url, insecure=True).deliver(MESSAGE)
    assert delivery.outcome == "retry"
    assert delivery.reason.startswith("No answer: ConnectError: ")
    assert "refused" in delivery.reason


@pytest.mark.parametrize(
    "behave",
    [
        resetting(),
        resetting(b"HTTP/1.1 2"),
        answering(b""),
        answering(b"HTTP/1.1 200 OK\r\nContent-"),
        answering(b"garbage that is no status line\r\n\r\n"),
        answering(b"HTTP/1.1 20x OK\r\n\r\n"),
        answering(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000),
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
        answering(b"\x16\x03\x01\x02\x00\x01\x00"),
    ],
    ids=[
        *("reset", "reset in the status", "closed", "closed in a header", "garbage"),
        *("status", "header without end", "length", "TLS"),
    ],
)
def test_an_answer_that_is_none_is_tried_again(
    behave: Callable[[socket.socket, Request], None],
) -> None:
    """The message may have arrived or not; its id lets the receiver see that it came twice."""
    delivery, _ = sent_to(behave)
    assert delivery.outcome == "retry"
    assert delivery.reason.startswith("No answer: ")


@pytest.mark.parametrize(
    "behave",
    [
        silent,
        dripping(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(b"HTTP", b"/"),
    ],
    ids=["silent", "headers without end", "continue without end", "status without end"],
)
def test_a_delivery_ends_when_its_time_is_up(
    behave: Callable[[socket.socket, Request], None],
) -> None:
    """Also where a byte arrives now and then, which restarts the timeouts of single reads."""
    delivery, seconds = sent_to(behave)
    assert delivery.outcome == "retry"
    assert seconds < 5
    if delivery.reason.startswith("No answer within"):
        assert seconds > 0.5


@pytest.mark.parametrize(
    "behave",
    [
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000, pause=0),
        resetting(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
    ],
    ids=["wrong length", "slow body", "endless body", "reset in the body"],
)
def test_the_body_of_an_answer_is_not_read(
    behave: Callable[[socket.socket, Request], None],
) -> None:
    """The status says everything; a body that never ends holds nothing up."""
    delivery, seconds = sent_to(behave, timeout=5)
    assert delivery == DELIVERED
    assert seconds < 2


def test_no_thread_and_no_connection_is_left_behind() -> None:
    """After fifty good deliveries and a bad one; waits for the threads of the server too."""
    before = threading.active_count()
    with Hostile(answering(200)) as server:
        sink = HttpSink(server.url, insecure=True)
        for _ in range(50):
            assert sink.deliver(MESSAGE) == DELIVERED
    sent_to(silent, timeout=0.1)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def tls_server(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_tls_is_verified() -> None:
    """A trusted certificate delivers; an unknown authority, a wrong host or no TLS does not."""
    authority, stranger = trustme.CA(), trustme.CA()
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    with Hostile(answering(200), tls=tls_server(authority)) as server:
        assert HttpSink(server.url, verify=trusted).deliver(MESSAGE) == DELIVERED
        other = server.url.replace("127.0.0.1", "localhost")
        for sink in (HttpSink(server.url), HttpSink(other, verify=trusted)):
            delivery = sink.deliver(MESSAGE)
            assert delivery.outcome == "retry"
            assert "CERTIFICATE_VERIFY_FAILED" in delivery.reason
    with Hostile(answering(200), tls=tls_server(stranger)) as server:
        assert HttpSink(server.url, verify=trusted).deliver(MESSAGE).outcome == "retry"
        assert server.requests == []
    with Hostile(answering(200)) as server:
        plain = server.url.replace("http://", "https://")
        assert HttpSink(plain, timeout=1).deliver(MESSAGE).outcome == "retry"
        assert server.requests == []


def test_a_delivery_over_tls_ends_when_its_time_is_up_too() -> None:
    """The connection is shut beneath TLS."""
    authority = trustme.CA()
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    drip = dripping(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")
    with Hostile(drip, tls=tls_server(authority)) as server:
        started = time.monotonic()
        delivery = HttpSink(server.url, verify=trusted, timeout=0.6).deliver(MESSAGE)
    assert delivery == Delivery(outcome="retry", reason="No answer within 0.6 seconds.")
    assert time.monotonic() - started < 5


def test_the_environment_sends_a_message_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither through a proxy nor with a password of ``.netrc``."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "")
    with Hostile(answering(200)) as proxy, Hostile(answering(200)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert HttpSink(server.url, insecure=True).deliver(MESSAGE) == DELIVERED
    assert proxy.requests == []
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://example.vn/in",
        "ftp://example.vn/in",
        "example.vn/in",
        "https://",
        "https:///in",
        "https://example.vn:0/in",
        "https://example.vn:99999/in",
        "https://[::1/in",
        "https://ví-dụ.vn/in",
        "https://example.vn/a b",
        "https://example.vn/\r\nX: y",
        "https://user:password@example.vn/in",
        "https://user@example.vn/in",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_once(url: str) -> None:
    """When the sink is made, not with the first message; a password is not repeated."""
    with pytest.raises(DestinationError) as refused:
        HttpSink(url)
    assert "password@" not in str(refused.value)


@pytest.mark.parametrize(
    "headers",
    [{"X": "a\r\nY: b"}, {"X\n": "a"}, {"X": "é"}, {"Content-Length": "1"}, {"HOST": "x"}],
    ids=str,
)
def test_a_header_that_cannot_be_sent_is_refused_at_once(headers: dict[str, str]) -> None:
    """A line break would begin another header."""
    with pytest.raises(DestinationError):
        HttpSink("https://example.vn", headers=headers)


@pytest.mark.parametrize("timeout", [0, -1, math.inf, math.nan, 3601])
def test_a_delivery_takes_a_bounded_time(timeout: float) -> None:
    """A destination cannot be given for ever."""
    with pytest.raises(DestinationError, match="may not take"):
        HttpSink("https://example.vn", timeout=timeout)


def test_a_short_secret_is_refused() -> None:
    """One that can be guessed signs nothing."""
    with pytest.raises(DestinationError, match="has 15 bytes"):
        HttpSink("https://example.vn", secret=b"x" * 15)


def test_what_is_shown_of_a_sink_holds_no_secret() -> None:
    """Neither the header, nor the secret, nor the path and query, which hold tokens."""
    sink = HttpSink(
        "https://example.vn/hook/t0ken?k=t0ken", headers={"Authorization": "t0ken"}, secret=SECRET
    )
    assert repr(sink) == "HttpSink(Destination('https://example.vn'))"


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core installs without it."""
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(IgateError, match=r'pip install "igate\[http\]"'):
        HttpSink("https://example.vn").deliver(MESSAGE)


def test_every_sink_fits_the_protocol() -> None:
    """A host can write its own."""
    assert isinstance(HttpSink("https://example.vn"), Sink)
    assert isinstance(MemorySink(), Sink)


def test_the_sink_in_memory_answers_as_it_was_told() -> None:
    """Then it delivers; what was not delivered is not in the list."""
    later, never = Delivery(outcome="retry", after=3.0), Delivery(outcome="refused", reason="x")
    sink = MemorySink([later, never])
    assert [sink.deliver(MESSAGE) for _ in range(3)] == [later, never, DELIVERED]
    assert sink.messages == [MESSAGE]
    with pytest.raises(MessageError):
        sink.deliver(
            Message(
                id="a", source="b", type="c", subject="d", time=MESSAGE.time, sequence=1,
                data={"x": object()},
            )
        )  # fmt: skip


_SECONDS = st.floats(min_value=1e-6, max_value=1e9)


@given(st.integers(1, 10**6), _SECONDS, _SECONDS, st.integers() | st.text())
def test_a_wait_is_never_negative_and_never_above_its_bound(
    attempt: int, base: float, cap: float, seed: int | str
) -> None:
    """From 0 to the smaller of cap and doubled base; the same each time it is asked for."""
    wait = backoff(attempt, base=base, cap=cap, seed=seed)
    bound = min(cap, base * 2.0 ** min(attempt - 1, 200))
    assert 0 <= wait <= bound
    assert wait == backoff(attempt, base=base, cap=cap, seed=seed)


def test_waits_grow_until_the_cap_and_then_stay() -> None:
    """The mean of a uniform distribution from 0 to b is b / 2: 1, 2, 4, 8, 8 give half of that."""
    means = [
        statistics.fmean(backoff(attempt, cap=8.0, seed=seed) for seed in range(4000))
        for attempt in range(1, 6)
    ]
    assert means == pytest.approx([0.5, 1.0, 2.0, 4.0, 4.0], rel=0.05)


def test_messages_that_failed_together_do_not_come_back_together() -> None:
    """A hundred of them are spread over the whole interval."""
    waits = [backoff(7, seed=f"H15.10-260820-{number:04d}/1") for number in range(100)]
    counts = [sum(low <= wait < low + 16 for wait in waits) for low in (0, 16, 32, 48)]
    assert sum(counts) == 100
    assert min(counts) >= 10


@pytest.mark.parametrize(
    ("attempt", "base", "cap"),
    [(0, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, 0), (1, math.inf, 1), (1, 1, math.nan)],
)
def test_a_wait_without_a_bound_is_refused(attempt: int, base: float, cap: float) -> None:
    """Nothing waits for ever, or since before the first attempt."""
    with pytest.raises(DestinationError, match="There is no wait"):
        backoff(attempt, base=base, cap=cap, seed=1)
