"""The commands, called in the process of the tests."""

from __future__ import annotations

import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

import typer
from typer.testing import CliRunner

from igate.cli.check import check, show
from igate.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Done", "igate", "run_command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def _stream() -> io.TextIOWrapper:
    """Return a text stream with bytes below it, as a terminal or a pipe is."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def run_command(arguments: Sequence[str], folder: Path) -> Done:
    """Run ``igate`` in a folder as its entry point does, with a plain terminal of 100 columns.

    A process of its own costs a third of a second of imports; tests in which the process itself
    matters (an interrupt, the environment, another program) start one.
    """
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    out, err = _stream(), _stream()
    code: int | str | None = None
    with (
        mock.patch.dict(os.environ, plain),
        mock.patch.object(sys, "argv", ["igate", *arguments]),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return Done(
        # as the interpreter ends: nothing is 0, a text is 1
        returncode=code if isinstance(code, int) else int(code is not None),
        stdout=_text(out),
        stderr=_text(err),
    )


def igate(*arguments: str) -> tuple[int, str, str]:
    """Run ``igate check`` or ``igate show`` and return exit code, output and errors."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(check)
    app.command()(show)
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr
