"""How many due dates are wrong, year by year, when a calendar knows no make-up days.

The usual calendar is Monday to Friday with a list of the days off. Give it every day off that there
was, swapped days included, and it still lacks the Saturdays that were worked in exchange. Takes
every day of receipt and every limit of 1 to 60 working days, and compares.
"""

from collections import Counter
from datetime import date, timedelta

from igate.calendar import WorkCalendar

FIRST, LAST = date(2011, 1, 1), date(2026, 5, 31)
LONGEST = 60


def without_make_up_days(official: WorkCalendar) -> WorkCalendar:
    """Make the Monday-to-Friday calendar that has every day off and no make-up day."""
    length = (official.last - official.first).days + 1
    days = (official.first + timedelta(days=n) for n in range(length))
    off = [day for day in days if not official.is_working(day)]
    return WorkCalendar.from_days(official.first, official.last, off=off)


def main() -> None:
    """Print the share by year of receipt and over all years."""
    official = WorkCalendar.vietnam()
    usual = without_make_up_days(official)
    counted: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    for received in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)):
        counted[received.year] += LONGEST
        for limit in range(1, LONGEST + 1):
            wrong[received.year] += official.add(received, limit) != usual.add(received, limit)
    for year in sorted(counted):
        print(f"{year}  {wrong[year] / counted[year]:6.1%}")
    print(f"all   {wrong.total() / counted.total():6.1%}")


if __name__ == "__main__":
    main()
