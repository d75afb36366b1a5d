"""Conditions, and what an action does to the clock, in words, in Vietnamese and English.

Facts that igate knows have words, those that a template or a file declares with a label have that,
and those that the parties of a step make say whether all have done their part. A fact without a
label keeps its name.

A template says that an action interrupts the clock and why; the clock rules say what that means. So
the words come from both: asking another agency "suspends" nothing under rules that let it run on.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from igate.law.citation import Label
from igate.procedures.conditions import OPERATORS, denied, guard_words
from igate.procedures.naming import BUILT_IN_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.rules import ClockKind, ClockRules
    from igate.law.citation import Language
    from igate.procedures.guard import Guard
    from igate.procedures.template import Template
    from igate.procedures.workflow import Workflow

__all__ = ["Conditions", "clock_effect"]

_ALL = Label(vi="mọi phần việc xong", en="all parts are done")
_SOME = Label(vi="còn thiếu phần việc", en="some parts are missing")


class Conditions:
    """Writes the guards of one workflow or template in words."""

    def __init__(self, course: Workflow | Template | None = None) -> None:
        """Learn what facts are called, and which of them say that a part of a step is done.

        Args:
            course: Whose guards are written; without one, only the facts of igate have words. The
                parts of a step are those of a workflow.
        """
        self._labels = {**BUILT_IN_LABELS, **(course.fact_labels if course else {})}
        self._parts: dict[str, Label] = {}
        every = []
        roles = course.roles if course else {}
        for step in course.steps if course else ():
            facts = list(step.undone)
            for fact, party in zip(facts, step.together, strict=True):
                role = roles.get(party.role)
                self._parts[fact] = role or Label(vi=party.role)
            if facts:
                every.append(" and ".join(facts))
        either = "|".join(map(re.escape, every)) or r"(?!)"
        self._of_parts = re.compile(rf"(?P<not>not \()?(?:{either})(?(not)\))")

    def parts(self, guard: Guard | None) -> Literal["all", "some", ""]:
        """Return whether a guard asks for all the parts of a step or for one that is missing.

        A guard that also asks for something else is none of the two.
        """
        found = self._of_parts.fullmatch(guard.text) if guard else None
        if found is None:
            return ""
        return "some" if found["not"] else "all"

    def text(self, guard: Guard, lang: Language) -> str:
        """Write a guard.

        >>> from igate.procedures.guard import Guard
        >>> Conditions().text(Guard.parse("apologies == 0", names=["apologies"]), "vi")
        'số lần đã xin lỗi = 0'
        """
        own, parts = self._taken_apart(guard.text)
        words = guard_words(own, lang, lambda name, no: self._fact(name, lang, no=no))
        if not parts:
            return words
        label = _SOME if parts.startswith("not") else _ALL
        if not own:
            return label.text(lang)
        if re.search(r"\bor\b", own):
            words = f"({words})"
        return f"{words} {OPERATORS['and'].text(lang)} {label.text(lang)}"

    def _taken_apart(self, text: str) -> tuple[str, str]:
        """Return what a guard asks for besides the parts of a step, and what it asks of these."""
        if self._of_parts.fullmatch(text):
            return "", text
        joined = re.fullmatch(r"\((?P<own>.+)\) and \((?P<parts>.+)\)", text)
        if joined and self._of_parts.fullmatch(joined["parts"]) and _balanced(joined["own"]):
            return joined["own"], joined["parts"]
        return text, ""

    def _fact(self, name: str, lang: Language, *, no: bool) -> str:
        """Write a fact, or that it is denied."""
        party = self._parts.get(name)
        if party is not None:
            return _part_done(party, lang, done=not no)
        label = self._labels.get(name)
        word = label.text(lang) if label else name
        return denied(word, lang) if no else word


def _balanced(text: str) -> bool:
    """Return whether each bracket of a text is closed in it, so that it is one whole."""
    depth = 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def _part_done(party: Label, lang: Language, *, done: bool) -> str:
    """Say whether a party has done its part."""
    if lang == "vi":
        return f"phần việc của {party.text(lang)} {'đã' if done else 'chưa'} xong"
    return f"the part of {party.text(lang)} is {'' if done else 'not '}done"


_KINDS: Final[Mapping[ClockKind, Label]] = MappingProxyType(
    {
        "start": Label(vi="bắt đầu tính thời hạn", en="the time limit starts"),
        "suspend": Label(vi="tạm dừng tính thời hạn", en="the clock is suspended"),
        "resume": Label(vi="tính tiếp thời hạn", en="the clock goes on"),
        "replace": Label(vi="thay ngày hẹn trả", en="a new due date replaces the old one"),
        "extend": Label(vi="gia hạn", en="the time limit is extended"),
        "finish": Label(vi="kết thúc tính thời hạn", en="the clock ends"),
        "stop": Label(vi="ngừng tính thời hạn", en="the clock stops for good"),
    }
)
_ANEW = Label(vi="tính lại thời hạn từ đầu", en="the time limit is counted anew")
_RUNS_ON = Label(vi="thời hạn vẫn tính", en="the clock runs on")


def clock_effect(kind: ClockKind, reason: str, rules: ClockRules) -> Label:
    """Say what an action does to the clock.

    Args:
        kind: What the entry of the action does.
        reason: Why the clock is interrupted; empty where it is not.
        rules: They say what an interruption for the reason means.

    >>> from datetime import date
    >>> from igate.deadlines.rulefile import shipped_rules
    >>> decree = shipped_rules(on=date(2026, 11, 20))
    >>> clock_effect("resume", "supplement", decree).en
    'the time limit is counted anew'
    >>> clock_effect("suspend", "opinion", decree).en
    'the clock runs on'
    """
    if kind in {"suspend", "resume"} and rules.effect(reason) == "none":
        return _RUNS_ON
    anew = kind == "resume" and rules.effect(reason) == "restart"
    return _ANEW if anew else _KINDS[kind]
