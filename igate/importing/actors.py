"""Who acts in a step, read from what a table prints about actor and content (assumed).

Decisions name offices and persons, the templates know roles. Who receives the dossier or hands over
the result is the receptionist, whatever the title. Otherwise the first office that is named
decides; the People's Committee of the province comes before all others, because its steps belong to
another agency than the department's. Several agencies in one list are asked by the one that solves
the dossier. An actor that is not recognised is reported.

A cell may hold a list. A mark (-, –, •, +) says only that a new item begins, and is not part of a
text or of a name. A text extractor may put the lines of such a list into one line; then a mark
after the end of a clause begins an item as well. A dash inside a text stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from igate.procedures.workflow import Phase

__all__ = ["agencies_in", "in_one_line", "phase_of", "role_of", "template_of", "without_mark"]


_COMMITTEE = re.compile(
    r"(?:ubnd|[uủ][yỷ] ban nhân dân)(?: cấp)? (?:tỉnh|thành phố|tp)\b|khoa giáo|\bkgvx\b|nội chính"
)
_APPLICANT = re.compile(
    r"(?:các )?(?:(?:tổ chức|cá nhân|người|công dân|đơn vị)[ ,/]*)+"
    r"(?:đề nghị|nộp|có yêu cầu|đăng ký)"
)
#: The first of these in the text decides.
_ROLES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("clerk", re.compile(r"văn thư")),
    (
        "head_of_section",
        re.compile(
            r"(?:lãnh đạo|trưởng|phó trưởng|chỉ huy|phụ trách) (?:các )?"
            r"(?:phòng|văn phòng|ban|bộ phận|công an)|chánh văn phòng"
        ),
    ),
    ("department_leader", re.compile(r"(?:lãnh đạo|giám đốc|phó giám đốc) (?:các )?sở")),
    (
        "other_agency",
        re.compile(
            r"các (?:sở|bộ|ban|ngành|cơ quan|đơn vị)|hội đồng|tổ thẩm định"
            r"|(?:cơ quan|đơn vị)(?:, đơn vị)? (?:phối hợp|liên quan|được (?:xin|lấy) ý kiến)"
        ),
    ),
    (
        "leader",
        re.compile(
            r"lãnh đạo|chủ tịch|phó chủ tịch|người đứng đầu|thủ trưởng|hiệu trưởng|giám đốc"
            r"|chính ủy|(?:ubnd|[uủ][yỷ] ban nhân dân)(?: cấp)? (?:xã|phường|đặc khu)"
        ),
    ),
    (
        "officer",
        re.compile(
            r"chuyên viên|công chức|viên chức|cán bộ|nhân viên|người được (?:giao|phân công)"
            r"|người hướng dẫn|trợ lý"
        ),
    ),
)
_COUNTER = re.compile(
    r"tiếp nhận|tn\s*&\s*tkq|một cửa|phục vụ hành chính công|ttpvhcc|ccmc|hành chính công"
)
_OFFICE = re.compile(
    r"(?:bộ phận |trung tâm )?(?:tiếp nhận (?:hồ sơ )?và trả kết quả|tn\s*&\s*tkq)"
)
_WORK = re.compile(r"thẩm định|thụ lý|giải quyết hồ sơ|xử lý hồ sơ")
_HANDOVER = re.compile(r"trả (?:lại )?kết quả|nhận kết quả|trả cho|trao (?:kết quả|cho)")


def phase_of(*, first: bool, last: bool, content: str, actor: str) -> Phase:
    """Return the phase of a step.

    The first step is the reception if a counter does it or its content is the reception and not the
    work as well ("Tiếp nhận hồ sơ, thẩm định hồ sơ" is processing, where a supplement can be asked
    for); the last step is the handover if its content says that the result is handed over.

    Args:
        first: No step is before it.
        last: No step is after it.
        content: What is done, as printed.
        actor: Who does it, as printed.
    """
    what, who = _lower(content), _lower(actor)
    if first and (_COUNTER.search(who) or ("tiếp nhận" in what and not _WORK.search(what))):
        return "reception"
    if last and _HANDOVER.search(_OFFICE.sub("", what)):
        return "handover"
    return "processing"


def role_of(actor: str, phase: Phase) -> str | None:
    """Return the role of an actor, or ``None`` where it is not recognised.

    >>> role_of("Chuyên viên phòng Nội chính, Văn phòng UBND tỉnh", "processing")
    'provincial_committee'
    >>> role_of("Lãnh đạo UBND xã (Chủ tịch Hội đồng)", "processing")
    'leader'
    """
    if phase != "processing":
        return "receptionist"
    who = _without_brackets(_lower(actor))
    if _APPLICANT.match(who):
        return "applicant"
    if agencies_in(who):
        return "other_agency"
    if _COMMITTEE.search(who):
        return "provincial_committee"
    found = [(match.start(), role) for role, pattern in _ROLES if (match := pattern.search(who))]
    if found:
        return min(found, key=lambda each: each[0])[1]
    return "receptionist" if _COUNTER.search(who) else None


def template_of(roles: Collection[str]) -> str:
    """Choose the template: who besides the agency itself has a step decides.

    >>> template_of(["officer", "provincial_committee"])
    'two_level'
    """
    if "provincial_committee" in roles:
        return "two_level"
    return "consultation" if "other_agency" in roles else "ordinary"


def _without_brackets(text: str) -> str:
    # after the last bracket that closes none is sought for one that opens
    end = text.rfind(")") + 1
    return re.sub(r"\([^)]*\)", "", text[:end]) + text[end:]


def _lower(text: str) -> str:
    return " ".join(text.lower().split())


_SIGN: Final = r"[-–—•·+](?:\s+|(?=[^\W\d_]))"
_MARK: Final = re.compile(rf"(?:{_SIGN})+")
#: A mark that begins an item in the middle of a line.
_INNER: Final = re.compile(rf"(?<=[.;:,])\s+(?:{_SIGN})+")
_ENDED: Final = (".", ";", ":", ",", "!", "?")

#: What the name of an agency begins with. "Bộ phận" and the counter are parts of the agency itself.
_AGENCY: Final = (
    r"(?:các )?(?:sở|bộ(?! phận)|ban|công an|ubnd|[uủ][yỷ] ban|(?:tổng |chi )?cục|thanh tra"
    r"|kho bạc|bảo hiểm xã hội|viện|tòa án|toà án|hội|liên đoàn|mặt trận|thuế|hải quan"
    r"|trung tâm(?! (?:phục vụ )?hành chính công)|văn phòng đăng ký)\s+\w"
)
#: Between the names of a list; a comma or "và" may also be inside a name.
_BETWEEN: Final = re.compile(rf"\s*;\s*|\s*,\s*(?={_AGENCY})|\s+và\s+(?={_AGENCY})", re.IGNORECASE)


def without_mark(line: str) -> str:
    """Leave out the mark with which a line of a list begins.

    >>> without_mark("- Lãnh đạo phòng"), without_mark("+84"), without_mark("-")
    ('Lãnh đạo phòng', '+84', '-')
    """
    mark = _MARK.match(line)
    return _INNER.sub(" ", line[mark.end() :]) if mark else line


def in_one_line(text: str) -> str:
    r"""Write the lines of a cell as one, the items of a list apart.

    >>> in_one_line("- Lãnh đạo phòng\n- Chuyên viên")
    'Lãnh đạo phòng; Chuyên viên'
    >>> in_one_line("Chuyên viên\nphòng A"), in_one_line("Sở Y tế\nCông an tỉnh")
    ('Chuyên viên phòng A', 'Sở Y tế; Công an tỉnh')
    """
    lines = text.split("\n")
    are_agencies = all(_is_agency(without_mark(line)) for line in lines)
    whole = ""
    for line in lines:
        item = without_mark(line)
        apart = (item != line or are_agencies) and not whole.endswith(_ENDED)
        whole += f"{'; ' if apart else ' '}{item}" if whole else item
    return whole


def agencies_in(actor: str) -> tuple[str, ...]:
    """Return the agencies that an actor lists, or nothing where it is not a list of agencies.

    >>> agencies_in("Sở Xây dựng; Công an tỉnh và Sở Văn hóa, Thể thao và Du lịch")
    ('Sở Xây dựng', 'Công an tỉnh', 'Sở Văn hóa, Thể thao và Du lịch')
    >>> agencies_in("Lãnh đạo Sở Y tế, Sở Xây dựng"), agencies_in("Sở Nông nghiệp và Môi trường")
    ((), ())
    """
    names = tuple(name.strip(" .") for name in _BETWEEN.split(actor))
    agencies = [name for name in names if _is_agency(name)]
    return names if _is_agency(names[0]) and len(agencies) > 1 else ()


def _is_agency(text: str) -> bool:
    return re.match(_AGENCY, text, re.IGNORECASE) is not None
