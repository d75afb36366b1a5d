"""How every command prints data, and how it ends where it cannot go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["as_json_text", "fail", "must_exist"]


def as_json_text(value: object) -> str:
    """Return plain data as indented JSON; Vietnamese letters stay as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def fail(message: str, code: int) -> NoReturn:
    """Print a message to the standard error and end with an exit code.

    Raises:
        SystemExit: Always.
    """
    Console(stderr=True).print(message, style="bold red", soft_wrap=True, markup=False)
    raise SystemExit(code)


def must_exist(*paths: Path) -> None:
    """End the command as a wrong use of it where a path is not there.

    Raises:
        SystemExit: At least one is missing; the message names all that are.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        fail(f"There is no file or folder {', '.join(missing)}.", 2)
