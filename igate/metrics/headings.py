"""A map proposed for a table from what its columns are called and how its cells are written.

The headings are those of exports that are in use; each is compared in NFC, without regard to case,
signs and tone marks. A proposal is a text for a person to read and confirm: nothing is counted
with it before it has been saved as a map.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from igate.errors import IgateError
from igate.law.text import check_language
from igate.metrics.cells import minute_of
from igate.metrics.columns import INPUT, missing_of
from igate.metrics.intake import CHANNELS
from igate.metrics.spelling import DATES, fold
from igate.metrics.states import STATES, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from igate.law.citation import Language
    from igate.metrics.spelling import DateForm

__all__ = ["Proposal", "propose_map"]

#: What columns are called, by igate's name, the most certain first.
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "code": ("mã hồ sơ", "số hồ sơ", "mã số hồ sơ", "số biên nhận", "mahoso", "code"),
        "procedure": (
            "mã thủ tục", "mã thủ tục hành chính", "mã tthc", "matthc", "mã số tthc",
            "mã quốc gia tthc", "procedure",
        ),
        "limit": (
            "thời hạn giải quyết", "thời gian giải quyết", "thời hạn", "thời hạn quy định",
            "thoihan", "limit",
        ),
        "case": ("trường hợp", "trường hợp giải quyết", "case"),
        "area": ("địa bàn", "khu vực", "area"),
        "field": ("lĩnh vực", "tên lĩnh vực", "linhvuc", "field"),
        "agency": (
            "cơ quan giải quyết", "đơn vị giải quyết", "đơn vị xử lý", "cơ quan xử lý", "đơn vị",
            "cơ quan", "tên đơn vị", "donvi", "donvixuly", "agency",
        ),
        "channel": (
            "kênh tiếp nhận", "hình thức tiếp nhận", "hình thức nộp", "hình thức nộp hồ sơ",
            "kênh thực hiện", "kenhthuchien", "hình thức", "nguồn tiếp nhận", "channel",
        ),
        "received": (
            "ngày tiếp nhận", "thời gian tiếp nhận", "ngày nhận", "ngày nhận hồ sơ",
            "thời điểm tiếp nhận", "ngaytiepnhan", "received",
        ),
        "started": ("ngày bắt đầu tính thời hạn", "ngày bắt đầu xử lý", "started"),
        "finished": (
            "ngày kết thúc xử lý", "ngày hoàn thành", "ngày có kết quả", "ngày giải quyết",
            "ngày giải quyết xong", "thời gian hoàn thành", "ngàykếtthúcxửlý", "ngày kết thúc",
            "finished",
        ),
        "recorded": ("ngày ghi nhận", "ngày ghi nhận kết thúc", "recorded"),
        "reopened": ("số lần mở lại", "reopened"),
        "due": (
            "ngày hẹn trả", "ngày hẹn trả kết quả", "hạn xử lý", "hạn giải quyết", "hẹn trả",
            "thời gian hẹn trả", "ngayhentra", "due",
        ),
        "first_due": ("ngày hẹn trả ban đầu", "ngày hẹn trả lần đầu", "first_due"),
        "suspensions": ("các lần tạm dừng", "tạm dừng", "tamdung", "suspensions"),
        "state": (
            "trạng thái", "trạng thái hồ sơ", "tình trạng", "tình trạng hồ sơ", "trangthaihoso",
            "state",
        ),
        "online_level": ("mức độ", "mức độ dvc", "mức độ dịch vụ công", "mucdo", "online_level"),
    }
)  # fmt: skip
#: What channels are called in exports.
CHANNEL_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "online": (
            "trực tuyến", "nộp trực tuyến", "internet", "qua mạng", "cổng dịch vụ công", "dvc",
            "dvcqg", "online",
        ),
        "counter": (
            "trực tiếp", "nộp trực tiếp", "tại quầy", "một cửa", "tại một cửa", "bộ phận một cửa",
        ),
        "post": ("bưu chính", "bưu chính công ích", "bcci", "bưu điện", "qua bưu chính"),
    }
)  # fmt: skip
_SIGNS = re.compile(r"[\W_]+")
#: Cells that are looked at to say how dates are written.
_ENOUGH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed map, and what could not be proposed."""

    #: igate's names to those of the table
    names: Mapping[str, str]
    #: igate's words to those of the table, by igate's name of the column
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: how dates are written where that is not ISO 8601, by igate's name of the column
    dates: Mapping[str, DateForm]
    #: columns of the table for which there is no proposal
    left: tuple[str, ...]
    #: words of the table for which there is no proposal, by igate's name of the column
    unknown: Mapping[str, tuple[str, ...]]
    #: igate's names of date columns whose cells are read in none of the forms
    unread: tuple[str, ...]
    #: cells that are no dates in a column that else is read, by igate's name of the column
    odd: Mapping[str, tuple[str, ...]]

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that must be there and were not found."""
        return missing_of(self.names)

    def text(self, lang: Language) -> str:
        """Return the map as YAML for ``igate metrics --map``, with its doubts as remarks.

        Args:
            lang: Language of the remarks.

        Raises:
            IgateError: igate does not speak it.
        """
        check_language(lang)
        vietnamese = lang == "vi"
        said = (
            "Bản đồ cột được đề xuất: kiểm tra từng dòng rồi lưu, sau đó dùng --map."
            if vietnamese
            else "A proposed map: check every line and save it, then pass it as --map."
        )
        data: dict[str, object] = dict(self.names)
        if self.dates:
            data["dates"] = dict(self.dates)
        if self.values:
            data["values"] = {
                name: {ours: list(theirs) for ours, theirs in own.items()}
                for name, own in self.values.items()
            }
        written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False) if data else ""
        remarks = "".join(f"# {line}\n" for line in self._remarks(vietnamese))
        return f"# {said}\n{written}{remarks}"

    def _remarks(self, vietnamese: bool) -> Iterator[str]:  # noqa: FBT001 - one of two languages
        labels = {name: INPUT[name].text("vi" if vietnamese else "en") for name in INPUT}
        for name in self.missing:
            yield f"{name}: ?   ({labels[name]})"
        if self.left:
            lead = "Cột không dùng" if vietnamese else "Columns that are not used"
            yield f"{lead}: {', '.join(self.left)}"
        for name, words in self.unknown.items():
            lead = "Chưa rõ nghĩa" if vietnamese else "Not understood"
            yield f"{lead} ({name}): {', '.join(words)}"
        for name in self.unread:
            lead = "Chưa rõ cách ghi ngày" if vietnamese else "Not clear how dates are written"
            yield f"{lead}: {name}"
        for name, cells in self.odd.items():
            lead = "Không phải ngày" if vietnamese else "Not a date"
            yield f"{lead} ({name}): {', '.join(cells)}"


def propose_map(columns: Mapping[str, Sequence[str]]) -> Proposal:
    """Propose a map for a table.

    Args:
        columns: The names of its columns with their first cells as text, as ``headings_of`` gives
            them.

    >>> found = propose_map({"Mã hồ sơ": ["H15-1"], "Ngày nhận": ["20/08/2026 09:00"]})
    >>> found.names, found.dates
    ({'code': 'Mã hồ sơ', 'received': 'Ngày nhận'}, {'received': 'day_first'})
    """
    names = _names(list(columns))
    read = {
        ours: _words(columns[names[ours]], known)
        for ours, known in (("channel", _channel_of), ("state", _state_of))
        if ours in names
    }
    forms = {ours: _form(columns[names[ours]]) for ours in DATES if ours in names}
    return Proposal(
        names=names,
        values={ours: meant for ours, (meant, _) in read.items() if meant},
        dates={
            ours: form for ours, (form, _) in forms.items() if form is not None and form != "iso"
        },
        left=tuple(name for name in columns if name not in names.values()),
        unknown={ours: left for ours, (_, left) in read.items() if left},
        unread=tuple(ours for ours, (form, _) in forms.items() if form is None),
        odd={ours: cells for ours, (_, cells) in forms.items() if cells},
    )


def _bare(text: str) -> str:
    """Return a heading without case, signs and tone marks.

    >>> _bare("Ngày-tiếp_nhận"), _bare("Đơn vị")
    ('ngaytiepnhan', 'donvi')
    """
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return _SIGNS.sub("", "".join(each for each in letters if not unicodedata.combining(each)))


def _names(present: Sequence[str]) -> dict[str, str]:
    """Find the columns; one that is more certain for igate's name is taken first."""
    bare = {_bare(name): name for name in reversed(present)}
    found: dict[str, str] = {}
    for ours, headings in HEADINGS.items():
        for heading in headings:
            theirs = bare.get(_bare(heading))
            if theirs is not None and theirs not in found.values():
                found[ours] = theirs
                break
    return found


def _words(
    cells: Sequence[str], known: Callable[[str], str | None]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return igate's words with those of the table, and the words that are not understood."""
    words = dict.fromkeys(cell.strip() for cell in cells if cell.strip())
    meant: dict[str, tuple[str, ...]] = {}
    for word in words:
        own = known(word)
        if own is not None and own != word:
            meant[own] = (*meant.get(own, ()), word)
    return dict(sorted(meant.items())), tuple(word for word in words if known(word) is None)


def _channel_of(word: str) -> str | None:
    if fold(word) in CHANNELS:
        return word
    bare = _bare(word)
    return next(
        (own for own, words in CHANNEL_WORDS.items() if bare in {_bare(each) for each in words}),
        None,
    )


def _state_of(word: str) -> str | None:
    if word in {str(number) for number in STATES}:
        return word
    status = status_of(word)
    return None if status is None else str(status)


def _form(cells: Sequence[str]) -> tuple[DateForm | None, tuple[str, ...]]:
    """Return the narrowest form in which all cells are read, else in which nearly all are.

    With it the cells that are not read. There is none (``None``) where more than one cell in ten
    is not.
    """
    some = [cell for cell in cells if cell.strip()][:_ENOUGH]
    forms: tuple[DateForm, ...] = ("iso", "day_first", "day_first_yy", "excel")
    odd = {form: [cell for cell in some if not _is_read(cell, form)] for form in forms}
    form = min(forms, key=lambda form: len(odd[form]))
    if len(odd[form]) * 10 > len(some):
        return None, ()
    return form, tuple(dict.fromkeys(odd[form]))


def _is_read(cell: str, form: DateForm) -> bool:
    try:
        minute_of(cell, form=form)
    except (ValueError, OverflowError, IgateError):
        return False
    return True
