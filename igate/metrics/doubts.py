"""What a table says that can hardly be true, named before anybody relies on the counts.

None of it is refused, for each can be true of one dossier; a table full of it counts something else
than it seems to. Rows that cannot be counted at all are refused elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from igate.law.citation import Label
from igate.law.localtime import EPOCH
from igate.metrics.asked import Options, keys_of, read
from igate.metrics.states import ENDED, is_name, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.asked import Reading
    from igate.metrics.cells import Moments
    from igate.metrics.intake import Intake
    from igate.metrics.spelling import DateForm

__all__ = ["DOUBTS", "implausible"]

#: What can be doubtful, by name.
DOUBTS: Mapping[str, Label] = MappingProxyType(
    {
        "due_before_receipt": Label(
            vi="Ngày hẹn trả trước ngày tiếp nhận", en="Due before the receipt"
        ),
        "far_date": Label(
            vi="Ngày trước năm 2000 hoặc sau năm 2100", en="A date before 2000 or after 2100"
        ),
        "received_after_as_of": Label(
            vi="Tiếp nhận sau ngày lập bảng", en="Received after the day of the table"
        ),
        "ended_without_finish": Label(
            vi="Trạng thái đã xong hoặc đã trả mà không có ngày kết thúc",
            en="Done or handed over by its state, without a finish",
        ),
        "unknown_state": Label(vi="Trạng thái chưa rõ nghĩa", en="A state that is not understood"),
    }
)
#: Days since 1970 of 2000-01-01, inclusive, and of 2101-01-01, exclusive.
_NEAR: Final = (10_957, 47_847)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    kind: str
    #: bool, a row a dossier
    rows: NDArray[np.bool_]
    detail: Callable[[int], str]


def implausible(
    frame: Any,  # noqa: ANN401 - any frame that settlement takes
    *,
    as_of: date,
    columns: Mapping[str, str] | None = None,
    source: str = "",
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
) -> Any:  # noqa: ANN401 - a frame in memory
    """List what a table says that can hardly be true.

    Args:
        frame: As for ``settlement``.
        as_of: The day on which the table is drawn up.
        columns: As for ``settlement``.
        source: As for ``settlement``.
        dates: As for ``settlement``.
        values: As for ``settlement``.
        zone: As for ``settlement``.

    Returns:
        A frame in memory, a row a doubt, in the order of ``DOUBTS`` and of the table: ``row``
        (Int64, its number from 1, or its line in the file), ``code``, ``doubt`` (a name of
        ``DOUBTS``) and ``detail``.

    Raises:
        FrameError: A row cannot be counted; ``set_aside`` parts such rows from the others.
    """
    options = Options.of(
        as_of=as_of,
        columns=columns,
        source=source,
        dates=dates,
        values=values,
        zone=zone,
    )
    reading = read(frame, keys_of(()), options)
    intake = reading.intake
    found = [
        (intake.rows.number(row), intake.codes[row], doubt.kind, doubt.detail(row))
        for doubt in _doubts(reading)
        for row in np.flatnonzero(doubt.rows).tolist()
    ]
    kinds = {"row": nw.Int64(), "code": nw.String(), "doubt": nw.String(), "detail": nw.String()}
    data: dict[str, Any] = {
        name: [each[place] for each in found] for place, name in enumerate(kinds)
    }
    return nw.from_dict(data, kinds, backend=intake.frame.implementation).to_native()


def _doubts(reading: Reading) -> Iterator[_Doubt]:
    intake = reading.intake
    if intake.due is not None:
        due = intake.due
        yield _Doubt(
            kind="due_before_receipt",
            rows=due.present & (due.days < intake.received.days),
            detail=lambda row: f"{due.day(row)} < {intake.received.day(row)}",
        )
    yield from _far(intake)
    last = reading.days.last.toordinal() - EPOCH
    yield _Doubt(
        kind="received_after_as_of",
        rows=intake.received.days > last,
        detail=lambda row: f"{intake.received.day(row)} > {reading.days.last}",
    )
    yield from _states(intake)


def _far(intake: Intake) -> Iterator[_Doubt]:
    columns = {
        "received": intake.received,
        "finished": intake.finished,
        "due": intake.due,
        "first_due": intake.original,
        "recorded": intake.recorded,
    }
    for name, moments in columns.items():
        if moments is not None:
            far = (moments.days < _NEAR[0]) | (moments.days >= _NEAR[1])
            yield _Doubt(
                kind="far_date", rows=moments.present & far, detail=partial(_dated, name, moments)
            )


def _dated(name: str, moments: Moments, row: int) -> str:
    return f"{name} {moments.day(row)}"


def _states(intake: Intake) -> Iterator[_Doubt]:
    texts = intake.text("state")
    unread = intake.status == -1
    ended = texts.flag(lambda text: text is not None and status_of(text) in ENDED)
    lost = unread & ended & ~intake.finished.present
    strange = unread & ~lost & texts.flag(lambda text: text is not None and not is_name(text))

    def detail(row: int) -> str:
        text = texts[row] or ""
        meant = status_of(text)
        return text if meant is None else f"{text} ({meant}?)"

    yield _Doubt(kind="ended_without_finish", rows=lost, detail=detail)
    yield _Doubt(kind="unknown_state", rows=strange, detail=detail)
