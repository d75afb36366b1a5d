"""The two languages of igate: sentences that are written once and said in both.

A message of the library is English to Python and carries its template and values
(:mod:`~igate.words.sentence`); the Vietnamese stands in the catalogue under ``locale``, which
translators know. Any package may import this one; it imports nothing of igate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.words.language import Language, surroundings
    from igate.words.sentence import Sentence, beside, say, together

__all__ = ["Language", "Sentence", "beside", "say", "surroundings", "together"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "language": ["Language", "surroundings"],
        "sentence": ["Sentence", "beside", "say", "together"],
    },
)
