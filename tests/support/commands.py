"""The commands, called in the process of the tests."""

from __future__ import annotations

import typer
from typer.testing import CliRunner

from igate.cli.check import check, show

__all__ = ["igate"]


def igate(*arguments: str) -> tuple[int, str, str]:
    """Run ``igate check`` or ``igate show`` and return exit code, output and errors."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(check)
    app.command()(show)
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr
