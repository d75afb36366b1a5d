"""Where messages go, and what became of one that was sent.

A sink tries once and says how it went; when to try again, and when to give up, is decided by who
keeps the messages. That a destination fails is a result, never an error.
"""

from __future__ import annotations

import hmac
import math
import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol, runtime_checkable

from msgspec import Struct

from igate.errors import DestinationError
from igate.exchange.messages import CONTENT_TYPE, cloudevent
from igate.exchange.reasons import elsewhere
from igate.exchange.transport import Destination, Unanswered
from igate.words.sentence import say

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

    from igate.exchange.messages import Message
from igate.exchange.transport import Answer

__all__ = [
    "DELIVERED",
    "SIGNATURE",
    "Delivery",
    "HttpSink",
    "MemorySink",
    "Sink",
    "backoff",
    "delivery_of",
    "waiting_time",
]

#: Header with the HMAC-SHA256 of the body in hexadecimal, after ``sha256=``.
SIGNATURE: Final = "Igate-Signature"
#: Answers after which the same message may be taken later; besides all of 500 and above.
_LATER: Final = frozenset({408, 425, 429})
#: A destination cannot put a message off for longer than this at a time, in seconds.
_LONGEST_WAIT: Final = 86_400
_SHORTEST_SECRET: Final = 16


class Delivery(Struct, frozen=True, kw_only=True):
    """What became of a message.

    ``delivered``: the destination has it. ``retry``: it may take it later. ``refused``: it will
    never take it as it is; it is put aside, and somebody looks at it.
    """

    outcome: Literal["delivered", "retry", "refused"]
    #: why it was not delivered, in words without address or secret
    reason: str = ""
    #: seconds that the destination asks to wait at least; ``None``: it says nothing
    after: float | None = None


#: The destination has the message.
DELIVERED: Final = Delivery(outcome="delivered")


@runtime_checkable
class Sink(Protocol):
    """Something that takes messages."""

    def deliver(self, message: Message) -> Delivery:
        """Try once to deliver a message.

        Raises:
            MessageError: The message cannot be written; no destination was asked.
        """
        ...


class HttpSink:
    """Posts each message to an address as a CloudEvent, structured mode.

    Whether a message came twice is seen from ``source`` and ``id``: after a lost answer it is sent
    again.
    """

    __slots__ = ("_destination", "_secret")

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        secret: bytes | None = None,
        insecure: bool = False,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        """Describe the destination; nothing is sent yet.

        Args:
            url: ``https://…``; without a password in it.
            headers: Sent with every message, e.g. ``Authorization``.
            timeout: Seconds that one delivery may take from its beginning to its end.
            secret: With it the header :data:`SIGNATURE` is sent; at least 16 bytes.
            insecure: Allow ``http://``, for a server on the same machine or a test.
            verify: Which certificates are trusted; those that certifi lists when absent.

        Raises:
            DestinationError: One of them cannot be used.
        """
        if secret is not None and len(secret) < _SHORTEST_SECRET:
            raise DestinationError(
                say("The secret has {count} bytes.", count=len(secret)),
                why=say(
                    "One of fewer than {shortest_secret} can be guessed.",
                    shortest_secret=_SHORTEST_SECRET,
                ),
                fix=say("Use secrets.token_bytes(32)."),
            )
        self._destination = Destination(
            url, headers=headers, timeout=timeout, insecure=insecure, verify=verify
        )
        self._secret = secret

    def __repr__(self) -> str:
        """Show the host, and no secret."""
        return f"HttpSink({self._destination!r})"

    def deliver(self, message: Message) -> Delivery:
        """Post a message once.

        Returns:
            ``delivered`` after 2xx. ``retry`` after 408, 425, 429 and 5xx, and where no answer
            came: no connection, no TLS, no time left, no HTTP. ``refused`` after everything else;
            an answer that leads to another address is not followed.

        Raises:
            MessageError: The message cannot be written.
            IgateError: The package httpx is not installed.
        """
        content = cloudevent(message)
        headers = {"content-type": f"{CONTENT_TYPE}; charset=utf-8"}
        if self._secret is not None:
            headers[SIGNATURE] = f"sha256={hmac.digest(self._secret, content, 'sha256').hex()}"
        return delivery_of(self._destination.post(content, headers=headers))


def delivery_of(answer: Answer | Unanswered) -> Delivery:
    """Return what an answer, or the lack of one, means for what was sent.

    >>> from igate.exchange.transport import Answer
    >>> delivery_of(Answer(status=503, retry_after="120"))
    Delivery(outcome='retry', reason='HTTP 503', after=120.0)
    """
    if isinstance(answer, Unanswered):
        return Delivery(outcome="retry", reason=answer.reason)
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success in HTTP
        return DELIVERED
    reason = f"HTTP {status}"
    if status in _LATER or 500 <= status < 600:  # noqa: PLR2004 - the class of server errors
        after = waiting_time(answer.retry_after, now=datetime.now(UTC))
        return Delivery(outcome="retry", reason=reason, after=after)
    if 300 <= status < 400:  # noqa: PLR2004 - the class of other addresses
        reason = elsewhere(status)
    return Delivery(outcome="refused", reason=reason)


def waiting_time(text: str, *, now: datetime) -> float | None:
    """Read a header ``Retry-After``: seconds, or a date of HTTP.

    Args:
        text: The header.
        now: The present moment, aware.

    Returns:
        Seconds from 0 to a day; ``None`` where the text is neither.

    >>> from datetime import datetime, UTC
    >>> waiting_time("Fri, 20 Nov 2026 02:02:00 GMT", now=datetime(2026, 11, 20, 2, tzinfo=UTC))
    120.0
    """
    number = re.fullmatch(r"[0-9]{1,10}", text.strip())
    if number is not None:
        return min(float(number[0]), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None  # no date, or one without a zone
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def backoff(attempt: int, *, base: float = 1.0, cap: float = 3600.0, seed: int | str) -> float:
    """Return how many seconds to wait before the next attempt, with full jitter.

    The upper bound doubles with each attempt, and the wait lies anywhere below it, so that
    messages which failed together do not come back together.

    Args:
        attempt: How many attempts have failed, from 1.
        base: Upper bound after the first one, in seconds.
        cap: Upper bound after many, in seconds.
        seed: Makes the wait the same for the same message, e.g. its id.

    Returns:
        From 0 to ``min(cap, base * 2 ** (attempt - 1))``.

    Raises:
        DestinationError: There was no attempt, or a bound is not positive.
    """
    if attempt < 1 or not 0 < base < math.inf or not 0 < cap < math.inf:
        raise DestinationError(
            say(
                "There is no wait after {attempt} attempts from {base} to {cap} seconds.",
                attempt=attempt,
                base=base,
                cap=cap,
            ),
            fix=say("Count attempts from 1; base and cap are seconds above 0."),
        )
    doublings = min(attempt - 1, 1000)
    bound = cap if base >= cap else min(cap, base * 2.0**doublings)
    return bound * random.Random(f"{seed}/{attempt}").random()  # noqa: S311 - spreads load, hides nothing


class MemorySink:
    """Keeps messages in a list; for tests, and to see what would be sent."""

    __slots__ = ("_answers", "messages")

    def __init__(self, answers: Iterable[Delivery] = ()) -> None:
        """Begin empty.

        Args:
            answers: What becomes of the first messages, one each; all later ones are delivered.
        """
        self._answers = iter(tuple(answers))
        #: those that were delivered, in order
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> Delivery:
        """Keep a message, unless another answer is due.

        Raises:
            MessageError: The message cannot be written as a CloudEvent.
        """
        cloudevent(message)
        answer = next(self._answers, DELIVERED)
        if answer.outcome == "delivered":
            self.messages.append(message)
        return answer
