"""The commands of ``igate export``: files that other programs read.

Each prints to standard output, or writes a file that appears whole or not at all.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from igate.cli.options import FilesOption, ForceOption, Lang, LangOption  # noqa: TC001 - typer reads the annotations
from igate.cli.output import must_exist
from igate.cli.speaking import CommandLine
from igate.files.writing import refuse_existing, write_atomically
from igate.law.localtime import VIETNAM
from igate.words.sentence import say

__all__ = ["export_app"]

export_app = CommandLine(about="Write files that other programs read.")

OutOption = Annotated[Path | None, typer.Option("--out", help="File to write.")]


class LogForm(StrEnum):
    """What an event log is written as."""

    XES = "xes"
    OCEL = "ocel"


@export_app.command("journal")
def export_journal(
    database: Annotated[Path, typer.Argument(help="Database of an office, such as office.db.")],
    *,
    form: Annotated[
        LogForm, typer.Option("--format", help="xes (IEEE 1849) or ocel (OCEL 2.0, JSON).")
    ] = LogForm.XES,
    out: OutOption = None,
    force: ForceOption = False,
    lang: LangOption,
) -> None:
    """Write the journals of an office as an event log."""
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs
    from igate.publish.exchange import journal_ocel, journal_xes  # noqa: PLC0415 - the same

    must_exist(database)
    _free(out, force=force)
    write = {LogForm.XES: journal_xes, LogForm.OCEL: journal_ocel}[form]
    with SqlStore.open(f"sqlite:///{database}", read_only=True) as store:
        text = write(store.entries())
    put(text, out, force=force, lang=lang)


@export_app.command("catalog")
def export_catalog(
    *,
    files: FilesOption = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The revisions in force on this day."),
    ] = None,
    out: OutOption = None,
    force: ForceOption = False,
    lang: LangOption,
) -> None:
    """Write procedures as linked data: CPSV-AP 3.2 in JSON-LD."""
    from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - each command loads what it needs
    from igate.publish.exchange import catalogue_cpsv  # noqa: PLC0415 - the same

    must_exist(*(files or ()))
    _free(out, force=force)
    catalog = Catalog.load(*files) if files else Catalog.shipped()
    day = (on or datetime.now(VIETNAM)).date()
    put(catalogue_cpsv(catalog.procedures(), on=day), out, force=force, lang=lang)


def _free(out: Path | None, *, force: bool) -> None:
    if out is not None and not force:
        refuse_existing([out])


def put(text: str, out: Path | None, *, force: bool, lang: Lang) -> None:
    """Print a text, or write it to a file and say so on standard error."""
    if out is None:
        typer.echo(text, nl=False)
    else:
        written = write_atomically(out, text.encode(), replace=force)
        typer.echo(say("Written: {written}", written=written).text(lang.value), err=True)
