"""Rates by group: under one definition against what chance explains, under several side by side."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any, Final

from igate.law.text import check_language
from igate.metrics.definitions import COUNTS, DEFINITIONS
from igate.metrics.durations import p_limits
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
    grouped,
    rows_of,
)
from igate.words.figures import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.law.citation import Language

__all__ = ["rates"]

_NEEDED: Final = ("rate_numerator", "rate_denominator", "on_time_rate")
_NAMES: Final = 330
_NOTE: Final = 210
_WORDS: Final = {
    "title": {"vi": "Tỷ lệ đúng hạn", "en": "On-time rate"},
    "band": {
        "vi": "Dải xám: tỷ lệ chung ± 3 sai số chuẩn theo số hồ sơ của dòng.\nNgoài dải là khác "
        "tỷ lệ chung nhiều hơn ngẫu nhiên.",
        "en": "Grey: the rate of all ± 3 standard errors for the dossiers of the row.\nOutside, it "
        "differs by more than chance.",
    },
    "inside": {"vi": "trong dải", "en": "within the band"},
    "below": {"vi": "thấp hơn dải", "en": "below the band"},
    "above": {"vi": "cao hơn dải", "en": "above the band"},
    "none": {"vi": "không có hồ sơ trong mẫu số", "en": "no dossier in the denominator"},
}  # fmt: skip
_STANDINGS: Final = {
    "inside": ("circle", INK), "below": ("triangle-down", VERMILION), "above": ("triangle-up", BLUE)
}  # fmt: skip
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
_SHADES: Final = (BLUE, VERMILION, "#009e73", "#cc79a7", "#e69f00", INK)


def rates(
    table: Any,  # noqa: ANN401 - any frame that settlement returns
    *,
    lang: Language = "vi",
    names: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - Altair's charts
    """Draw the on-time rate of each group.

    Under one definition each group stands before a band: the rate of all groups together, plus and
    minus three standard errors for as many dossiers as the group has. Under several definitions
    their rates stand in one row.

    Args:
        table: What ``metrics.settlement`` returns, with one definition or with several.
        lang: ``vi`` or ``en``.
        names: Names to show, by value of the columns split by, such as those of agencies.

    Returns:
        An Altair chart.

    Raises:
        FrameError: It is no such frame.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    rows = grouped(rows_of(table, _NEEDED, "settlement"), tuple(COUNTS), names, lang)
    if len({row.get("definition") for row in rows}) > 1:
        return _several(rows, lang)
    return _one([row for row in rows if not row.get("is_total")], lang)


def _note(row: Row, lang: Language) -> str:
    if row["on_time_rate"] is None:
        return _WORDS["none"][lang]
    of = f"{number(row['rate_numerator'], lang)}/{number(row['rate_denominator'], lang)}"
    return f"{percent(row['on_time_rate'], lang)} ({of})"


def _axes(rows: Sequence[Row], low: float) -> tuple[Any, Any, Any]:
    """Return y of the groups, and scale and axis of shares from a twentieth below the least."""
    alt = altair()
    start = max(0.0, floor((low - 0.02) * 20) / 20)
    order = list(dict.fromkeys(row["group"] for row in rows))
    y = down("group", order, _NAMES)
    scale = alt.Scale(domain=[start, 1], nice=False, zero=False)
    return (
        y,
        scale,
        alt.Axis(format=".0%", title=None, tickCount=8, tickMinStep=0.01, labelFlush=False),
    )


def _points(rows: Sequence[Row], lang: Language) -> list[Row]:
    """Return the groups that have a rate, each with its band and where it stands."""
    seen = [row for row in rows if row["on_time_rate"] is not None]
    if not seen:
        return []
    above, below = ([row[name] for row in seen] for name in ("rate_numerator", "rate_denominator"))
    limits = p_limits(above, below)
    found: list[Row] = []
    for row, low, high in zip(seen, limits.lower.tolist(), limits.upper.tolist(), strict=True):
        share = row["on_time_rate"]
        standing = "below" if share < low else "above" if share > high else "inside"
        found.append({"group": row["group"], "share": share, "low": low, "high": high,
                      "standing": _WORDS[standing][lang]})  # fmt: skip
    return found


def _marked(key: str, words: Sequence[str], looks: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return shape and colour of points by a field, with one legend for both."""
    alt = altair()
    legend = alt.Legend(orient="top", columns=3, columnPadding=24)
    shapes = alt.Scale(domain=list(words), range=[shape for shape, _ in looks])
    shades = alt.Scale(domain=list(words), range=[shade for _, shade in looks])
    return {
        "color": alt.Color(f"{key}:N", sort=list(words), scale=shades, legend=legend),
        "shape": alt.Shape(f"{key}:N", sort=list(words), scale=shapes, legend=legend),
    }


def _one(rows: Sequence[Row], lang: Language) -> Any:  # noqa: ANN401 - Altair's charts
    alt = altair()
    points = _points(rows, lang)
    y, scale, axis = _axes(rows, min((min(p["low"], p["share"]) for p in points), default=0.0))
    data = alt.Data(values=points)
    notes = alt.Data(values=[{"group": row["group"], "note": _note(row, lang)} for row in rows])
    looks = _marked(
        "standing", [_WORDS[key][lang] for key in _STANDINGS], list(_STANDINGS.values())
    )
    width = WIDTH - _NAMES - _NOTE
    chart = alt.layer(
        alt.Chart(data).mark_bar(height=ROW * 0.55, color="#dedede").encode(
            x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y
        ),
        alt.Chart(data).mark_point(filled=True, size=110, opacity=1).encode(
            x=alt.X("share:Q", scale=scale, axis=axis), y=y, **looks
        ),
        alt.Chart(notes).mark_text(align="left", fontSize=13, color=INK).encode(
            x=alt.value(width + 14), y=y, text="note:N"
        ),
    ).properties(width=width, height=ROW * max(1, len(rows)))  # fmt: skip
    return dressed(chart, _WORDS["title"][lang], *_WORDS["band"][lang].split("\n"))


def _several(rows: Sequence[Row], lang: Language) -> Any:  # noqa: ANN401 - Altair's charts
    alt = altair()
    seen = [row for row in rows if row["on_time_rate"] is not None]
    names = list(dict.fromkeys(row["definition"] for row in rows))
    looks = [
        (_SHAPES[place % len(_SHAPES)], _SHADES[place % len(_SHADES)])
        for place in range(len(names))
    ]
    points = [
        {"group": row["group"], "share": row["on_time_rate"], "definition": row["definition"]}
        for row in seen
    ]
    y, scale, axis = _axes(rows, min((point["share"] for point in points), default=0.0))
    groups = len({row["group"] for row in rows})
    chart = alt.Chart(alt.Data(values=points)).mark_point(filled=True, size=130, opacity=1).encode(
        x=alt.X("share:Q", scale=scale, axis=axis), y=y, **_marked("definition", names, looks)
    ).properties(width=WIDTH - _NAMES, height=ROW * max(1, groups))  # fmt: skip
    said = [
        f"{name}: {DEFINITIONS[name].label.text(lang)}" for name in names if name in DEFINITIONS
    ]
    return dressed(chart, _WORDS["title"][lang], *said)
