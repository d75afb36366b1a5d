"""The decree on the one-stop, held against the guards of a template.

A supplement is asked for at most once, within three working days of the receipt; the applicant has
fifteen days, after which the dossier is closed; an apology names a new date at most once, and at
least a day before the dossier is due (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5 and khoản 6). The
transitions are known by what they do to the clock, not by their names. Each rule is asked of the
guard itself: could it hold in the forbidden situation?

Sector law may order otherwise. A transition that cites an instrument other than the decrees and
circulars on the one-stop is therefore warned about, not refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from igate.checks.possible import can_hold
from igate.files.fault import Fault
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.files.findings import FindingCode
    from igate.law.citation import Citation
    from igate.procedures.template import Template, TemplateTransition
    from igate.procedures.workflow import FactValue

__all__ = ["decree_faults", "of_sector"]

#: Instruments on the one-stop itself (Nghị định 61/2018/NĐ-CP until 30 June 2025, then 118/2025,
#: and what amends or guides them). What they order is what is checked here.
_ONE_STOP: Final = frozenset(
    {
        "61/2018/NĐ-CP",
        "107/2021/NĐ-CP",
        "118/2025/NĐ-CP",
        "309/2026/NĐ-CP",
        "367/2025/NĐ-CP",
        "01/2018/TT-VPCP",
        "03/2025/TT-VPCP",
        "04/2025/TT-VPCP",
    }
)
#: Kinds of instrument that can order otherwise than a decree of the Government; the decision that
#: approves an internal process cannot.
_SECTOR_KINDS: Final = frozenset(
    {"Bộ luật", "Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Thông tư", "Thông tư liên tịch"}
)
#: Knows no fifteen days for the supplement: Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4.
_WITHOUT_WINDOW: Final = "61/2018/NĐ-CP"
_WINDOW_DAYS: Final = 15


class _Rule(NamedTuple):
    """A situation in which a transition must not be open."""

    code: FindingCode
    given: Mapping[str, FactValue]


_ON_REQUEST: Final = (
    _Rule("supplement-again", {"supplement_requests": 1}),
    _Rule("supplement-late", {"supplement_requests": 0, "working_days_since_receipt": 4}),
)
_ON_APOLOGY: Final = (
    _Rule("apology-again", {"apologies": 1}),
    _Rule("apology-late", {"apologies": 0, "working_days_left": 0}),
)
_ON_ANSWER: Final = (_Rule("supplement-window", {"days_waiting": _WINDOW_DAYS + 1}),)


def decree_faults(template: Template) -> Iterator[Fault]:
    """Find transitions that are open where the decree closes them, or the other way round."""
    for at, transition in enumerate(template.transitions):
        softened, path = of_sector(transition.citation), ("transitions", at)
        for rule in _rules_for(transition):
            if can_hold(transition.guard, template.facts, rule.given):
                message, remedy = _words(rule.code, transition.action)
                yield Fault(rule.code, (*path, "guard"), message, remedy, softened)
        if _has_window(transition):
            for key, message, remedy in _window_faults(template, transition):
                yield Fault("supplement-window", (*path, key), message, remedy, softened)


def _words(code: FindingCode, action: str) -> tuple[str, str]:
    """Say what an action can do against the decree, and how to close it."""
    if code == "supplement-again":
        return (
            say(
                'The action "{action}" can ask for a supplement a second time; the decree allows '
                "one request (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5).",
                action=action,
            ),
            say(
                "Add supplement_requests == 0 to its guard, or cite the sector law that allows "
                "more."
            ),
        )
    if code == "supplement-late":
        return (
            say(
                'The action "{action}" can ask for a supplement on the fourth working day after '
                "the receipt; the notice is due within three (Nghị định 118/2025/NĐ-CP, Điều 19 "
                "khoản 5).",
                action=action,
            ),
            say(
                "Add working_days_since_receipt <= 3 to its guard, or cite the sector law that "
                "gives more."
            ),
        )
    if code == "apology-again":
        return (
            say(
                'The action "{action}" can name a new date a second time; the decree allows one '
                "apology (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6).",
                action=action,
            ),
            say("Add apologies == 0 to its guard, or cite the sector law that allows more."),
        )
    if code == "apology-late":
        return (
            say(
                'The action "{action}" can name a new date on the day on which the dossier is '
                "due; the apology is made at least one day before (Nghị định 118/2025/NĐ-CP, Điều "
                "19 khoản 6).",
                action=action,
            ),
            say("Add working_days_left >= 1 to its guard, or cite the sector law that allows it."),
        )
    return (
        say(
            'The action "{action}" accepts a supplement on the sixteenth day; the applicant has '
            "fifteen (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5).",
            action=action,
        ),
        say("Write guard: days_waiting <= 15, or cite the sector law that sets another term."),
    )


def _window_faults(
    template: Template, transition: TemplateTransition
) -> Iterator[tuple[str, str, str]]:
    last_day: Mapping[str, FactValue] = {"days_waiting": _WINDOW_DAYS}
    if _answers(transition) and can_hold(transition.guard, template.facts, last_day) is False:
        message = say(
            'The action "{action}" is closed on the fifteenth day; the applicant has fifteen '
            "(Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5).",
            action=transition.action,
        )
        remedy = say(
            "Write guard: days_waiting <= 15, or cite the sector law that sets another term."
        )
        yield "guard", message, remedy
    if _asks(transition) and not _closes(template, transition):
        message = say(
            'Nothing closes a dossier that waits after "{action}" once the fifteen days are over '
            "(Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5).",
            action=transition.action,
        )
        remedy = say(
            'Add a transition from "{state}" with clock: stop and guard: days_waiting > 15, or '
            "cite the sector law that knows no term.",
            state=transition.target.state,
        )
        yield "to", message, remedy


def of_sector(cited: Citation | None) -> bool:
    """Return whether what is cited is law of a sector, not only the law on the one-stop."""
    return cited is not None and cited.kind in _SECTOR_KINDS and cited.number not in _ONE_STOP


def _rules_for(transition: TemplateTransition) -> tuple[_Rule, ...]:
    if _asks(transition):
        return _ON_REQUEST
    if transition.clock == "replace":
        return _ON_APOLOGY
    return _ON_ANSWER if _answers(transition) and _has_window(transition) else ()


def _asks(transition: TemplateTransition) -> bool:
    return transition.clock == "suspend" and transition.reason == "supplement"


def _answers(transition: TemplateTransition) -> bool:
    return transition.clock == "resume" and transition.reason == "supplement"


def _has_window(transition: TemplateTransition) -> bool:
    cited = transition.citation
    return cited is None or cited.number != _WITHOUT_WINDOW


def _closes(template: Template, request: TemplateTransition) -> bool:
    """Return whether a dossier can be closed after the window, from the state of the request."""
    waiting = request.target.state
    return any(
        transition.clock == "stop"
        and any(source.state == waiting for source in transition.sources)
        and can_hold(transition.guard, template.facts, {"days_waiting": _WINDOW_DAYS + 1})
        is not False
        for transition in template.transitions
    )
