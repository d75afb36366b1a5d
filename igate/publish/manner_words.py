"""How an action is taken, in words: what it asks for, whom it puts in charge, what it corrects."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.law.citation import Language
    from igate.procedures.workflow import Manner

__all__ = ["manner_words"]


def manner_words(manner: Manner, lang: Language) -> tuple[str, ...]:
    """Write what an action asks for and does beyond moving the dossier.

    >>> from igate.procedures.workflow import Manner
    >>> manner_words(Manner(note=True, needs=("fee_amount",)), "en")
    ('a reason is required', 'needs fee_amount')
    """
    return tuple(_said(manner, lang))


def _said(manner: Manner, lang: Language) -> Iterator[str]:
    for name in ("note", "counter", "undoes", "asks", "answers"):
        if getattr(manner, name):
            yield _WORDS[name].text(lang)
    if manner.assigns is not None:
        yield _WORDS[f"assigns_{manner.assigns}"].text(lang)
    if manner.needs:
        yield _WORDS["needs"].text(lang).format(names=", ".join(manner.needs))
    if manner.changes:
        yield _WORDS["changes"].text(lang).format(names=", ".join(manner.changes))
    if manner.other_than:
        yield _WORDS["other_than"].text(lang).format(names=", ".join(manner.other_than))
    if manner.max_backdate is not None:
        limit = manner.max_backdate
        said = limit.text(lang) if limit.stated else _WORDS["same_day"].text(lang)
        yield _WORDS["max_backdate"].text(lang).format(limit=said)


_WORDS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "note": Label(vi="phải nêu lý do", en="a reason is required"),
        "counter": Label(vi="tại các quầy tiếp nhận", en="at the counters"),
        "undoes": Label(vi="thu hồi dòng sổ cuối", en="takes the last entry back"),
        "asks": Label(vi="nêu cơ quan được hỏi", en="names the agencies that are asked"),
        "answers": Label(vi="của cơ quan được hỏi", en="by an agency that was asked"),
        "assigns_named": Label(vi="nêu người được giao", en="names who does the step"),
        "assigns_actor": Label(vi="người thực hiện nhận bước", en="the actor has the step"),
        "assigns_nobody": Label(vi="bước không còn ai nhận", en="nobody has the step"),
        "needs": Label(vi="cần {names}", en="needs {names}"),
        "changes": Label(vi="sửa {names}", en="corrects {names}"),
        "other_than": Label(vi="người khác với người làm {names}", en="not by who did {names}"),
        "max_backdate": Label(vi="ghi sổ chậm nhất: {limit}", en="recorded at the latest: {limit}"),
        "same_day": Label(vi="trong ngày", en="the same day"),
    }
)
