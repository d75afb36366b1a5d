"""A settlement as OpenMetrics 1.0 text, for a scraper or a push gateway.

All families are gauges: a count of a period can go down again, when a dossier is reopened, so that
it is no counter. Totals are left out, because sums are made where the text is read; each of the
two families of counts adds up to the dossiers received.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from igate.errors import FrameError
from igate.publish.exchange.counted import counted
from igate.publish.words import printable
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from narwhals.stable.v2.typing import IntoDataFrame

    from igate.metrics import Definition
    from igate.publish.exchange.counted import Counted

__all__ = ["settlement_openmetrics"]

#: Families of counts: what is said of it, the label that tells the counts apart, the counts.
_FAMILIES: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = MappingProxyType(
    {
        "igate_dossiers_by_intake": (
            "Dossiers of the period by how they came to be in it (form II.06a).",
            "intake",
            ("received_online", "received_counter_post", "carried_over"),
        ),
        "igate_dossiers_by_standing": (
            "The same dossiers by how they stand on the last known day (form II.06a).",
            "standing",
            ("solved_early", "solved_on_time", "solved_late", "in_process_within",
             "in_process_overdue"),
        ),
    }
)  # fmt: skip
_RATES: Final = {
    "igate_on_time_numerator": ("Dossiers above the line of the rate.", "rate_numerator"),
    "igate_on_time_denominator": ("Dossiers below the line of the rate.", "rate_denominator"),
    "igate_on_time_ratio": ("On-time rate, 0 to 1; absent where it has none.", "on_time_rate"),
}
_LABEL: Final = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_TAKEN: Final = frozenset({"intake", "standing"})
_Labels = list[tuple[str, str]]


def settlement_openmetrics(
    table: IntoDataFrame | Sequence[Mapping[str, Any]],
    *,
    definition: str | Definition = "form_06a",
    at: datetime | None = None,
) -> str:
    """Write a settlement as OpenMetrics text.

    Args:
        table: What ``metrics.settlement`` gave, or its rows.
        definition: The definition, of a table that does not name it.
        at: Moment of all samples (aware); ``None``: that at which they are read.

    Returns:
        The text, with labels for what the table is split by and ``definition``; a group without
        a value has an empty label.

    Raises:
        FrameError: It is no settlement table, or is split by a name that cannot be a label.

    >>> settlement_openmetrics([]).splitlines()[-1]
    '# EOF'
    """
    found = counted(table, by=definition)
    for key in found.keys:
        if key in _TAKEN or not _LABEL.fullmatch(key):
            raise FrameError(
                say("The column {key!r} cannot be the name of a label.", key=key),
                why=say(
                    "Labels are ASCII letters, digits and underscores; intake and standing "
                    "are taken."
                ),
                fix=say("Rename the column before the table is counted."),
            )
    stamp = "" if at is None else f" {at.timestamp():.3f}"
    return "".join(f"{line}\n" for line in (*_lines(found, stamp), "# EOF"))


def _lines(found: Counted, stamp: str) -> Iterator[str]:
    for family, (said, label, counts) in _FAMILIES.items():
        yield from _head(family, said)
        for row in found.rows:
            for name in counts:
                labels = [*_labels(found, row), (label, name)]
                yield _sample(family, labels, str(int(row[name])), stamp)
    for family, (said, column) in _RATES.items():
        yield from _head(family, said)
        for row in found.rows:
            if row[column] is not None:
                yield _sample(family, _labels(found, row), repr(row[column]), stamp)


def _head(family: str, said: str) -> Iterator[str]:
    yield f"# TYPE {family} gauge"
    yield f"# HELP {family} {said}"


def _labels(found: Counted, row: Mapping[str, Any]) -> _Labels:
    own = [(key, "" if row[key] is None else str(row[key])) for key in found.keys]
    return [("definition", row["definition"]), *own]


def _sample(family: str, labels: _Labels, value: str, stamp: str) -> str:
    said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
    return f"{family}{{{said}}} {value}{stamp}"


def _escaped(text: str) -> str:
    return printable(text).replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
