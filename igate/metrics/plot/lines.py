"""Lines and points: the control chart of the weeks, and estimates against what came."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any, Final

from igate.law.text import check_language
from igate.metrics.plot.ground import (
    BLUE,
    FAINT,
    GREY,
    INK,
    VERMILION,
    WIDTH,
    Row,
    altair,
    dressed,
    rows_of,
)  # fmt: skip
from igate.words.figures import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.law.citation import Language

__all__ = ["calibration", "control"]

_HEIGHT: Final = 380
#: pixels for the axis, and right of the area for the names of the lines
_AXIS: Final = 60
_RIGHT: Final = 250
_SQUARE: Final = 460
#: weeks from which not every one is named below the axis
_MANY: Final = 20
_WORDS: Final = {
    "control": {
        "vi": "Tỷ lệ đúng hạn trong số hồ sơ giải quyết mỗi tuần",
        "en": "Share on time among the dossiers solved in each week",
    },
    "control_key": {
        "vi": "Đường liền: tỷ lệ chung; dải xám: ± 3 sai số chuẩn theo số hồ sơ của tuần; "
        "▲▼ ngoài dải",
        "en": "Line: the share of all weeks; grey: ± 3 standard errors for the dossiers of the "
        "week; ▲▼ outside",
    },
    "calibration": {
        "vi": "Ước lượng khả năng trễ so với thực tế",
        "en": "Estimated chance of becoming late, and what came",
    },
    "calibration_key": {
        "vi": "Trên đường chéo: ước lượng đúng với thực tế; số bên cạnh: số hồ sơ trễ / tất cả",
        "en": "On the diagonal the estimate agrees with what came; figures: late / all dossiers",
    },
    "estimated": {"vi": "Ước lượng", "en": "Estimated"},
    "observed": {"vi": "Thực tế", "en": "Observed"},
    "centre": {"vi": "tỷ lệ chung", "en": "all weeks"},
    "empty": {"vi": "Chưa có số liệu.", "en": "There is nothing to draw."},
}  # fmt: skip


def control(
    chart: Any,  # noqa: ANN401 - any frame that control_chart returns
    *,
    lang: Language = "vi",
) -> Any:  # noqa: ANN401 - Altair's charts
    """Draw the control chart of the weeks.

    Args:
        chart: What ``metrics.control_chart`` returns.
        lang: ``vi`` or ``en``.

    Returns:
        An Altair chart.

    Raises:
        FrameError: It is no such frame.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    needed = ("week", "share", "centre", "lower", "upper", "signal", "solved_total", "on_time")
    rows = rows_of(chart, needed, "control_chart")
    if not rows:
        return _empty(_WORDS["control"][lang], lang)
    alt = altair()
    low = min(min(row["lower"], row["share"]) for row in rows)
    start = max(0.0, floor((low - 0.02) * 20) / 20)
    scale = alt.Scale(domain=[start, 1.0], nice=False, zero=False)
    weeks = [row["week"] for row in rows]
    every = -(-len(weeks) // _MANY)
    axis = alt.Axis(values=weeks[::every], labelAngle=-45, title=None, grid=False)
    x = alt.X("week:O", sort=weeks, axis=axis)
    data = alt.Data(values=[{**row, "mark": _mark(row)} for row in rows])
    share_axis = alt.Axis(format=".0%", title=None, tickCount=6, tickMinStep=0.01)
    layers = [
        alt.Chart(data).mark_area(color="#dedede", interpolate="step").encode(
            x=x, y=alt.Y("lower:Q", scale=scale, axis=share_axis), y2="upper:Q"
        ),
        alt.Chart(data).mark_line(color=FAINT, strokeWidth=1.5).encode(
            x=x, y=alt.Y("centre:Q", scale=scale, axis=share_axis)
        ),
        alt.Chart(data).mark_line(color=BLUE, strokeWidth=1.2).encode(
            x=x, y=alt.Y("share:Q", scale=scale, axis=share_axis)
        ),
        _weeks(data, x, alt.Y("share:Q", scale=scale, axis=share_axis)),
        _named_line(rows, scale, share_axis, lang),
    ]  # fmt: skip
    whole = alt.layer(*layers).properties(width=WIDTH - _AXIS - _RIGHT, height=_HEIGHT)
    return dressed(whole, _WORDS["control"][lang], _WORDS["control_key"][lang])


def _mark(row: Row) -> str:
    signal: str | None = row["signal"]
    return signal or "inside"


def _weeks(data: Any, x: Any, y: Any) -> Any:  # noqa: ANN401 - Altair's channels
    alt = altair()
    marks = ["inside", "below", "above"]
    shapes = alt.Scale(domain=marks, range=["circle", "triangle-down", "triangle-up"])
    shades = alt.Scale(domain=marks, range=[BLUE, VERMILION, INK])
    return alt.Chart(data).mark_point(filled=True, size=90, opacity=1).encode(
        x=x, y=y, color=alt.Color("mark:N", scale=shades, legend=None),
        shape=alt.Shape("mark:N", scale=shapes, legend=None),
    )  # fmt: skip


def _named_line(rows: Sequence[Row], scale: Any, axis: Any, lang: Language) -> Any:  # noqa: ANN401 - the same
    """Write the share of all weeks right of its line, where no other line passes."""
    alt = altair()
    solved = sum(row["solved_total"] for row in rows)
    on_time = sum(row["on_time"] for row in rows)
    text = (
        f"{percent(rows[0]['centre'], lang)} {_WORDS['centre'][lang]} "
        f"({number(on_time, lang)}/{number(solved, lang)})"
    )
    data = alt.Data(values=[{"centre": rows[0]["centre"], "text": text}])
    return alt.Chart(data).mark_text(align="left", fontSize=13, color=INK).encode(
        x=alt.value(WIDTH - _AXIS - _RIGHT + 8), y=alt.Y("centre:Q", scale=scale, axis=axis),
        text="text:N",
    )  # fmt: skip


def calibration(
    table: Any,  # noqa: ANN401 - any frame that calibration returns
    *,
    lang: Language = "vi",
) -> Any:  # noqa: ANN401 - Altair's charts
    """Draw estimates of becoming late against what came.

    Args:
        table: What ``metrics.calibration`` returns.
        lang: ``vi`` or ``en``.

    Returns:
        An Altair chart.

    Raises:
        FrameError: It is no such frame.
        IgateError: The extra ``frames`` is not installed, or igate does not speak the language.
    """
    check_language(lang)
    rows = rows_of(table, ("estimated", "observed", "dossiers", "late"), "calibration")
    if not rows:
        return _empty(_WORDS["calibration"][lang], lang)
    alt = altair()
    scale = alt.Scale(domain=[0, 1])
    names = ("estimated", "observed")
    axes = [alt.Axis(format=".0%", title=_WORDS[name][lang], tickCount=6) for name in names]
    points = alt.Data(values=[{**row, "text": f"{row['late']}/{row['dossiers']}"} for row in rows])
    ends = alt.Data(values=[{"estimated": end, "observed": end} for end in (0, 1)])
    channels = {
        "x": alt.X("estimated:Q", scale=scale, axis=axes[0]),
        "y": alt.Y("observed:Q", scale=scale, axis=axes[1]),
    }
    chart = alt.layer(
        alt.Chart(ends).mark_line(color=GREY, strokeDash=[6, 4]).encode(**channels),
        alt.Chart(points).mark_point(filled=True, size=120, opacity=1, color=BLUE).encode(
            **channels
        ),
        # towards the middle, so that no figure stands among those of the axis or in the title, and
        # on a white edge, so that the diagonal does not run through it
        *(
            alt.Chart(points).mark_text(
                align="left", dx=10, dy=dy, fontSize=13, color=INK, **edge
            ).encode(text="text:N", **channels).transform_filter(half)
            for dy, half in ((-12, "datum.observed < 0.5"), (12, "datum.observed >= 0.5"))
            for edge in ({"stroke": "white", "strokeWidth": 5}, {})
        ),
    ).properties(width=_SQUARE, height=_SQUARE)  # fmt: skip
    return dressed(chart, _WORDS["calibration"][lang], _WORDS["calibration_key"][lang])


def _empty(title: str, lang: Language) -> Any:  # noqa: ANN401 - the same
    alt = altair()
    data = alt.Data(values=[{"text": _WORDS["empty"][lang]}])
    mark = alt.Chart(data).mark_text(align="left", fontSize=14, x=0).encode(text="text:N")
    return dressed(mark.properties(width=WIDTH - _AXIS, height=40), title)
