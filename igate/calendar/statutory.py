"""The days off that the Labour Codes give everybody, before any announcement.

New Year's Day, Tết, Hùng Kings' Day, 30 April, 1 May and National Day, and the next working day
where one of them falls on a weekly rest day (Bộ luật Lao động 2019, Điều 111 khoản 3 and
Điều 112; earlier 2012, Điều 115; 1994, Điều 73). They come from the ``holidays`` package, without
its swaps and without 24 November, which it lists without the law; layers add both. Tết and Hùng
Kings' Day are checked against igate's own lunar table.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from igate.calendar import lunar
from igate.calendar.days import Kind, Mark
from igate.errors import CalendarConflict
from igate.law.citation import Citation
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BaseDays", "labour_code", "ordinary_day", "statutory_days"]

BaseDays = tuple[tuple[date, Mark], ...]

_CODE_2012: Final = date(2013, 5, 1)
_CODE_2019: Final = date(2021, 1, 1)
#: a compensatory day follows its holiday within a week
_WEEK: Final = timedelta(days=7)
_COMPENSATED: Final = " (nghỉ bù)"
#: what the package names in Vietnamese; ``None``: left to the layers
_NAMES: Final[dict[str, Kind | None]] = {
    "Tết Dương lịch": "new_year",
    "29 Tết": "tet",
    "Giao thừa Tết Nguyên Đán": "tet",
    "Tết Nguyên Đán": "tet",
    "Mùng hai Tết Nguyên Đán": "tet",
    "Mùng ba Tết Nguyên Đán": "tet",
    "Mùng bốn Tết Nguyên Đán": "tet",
    "Mùng năm Tết Nguyên Đán": "tet",
    "Mùng sáu Tết Nguyên Đán": "tet",
    "Ngày Giỗ Tổ Hùng Vương": "hung_kings",
    "Ngày Chiến thắng": "victory",
    "Ngày Quốc tế Lao động": "labour",
    "Quốc khánh": "national",
    "Ngày Văn hóa Việt Nam": None,
}
_SWAP: Final = "Ngày nghỉ (thay cho"


def labour_code(day: date, *, compensatory: bool = False) -> Citation:
    """Cite the article on holidays of the Labour Code in force on a day.

    >>> str(labour_code(date(2014, 9, 2)))
    'Bộ luật Lao động 2012, Điều 115'
    """
    if day >= _CODE_2019:
        clause = "3" if compensatory else None
        article = "111" if compensatory else "112"
        return Citation(kind="Bộ luật Lao động", number="2019", article=article, clause=clause)
    if day >= _CODE_2012:
        clause = "3" if compensatory else None
        return Citation(kind="Bộ luật Lao động", number="2012", article="115", clause=clause)
    return Citation(kind="Bộ luật Lao động", number="1994", article="73")


#: what every ordinary working day is
_WORKED: Final = Mark(effect="work", kind="working")


def ordinary_day(day: date, *, working: bool) -> Mark:
    """Return the mark of a day of which no layer speaks: a working day, or one of weekly rest.

    The Codes give one day of rest a week and name no day; that offices rest on Saturday and
    Sunday is assumed here.
    """
    if working:
        return _WORKED
    if day >= _CODE_2019:
        number, article = "2019", "111"
    elif day >= _CODE_2012:
        number, article = "2012", "110"
    else:
        number, article = "1994", "72"
    law = Citation(kind="Bộ luật Lao động", number=number, article=article, assumed=True)
    return Mark(effect="off", kind="weekend", citation=law)


@lru_cache(maxsize=4)
def statutory_days(first: date, last: date) -> BaseDays:
    """Return the statutory days off from ``first`` to ``last``, both inclusive, in order.

    Raises:
        CalendarConflict: The installed ``holidays`` package names a day that igate does not
            know, or has another lunar calendar.
    """
    import holidays  # noqa: PLC0415 - a tenth of a second, and only for who builds a calendar
    from holidays import version  # noqa: PLC0415 - comes with it

    source = f"Labour Code, as computed by the holidays package {version.__version__}"
    years = range(first.year, last.year + 1)
    table = holidays.country_holidays("VN", years=years, language="vi")
    names = {day: table.get_list(day) for day in sorted(table)}
    _check_lunar(names, years)
    return tuple((day, mark) for day, mark in _marks(names, source) if first <= day <= last)


def _marks(names: dict[date, list[str]], source: str) -> Iterator[tuple[date, Mark]]:
    """Turn names into marks; a day with two holidays takes the first that is not left out."""
    latest: dict[str, date] = {}
    for day, texts in names.items():
        found: Mark | None = None
        for text in texts:
            name = text.removesuffix(_COMPENSATED)
            kind = _kind_of(day, name)
            if kind is None:
                continue
            moved = name != text
            original = latest.get(name) if moved else None
            if moved and (original is None or day - original > _WEEK):
                raise CalendarConflict(
                    say(
                        "{text!r} on {day} compensates no holiday of that week.",
                        text=text,
                        day=day,
                    ),
                    fix=say(
                        "Install the version of the holidays package that igate was tested with."
                    ),
                )
            if not moved:
                latest[name] = day
            found = found or Mark(
                effect="off",
                kind="compensatory" if moved else kind,
                pair=original,
                citation=labour_code(day, compensatory=moved),
                source=source,
            )
        if found is not None:
            yield day, found


def _kind_of(day: date, name: str) -> Kind | None:
    if name.startswith(_SWAP):
        return None
    if name not in _NAMES:
        raise CalendarConflict(
            say(
                "The holidays package calls {day} {name!r}, which igate does not know.",
                day=day,
                name=name,
            ),
            why=say("A day off that nobody has compared with the law must not move a deadline."),
            fix=say("Install the version of the holidays package that igate was tested with."),
        )
    return _NAMES[name]


def _check_lunar(names: dict[date, list[str]], years: range) -> None:
    for year in years:
        expected = (("Tết Nguyên Đán", lunar.tet(year)),
                    ("Ngày Giỗ Tổ Hùng Vương", lunar.hung_kings(year)))  # fmt: skip
        for name, day in expected:
            if name not in names.get(day, []):
                raise CalendarConflict(
                    say(
                        "The holidays package does not have {name} on {day}.",
                        name=name,
                        day=day,
                    ),
                    why=say("igate's lunar table for UTC+7 does."),
                    fix=say(
                        "Install the version of the holidays package that igate was tested with."
                    ),
                )
