"""Why two rates differ, as a fall of steps from the first rate to the second."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from igate.errors import FrameError
from igate.law.text import check_language
from igate.metrics.plot.ground import (
    BLUE,
    INK,
    ROW,
    VERMILION,
    WIDTH,
    Row,
    altair,
    down,
    dressed,
    wrapped,
)
from igate.words.figures import number, percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.law.citation import Language
    from igate.metrics.definitions import Definition
    from igate.metrics.reconciling import Cause, Reconciliation

__all__ = ["causes"]

_NAMES: Final = 400
_NOTE: Final = 200
_GREY: Final = "#8c8c8c"
_WORDS: Final = {
    "title": {"vi": "Vì sao hai tỷ lệ khác nhau", "en": "Why the two rates differ"},
    "cut": {"vi": "Trục không bắt đầu từ 0%.", "en": "The axis does not begin at 0%."},
    "points": {"vi": "điểm %", "en": "points"},
    "dossiers": {"vi": "hồ sơ", "en": "dossiers"},
}


def causes(found: Reconciliation, *, lang: Language = "vi") -> Any:  # noqa: ANN401 - Altair's charts
    """Draw the causes by which two rates differ, from the first rate down to the second.

    Args:
        found: What ``metrics.reconcile`` returns.
        lang: ``vi`` or ``en``.

    Returns:
        An Altair chart.

    Raises:
        FrameError: One of the two is no rate.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    if found.difference is None:
        raise FrameError(
            say("The causes cannot be drawn."), why=say("One of the two denominators is 0."),
            fix=say("Take a period in which both have dossiers."),
        )  # fmt: skip
    alt = altair()
    rows = _steps(found, lang)
    low, high = (
        edge(pick(row["to"] for row in rows) * 20 + by) / 20
        for edge, pick, by in ((floor, min, -0.2), (ceil, max, 0.2))
    )
    rows = [{**row, "from": max(0.0, low) if row["from"] is None else row["from"]} for row in rows]
    data = alt.Data(values=rows)
    order = [row["step"] for row in rows]
    y = down("step", order, _NAMES)
    scale = alt.Scale(domain=[max(0.0, low), min(1.0, high)], nice=False, zero=False)
    axis = alt.Axis(format=".0%", title=None, tickCount=8, tickMinStep=0.01, labelFlush=False)
    width = WIDTH - _NAMES - _NOTE
    chart = alt.layer(
        alt.Chart(data).mark_bar(height=ROW * 0.6).encode(
            x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q", y=y,
            color=alt.Color("shade:N", scale=None),
        ),
        alt.Chart(data).mark_text(align="left", fontSize=13, color=INK).encode(
            x=alt.value(width + 14), y=y, text="note:N"
        ),
    ).properties(width=width, height=ROW * len(rows))  # fmt: skip
    return dressed(chart, _WORDS["title"][lang], _WORDS["cut"][lang] if low > 0 else "")


def _steps(found: Reconciliation, lang: Language) -> list[Row]:
    one, two = found.definitions
    at = Fraction(*found.first)
    rows = [_end(one, found.first, "1", lang)]
    for cause in found.causes:
        after = at + (cause.share or 0)
        rows.append(_step(cause, at, after, lang))
        at = after
    return [*rows, _end(two, found.second, "2", lang)]


def _end(chosen: Definition, rate: tuple[int, int], place: str, lang: Language) -> Row:
    share = rate[0] / rate[1]
    text = f"{percent(share, lang)} ({number(rate[0], lang)}/{number(rate[1], lang)})"
    name = f"{place}. {chosen.name}"
    return {"step": name, "from": None, "to": share, "shade": _GREY, "note": text}


def _step(cause: Cause, before: Fraction, after: Fraction, lang: Language) -> Row:
    share = float(after - before)
    points = f"{share * 100:+.2f}".replace("-", "−")
    points = points.replace(".", ",") if lang == "vi" else points
    many = f"({number(len(cause.dossiers), lang)} {_WORDS['dossiers'][lang]})"
    return {
        "step": wrapped(cause.label.text(lang)),
        "from": float(before),
        "to": float(after),
        "shade": VERMILION if share < 0 else BLUE,
        "note": f"{points} {_WORDS['points'][lang]} {many if cause.dossiers else ''}".rstrip(),
    }
