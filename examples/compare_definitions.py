"""The on-time rates of the same dossiers: what each divides by what.

The table is written here, small enough to be counted by hand; yours comes from a file, a database
or a frame of any kind that igate takes.
"""

from datetime import date

import polars as pl

from igate import metrics

HEADER = ["code", "limit", "agency", "channel", "received", "finished"]
ROWS = [
    ("D1", "5 working_day", "H15.10", "online", "2026-09-07T08:00", "2026-09-11T09:00"),
    ("D2", "5 working_day", "H15.10", "online", "2026-09-07T08:00", "2026-09-14T16:00"),
    ("D3", "5 working_day", "H15.10", "counter", "2026-09-07T08:00", "2026-09-15T08:00"),
    ("D4", "5 working_day", "H15.10", "counter", "2026-09-07T08:00", None),
]


def main() -> None:
    """Print numerator, denominator and rate under each shipped definition."""
    table = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    for name, definition in metrics.DEFINITIONS.items():
        answer = metrics.settlement(table, definition=name, as_of=date(2026, 9, 30))
        row = answer.row(0, named=True)
        above, below = row["rate_numerator"], row["rate_denominator"]
        print(f"{name:10} {above} / {below} = {row['on_time_rate']:.1%}   {definition.citation}")


if __name__ == "__main__":
    main()
