"""Points by index 766 (Quyết định 766/QĐ-TTg), as far as they can be derived again.

The decision leaves its formulas to a description, and the points to the portal; both were read in
secondary copies, and each measure says how far its formula was seen to agree with answers of the
portal. A measure that cannot be derived again has no points here and a reason (``ABSENT``); it is
never taken for 0 or for full.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Unpack

import numpy as np

from igate.errors import IgateError
from igate.law.citation import Label
from igate.metrics.asked import reading_of
from igate.metrics.definitions import definition as find_definition
from igate.metrics.numbering import read_text
from igate.metrics.refusal import suggest
from igate.words.sentence import beside, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from igate.metrics.asked import Given, Reading

__all__ = ["ABSENT", "MEASURES", "Measure", "Score", "Scored", "score766"]

#: ``agreed``: the formula gave the points of answers that the portal had published; ``copied``: it
#: stands in the copy and was not held to answers; ``assumed``: the copy gives the points only.
Standing = Literal["agreed", "copied", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of the index."""

    #: number in the description, such as ``2.1``
    number: str
    label: Label
    #: what is divided by what
    reading: Label
    #: most points
    most: int
    #: share at which all points are given; below it they rise in proportion
    full: Fraction = Fraction(1)
    #: points where the denominator is 0; ``None``: none can be given
    empty: int | None = None
    standing: Standing

    def points(self, numerator: int, denominator: int) -> Fraction | None:
        """Return the points for a share: in proportion up to ``full``, then all of them.

        Args:
            numerator: What counts, dossiers or procedures.
            denominator: Of how many.

        Returns:
            Exact points, from 0 to ``most``; with nothing to divide by those of ``empty``, else
            ``None``.

        >>> MEASURES["5.4"].points(81, 100)
        Fraction(27, 5)
        """
        if denominator == 0:
            return None if self.empty is None else Fraction(self.empty)
        return min(Fraction(self.most), self.most * Fraction(numerator, denominator) / self.full)


def _measure(  # noqa: PLR0917 - a row of the table below
    number: str, most: int, standing: Standing, vi: str, en: str, above: str, below: str,
    above_en: str, below_en: str, **more: Any,  # noqa: ANN401 - fields of Measure
) -> Measure:  # fmt: skip
    reading = Label(vi=f"{above} / {below}", en=f"{above_en} / {below_en}")
    return Measure(
        number=number, label=Label(vi=vi, en=en), reading=reading, most=most, standing=standing,
        **more,
    )  # fmt: skip


_EIGHTY: Final = Fraction(4, 5)
_ROWS: Final = (
    _measure("1.1", 6, "agreed", "Công bố thủ tục đúng hạn", "Procedures made known on time",
             "quyết định công bố đúng hạn", "quyết định công bố",
             "decisions in time", "decisions"),
    _measure("1.2", 4, "agreed", "Cập nhật, công khai đúng hạn", "Published on time",
             "thủ tục công khai đúng hạn", "thủ tục công khai",
             "procedures published in time", "procedures published"),
    _measure("1.3", 2, "agreed", "Công khai đủ nội dung", "Published with all parts",
             "thủ tục đủ các bộ phận", "thủ tục công khai",
             "procedures with all parts", "procedures published"),
    _measure("1.4", 6, "agreed", "Đồng bộ hồ sơ", "Dossiers synchronised",
             "hồ sơ đã đồng bộ", "số lớn hơn trong hai hệ thống",
             "dossiers synchronised", "received, by the system that has more"),
    _measure("2.1", 20, "agreed", "Giải quyết đúng hạn", "Settled on time",
             "đúng hạn và còn trong hạn", "hồ sơ tiếp nhận",
             "on time and within time", "dossiers received"),
    _measure("3.5", 2, "assumed", "Thủ tục có thanh toán trực tuyến", "Procedures payable online",
             "thủ tục cung cấp thanh toán", "thủ tục có nghĩa vụ tài chính",
             "procedures that offer it", "procedures with a payment", full=_EIGHTY),
    _measure("3.5b", 2, "assumed", "Thủ tục có giao dịch thanh toán", "Procedures paid online",
             "thủ tục có giao dịch", "thủ tục cung cấp thanh toán",
             "procedures with a transaction", "procedures that offer it", full=_EIGHTY),
    _measure("3.6", 6, "agreed", "Hồ sơ thanh toán trực tuyến", "Dossiers paid online",
             "hồ sơ đã thanh toán trực tuyến", "hồ sơ có nghĩa vụ tài chính",
             "dossiers paid online", "dossiers with a payment"),
    _measure("4.1", 6, "agreed", "Cấp kết quả điện tử", "Electronic results",
             "hồ sơ có tệp kết quả", "hồ sơ có kết quả là giấy tờ",
             "dossiers with a file of the result", "dossiers whose result is a paper"),
    _measure("e-copy", 2, "assumed", "Chứng thực bản sao điện tử", "Certified e-copies",
             "bản sao chứng thực điện tử", "bản sao chứng thực",
             "certified e-copies", "certified copies"),
    _measure("4.3", 2, "agreed", "Khai thác, sử dụng lại", "Data used again",
             "hồ sơ dùng lại dữ liệu đã số hóa", "hồ sơ tiếp nhận",
             "dossiers that use data again", "dossiers received", full=_EIGHTY),
    _measure("4.4", 4, "copied", "Lấy từ kho dữ liệu cá nhân, tổ chức", "From the citizen's store",
             "hồ sơ có giấy tờ lấy từ kho", "hồ sơ tiếp nhận",
             "dossiers with a paper from the store", "dossiers received"),
    _measure("4.5a", 2, "assumed", "Thủ tục kết nối dân cư", "Procedures on population data",
             "thủ tục có kết nối", "thủ tục", "procedures connected", "procedures"),
    _measure("4.5b", 2, "assumed", "Hồ sơ kết nối dân cư", "Dossiers on population data",
             "hồ sơ có kết nối", "hồ sơ tiếp nhận", "dossiers connected", "dossiers received"),
    _measure("5.2", 6, "agreed", "Xử lý phản ánh, kiến nghị đúng hạn", "Petitions handled on time",
             "phản ánh xử lý đúng hạn", "phản ánh, kiến nghị",
             "petitions in time", "petitions", empty=6),
    _measure("5.3", 6, "agreed", "Hài lòng về xử lý phản ánh", "Content with handling of petitions",
             "phản ánh được đánh giá hài lòng", "phản ánh được đánh giá",
             "petitions rated content", "petitions rated", empty=6),
    _measure("5.4", 6, "agreed", "Hài lòng về tiếp nhận, giải quyết", "Content with settlement",
             "100% trừ tỷ lệ trễ và tỷ lệ bị phản ánh, không hài lòng", "hồ sơ",
             "all less those late and those complained of", "dossiers",
             full=Fraction(9, 10), empty=0),
)  # fmt: skip
#: The measures that have points, in the order of the description.
MEASURES: Mapping[str, Measure] = MappingProxyType({each.number: each for each in _ROWS})
#: Why other measures have none here.
ABSENT: Mapping[str, Label] = MappingProxyType(
    {
        "2.2": Label(
            vi="Không có điểm: thời gian trung bình, chỉ tính cho từng thủ tục.",
            en="No points: a mean time, for one procedure only.",
        ),
        "3.1-3.4": Label(
            vi="12 điểm của nhóm trực tuyến: không rõ chia thế nào, không tính lại được từ số liệu "
            "của Cổng.",
            en="12 points of the online group: how they are split is not known, and the portal's "
            "own answers could not be derived again.",
        ),
        "4.2": Label(
            vi="Số hóa hồ sơ (4 điểm): văn bản ghi đủ điểm từ 80%, số liệu của Cổng khớp với 100%.",
            en="Digitised dossiers (4 points): the text gives all points from 80%, the portal's "
            "answers fit 100%.",
        ),
        "5.1": Label(
            vi="Không có điểm: phân loại phản ánh, chỉ để theo dõi.",
            en="No points: petitions by class, watched only.",
        ),
    }
)
#: Cells of a column of a measure, in small letters; an empty one: the measure does not ask for it.
_YES: Final = frozenset({"1", "true", "yes", "có", "co", "x"})
_NO: Final = frozenset({"0", "false", "no", "không", "khong"})
_ON_TIME: Final = "2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one measure gives."""

    measure: Measure
    numerator: int
    denominator: int
    #: ``None``: nothing to divide by
    points: Fraction | None
    #: codes of the dossiers behind the lost points; empty where only counts are known
    dossiers: tuple[str, ...] = ()

    @property
    def lost(self) -> Fraction:
        """Points that are missing to the most; 0 where no points can be given."""
        return Fraction(0) if self.points is None else self.measure.most - self.points

    @property
    def each(self) -> Fraction:
        """Points that one more dossier (or procedure, or petition) above the line would add."""
        if not self.lost or not self.denominator:
            return Fraction(0)
        return min(self.lost, Fraction(self.measure.most, self.denominator) / self.measure.full)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The points of an agency, as far as they can be derived."""

    #: in the order of ``MEASURES``, those that something is known of
    scored: tuple[Scored, ...]

    @property
    def points(self) -> Fraction:
        """Points of the measures that something is known of."""
        return sum((each.points or Fraction(0) for each in self.scored), Fraction(0))

    @property
    def most(self) -> int:
        """Most points that these measures can give; the rest to 100 is not known here."""
        return sum(each.measure.most for each in self.scored if each.points is not None)

    @property
    def gains(self) -> tuple[Scored, ...]:
        """The measures that lose points, the most first: what would raise the score most."""
        losing = [each for each in self.scored if each.lost]
        return tuple(sorted(losing, key=lambda each: -each.lost))

    def __str__(self) -> str:
        lines = [f"{float(self.points):.2f} / {self.most}"]
        for each in self.scored:
            points = "-" if each.points is None else f"{float(each.points):.2f}"
            lines.append(
                f"{each.measure.number} {each.measure.label.text('en')}: {each.numerator:,} / "
                f"{each.denominator:,} = {points} of {each.measure.most}"
            )
        return "\n".join(lines)


def score766(
    frame: Any,  # noqa: ANN401 - any frame that settlement takes
    *,
    definition: Literal["index766", "index766_repeated"] = "index766",
    period: tuple[date, date] | None = None,
    as_of: date,
    flags: Mapping[str, str] | None = None,
    counts: Mapping[str, tuple[int, int]] | None = None,
    **given: Unpack[Given],
) -> Score:
    """Give the points of index 766 that follow from dossiers and counts.

    Args:
        frame: As for ``settlement``; measure 2.1 follows from it.
        definition: The reading of measure 2.1.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        flags: By number of a measure, the column of the table that says of each dossier whether it
            counts: 1, true, yes or có; 0, false, no or không; empty where the measure does not ask
            for it. The dossiers are those that belong to the table.
        counts: By number of a measure, numerator and denominator, for what is counted in
            procedures or petitions, or known as a total only.
        **given: How the table is read, each as for ``settlement`` and each optional: ``calendar``,
            ``rules``, ``columns``, ``catalog``, ``source``, ``dates``, ``values``, ``zone``.

    Returns:
        The measures of which something is known, with their dossiers. Measures of ``ABSENT`` have
        no points, and asking for them is refused.

    Raises:
        FrameError: A column is missing or a cell of it cannot be read.
        IgateError: A measure is not known, is absent for the reason given, or is named twice.
    """
    columns, known = dict(flags or {}), dict(counts or {})
    _check(columns, known)
    reading = reading_of(frame, tuple(dict.fromkeys(columns.values())), period, as_of, given)
    placed = reading.placed(find_definition(definition)).counts()
    member = placed["received_total"]
    good = member & ~placed["solved_late"] & ~placed["in_process_overdue"]
    answers = {_ON_TIME: (good, member)}
    for number, column in columns.items():
        answers[number] = _answers(reading, column, member)
    scored = []
    for number, measure in MEASURES.items():
        if number in known:
            scored.append(_scored(measure, *known[number]))
        elif number in answers:
            yes, asked = answers[number]
            codes = reading.intake.codes.at(np.flatnonzero(asked & ~yes)).texts()
            scored.append(_scored(measure, int(yes.sum()), int(asked.sum()), tuple(codes)))
    return Score(scored=tuple(scored))


def _scored(
    measure: Measure, numerator: int, denominator: int, codes: tuple[str, ...] = ()
) -> Scored:
    return Scored(
        measure=measure,
        numerator=numerator,
        denominator=denominator,
        points=measure.points(numerator, denominator),
        dossiers=codes,
    )


def _check(flags: Mapping[str, str], counts: Mapping[str, tuple[int, int]]) -> None:
    """Check what measures are asked for.

    Raises:
        IgateError: One is not known, absent, named twice, or its counts are none.
    """
    for number in (*flags, *counts):
        if number in ABSENT:
            raise IgateError(
                say("Measure {number} has no points here.", number=number),
                why=beside(en=ABSENT[number].text("en"), vi=ABSENT[number].text("vi")),
                fix=say("Leave it out."),
            )
        if number not in MEASURES:
            raise IgateError(
                say("There is no measure {number!r}.", number=number),
                fix=suggest(number, MEASURES, say("There are")),
            )
    twice = (flags.keys() & counts.keys()) | ({*flags, *counts} & {_ON_TIME})
    if twice:
        raise IgateError(
            say(
                "Measure {twice} is given twice, or follows from the dossiers already.",
                twice=min(twice),
            ),
            fix=say("Give a column or counts, and for 2.1 nothing."),
        )
    for number, (above, below) in counts.items():
        if not 0 <= above <= below:
            raise IgateError(
                say(
                    "Measure {number}: {above} of {below} is no share.",
                    number=number,
                    above=above,
                    below=below,
                ),
                fix=say("Pass numerator and denominator, the first not above the second."),
            )


def _answers(
    reading: Reading, column: str, member: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Read a column of yes and no.

    Raises:
        FrameError: A cell is neither; the message names the row.
    """
    texts = read_text(reading.intake.frame[reading.intake.columns.of(column)])
    number = texts.numbers(_answer)
    wrong = np.flatnonzero(number == _UNREAD)
    if len(wrong):
        raise reading.intake.rows.refusal(
            wrong.tolist(),
            lambda row: say(
                "{codes} has {texts}", codes=reading.intake.codes[row], texts=texts[row]
            ),
            what=say("Cells of {column} are neither yes nor no", column=column),
            fix=say("Write 1 or 0, or leave the cell empty where the measure does not ask for it."),
        )
    return member & (number == 1), member & (number >= 0)


_UNREAD: Final = -2


def _answer(text: str | None) -> int:
    if text is None:
        return -1
    plain = text.lower().removesuffix(".0")
    if plain in _YES:
        return 1
    return 0 if plain in _NO else _UNREAD
