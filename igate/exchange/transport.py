"""One request over HTTP to a destination that may do anything: hang, drip, flood, lie.

Nothing is followed, kept open or read that was not asked for, and a request ends when its time is
up, whatever the other side sends meanwhile. Here, and nowhere else in igate, a connection is
opened. Credentials of the environment (``.netrc``, proxies) are not used.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import Struct

from igate.errors import DestinationError, IgateError
from igate.exchange.reasons import late, no_answer, too_long
from igate.words.sentence import say

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import ModuleType

__all__ = ["Answer", "Destination", "Unanswered", "shown"]

#: What a header must not hold: it would end the header, or the request.
_BREAKS: Final = frozenset("\r\n\0")
#: Headers that follow from the message itself.
_OWN: Final = frozenset({"content-type", "content-length", "transfer-encoding", "host"})
_SECONDS: Final = 3600
_LONGEST_REASON: Final = 200


class Answer(Struct, frozen=True, kw_only=True):
    """What came back: a status, and of the rest only what was asked for."""

    status: int
    #: header ``Retry-After`` as it was sent; empty where there was none
    retry_after: str = ""
    #: the body, where it was asked for
    body: bytes = b""


class Unanswered(Struct, frozen=True, kw_only=True):
    """That no answer came, and why; the words hold neither address nor secret."""

    reason: str


class Destination:
    """An address to which bytes are posted."""

    __slots__ = ("_headers", "_timeout", "_url", "_verify")

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        insecure: bool = False,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        """Keep the address and what is sent with every request.

        Args:
            url: ``https://…``; without a password in it.
            headers: Sent with every request, e.g. ``Authorization``.
            timeout: Seconds that a request may take from its beginning to its end.
            insecure: Allow ``http://``, for a server on the same machine or a test.
            verify: Which certificates are trusted; those that certifi lists when absent.

        Raises:
            DestinationError: One of them cannot be used.
        """
        _check_url(url, insecure=insecure)
        _check_headers(headers or {}, url)
        if not 0 < timeout <= _SECONDS:
            raise DestinationError(
                say("A request may not take {timeout} seconds.", timeout=timeout),
                where=shown(url),
                fix=say("Write a number above 0, at most {seconds}.", seconds=_SECONDS),
            )
        self._url = url
        self._headers = dict(headers or {})
        self._timeout = float(timeout)
        self._verify = verify

    def __repr__(self) -> str:
        """Show the host, and neither the path nor a header: both may hold a secret."""
        return f"{type(self).__name__}({shown(self._url)!r})"

    def post(
        self, content: bytes, *, headers: Mapping[str, str], body: int = 0
    ) -> Answer | Unanswered:
        """Send bytes once and wait for the answer.

        Args:
            content: The body of the request.
            headers: What belongs to this request, the content type among it.
            body: Bytes of the answer's body that are read at most; one that is longer counts as
                no answer. 0: the body is not read at all.

        Raises:
            IgateError: The package httpx is not installed.
        """
        httpx = _library()
        watch = _Watch(self._timeout)
        # packed bodies are not asked for: a small one can unfold into a huge one
        sent = {"accept-encoding": "identity", "user-agent": "igate", **self._headers, **headers}
        try:
            with self._stream(httpx, content, sent, watch) as response:
                found = _read(response, body) if body else b""
                if found is None:
                    return Unanswered(reason=too_long(body))
                if body and watch.over:
                    return Unanswered(reason=self._late())
                after = response.headers.get("retry-after", "")
                return Answer(status=response.status_code, retry_after=after, body=found)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            if watch.over or isinstance(error, httpx.TimeoutException):
                return Unanswered(reason=self._late())
            why = type(error).__name__
            if isinstance(error, httpx.ConnectError):
                # the system's or TLS's own words; other errors repeat what the answer held
                why += f": {error}"[:_LONGEST_REASON]
            return Unanswered(reason=no_answer(why))

    @contextmanager
    def _stream(
        self, httpx: ModuleType, content: bytes, headers: Mapping[str, str], watch: _Watch
    ) -> Iterator[Any]:
        if self._verify is None:
            self._verify = httpx.create_ssl_context(trust_env=False)  # some 20 ms, so once
        # an answer whose body is not read leaves a connection that cannot serve again, so there
        # is a client for each request, and none is shared between threads
        with ExitStack() as stack:
            stack.enter_context(watch)
            client = stack.enter_context(
                httpx.Client(
                    verify=self._verify,
                    timeout=self._timeout,
                    follow_redirects=False,
                    trust_env=False,
                )
            )
            yield stack.enter_context(
                client.stream(
                    "POST",
                    self._url,
                    content=content,
                    headers=headers,
                    extensions={"trace": watch.trace},
                )
            )

    def _late(self) -> str:
        return late(self._timeout)


class _Watch:
    """Ends a request when its time is up.

    The timeouts of httpx are those of single reads and writes, so a server that sends a byte now
    and then would hold a request for ever. This shuts the connection from another thread.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = Lock()
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Keep the connection; called by httpx at each step of a request."""
        if not name.endswith("connect_tcp.complete"):
            return
        opened: socket.socket | None = info["return_value"].get_extra_info("socket")
        if opened is not None:
            with self._lock:
                # its own descriptor, because TLS takes the first one over
                self._sockets.append(opened.dup())
        if self.over:
            self._end()

    def _end(self) -> None:
        self.over = True
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):  # the other side was faster
                    each.shutdown(socket.SHUT_RDWR)


def _read(response: Any, limit: int) -> bytes | None:  # noqa: ANN401 - httpx is loaded on first use
    """Read a body; ``None`` where it is longer than the limit."""
    found = bytearray()
    for chunk in response.iter_raw():
        found += chunk
        if len(found) > limit:
            return None
    return bytes(found)


def shown(url: str) -> str:
    """Return of an address what may be shown: path, query and password can be secrets.

    >>> shown("https://example.vn/hook?token=1")
    'https://example.vn'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _check_url(url: str, *, insecure: bool) -> None:
    try:
        parts = urlsplit(url)
        host, password = parts.hostname, parts.password or parts.username
        fits = bool(host) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise DestinationError(
            say("This is no address."), why=say("{error}.", error=error)
        ) from error
    if not fits or any(not "!" <= sign <= "~" for sign in url):
        raise DestinationError(
            say("This is no address of a host."),
            fix=say("Write it as https://host/path, in ASCII."),
        )
    if password is not None:
        raise DestinationError(
            say("The address holds a name or a password."),
            where=shown(url),
            why=say("An address gets into logs."),
            fix=say("Pass them as headers."),
        )
    if parts.scheme != "https" and not (insecure and parts.scheme == "http"):
        raise DestinationError(
            say("The address begins with {scheme}://.", scheme=parts.scheme),
            where=shown(url),
            why=say("What is sent could be read and changed on the way."),
            fix=say("Write https://, or pass insecure=True for a server on this machine."),
        )


def _check_headers(headers: Mapping[str, str], url: str) -> None:
    for name, value in headers.items():
        if name.lower() in _OWN:
            raise DestinationError(
                say("The header {name} cannot be set.", name=name),
                where=shown(url),
                why=say("It follows from what is sent."),
            )
        if not name.isascii() or not value.isascii() or _BREAKS & set(name + value):
            raise DestinationError(
                say("The header {name!r} cannot be sent.", name=name),
                where=shown(url),
                why=say("A header is one line of ASCII."),
                fix=say("Remove line breaks and encode what is not ASCII."),
            )


def _library() -> ModuleType:
    try:
        import httpx  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("Nothing can be sent over HTTP."),
            why=say("It needs httpx ({error}).", error=error),
            fix=say('Run: pip install "igate[http]"'),
        ) from error
    return httpx
