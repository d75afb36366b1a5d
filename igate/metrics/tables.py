"""A frame as people read it: an HTML table, heads in words, numbers as the language writes them.

A notebook shows the value by itself. Every text is escaped; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from igate.errors import IgateError
from igate.law.citation import Label
from igate.law.text import check_language
from igate.metrics.columns import INPUT, hold
from igate.metrics.definitions import COUNTS, DEFINITIONS, FURTHER_COUNTS
from igate.metrics.pending import AGES, LATENESS
from igate.words.figures import decimal, number, percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.law.citation import Language

__all__ = ["HEADS", "Shown", "shown"]

#: The heads of columns that ``igate.metrics`` returns, by name.
HEADS: Mapping[str, Label] = MappingProxyType(
    {
        **INPUT,
        **COUNTS,
        **FURTHER_COUNTS,
        **AGES,
        **LATENESS,
        "definition": Label(vi="Cách tính", en="Definition"),
        "is_total": Label(vi="Dòng tổng số", en="Total row"),
        "month": Label(vi="Tháng", en="Month"),
        "quarter": Label(vi="Quý", en="Quarter"),
        "year": Label(vi="Năm", en="Year"),
        "week": Label(vi="Tuần", en="Week"),
        "rate_numerator": Label(vi="Tử số", en="Numerator"),
        "rate_denominator": Label(vi="Mẫu số", en="Denominator"),
        "on_time_rate": Label(vi="Tỷ lệ đúng hạn", en="On-time rate"),
        "suspended_share": Label(
            vi="Trong đó giải quyết khi đang tạm dừng tính thời hạn",
            en="Of it, solved while the clock stood still",
        ),
        "standing": Label(vi="Tình trạng", en="Standing"),
        "working_days_late": Label(vi="Số ngày làm việc quá hạn", en="Working days late"),
        "calendar_days_late": Label(vi="Số ngày quá hạn", en="Calendar days late"),
        "working_days_open": Label(vi="Số ngày làm việc từ khi tiếp nhận", en="Working days open"),
        "working_days_left": Label(vi="Số ngày làm việc còn lại", en="Working days left"),
        "age": Label(vi="Nhóm theo tuổi", en="Class of age"),
        "lateness": Label(vi="Nhóm theo hạn", en="Class of lateness"),
        "near_due": Label(vi="Sắp đến hạn", en="Near due"),
        "mean": Label(vi="Trung bình (ngày làm việc)", en="Mean (working days)"),
        "median": Label(vi="Trung vị (ngày làm việc)", en="Median (working days)"),
        "p90": Label(vi="p90 (ngày làm việc)", en="p90 (working days)"),
        "on_time": Label(vi="Đúng hạn", en="On time"),
        "share": Label(vi="Tỷ lệ", en="Share"),
        "centre": Label(vi="Tỷ lệ chung", en="Share of all"),
        "lower": Label(vi="Giới hạn dưới", en="Lower limit"),
        "upper": Label(vi="Giới hạn trên", en="Upper limit"),
        "signal": Label(vi="Tín hiệu", en="Signal"),
        "finished_in_group": Label(vi="Hồ sơ đã xong cùng nhóm", en="Finished in the group"),
        "p_late": Label(vi="Khả năng trễ", en="Chance of being late"),
        "estimated": Label(vi="Ước lượng", en="Estimated"),
        "observed": Label(vi="Thực tế", en="Observed"),
        "dossiers": Label(vi="Số hồ sơ", en="Dossiers"),
        "late": Label(vi="Trễ", en="Late"),
        "from": Label(vi="Từ", en="From"),
        "to": Label(vi="Đến", en="To"),
        "who": Label(vi="Cơ quan, vai trò", en="Agency or role"),
        "role": Label(vi="Vai trò", en="Role"),
        "holder": Label(vi="Người xử lý", en="Holder"),
        "place": Label(vi="Bước", en="Step"),
        "step": Label(vi="Việc", en="Work"),
        "visits": Label(vi="Số lượt", en="Visits"),
        "hours": Label(vi="Số giờ", en="Hours"),
        "hours_median": Label(vi="Trung vị mỗi lượt (giờ)", en="Median per visit (hours)"),
        "hours_p90": Label(vi="p90 mỗi lượt (giờ)", en="p90 per visit (hours)"),
    }
)
#: Shares of 1, shown in per cent.
_SHARES: Final = frozenset(
    {"on_time_rate", "suspended_share", "share", "centre", "lower", "upper", "p_late", "estimated",
     "observed", "from", "to"}
)  # fmt: skip
#: What the words of columns such as ``standing`` say.
_VALUES: Final = {
    **AGES,
    **LATENESS,
    "early": Label(vi="trước hạn", en="early"),
    "on_time": Label(vi="đúng hạn", en="on time"),
    "late": Label(vi="quá hạn", en="late"),
    "overdue": Label(vi="đang quá hạn", en="overdue"),
    "near_due": Label(vi="sắp đến hạn", en="near due"),
    "within": Label(vi="trong hạn", en="within time"),
    "below": Label(vi="thấp hơn giới hạn", en="below the limits"),
    "above": Label(vi="cao hơn giới hạn", en="above the limits"),
}
_TOTAL: Final = {"vi": "Tổng số", "en": "Total"}
_WORDED: Final = frozenset({"age", "lateness", "standing", "judged", "signal"})
_MORE: Final = {"vi": "và {} dòng nữa", "en": "and {} more rows"}
_TRUTH: Final = {"vi": ("không", "có"), "en": ("no", "yes")}
_STYLE: Final = (
    "<style>.igate{border-collapse:collapse;font-size:13px}"
    ".igate th,.igate td{padding:4px 10px;border-bottom:1px solid #ddd;text-align:left;"
    "vertical-align:bottom}.igate .n{text-align:right;font-variant-numeric:tabular-nums}"
    ".igate .t td{font-weight:bold;border-top:2px solid #888}"
    ".igate th{max-width:9em;white-space:normal}.igate caption{caption-side:bottom;text-align:left}"
    "</style>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table for people; a notebook shows it as HTML, and ``str`` gives the same HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.html


def shown(
    table: Any,  # noqa: ANN401 - a frame of any library, or columns
    *,
    lang: Language = "vi",
    names: Mapping[str, str] | None = None,
    most: int = 50,
) -> Shown:
    """Show a frame that a function of ``igate.metrics`` has returned.

    Args:
        table: The frame, or lists by name as ``time_used`` gives them.
        lang: Language of heads and numbers, ``vi`` or ``en``.
        names: What to show instead of a value that is a text, such as the names of agencies.
        most: So many rows are shown, the rest is counted.

    Returns:
        The table. Columns that igate does not know keep their name.

    Raises:
        FrameError: It is no frame.
        IgateError: ``most`` is not positive, or igate does not speak the language.
    """
    check_language(lang)
    if most < 1:
        raise IgateError(say("most={most} shows nothing.", most=most), fix=say("Pass most=50."))
    heads, rows = _read(table)
    writer = _Writer(lang=lang, names=names or {})
    kept = [name for name in heads if name != "is_total"]
    numeric = {name for name in kept if any(_is_number(row[name]) for row in rows)}
    lines = "".join(writer.line(row, kept, numeric) for row in rows[:most])
    top = "".join(writer.head(name, numeric=name in numeric) for name in kept)
    more = ""
    if len(rows) > most:
        more = f"<caption>{_MORE[lang].format(writer.value('', len(rows) - most))}</caption>"
    body = f"<thead><tr>{top}</tr></thead><tbody>{lines}</tbody>"
    return Shown(html=f'{_STYLE}<table class="igate" lang="{lang}">{more}{body}</table>')


def _read(table: Any) -> tuple[list[str], list[dict[str, Any]]]:  # noqa: ANN401 - as above
    if isinstance(table, dict):
        names = list(table)
        return names, [
            dict(zip(names, row, strict=True)) for row in zip(*table.values(), strict=True)
        ]
    held = hold(table)
    eager = held.collect() if hasattr(held, "collect") else held
    return list(eager.columns), list(eager.iter_rows(named=True))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    lang: Language
    names: Mapping[str, str]

    def head(self, name: str, *, numeric: bool) -> str:
        label = HEADS.get(name)
        text = name if label is None else label.text(self.lang)
        return f"<th{self._side(numeric=numeric)}>{escape(text)}</th>"

    @staticmethod
    def _side(*, numeric: bool) -> str:
        return ' class="n"' if numeric else ""

    def line(self, row: Mapping[str, Any], kept: Sequence[str], numeric: set[str]) -> str:
        cells = "".join(self._cells(row, kept, numeric))
        return f'<tr class="t">{cells}</tr>' if row.get("is_total") else f"<tr>{cells}</tr>"

    def _cells(
        self, row: Mapping[str, Any], kept: Sequence[str], numeric: set[str]
    ) -> Iterator[str]:
        unnamed = bool(row.get("is_total"))
        for name in kept:
            text = self.value(name, row[name])
            if unnamed and row[name] is None:
                text, unnamed = _TOTAL[self.lang], False
            yield f"<td{self._side(numeric=name in numeric)}>{escape(text)}</td>"

    def value(self, name: str, value: object) -> str:
        """Write one value; nothing is a dash."""
        if value is None or value != value:  # noqa: PLR0124 - NaN, as pandas writes nothing
            return "–"
        if isinstance(value, bool):
            return _TRUTH[self.lang][value]
        if isinstance(value, int | float):
            return self._number(name, value)
        if isinstance(value, date):
            return self._day(value)
        return self._text(name, str(value))

    def _text(self, name: str, value: str) -> str:
        if name == "definition" and value in DEFINITIONS:
            return f"{value}: {DEFINITIONS[value].label.text(self.lang)}"
        label = _VALUES.get(value) if name in _WORDED else None
        return self.names.get(value, value if label is None else label.text(self.lang))

    def _number(self, name: str, value: float) -> str:
        if name in _SHARES:
            return percent(value, self.lang)
        if isinstance(value, int):
            return number(value, self.lang)
        return decimal(value, self.lang)

    def _day(self, value: date) -> str:
        day = f"{value:%d/%m/%Y}" if self.lang == "vi" else f"{value:%Y-%m-%d}"
        if isinstance(value, datetime) and value.time() != time.min:
            return f"{value:%H:%M} {day}"
        return day
