"""A new procedure file, with a comment on each key and the places that are to be filled in.

What only the decision can say is left empty, so that ``igate check`` points at each such place with
its line; the rest is valid as it is. Keys that most procedures do without follow as comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.errors import IgateError
from igate.procedures.catalog.filing import core_code
from igate.words.sentence import say

if TYPE_CHECKING:
    from datetime import date

__all__ = ["FILL", "scaffold"]

#: Ends each line that is to be filled in.
FILL: Final = "# <- điền / fill in"

_TEXT: Final = """\
# Thủ tục {code}. Điền các dòng có dấu "<-", rồi chạy: igate check {file}
# Procedure {code}. Fill in the lines with "<-", then run: igate check {file}
# Mô tả từng mục: docs/vi/reference/procedure-file.md
# Every key is described in docs/reference/procedure-file.md

# Số của định dạng tệp, luôn là 1. / Number of the file format, always 1.
format: 1
# Mã thủ tục trên Cơ sở dữ liệu quốc gia, không có đuôi .Hnn, trong ngoặc kép.
# National code of the procedure, without a suffix like .H15, in quotes.
code: "{code}"
# Tên chính thức; thêm "en:" nếu có bản dịch. / Official name; add "en:" if it is translated.
name:
  vi: ""  {fill}
# Lĩnh vực; id viết thường, không dấu, nối bằng gạch ngang.
# Field of administration; id in small ASCII letters with hyphens, like social-protection.
field:
  id: ""  {fill}
  vi: ""  {fill}
# Bộ quản lý, cấp, cơ quan giải quyết (không bắt buộc). / Ministry, levels, agencies (optional).
# ministry: Bộ Y tế
# level: [tỉnh]
# agencies: [Sở Y tế]
# Ngày đối chiếu gần nhất với văn bản. / The day of the last comparison with the law.
checked_on: "{day}"
# Nơi đã đọc nội dung này. / Where the facts were read.
source: ""  {fill}
# Mỗi lần sửa đổi một phần tử, cũ trước mới sau. / One entry a revision, the oldest first.
revisions:
  # Ngày có hiệu lực, hoặc unknown. / First day in force, or unknown.
  - effective_from: ""  {fill}
    # Ngày hết hiệu lực: ngày đầu tiên không còn áp dụng. / First day no longer in force.
    # effective_until: "2027-01-01"
    # Căn cứ, ví dụ / citation, like: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    citation: ""  {fill}
    # ordinary: một cơ quan giải quyết / one agency; consultation: có lấy ý kiến / with opinions;
    # two_level: trình UBND tỉnh / submitted to the province; same_day: trong ngày / same day.
    template: ordinary
    # Quy tắc tính thời hạn, nếu khác quy tắc của lĩnh vực. / Rules, if other than the field's.
    # clock_rules: decree
    # Giờ chốt, nếu khác mẫu. / Cut-off, if other than the template's.
    # cutoff:
    #   time: "15:00"
    #   moves: transfer
    #   citation: Nghị định 118/2025/NĐ-CP, Điều 18 khoản 2
    # Thời hạn giải quyết, ví dụ 7 working_day, 15 day, 8 working_hour, hoặc not_stated.
    # Time limit, like 7 working_day, 15 day, 8 working_hour, or not_stated.
    limits:
      - limit: ""  {fill}
        # Chỉ khi thời hạn tùy kênh, trường hợp, khu vực. / Only where it depends on them.
        # channel: online
        # case: cấp lại
        # area: khu vực I
        citation: ""  {fill}
    # Mức độ dịch vụ công trực tuyến. / Level of online service.
    # decree_43_2011: 1-4; decree_42_2022, decree_224_2026 (từ / from 01/07/2026): full, partial.
    # online:
    #   - scheme: decree_224_2026
    #     level: partial
    #     basis: published
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    # Ai được nộp hồ sơ. / Who may apply: citizen, overseas_vietnamese, foreigner, civil_servant,
    # enterprise, foreign_invested_enterprise, household_business, cooperative, organisation,
    # foreign_organisation.
    # subjects: [citizen, enterprise]
    # Thành phần hồ sơ: số bản chính, bản sao có chứng thực, bản sao; có số hóa khi tiếp nhận không.
    # Papers: numbers of originals, certified and plain copies; whether scanned on receipt.
    # requirements:
    #   - vi: Đơn đề nghị
    #     original: 1
    #     copies: 0
    #     form: Mẫu số 01
    #     digitised: true
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    #   - vi: Giấy chứng nhận đăng ký doanh nghiệp
    #     certified: 1
    #     # Cơ sở dữ liệu đã có, nên không phải nộp. / The data base that has it already.
    #     reused_from: {{vi: Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp}}
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    # Số lượng bộ hồ sơ. / In how many sets the papers are handed in.
    # dossier_sets: 1
    # Phí, lệ phí, bằng đồng. / Fees, in đồng.
    # fees:
    #   - amount: 50000
    #     vi: Lệ phí cấp giấy
    #     channel: counter
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    # Kết quả và cách nhận. / What the applicant gets, and how: online, counter, post.
    # results:
    #   - vi: Giấy chứng nhận
    #     delivery: [online, post]
    #     form: Mẫu số 02
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    # Yêu cầu, điều kiện để được cấp. / Conditions of the result.
    # conditions:
    #   - vi: Có phương án bảo đảm an ninh
    #     citation: Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X
    # Các văn bản là căn cứ pháp lý. / The instruments on which the procedure rests.
    # legal_basis: ["Nghị định 118/2025/NĐ-CP, Điều 19"]
    # Vai trò, dữ kiện thêm vào mẫu; dữ kiện là bool, int hoặc text.
    # Roles and facts in addition to those of the template; a fact is bool, int or text.
    # roles:
    #   police: {{vi: Công an tỉnh}}
    #   health: {{vi: Sở Y tế}}
    # facts:
    #   # Tên gọi ở bộ phận một cửa. / What people call it.
    #   needs_site_visit: {{kind: bool, vi: phải khảo sát thực địa}}
    #   # Ai được ghi: vai trò hoặc thao tác. / Who may set it: roles or actions.
    #   land_price: {{kind: int, set_by: [officer]}}
    # Phương án của mẫu (xem "igate templates"). / Options of the template (see "igate templates").
    # options: [back_to_asker]
    # Quầy khác được tiếp nhận, trả kết quả. / Other counters that receive and hand over.
    # counters: [H15.00, any]
    # Có được giải quyết hồ sơ của chính mình không. / Whether one may settle one's own dossier.
    # own_dossiers: refused
    # Các bước của quy trình nội bộ, đánh số 1, 2, 3. / The steps of the internal process.
    # published: theo quyết định / as the decision prints them; assumed: giả định.
    steps_basis: published
    steps:
      # phase: reception (tiếp nhận), processing (giải quyết), handover (trả kết quả).
      # role: receptionist, head_of_section, officer, department_leader, leader, clerk,
      #       other_agency, provincial_committee, hoặc khai báo ở trên / or declared above.
      # limit: ví dụ / like 0.5 working_day, 4 working_hour; not_counted: không tính thời gian.
      - number: 1
        phase: reception
        role: receptionist
        limit: ""  {fill}
        # Người thực hiện như in trong quyết định. / Who does it, as printed.
        # actor: Bộ phận tiếp nhận và trả kết quả
        vi: Tiếp nhận hồ sơ
      - number: 2
        phase: processing
        role: officer
        limit: ""  {fill}
        # Cơ quan khác, nếu bước này không do cơ quan giải quyết làm. / Another agency.
        # Có "id" thì chỉ người của cơ quan đó được làm. / With "id" only its actors may do it.
        # agency: {{id: H15.10, vi: Sở Tài chính}}
        # Nhiều vai trò, ai làm cũng được: viết "roles: [officer, clerk]" thay cho "role".
        # Several roles, any of which may do it: "roles: [officer, clerk]" for "role".
        # Thời gian không phải độ dài thì chỉ ghi lại: viết "time: Theo quy chế" thay cho "limit".
        # A time that is no length is kept as text: "time: …" in the place of "limit".
        # Thao tác được làm ở bước này; bỏ trống: tất cả. / Actions that start here; without: all.
        # may: [ask_supplement, refuse]
        # Không do người đã làm các bước này. / Not by whoever did these steps (four eyes).
        # four_eyes: [3]
        # Liên thông: thủ tục được giải quyết ở bước này. / Interlinked: the procedure settled here.
        # procedure: "1.001386"
        vi: Thẩm định hồ sơ
        # Cơ quan cùng làm một lúc; người thực hiện bước chủ trì, chờ đủ phần việc của các bên.
        # Who acts at the same time; whoever does the step leads it, and waits for all the parts.
        # together:
        #   - {{role: police, limit: 2 working_day, agency: {{vi: Công an tỉnh}}, vi: Nêu ý kiến}}
        #   - {{role: health, limit: 3 working_day, actor: Phòng Nghiệp vụ, procedure: "1.001386"}}
      - number: 3
        phase: processing
        # Nhiều người làm lần lượt: viết "actors" thay cho "role" và "limit".
        # Several of the agency in turn: "actors" in the place of "role" and "limit".
        # Có "limit" ở bước thì là thời gian chung. / A "limit" of the step is for all together.
        # actors:
        #   - {{role: head_of_section, limit: 0.5 working_day, vi: Soát xét}}
        #   - {{role: leader, limit: 1 working_day, vi: Ký}}
        role: leader
        limit: ""  {fill}
        vi: Ký kết quả
        # Hướng đi khác bước kế tiếp: rẽ nhánh hoặc quay lại; guard là điều kiện, sets ghi dữ kiện.
        # Ways to other steps than the next, on or back; guard: only if; sets: facts that it makes.
        # ways:
        #   - {{action: ask_visit, to: 2, guard: send_backs == 0, sets: {{needs_site_visit: true}},
        #      vi: "Yêu cầu kiểm tra thực tế, chuyển lại bước 2"}}
      - number: 4
        phase: handover
        role: receptionist
        limit: not_counted
        vi: Trả kết quả
    # Các bước liền nhau có chung thời gian, không có "limit" riêng:
    # Steps with one time together, and no "limit" of their own:
    # viết / write stages: [{{steps: [2, 3], limit: 3 working_day}}]
# Ví dụ để igate check chạy thử: thao tác với ngày giờ, kết quả mong đợi (không bắt buộc).
# Examples that igate check runs: actions with dates, and what must come of them (optional).
# examples:
#   - vi: Tiếp nhận sáng thứ Năm
#     submitted: "2026-08-20T09:00"
#     channel: online
#     case: cấp lại
#     area: khu vực I
#     actions:
#       - {{action: receive, at: "2026-08-20T09:00"}}
#     expect: {{state: received}}
"""


def scaffold(code: str, *, checked_on: date) -> tuple[str, str]:
    """Return name and contents of a new procedure file.

    Args:
        code: The national code; a suffix like ``.H15`` is left out.
        checked_on: The day on which the file is begun.

    Raises:
        IgateError: The text is not the code of a procedure.
    """
    core = core_code(code)
    if core is None:
        raise IgateError(
            say("{code!r} is not the code of a procedure.", code=code),
            fix=say('A code is written like "1.001806", with or without a suffix like ".H15".'),
        )
    name = f"{core}.yaml"
    return name, _TEXT.format(code=core, file=name, day=checked_on.isoformat(), fill=FILL)
