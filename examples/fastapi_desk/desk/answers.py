"""Errors of igate become answers of HTTP: a table, with the text of the error in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.errors import (
    IgateError,
    NotPermitted,
    ProcedureNotFound,
    StoreConflict,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
    UnknownDossier,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["status_of"]

#: the first that fits counts
STATUS: Final[Sequence[tuple[type[IgateError], int]]] = (
    (UnknownDossier, 404),
    (ProcedureNotFound, 404),
    (StoreConflict, 409),
    (NotPermitted, 403),
    (StoreLocked, 503),
    (StoreUnreachable, 503),
    (StoreFull, 503),
    (StoreReadOnly, 503),
    (IgateError, 422),
)


def status_of(error: IgateError) -> int:
    """Return the status of the answer that says what an error says."""
    return next(status for kind, status in STATUS if isinstance(error, kind))
