"""The commands ``igate db``: the format of a database, and whether it is as igate makes it.

Exit codes: 0 it is, or it was upgraded; 1 it is not, or the work was refused; 2 the command was
used wrongly.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from igate.cli.databases import DatabaseArgument, address_of
from igate.cli.options import JsonOption, LangOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text
from igate.cli.speaking import CommandLine
from igate.law.citation import Label

if TYPE_CHECKING:
    from igate.office.sql.driver import Driver

__all__ = ["db_app"]

db_app = CommandLine(about="The format of a database of dossiers.")
_UPGRADED = Label(
    vi="{where}: đã nâng cấp từ định dạng {old} lên {new}.",
    en="{where}: upgraded from format {old} to {new}.",
)
_SAME = Label(
    vi="{where}: đã ở định dạng {new}; không có gì thay đổi.",
    en="{where}: it has format {new} already; nothing was changed.",
)
_OLDER = Label(
    vi="{where}: định dạng {old}, của igate cũ; igate này dùng {new}. Hãy sao lưu rồi chạy igate "
    "db upgrade.",
    en="{where}: format {old}, of an older igate; this one has {new}. Keep a copy, then run igate "
    "db upgrade.",
)
_SOUND = Label(
    vi="{where}: định dạng {new}, đúng như igate tạo ra.",
    en="{where}: format {new}, as igate makes it.",
)
_DIFFERS = Label(
    vi="{where}: {count} chỗ khác với định dạng {new}.",
    en="{where}: {count} difference(s) from format {new}.",
)


def _opened(database: str, *, read_only: bool) -> Driver:
    from igate.office.sql.opening import unchecked  # noqa: PLC0415 - each command loads what it needs

    return unchecked(address_of(database), read_only=read_only)


@db_app.command("upgrade")
def upgrade(database: DatabaseArgument, *, lang: LangOption) -> None:
    """Bring a database of an older igate to the format of this one, as a whole or not at all."""
    from igate.office.sql.migrations import current as found_in  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.migrations import upgrade as bring  # noqa: PLC0415 - each command loads what it needs

    with closing(_opened(database, read_only=False)) as driver:
        old = found_in(driver)
        bring(driver)
        new = found_in(driver)
        said = _SAME if old == new else _UPGRADED
        typer.echo(said.text(lang.value).format(where=driver.where, old=old, new=new))


@db_app.command("current")
def current(database: DatabaseArgument, *, lang: LangOption) -> None:
    """Print the number of the format of a database."""
    from igate.office.sql.migrations import current as found_in  # noqa: PLC0415 - each command loads what it needs

    del lang  # of what may be refused
    with closing(_opened(database, read_only=True)) as driver:
        typer.echo(str(found_in(driver)))


@db_app.command("check")
def check(database: DatabaseArgument, *, lang: LangOption, as_json: JsonOption = False) -> None:
    """List the tables, columns, indexes and triggers that are not as igate makes them."""
    from igate.office.sql.migrations import check_age, differences  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.migrations import current as found_in  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.tables import SCHEMA_VERSION  # noqa: PLC0415 - each command loads what it needs

    with closing(_opened(database, read_only=True)) as driver:
        old = found_in(driver)
        check_age(old, driver)
        found = differences(driver) if old == SCHEMA_VERSION else ()
        where = driver.where
    older = old != SCHEMA_VERSION
    if as_json:
        record = {
            "format": old,
            "expected": SCHEMA_VERSION,
            "differences": list(found),
            "vi": {"differences": [each.text("vi") for each in found]},
        }
        typer.echo(as_json_text(record))
    else:
        for each in found:
            typer.echo(each.text(lang.value))
        said = _OLDER if older else _DIFFERS if found else _SOUND
        text = said.text(lang.value)
        typer.echo(
            text.format(where=where, old=old, new=SCHEMA_VERSION, count=len(found)),
            err=bool(older or found),
        )
    raise typer.Exit(1 if older or found else 0)
