"""Conditions, and what an action does to the clock, in words, in Vietnamese and English.

Facts that igate knows have words, and so have those that the parties of a step make: whether all
have done their part. A fact that only a template or a file declares keeps its name.

A template says that an action interrupts the clock and why; the clock rules say what that means. So
the words come from both: asking another agency "suspends" nothing under rules that let it run on.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.rules import ClockKind, ClockRules
    from igate.law.citation import Language
    from igate.procedures.guard import Guard
    from igate.procedures.workflow import Workflow

__all__ = ["Conditions", "clock_effect"]

_FACTS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "supplement_requests": Label(vi="số lần đã yêu cầu bổ sung", en="supplements asked for"),
        "apologies": Label(vi="số lần đã xin lỗi", en="apologies made"),
        "send_backs": Label(vi="số lần đã trả lại bước trước", en="times sent back"),
        "working_days_since_receipt": Label(
            vi="số ngày làm việc kể từ ngày tiếp nhận", en="working days since the receipt"
        ),
        "working_days_left": Label(vi="số ngày làm việc còn lại", en="working days left"),
        "days_waiting": Label(vi="số ngày đã chờ", en="days waited"),
        "agencies_asked": Label(vi="số cơ quan được hỏi", en="agencies asked"),
        "agencies_missing": Label(vi="số cơ quan chưa trả lời", en="agencies without an answer"),
        "terms_lapsed": Label(vi="hết thời hạn trả lời", en="all terms to answer are over"),
        "received_elsewhere": Label(
            vi="tiếp nhận ngoài địa giới", en="received outside the boundary"
        ),
        "came_from": Label(vi="trạng thái trước", en="state before"),
        "last_action": Label(vi="thao tác cuối", en="last action"),
        "channel": Label(vi="kênh nộp", en="channel"),
        "case": Label(vi="trường hợp", en="case"),
        "area": Label(vi="khu vực", en="area"),
        # of the shipped templates; the facts of others keep their names
        "guided": Label(vi="đã hướng dẫn hoàn thiện hồ sơ", en="guided to complete"),
        "arrived": Label(vi="đã đến cơ quan có thẩm quyền", en="arrived at the competent agency"),
        "fee_due": Label(vi="phải nộp phí, lệ phí", en="fee due"),
        "fee_paid": Label(vi="đã nộp phí, lệ phí", en="fee paid"),
        "fee_waived": Label(vi="đã được miễn phí, lệ phí", en="fee waived"),
    }
)
_OPERATORS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        sign: Label(vi=vi, en=en)
        for sign, vi, en in (
            ("==", "=", "="), ("!=", "≠", "≠"), ("<=", "≤", "≤"), (">=", "≥", "≥"),
            ("and", "và", "and"), ("or", "hoặc", "or"), ("not", "không", "not"),
            ("in", "thuộc", "in"), ("True", "có", "yes"), ("False", "không", "no"),
        )
    }
)  # fmt: skip
_ALL = Label(vi="mọi phần việc xong", en="all parts are done")
_SOME = Label(vi="còn thiếu phần việc", en="some parts are missing")
_TOKEN = re.compile(r"""'[^']*'|"[^"]*"|(?P<not>not )?(?P<name>\w+)|[=!<>]=""")


class Conditions:
    """Writes the guards of one workflow in words."""

    def __init__(self, workflow: Workflow | None = None) -> None:
        """Learn which facts say that a part of a step is done.

        Args:
            workflow: Whose guards are written; without one, such facts keep their names.
        """
        self._parts: dict[str, Label] = {}
        every = []
        roles = workflow.roles if workflow else {}
        for step in workflow.steps if workflow else ():
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
        words = _TOKEN.sub(lambda found: self._word(found, lang), own)
        if not parts:
            return words
        label = _SOME if parts.startswith("not") else _ALL
        if not own:
            return label.text(lang)
        if re.search(r"\bor\b", own):
            words = f"({words})"
        return f"{words} {_OPERATORS['and'].text(lang)} {label.text(lang)}"

    def _taken_apart(self, text: str) -> tuple[str, str]:
        """Return what a guard asks for besides the parts of a step, and what it asks of these."""
        if self._of_parts.fullmatch(text):
            return "", text
        joined = re.fullmatch(r"\((?P<own>.+)\) and \((?P<parts>.+)\)", text)
        if joined and self._of_parts.fullmatch(joined["parts"]) and _balanced(joined["own"]):
            return joined["own"], joined["parts"]
        return text, ""

    def _word(self, token: re.Match[str], lang: Language) -> str:
        """Write a name, an operator or a sign; a text between quotes stays as it is."""
        party = self._parts.get(token["name"])
        if party is not None:
            return _part_done(party, lang, done=not token["not"])
        label = _FACTS.get(token["name"]) or _OPERATORS.get(token["name"] or token[0])
        word = label.text(lang) if label else token["name"] or token[0]
        return _denied(word, lang) if token["not"] else word


def _denied(word: str, lang: Language) -> str:
    """Deny a fact: in Vietnamese what is not done is "chưa", what is not so is "không".

    >>> _denied("đã nộp phí, lệ phí", "vi"), _denied("phải nộp phí, lệ phí", "vi")
    ('chưa nộp phí, lệ phí', 'không phải nộp phí, lệ phí')
    """
    if lang == "vi" and word.startswith("đã "):
        return word.replace("đã", "chưa", 1)
    return f"{_OPERATORS['not'].text(lang)} {word}"


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
