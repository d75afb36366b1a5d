"""The ground of the plots: font, look, titles, and text that stays legible.

Positions down are pixels, computed by the charts, so that each row can be as tall as its name.
Imported only where Altair is installed.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from igate.publish.words import printable

if TYPE_CHECKING:
    from igate.law.citation import Language

__all__ = [
    "FAINT",
    "INK",
    "Canvas",
    "Values",
    "down",
    "inline",
    "layered",
    "name_texts",
    "sentence_chart",
    "text_at",
]

#: DejaVu Sans where it is installed, else the Liberation Sans that the renderer brings: both cover
#: Vietnamese. An old Liberation Sans of the system would not, so it must not come first.
FONT = "DejaVu Sans, Liberation Sans, sans-serif"
INK, FAINT, GRID = "#1a1a1a", "#595959", "#dddddd"
#: pixels a letter takes on average at 11 points, and the height of a line of a name
LETTER, LINE = 6.5, 15
Values = list[dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Where a chart goes: its language, its width in pixels, and whether it names itself."""

    lang: Language
    width: int
    titled: bool
    #: what is said under every title: where the dossiers come from
    caption: str = ""

    def finish(self, chart: alt.LayerChart | alt.HConcatChart, title: str, *lines: str) -> str:
        """Add the title and the shared look, and give the Vega-Lite specification as JSON."""
        small = [part for line in (*lines, self.caption) if line for part in self.wrap(line, 11)]
        heads = self.wrap(title, 16) if self.titled else []
        if heads or small:
            chart = chart.properties(
                title=alt.TitleParams(
                    text=heads or [""],
                    subtitle=small,
                    anchor="start",
                    frame="group",
                    fontSize=16 if heads else 1,
                    subtitleFontSize=11,
                    subtitleColor=FAINT,
                    color=INK,
                    offset=14,
                )
            )
        spec: str = (
            chart.configure(font=FONT, background="white", padding=8, aria=False)
            .configure_view(stroke=None)
            .configure_axis(
                gridColor=GRID, domain=False, ticks=False, labelColor=FAINT, titleColor=FAINT,
                labelFontSize=11, titleFontSize=11, titleFontWeight="normal",
            )
            .configure_legend(
                labelFontSize=11, labelColor=INK, titleColor=FAINT, titleFontSize=11,
                titleFontWeight="normal", labelLimit=self.width, titleLimit=self.width,
            )
            .to_json(indent=None, validate=False)
        )  # fmt: skip
        return spec

    def wrap(self, text: str, size: int) -> list[str]:
        """Break a line at words to fit the width in a font size."""
        letters = max(20, int(self.width / (LETTER * size / 11)))
        return textwrap.wrap(printable(text), letters)

    def name(self, text: str) -> tuple[str, int]:
        """Break the name of a row, and give the pixels that its further lines need."""
        lines = self.wrap(text, 12)
        return "\n".join(lines), LINE * max(0, len(lines) - 1)


def inline(values: Values) -> alt.Data:
    """Carry values inside the chart."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def down(field: str, height: int) -> alt.Y:
    """Place a mark by a field that counts pixels from the top."""
    scale = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


def text_at(values: Values, y: alt.Y, field: str, **look: object) -> alt.Chart:
    """Write the texts of a field, left-aligned; ``look`` holds properties of the mark."""
    style = {"align": "left", "baseline": "middle", "fontSize": 12, "color": INK, **look}
    chart: alt.Chart = alt.Chart(inline(values)).mark_text(**style)  # type: ignore[arg-type]
    return chart.encode(y=y, text=f"{field}:N")


def layered(charts: list[alt.Chart], width: int, height: int) -> alt.LayerChart:
    """Draw charts over one another in an area of this size in pixels."""
    return alt.LayerChart(layer=charts, width=width, height=height)


def name_texts(values: Values, height: int, **look: object) -> list[alt.Chart]:
    """Write the names of rows on a white edge, so that no line runs through them."""
    style = {"x": 0, "baseline": "top", "lineBreak": "\n", "lineHeight": LINE, **look}
    y = down("top", height)
    edge = text_at(values, y, "name", **style, stroke="white", strokeWidth=4, strokeJoin="round")
    return [edge, text_at(values, y, "name", **style)]


def sentence_chart(sentence: str, canvas: Canvas) -> str:
    """Draw a plain sentence where there is nothing to plot."""
    lines = canvas.wrap(sentence, 13)
    mark = alt.Chart(inline([{"text": "\n".join(lines)}])).mark_text(
        align="left", baseline="top", fontSize=13, color=INK, lineBreak="\n", x=0, y=0
    )
    chart = layered([mark.encode(text="text:N")], canvas.width, 20 * len(lines))
    return canvas.finish(chart, "")
