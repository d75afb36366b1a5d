"""The three plots of a report as Vega-Lite charts; imported only where Altair is installed.

Each row of a plot carries its own name and figures as text above or beside the marks, so that
colour is never the only carrier, a long Vietnamese name is never cut, and a narrow screen can hold
the plot. Colours are those of Okabe and Ito (2008), which people with the usual colour
deficiencies distinguish.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

import altair as alt

from igate.publish.report.canvas import (
    FAINT,
    INK,
    Canvas,
    Values,
    down,
    inline,
    layered,
    name_texts,
    text_at,
)
from igate.publish.report.data import AgeBucket
from igate.publish.report.interval import wilson_interval
from igate.publish.report.words import BUCKETS, say, target_text
from igate.words.figures import decimal, number, percent

if TYPE_CHECKING:
    from igate.law.citation import Language
    from igate.publish.report.data import AgeingRow, ReportData, SettlementRow, StepTime

__all__ = ["ageing_chart", "rate_chart", "steps_chart"]

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#6b6b6b"
#: Fill and ink of each bucket: overdue in oranges, time left in blues, the darker the farther.
BUCKET_COLOURS: Final = {
    AgeBucket.OVERDUE_FAR: ("#7a2e00", "white"),
    AgeBucket.OVERDUE_MIDDLE: ("#d55e00", "black"),
    AgeBucket.OVERDUE_NEAR: ("#f2b25c", "black"),
    AgeBucket.LEFT_NEAR: ("#9fd0ee", "black"),
    AgeBucket.LEFT_FAR: ("#0072b2", "white"),
    AgeBucket.NO_DATE: ("#c9c9c9", "black"),
}
#: steps shown at most; the plot says how much of the time they cover
STEPS_SHOWN = 12

# --- the on-time rate by agency ---------------------------------------------------------------

RATE_ROW = 46
RATE_NOTE = 140
#: pixels of the target line above and below the marks of a row
TARGET_REACH = 11
#: shape and colour by what the interval says about the target
STANDINGS: Final = {
    "rate_above": ("triangle-up", BLUE),
    "rate_inside": ("circle", GREY),
    "rate_below": ("triangle-down", VERMILION),
}


def _standing(low: float, high: float, target: float) -> str:
    if low >= target:
        return "rate_above"
    return "rate_below" if high < target else "rate_inside"


def _rate_values(data: ReportData, canvas: Canvas) -> tuple[Values, int]:
    """Return a row for all agencies and one for each, the best first, and the height of them."""
    table = data.tables[0]
    rows = sorted(
        table.agencies,
        key=lambda row: (row.on_time_rate is None, -(row.on_time_rate or 0), -row.rate_denominator),
    )
    if len(rows) != 1:
        rows = [table.total, *rows]
    values: Values = []
    top = 0
    for row in rows:
        name, more = canvas.name(row.agency_label.text(canvas.lang))
        values.append(
            {
                "name": name,
                "top": top + 4,
                "y": top + more + 27,
                "total": row is table.total,
                **_rate_value(row, data.target, canvas.lang),
            }
        )
        top += RATE_ROW + more
    return values, top


def _rate_value(row: SettlementRow, target: float, lang: Language) -> dict[str, object]:
    bounds = wilson_interval(row.rate_numerator, row.rate_denominator)
    if bounds is None or row.on_time_rate is None:
        return {"note": say("no_rate", lang)}
    low, high = bounds
    share = f"{number(row.rate_numerator, lang)}/{number(row.rate_denominator, lang)}"
    return {
        "rate": row.on_time_rate,
        "low": low,
        "high": high,
        "note": f"{percent(row.on_time_rate, lang)}  {share}",
        "standing": say(_standing(low, high, target), lang),
    }


def rate_chart(data: ReportData, canvas: Canvas) -> str:
    """Draw the on-time rate by agency: a dot, its Wilson interval, n printed, the target line."""
    lang = canvas.lang
    values, height = _rate_values(data, canvas)
    track = canvas.width - RATE_NOTE
    seen = [value for value in values if "rate" in value]
    # leave some room below the lowest end, and end the axis on a whole twentieth
    lowest = min(data.target, *(float(str(value["low"])) for value in seen))
    start = max(0.0, floor((lowest - 0.02) * 20) / 20)
    scale = alt.Scale(domain=[start, 1.0], range=[0, track], nice=False, zero=False)
    axis = alt.Axis(
        format=".0%", tickMinStep=0.01, tickCount=track // 70, title=None, labelFlush=False
    )
    x = alt.X("rate:Q", scale=scale, axis=axis)
    shades = alt.Scale(
        domain=[say(key, lang) for key in STANDINGS], range=[c for _, c in STANDINGS.values()]
    )
    shapes = alt.Scale(
        domain=[say(key, lang) for key in STANDINGS], range=[s for s, _ in STANDINGS.values()]
    )
    legend = alt.Legend(title=None, orient="bottom", direction="vertical", offset=10)
    colour = alt.Color("standing:N", scale=shades, legend=legend)
    spans = alt.Chart(inline(seen)).mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=down("y", height), color=colour
    )  # fmt: skip
    dots = alt.Chart(inline(seen)).mark_point(size=90, filled=True, opacity=1).encode(
        x=x, y=down("y", height), color=colour, shape=alt.Shape("standing:N", scale=shapes)
    )  # fmt: skip
    layers = [
        *_target_line(data.target, scale, values, height),
        spans,
        dots,
        *name_texts([value for value in values if not value["total"]], height),
        *name_texts([value for value in values if value["total"]], height, fontWeight="bold"),
        text_at(values, down("y", height), "note", x=track + 12),
    ]
    chart = layered(layers, track, height)
    definition = data.tables[0].label.text(lang)
    return canvas.finish(
        chart,
        say("rate_plot", lang),
        definition,
        f"{say('rate_plot_sub', lang)}; – – {target_text(data, lang)}",
    )


def _target_line(target: float, scale: alt.Scale, rows: Values, height: int) -> tuple[alt.Chart]:
    """Draw the target beside the marks of each row, and not through the names between them."""
    ends: Values = [
        {"rate": target, "top": y - TARGET_REACH, "bottom": y + TARGET_REACH}
        for y in (float(str(row["y"])) for row in rows)
    ]
    line = alt.Chart(inline(ends)).mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=INK)
    x = alt.X("rate:Q", scale=scale)
    return (line.encode(x=x, y=down("top", height), y2="bottom:Q"),)


# --- the ageing of open dossiers --------------------------------------------------------------

AGE_ROW = 44
AGE_NOTE = 74


def _ageing_values(data: ReportData, canvas: Canvas) -> tuple[Values, Values, int]:
    """Return the rows, their segments and the height of them, the most overdue first."""
    ranked, most = _ranked(data)
    names: Values = []
    parts: Values = []
    top = 0
    for group in ranked:
        name, more = canvas.name(group[0].agency_label.text(canvas.lang))
        overdue = sum(row.count for row in group if row.bucket.overdue)
        total = sum(row.count for row in group)
        note = f"{number(overdue, canvas.lang)} / {number(total, canvas.lang)}"
        bar = top + more + 20
        names.append({"name": name, "note": note, "top": top + 4, "y": bar + 9})
        parts.extend(_segments(group, bar, (canvas.width - AGE_NOTE) / most, canvas.lang))
        top += AGE_ROW + more
    return names, parts, top


def _ranked(data: ReportData) -> tuple[list[list[AgeingRow]], int]:
    """Group the rows by agency, and give the largest number of open dossiers of one."""
    by_agency: dict[str, list[AgeingRow]] = {}
    for row in data.ageing:
        by_agency.setdefault(row.agency, []).append(row)
    ranked = sorted(
        by_agency.values(),
        key=lambda group: (-sum(r.count for r in group if r.bucket.overdue), group[0].agency),
    )
    return ranked, max(sum(row.count for row in group) for group in ranked)


def _segments(group: list[AgeingRow], bar: float, pixels: float, lang: Language) -> Values:
    """Stack the buckets of one agency from the left, the longest overdue first."""
    segments: Values = []
    start = 0
    for bucket in AgeBucket:
        count = sum(row.count for row in group if row.bucket is bucket)
        if count:
            text = number(count, lang)
            fits = count * pixels > len(text) * 7 + 4
            segments.append(
                {
                    "from": start,
                    "to": start + count,
                    "middle": start + count / 2,
                    "top": bar,
                    "bottom": bar + 18,
                    "y": bar + 9,
                    "bucket": BUCKETS[bucket].text(lang),
                    "ink": BUCKET_COLOURS[bucket][1],
                    "text": text if fits else "",
                }
            )
            start += count
    return segments


def ageing_chart(data: ReportData, canvas: Canvas) -> str:
    """Draw the open dossiers by agency as stacked bars, the longest overdue at the base line."""
    lang = canvas.lang
    names, parts, height = _ageing_values(data, canvas)
    most = _ranked(data)[1]
    track = canvas.width - AGE_NOTE
    scale = alt.Scale(domain=[0, most], range=[0, track], nice=False)
    labels = [BUCKETS[bucket].text(lang) for bucket in AgeBucket]
    colours = [BUCKET_COLOURS[bucket][0] for bucket in AgeBucket]
    legend = alt.Legend(
        title=say("ageing_legend", lang), orient="bottom", columns=2, offset=10, symbolType="square"
    )
    axis = alt.Axis(title=say("ageing_axis", lang), tickMinStep=1, tickCount=4, format="d")
    bars = alt.Chart(inline(parts)).mark_rect(stroke="white", strokeWidth=1.5).encode(
        x=alt.X("from:Q", scale=scale, axis=axis),
        x2="to:Q",
        y=down("top", height),
        y2="bottom:Q",
        color=alt.Color(
            "bucket:N", scale=alt.Scale(domain=labels, range=colours), legend=legend
        ),
    )  # fmt: skip
    inks = [
        text_at(
            [part for part in parts if part["ink"] == ink and part["text"]],
            down("y", height), "text", align="center", fontSize=11, color=ink,
        ).encode(x=alt.X("middle:Q", scale=scale))
        for ink in ("black", "white")
    ]  # fmt: skip
    notes = text_at(names, down("y", height), "note", x=track + 8)
    chart = layered([bars, *inks, *name_texts(names, height), notes], track, height)
    return canvas.finish(chart, say("ageing", lang), say("ageing_note", lang))


# --- where the days went ----------------------------------------------------------------------

STEP_ROW = 62
STEP_GAP = 26


def _shown(data: ReportData) -> list[StepTime]:
    ranked = sorted(data.steps, key=lambda step: -step.hours_total)
    return [step for step in ranked if step.hours_total > 0][:STEPS_SHOWN]


def _step_values(data: ReportData, canvas: Canvas) -> tuple[Values, int]:
    """Return a row for each step shown, and the height of them."""
    total = sum(step.hours_total for step in data.steps)
    values: Values = []
    top = 0
    for step in _shown(data):
        role, label = step.role.text(canvas.lang), step.label.text(canvas.lang)
        name, more = canvas.name(label if role in label else f"{label} — {role}")
        values.append(
            {"name": name, "top": top + 4, **_step_value(step, total, top + more, canvas.lang)}
        )
        top += STEP_ROW + more
    return values, top


def _step_value(step: StepTime, total: float, top: float, lang: Language) -> dict[str, object]:
    limit = step.limit_hours
    figures = [
        f"{say('median', lang)} {decimal(step.hours_median, lang)}",
        f"p90 {decimal(step.hours_p90, lang)}",
    ]
    if limit is not None:
        sign = ">" if step.hours_p90 > limit else "≤"
        figures[1] += f" {sign} {say('limit_short', lang)} {decimal(limit, lang)}"
    return {
        "figures": "; ".join([*figures, f"{number(step.visits, lang)} {say('visits', lang)}"]),
        "share": step.hours_total / total,
        "percent": percent(step.hours_total / total, lang, 1),
        "zero": 0,
        "median": step.hours_median,
        "p90": step.hours_p90,
        **({} if limit is None else {"limit": limit, "above": top + 38, "below": top + 56}),
        "colour": VERMILION if limit is not None and step.hours_p90 > limit else BLUE,
        "y_figures": top + 27,
        "y": top + 47,
        "bar_top": top + 40,
        "bar_bottom": top + 54,
    }


def steps_chart(data: ReportData, canvas: Canvas) -> str:
    """Draw by step the share of working time, and median to p90 per visit against the limit."""
    lang = canvas.lang
    total = sum(step.hours_total for step in data.steps)
    shown = _shown(data)
    values, height = _step_values(data, canvas)
    half = (canvas.width - STEP_GAP) // 2
    chart = alt.hconcat(
        _share_panel(values, height, half, lang),
        _visit_panel(values, height, half, lang),
        spacing=STEP_GAP,
        bounds="flush",
    )
    parts = ""
    if len(shown) < len(data.steps):
        covered = percent(sum(step.hours_total for step in shown) / total, lang, 1)
        parts = (
            f"{len(shown)}/{len(data.steps)} {say('steps_count', lang)}: {covered} "
            f"{say('share', lang).lower()}"
        )
    key = say("steps_key", lang)
    if any(step.limit_hours is not None for step in shown):
        key += f", | {say('limit_short', lang)}"
    return canvas.finish(chart, say("steps", lang), key, parts)


def _share_panel(values: Values, height: int, width: int, lang: Language) -> alt.LayerChart:
    most = max(float(str(value["share"])) for value in values)
    # the figure is to the right of its bar, so the longest bar leaves room for it
    scale = alt.Scale(domain=[0, most * width / (width - 48)], range=[0, width], nice=False)
    axis = alt.Axis(format=".0%", title=say("share", lang), tickCount=3)
    bars = alt.Chart(inline(values)).mark_rect(color=BLUE).encode(
        x=alt.X("zero:Q", scale=scale, axis=axis), x2="share:Q",
        y=down("bar_top", height), y2="bar_bottom:Q",
    )  # fmt: skip
    shares = text_at(values, down("y", height), "percent", dx=5, fontSize=11).encode(
        x=alt.X("share:Q", scale=scale)
    )
    return layered([bars, shares], width, height)


def _legible(values: Values, height: int, left: int) -> list[alt.Chart]:
    """Write names and figures; in the panel drawn last, so that no grid line covers them."""
    y = down("y_figures", height)
    style = {"x": left, "fontSize": 11, "color": FAINT}
    edge = text_at(values, y, "figures", **style, stroke="white", strokeWidth=4)
    return [*name_texts(values, height, x=left), edge, text_at(values, y, "figures", **style)]


def _visit_panel(values: Values, height: int, width: int, lang: Language) -> alt.LayerChart:
    limited = [value for value in values if "limit" in value]
    ends = [float(str(value["p90"])) for value in values]
    ends += [float(str(value["limit"])) for value in limited]
    scale = alt.Scale(domain=[0, max(*ends, 1.0)], range=[0, width], nice=True)
    axis = alt.Axis(title=say("steps_visit", lang), tickCount=4)
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(inline(values))
    y = down("y", height)
    spans = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("median:Q", scale=scale, axis=axis), x2="p90:Q", y=y, color=colour
    )
    medians = base.mark_point(size=70, filled=True, opacity=1).encode(
        x=alt.X("median:Q", scale=scale), y=y, color=colour
    )
    tails = base.mark_point(size=60, fill="white", opacity=1, strokeWidth=2).encode(
        x=alt.X("p90:Q", scale=scale), y=y, stroke=colour
    )
    limits = alt.Chart(inline(limited)).mark_rule(strokeWidth=3, color=INK).encode(
        x=alt.X("limit:Q", scale=scale), y=down("above", height), y2="below:Q"
    )  # fmt: skip
    texts = _legible(values, height, -(width + STEP_GAP))
    return layered([limits, spans, medians, tails, *texts], width, height)
