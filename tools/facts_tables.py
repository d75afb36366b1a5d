"""What all facts tables have in common: how they are read, and how a fact is written as YAML."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["FactsError", "Row", "by_key", "known", "quoted", "read_rows", "slug"]

Row: TypeAlias = dict[str, str]

#: what may stand in YAML without quotes, outside a flow collection
_PLAIN = re.compile(r"[^\W\d][^:#\"'{}\[\]&*!|>%@`\n]*(?<! )")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


class FactsError(Exception):
    """The facts tables contradict themselves; the message says which line and why."""


def read_rows(path: Path) -> list[Row]:
    """Read a table.

    Raises:
        FactsError: It is not in Unicode form NFC.
    """
    text = path.read_text(encoding="utf-8")
    if not unicodedata.is_normalized("NFC", text):
        message = f"{path.name} is not in Unicode form NFC."
        raise FactsError(message)
    return list(csv.DictReader(text.splitlines()))


def by_key(path: Path, key: str) -> dict[str, Row]:
    """Read a table in which each key stands once.

    Raises:
        FactsError: A key stands there twice.
    """
    found: dict[str, Row] = {}
    for row in read_rows(path):
        if row[key] in found:
            message = f"{path.name}: {row[key]!r} stands there twice."
            raise FactsError(message)
        found[row[key]] = row
    return found


def known(name: str, table: Collection[str], what: str, where: str) -> None:
    """Refuse a name that is not in the table it points at.

    Raises:
        FactsError: It is not.
    """
    if name not in table:
        message = f"{where}: there is no {what} {name!r} in the tables."
        raise FactsError(message)


def quoted(text: str) -> str:
    """Write a text as a YAML scalar, in quotes where it needs them.

    >>> quoted("Sở Y tế"), quoted("1.001806"), quoted("Mẫu 01: đơn")
    ('Sở Y tế', '"1.001806"', '"Mẫu 01: đơn"')
    """
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def slug(text: str, longest: int) -> str:
    """Write a Vietnamese text in small ASCII letters, cut after a whole word.

    >>> slug("Đăng ký khai sinh có yếu tố nước ngoài", 20)
    'dang-ky-khai-sinh-co'
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    made = words[0]
    for word in words[1:]:
        if len(made) + 1 + len(word) > longest:
            break
        made += f"-{word}"
    return made
