"""What is asked of the lists of a desk, and what they give: a page at a time, in one order.

A page ends with a mark; the next page begins after it, whatever was written meanwhile (keyset
paging). Marks are opaque: pass back what a page gave.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final, Literal, Self, cast, get_args

import msgspec
from msgspec import Struct

from igate.errors import StoreError
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.dossiers.record import Task
    from igate.dossiers.standing import Standing

__all__ = [
    "LONGEST_PAGE",
    "NO_DATE",
    "CountBy",
    "Found",
    "Order",
    "SearchQuery",
    "WorkItem",
    "WorkList",
    "WorkPlace",
    "WorkQuery",
    "check_count_by",
    "check_limit",
    "due_class",
    "mark_of",
    "ordered",
    "ordered_texts",
    "place_of",
    "work_mark_of",
    "work_place_of",
]

#: stands for no date where an order needs one: it comes last
NO_DATE: Final = 2**62
#: rows that a page may have
LONGEST_PAGE: Final = 1_000

CountBy = Literal["state", "agency", "procedure", "due"]
_COUNTED_BY: Final = get_args(CountBy)
#: second, code of the dossier, place and role of the task
WorkPlace = tuple[int, str, str, str]
#: by the date of return of the dossier, or by the date of the step
Order = Literal["due", "step_due"]
_ORDERS: Final = get_args(Order)


class WorkQuery(Struct, frozen=True, kw_only=True):
    """What of the work list is asked for."""

    #: roles, of which a task may have any; empty: all
    roles: tuple[str, ...] = ()
    #: agencies, of which a task may have any; empty: all
    agencies: tuple[str, ...] = ()
    #: ids to whom a task may be assigned; an empty id stands for nobody; ``None``: whoever it is
    assignees: tuple[str, ...] | None = None
    #: the parts of those who work at the same time too
    party: bool = True
    #: dossiers due strictly before this moment
    due_before: datetime | None = None
    order: Order = "due"
    #: at most so many
    limit: int = 50
    #: mark of the page before
    after: str = ""


class SearchQuery(Struct, frozen=True, kw_only=True):
    """What dossiers are looked for; every part that is given must fit."""

    #: dossiers of this agency and of those below it
    scope: str = ""
    #: dossiers that name this id as that of the applicant or of a representative
    own: str = ""
    #: beginning of the code
    code: str = ""
    #: id of the applicant or of a representative, or the beginning of a name or of a given name,
    #: with or without diacritics
    person: str = ""
    #: by which another system knows the dossier
    reference: str = ""
    agency: str = ""
    procedure: str = ""
    state: str = ""
    #: handed in from this moment on, and strictly before that one
    submitted_from: datetime | None = None
    submitted_before: datetime | None = None
    due_before: datetime | None = None
    finished: bool | None = None
    limit: int = 50
    after: str = ""


class WorkItem(Struct, frozen=True, kw_only=True):
    """A task with the dossier that it belongs to."""

    task: Task
    standing: Standing


class WorkList(Struct, frozen=True, kw_only=True):
    """A page of the work list, what is due first at the top."""

    items: tuple[WorkItem, ...]
    #: mark for the next page; empty: this is the last one
    after: str


class Found(Struct, frozen=True, kw_only=True):
    """A page of dossiers."""

    dossiers: tuple[Standing, ...]
    #: mark for the next page; empty: this is the last one
    after: str

    @classmethod
    def page(cls, rows: list[Standing], marks: list[str], limit: int) -> Self:
        """Return a page of at most so many rows out of one more."""
        return cls(
            dossiers=tuple(rows[:limit]), after=marks[limit - 1] if len(rows) > limit else ""
        )


def check_limit(limit: int) -> int:
    """Return how many rows a page has.

    Raises:
        StoreError: It is none, or more than :data:`LONGEST_PAGE`.
    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise StoreError(
            say("A page of {limit} rows cannot be given.", limit=limit),
            fix=say(
                "Ask for 1 to {longest_page}, and for the next page with after=….",
                longest_page=LONGEST_PAGE,
            ),
        )
    return limit


def check_count_by(by: CountBy) -> None:
    """Refuse to count by what is not counted by: the word becomes the name of a column.

    Raises:
        StoreError: It is none of :data:`CountBy`.
    """
    if by not in _COUNTED_BY:
        raise StoreError(
            say("Dossiers are not counted by {by!r}.", by=by),
            fix=say("Write one of {known}.", known=", ".join(_COUNTED_BY)),
        )


def mark_of(place: tuple[int | str, ...]) -> str:
    """Write the place after which the next page begins."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def place_of(mark: str, kinds: tuple[type, ...]) -> tuple[int | str, ...] | None:
    """Read a mark; ``None``: from the beginning.

    Raises:
        StoreError: It is not one that a page of this list gave.
    """
    if not mark:
        return None
    try:
        read = msgspec.json.decode(urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        read = None
    if not isinstance(read, list) or [type(each) for each in read] != list(kinds):
        raise _foreign_mark()
    return tuple(read)


def _foreign_mark() -> StoreError:
    return StoreError(
        say("The mark of the page is not one that this list has given."),
        fix=say("Pass after=page.after of the page before, or leave it out."),
    )


def work_mark_of(order: Order, place: WorkPlace) -> str:
    """Write the place after which the next page of a work list begins."""
    return mark_of(place if order == "due" else (order, *place))


def work_place_of(mark: str, order: Order) -> WorkPlace | None:
    """Read a mark of a work list; ``None``: from the beginning.

    Raises:
        StoreError: There is no such order, or the mark is not one of a work list in this order.
    """
    if order not in _ORDERS:
        raise StoreError(
            say("A work list has no order {order!r}.", order=order),
            fix=say("Write one of {orders}.", orders=", ".join(_ORDERS)),
        )
    if order == "due":
        return cast("WorkPlace | None", place_of(mark, (int, str, str, str)))
    found = place_of(mark, (str, int, str, str, str))
    if found is not None and found[0] != order:
        raise _foreign_mark()
    return None if found is None else cast("WorkPlace", found[1:])


def due_class(due: datetime | None, at: datetime) -> str:
    """Return the class of a date: ``overdue``, ``today``, ``later``, or ``none``."""
    if due is None:
        return "none"
    if due.date() < at.date():
        return "overdue"
    return "today" if due.date() == at.date() else "later"


def ordered_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts with their names in order."""
    return dict(sorted(texts.items()))


def ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts with their names in order."""
    return dict(sorted(counts.items()))
