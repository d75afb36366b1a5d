"""The commands ``igate diagram`` and ``igate sheet``: a procedure to look at and to post.

Both print to standard output, or write a file that appears whole or not at all. Messages about
what was written go to standard error, so that a pipe gets the picture and nothing else.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from igate.cli.options import FilesOption, ForceOption, Lang, LangOption, spoken
from igate.cli.output import put
from igate.errors import OutputError
from igate.files.writing import refuse_existing, write_atomically
from igate.law.localtime import VIETNAM
from igate.procedures.catalog.catalog import Catalog
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.procedures.procedure import Procedure, Revision

__all__ = ["diagram", "sheet"]


class Drawing(StrEnum):
    """What a diagram is written as."""

    MERMAID = "mermaid"
    SVG = "svg"
    PNG = "png"
    BPMN = "bpmn"


class Page(StrEnum):
    """What a sheet is written as."""

    MARKDOWN = "markdown"
    HTML = "html"


_Form = TypeVar("_Form", bound=StrEnum)
_FORM = "What to write; when absent, what the ending of --out says, else "
#: What the ending of a file means; one without an ending is for the command's own default.
_DRAWINGS = {
    "": Drawing.MERMAID, ".mmd": Drawing.MERMAID, ".mermaid": Drawing.MERMAID, ".svg": Drawing.SVG,
    ".png": Drawing.PNG, ".bpmn": Drawing.BPMN,
}  # fmt: skip
_PAGES = {"": Page.MARKDOWN, ".md": Page.MARKDOWN, ".html": Page.HTML, ".htm": Page.HTML}

CodeArgument = Annotated[str, typer.Argument(help="Code of the procedure, e.g. 1.001806.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="File to write.")]
OnOption = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The revision in force on this day."),
]


def diagram(
    code: CodeArgument,
    *,
    form: Annotated[Drawing | None, typer.Option("--format", help=_FORM + "mermaid.")] = None,
    out: OutOption = None,
    force: ForceOption = False,
    lang: LangOption,
    on: OnOption = None,
    all_ways: Annotated[
        bool,
        typer.Option("--all-ways", help="Also the template's ways back along the main course."),
    ] = False,
    files: FilesOption = None,
) -> None:
    """Draw the workflow of a procedure."""
    from igate.deadlines.rulefile import shipped_rules  # noqa: PLC0415 - each command loads what it needs
    from igate.publish import diagram as drawing  # noqa: PLC0415 - each command loads what it needs

    form = form or _of_ending(out, _DRAWINGS)
    if form is Drawing.PNG and out is None:
        raise typer.BadParameter(
            say("A PNG picture needs --out FILE.").text(spoken()), param_hint="--format"
        )
    _must_be_free(out, force=force)
    day = _day(on)
    procedure, revision = _in_force(code, day, files)
    rules = shipped_rules(revision.clock_rules, on=day)
    writers = {Drawing.MERMAID: drawing.mermaid, Drawing.BPMN: drawing.bpmn}
    write = writers.get(form, drawing.svg)
    text = write(procedure, revision, lang.value, rules=rules, all_ways=all_ways)
    content = drawing.png(text) if form is Drawing.PNG else text.encode()
    _put(content, out, force=force, lang=lang)


def sheet(
    code: CodeArgument,
    *,
    form: Annotated[Page | None, typer.Option("--format", help=_FORM + "markdown.")] = None,
    out: OutOption = None,
    force: ForceOption = False,
    lang: LangOption,
    on: OnOption = None,
    files: FilesOption = None,
) -> None:
    """Write the notice of a procedure that an agency posts."""
    from igate.publish.sheet.sheet import sheet_html, sheet_markdown  # noqa: PLC0415 - each command loads what it needs

    form = form or _of_ending(out, _PAGES)
    _must_be_free(out, force=force)
    procedure, revision = _in_force(code, _day(on), files)
    write = sheet_html if form is Page.HTML else sheet_markdown
    _put(write(procedure, revision, lang.value).encode(), out, force=force, lang=lang)


def _of_ending(out: Path | None, forms: Mapping[str, _Form]) -> _Form:
    """Return what a file is written as by its name; a name that promises another is refused."""
    ending = "" if out is None else out.suffix.lower()
    if ending not in forms:
        raise OutputError(
            say("A file {ending} is not written here.", ending=ending),
            where=str(out),
            fix=say(
                "Name it {endings}, or say with --format what to write.",
                endings=together(*filter(None, forms), between=", "),
            ),
        )
    return forms[ending]


def _day(on: datetime | None) -> date:
    """Return the day that was asked for, or today in Vietnam."""
    return on.date() if on else datetime.now(VIETNAM).date()


def _in_force(code: str, day: date, files: list[Path] | None) -> tuple[Procedure, Revision]:
    procedure = (Catalog.load(*files) if files else Catalog.shipped()).procedure(code)
    return procedure, procedure.in_force(day)


def _must_be_free(out: Path | None, *, force: bool) -> None:
    if out is not None and not force:
        refuse_existing([out])


def _put(content: bytes, out: Path | None, *, force: bool, lang: Lang) -> None:
    if out is None:
        put(content.decode())
        return
    written = write_atomically(out, content, replace=force)
    typer.echo(say("Written: {written}", written=written).text(lang.value), err=True)
