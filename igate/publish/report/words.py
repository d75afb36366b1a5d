"""The words of a report, in Vietnamese and English."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label
from igate.publish.report.data import AgeBucket
from igate.words.figures import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.law.citation import Language
    from igate.publish.report.data import ReportData

__all__ = ["BUCKETS", "WORDS", "basis_lines", "late_count", "say", "target_text"]

WORDS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        key: Label(vi=vi, en=en)
        for key, vi, en in (
            ("agency", "Cơ quan", "Agency"),
            ("agency_code", "Mã cơ quan", "Agency code"),
            ("ageing", "Hồ sơ đang giải quyết, theo thời gian so với ngày hẹn trả",
             "Open dossiers, by time to their due day"),
            ("ageing_axis", "Số hồ sơ đang giải quyết", "Open dossiers"),
            ("ageing_legend", "Ngày làm việc so với ngày hẹn trả", "Working days to the due day"),
            ("ageing_none", "Không có hồ sơ nào đang giải quyết.", "No dossier is open."),
            ("ageing_note", "Con số bên phải: quá hạn / tổng số đang giải quyết",
             "Figures on the right: overdue / all open"),
            ("as_of", "tính đến ngày", "as of"),
            ("assumed_target", "giả định", "assumed"),
            ("by_agency", "Kết quả theo cơ quan", "Results by agency"),
            ("carried_over", "Từ kỳ trước", "Carried over"),
            ("citation", "Căn cứ", "Citation"),
            ("code", "Mã hồ sơ", "Dossier code"),
            ("counted", "Tính", "Counted"),
            ("counted_by", "Số hồ sơ; đếm theo:", "Dossiers; counted by:"),
            ("counted_no", "không tính", "not counted"),
            ("counted_yes", "tính", "counted"),
            ("date", "Ngày", "Date"),
            ("definitions", "Các cách tính tỷ lệ đúng hạn", "The definitions of the on-time rate"),
            ("denominator", "Mẫu số", "Denominator"),
            ("due", "Hẹn trả", "Due"),
            ("early", "Trước hạn", "Early"),
            ("finished", "Giải quyết xong", "Finished"),
            ("explanation_vi", "Giải thích", "Explanation, Vietnamese"),
            ("explanation_en", "Giải thích, tiếng Anh", "Explanation, English"),
            ("figures", "Số liệu", "Figures"),
            ("form_name",
             "Biểu số II.06a/VPCP/KSTT: tình hình, kết quả giải quyết thủ tục hành chính",
             "Form II.06a/VPCP/KSTT: settlement of administrative procedures"),
            ("form_rows", "Trong biểu II.06a ở đây, mỗi dòng là một cơ quan.",
             "In form II.06a here, a row is an agency."),
            ("form_unit", "Đơn vị tính: số hồ sơ", "Unit: dossiers"),
            ("identity", "Kiểm tra cân đối", "Identity check"),
            ("identity_rule",
             "Biểu II.06a phải cân đối: tiếp nhận = đã giải quyết + đang giải quyết.",
             "Form II.06a must balance: received = solved + in process."),
            ("holds", "Cân đối ở mọi cơ quan.", "It holds for every agency."),
            ("holds_not", "KHÔNG cân đối", "It does NOT hold"),
            ("in_period", "Trong kỳ", "In the period"),
            ("in_process", "Đang giải quyết", "In process"),
            ("late", "Quá hạn", "Late"),
            ("late_by", "quá hạn", "late by"),
            ("late_days", "Số ngày làm việc quá hạn", "Working days late"),
            ("late_list", "Hồ sơ quá hạn và cách tính từng ngày",
             "Late dossiers, with the day-by-day proof"),
            ("limit_hours", "Hạn của bước (giờ)", "Limit of the step (hours)"),
            ("limit_short", "hạn", "limit"),
            ("median", "trung vị", "median"),
            ("median_hours", "Trung vị mỗi lượt (giờ)", "Median per visit (hours)"),
            ("notes", "Ghi chú", "Notes"),
            ("no_rate", "chưa có hồ sơ", "no dossiers"),
            ("not_finished", "chưa xong", "not finished"),
            ("number", "STT", "No."),
            ("numerator", "Tử số", "Numerator"),
            ("of", "trên", "of"),
            ("on_time", "Đúng hạn", "On time"),
            ("online", "Trực tuyến", "Online"),
            ("overdue", "Quá hạn", "Overdue"),
            ("open_overdue", "Đang giải quyết, quá hạn", "In process, overdue"),
            ("p90_hours", "p90 mỗi lượt (giờ)", "p90 per visit (hours)"),
            ("period", "Kỳ báo cáo", "Period"),
            ("plots", "Hình", "Plots"),
            ("counter_post", "Trực tiếp, dịch vụ bưu chính", "Counter and post"),
            ("procedure", "Thủ tục", "Procedure"),
            ("procedure_code", "Mã thủ tục", "Procedure code"),
            ("proof", "Cách tính ngày hẹn trả của hồ sơ", "Proof of the due day of dossier"),
            ("provisional", "Ngày hẹn trả dựa trên lịch tạm tính, chưa công bố",
             "Due dates that rest on a provisional calendar"),
            ("rate", "Tỷ lệ đúng hạn", "On-time rate"),
            ("rate_above", "cả khoảng tin cậy đạt mục tiêu", "interval wholly at or above target"),
            ("rate_below", "cả khoảng tin cậy dưới mục tiêu", "interval wholly below target"),
            ("rate_inside", "khoảng tin cậy chứa mục tiêu", "interval contains the target"),
            ("rate_plot", "Tỷ lệ đúng hạn theo cơ quan", "On-time rate by agency"),
            ("rate_plot_sub", "khoảng tin cậy Wilson 95%", "95% Wilson interval"),
            ("rate_none", "Không có hồ sơ nào trong mẫu số, nên kỳ này không có tỷ lệ đúng hạn.",
             "No dossier is in the denominator, so this period has no on-time rate."),
            ("received", "Tiếp nhận", "Received"),
            ("received_at", "Tiếp nhận lúc", "Received at"),
            ("role", "Vai trò", "Role"),
            ("basis", "Lập từ", "Derived from"),
            ("journal", "Sổ theo dõi", "Journal"),
            ("received_under", "Hồ sơ được tiếp nhận theo", "Dossiers were received under"),
            ("revision", "Bản", "Revision"),
            ("digest", "Mã băm (SHA-256)", "Digest (SHA-256)"),
            ("dossiers", "Số hồ sơ", "Dossiers"),
            ("suspended", "trong đó giải quyết khi đang tạm dừng",
             "of it, solved while the clock stood still"),
            ("version", "Phiên bản cách tính", "Version of the definition"),
            ("share", "Tỷ trọng giờ làm việc", "Share of working time"),
            ("solved", "Đã giải quyết", "Solved"),
            ("step", "Bước", "Step"),
            ("steps", "Thời gian đi vào bước nào", "Where the days went, by step"),
            ("steps_count", "bước", "steps"),
            ("steps_key", "● trung vị mỗi lượt, ○ p90 (9 trên 10 lượt không quá)",
             "● median per visit, ○ p90 (9 of 10 visits within)"),
            ("steps_none", "Chưa có bước nào tốn giờ làm việc.",
             "No step has taken any working time."),
            ("steps_visit", "Giờ làm việc mỗi lượt", "Working hours per visit"),
            ("synthetic",
             "Hồ sơ trong báo cáo này là giả lập; thủ tục hành chính là có thật.",
             "The dossiers in this report are synthetic; the procedures are real."),
            ("target", "mục tiêu", "target"),
            ("total", "Tổng số", "Total"),
            ("visits", "lượt", "visits"),
            ("visits_long", "Số lượt", "Visits"),
            ("why", "Lý do", "Why"),
            ("working_day", "ngày làm việc", "working day"),
            ("working_days", "ngày làm việc", "working days"),
            ("within", "Trong hạn", "Within time"),
        )
    }
)  # fmt: skip

BUCKETS: Final[Mapping[AgeBucket, Label]] = MappingProxyType(
    {
        AgeBucket.OVERDUE_FAR: Label(vi="quá hạn trên 20", en="overdue, over 20"),
        AgeBucket.OVERDUE_MIDDLE: Label(vi="quá hạn 6–20", en="overdue 6–20"),
        AgeBucket.OVERDUE_NEAR: Label(vi="quá hạn đến 5", en="overdue up to 5"),
        AgeBucket.LEFT_NEAR: Label(vi="còn đến 5", en="up to 5 left"),
        AgeBucket.LEFT_FAR: Label(vi="còn trên 5", en="more than 5 left"),
        AgeBucket.NO_DATE: Label(vi="tạm dừng hoặc không có hạn", en="suspended or no limit"),
    }
)


def say(key: str, lang: Language) -> str:
    """Return a word of the report in a language."""
    return WORDS[key].text(lang)


def late_count(data: ReportData) -> Label:
    """Say how many dossiers of the form are late, and how many of them are shown."""
    total = data.form.total
    solved, open_, listed = total.solved_late, total.in_process_overdue, len(data.late)
    proved = sum(bool(each.days) for each in data.late)
    if not (solved or open_ or listed):
        return Label(vi="Không có hồ sơ quá hạn.", en="No dossier is late.")
    return Label(
        vi=f"Theo {data.form.definition}: {number(solved, 'vi')} hồ sơ giải quyết quá hạn, "
        f"{number(open_, 'vi')} hồ sơ đang giải quyết đã quá hạn. "
        f"Ở đây liệt kê {number(listed, 'vi')} hồ sơ, có chứng minh từng ngày cho "
        f"{number(proved, 'vi')} hồ sơ.",
        en=f"By {data.form.definition}: {number(solved, 'en')} dossiers solved late, "
        f"{number(open_, 'en')} in process and overdue. Listed here: {number(listed, 'en')}; "
        f"proved day by day: {number(proved, 'en')}.",
    )


def basis_lines(data: ReportData) -> tuple[Label, ...]:
    """Say what the journals were and which definitions counted: every part of a report does."""
    versions = [table.version for table in data.tables if table.version]
    said = [("journal", data.basis.journal)] if data.basis else []
    if versions:
        said.append(("version", "; ".join(versions)))
    return tuple(
        Label(vi=f"{WORDS[key].vi}: {text}", en=f"{WORDS[key].en}: {text}") for key, text in said
    )


def target_text(data: ReportData, lang: Language) -> str:
    """Write the target, and that it is assumed where no text sets it."""
    cited = data.target_citation
    source = cited.text(lang) if cited else say("assumed_target", lang)
    digits = len(f"{round(data.target * 100, 2):g}".partition(".")[2])
    return f"{say('target', lang)} {percent(data.target, lang, digits)} ({source})"
