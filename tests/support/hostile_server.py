"""A server on this machine that answers as a test says, down to the bytes."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

__all__ = ["Hostile", "Request", "answering", "closed_port", "dripping", "resetting", "silent"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client has sent."""

    line: str
    #: by their names in small letters
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Hostile:
    """Serves one connection after another, each in a thread of its own, until it is left."""

    #: called for each request with the connection
    behave: Callable[[socket.socket, Request], None]
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}/in"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):  # it wakes the thread that waits for a connection
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the test is over
            while True:
                connection = self.listener.accept()[0]
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the client has gone away
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                connection.settimeout(20)
                request = received(connection)
                if request is not None:
                    self.requests.append(request)
                    self.behave(connection, request)


def received(connection: socket.socket) -> Request | None:
    """Read one request; ``None`` where it is not one."""
    content = b""
    while b"\r\n\r\n" not in content:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        content += chunk
    head, _, body = content.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {each.partition(":")[0].lower(): each.partition(":")[2].strip() for each in rest}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Request(line, headers, body)


def answering(*answers: bytes | str | int) -> Callable[[socket.socket, Request], None]:
    """Answer with statuses or with bytes, one each; the last one for all that follow."""
    left = list(answers)

    def behave(connection: socket.socket, _request: Request) -> None:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, int):
            answer = f"HTTP/1.1 {answer} Something\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(answer.encode() if isinstance(answer, str) else answer)

    return behave


def dripping(start: bytes, drop: bytes, *, pause: float = 0.05, drops: int = 400) -> (
    Callable[[socket.socket, Request], None]
):  # fmt: skip
    """Begin an answer and send the same bytes again and again."""
    waiting = threading.Event()

    def behave(connection: socket.socket, _request: Request) -> None:
        connection.sendall(start)
        for _ in range(drops):
            connection.sendall(drop)
            waiting.wait(pause)

    return behave


def silent(connection: socket.socket, _request: Request) -> None:
    """Take the request and say nothing until the client goes away."""
    connection.recv(1)


def resetting(start: bytes = b"") -> Callable[[socket.socket, Request], None]:
    """Begin an answer and break the connection off."""

    def behave(connection: socket.socket, _request: Request) -> None:
        connection.sendall(start)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


@contextlib.contextmanager
def closed_port() -> Iterator[str]:
    """Return an address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound, so that nobody else gets it; not listening
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/in"
