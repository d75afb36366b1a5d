"""What each finding means, in Vietnamese: what is wrong, and what to do about it.

The check writes its messages in English, with the names and numbers of the case. Whoever keeps a
procedure file reads Vietnamese, so each code has two plain sentences of its own: the words of the
law and of the counter, and of the file only what has to be written there, between “ ” or quotes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FINDING_WORDS", "SEVERITY_WORDS", "Explanation"]


class Explanation(NamedTuple):
    """A finding in Vietnamese: two sentences."""

    #: what is wrong
    what: str
    #: what to do
    remedy: str


#: The severities in Vietnamese.
SEVERITY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"error": "lỗi", "warning": "cảnh báo", "note": "ghi chú"}
)

#: By code, in the order of the reference page.
FINDING_WORDS: Final[Mapping[str, Explanation]] = MappingProxyType(
    {
        # the text of the file
        "malformed-yaml": Explanation(
            "Tệp không đọc được: để trống, quá dài, lồng quá sâu hoặc viết sai dấu.",
            "Xem dòng và cột được nêu; thường là thiếu một dấu ngoặc, hoặc có dấu hai chấm trong "
            "đoạn chữ không đặt trong ngoặc kép.",
        ),
        "forbidden-yaml": Explanation(
            "Tệp có đoạn gọi lại đoạn khác, có nhãn kiểu dữ liệu, hoặc gồm nhiều phần tách nhau "
            "bằng dòng “---”.",
            "Viết đầy đủ giá trị tại chỗ; mỗi phần để trong một tệp riêng.",
        ),
        "duplicate-key": Explanation(
            "Một mục được viết hai lần ở cùng một chỗ.", "Giữ một mục, xóa mục kia."
        ),
        "unquoted-code": Explanation(
            "Mã hoặc số chưa đặt trong ngoặc kép nên số 0 ở cuối sẽ bị mất.",
            'Đặt trong ngoặc kép, như "1.001190".',
        ),
        "unquoted-time": Explanation(
            "Giờ chưa đặt trong ngoặc kép nên sẽ bị đọc thành một con số khác.",
            'Đặt trong ngoặc kép, như "15:00".',
        ),
        "not-nfc": Explanation(
            "Dấu tiếng Việt được lưu tách rời khỏi chữ (Unicode tổ hợp) nên tìm kiếm sẽ "
            "không thấy.",
            "Chép lại đoạn chữ Unicode dựng sẵn ở dòng chi tiết.",
        ),
        # the file on its disk
        "writable-by-others": Explanation(
            "Người khác có quyền ghi vào tệp, hoặc vào thư mục chứa tệp.",
            "Bỏ quyền ghi của người khác bằng “chmod go-w”.",
        ),
        # the shape of the file
        "unknown-key": Explanation(
            "Có một mục mà định dạng tệp không có; có thể gõ sai tên mục.",
            "Dùng tên mục nêu ở dòng chi tiết, hoặc bỏ mục này.",
        ),
        "missing-key": Explanation("Thiếu một mục bắt buộc.", "Viết thêm mục nêu ở dòng chi tiết."),
        "missing-label": Explanation(
            "Thiếu đoạn chữ cho người đọc, hoặc đoạn đó để trống.", "Điền đoạn chữ còn thiếu."
        ),
        "missing-citation": Explanation(
            "Lần sửa đổi, thời hạn, phí, lệ phí hoặc thành phần hồ sơ chưa nêu căn cứ pháp lý.",
            "Ghi loại và số văn bản, điều, khoản; nếu là giả định thì thêm “(giả định)” ở cuối.",
        ),
        "malformed-citation": Explanation(
            "Căn cứ pháp lý viết không đúng mẫu: loại văn bản, số, điều, khoản, điểm.",
            "Viết như “Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5”.",
        ),
        "wrong-type": Explanation(
            "Giá trị không đúng loại, ví dụ viết chữ ở chỗ cần số.",
            "Viết loại giá trị mà dòng chi tiết yêu cầu.",
        ),
        "bad-value": Explanation(
            "Giá trị không nằm trong các giá trị được chấp nhận.",
            "Chọn một giá trị trong danh sách ở dòng chi tiết.",
        ),
        "bad-name": Explanation(
            "Tên không phải là chữ thường không dấu, hoặc đã được dùng vào việc khác.",
            "Đặt tên khác bằng chữ thường không dấu, không khoảng trắng; tên đầy đủ có dấu ghi ở "
            "mục “vi”.",
        ),
        "bad-code": Explanation(
            "Mã thủ tục hành chính viết không đúng.",
            'Viết đủ tám ký tự, như "1.001806", không kèm hậu tố của cơ quan.',
        ),
        "bad-date": Explanation(
            "Ngày không có thật, hoặc ngày hết hiệu lực không đứng sau ngày có hiệu lực.",
            'Viết năm-tháng-ngày, như "2026-07-01"; ngày hết hiệu lực là ngày đầu tiên không còn '
            "áp dụng.",
        ),
        "bad-time-limit": Explanation(
            "Thời hạn thiếu con số, hoặc thiếu đơn vị đã biết.",
            "Viết như “7 working_day” (ngày làm việc) hay “15 day” (ngày); văn bản không nêu thì "
            "viết “not_stated”.",
        ),
        "file-name": Explanation(
            "Tên tệp mang mã thủ tục khác với mã ghi trong tệp.",
            "Đặt lại tên tệp theo mã ghi trong tệp.",
        ),
        "duplicate-code": Explanation(
            "Hai tệp cùng mô tả một thủ tục hành chính.",
            "Giữ một tệp; quy định thay đổi thì thêm một lần sửa đổi vào tệp đó.",
        ),
        # a revision of a procedure
        "unknown-template": Explanation(
            "Không có mẫu quy trình mang tên này, hoặc mẫu đó có lỗi.",
            "Dùng một tên trong danh sách ở dòng chi tiết, hoặc sửa mẫu trước; lệnh “igate "
            "templates” liệt kê các mẫu.",
        ),
        "unknown-clock-rules": Explanation(
            "Không có quy tắc tính thời hạn mang tên này.",
            "Dùng một tên trong danh sách ở dòng chi tiết; thông thường là “decree”.",
        ),
        "unknown-option": Explanation(
            "Thủ tục chọn một phương án mà quy trình mẫu không có.",
            "Ghi một trong các phương án mà quy trình mẫu nêu ở “options”.",
        ),
        "other-clock-rules": Explanation(
            "Tệp ghi quy tắc tính thời hạn khác với quy tắc riêng của lĩnh vực.",
            "Bỏ “clock_rules” để dùng quy tắc của lĩnh vực, hoặc giữ nếu văn bản quy định khác.",
        ),
        "unknown-role": Explanation(
            "Vai trò này không có trong mẫu quy trình.",
            "Dùng vai trò nêu ở dòng chi tiết, hoặc khai báo vai trò ở mục “roles”.",
        ),
        "step-numbers": Explanation(
            "Số thứ tự các bước không liên tục từ 1; có thể sót một dòng của quyết định.",
            "Đánh số lại theo thứ tự trong quyết định.",
        ),
        "step-phases": Explanation(
            "Bước tiếp nhận không đứng đầu, bước trả kết quả không đứng cuối, hoặc không có bước "
            "xử lý nào.",
            "Ghi “phase: processing” (xử lý) cho các bước ở giữa.",
        ),
        "step-actors": Explanation(
            "Những người thực hiện ghi ở một bước mâu thuẫn nhau, nên không rõ đến lượt ai hoặc ai "
            "đã xong phần việc.",
            "Ghi vai trò và thời hạn cho từng người; mỗi bên làm cùng lúc cần một vai trò riêng, "
            "khai báo ở mục “roles” của lần sửa đổi.",
        ),
        "bad-way": Explanation(
            "Nhánh hoặc đường quay lại không dùng được: bước mà nó dẫn tới không có, không phải "
            "bước xử lý hoặc là chính bước đó, hay thao tác của nó đã có tác dụng khác.",
            "Ghi số của một bước xử lý khác, và dùng thao tác chỉ để chuyển hồ sơ hoặc thao tác tự "
            "đặt.",
        ),
        "unknown-leg": Explanation(
            "Bước được giải quyết theo một thủ tục không có trong các tệp này lẫn danh mục kèm "
            "theo, hoặc theo chính thủ tục này.",
            "Sửa mã thủ tục, hoặc kiểm tra cùng lúc với tệp của thủ tục đó.",
        ),
        "overlapping-revisions": Explanation(
            "Hai lần sửa đổi cùng có hiệu lực trong một ngày.",
            "Ghi ngày hết hiệu lực “effective_until” như dòng chi tiết đề nghị.",
        ),
        "revision-order": Explanation(
            "Một lần sửa đổi đứng sau lần sửa đổi mới hơn nó.", "Xếp lần sửa đổi cũ nhất lên đầu."
        ),
        "ambiguous-limit": Explanation(
            "Hai thời hạn áp dụng cho cùng những hồ sơ nên không rõ lấy thời hạn nào.",
            "Phân biệt hai thời hạn theo kênh nộp, trường hợp hoặc khu vực.",
        ),
        "steps-exceed-limit": Explanation(
            "Tổng thời gian các bước dài hơn thời hạn giải quyết của hồ sơ.",
            "Đối chiếu cả hai với quyết định; nếu quyết định ghi đúng như vậy thì để nguyên.",
        ),
        "steps-below-limit": Explanation(
            "Đi theo đường nào thì tổng thời gian các bước cũng ngắn hơn thời hạn giải quyết; có "
            "thể sót một dòng của quyết định.",
            "Đối chiếu từng dòng với quyết định; nếu quyết định ghi đúng như vậy thì để nguyên.",
        ),
        "unknown-value": Explanation(
            "Điều kiện so với một giá trị không có: kênh nộp ngoài ba kênh đã biết, hoặc trường "
            "hợp, khu vực mà không thời hạn nào của lần sửa đổi nêu.",
            "Viết đúng giá trị nêu ở dòng chi tiết, hoặc thêm thời hạn cho trường hợp, khu vực đó.",
        ),
        "closed-way": Explanation(
            "Điều kiện của nhánh không bao giờ thỏa, nên hồ sơ không đi được nhánh đó.",
            "Sửa điều kiện; nhánh đi tiếp còn phải chờ các bên cùng làm bước này.",
        ),
        "mixed-units": Explanation(
            "Các bước và thời hạn dùng đơn vị không cộng được với nhau, như ngày làm việc và ngày.",
            "Tự cộng các bước rồi đối chiếu với thời hạn.",
        ),
        "missing-handover": Explanation(
            "Bước cuối không phải là bước trả kết quả.",
            "Nếu quyết định có bước này thì thêm vào, với “limit: not_counted” (không tính thời "
            "gian).",
        ),
        "unknown-start": Explanation(
            "Chưa rõ lần sửa đổi có hiệu lực từ ngày nào.", "Ghi ngày có hiệu lực khi đã biết."
        ),
        "revision-gap": Explanation(
            "Giữa hai lần sửa đổi có những ngày không lần nào có hiệu lực.",
            "Cho lần trước kết thúc vào ngày lần sau bắt đầu, hoặc thêm lần sửa đổi còn thiếu.",
        ),
        "online-level": Explanation(
            "Mức độ dịch vụ công trực tuyến không khớp với nội dung khác của tệp.",
            "Sửa mức độ, hoặc bổ sung phần còn thiếu nêu ở dòng chi tiết.",
        ),
        "stale-check": Explanation(
            "Đã lâu tệp chưa được đối chiếu với quy định pháp luật.",
            "Đối chiếu lại rồi ghi ngày vào mục “checked_on”.",
        ),
        "stale-citation": Explanation(
            "Căn cứ pháp lý là văn bản đã hết hiệu lực.",
            "Dẫn văn bản thay thế nêu ở dòng chi tiết.",
        ),
        "missing-translation": Explanation(
            "Một số đoạn chữ chưa có tiếng Anh.", "Ghi thêm “en” bên cạnh “vi”."
        ),
        "duplicate-name": Explanation(
            "Hai thủ tục hành chính trùng tên ở cùng một cấp.",
            "Đối chiếu cả hai với quyết định; nếu quyết định đặt tên như vậy thì để nguyên.",
        ),
        "example-fails": Explanation(
            "Một ví dụ trong tệp không ra kết quả như đã ghi.",
            "Tính lại thủ công (lệnh “igate due” tính từng ngày), rồi sửa chỗ sai: ví dụ hoặc nội "
            "dung tệp.",
        ),
        # a template and the workflow made from it
        "bad-extends": Explanation(
            "Mẫu quy trình mở rộng một mẫu không có, chính nó, hoặc một mẫu đã mở rộng mẫu khác.",
            "Mở rộng thẳng mẫu gốc.",
        ),
        "duplicate-template": Explanation(
            "Mẫu quy trình trùng tên với một mẫu đã có.", "Đặt tên khác cho mẫu này."
        ),
        "unknown-state": Explanation(
            "Bước chuyển hoặc điểm bắt đầu nêu một trạng thái chưa khai báo.",
            "Dùng trạng thái nêu ở dòng chi tiết, hoặc khai báo trạng thái ở mục “states”.",
        ),
        "unknown-action": Explanation(
            "Thao tác chưa được khai báo nên không có tên hiển thị.",
            "Khai báo thao tác ở mục “actions” của mẫu, hoặc ghi tên ở “vi” và “en” của nhánh.",
        ),
        "bad-position": Explanation(
            "Vị trí của trạng thái không có, bị thiếu, hoặc không có bước nào để so.",
            "Chọn một vị trí trong danh sách ở dòng chi tiết.",
        ),
        "unknown-fact": Explanation(
            "Thao tác ghi một dữ kiện chưa khai báo.",
            "Dùng tên nêu ở dòng chi tiết, hoặc khai báo dữ kiện ở mục “facts”.",
        ),
        "malformed-guard": Explanation(
            "Điều kiện viết không đúng cách, hoặc so hai thứ khác loại.",
            "Chỉ dùng tên dữ kiện, giá trị cố định, phép so sánh và “and”, “or”, “not”, “in”; bằng "
            "nhau viết là “==”; chữ đặt trong ngoặc kép và chỉ so với chữ, số với số.",
        ),
        "unknown-guard-name": Explanation(
            "Điều kiện hỏi một dữ kiện không có.",
            "Dùng tên nêu ở dòng chi tiết, hoặc khai báo dữ kiện ở mục “facts”.",
        ),
        "duplicate-transition": Explanation(
            "Bước chuyển không bao giờ được dùng, vì bước chuyển đứng trước luôn được chọn.",
            "Bỏ một trong hai, hoặc đặt điều kiện cho bước chuyển đứng trước.",
        ),
        "unreachable-state": Explanation(
            "Hồ sơ không có cách nào tới trạng thái này.",
            "Thêm bước chuyển tới trạng thái này, hoặc bỏ nó.",
        ),
        "dead-end": Explanation(
            "Hồ sơ tới trạng thái này thì nằm lại mãi.",
            "Thêm bước chuyển ra khỏi đó, hoặc ghi “final: true” (trạng thái kết thúc).",
        ),
        "final-state-left": Explanation(
            "Trạng thái kết thúc vẫn có bước chuyển ra.",
            "Bỏ bước chuyển đó, hoặc bỏ “final: true”.",
        ),
        "no-path-to-result": Explanation(
            "Hồ sơ không có cách nào đi tới lúc trả kết quả, hoặc không ra khỏi vòng lặp được.",
            "Thêm bước chuyển còn thiếu.",
        ),
        "unused-role": Explanation(
            "Một vai trò được khai báo nhưng không có việc gì để làm.",
            "Ghi vai trò này ở một bước hoặc bước chuyển, hoặc bỏ nó.",
        ),
        "unset-fact": Explanation(
            "Điều kiện hỏi một dữ kiện mà không thao tác nào ghi.",
            "Ghi “sets” ở bước chuyển hoặc nhánh làm phát sinh dữ kiện đó.",
        ),
        "unknown-reason": Explanation(
            "Lý do ngắt thời hạn không có trong quy tắc nào, nên thời hạn vẫn chạy.",
            "Ghi một lý do mà quy tắc biết, ví dụ supplement, payment, opinion.",
        ),
        "endless-loop": Explanation(
            "Hồ sơ có thể đi vòng mãi mà không bước nào được làm hoặc được tính thời gian.",
            "Đặt điều kiện hoặc tác động lên thời hạn cho một bước chuyển, hoặc cho đường đi qua "
            "một bước có thời gian.",
        ),
        # the decree on the one-stop (Nghị định 118/2025/NĐ-CP, Điều 19)
        "supplement-again": Explanation(
            "Có thể yêu cầu bổ sung hồ sơ lần thứ hai, trong khi chỉ được yêu cầu một lần (Nghị "
            "định 118/2025/NĐ-CP, Điều 19 khoản 5).",
            "Thêm “supplement_requests == 0” vào điều kiện, hoặc nêu văn bản cho phép nhiều hơn.",
        ),
        "supplement-late": Explanation(
            "Có thể yêu cầu bổ sung hồ sơ sau ngày làm việc thứ ba kể từ ngày tiếp nhận (Nghị định "
            "118/2025/NĐ-CP, Điều 19 khoản 5).",
            "Thêm “working_days_since_receipt <= 3” vào điều kiện, hoặc nêu văn bản cho thêm thời "
            "gian.",
        ),
        "supplement-window": Explanation(
            "Vẫn nhận hồ sơ bổ sung sau ngày thứ mười lăm, hoặc sau ngày đó không có gì đóng hồ sơ "
            "(Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5).",
            "Ghi “days_waiting <= 15” ở đường nộp bổ sung và “days_waiting > 15” ở đường đóng hồ "
            "sơ, hoặc nêu văn bản quy định hạn khác.",
        ),
        "apology-again": Explanation(
            "Có thể xin lỗi và hẹn lại ngày trả lần thứ hai, trong khi chỉ được hẹn lại một lần "
            "(Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6).",
            "Thêm “apologies == 0” vào điều kiện, hoặc nêu văn bản cho phép nhiều hơn.",
        ),
        "apology-late": Explanation(
            "Có thể xin lỗi và hẹn lại ngày trả vào đúng ngày đến hạn, trong khi phải làm trước ít "
            "nhất một ngày (Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6).",
            "Thêm “working_days_left >= 1” vào điều kiện, hoặc nêu văn bản cho phép.",
        ),
    }
)
