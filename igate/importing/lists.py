"""Lists inside a cell: the marks at the beginnings of lines, and several agencies as one actor.

A mark (-, –, •, +) says only that a new item begins; as a part of a text or of the name of an actor
it would be wrong. A text extractor may put the lines of such a list into one line; then a mark
after the end of a clause begins an item as well. A dash inside a text stays.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["agencies_in", "in_one_line", "without_mark"]

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
#: Between the names of a list; a comma or "và" stands also inside a name.
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
