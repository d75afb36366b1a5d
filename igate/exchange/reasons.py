"""Why a message was not delivered, in both languages, without address or secret.

A store keeps the reason as English text beside the message. :func:`reason_text` says it in
Vietnamese again; what the other side said stays as it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.law.text import check_language
from igate.words.recognition import recognised
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.words.language import Language
    from igate.words.sentence import Sentence

__all__ = [
    "EXPIRED",
    "FAILED_BEFORE",
    "UNNAMED",
    "elsewhere",
    "late",
    "no_answer",
    "no_json",
    "reason_text",
    "too_long",
]

EXPIRED: Final = say("The portal takes no session.")
UNNAMED: Final = say("The answer says nothing of this record.")
FAILED_BEFORE: Final = say("Not sent: the portal failed before.")


def too_long(size: int) -> Sentence:
    """Say that an answer has more than so many bytes."""
    return say("The answer has more than {size} bytes.", size=size)


def late(seconds: float) -> Sentence:
    """Say that no answer came in time."""
    written = f"{seconds:g}"
    return say("No answer within {seconds} seconds.", seconds=written)


def no_answer(why: str) -> Sentence:
    """Say that no answer came, with the words of the system."""
    return say("No answer: {why}.", why=why)


def no_json(status: int) -> Sentence:
    """Say that an answer cannot be read."""
    return say("HTTP {status}, but no JSON.", status=status)


def elsewhere(status: int) -> Sentence:
    """Say that an answer leads to another address."""
    return say("HTTP {status}: it leads to another address, which is not followed", status=status)


_TEMPLATES: Final = tuple(
    each.template
    for each in (
        EXPIRED, UNNAMED, FAILED_BEFORE, too_long(0), late(0), no_answer(""), no_json(0),
        elsewhere(0),
    )
)  # fmt: skip


def reason_text(reason: str, lang: Language) -> str:
    """Say the reason of a failed delivery, as a store keeps it, in a language.

    Args:
        reason: As a message or a receipt has it.
        lang: ``vi`` or ``en``.

    Raises:
        IgateError: It is neither.

    >>> reason_text("No answer within 10 seconds.", "vi")
    'Không có trả lời trong vòng 10 giây.'
    >>> reason_text("HTTP 503", "vi")
    'HTTP 503'
    """
    check_language(lang)
    found = recognised(reason, _TEMPLATES)
    return reason if found is None else found.text(lang)
