"""The words of a notice sheet, in Vietnamese and English.

The headings are the parts of an administrative procedure that Nghị định 63/2010/NĐ-CP, Điều 8
khoản 2 lists, under the names they have on the boards of the one-stop.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.law.citation import Language
    from igate.procedures.procedure import Scheme

__all__ = ["CUTOFFS", "LEVELS", "SCHEMES", "SERVICE_LEVELS", "WAYS", "say"]

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


def say(key: str, lang: Language) -> str:
    """Give a word of the sheet in a language."""
    return _WORDS[key].text(lang)
