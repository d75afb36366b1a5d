"""Facts of a revision in words: who may apply, for whom a limit holds, who does a step, on what.

Used wherever a revision is shown to people. What a revision does not state is said to be not
stated; nothing is made up.
"""

from __future__ import annotations

import re
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from igate.deadlines.limits import longest
from igate.law.citation import Label
from igate.procedures.naming import CHANNELS
from igate.procedures.workflow import Step
from igate.publish.words import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.deadlines.limits import TimeLimit
    from igate.law.citation import Language
    from igate.procedures.procedure import Basis, LimitRule, Revision, Scheme, Subject
    from igate.procedures.workflow import Party, Phase, Stage, Workflow

__all__ = [
    "CLOCK_RULES",
    "CUTOFFS",
    "LEVELS",
    "NOT_STATED",
    "PHASES",
    "SCHEMES",
    "SERVICE_LEVELS",
    "STEPS",
    "SUBJECTS",
    "TEMPLATES",
    "WAYS",
    "in_force",
    "length",
    "limit_texts",
    "meant",
    "names_step",
    "performer",
    "say",
    "step_time",
]

#: The headings are the parts of an administrative procedure that Nghị định 63/2010/NĐ-CP, Điều 8
#: khoản 2 lists, under the names they have on the boards of the one-stop.
_WORDS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        key: Label(vi=vi, en=en)
        for key, vi, en in (
            # headings
            ("sequence", "Trình tự thực hiện", "Sequence of steps"),
            ("manner", "Cách thức thực hiện", "Manner"),
            ("components", "Thành phần, số lượng hồ sơ", "Papers of the dossier, number of sets"),
            ("time", "Thời hạn giải quyết", "Time limit"),
            ("subjects", "Đối tượng thực hiện", "Who may apply"),
            ("agency", "Cơ quan giải quyết", "Agency"),
            ("result", "Kết quả thực hiện", "Result"),
            ("fee", "Phí, lệ phí", "Fees"),
            ("form", "Tên mẫu đơn, mẫu tờ khai", "Forms"),
            ("conditions", "Yêu cầu, điều kiện", "Conditions"),
            ("basis", "Căn cứ pháp lý", "Legal basis"),
            ("online", "Dịch vụ công trực tuyến", "Online service"),
            ("effect", "Hiệu lực và nguồn", "Effect and source"),
            # terms
            ("code", "Mã thủ tục", "Code"),
            ("field", "Lĩnh vực", "Field"),
            ("ministry", "Bộ quản lý", "Ministry"),
            ("level", "Cấp thực hiện", "Level"),
            ("sets", "Số lượng hồ sơ", "Number of sets"),
            ("in_force", "Có hiệu lực", "In force"),
            ("checked_on", "Đối chiếu lần cuối", "Last checked"),
            ("source", "Nơi đọc dữ liệu", "Where the facts were read"),
            ("cutoff", "Giờ nhận trong ngày", "Hour of the day"),
            ("own_basis", "Của thủ tục này", "Of this procedure"),
            ("course_basis", "Của quy trình một cửa", "Of the one-stop course"),
            # columns
            ("number", "Bước", "Step"),
            ("what", "Nội dung công việc", "What is done"),
            ("who", "Người thực hiện", "By whom"),
            ("duration", "Thời gian", "Time"),
            ("dossiers", "Hồ sơ", "Dossiers"),
            ("limit", "Thời hạn", "Time limit"),
            ("citation", "Căn cứ", "Citation"),
            ("paper", "Giấy tờ", "Paper"),
            ("original", "Bản chính", "Originals"),
            ("certified", "Bản sao có chứng thực", "Certified copies"),
            ("copies", "Bản sao", "Copies"),
            ("form_number", "Mẫu", "Form"),
            ("what_for", "Nội dung thu", "For"),
            ("amount", "Mức thu", "Amount"),
            ("channel", "Kênh nộp", "Channel"),
            ("service_level", "Mức độ", "Level"),
            ("scheme", "Theo", "Under"),
            ("known_from", "Cơ sở", "Known from"),
            ("result_paper", "Giấy tờ nhận được", "What is given"),
            ("delivery", "Cách nhận", "How it can be had"),
            # steps
            ("together", "cùng lúc", "at the same time"),
            ("leg", "liên thông: giải quyết theo thủ tục {code}",
             "interlinked: settled as procedure {code}"),
            ("or", "hoặc ", "or "),
            ("then", "sau đó ", "then "),
            ("otherwise", "nếu không thì ", "otherwise "),
            ("if", "nếu", "if"),
            # papers
            ("digitised", "số hóa khi tiếp nhận", "digitised on receipt"),
            ("reused", "không phải nộp; dữ liệu lấy từ: {source}",
             "need not be handed in; data from: {source}"),
            ("set_one", "{count} bộ", "{count} set"),
            ("set_more", "{count} bộ", "{count} sets"),
            # sentences
            ("missing", "Nguồn đã đọc không nêu.", "The sources that were read do not state it."),
            ("not_stated", "không nêu", "not stated"),
            ("not_cited", "không nêu căn cứ", "no citation stated"),
            ("any", "mọi hồ sơ", "any dossier"),
            ("others", "hồ sơ khác", "other dossiers"),
            ("any_channel", "mọi kênh", "any channel"),
            ("dong", "đồng", "VND"),
            ("published", "đã công bố", "published"),
            ("assumed", "giả định", "assumed"),
            ("channels_of", "Nguồn của thủ tục có nêu:", "The sources of this procedure name:"),
            ("channels_silent", "Nguồn của thủ tục này không nêu riêng.",
             "The sources of this procedure do not say."),
            ("channels_rule",
             ("Quy định chung: nộp trực tiếp tại bộ phận một cửa; qua dịch vụ bưu chính công ích, "
             "thuê dịch vụ hoặc ủy quyền; trực tuyến trên Cổng Dịch vụ công quốc gia."),
             ("General rule: at the desk of the one-stop; by public post, a hired service or an "
             "authorised person; online at the National Public Service Portal.")),
            ("assumed_note",
             "Ghi “(giả định)” là chỗ suy đoán, chưa đọc được trong văn bản.",
             "What is marked “(assumed)” was inferred and not read in a text."),
            ("closing",
             ("Phiếu này lập từ dữ liệu đã khai báo. Văn bản do cơ quan có thẩm quyền công bố có "
             "giá trị quyết định."),
             ("This sheet was made from declared data. What the competent authority has published "
             "prevails.")),
        )
    }
)  # fmt: skip

#: Levels of administration as procedure files write them.
LEVELS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "bộ": Label(vi="cấp bộ", en="ministry"),
        "tỉnh": Label(vi="cấp tỉnh", en="province"),
        "huyện": Label(vi="cấp huyện", en="district"),
        "xã": Label(vi="cấp xã", en="commune"),
    }
)

SCHEMES: Final[Mapping[Scheme, Label]] = MappingProxyType(
    {
        "decree_43_2011": Label(
            vi="Nghị định 43/2011/NĐ-CP, Điều 3", en="Decree 43/2011/NĐ-CP, art. 3"
        ),
        "decree_42_2022": Label(
            vi="Nghị định 42/2022/NĐ-CP, Điều 11", en="Decree 42/2022/NĐ-CP, art. 11"
        ),
        "decree_224_2026": Label(
            vi="Nghị định 224/2026/NĐ-CP, Điều 14", en="Decree 224/2026/NĐ-CP, art. 14"
        ),
    }
)

#: Where a way of a step leads, by its direction.
WAYS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "on": Label(vi="chuyển bước {step}", en="passed on to step {step}"),
        "back": Label(vi="trả lại bước {step}", en="sent back to step {step}"),
    }
)

#: Online levels by the name they have in procedure files.
SERVICE_LEVELS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        **{name: Label(vi=f"mức độ {name}", en=f"level {name}") for name in "1234"},
        "full": Label(vi="toàn trình", en="full"),
        "partial": Label(vi="một phần", en="partial"),
        "none": Label(vi="không cung cấp trực tuyến", en="not offered online"),
        "not_stated": Label(vi="không nêu", en="not stated"),
    }
)

#: What waits for the next working day after the hour of the cut-off.
CUTOFFS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "transfer": Label(
            vi="Nhận sau {hour}: chuyển đến cơ quan giải quyết vào đầu ngày làm việc tiếp theo; "
            "thời hạn không đổi.",
            en="Received after {hour}: passed on at the start of the next working day; the time "
            "limit stays the same.",
        ),
        "result": Label(
            vi="Nhận sau {hour}: trả kết quả trong ngày làm việc tiếp theo.",
            en="Received after {hour}: the result is due on the next working day.",
        ),
        "start": Label(
            vi="Nhận sau {hour}: thời hạn tính từ ngày làm việc tiếp theo.",
            en="Received after {hour}: the time limit is counted from the next working day.",
        ),
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
        "subtracted": Label(
            vi="Trừ thời gian chờ trong giờ làm việc (giả định)",
            en="Waits subtracted in working time (assumed)",
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
    """Return whether a text says the number of a step, so that it need not be said again.

    >>> names_step("Không đồng ý, chuyển lại bước 2", 2), names_step("Trả lại bước 2.1", 2)
    (True, False)
    """
    return re.search(rf"\b(?:bước|step)\s+{number}(?!\w|\.\d)", text, re.IGNORECASE) is not None


def performer(who: Step | Party, workflow: Workflow, lang: Language) -> str:
    """Name the roles that do a step or part, with the agency where it is another one."""
    roles = (who.role, *(who.also if isinstance(who, Step) else ()))
    names = [workflow.roles[r].text(lang) if r in workflow.roles else r for r in roles]
    name = (" hoặc " if lang == "vi" else " or ").join(names)
    agency = who.agency.text(lang) if who.agency else name
    return name if agency == name else f"{name} ({agency})"


def step_time(who: Step | Party, lang: Language, stages: Iterable[Stage] = ()) -> str:
    """Write the time of a step or part, or that it is not counted, or not stated.

    A step that several do at the same time, without a time of its own, takes the longest of theirs;
    one of a stage has the time that its steps have together.

    Args:
        who: The step or part.
        lang: The language.
        stages: The stages of its workflow.
    """
    if who.limit is not None and who.limit.stated:
        return who.limit.text(lang)
    if isinstance(who, Step) and who.time_text:
        return f"{who.time_text} ({_TIME_NOT_COUNTED.text(lang)})"
    for stage in stages if who.limit is None and isinstance(who, Step) else ():
        if stage.holds(cast("Step", who)):
            steps = f"{stage.first}–{stage.last}" if stage.last > stage.first else f"{stage.first}"
            return _OF_STAGE.text(lang).format(limit=stage.limit.text(lang), steps=steps)
    parties = who.together if isinstance(who, Step) else ()
    limits = [party.limit for party in parties if party.limit is not None]
    if not any(limit.stated for limit in limits):
        counted = who.limit is not None or bool(limits)
        return (_TIME_NOT_STATED if counted else _TIME_NOT_COUNTED).text(lang)
    found = longest(limits)
    if found is None:
        return _OF_LONGEST.text(lang)
    return f"{found.text(lang)} ({_LONGEST.text(lang)})"


_OF_STAGE: Final = Label(
    vi="{limit} cho cả bước {steps}", en="{limit} for the whole of step {steps}"
)


def say(key: str, lang: Language) -> str:
    """Return a word of the sheet in a language."""
    return _WORDS[key].text(lang)
