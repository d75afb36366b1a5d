"""The plots of a report, as PNG and SVG files and as SVG for the page.

Three questions are answered: how sure is the on-time rate of each agency against the target, how
old are the open dossiers, and in which step did the working time go. Where there is nothing to
plot, a plain sentence says so. Drawing needs the extra ``frames``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup, escape

from igate.errors import IgateError
from igate.files.writing import ready_folder, write_atomically
from igate.law.text import check_language
from igate.publish.report.words import basis_lines, target_text
from igate.publish.report.words import say as worded
from igate.publish.words import LANGUAGES, printable
from igate.words.figures import number, percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike
    from pathlib import Path
    from types import ModuleType

    from igate.law.citation import Label, Language
    from igate.publish.report.data import ReportData

__all__ = ["PLOTS", "PlotName", "empty_reason", "summary", "svg", "write_plots"]

PlotName = Literal["on-time-rate", "ageing", "steps"]
PLOTS: Final[tuple[PlotName, ...]] = ("on-time-rate", "ageing", "steps")

#: Widths in pixels: a file for a slide or a letter; a figure that a phone shows without scaling.
FILE_WIDTH, PAGE_WIDTH = 640, 340


def write_plots(data: ReportData, folder: str | PathLike[str]) -> tuple[Path, ...]:
    """Write every plot in both languages as PNG (two pixels a point) and SVG.

    Where the dossiers are synthetic, each file says so under its title.

    Args:
        data: The figures.
        folder: Made where it is missing.

    Returns:
        The files written: ``on-time-rate.vi.png``, ``on-time-rate.vi.svg``, and so on.

    Raises:
        IgateError: The extra ``frames`` is not installed.
        OutputError: The folder or a file cannot be written.
    """
    renderer = _renderer()
    place = ready_folder(folder)
    written = []
    for name in PLOTS:
        for lang in LANGUAGES:
            spec = _spec(data, name, lang, width=FILE_WIDTH, titled=True)
            stem = place / f"{name}.{lang}"
            png: bytes = renderer.vegalite_to_png(spec, scale=2)
            drawing: str = renderer.vegalite_to_svg(spec)
            written.append(write_atomically(stem.with_name(f"{stem.name}.png"), png))
            drawing = _described(drawing, basis_lines(data), lang)
            written.append(write_atomically(stem.with_name(f"{stem.name}.svg"), drawing.encode()))
    return tuple(written)


def _described(drawing: str, lines: tuple[Label, ...], lang: Language) -> str:
    """Say in the description of a drawing what it was derived from."""
    if not lines:
        return drawing
    said = escape(" ".join(printable(line.text(lang)) for line in lines))
    end = drawing.index(">", drawing.index("<svg")) + 1
    return f"{drawing[:end]}<desc>{said}</desc>{drawing[end:]}"


def svg(data: ReportData, name: PlotName, lang: Language) -> Markup:
    """Draw one plot as an SVG element for an HTML page.

    It is narrow enough for a phone, has no title of its own (the page's caption is that), loads
    nothing, and is one image with a summary in words to a screen reader.

    Args:
        data: What the report counts.
        name: Which plot.
        lang: Language of axes and summary.

    Raises:
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    drawing: str = _renderer().vegalite_to_svg(
        _spec(data, name, lang, width=PAGE_WIDTH, titled=False)
    )
    body = drawing[drawing.index(">") + 1 :]
    size = re.search(r'viewBox="([^"]+)"', drawing)
    box = size[1] if size else f"0 0 {PAGE_WIDTH} {PAGE_WIDTH}"
    # several drawings share a page, so their inner names must differ
    body = re.sub(r'(id="|url\(#)', rf"\g<1>{name}-{lang}-", body)
    head = Markup('<svg class="plot" role="img" aria-label="{}" viewBox="{}">')
    label = printable(summary(data, name, lang))
    # the rest is what the renderer wrote, which escapes the texts that it is given
    return head.format(label, box) + Markup(body)  # noqa: S704


def empty_reason(data: ReportData, name: PlotName, lang: Language) -> str | None:
    """Return the sentence shown for a plot without data; ``None`` where there is a plot."""
    if name == "on-time-rate":
        empty = data.tables[0].total.rate_denominator == 0
        return worded("rate_none", lang) if empty else None
    if name == "ageing":
        return None if any(row.count for row in data.ageing) else worded("ageing_none", lang)
    return None if any(step.hours_total > 0 for step in data.steps) else worded("steps_none", lang)


def summary(data: ReportData, name: PlotName, lang: Language) -> str:
    """Say in one sentence what a plot shows, for those who do not see it."""
    reason = empty_reason(data, name, lang)
    if reason is not None:
        return reason
    if name == "on-time-rate":
        total = data.tables[0].total
        return (
            f"{worded('rate_plot', lang)}: {percent(total.on_time_rate or 0, lang)} "
            f"({number(total.rate_numerator, lang)}/{number(total.rate_denominator, lang)}); "
            f"{target_text(data, lang)}."
        )
    if name == "ageing":
        total_open = sum(row.count for row in data.ageing)
        overdue = sum(row.count for row in data.ageing if row.bucket.overdue)
        return (
            f"{worded('ageing', lang)}: {worded('overdue', lang).lower()} {number(overdue, lang)} "
            f"{worded('of', lang)} {number(total_open, lang)}."
        )
    first = max(data.steps, key=lambda step: step.hours_total)
    share = first.hours_total / sum(step.hours_total for step in data.steps)
    return f"{worded('steps', lang)}: {first.label.text(lang)} {percent(share, lang, 1)}."


def _spec(data: ReportData, name: PlotName, lang: Language, *, width: int, titled: bool) -> str:
    charts, ground = _charts()
    # the page says it once for all of its plots; a file of its own goes about without the page
    caption = worded("synthetic", lang) if titled and data.synthetic else ""
    canvas = ground.Canvas(lang=lang, width=width, titled=titled, caption=caption)
    draw: dict[PlotName, Callable[[ReportData, object], str]] = {
        "on-time-rate": charts.rate_chart,
        "ageing": charts.ageing_chart,
        "steps": charts.steps_chart,
    }
    reason = empty_reason(data, name, lang)
    if reason is not None:
        return str(ground.sentence_chart(reason, canvas))
    return draw[name](data, canvas)


def _charts() -> tuple[ModuleType, ModuleType]:
    try:
        from igate.publish.report import canvas, charts  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise _missing(error) from error
    return charts, canvas


def _renderer() -> ModuleType:
    try:
        import vl_convert  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise _missing(error) from error
    return vl_convert


def _missing(error: ImportError) -> IgateError:
    return IgateError(
        say("The plots cannot be drawn."),
        why=say("They need Altair and vl-convert ({error}).", error=error),
        fix=say('Run: pip install "igate[frames]"'),
    )
