"""Sending records to the portal in batches, and saying of each record what became of it.

Practice before 2026, not confirmed for 2026: how a batch is wrapped and which code means what is in
the mapping file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from msgspec import Struct, structs

from igate.errors import PortalError
from igate.exchange.reasons import EXPIRED, FAILED_BEFORE, UNNAMED, no_json
from igate.exchange.sinks import DELIVERED, Delivery, delivery_of
from igate.exchange.transport import Answer, Destination, Unanswered
from igate.words.sentence import say

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence

    from igate.exchange.portal import PortalProfile, Record
    from igate.exchange.portalfile import RecordModel

__all__ = ["Kind", "PortalSink"]

#: What records are sent of.
Kind = Literal["dossier", "step"]

#: Bytes of an answer that are read.
_LONGEST_ANSWER: Final = 1024 * 1024
#: Characters of the portal's message that are kept.
_LONGEST_MESSAGE: Final = 200
_UNAUTHORISED: Final = 401
_EXPIRED: Final = Delivery(outcome="retry", reason=EXPIRED)
_UNNAMED: Final = Delivery(outcome="retry", reason=UNNAMED)
_UNSENT: Final = Delivery(outcome="retry", reason=FAILED_BEFORE)
#: The worst comes first.
_ORDER: Final = ("refused", "retry", "delivered")


class PortalSink:
    """Posts records to one address of a portal, or of a system between."""

    __slots__ = ("_agency", "_batch", "_destination", "_login", "_profile", "_session")

    def __init__(
        self,
        url: str,
        profile: PortalProfile,
        *,
        session: Callable[[], str],
        agency: str = "",
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        batch: int = 50,
        insecure: bool = False,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        """Describe the portal; nothing is sent yet.

        Args:
            url: ``https://…``; without a password in it.
            profile: How records are wrapped, and answers read.
            session: Signs in and returns a session; called again when the portal no longer takes
                the last one. It returns an empty text where there is none to be had now; what it
                raises goes through.
            agency: Identifier of the sender, where the envelope has a place for it.
            headers: Sent with every batch.
            timeout: Seconds that one batch may take.
            batch: How many records are sent together.
            insecure: Allow ``http://``, for a rehearsal on the same machine.
            verify: Which certificates are trusted; those that certifi lists when absent.

        Raises:
            DestinationError: The destination cannot be used.
            PortalError: A batch holds nothing.
        """
        if batch < 1:
            raise PortalError(
                say("A batch cannot hold {batch} records.", batch=batch),
                fix=say("Write 1 or more."),
            )
        self._destination = Destination(
            url, headers=headers, timeout=timeout, insecure=insecure, verify=verify
        )
        self._profile = profile
        self._login = session
        self._session = ""
        self._agency = agency
        self._batch = batch

    def __repr__(self) -> str:
        """Show host and mapping, and no session."""
        return f"PortalSink({self._destination!r}, {self._profile!r})"

    def send(
        self,
        records: Sequence[Record],
        *,
        kind: Kind = "dossier",
        updating: bool = False,
    ) -> tuple[Delivery, ...]:
        """Send records, in batches, once.

        Where the portal refuses a whole batch without saying which record it means, each record is
        sent again alone. After a failure that concerns all of them the rest is not sent.

        Args:
            records: As :class:`~igate.exchange.portal.PortalProfile` writes them.
            kind: What they are records of.
            updating: Whether the portal has these dossiers already.

        Returns:
            What became of each record, in their order. A reason may hold what the portal said.

        Raises:
            PortalError: A record has no key, or a dossier comes twice; nothing was sent.
            IgateError: The package httpx is not installed.
        """
        keys = self._keys(records, kind)
        if kind == "dossier" and len(set(keys)) != len(keys):
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise PortalError(
                say("These dossiers come twice: {twice}.", twice=", ".join(twice)),
                why=say("The portal would keep one of the two records."),
                fix=say("Send the last record of each."),
            )
        found: list[Delivery] = []
        for start in range(0, len(records), self._batch):
            part = slice(start, start + self._batch)
            sent = self._batch_of(_Batch(records[part], keys[part], kind, updating))
            found += sent.each
            if sent.down:
                break
        return (*found, *[_UNSENT] * (len(records) - len(found)))

    def _keys(self, records: Sequence[Record], kind: Kind) -> list[str]:
        name = self._model(kind).key
        keys = [record.get(name) for record in records]
        known = [key for key in keys if isinstance(key, str) and key]
        if len(known) != len(keys):
            raise PortalError(
                say("{count} records have no {name}.", count=len(keys) - len(known), name=name),
                why=say("An answer could not be told to belong to them."),
                fields=[name],
            )
        return known

    def _model(self, kind: Kind) -> RecordModel:
        return self._profile.dossiers if kind == "dossier" else self._profile.steps

    def _batch_of(self, batch: _Batch) -> _Sent:
        """Send one batch; where it is refused as a whole, send each of its records alone."""
        said = self._post(batch)
        if isinstance(said, Delivery) and said.outcome == "retry":
            return _Sent([said] * len(batch.keys), down=True)
        each = [said] if isinstance(said, Delivery) else self._answers(said, batch)
        if len(each) == len(batch.keys):
            return _Sent(each, down=False)
        return self._alone(batch)

    def _alone(self, batch: _Batch) -> _Sent:
        found: list[Delivery] = []
        for record, key in zip(batch.records, batch.keys, strict=True):
            sent = self._batch_of(structs.replace(batch, records=[record], keys=[key]))
            found += sent.each
            if sent.down:
                rest = [_UNSENT] * (len(batch.keys) - len(found))
                return _Sent([*found, *rest], down=True)
        return _Sent(found, down=False)

    def _answers(self, said: Mapping[str, Any], batch: _Batch) -> list[Delivery]:
        """Return what an answer says of each record, or the one thing it says of all of them."""
        reading = self._profile.answer
        listed = said.get(reading.records) if reading.records is not None else None
        if isinstance(listed, list):
            return self._listed(listed, batch)
        whole = self._delivery(said)
        return [whole] if whole.outcome == "refused" else [whole] * len(batch.keys)

    def _listed(self, listed: Sequence[object], batch: _Batch) -> list[Delivery]:
        """Return what a list of answers says of each record; of two answers the worse counts."""
        found: dict[str, Delivery] = {}
        name = self._model(batch.kind).key
        for answer in listed:
            if isinstance(answer, dict):
                key, now = str(answer.get(name)), self._delivery(answer)
                found[key] = min(found.get(key, now), now, key=_badness)
        return [found.get(key, _UNNAMED) for key in batch.keys]

    def _delivery(self, said: Mapping[str, Any]) -> Delivery:
        """Return what a code means for a record."""
        reading, code = self._profile.answer, _code(said.get(self._profile.answer.code))
        if code is None:
            return _UNNAMED
        if code in reading.accepted or code in reading.duplicate:
            return DELIVERED
        words = " ".join(str(said.get(reading.message, "")).split())[:_LONGEST_MESSAGE]
        return Delivery(outcome="refused", reason=f"{reading.code} {code}: {words}")

    def _post(self, batch: _Batch) -> Mapping[str, Any] | Delivery:
        """Post a batch, with a new session where the last one is no longer taken."""
        for _attempt in range(2):
            self._session = self._session or self._login()
            if not self._session:
                return _EXPIRED
            answer = self._destination.post(
                self._wrapped(batch),
                headers={"content-type": "application/json; charset=utf-8"},
                body=_LONGEST_ANSWER,
            )
            said = _read(answer)
            expired = isinstance(answer, Answer) and answer.status == _UNAUTHORISED
            if isinstance(said, dict):
                code = _code(said.get(self._profile.answer.code))
                expired = code in self._profile.answer.session_expired
            if not expired:
                return said
            self._session = ""
        return _EXPIRED

    def _wrapped(self, batch: _Batch) -> bytes:
        names = self._profile.envelope
        body: dict[str, object] = {
            names.session: self._session,
            names.service: self._model(batch.kind).service,
            names.updating: str(batch.updating),
            names.records: batch.records,
        }
        if names.agency is not None:
            body[names.agency] = self._agency
        return msgspec.json.encode(body)


class _Batch(Struct, frozen=True):
    """Records that are sent together."""

    records: Sequence[Record]
    keys: Sequence[str]
    kind: Kind
    updating: bool


class _Sent(Struct, frozen=True):
    """What became of a batch, and whether the portal failed, so that no more is sent."""

    each: list[Delivery]
    down: bool


def _read(answer: Answer | Unanswered) -> dict[str, Any] | Delivery:
    """Return the JSON of an answer, or what it means that there is none."""
    delivery = delivery_of(answer)
    if isinstance(answer, Unanswered) or delivery.outcome != "delivered":
        return delivery
    try:
        said = msgspec.json.decode(answer.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Delivery(outcome="retry", reason=no_json(answer.status))
    return said


def _code(value: object) -> str | None:
    """Return a code as a text; portals write it as a text or as a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()


def _badness(delivery: Delivery) -> int:
    return _ORDER.index(delivery.outcome)
