"""What can be wrong with the table of an internal process, and what to do about it.

A code is stable and has its row in ``docs/how-to/import-a-process.md``. An error keeps the process
from being written; a warning or note says what the reader should compare with the decision.
Nothing is repaired: where two things do not agree, both are named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from igate.errors import Finding
from igate.law.citation import Label
from igate.law.text import check_language
from igate.words.sentence import beside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.errors import Place
    from igate.law.citation import Language

__all__ = ["FAULT_CODES", "TO_FILL_IN", "FaultCode", "ImportFault", "Severity"]

Severity = Literal["error", "warning", "note"]
FaultCode = Literal[
    "not-a-process",
    "missing-column",
    "ambiguous-column",
    "no-steps",
    "missing-code",
    "several-codes",
    "missing-name",
    "missing-citation",
    "contradiction",
    "duplicate-process",
    "missing-content",
    "missing-time",
    "shared-time",
    "unreadable-time",
    "time-without-unit",
    "actors-and-times",
    "applicant-step",
    "several-totals",
    "sum-differs",
    "missing-total",
    "missing-actor",
    "unknown-actor",
    "several-agencies",
    "missing-handover",
    "repeated-step",
    "step-gap",
    "unclear-way",
    "cut-name",
    "skipped-table",
    "sub-heading",
    "short-row",
    "shared-process",
    "one-case",
    "not-compared",
    "missing-field",
]

#: Errors that a draft can leave open: a time or a total that somebody has to look up.
TO_FILL_IN: Final[frozenset[FaultCode]] = frozenset(
    {
        "missing-time",
        "shared-time",
        "unreadable-time",
        "time-without-unit",
        "several-totals",
        "sum-differs",
    }
)

#: Every code, in the order of the page that explains them.
FAULT_CODES: Final[tuple[FaultCode, ...]] = get_args(FaultCode)

_NOTHING: Final[Mapping[str, str | Label]] = MappingProxyType({})


class _Sentence(NamedTuple):
    severity: Severity
    message: Label
    remedy: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFault:
    """One thing that is wrong or doubtful, before it is put into words."""

    code: FaultCode
    place: Place
    #: what the sentence names: step, text, numbers; in two languages where that matters
    values: Mapping[str, str | Label] = field(default_factory=lambda: _NOTHING)

    @property
    def severity(self) -> Severity:
        """Whether it keeps the process from being written."""
        return _SENTENCES[self.code].severity

    def finding(self, lang: Language) -> Finding:
        """Put the fault into words, as ``igate check`` prints findings.

        Args:
            lang: Language of message and remedy as plain text; ``en`` keeps both languages.

        Raises:
            IgateError: The language is none of igate's.
        """
        check_language(lang)
        sentence = _SENTENCES[self.code]
        message = beside(en=self._message("en"), vi=self._message("vi"))
        remedy = beside(en=sentence.remedy.text("en"), vi=sentence.remedy.text("vi"))
        return Finding(
            code=self.code,
            place=self.place,
            message=message if lang == "en" else message.text(lang),
            remedy=remedy if lang == "en" else remedy.text(lang),
            severity=sentence.severity,
        )

    def _message(self, lang: Language) -> str:
        words = {
            name: value.text(lang) if isinstance(value, Label) else value
            for name, value in self.values.items()
        }
        return _SENTENCES[self.code].message.text(lang).format(**words)


def _error(vi: str, en: str, vi_remedy: str, en_remedy: str) -> _Sentence:
    return _Sentence("error", Label(vi=vi, en=en), Label(vi=vi_remedy, en=en_remedy))


def _warning(vi: str, en: str, vi_remedy: str, en_remedy: str) -> _Sentence:
    return _Sentence("warning", Label(vi=vi, en=en), Label(vi=vi_remedy, en=en_remedy))


def _note(vi: str, en: str, vi_remedy: str, en_remedy: str) -> _Sentence:
    return _Sentence("note", Label(vi=vi, en=en), Label(vi=vi_remedy, en=en_remedy))


_SENTENCES: Final[Mapping[FaultCode, _Sentence]] = {
    "not-a-process": _error(
        'Bảng này là danh mục thủ tục hành chính (có cột "{heading}"), không phải quy trình.',
        'This table is a list of procedures (it has a column "{heading}"), not a process.',
        "Nhập bảng có các bước, người thực hiện và thời gian của từng bước.",
        "Import the table with the steps, who does them and the time of each.",
    ),
    "missing-column": _error(
        "Không có cột nào cho biết {what}. Tiêu đề các cột: {headings}.",
        "No column gives {what}. The headings are: {headings}.",
        "Sửa tiêu đề cột, ví dụ: Bước, Nội dung công việc, Đơn vị thực hiện, Thời gian thực hiện.",
        "Name the columns, e.g. Bước, Nội dung công việc, Đơn vị thực hiện, Thời gian thực hiện.",
    ),
    "ambiguous-column": _error(
        'Hai cột "{first}" và "{second}" đều cho biết {what}.',
        'Two columns, "{first}" and "{second}", both give {what}.',
        "Chỉ giữ cột được áp dụng.",
        "Keep the one that applies.",
    ),
    "no-steps": _error(
        "Bảng không có bước nào, hoặc không có bước giải quyết giữa tiếp nhận và trả kết quả.",
        "The table has no step, or none between the reception and the handing over.",
        "Kiểm tra bảng đã đủ dòng chưa.",
        "Check that the rows of the table are all there.",
    ),
    "missing-code": _error(
        "Tên quy trình không nêu mã thủ tục hành chính.",
        "The title of the process names no procedure code.",
        'Ghi thêm vào dòng tên, ví dụ "(Mã TTHC: 1.001806)", hoặc dùng --code.',
        'Add it to the title, like "(Mã TTHC: 1.001806)", or give --code.',
    ),
    "several-codes": _error(
        'Tên quy trình nêu nhiều mã ({codes}) mà không nói là "nhóm TTHC".',
        'The title names several codes ({codes}) and does not say that they are a group ("nhóm").',
        'Chỉ để lại mã của quy trình này, hoặc ghi "nhóm TTHC" nếu dùng chung.',
        'Leave the code of this process only, or write "nhóm TTHC" if they share it.',
    ),
    "missing-name": _error(
        "Không đọc được tên của thủ tục {procedure}.",
        "The name of the procedure {procedure} could not be read.",
        "Ghi tên thủ tục ngay trước mã, hoặc dùng --name.",
        "Write the name of the procedure just before its code, or give --name.",
    ),
    "missing-citation": _error(
        "Không tìm thấy số và ngày của quyết định ban hành quy trình.",
        "The number and day of the decision that approves the process were not found.",
        'Ghi phía trên bảng "Quyết định số 1/QĐ-UBND ngày 27/11/2025 của …" hoặc dùng --citation.',
        'Write "Quyết định số 1/QĐ-UBND ngày 27/11/2025 của …" above the table, or give '
        "--citation.",
    ),
    "contradiction": _error(
        "{what}: chỗ này ghi {first}, chỗ khác ghi {second}.",
        "{what}: {first} in one place, {second} in another.",
        "Đối chiếu với bản quyết định đã ký và sửa chỗ sai trong tệp nguồn.",
        "Compare with the signed decision and correct the source.",
    ),
    "duplicate-process": _error(
        "Thủ tục {procedure} đã có quy trình ở {other}; một tệp chỉ chứa một dãy bước.",
        "The procedure {procedure} already has a process, at {other}; a file holds one list of "
        "steps.",
        "Chọn quy trình cần dùng; tách trường hợp còn lại thành tệp nguồn riêng.",
        "Choose the process that is wanted; put the other case into a source of its own.",
    ),
    "missing-content": _error(
        "{step} không có nội dung công việc.",
        "{step} does not say what is done.",
        "Ghi nội dung công việc.",
        "Write what is done.",
    ),
    "missing-time": _error(
        "{step} không có thời gian.",
        "{step} has no time.",
        'Ghi thời gian, hoặc "Không tính thời gian" nếu quyết định nêu như vậy; nếu dùng chung với '
        "bước khác thì chia ra hoặc gộp thành một bước.",
        'Write its time, or "Không tính thời gian" if the decision says so; if it shares that of '
        "another step, part it or make them one step.",
    ),
    "shared-time": _error(
        '{step} dùng chung thời gian "{text}" với bước trên (ô gộp).',
        '{step} shares the time "{text}" with the step above (merged cells).',
        "Chia thời gian cho từng bước theo quyết định, hoặc gộp các bước đó thành một.",
        "Give each its own time as the decision does, or make them one step.",
    ),
    "unreadable-time": _error(
        '{step}: không đọc được thời gian "{text}".',
        '{step}: the time "{text}" cannot be read.',
        'Ghi một độ dài, ví dụ "0,5 ngày làm việc", "04 giờ làm việc", hoặc '
        '"Không tính thời gian".',
        'Write one length, like "0,5 ngày làm việc" or "04 giờ làm việc", or '
        '"Không tính thời gian".',
    ),
    "time-without-unit": _error(
        '{step}: thời gian "{text}" không có đơn vị, tiêu đề cột cũng không nêu.',
        '{step}: the time "{text}" has no unit, and the heading of the column names none.',
        'Ghi đơn vị vào ô hoặc tiêu đề, ví dụ "Thời gian (ngày làm việc)".',
        'Write the unit in the cell or the heading, like "Thời gian (ngày làm việc)".',
    ),
    "actors-and-times": _error(
        "{step} có {times} thời gian cho {actors} người thực hiện.",
        "{step} has {times} times for {actors} actors.",
        "Ghi mỗi người thực hiện một dòng với thời gian của mình.",
        "Write one line an actor, each with its time.",
    ),
    "applicant-step": _error(
        '{step} do người nộp hồ sơ thực hiện ("{text}"), không phải cơ quan.',
        '{step} is done by the applicant ("{text}"), not by the agency.',
        "Bỏ bước này: thời gian chờ người nộp hồ sơ được ghi bằng yêu cầu bổ sung.",
        "Leave the step out: waiting for the applicant is a request for a supplement.",
    ),
    "several-totals": _error(
        "Tổng thời gian được in khác nhau: {totals}. Các bước cộng lại là {sum}.",
        "More than one total is printed: {totals}. The steps take {sum} together.",
        "Xác định tổng áp dụng cho bảng này; mỗi trường hợp một bảng.",
        "Find out which holds for this table; one table a case.",
    ),
    "sum-differs": _error(
        "Các bước cộng lại là {sum}, tổng in trong quyết định là {total}.",
        "The steps take {sum} together, the printed total is {total}.",
        "Đối chiếu với quyết định; tổng và các bước được giữ nguyên, không tự sửa.",
        "Compare with the decision; neither number was changed.",
    ),
    "missing-total": _warning(
        "Không tìm thấy tổng thời gian; các bước cộng lại là {sum}. Thời hạn để là không quy định.",
        "No total is printed; the steps take {sum} together. The limit is left as not stated.",
        "Ghi thời hạn giải quyết vào limits theo quyết định.",
        "Write the limit of the procedure under limits, from the decision.",
    ),
    "missing-actor": _warning(
        "{step} không nêu người thực hiện; vai trò được ghi là officer (giả định).",
        "{step} does not say who does it; the role officer was written (assumed).",
        "Sửa role và actor của bước.",
        "Correct role and actor of the step.",
    ),
    "unknown-actor": _warning(
        '{step}: chưa rõ vai trò của "{text}"; ghi là officer (giả định).',
        '{step}: the role of "{text}" is not known; officer was written (assumed).',
        "Sửa role của bước nếu không đúng.",
        "Correct the role of the step if it is another.",
    ),
    "several-agencies": _warning(
        '{step}: "{text}" là nhiều cơ quan; ghi thành một bước, vai trò other_agency (giả định).',
        '{step}: "{text}" are several agencies; one step with the role other_agency was written '
        "(assumed).",
        "Nếu các cơ quan làm cùng lúc, ghi từng cơ quan dưới together của bước.",
        "If they act at the same time, write each under together of the step.",
    ),
    "missing-handover": _warning(
        "Bước cuối không phải là trả kết quả.",
        "The last step is not the handing over of the result.",
        "Thêm bước trả kết quả nếu quyết định có.",
        "Add it if the decision has it.",
    ),
    "repeated-step": _warning(
        "{step} được in hai lần; các bước được đánh số lại theo thứ tự trong bảng.",
        "{step} is printed twice; the steps are numbered in the order of the table.",
        "Đối chiếu với quyết định.",
        "Compare with the decision.",
    ),
    "step-gap": _warning(
        "Sau {before} là {step}; các bước được đánh số lại theo thứ tự trong bảng.",
        "{before} is followed by {step}; the steps are numbered in the order of the table.",
        "Kiểm tra có thiếu dòng không.",
        "Check whether a row is missing.",
    ),
    "unclear-way": _warning(
        '{step}: "{text}" không được ghi thành đường trở lại (ways): {why}.',
        '{step}: "{text}" was not made a way to another step: {why}.',
        "Đối chiếu với quyết định và ghi ways của bước bằng tay nếu cần.",
        "Compare with the decision, and write the ways of the step by hand if it has one.",
    ),
    "cut-name": _warning(
        'Tên "{text}" có vẻ bị cắt mất phần đầu.',
        'The name "{text}" seems to have lost its beginning.',
        "Ghi tên đầy đủ của thủ tục.",
        "Write the whole name of the procedure.",
    ),
    "skipped-table": _note(
        "Bảng này không có cột thời gian của các bước; đã bỏ qua.",
        "This table has no column with the times of steps; it was passed over.",
        "",
        "",
    ),
    "sub-heading": _note(
        'Dòng tiêu đề "{text}" trong bảng được giữ lại dưới dạng ghi chú.',
        'The heading "{text}" inside the table was kept as a comment.',
        "",
        "",
    ),
    "short-row": _note(
        "{step} có {cells} ô, tiêu đề có {columns} cột; các ô được xếp theo quy tắc ô gộp (giả "
        "định).",
        "{step} has {cells} cells for {columns} columns; they were placed as merged cells would be "
        "(assumed).",
        "Đối chiếu nội dung và người thực hiện của bước.",
        "Compare content and actor of the step.",
    ),
    "shared-process": _note(
        "Quy trình dùng chung cho {codes}; mỗi thủ tục một tệp.",
        "The process is shared by {codes}; each procedure has its file.",
        "",
        "",
    ),
    "one-case": _note(
        'Bảng chỉ áp dụng cho trường hợp "{text}".',
        'The table is for one case only: "{text}".',
        "Thời hạn được ghi với case; bổ sung các trường hợp còn lại nếu có.",
        "The limit was written with its case; add the other cases if there are any.",
    ),
    "not-compared": _note(
        "Tổng in ({total}) không so được với các bước ({sum}).",
        "The printed total ({total}) cannot be compared with the steps ({sum}).",
        "So sánh bằng tay.",
        "Compare them by hand.",
    ),
    "missing-field": _note(
        "Không tìm thấy lĩnh vực của thủ tục.",
        "The field of administration was not found.",
        "Sửa field trong tệp tạo ra.",
        "Correct field in the file that was written.",
    ),
}  # fmt: skip
