#!/usr/bin/env python3
"""Write the JSON Schemas of procedure, template and rule files from the models that read them.

Run ``python tools/write_schema.py``; a test holds files and models equal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from igate.deadlines.rulefile import RulesFile
from igate.procedures.reading.keys import ProcedureFile, TemplateFile

if TYPE_CHECKING:
    from igate.files.fields import FileModel

FOLDER = Path(__file__).parent.parent / "igate" / "workflows" / "schema"
MODELS: dict[str, type[FileModel]] = {
    "procedure": ProcedureFile,
    "rules": RulesFile,
    "template": TemplateFile,
}


def schema(name: str) -> str:
    """Return the text of a schema file."""
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **MODELS[name].model_json_schema(by_alias=True),
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (FOLDER / f"{name}.json").write_text(schema(name), encoding="utf-8")


if __name__ == "__main__":
    main()
