#!/usr/bin/env python3
"""Bring the catalogue of Vietnamese sentences in line with the code, and compile it.

Run ``python tools/catalogue.py``: what is said in the code and not in the catalogue is added
without a translation, what is said no longer is taken out, and ``igate.mo`` is written anew. Tests
hold code, catalogue and compiled catalogue equal.
"""

from __future__ import annotations

import inspect
import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

import igate.errors
from igate.cli.main import app
from igate.cli.speaking import OWN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "igate" / "words" / "locale" / "vi" / "LC_MESSAGES"
WRITTEN = FOLDER / "igate.po"
COMPILED = FOLDER / "igate.mo"
#: The head of a compiled catalogue has a date; ours changes with its sentences alone.
_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def said_in_code() -> dict[str, list[str]]:
    """Return each template of the code and the modules that say it.

    A template is the first argument of ``say``, the general sentence of a class of errors, a help
    text of a command, or what the library of the command line says itself.
    """
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "igate").rglob("*.py")):
        code = path.read_bytes()
        if b"from igate.words.sentence import" not in code:
            continue
        for _, template, _, _ in extract("python", io.BytesIO(code), keywords={"say": None}):
            places = found.setdefault(str(template), [])
            place = path.relative_to(ROOT).as_posix()
            if place not in places:
                places.append(place)
    for template in sorted(_general()):
        found.setdefault(template, []).append("igate/errors.py")
    for template in sorted({*OWN_WORDS, *help_texts()}):
        found.setdefault(template, []).append("igate/cli")
    return found


def help_texts() -> set[str]:
    """Return what ``--help`` says of each command, argument and option."""
    return {inspect.cleandoc(text) for text in _helps(get_command(app)) if text}


def _helps(command: Any) -> Iterator[str | None]:  # noqa: ANN401 - of the library of the command line
    yield command.help
    yield from (getattr(each, "help", None) for each in command.params)
    for below in getattr(command, "commands", {}).values():
        yield from _helps(below)


def _general() -> set[str]:
    errors = (value for value in vars(igate.errors).values() if isinstance(value, type))
    return {
        (error.__doc__ or "").strip().splitlines()[0]
        for error in errors
        if issubclass(error, igate.errors.IgateError)
    }


def brought_in_line(before: Catalog) -> Catalog:
    """Return the catalogue with the templates of the code and the translations there were."""
    kept = {message.id: message.string for message in before if message.id}
    after = Catalog(locale="vi", fuzzy=False)
    for template, places in sorted(said_in_code().items(), key=lambda pair: (pair[1][0], pair[0])):
        after.add(template, kept.get(template, ""), auto_comments=[", ".join(places)])
    return after


def as_po(catalogue: Catalog) -> bytes:
    """Return the text of a catalogue, without the hour and the tool that wrote it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True)
    head = (
        "# Vietnamese sentences of igate; fields in braces stay as they are.\n"
        'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head.encode() + out.getvalue().rstrip(b"\n") + b"\n"


def as_mo(written: bytes) -> bytes:
    """Return the compiled catalogue of a text."""
    catalogue = read_po(io.BytesIO(written), locale="vi")
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    """Write both files; tell how many sentences wait for their Vietnamese."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    before = (
        read_po(io.BytesIO(WRITTEN.read_bytes()), locale="vi") if WRITTEN.exists() else Catalog()
    )
    after = brought_in_line(before)
    WRITTEN.write_bytes(as_po(after))
    COMPILED.write_bytes(as_mo(WRITTEN.read_bytes()))
    waiting = [str(message.id) for message in after if message.id and not message.string]
    print(f"{len(after)} sentences, {len(waiting)} without Vietnamese.")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
