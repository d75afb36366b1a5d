"""What a message calls a state, an action, a role or a fact: its label, and its name in brackets.

At a desk people know the labels, and whoever configures the software knows the names. A refusal at
run time says both, the label first; without a label the name stands alone. A finding about a file
says the name alone, because that is what is written there.
"""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label
from igate.law.text import folded
from igate.words.sentence import beside, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.procedures.workflow import Workflow

__all__ = [
    "BUILT_IN_LABELS",
    "CHANNELS",
    "ENTRIES",
    "REGISTRATION",
    "action_called",
    "called",
    "fact_called",
    "fact_label",
    "name_meant",
    "part_label",
    "role_called",
    "state_called",
]

#: What people call the facts that every dossier has of itself.
BUILT_IN_LABELS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        name: Label(vi=vi, en=en)
        for name, vi, en in (
            ("supplement_requests", "số lần đã yêu cầu bổ sung", "supplements asked for"),
            ("apologies", "số lần đã xin lỗi", "apologies made"),
            ("send_backs", "số lần đã trả lại bước trước", "times sent back"),
            ("working_days_since_receipt", "số ngày làm việc kể từ ngày tiếp nhận",
             "working days since the receipt"),
            ("working_days_left", "số ngày làm việc còn lại", "working days left"),
            ("days_waiting", "số ngày đã chờ", "days waited"),
            ("agencies_asked", "số cơ quan được hỏi", "agencies asked"),
            ("agencies_missing", "số cơ quan chưa trả lời", "agencies without an answer"),
            ("terms_lapsed", "hết thời hạn trả lời", "all terms to answer are over"),
            ("received_elsewhere", "tiếp nhận ngoài địa giới", "received outside the boundary"),
            ("came_from", "trạng thái trước", "state before"),
            ("last_action", "thao tác cuối", "last action"),
            ("channel", "kênh nộp", "channel"),
            ("case", "trường hợp", "case"),
            ("area", "khu vực", "area"),
        )
    }
)  # fmt: skip

#: What people call that which is registered of a dossier and can be corrected.
REGISTRATION: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "applicant": Label(vi="tên người nộp hồ sơ", en="name of the applicant"),
        "applicant_id": Label(vi="mã người nộp hồ sơ", en="id of the applicant"),
        "representatives": Label(vi="người đại diện", en="representatives"),
        "procedure": Label(vi="thủ tục", en="procedure"),
        "agency": Label(vi="cơ quan có thẩm quyền", en="competent agency"),
        **{name: BUILT_IN_LABELS[name] for name in ("channel", "case", "area")},
    }
)

#: What people call the entries of a journal that no workflow declares.
ENTRIES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "submit": Label(vi="Nộp hồ sơ", en="Hand in the dossier"),
        "migrate": Label(vi="Chuyển sang lần sửa đổi khác", en="Move to another revision"),
        "recount": Label(vi="Ghi nhận ngày hẹn trả đã dời", en="Record a moved date of return"),
        "erase_people": Label(vi="Xóa dữ liệu cá nhân", en="Erase personal data"),
    }
)

#: The ways to hand in a dossier, and to have its result.
CHANNELS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "counter": Label(vi="trực tiếp", en="at the counter"),
        "post": Label(vi="qua dịch vụ bưu chính", en="by post"),
        "online": Label(vi="trực tuyến", en="online"),
    }
)


def called(name: str, label: Label | None) -> str:
    """Return what a person reads for a name: its label in quotes, and the name in brackets.

    >>> from igate.law.citation import Label
    >>> called("solved", Label(vi="Đã có kết quả", en="Solved")).text("vi")
    '"Đã có kết quả" (solved)'
    >>> called("solved", None)
    '"solved"'
    """
    if label is None:
        return f'"{name}"'
    texts = {lang: f'"{label.text(lang)}" ({name})' for lang in ("vi", "en")}
    return beside(vi=texts["vi"], en=texts["en"])


def name_meant(word: str, names: Mapping[str, Iterable[str]]) -> str:
    """Return a question with the name that was meant by a label or a mistyped name, or nothing.

    Args:
        word: What was written: compared without diacritics, in small letters.
        names: The known names, and what people call each.

    >>> name_meant("Van thu", {"clerk": ["Văn thư"], "officer": ["Chuyên viên"]})
    'Did you mean "clerk"?'
    >>> name_meant("oficer", {"clerk": ["Văn thư"], "officer": ["Chuyên viên"]})
    'Did you mean "officer"?'
    """
    spellings: dict[str, str] = {}
    for name, labels in names.items():
        for text in (name, *labels):
            spellings.setdefault(folded(text), name)
    written = folded(word)
    # A part of a label, such as "bưu chính" of "qua dịch vụ bưu chính", differs too much from it.
    having = {name for text, name in spellings.items() if f" {written} " in f" {text} "}
    if written not in spellings and having:
        near = [*having] if len(having) == 1 else []
    else:
        near = [spellings[each] for each in difflib.get_close_matches(written, spellings, n=1)]
    return say('Did you mean "{near}"?', near=near[0]) if near else ""


def state_called(workflow: Workflow, name: str) -> str:
    """Return what a person reads for a state."""
    state = workflow.states.get(name)
    return called(name, state.label if state else None)


def action_called(workflow: Workflow, name: str, here: Label | None = None) -> str:
    """Return what a person reads for an action.

    Args:
        workflow: Whose action it is.
        name: As files write it.
        here: What it is called where it is taken, if it is called otherwise there.
    """
    action = workflow.actions.get(name)
    return called(name, here or (action.label if action else ENTRIES.get(name)))


def role_called(workflow: Workflow, name: str) -> str:
    """Return what a person reads for a role."""
    return called(name, workflow.roles.get(name))


def fact_label(workflow: Workflow, name: str) -> Label | None:
    """Return what people call a fact: as a file says it, or as igate does of a fact of its own.

    Args:
        workflow: Whose fact it is.
        name: As files write it.

    Returns:
        The label; ``None`` where nobody has given the fact one.
    """
    return workflow.fact_labels.get(name) or BUILT_IN_LABELS.get(name) or part_label(workflow, name)


def part_label(workflow: Workflow, name: str, *, done: bool = True) -> Label | None:
    """Return what people call it that a party has done its part of a step, or has not.

    Args:
        workflow: Whose fact it is.
        name: The fact by which the party says it.
        done: Whether it is said or denied.

    Returns:
        The label; ``None`` where the fact is of no party.
    """
    part = workflow.parts.get(name)
    if part is None:
        return None
    step, party = part
    role = workflow.roles.get(party.role) or Label(vi=party.role)
    return Label(
        vi=f"phần việc của {role.vi} ở bước {step.number} {'đã' if done else 'chưa'} xong",
        en=f"part of {role.text('en')} in step {step.number} {'' if done else 'not '}done",
    )


def fact_called(workflow: Workflow, name: str) -> str:
    """Return what a person reads for a fact."""
    return called(name, fact_label(workflow, name))
