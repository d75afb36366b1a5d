"""How commands name a database: by its address, or by the path of a SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["DatabaseArgument", "address_of"]

DatabaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="DATABASE",
        help="Path of a SQLite file, or an address: sqlite:///office.db, postgresql://user@host/name.",
    ),
]


def address_of(database: str) -> str:
    """Return the address of a database.

    >>> address_of("postgresql://user@host/name")
    'postgresql://user@host/name'
    >>> address_of("/srv/office.db")
    'sqlite:////srv/office.db'
    """
    return database if "://" in database else f"sqlite:///{Path(database).absolute()}"
