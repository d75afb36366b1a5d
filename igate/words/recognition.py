"""A sentence that was kept as its English text, found again with its template and values.

What a database, a journal or another library holds is text. Where the templates are known that it
may come from, the sentence can be said in Vietnamese all the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from igate.words.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["recognised"]


def recognised(
    text: str, templates: tuple[str, ...], *, inner: Callable[[str], str] = str
) -> Sentence | None:
    """Return the sentence that an English text is, or ``None`` where no template makes it.

    Args:
        text: The English text, as it was said.
        templates: What it may come from; of several that fit, that with the most words of its own.
        inner: Reads the value of a field, which may be a sentence itself.

    >>> recognised("There is no x.", ("There is no {what}.",)).values
    {'what': 'x'}
    """
    for template, pattern in _patterns(templates):
        match = pattern.fullmatch(text)
        if match:
            return Sentence(
                template, {name: inner(each) for name, each in match.groupdict().items()}
            )
    return None


@lru_cache(maxsize=8)
def _patterns(templates: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what each template looks like when it is filled in."""
    return tuple(
        (each, re.compile(_filled(each), re.IGNORECASE | re.DOTALL))
        for each in sorted(templates, key=len, reverse=True)
    )


def _filled(template: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(template))
