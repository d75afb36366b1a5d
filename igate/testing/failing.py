"""A store between a desk and the real one, which fails on demand while something is written.

It fails at the moments at which a program, its connection or its machine can end: before the store
is asked, while it reads what it is to write, and after it has written but before the desk has
heard of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import structs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.office.store import DossierStore

__all__ = ["FAILURES", "FailingStore", "Failure", "StoreFailed"]

#: where a writing fails: before it, at the tasks or the timers that it writes, or after it
Failure = Literal["before", "tasks", "timers", "after"]

FAILURES: Final[tuple[Failure, ...]] = ("before", "tasks", "timers", "after")


class StoreFailed(Exception):
    """The failure that was asked for; nothing of igate answers to it."""


class _Spoilt(tuple[Any, ...]):  # noqa: SLOT001 - a tuple has no slots of its own
    """Tasks or timers that cannot be read, until they are mended."""

    mended = False

    def __iter__(self) -> Iterator[Any]:
        if not self.mended:
            raise StoreFailed
        return super().__iter__()

    def __bool__(self) -> bool:
        # also where there are none: whether there are is found by reading
        return not self.mended or len(self) > 0


class FailingStore:
    """A store whose next writing fails once :meth:`fail` was called; all else is the real one's.

    At the tasks or the timers: the record that the store is given cannot be read there. A store
    that has begun to write then must take it back. One that does not read them has written the
    whole record, and the failure comes after it.
    """

    def __init__(self, store: DossierStore) -> None:
        """Stand before a store."""
        self._store = store
        self._next: Failure | None = None
        #: whether the writing that failed last was done nevertheless
        self.written = False

    def fail(self, where: Failure) -> None:
        """Let the next ``create`` or ``append`` fail, and no later one."""
        self._next, self.written = where, False

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        """Write a new dossier; see :meth:`igate.office.store.DossierStore.create`.

        Raises:
            StoreFailed: It was asked for.
        """
        where, self._next = self._next, None
        if where is None:
            return self._store.create(make, agency=agency, day=day)
        _fail_before(where)
        made: list[Record] = []

        def spoilt(code: str) -> Record:
            made.append(_spoilt(make(code), where))
            return made[-1]

        self._store.create(spoilt, agency=agency, day=day)
        raise self._answer_lost(made[-1])

    def append(self, record: Record) -> None:
        """Write one more entry; see :meth:`igate.office.store.DossierStore.append`.

        Raises:
            StoreFailed: It was asked for.
        """
        where, self._next = self._next, None
        if where is None:
            self._store.append(record)
            return
        _fail_before(where)
        given = _spoilt(record, where)
        self._store.append(given)
        raise self._answer_lost(given)

    def _answer_lost(self, record: Record) -> StoreFailed:
        # a store may have kept the record as it is
        for part in (record.tasks, record.timers):
            if isinstance(part, _Spoilt):
                part.mended = True
        self.written = True
        return StoreFailed()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)


def _fail_before(where: Failure) -> None:
    if where == "before":
        raise StoreFailed


def _spoilt(record: Record, where: Failure) -> Record:
    if where == "tasks" and record.tasks is not None:
        return structs.replace(record, tasks=_Spoilt(record.tasks))
    if where == "timers" and record.timers is not None:
        return structs.replace(record, timers=_Spoilt(record.timers))
    return record
