"""Counts as stacked bars: the columns of the form, and open dossiers by distance to their due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from igate.law.text import check_language
from igate.metrics.definitions import COUNTS
from igate.metrics.pending import LATENESS
from igate.metrics.plot.ground import (
    ROW,
    WIDTH,
    Row,
    altair,
    down,
    dressed,
    grouped,
    rows_of,
)
from igate.words.figures import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.law.citation import Label, Language

__all__ = ["ageing", "counts"]

#: Fill and ink of each part; late in oranges, in time in blues.
_PARTS: Final = {
    "solved_early": ("#0072b2", "white"),
    "solved_on_time": ("#56b4e9", "black"),
    "solved_late": ("#d55e00", "black"),
    "in_process_within": ("#c9c9c9", "black"),
    "in_process_overdue": ("#7a2e00", "white"),
}
_CLASSES: Final = {
    "overdue_over_20": ("#7a2e00", "white"),
    "overdue_6_to_20": ("#d55e00", "black"),
    "overdue_up_to_5": ("#f2b25c", "black"),
    "left_up_to_5": ("#9fd0ee", "black"),
    "left_over_5": ("#0072b2", "white"),
    "no_date": ("#c9c9c9", "black"),
}
_TITLES: Final = {
    "counts": {"vi": "Tình hình giải quyết hồ sơ", "en": "Where the dossiers stand"},
    "ageing": {
        "vi": "Hồ sơ đang giải quyết, theo ngày làm việc so với ngày hẹn trả",
        "en": "Open dossiers, by working days to their due day",
    },
}
_AXIS: Final = {"vi": "Số hồ sơ", "en": "Dossiers"}
#: pixels for the names of groups, and those that a digit needs inside a bar
_NAMES: Final = 330
_DIGIT: Final = 9
#: Numbers on an axis, about; with fewer dossiers one each.
_TICKS: Final = 6


def counts(
    table: Any,  # noqa: ANN401 - any frame that settlement returns
    *,
    lang: Language = "vi",
    names: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - Altair's charts
    """Draw the counts of the form as stacked bars, a bar a group.

    Args:
        table: What ``metrics.settlement`` returns under one definition; a total row is left out.
        lang: ``vi`` or ``en``.
        names: Names to show, by value of the columns split by, such as those of agencies.

    Returns:
        An Altair chart.

    Raises:
        FrameError: It is no such frame.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    rows = rows_of(table, tuple(_PARTS), "settlement")
    rows = [row for row in rows if not row.get("is_total")]
    shown = grouped(rows, tuple(COUNTS), names, lang)
    return _stacked(shown, _PARTS, COUNTS, _TITLES["counts"][lang], lang)


def ageing(
    table: Any,  # noqa: ANN401 - any frame that ageing returns
    *,
    lang: Language = "vi",
    names: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - Altair's charts
    """Draw the open dossiers by distance to their due day as stacked bars, a bar a group.

    Args:
        table: What ``metrics.ageing`` returns.
        lang: As for ``counts``.
        names: As for ``counts``.

    Returns:
        An Altair chart.

    Raises:
        FrameError: It is no such frame.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    rows = rows_of(table, ("in_process_total", *_CLASSES), "ageing")
    shown = grouped(rows, ("in_process_total",), names, lang)
    return _stacked(shown, _CLASSES, LATENESS, _TITLES["ageing"][lang], lang)


def _stacked(
    rows: Sequence[Row],
    looks: Mapping[str, tuple[str, str]],
    labels: Mapping[str, Label],
    title: str,
    lang: Language,
) -> Any:  # noqa: ANN401 - Altair's charts
    alt = altair()
    longest = max((sum(row[part] for part in looks) for row in rows), default=0)
    width = WIDTH - _NAMES
    values = _segments(rows, looks, labels, width / max(1, longest), lang)
    words = [labels[part].text(lang) for part in looks]
    order = [row["group"] for row in rows]
    data = alt.Data(values=values)
    y = down("group", order, _NAMES)
    scale = alt.Scale(domain=[0, max(1, longest)], nice=False)
    axis = alt.Axis(title=_AXIS[lang], labelExpr=_thousands(lang), **_ticks(longest))
    x = alt.X("from:Q", scale=scale, axis=axis)
    colours = alt.Scale(domain=words, range=[fill for fill, _ in looks.values()])
    legend = alt.Legend(orient="top", direction="horizontal", columns=3, columnPadding=24)
    bars = alt.Chart(data).mark_bar(height=ROW * 0.62, stroke="white", strokeWidth=1).encode(
        x=x, x2="to:Q", y=y, color=alt.Color("part:N", scale=colours, sort=words, legend=legend)
    )  # fmt: skip
    texts = alt.Chart(data).mark_text(fontSize=12).encode(
        x=alt.X("middle:Q", scale=scale), y=y, text="text:N", color=alt.Color("ink:N", scale=None)
    )  # fmt: skip
    # the colour of the texts is their own, so the two layers must not share a scale
    chart = alt.layer(bars, texts).resolve_scale(color="independent")
    return dressed(chart.properties(width=width, height=ROW * max(1, len(rows))), title)


def _segments(
    rows: Sequence[Row],
    looks: Mapping[str, tuple[str, str]],
    labels: Mapping[str, Label],
    pixels: float,
    lang: Language,
) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        start = 0
        for part, (_, ink) in looks.items():
            count = row[part]
            text = number(count, lang)
            if count:
                found.append(
                    {
                        "group": row["group"], "part": labels[part].text(lang), "ink": ink,
                        "from": start, "to": start + count, "middle": start + count / 2,
                        "text": text if count * pixels > _DIGIT * len(text) else "",
                    }
                )  # fmt: skip
            start += count
        if not start:
            found.append(
                {"group": row["group"], "from": 0, "to": 0, "middle": 0, "text": "", "ink": ""}
            )
    return found


def _ticks(longest: int) -> dict[str, Any]:
    """Return where an axis has numbers; tickMinStep lets Vega halve one that ends at 1 or 2."""
    return {"tickCount": _TICKS} if longest >= _TICKS else {"values": [*range(longest + 1)]}


def _thousands(lang: Language) -> str:
    """Write the numbers of an axis with the sign of the language between thousands."""
    sign = "." if lang == "vi" else ","
    return f"replace(format(datum.value, ',d'), /,/g, '{sign}')"
