"""How commands name a database: by its address, or by the path of a SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igate.cli.output import fail, read_word
from igate.words.sentence import say, together

__all__ = ["DatabaseArgument", "address_of"]

DatabaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="DATABASE",
        help="Path of a SQLite file, or an address: sqlite:///office.db, postgresql://user@host/name.",
    ),
]


def address_of(database: str, *, create: bool | None = None) -> str:
    """Return the address of a database.

    Args:
        database: As it is named.
        create: Whether it is made where there is none; ``None``: the command makes none at all.

    Raises:
        SystemExit: It is no address, or leads to a SQLite file that is not there and is not to be
            made: a wrong use of the command.

    >>> address_of("postgresql://user@host/name")
    'postgresql://user@host/name'
    >>> address_of("/srv/office.db", create=True)
    'sqlite:////srv/office.db'
    """
    from igate.office.sql.opening import parsed  # noqa: PLC0415 - each command loads what it needs

    address = database if "://" in database else f"sqlite:///{Path(database).absolute()}"
    path = read_word(parsed, address).database
    is_file = address.startswith("sqlite") and path not in {None, "", ":memory:"}
    if is_file and not create and not Path(path).exists():
        missing = say("There is no file or folder {missing}.", missing=path)
        hint = "" if create is None else say("Add --create to make a new office there.")
        fail(together(missing, hint), 2)
    return address
