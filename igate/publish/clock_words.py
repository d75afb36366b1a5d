"""What an action does to the clock, in words, in Vietnamese and English.

A template says that an action interrupts the clock and why; the clock rules say what that means. So
the words come from both: asking another agency "suspends" nothing under rules that let it run on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.rules import ClockKind, ClockRules

__all__ = ["clock_effect"]

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
