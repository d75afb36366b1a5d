"""The commands ``igate import process``, ``igate new`` and ``igate diff``.

Exit codes: 0 done, 1 something was refused or a file is in the way, 2 the command was used
wrongly. Problems go to standard error, results to standard output.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igate.cli.options import ForceOption, JsonOption, LangOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text, fail
from igate.cli.speaking import CommandLine
from igate.errors import CitationError, IgateError, ProcedureNotFound
from igate.law.citation import Citation
from igate.law.localtime import VIETNAM
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.filing import core_code
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.importing import Draft
    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision

__all__ = ["diff", "import_app", "new"]

import_app = CommandLine(about="Turn published tables into procedure files.")


OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to.")]


@import_app.command("process")
def import_process(
    file: Annotated[Path, typer.Argument(help="Table: .xlsx, .docx, .csv, .md or .jsonl.")],
    *,
    out: OutOption = Path(),
    code: Annotated[
        str, typer.Option("--code", help="Code of the procedure, for a file with one process.")
    ] = "",
    name: Annotated[
        str,
        typer.Option(
            "--name", help="Name of the procedure, where neither file nor catalogue has it."
        ),
    ] = "",
    citation: Annotated[
        str, typer.Option("--citation", help="The decision, where the file does not name it.")
    ] = "",
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="Write also what lacks a time or has a wrong sum, marked with '<-'."
        ),
    ] = False,
    force: ForceOption = False,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Read the internal processes of a file and write a procedure file of each."""
    from igate.importing import Given, definitions, read_drafts, write_files  # noqa: PLC0415 - each command loads what it needs

    if not file.is_file():
        fail(say("There is no file {file}.", file=file), 2)
    core = core_code(code) if code else ""
    if core is None:
        fail(
            say(
                '{code!r} is not the code of a procedure; it is written like "1.001806".', code=code
            ),
            2,
        )
    try:
        cited = Citation.parse(citation) if citation else None
    except CitationError as error:
        fail(error.sentence, 2)
    given = Given(code=core, citation=cited, name=name, draft=draft, known=_known)
    drafts = read_drafts(file, given=given)
    texts = definitions(drafts, file=file.name, checked_on=datetime.now(VIETNAM).date())
    paths = write_files(texts, out, force=force)
    if as_json:
        typer.echo(
            as_json_text(
                {"written": [str(path) for path in paths], "drafts": _records(drafts, lang.value)}
            )
        )
    else:
        for line in _lines(drafts, lang.value):
            typer.echo(line)
        for path in paths:
            typer.echo(say("written {path}", path=path).text(lang.value))
    refused = sum(draft.refused for draft in drafts)
    unfinished = sum(bool(draft.process and draft.errors) for draft in drafts)
    if unfinished:
        typer.echo(_UNFINISHED[lang.value].format(drafts=unfinished), err=True)
    typer.echo(_SUMMARY[lang.value].format(files=len(paths), refused=refused), err=True)
    raise typer.Exit(1 if refused or not paths else 0)


def _known(code: str) -> tuple[str, str]:
    """Return name and field of a shipped procedure, or nothing."""
    try:
        found = Catalog.shipped().procedure(code)
    except ProcedureNotFound:
        return "", ""
    return found.name.vi, found.field.label.vi


_UNFINISHED: dict[Language, str] = {
    "vi": '{drafts} quy trình là bản nháp: điền các dòng có dấu "<-", rồi chạy igate check.',
    "en": '{drafts} process(es) are drafts: fill in the lines with "<-", then run igate check.',
}
_SUMMARY: dict[Language, str] = {
    "vi": "{files} tệp đã ghi, {refused} quy trình bị từ chối.",
    "en": "{files} file(s) written, {refused} process(es) refused.",
}


def new(
    code: Annotated[str, typer.Argument(help='National code of the procedure, like "1.001806".')],
    *,
    out: OutOption = Path(),
    force: ForceOption = False,
    lang: LangOption,
) -> None:
    """Begin a procedure file: every key with a comment, and the places to fill in."""
    from igate.importing import write_files  # noqa: PLC0415 - each command loads what it needs
    from igate.procedures.catalog.scaffold import scaffold  # noqa: PLC0415 - each command loads what it needs

    try:
        name, text = scaffold(code, checked_on=datetime.now(VIETNAM).date())
    except IgateError as error:
        fail(error.sentence, 2)
    (path,) = write_files({name: text}, out, force=force)
    del lang  # of what may be refused: both languages are in the file
    typer.echo(str(path))


def diff(
    before: Annotated[
        str, typer.Argument(help="File or shipped code; FILE@2025-11-27 names a revision.")
    ],
    after: Annotated[
        str, typer.Argument(help="The later one, in the same way; without @ the last revision.")
    ],
    *,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Say in words what is different between two procedure files or revisions."""
    from igate.publish.comparison.procedures import (  # noqa: PLC0415 - each command loads what it needs
        differences,
        procedure_differences,
    )

    (old, first), (new, last) = _named(before), _named(after)
    found = (*procedure_differences(old, new), *differences(first, last))
    if as_json:
        records = [
            {
                "kind": each.kind,
                "key": each.key,
                "step": each.step,
                "part": each.part,
                "within": each.within.text(lang.value) if each.within else None,
                "before": each.before.text(lang.value) if each.before else None,
                "after": each.after.text(lang.value) if each.after else None,
                "text": each.text(lang.value),
            }
            for each in found
        ]
        typer.echo(as_json_text(records))
        return
    for each in found:
        typer.echo(each.text(lang.value))
    if not found:
        typer.echo(say("No differences.").text(lang.value), err=True)


def _named(named: str) -> tuple[Procedure, Revision]:
    """Open what is compared: a file or a shipped code, with ``@`` and the name of a revision.

    Raises:
        ProcedureNotFound: The procedure has no such revision.
    """
    text, mark, wanted = named.rpartition("@")
    if not mark or Path(named).exists():
        text, mark = named, ""
    procedure = _procedure(text)
    revisions = {each.id: each for _, each in procedure.revisions}
    if not mark:
        return procedure, list(revisions.values())[-1]
    if wanted not in revisions:
        *others, last = revisions
        raise ProcedureNotFound(
            say("Procedure {code} has no revision {wanted!r}.", code=procedure.code, wanted=wanted),
            where=named,
            why=say(
                "It has {others} and {last}; name one of these.",
                others=", ".join(others),
                last=last,
            )
            if others
            else say("It has only {last}.", last=last),
        )
    return procedure, revisions[wanted]


def _procedure(text: str) -> Procedure:
    path = Path(text)
    if path.is_file():
        catalog = Catalog.load(path)
        return catalog.procedure(next(iter(catalog)))
    if core_code(text) is not None:
        return Catalog.shipped().procedure(text)
    return fail(
        say("There is no file {text}, and it is not the code of a procedure.", text=text), 2
    )


def _lines(drafts: Iterable[Draft], lang: Language) -> Iterable[str]:
    for draft in drafts:
        for fault in draft.faults:
            yield fault.finding("en").text(lang)


def _records(drafts: Iterable[Draft], lang: Language) -> list[dict[str, object]]:
    """Return each draft as data: place, title, codes, sums, findings."""
    return [
        {
            "file": draft.place.file,
            "line": draft.place.line,
            "title": draft.title,
            "codes": [each.code for each in draft.process.procedures] if draft.process else [],
            "refused": draft.refused,
            "to_fill_in": len(draft.errors) if draft.process else 0,
            "step_hours": float(draft.hours) if draft.hours is not None else None,
            "total_hours": float(draft.total_hours) if draft.total_hours is not None else None,
            "findings": [
                {
                    "code": found.code,
                    "severity": found.severity,
                    "line": found.place.line,
                    "column": found.place.column,
                    "message": found.message,
                    "remedy": found.remedy,
                }
                for found in (fault.finding(lang) for fault in draft.faults)
            ],
        }
        for draft in drafts
    ]
