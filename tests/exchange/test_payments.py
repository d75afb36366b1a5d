"""Notices of payments: which are believed, and that nothing of the others is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from igate.errors import PaymentRefused
from igate.exchange import (
    FieldNames,
    HmacVerifier,
    PaymentNotice,
    PaymentVerifier,
    payment_fields,
)
from igate.exchange.payments import signature, signed_text
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.exchange.payments import Algorithm, Encoding

SECRET = b"0123456789abcdef0123456789abcdef"
#: five minutes after the moment of the notice
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)
FIELDS = {
    "reference": "GW-1",
    "outcome": "paid",
    "moment": "20261120085500",
    "item": "lệ phí/1",
    "dossier": "H15.10-260820-0001",
    "channel": "card",
    "amount": "20000",
}
START = "amount=20000&channel=card&dossier=H15.10-260820-0001&item="
END = "&moment=20261120085500&outcome=paid&reference=GW-1"
#: By hand: the fields in order of their names; a space, a letter with marks and a slash encoded.
JOINED: dict[Encoding, str] = {
    "form": START + "l%E1%BB%87+ph%C3%AD%2F1" + END,
    "percent": START + "l%E1%BB%87%20ph%C3%AD%2F1" + END,
    "plain": START + "lệ phí/1" + END,
}
#: printf '%s' TEXT | openssl dgst -sha512 -hmac 0123456789abcdef0123456789abcdef (OpenSSL 3)
SIGNED: dict[tuple[Encoding, Algorithm], str] = {
    ("form", "sha512"): "b2de71749244ae82b8ab434e38792736aae7c54e332dbfa10e4482e5334ad9a8"
    "5601963bb29853d6081af76040054ea9ba583e53de225661d9015ef6cc338bb5",
    ("percent", "sha512"): "59debec36f05acb226e02642e11d99ff3703b34a9e4df1cbcf27497693b3cac6"
    "7d398e00623af12a6d0904af7aaac33e0949a7855e090d670ada192f69cd2641",
    ("plain", "sha512"): "8e89ba8e116d9dcfb236faa35fc6688d314b929ee079f7efd6ab9641dc8af324"
    "e1ef13f8101f0efd67d8a7ec50e707dad939d03cceec72610e97d81cdf311795",
    ("form", "sha256"): "80803fcdea1700df67dfc7c7a2657dfe77117b4dfe606bccd5dc98864dd3a517",
    ("percent", "sha256"): "005bb70c73be88679ac32bdb26d15441ab97d451262ebcc8e6f532c9c3fd9f8d",
    ("plain", "sha256"): "1426671a0b516eae687c9dd475c18f4f995766844cb2d98b21db1c4cdd06784c",
}
VERIFIER = HmacVerifier(secret=SECRET, clock=lambda: NOW)


def signed(fields: Mapping[str, str], verifier: HmacVerifier = VERIFIER) -> dict[str, str]:
    """Sign fields as the gateway would."""
    text = signed_text(fields, encoding=verifier.encoding)
    made = signature(text, secret=verifier.secret, algorithm=verifier.algorithm)
    return {**fields, verifier.names.signature: made}


@pytest.mark.parametrize(
    ("algorithm", "secret", "text", "expected"),
    [
        ("sha512", b"\x0b" * 20, b"Hi There",
         ("87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
         "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854")),
        ("sha512", b"Jefe", b"what do ya want for nothing?",
         ("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")),
        ("sha256", b"\x0b" * 20, b"Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ("sha256", b"Jefe", b"what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ],
)  # fmt: skip
def test_the_signature_is_the_hmac_of_rfc_4231(
    algorithm: Algorithm, secret: bytes, text: bytes, expected: str
) -> None:
    """Test cases 1 and 2 of RFC 4231, sections 4.2 and 4.3."""
    assert signature(text, secret=secret, algorithm=algorithm) == expected


@pytest.mark.parametrize("encoding", ["form", "percent", "plain"])
def test_the_signed_text_is_the_sorted_parameters(encoding: Encoding) -> None:
    """As joined by hand, whatever the order in which they came."""
    assert signed_text(FIELDS, encoding=encoding) == JOINED[encoding].encode()
    other = dict(reversed(FIELDS.items()))
    assert signed_text(other, encoding=encoding) == JOINED[encoding].encode()


@pytest.mark.parametrize(("encoding", "algorithm"), SIGNED)
def test_a_notice_that_openssl_has_signed_is_believed(
    encoding: Encoding, algorithm: Algorithm
) -> None:
    """In each encoding and with each algorithm; the digits may be capitals."""
    verifier = replace(VERIFIER, encoding=encoding, algorithm=algorithm)
    for made in (SIGNED[encoding, algorithm], SIGNED[encoding, algorithm].upper()):
        assert verifier.verify({**FIELDS, "signature": made}) == PaymentNotice(
            reference="GW-1",
            dossier="H15.10-260820-0001",
            item="lệ phí/1",
            amount=20000,
            moment=datetime(2026, 11, 20, 8, 55, tzinfo=VIETNAM),
            channel="card",
            outcome="paid",
        )


def test_another_encoding_gives_another_signature() -> None:
    """Each of the six fits one verifier alone."""
    for (encoding, algorithm), made in SIGNED.items():
        for other in SIGNED:
            verifier = replace(VERIFIER, encoding=other[0], algorithm=other[1])
            notice = {**FIELDS, "signature": made}
            if other == (encoding, algorithm):
                verifier.verify(notice)
            else:
                with pytest.raises(PaymentRefused, match="does not fit"):
                    verifier.verify(notice)


@pytest.mark.parametrize(
    "given",
    ["", "0", "é" * 128, "0" * 128, SIGNED["form", "sha512"][:-1], SIGNED["form", "sha512"] + "0"],
)
def test_a_missing_or_wrong_signature_is_refused(given: str) -> None:
    """No sign of which part was wrong."""
    with pytest.raises(PaymentRefused, match=r"is not signed|does not fit"):
        VERIFIER.verify({**FIELDS, "signature": given})
    with pytest.raises(PaymentRefused, match="is not signed"):
        VERIFIER.verify(FIELDS)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_changed_or_added_the_signature_no_longer_fits(
    name: str, value: str, added: str
) -> None:
    """A value, a further field, a field left out."""
    notice = signed(FIELDS)
    assume(value != FIELDS[name] and added not in notice)
    without = {each: text for each, text in notice.items() if each != name}
    for forged in ({**notice, name: value}, {**notice, added: value}, without):
        with pytest.raises(PaymentRefused, match=r"does not fit|no text"):
            VERIFIER.verify(forged)


_SIGNS = st.text("ab=&+% %2F26ệ", max_size=4)
_MAPS = st.dictionaries(_SIGNS, _SIGNS, max_size=3)


@pytest.mark.parametrize("encoding", ["form", "percent", "plain"])
@given(one=_MAPS, other=_MAPS)
def test_other_fields_never_have_the_same_text(
    encoding: Encoding, one: dict[str, str], other: dict[str, str]
) -> None:
    """Else a signature for one notice would fit another one; ``plain`` refuses what could."""
    try:
        texts = signed_text(one, encoding=encoding), signed_text(other, encoding=encoding)
    except PaymentRefused:
        assert encoding == "plain"
        return
    assert (texts[0] == texts[1]) == (one == other)


def test_unencoded_a_sign_that_separates_fields_is_refused() -> None:
    """The fields a = "1&b=2" and a = "1", b = "2" would be one text."""
    for fields in ({"a": "1&b=2"}, {"a&b": "1"}, {"a=b": "1"}):
        with pytest.raises(PaymentRefused, match="separates fields"):
            signed_text(fields, encoding="plain")


@pytest.mark.parametrize("named", ["sha512", "SHA512", "HmacSHA512", "HMAC-SHA-512", "SHA-512"])
def test_the_agreed_algorithm_may_be_named(named: str) -> None:
    """In the spellings that are in use."""
    assert VERIFIER.verify(signed({**FIELDS, "algorithm": named})).amount == 20000


@pytest.mark.parametrize("named", ["sha256", "MD5", "none", "", "sha5120"])
def test_another_algorithm_is_refused_even_if_it_is_signed(named: str) -> None:
    """A notice does not choose how it is checked."""
    with pytest.raises(PaymentRefused, match="names the algorithm"):
        VERIFIER.verify(signed({**FIELDS, "algorithm": named}))


@pytest.mark.parametrize(
    "amount",
    ["0", "-1", "20000.0", "20,000", "2e4", "020000", " 20000", "٢٠", "", "20000đ", "1" * 16],
)
def test_an_amount_is_a_whole_number_of_dong(amount: str) -> None:
    """Nothing is rounded, and nothing guessed."""
    with pytest.raises(PaymentRefused, match="amount"):
        VERIFIER.verify(signed({**FIELDS, "amount": amount}))


def test_a_gateway_may_write_hundredths() -> None:
    """20,000 đồng are 2,000,000 hundredths; half a đồng is none."""
    verifier = replace(VERIFIER, factor=100)
    assert verifier.verify(signed({**FIELDS, "amount": "2000000"})).amount == 20000
    with pytest.raises(PaymentRefused, match="amount"):
        verifier.verify(signed({**FIELDS, "amount": "2000050"}))


@pytest.mark.parametrize(
    "moment",
    ["2026-11-20T08:55", "20261320085500", "20260230085500", "2026112008550", "", "x" * 14],
)
def test_a_moment_is_fourteen_digits_of_a_day_that_exists(moment: str) -> None:
    """Year to second, in Vietnamese time."""
    with pytest.raises(PaymentRefused, match="moment"):
        VERIFIER.verify(signed({**FIELDS, "moment": moment}))


@pytest.mark.parametrize(
    ("seconds", "believed"),
    [(0, True), (86400, True), (86401, False), (-300, True), (-301, False)],
)
def test_a_stale_notice_is_refused(seconds: int, *, believed: bool) -> None:
    """A day old at the most, five minutes ahead at the most; the ends are included."""
    moment = datetime(2026, 11, 20, 8, 55, tzinfo=VIETNAM) + timedelta(seconds=seconds)
    verifier = replace(VERIFIER, clock=lambda: moment.astimezone(UTC))
    if believed:
        verifier.verify(signed(FIELDS))
    else:
        with pytest.raises(PaymentRefused, match="The notice is of"):
            verifier.verify(signed(FIELDS))


@pytest.mark.parametrize("name", ["reference", "dossier", "item", "channel", "outcome"])
def test_a_notice_says_everything(name: str) -> None:
    """An empty value is none."""
    for fields in (
        {**FIELDS, name: " "},
        {each: value for each, value in FIELDS.items() if each != name},
    ):
        with pytest.raises(PaymentRefused, match=f"has no {name}"):
            VERIFIER.verify(signed(fields))


def test_an_outcome_is_one_that_was_agreed() -> None:
    """A word of the gateway stands for paid or failed; another one for neither."""
    verifier = replace(VERIFIER, outcomes={"00": "paid", "24": "failed"})
    assert verifier.verify(signed({**FIELDS, "outcome": "00"})).outcome == "paid"
    assert verifier.verify(signed({**FIELDS, "outcome": "24"})).outcome == "failed"
    with pytest.raises(PaymentRefused, match="outcome"):
        verifier.verify(signed({**FIELDS, "outcome": "paid"}))


def test_the_names_are_those_of_the_gateway() -> None:
    """The signature is left out of what is signed under its own name."""
    names = FieldNames(signature="hash", reference="txn", amount="money")
    verifier = replace(VERIFIER, names=names)
    fields = {**FIELDS, "txn": "GW-2", "money": "5"}
    notice = verifier.verify(signed(fields, verifier))
    assert (notice.reference, notice.amount) == ("GW-2", 5)


def test_nothing_is_read_before_the_signature_fits() -> None:
    """A notice that is wrong throughout is refused for its signature."""
    forged = {"signature": "0" * 128, "amount": "-1", "moment": "x", "algorithm": "MD5"}
    with pytest.raises(PaymentRefused, match="does not fit"):
        VERIFIER.verify(forged)


@pytest.mark.parametrize(
    "fields",
    [
        {"signature": "0", "a": None},
        {"signature": "0", "a": ["1"]},
        {"signature": "0", 1: "a"},
        {"signature": "0", "a": "\ud800"},
        {"signature": "0", "a": "x" * 4001},
        {str(number): "" for number in range(101)},
    ],
)
def test_what_no_gateway_sends_is_refused(fields: Any) -> None:  # noqa: ANN401 - as a host might
    """Before anything is worked out from it."""
    with pytest.raises(PaymentRefused):
        VERIFIER.verify(fields)


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": b"x" * 15},
        {"secret": "x" * 32},
        {"algorithm": "md5"},
        {"encoding": "base64"},
        {"factor": 0},
        {"max_age": timedelta(0)},
    ],
    ids=str,
)
def test_a_verifier_that_verifies_nothing_is_refused(changed: dict[str, Any]) -> None:
    """When it is made."""
    with pytest.raises(PaymentRefused):
        replace(VERIFIER, **changed)


def test_no_secret_and_no_right_signature_is_shown() -> None:
    """Neither in the repr nor in any refusal: else one could be copied into a forged notice."""
    assert "0123456789abcdef" not in repr(VERIFIER)
    assert isinstance(VERIFIER, PaymentVerifier)
    shown = ""
    for notice in (FIELDS, {**FIELDS, "signature": "0" * 128}, signed({**FIELDS, "amount": "x"})):
        with pytest.raises(PaymentRefused) as refused:
            VERIFIER.verify(notice)
        shown += str(refused.value)
    assert "0123456789" not in shown
    assert re.search(r"[0-9a-f]{32}", shown) is None


def test_the_fields_of_a_query_are_read_once_each() -> None:
    """As the sender meant them; a name that comes twice is two notices in one."""
    assert payment_fields(urlencode(FIELDS)) == FIELDS
    assert payment_fields("a=&b=1") == {"a": "", "b": "1"}
    for query in ("a=1&a=2", "a=%FF", "a", "&".join(f"a{n}=1" for n in range(101))):
        with pytest.raises(PaymentRefused):
            payment_fields(query)
