"""What a database is to the store: something that runs statements, together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.errors import StoreError
    from igate.office.sql.statements import DialectName

    #: values of a statement by name, or in the order of its marks
    Values = Mapping[str, Any] | Sequence[Any]

__all__ = ["Driver", "Rows", "Values", "Work"]

T = TypeVar("T")


class Rows(Protocol):
    """What a statement returns."""

    @property
    def rowcount(self) -> int:
        """Number of rows that it changed."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows."""


class Work(Protocol):
    """A transaction that has begun."""

    def execute(self, statement: str, values: Values, /) -> Rows:
        """Run a statement."""

    def executemany(self, statement: str, values: Sequence[Values], /) -> object:
        """Run a statement with many rows of values."""


class Driver(Protocol):
    """A database, or a transaction of the host in one."""

    @property
    def dialect(self) -> DialectName:
        """How statements are spelled."""

    @property
    def where(self) -> str:
        """What a message calls it; never with a password."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written."""

    def transact(self, write: Callable[[Work], T], /) -> T:
        """Run a function in a transaction that holds or leaves no trace."""

    def rows(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""

    def peek(self, statement: str, values: Mapping[str, Any], /) -> list[tuple[Any, ...]]:
        """Return the rows of a query that reads little: as :meth:`rows`, in the quickest way."""

    def stream(self, statement: str, values: Mapping[str, Any], /) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query one by one, as they were when it began."""

    def explained(self, error: Exception, /) -> StoreError | None:
        """Turn an error of the driver into one of the library; ``None``: it is none of these."""

    def close(self) -> None:
        """Release what is held."""
