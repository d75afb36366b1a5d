"""The command ``igate templates``: the words that a procedure file may use for its course.

Without a name it lists the templates; with one, the roles, actions, states and facts that the
template declares, and what each action does. Exit codes: 0 done, 1 there is no such template or a
file has errors, 2 wrong use.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from igate.cli.options import JsonOption, LangOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import Screen, as_json_text
from igate.errors import DefinitionError, IgateError
from igate.files.findings import did_you_mean
from igate.files.sources import Source, found_in, shipped
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.procedures.catalog.filing import file_together
from igate.procedures.reading.templates import Templates
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.law.citation import Language
    from igate.procedures.template import Template

__all__ = ["templates"]

#: The rules under which the clock column is written: those of the one-stop.
_RULES = "decree"
_NOTE = Label(
    vi="N: số của một bước xử lý (processing_2); nhiều người lần lượt làm thì thêm phần "
    "(processing_2_1). Thời hạn tính theo quy tắc {rules}: {label}.",
    en="N: number of a processing step (processing_2); where several act in turn, with the part "
    "(processing_2_1). The clock is under the rules {rules}: {label}.",
)
#: Characters between two columns.
_GAP = 3


def templates(
    name: Annotated[
        str | None, typer.Argument(help="Name of a template; without it, all are listed.")
    ] = None,
    *,
    lang: LangOption,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--files", exists=True, help="File or folder with templates besides the shipped ones."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the templates, or the roles, actions and states of one."""
    from igate.publish.template_text import record  # noqa: PLC0415 - each command loads what it needs

    library = _library(files or ())
    if name is not None:
        template = _template(library, name)
        if as_json:
            typer.echo(as_json_text(record(template)))
        else:
            _print_one(template, lang.value)
        return
    found = [_template(library, each) for each in library.names]
    if as_json:
        kept = ("name", "vi", "en", "citation", "cutoff")
        typer.echo(as_json_text([{key: record(each)[key] for key in kept} for each in found]))
    else:
        _print_all(found, lang.value)


def _library(paths: Sequence[Path]) -> Templates:
    """Return the shipped templates and those of the files; what else the files hold is left out."""
    own = {source.stem: source for source in shipped("templates")}
    filed = file_together(found_in(*paths), own, read=Source.read)
    twice = [each for each in filed.findings if each.code == "duplicate-template"]
    if twice:
        raise DefinitionError(twice)
    return Templates(own | filed.templates)


def _template(library: Templates, name: str) -> Template:
    """Return a template.

    Raises:
        IgateError: There is none of that name.
        DefinitionError: Its file has errors.
    """
    if name not in library.names:
        there_are = say("There are {names}.", names=", ".join(library.names))
        near = did_you_mean(name, library.names)
        raise IgateError(
            say('There is no template "{name}".', name=name), why=near or None, fix=there_are
        )
    template = library.get(name)
    if template is None:
        raise DefinitionError(library.findings(name))
    return template


def _print_all(found: Sequence[Template], lang: Language) -> None:
    from igate.publish.template_text import cutoff_text  # noqa: PLC0415 - each command loads what it needs

    vietnamese = ("Tên", "Nội dung", "Căn cứ", "Giờ nhận trong ngày")
    rows = [
        (each.name, each.label.text(lang), each.citation.text(lang), cutoff_text(each, lang))
        for each in found
    ]
    english = ("Name", "Label", "Citation", "Hour of the day")
    _print_table(vietnamese if lang == "vi" else english, rows)


def _print_one(template: Template, lang: Language) -> None:
    from igate.deadlines.rulefile import shipped_rules  # noqa: PLC0415 - each command loads what it needs
    from igate.publish.template_text import cutoff_text, sections  # noqa: PLC0415 - each command loads what it needs

    day = datetime.now(VIETNAM).date()
    rules = shipped_rules(_RULES, on=day)
    typer.echo(f"{template.name}: {template.label.text(lang)}. {template.citation.text(lang)}")
    cutoff = cutoff_text(template, lang)
    if cutoff:
        typer.echo(cutoff)
    for section in sections(template, lang, rules):
        typer.echo(f"\n{section.title}")
        _print_table(section.headings, section.rows)
    typer.echo("\n" + _NOTE.text(lang).format(rules=_RULES, label=rules.label.text(lang)))


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table as wide as the terminal; no word is broken, because names are copied.

    Where the longest words do not fit beside one another, each row is a paragraph.
    """
    console = Screen()
    columns = [*zip(headings, *rows, strict=True)]
    room = console.width - _GAP * (len(columns) - 1)
    if sum(_longest_words(columns)) > room:
        for row in rows:
            console.print(Text(" · ".join(row[0].splitlines())))
            for heading, cell in zip(headings[1:], row[1:], strict=True):
                if cell:
                    console.print(Padding(Text(f"{heading}: {cell}"), (0, 0, 0, 4)))
        return
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    for heading, width in zip(headings, _widths(columns, room), strict=True):
        table.add_column(heading, width=width, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _longest_words(columns: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(word) for cell in cells for word in cell.split()) for cells in columns]


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Share the room: each column has its longest word, the wider ones more of what is left."""
    least = _longest_words(columns)
    most = [max(len(line) for cell in cells for line in cell.splitlines()) for cells in columns]
    wanted = [longest - word for longest, word in zip(most, least, strict=True)]
    spare = min(max(room - sum(least), 0), sum(wanted))
    share = spare / (sum(wanted) or 1)
    return [word + int(share * more) for word, more in zip(least, wanted, strict=True)]
