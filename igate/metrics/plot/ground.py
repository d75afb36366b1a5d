"""The ground of the plots: what a frame holds, how numbers read, and one look for all.

Colours are those of Okabe and Ito (2008), which people with the usual colour deficiencies
distinguish; no plot tells anything by colour alone.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from igate.errors import FrameError, IgateError
from igate.metrics.columns import hold
from igate.metrics.refusal import suggest
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from igate.law.citation import Language

__all__ = [
    "BLUE", "FAINT", "GREY", "INK", "ROW", "VERMILION", "WIDTH", "Row", "altair", "down", "dressed",
    "grouped", "rows_of", "wrapped",
]  # fmt: skip

BLUE, VERMILION, GREY, INK, FAINT = "#0072b2", "#d55e00", "#b3b3b3", "#1a1a1a", "#595959"
#: Pixels: the whole width of a picture, and the height of the row of a group.
WIDTH: Final = 1200
ROW: Final = 40
#: DejaVu Sans where it is installed, else the font that the renderer brings; both have Vietnamese.
_FONT: Final = "DejaVu Sans, Liberation Sans, sans-serif"
#: signs of a line of a name; a name has two lines at the most
_LINE: Final = 42
_NOTHING: Final = {"vi": "(không rõ)", "en": "(unknown)"}
_ALL: Final = {"vi": "Tất cả", "en": "All"}
_TOTAL: Final = {"vi": "Tổng số", "en": "Total"}

Row: TypeAlias = "dict[str, Any]"


def altair() -> ModuleType:
    """Return Altair.

    Raises:
        IgateError: The extra ``frames`` is not installed.
    """
    try:
        import altair as alt  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("The plots cannot be drawn."),
            why=say("They need Altair ({error}).", error=error),
            fix=say('Run: pip install "igate[frames]"'),
        ) from error
    found: ModuleType = alt
    return found


def rows_of(table: object, needed: Sequence[str], made_by: str) -> list[Row]:
    """Return the rows of a frame that a function of ``igate.metrics`` has returned.

    Raises:
        FrameError: It has not the columns of such a frame.
    """
    held = hold(table)
    names = held.collect_schema().names()
    missing = [name for name in needed if name not in names]
    if missing:
        raise FrameError(
            say("The frame has no column {missing!r}.", missing=missing[0]),
            why=say("What is drawn is what metrics.{made_by} returns.", made_by=made_by),
            fix=suggest(missing[0], names, say("Its columns are")),
        )
    eager = held.collect() if hasattr(held, "collect") else held
    # pandas writes nothing as NaN, which is not equal to itself
    return [
        {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124
        for row in eager.iter_rows(named=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    keys: tuple[str, ...]
    words: Mapping[str, str]
    lang: Language

    def of(self, row: Row) -> str:
        if row.get("is_total"):
            return _TOTAL[self.lang]
        if not self.keys:
            return _ALL[self.lang]
        values = (_NOTHING[self.lang] if row[key] is None else str(row[key]) for key in self.keys)
        return wrapped(" · ".join(self.words.get(value, value) for value in values))


def grouped(
    rows: Sequence[Row], counts: Sequence[str], names: Mapping[str, str] | None, lang: Language
) -> list[Row]:
    """Add to each row ``group``: what it is about, from the columns in front of the counts."""
    keys: list[str] = []
    for key in rows[0] if rows else ():
        if key in counts:
            break
        if key not in {"definition", "is_total"}:
            keys.append(key)
    named = _Names(keys=tuple(keys), words=names or {}, lang=lang)
    return [{**row, "group": named.of(row)} for row in rows]


def wrapped(text: str) -> str:
    """Break a name at words into two lines at the most; what is longer ends in an ellipsis."""
    lines = textwrap.wrap(text, _LINE)
    if len(lines) <= 2:  # noqa: PLR2004 - two lines fit a row
        return "\n".join(lines)
    return f"{lines[0]}\n{lines[1][: _LINE - 1]}…"


def down(field: str, order: Sequence[str], width: int) -> Any:  # noqa: ANN401 - Altair's channel
    """Return the channel of rows, from the top in an order, with names of one line or two."""
    alt = altair()
    axis = alt.Axis(
        labelLimit=width, grid=False, labelExpr="split(datum.label, '\\n')", labelLineHeight=14
    )
    return alt.Y(f"{field}:N", sort=list(order), title=None, axis=axis)


def dressed(chart: Any, title: str, *lines: str) -> Any:  # noqa: ANN401 - Altair's charts
    """Give a chart its title, the lines below it and the common look."""
    alt = altair()
    head = alt.TitleParams(
        text=title, subtitle=[line for line in lines if line], anchor="start", frame="group",
        fontSize=18, subtitleFontSize=13, subtitleColor=FAINT, color=INK, offset=16,
    )  # fmt: skip
    return (
        chart.properties(title=head)
        .configure(font=_FONT, background="white", padding=16)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=13, labelColor=INK, titleColor=FAINT,
            titleFontWeight="normal", gridColor="#e3e3e3", domain=False, ticks=False,
            labelPadding=6,
        )
        .configure_legend(
            labelFontSize=13, labelColor=INK, labelLimit=0, symbolSize=120, title=None
        )
    )  # fmt: skip
