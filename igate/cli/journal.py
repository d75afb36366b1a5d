"""The commands ``igate journal``: bringing journals in, proving that nobody changed them by hand.

Exit codes: 0 nothing found but notes, and nothing refused; 1 something was; 2 the command was used
wrongly.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from igate.cli.databases import DatabaseArgument, address_of
from igate.cli.loading import load
from igate.cli.options import FilesOption, ForceOption, JsonOption, LangOption, LayersOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text, must_exist
from igate.cli.speaking import CommandLine
from igate.files.writing import refuse_existing, write_atomically
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.law.citation import Language
    from igate.office.anchor import Anchor
    from igate.office.evidence import JournalFinding
    from igate.office.verification import Verification

__all__ = ["journal_app"]

journal_app = CommandLine(about="Bring journals in, and prove that nobody has changed one by hand.")
journal_app.command("load")(load)
_COUNTS = Label(
    vi="Đã kiểm tra {dossiers} hồ sơ, {entries} dòng sổ: {findings} phát hiện, {notes} ghi chú.",
    en="Verified {dossiers} dossiers, {entries} entries: {findings} finding(s), {notes} note(s).",
)
_ANCHOR = Label(
    vi="Đã đối chiếu với điểm neo; hãy so dòng này với dòng đã công bố:\n{line}",
    en="Held against the anchor; compare this line with the one that was published:\n{line}",
)


@journal_app.command("verify")
def verify(
    database: DatabaseArgument,
    *,
    anchor: Annotated[
        Path | None,
        typer.Option("--anchor", help="File of igate journal anchor, from an earlier day."),
    ] = None,
    files: FilesOption = None,
    layers: LayersOption = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Decide every entry again, compare what is kept, and name what was changed."""
    from igate.calendar import WorkCalendar  # noqa: PLC0415 - each command loads what it needs
    from igate.office.anchor import Anchor  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs
    from igate.office.verification import verified  # noqa: PLC0415 - each command loads what it needs
    from igate.procedures.catalog.catalog import Catalog  # noqa: PLC0415 - each command loads what it needs

    must_exist(*([anchor] if anchor else []), *(files or []), *(layers or []))
    held = Anchor.read(_text(anchor)) if anchor else None
    with SqlStore.open(address_of(database), read_only=True) as store:
        result = verified(
            store,
            catalog=Catalog.load(*files) if files else Catalog.shipped(),
            calendar=WorkCalendar.vietnam(provisional=True, layers=layers or []),
            at=datetime.now(VIETNAM),
            anchor=held,
        )
    if as_json:
        typer.echo(as_json_text(_record(result, held)))
    else:
        _print(result, held, lang.value)
    raise typer.Exit(0 if result.is_sound else 1)


@journal_app.command("anchor")
def anchor(
    database: DatabaseArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Also write the file that verify --anchor reads."),
    ] = None,
    force: ForceOption = False,
    lang: LangOption,
) -> None:
    """Print one line that stands for all journals as they are, to be published elsewhere."""
    from igate.office.anchor import Anchor  # noqa: PLC0415 - each command loads what it needs
    from igate.office.sql.store import SqlStore  # noqa: PLC0415 - each command loads what it needs

    if out is not None and not force:
        refuse_existing([out])
    with SqlStore.open(address_of(database), read_only=True) as store:
        made = Anchor.of(store.evidence().heads(), day=datetime.now(VIETNAM).date())
    if out is not None:
        written = write_atomically(out, made.text.encode(), replace=force)
        typer.echo(say("Written: {written}", written=written).text(lang.value), err=True)
    typer.echo(made.line)


def _text(path: Path) -> str:
    # line ends are part of what the hash is of
    return path.read_bytes().decode("utf-8", errors="replace")


def _print(result: Verification, held: Anchor | None, lang: Language) -> None:
    for each in result.findings:
        typer.echo(each.text(lang))
    notes = sum(each.is_note for each in result.findings)
    counts = _COUNTS.text(lang).format(
        dossiers=result.dossiers,
        entries=result.entries,
        findings=len(result.findings) - notes,
        notes=notes,
    )
    typer.echo(counts, err=not result.is_sound)
    if held is not None:
        typer.echo(_ANCHOR.text(lang).format(line=held.line), err=not result.is_sound)


def _record(result: Verification, held: Anchor | None) -> dict[str, object]:
    return {
        "sound": result.is_sound,
        "dossiers": result.dossiers,
        "entries": result.entries,
        "anchor": None if held is None else held.line,
        "findings": [_finding(each) for each in result.findings],
    }


def _finding(found: JournalFinding) -> dict[str, object]:
    return {
        "dossier": found.dossier,
        "entry": found.entry or None,
        "kind": found.kind,
        "note": found.is_note,
        "about": found.about,
        "message": found.text("en"),
        "vi": found.text("vi"),
    }
