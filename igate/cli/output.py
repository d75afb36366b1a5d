"""How every command prints data, and how it ends where it cannot go on."""

from __future__ import annotations

import json
from typing import NoReturn

from rich.console import Console

__all__ = ["as_json_text", "fail"]


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
