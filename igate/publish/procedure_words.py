"""Facts of a revision in words: who may apply, for whom a limit holds, who does a step, on what.

Used wherever a revision is shown to people. What a revision does not state is said to be not
stated; nothing is made up.
"""

from __future__ import annotations

import re
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.deadlines.limits import longest
from igate.law.citation import Label
from igate.procedures.workflow import Step
from igate.publish.report.words import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.deadlines.limits import TimeLimit
    from igate.law.citation import Language
    from igate.procedures.procedure import Basis, LimitRule, Revision, Subject
    from igate.procedures.workflow import Channel, Party, Phase, Workflow

__all__ = [
    "CHANNELS",
    "CLOCK_RULES",
    "NOT_STATED",
    "PHASES",
    "STEPS",
    "SUBJECTS",
    "TEMPLATES",
    "in_force",
    "length",
    "limit_texts",
    "meant",
    "names_step",
    "performer",
    "step_time",
]

#: The ways to hand in a dossier, and to have its result.
CHANNELS: Final[Mapping[Channel, Label]] = MappingProxyType(
    {
        "counter": Label(vi="trực tiếp", en="at the counter"),
        "post": Label(vi="qua dịch vụ bưu chính", en="by post"),
        "online": Label(vi="trực tuyến", en="online"),
    }
)

#: Who may apply, under the names that the national portal has for them.
SUBJECTS: Final[Mapping[Subject, Label]] = MappingProxyType(
    {
        "citizen": Label(vi="Công dân Việt Nam", en="Vietnamese citizens"),
        "overseas_vietnamese": Label(
            vi="Người Việt Nam định cư ở nước ngoài", en="Vietnamese who live abroad"
        ),
        "foreigner": Label(vi="Người nước ngoài", en="Foreigners"),
        "civil_servant": Label(
            vi="Cán bộ, công chức, viên chức", en="Cadres, civil servants, public employees"
        ),
        "enterprise": Label(vi="Doanh nghiệp", en="Enterprises"),
        "foreign_invested_enterprise": Label(
            vi="Doanh nghiệp có vốn đầu tư nước ngoài", en="Enterprises with foreign capital"
        ),
        "household_business": Label(vi="Hộ kinh doanh", en="Household businesses"),
        "cooperative": Label(vi="Hợp tác xã", en="Co-operatives"),
        "organisation": Label(
            vi="Tổ chức (không bao gồm doanh nghiệp, hợp tác xã)",
            en="Organisations (other than enterprises and co-operatives)",
        ),
        "foreign_organisation": Label(vi="Tổ chức nước ngoài", en="Foreign organisations"),
    }
)

PHASES: Final[Mapping[Phase, Label]] = MappingProxyType(
    {
        "reception": Label(vi="tiếp nhận", en="reception"),
        "processing": Label(vi="giải quyết", en="processing"),
        "handover": Label(vi="trả kết quả", en="handover"),
    }
)

#: Whose steps they are. A template's and those that a file writes down are assumed alike.
STEPS: Final[Mapping[Basis, Label]] = MappingProxyType(
    {
        "published": Label(
            vi="Các bước theo quyết định phê duyệt quy trình nội bộ.",
            en="The steps are those of the decision that approves the internal process.",
        ),
        "assumed": Label(
            vi="Các bước là giả định, không lấy từ một quyết định.",
            en="The steps are assumed, not those of a decision.",
        ),
    }
)

#: The shipped templates, under the labels of their files.
TEMPLATES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "ordinary": Label(vi="Một cửa thông thường", en="Ordinary one-stop"),
        "consultation": Label(
            vi="Có lấy ý kiến cơ quan khác", en="With the opinion of other agencies"
        ),
        "two_level": Label(vi="Hai cấp giải quyết", en="Two levels of authority"),
        "same_day": Label(vi="Trả kết quả trong ngày", en="Result on the same day"),
    }
)

#: The shipped clock rules, under the labels of their files.
CLOCK_RULES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "decree": Label(vi="Nghị định về cơ chế một cửa", en="Decree on the one-stop mechanism"),
        "civil_status": Label(vi="Hộ tịch", en="Civil status"),
        "land": Label(vi="Đăng ký đất đai", en="Land registration"),
        "index766": Label(
            vi="Cách tính của Bộ chỉ số 766", en="Convention of the national index 766"
        ),
    }
)

#: Where the sources are silent; nothing is said about what the law provides.
NOT_STATED: Final = Label(vi="không nêu trong nguồn", en="not stated in the sources")

_TIME_NOT_COUNTED: Final = Label(vi="không tính thời gian", en="time not counted")
_TIME_NOT_STATED: Final = Label(vi="không nêu thời gian", en="time not stated")
_LONGEST: Final = Label(vi="phần việc lâu nhất", en="the longest part")
_OF_LONGEST: Final = Label(vi="thời gian của phần việc lâu nhất", en="the time of the longest part")


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


def names_step(text: str, number: int) -> bool:
    """Tell whether a text says the number of a step, so that it need not be said again.

    >>> names_step("Không đồng ý, chuyển lại bước 2", 2), names_step("Trả lại bước 2.1", 2)
    (True, False)
    """
    return re.search(rf"\b(?:bước|step)\s+{number}(?!\w|\.\d)", text, re.IGNORECASE) is not None


def performer(who: Step | Party, workflow: Workflow, lang: Language) -> str:
    """Name the role that does a step or part, with the agency where it is another one."""
    role = workflow.roles.get(who.role)
    name = role.text(lang) if role else who.role
    agency = who.agency.text(lang) if who.agency else name
    return name if agency == name else f"{name} ({agency})"


def step_time(who: Step | Party, lang: Language) -> str:
    """Write the time of a step or part, or that it is not counted, or not stated.

    A step that several do at the same time, without a time of its own, takes the longest of theirs.
    """
    if who.limit is not None and who.limit.stated:
        return who.limit.text(lang)
    parties = who.together if isinstance(who, Step) else ()
    limits = [party.limit for party in parties if party.limit is not None]
    if not any(limit.stated for limit in limits):
        counted = who.limit is not None or bool(limits)
        return (_TIME_NOT_STATED if counted else _TIME_NOT_COUNTED).text(lang)
    found = longest(limits)
    if found is None:
        return _OF_LONGEST.text(lang)
    return f"{found.text(lang)} ({_LONGEST.text(lang)})"
