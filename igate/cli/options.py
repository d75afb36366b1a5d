"""Options that several commands of igate share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = ["ForceOption", "JsonOption", "Lang", "LangOption", "StrictOption"]


class Lang(StrEnum):
    """Language of what is printed or written."""

    VI = "vi"
    EN = "en"


ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the text.")]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse to count days that are not announced yet.")
]
