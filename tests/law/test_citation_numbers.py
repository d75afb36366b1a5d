"""Numbers of instruments that a citation may have, and those that are slips."""

from __future__ import annotations

import pytest

from igate.errors import CitationError
from igate.law.citation import Citation


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định 118/2025/NĐ-CP",
        "Quyết định 1582/QĐ-UBND",
        "Thông tư liên tịch 01/2018/TTLT-BNV-BTC",
        "Luật 45/2019/QH14",
        "Bộ luật 2015",
        "Quyết định 59/2020",
    ],
)
def test_a_number_as_instruments_print_it_is_read(text: str) -> None:
    """Nghị định 30/2020/NĐ-CP, Điều 15: number, year and signs of kind and issuer."""
    assert str(Citation.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["Nghị định 1/1/1/1", "Nghị định 118/2025/2026", "Nghị định 118//NĐ-CP", "Luật /2020"]
)
def test_a_number_of_no_known_form_is_refused(text: str) -> None:
    """More than two figures in a row, or a part that is missing."""
    with pytest.raises(CitationError, match="number of no known form"):
        Citation.parse(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Quyet dinh 1/QD-UBND", "Quyết định"),
        ("quyết định 1/QĐ-UBND", "Quyết định"),
        ("THONG TU LIEN TICH 1/2020/TTLT", "Thông tư liên tịch"),
    ],
)
def test_a_kind_without_its_marks_or_capitals_is_named(text: str, kind: str) -> None:
    """The remedy is the kind as it is printed."""
    with pytest.raises(CitationError, match=f'Begin with "{kind}"'):
        Citation.parse(text)


@pytest.mark.parametrize("value", [None, 118, b"Lu", ["Luật 2015"]])
def test_what_is_no_text_is_refused_as_a_citation(value: object) -> None:
    """With what is wrong, why and what to write."""
    with pytest.raises(CitationError) as caught:
        Citation.parse(value)  # type: ignore[arg-type]
    assert f"{value!r} is not a citation: it is not a text." in str(caught.value)
    assert caught.value.why
    assert "Nghị định 118/2025/NĐ-CP" in str(caught.value.fix)
