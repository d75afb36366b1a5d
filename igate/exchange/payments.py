"""The notice by which a payment gateway says that a fee was paid, and how it is believed.

A notice comes through the browser or from a machine that anybody can imitate, so nothing in it
counts before its signature fits. What is signed must be one text, and the same on both sides:
which fields, in which order, joined how, in which encoding. That is spelled out here and fixed by
the contract with the gateway; two encodings give two signatures.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args, runtime_checkable
from urllib.parse import parse_qsl, quote, quote_plus

from msgspec import Struct

from igate.errors import PaymentRefused
from igate.law.localtime import VIETNAM, local
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = [
    "Algorithm",
    "Encoding",
    "FieldNames",
    "HmacVerifier",
    "PaymentNotice",
    "PaymentVerifier",
    "check_notice",
    "payment_fields",
    "signature",
    "signed_text",
]

Algorithm = Literal["sha256", "sha512"]
#: How names and values are written before they are signed. ``plain``: as they are. ``form``: as a
#: form in HTML, a space as ``+``. ``percent``: as RFC 3986, a space as ``%20``.
Encoding = Literal["plain", "form", "percent"]

_MOST_FIELDS: Final = 100
_LONGEST: Final = 4000
_SHORTEST_SECRET: Final = 16
_HEX: Final = re.compile(r"[0-9a-fA-F]{1,200}")
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,14}")
#: the largest of so many digits
_MOST: Final = 10**15 - 1
_MOMENT: Final = re.compile(r"[0-9]{14}")
_WHOLE: Final = say("It is a whole number of đồng above 0, in digits.")
#: How far ahead of ours the clock of a gateway may be.
_AHEAD: Final = timedelta(minutes=5)


class PaymentNotice(Struct, frozen=True, kw_only=True):
    """What a gateway says of a payment, after its signature was found right."""

    #: the gateway's own number of the payment; a second notice with it is the same payment
    reference: str
    #: code of the dossier
    dossier: str
    #: what was paid, e.g. the code of a fee
    item: str
    #: in whole đồng
    amount: int
    #: when it was paid, Vietnamese time
    moment: datetime
    #: how: a card, an account, a wallet, in the gateway's words
    channel: str
    outcome: Literal["paid", "failed"]


def check_notice(notice: PaymentNotice, *, at: datetime) -> None:
    """Refuse a notice that says what no gateway can have said, whoever has read it.

    Args:
        notice: As a verifier has read it.
        at: The present moment.

    Raises:
        PaymentRefused: The amount is no whole number of đồng above 0, the outcome is unknown, or
            the payment lies in the future.
        MomentError: Its moment has no zone.
    """
    amount: object = notice.amount
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= _MOST:
        raise _malformed("amount", str(amount), _WHOLE)
    _check_outcome(notice.outcome, _OUTCOMES)
    moment = local(notice.moment)
    if moment - at > _AHEAD:
        why = say("The clock of a gateway may be {ahead} ahead of ours.", ahead=_AHEAD)
        raise _of_another_time(moment, at, why)


@runtime_checkable
class PaymentVerifier(Protocol):
    """Reads the notices of one gateway; a host writes one for each contract."""

    def verify(self, fields: Mapping[str, str]) -> PaymentNotice:
        """Return what a notice says, if it is to be believed.

        Args:
            fields: The parameters of the notice, decoded, each name once.

        Raises:
            PaymentRefused: The signature is missing or wrong, the algorithm is another one, the
                moment is too old, or a value is missing or malformed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """What a gateway calls its fields."""

    signature: str = "signature"
    #: names the algorithm; it may be absent, and if it is there it must be the agreed one
    algorithm: str = "algorithm"
    reference: str = "reference"
    dossier: str = "dossier"
    item: str = "item"
    amount: str = "amount"
    moment: str = "moment"
    channel: str = "channel"
    outcome: str = "outcome"


_NAMES: Final = FieldNames()
_OUTCOMES: Final[Mapping[str, Literal["paid", "failed"]]] = MappingProxyType(
    {"paid": "paid", "failed": "failed"}
)


def _now() -> datetime:
    return datetime.now(VIETNAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacVerifier:
    """Believes a notice whose sorted parameters carry the right HMAC.

    What is signed is :func:`signed_text` of all fields but the signature; the signature is the
    HMAC of it in hexadecimal, in small or capital letters.
    """

    #: shared with the gateway, at least 16 bytes; never shown
    secret: bytes = field(repr=False)
    algorithm: Algorithm = "sha512"
    encoding: Encoding = "form"
    names: FieldNames = _NAMES
    #: which value of the outcome means what; another value is refused
    outcomes: Mapping[str, Literal["paid", "failed"]] = field(default_factory=lambda: _OUTCOMES)
    #: by how much the gateway multiplies đồng: 1, or 100 where it writes hundredths
    factor: int = 1
    #: how old the moment of a notice may be
    max_age: timedelta = timedelta(hours=24)
    #: returns the present moment, aware
    clock: Callable[[], datetime] = field(default=_now, repr=False)

    def __post_init__(self) -> None:
        """Refuse what verifies nothing.

        Raises:
            PaymentRefused: The secret can be guessed, the algorithm or the encoding is unknown, or
                factor or age is not positive.
        """
        for what, given, known in (
            ("algorithm", self.algorithm, get_args(Algorithm)),
            ("encoding", self.encoding, get_args(Encoding)),
        ):
            if given not in known:
                raise PaymentRefused(
                    say("There is no {what} {given!r}.", what=what, given=given),
                    fix=say("Write one of {known}.", known=", ".join(known)),
                )
        secret: object = self.secret
        if not isinstance(secret, bytes) or len(secret) < _SHORTEST_SECRET:
            raise PaymentRefused(
                say("The secret is no bytes, or too short."),
                why=say(
                    "One of fewer than {shortest_secret} bytes can be guessed.",
                    shortest_secret=_SHORTEST_SECRET,
                ),
                fix=say("Pass the secret of the contract as bytes."),
            )
        if self.factor < 1 or self.max_age <= timedelta(0):
            raise PaymentRefused(say("The factor and the age of a notice are above 0."))

    def verify(self, fields: Mapping[str, str]) -> PaymentNotice:
        """Return what a notice says; see :class:`PaymentVerifier`.

        Nothing but the signature is looked at before it fits.
        """
        _check_fields(fields)
        self._check_signature(fields)
        self._check_algorithm(fields)
        outcome = self._value(fields, "outcome")
        _check_outcome(outcome, self.outcomes)
        return PaymentNotice(
            reference=self._value(fields, "reference"),
            dossier=self._value(fields, "dossier"),
            item=self._value(fields, "item"),
            amount=self._amount(fields),
            moment=self._moment(fields),
            channel=self._value(fields, "channel"),
            outcome=self.outcomes[outcome],
        )

    def _check_signature(self, fields: Mapping[str, str]) -> None:
        given = fields.get(self.names.signature, "")
        if not given:
            raise PaymentRefused(
                say("The notice is not signed."), fix=say("Record no payment from it.")
            )
        rest = {name: value for name, value in fields.items() if name != self.names.signature}
        right = signature(
            signed_text(rest, encoding=self.encoding),
            secret=self.secret,
            algorithm=self.algorithm,
        )
        fits = _HEX.fullmatch(given) is not None and hmac.compare_digest(right, given.lower())
        if not fits:
            raise PaymentRefused(
                say("The signature of the notice does not fit."),
                why=say(
                    "It was not sent by the gateway, was changed on the way, or secret, "
                    "algorithm or encoding are not those of the contract."
                ),
                fix=say("Record no payment from it."),
            )

    def _check_algorithm(self, fields: Mapping[str, str]) -> None:
        named = fields.get(self.names.algorithm, self.algorithm)
        if re.sub(r"[^a-z0-9]", "", named.lower()).removeprefix("hmac") != self.algorithm:
            raise PaymentRefused(
                say("The notice names the algorithm {named!r}.", named=named[:20]),
                why=say("The one that was agreed is {algorithm}.", algorithm=self.algorithm),
            )

    def _value(self, fields: Mapping[str, str], name: str) -> str:
        value = fields.get(getattr(self.names, name), "")
        if not value.strip():
            raise PaymentRefused(
                say("The notice has no {name}.", name=name),
                why=say("It is the field {getattr!r}.", getattr=getattr(self.names, name)),
            )
        return value

    def _amount(self, fields: Mapping[str, str]) -> int:
        text = self._value(fields, "amount")
        if _AMOUNT.fullmatch(text) is None or int(text) % self.factor:
            raise _malformed("amount", text, _WHOLE)
        return int(text) // self.factor

    def _moment(self, fields: Mapping[str, str]) -> datetime:
        text, now = self._value(fields, "moment"), local(self.clock())
        if _MOMENT.fullmatch(text) is None:
            raise _malformed("moment", text, say("It is yyyyMMddHHmmss in Vietnamese time."))
        try:
            moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
        except ValueError as error:
            raise _malformed("moment", text, say("There is no such moment.")) from error
        if not -_AHEAD <= now - moment <= self.max_age:
            why = say(
                "It may be {max_age} old, and {ahead} ahead.", max_age=self.max_age, ahead=_AHEAD
            )
            raise _of_another_time(moment, now, why)
        return moment


def signed_text(fields: Mapping[str, str], *, encoding: Encoding) -> bytes:
    """Return the text that is signed: ``name=value`` in order of the names, joined by ``&``.

    Names are ordered by their code points before they are encoded; a field with an empty value is
    written as ``name=``. The whole is UTF-8.

    Raises:
        PaymentRefused: With ``plain``, a name holds ``=`` or ``&``, or a value holds ``&``: other
            fields would give the same text.

    >>> signed_text({"b": "phí, lệ phí", "a": "1"}, encoding="form")
    b'a=1&b=ph%C3%AD%2C+l%E1%BB%87+ph%C3%AD'
    """
    write = _WRITERS[encoding]
    if encoding == "plain":
        for name, value in fields.items():
            if set("=&") & set(name) or "&" in value:
                raise PaymentRefused(
                    say("A field of the notice holds a sign that separates fields."),
                    why=say("Unencoded, other fields would have the same signature."),
                    fix=say("Agree on another encoding with the gateway."),
                )
    return "&".join(f"{write(name)}={write(fields[name])}" for name in sorted(fields)).encode()


_WRITERS: Final[Mapping[Encoding, Callable[[str], str]]] = MappingProxyType(
    {
        "plain": str,
        "form": lambda text: quote_plus(text, safe=""),
        "percent": lambda text: quote(text, safe=""),
    }
)


def signature(text: bytes, *, secret: bytes, algorithm: Algorithm) -> str:
    """Return the HMAC of a text (RFC 2104) in small hexadecimal digits."""
    return hmac.digest(secret, text, algorithm).hex()


def payment_fields(query: str) -> dict[str, str]:
    """Read the parameters of a notice from a query or a form, strictly.

    Raises:
        PaymentRefused: A name comes twice, so that two readers would see two notices; it is no
            UTF-8; or there are too many.

    >>> payment_fields("amount=20000&item=l%E1%BB%87+ph%C3%AD")
    {'amount': '20000', 'item': 'lệ phí'}
    """
    try:
        pairs = parse_qsl(
            query,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise PaymentRefused(
            say("The notice cannot be read."), why=say("{error}.", error=error)
        ) from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PaymentRefused(
            say("A field of the notice comes twice."), why=say("Two readers would see two notices.")
        )
    return found


def _check_fields(fields: Mapping[str, str]) -> None:
    """Refuse what no gateway sends, before anything is worked out from it."""
    if len(fields) > _MOST_FIELDS:
        raise PaymentRefused(say("The notice has {count} fields.", count=len(fields)))
    for name, value in fields.items():
        texts: tuple[object, ...] = (name, value)  # a host passes on what it was sent
        for text in texts:
            if not isinstance(text, str) or len(text) > _LONGEST or not _utf8(text):
                raise PaymentRefused(
                    say("A field of the notice is no text, or too long."),
                    why=say(
                        "Names and values are texts of at most {longest} characters.",
                        longest=_LONGEST,
                    ),
                )


def _utf8(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _check_outcome(outcome: str, known: Collection[str]) -> None:
    if outcome not in known:
        said = say("It is one of {outcomes}.", outcomes=", ".join(known))
        raise _malformed("outcome", str(outcome), said)


def _of_another_time(moment: datetime, now: datetime, why: str) -> PaymentRefused:
    return PaymentRefused(
        say(
            "The notice is of {moment}, and it is {now}.",
            moment=moment.isoformat(),
            now=now.isoformat(),
        ),
        why=why,
        fix=say("Ask the gateway for the state of the payment."),
    )


def _malformed(what: str, value: str, why: str) -> PaymentRefused:
    return PaymentRefused(
        say("The {what} of the notice is {value!r}.", what=what, value=value[:40]), why=why
    )
