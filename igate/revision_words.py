"""Facts of a revision in words: for whom a limit holds, since when it is in force, who does a step.

Used wherever a revision is shown to people. What a revision does not state is said to be not
stated; nothing is made up.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.citation import Label
from igate.reports.words import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.citation import Language
    from igate.dossier import Channel
    from igate.limits import TimeLimit
    from igate.procedure import LimitRule, Revision
    from igate.workflow import Step, Workflow

__all__ = [
    "CHANNELS",
    "NOT_STATED",
    "in_force",
    "length",
    "limit_texts",
    "meant",
    "performer",
    "step_time",
]

#: The ways to hand in a dossier.
CHANNELS: Final[Mapping[Channel, Label]] = MappingProxyType(
    {
        "counter": Label(vi="trực tiếp", en="at the counter"),
        "post": Label(vi="qua dịch vụ bưu chính", en="by post"),
        "online": Label(vi="trực tuyến", en="online"),
    }
)

#: Where the sources are silent; nothing is said about what the law provides.
NOT_STATED: Final = Label(vi="không nêu trong nguồn", en="not stated in the sources")


def meant(rule: LimitRule, lang: Language) -> str:
    """Say for which dossiers a limit holds; nothing where it holds for all."""
    case, area = ("trường hợp", "khu vực") if lang == "vi" else ("case", "area")
    parts = [CHANNELS[rule.channel].text(lang) if rule.channel else ""]
    parts += [
        f"{case} {rule.case}" if rule.case else "",
        f"{area} {rule.area}" if rule.area else "",
    ]
    return ", ".join(part for part in parts if part)


def limit_texts(revision: Revision, lang: Language) -> tuple[str, ...]:
    """Write the time limits of a revision, one each, with the dossiers they hold for."""
    if not revision.limits:
        return (NOT_STATED.text(lang),)
    texts = []
    for rule in revision.limits:
        whom = meant(rule, lang)
        texts.append(f"{length(rule.limit, lang)} ({whom})" if whom else length(rule.limit, lang))
    return tuple(texts)


def length(limit: TimeLimit, lang: Language) -> str:
    """Write a time limit, or that the sources state none."""
    return limit.text(lang) if limit.stated else NOT_STATED.text(lang)


def in_force(revision: Revision, lang: Language) -> str:
    """Say from when to when a revision is in force; the last day is inside.

    An unknown start is said to be unknown.
    """
    start, end = revision.period.start, revision.period.end
    if lang == "vi":
        begins = f"từ ngày {day(start, lang)}" if start else "ngày bắt đầu chưa rõ"
        ends = f", đến hết ngày {day(end - timedelta(days=1), lang)}" if end else ""
    else:
        begins = f"from {day(start, lang)}" if start else "since a day not known"
        ends = f" to {day(end - timedelta(days=1), lang)}, inclusive" if end else ""
    return begins + ends


def performer(step: Step, workflow: Workflow, lang: Language) -> str:
    """Name the role that does a step, with the agency where it is another one."""
    role = workflow.roles.get(step.role)
    name = role.text(lang) if role else step.role
    agency = step.agency.text(lang) if step.agency else name
    return name if agency == name else f"{name} ({agency})"


def step_time(step: Step, lang: Language) -> str:
    """Write the time of a step, or that it is not counted, or not stated."""
    if step.limit is None:
        return "không tính thời gian" if lang == "vi" else "time not counted"
    if not step.limit.stated:
        return "không nêu thời gian" if lang == "vi" else "time not stated"
    return step.limit.text(lang)
