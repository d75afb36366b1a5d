"""Why a message was not delivered: kept as English text, said in Vietnamese again."""

from __future__ import annotations

import pytest

from igate.exchange import Delivery, reason_text
from igate.exchange.reasons import (
    EXPIRED,
    FAILED_BEFORE,
    UNNAMED,
    elsewhere,
    late,
    no_answer,
    no_json,
    too_long,
)
from igate.exchange.sinks import delivery_of
from igate.exchange.transport import Answer, Unanswered
from igate.words.recognition import recognised


@pytest.mark.parametrize(
    "reason",
    [
        EXPIRED,
        UNNAMED,
        FAILED_BEFORE,
        too_long(4096),
        late(0.5),
        no_answer("ConnectError: [Errno 111] Connection refused"),
        no_json(200),
        elsewhere(301),
    ],
)
def test_a_reason_that_was_kept_as_text_is_said_in_vietnamese(reason: str) -> None:
    """What a store gives back is the English text; the Vietnamese is that of the sentence."""
    kept = str(reason)
    assert type(kept) is str
    assert reason_text(kept, "en") == kept
    assert reason_text(kept, "vi") == reason.text("vi") != kept  # type: ignore[attr-defined]


def test_what_the_other_side_says_stays_as_it_is() -> None:
    """Its words and its number, and a text that no template makes."""
    assert reason_text("HTTP 503", "vi") == "HTTP 503"
    assert reason_text("No answer: hết giờ.", "vi") == "Không có trả lời: hết giờ."
    assert reason_text("", "vi") == ""


def test_deliveries_speak_both_languages() -> None:
    """A sentence is the same text as before, so deliveries are equal to those of plain text."""
    moved = delivery_of(Answer(status=301))
    assert moved == Delivery(
        outcome="refused",
        reason="HTTP 301: it leads to another address, which is not followed",
    )
    assert "địa chỉ khác" in reason_text(moved.reason, "vi")
    assert delivery_of(Unanswered(reason=late(2))).reason == "No answer within 2 seconds."


def test_the_template_with_the_most_words_is_found() -> None:
    """A general one would swallow what a longer one says better."""
    found = recognised("No x: y.", ("No {a}.", "No {a}: {b}."))
    assert found is not None
    assert found.values == {"a": "x", "b": "y"}
    assert recognised("Yes.", ("No {a}.",)) is None
