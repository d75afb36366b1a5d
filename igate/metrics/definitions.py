"""What "on time" means, as named values: which counts are divided by which.

One province published two on-time rates for one year that did not agree, because each system
divided other counts. So a rate here always belongs to a definition: its name, the instrument it
is taken from, the counts above the line and the counts below it. A host that uses another
definition makes its own :class:`Definition` and passes it as ``definition=``; nothing is
registered anywhere.

An empty denominator gives no rate: neither 0 nor 100 per cent would be true of nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from igate.errors import FrameError, IgateError
from igate.law.citation import Citation, Label
from igate.law.period import Period
from igate.metrics.refusal import suggest
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "COUNTS",
    "DEFINITIONS",
    "FURTHER_COUNTS",
    "RATE",
    "Definition",
    "definition",
    "find_definitions",
    "rate",
]

#: The counts of the statutory form in its order, with their labels; all are whole numbers.
COUNTS: Mapping[str, Label] = MappingProxyType(
    {
        "received_total": Label(vi="Tiếp nhận: tổng số", en="Received: total"),
        "received_online": Label(
            vi="Tiếp nhận trong kỳ: trực tuyến", en="Received in the period: online"
        ),
        "received_counter_post": Label(
            vi="Tiếp nhận trong kỳ: trực tiếp, dịch vụ bưu chính",
            en="Received in the period: counter and post",
        ),
        "carried_over": Label(vi="Từ kỳ trước chuyển sang", en="Carried over"),
        "solved_total": Label(vi="Đã giải quyết: tổng số", en="Solved: total"),
        "solved_early": Label(vi="Đã giải quyết: trước hạn", en="Solved: early"),
        "solved_on_time": Label(vi="Đã giải quyết: đúng hạn", en="Solved: on time"),
        "solved_late": Label(vi="Đã giải quyết: quá hạn", en="Solved: late"),
        "solved_no_due": Label(
            vi="Đã giải quyết: không có ngày hẹn trả (nằm trong đúng hạn)",
            en="Solved: without a due date (part of on time)",
        ),
        "in_process_total": Label(vi="Đang giải quyết: tổng số", en="In process: total"),
        "in_process_within": Label(vi="Đang giải quyết: trong hạn", en="In process: within time"),
        "in_process_overdue": Label(vi="Đang giải quyết: quá hạn", en="In process: overdue"),
    }
)


#: Counts that follow those of the form where there is something to count: the columns in the table,
#: or due dates past what has been announced.
FURTHER_COUNTS: Mapping[str, Label] = MappingProxyType(
    {
        "solved_reopened": Label(
            vi="Đã giải quyết: có lần mở lại", en="Solved: after having been reopened"
        ),
        "due_provisional": Label(
            vi="Có ngày hẹn trả tạm tính (lịch nghỉ chưa công bố)",
            en="With a provisional due date (days off not announced yet)",
        ),
        "solved_recorded_later": Label(
            vi="Đã giải quyết: ghi nhận chậm hơn một ngày làm việc",
            en="Solved: recorded more than one working day later",
        ),
        "solved_suspended": Label(
            vi="Đã giải quyết: khi đang tạm dừng tính thời hạn (nằm trong đúng hạn)",
            en="Solved: while the clock stood still (part of on time)",
        ),
    }
)


#: What follows the counts: the rate with what it divides, and, where the table has suspensions, how
#: much of it are dossiers that were finished while their clock stood still.
RATE = ("rate_numerator", "rate_denominator", "on_time_rate", "suspended_share")


_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "compare": ("day", "half_day", "moment"),
        "finish": ("recorded", "less_supplements"),
        "repeated": ("allowed", "overdue_while_waiting", "overdue"),
        "due": ("promised", "original", "extended"),
        "withdrawn": ("by_dates", "on_time", "left_out"),
    }
)


#: Digits of a digest that a report shows.
SHORT = 12
_ANY_DAY = Period(start=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One way to compute an on-time rate: a sum of counts divided by another sum of counts.

    The counts are those of :data:`COUNTS`, as they come out when ``finish`` is compared with the
    due date by ``compare``. The rate is a fraction of 1.

    >>> form = definition("form_06a")
    >>> form.numerator, form.denominator
    (('solved_early', 'solved_on_time'), ('solved_total',))
    """

    #: identifier, lower case with underscores
    name: str
    label: Label
    citation: Citation
    #: names of the counts that are added above the line
    numerator: tuple[str, ...]
    #: names of the counts that are added below the line
    denominator: tuple[str, ...]
    numerator_label: Label
    denominator_label: Label
    #: what is compared of the finish and the due date: the calendar date, its half (until 12:00,
    #: from 12:00) or the minute; a date without an hour is the whole day, and a finish without an
    #: hour is compared by its day
    compare: Literal["day", "half_day", "moment"] = "day"
    #: the finish as it is recorded; or less the time on the clock spent waiting for supplements,
    #: with a due date that suspensions do not move
    finish: Literal["recorded", "less_supplements"] = "recorded"
    #: what more than one request for a supplement does, with ``less_supplements``: nothing; the
    #: dossier is overdue while it waits for the last; it is overdue or late whatever follows
    repeated: Literal["allowed", "overdue_while_waiting", "overdue"] = "allowed"
    #: the due date that is promised now; the first one, whatever new dates were promised later; or
    #: a date that no rule moves, later by the office hours waited for each supplement
    due: Literal["promised", "original", "extended"] = "promised"
    #: how a dossier counts that the applicant withdrew (national status 7): by its dates, like any
    #: other; once it is finished on time, whatever its dates; once it is finished not at all
    withdrawn: Literal["by_dates", "on_time", "left_out"] = "by_dates"
    #: where that is written; ``None``: it is assumed
    withdrawn_by: Citation | None = None
    #: the days on which the instrument of the citation is in force; a period before or after them
    #: can be counted all the same
    in_force: Period = _ANY_DAY

    @property
    def judgement(self) -> tuple[str, ...]:
        """By what a dossier is early, on time or late: definitions that agree count alike."""
        return (self.compare, self.finish, self.repeated, self.due, self.withdrawn)

    @property
    def digest(self) -> str:
        """SHA-256 of what the definition counts and by what text, 64 hexadecimal digits.

        Labels are not in it, and a field that has its default is left out, so that a field which a
        later version of the library adds changes no digest.
        """
        plain = {
            each.name: str(value) if isinstance(value, Citation | Period) else value
            for each in fields(self)
            if (value := getattr(self, each.name)) != each.default and not isinstance(value, Label)
        }
        return sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def version(self) -> str:
        """Name, days in force and the beginning of the digest, as a report carries them.

        >>> definition("decree").version[:33]
        'decree [2018-06-21, 2025-07-01) #'
        """
        return f"{self.name} {self.in_force} #{self.digest[:SHORT]}"

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                raise IgateError(
                    say(
                        "The definition {name!r} has {name_2}={getattr!r}.",
                        name=self.name,
                        name_2=name,
                        getattr=getattr(self, name),
                    ),
                    fix=suggest(getattr(self, name), known, say("There are")),
                )
        for side in ("numerator", "denominator"):
            names: tuple[str, ...] = getattr(self, side)
            if not names:
                raise IgateError(
                    say(
                        "The {side} of the definition {name!r} names no counts.",
                        side=side,
                        name=self.name,
                    ),
                    fix=say('Write a tuple of names, such as {side}=("solved_total",).', side=side),
                )
            for name in names:
                if name not in COUNTS:
                    raise IgateError(
                        say(
                            "The {side} of the definition {name!r} names {name_2!r}.",
                            side=side,
                            name=self.name,
                            name_2=name,
                        ),
                        why=say("A rate is computed from the counts of the form alone."),
                        fix=suggest(name, COUNTS, say("The counts are")),
                    )


_FORM_06A = Definition(
    name="form_06a",
    label=Label(
        vi="Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn theo Biểu số II.06a/VPCP/KSTT",
        en="Share of solved dossiers that were solved early or on time, from form II.06a",
    ),
    citation=Citation.parse("Thông tư 01/2020/TT-VPCP ngày 21/10/2020"),
    # the day of signing; from which day it is in force was not read
    in_force=Period(start=date(2020, 10, 21)),
    numerator=("solved_early", "solved_on_time"),
    denominator=("solved_total",),
    numerator_label=Label(
        vi="Hồ sơ đã giải quyết trước hạn và đúng hạn", en="Dossiers solved early or on time"
    ),
    denominator_label=Label(vi="Hồ sơ đã giải quyết", en="Dossiers solved"),
)

_DECREE = Definition(
    name="decree",
    label=Label(
        vi="Tỷ lệ hồ sơ giải quyết đúng hạn trên hồ sơ tiếp nhận",
        en="Dossiers solved on time as a share of the dossiers received",
    ),
    citation=Citation.parse("Nghị định 61/2018/NĐ-CP, Điều 30 khoản 2 điểm c"),
    in_force=Period(start=date(2018, 6, 21), end=date(2025, 7, 1)),
    numerator=("solved_early", "solved_on_time"),
    denominator=("received_total",),
    numerator_label=Label(
        vi="Hồ sơ đã giải quyết trước hạn và đúng hạn", en="Dossiers solved early or on time"
    ),
    denominator_label=Label(
        vi="Hồ sơ tiếp nhận, kể cả từ kỳ trước chuyển sang",
        en="Dossiers received, those carried over included",
    ),
)

# measure 2.1, read in a secondary copy of the portal's description of its formulas, rules a to h
_INDEX766 = Definition(
    name="index766",
    label=Label(
        vi="Tỷ lệ hồ sơ giải quyết đúng hạn theo Bộ chỉ số 766, chỉ số 2.1 (bản sao thứ cấp)",
        en="Dossiers on time by index 766, measure 2.1 (secondary copy)",
    ),
    citation=Citation.parse("Quyết định 766/QĐ-TTg ngày 23/06/2022 của Thủ tướng Chính phủ"),
    in_force=Period(start=date(2022, 6, 23)),
    numerator=("solved_early", "solved_on_time", "in_process_within"),
    denominator=("received_total",),
    numerator_label=Label(
        vi="Hồ sơ đã giải quyết đúng hạn và đang giải quyết trong hạn",
        en="Dossiers solved on time, and in process within time",
    ),
    denominator_label=Label(
        vi="Hồ sơ tiếp nhận, kể cả từ kỳ trước chuyển sang",
        en="Dossiers received, those carried over included",
    ),
    compare="moment",
    finish="less_supplements",
    repeated="overdue_while_waiting",
    # rule b: the moment of withdrawal is a closing one, compared like the others
    withdrawn_by=Citation.parse("Quyết định 766/QĐ-TTg ngày 23/06/2022 của Thủ tướng Chính phủ"),
)

_INDEX766_REPEATED = replace(
    _INDEX766,
    name="index766_repeated",
    label=Label(
        vi="Bộ chỉ số 766, chỉ số 2.1, yêu cầu bổ sung quá một lần là quá hạn (bản sao thứ cấp)",
        en="Index 766, measure 2.1, late after more than one request (secondary copy)",
    ),
    repeated="overdue",
)

#: What provinces publish under index 766 divides the counts of the form so, by dates: the figures
#: that were looked at follow it. No text says that dates and the form's counts are meant.
_NATIONAL_PORTAL = replace(
    _FORM_06A,
    name="national_portal",
    label=Label(
        vi="Tỷ lệ như số liệu công bố trên Cổng Dịch vụ công quốc gia (giả định)",
        en="The rate as published on the National Portal (assumed)",
    ),
    citation=Citation.parse(
        "Quyết định 766/QĐ-TTg ngày 23/06/2022 của Thủ tướng Chính phủ (giả định)"
    ),
    in_force=_INDEX766.in_force,
    numerator=_INDEX766.numerator,
    denominator=_INDEX766.denominator,
    numerator_label=_INDEX766.numerator_label,
    denominator_label=_INDEX766.denominator_label,
)

_FORM_ASSUMED = Citation.parse("Thông tư 01/2020/TT-VPCP ngày 21/10/2020 (giả định)")

_BY_MOMENT = replace(
    _FORM_06A,
    name="by_moment",
    label=Label(
        vi="Như Biểu II.06a, so sánh đến từng phút (giả định)",
        en="As form II.06a, compared by the minute (assumed)",
    ),
    citation=_FORM_ASSUMED,
    in_force=_ANY_DAY,
    compare="moment",
)

_BY_HALF_DAY = replace(
    _FORM_06A,
    name="by_half_day",
    label=Label(
        vi="Như Biểu II.06a, so sánh theo buổi (giả định)",
        en="As form II.06a, compared by the half-day (assumed)",
    ),
    citation=_FORM_ASSUMED,
    in_force=_ANY_DAY,
    compare="half_day",
)

_ORIGINAL_DUE = replace(
    _FORM_06A,
    name="original_due",
    label=Label(
        vi="Như Biểu II.06a, theo ngày hẹn trả ban đầu (giả định)",
        en="As form II.06a, by the due date first promised (assumed)",
    ),
    citation=_FORM_ASSUMED,
    in_force=_ANY_DAY,
    due="original",
)

_SUPPLEMENT_EXTENDS = replace(
    _FORM_06A,
    name="supplement_extends",
    label=Label(
        vi="Như một phần mềm: chờ bổ sung thì lùi ngày hẹn trả (giả định)",
        en="As one vendor's software: a wait for a supplement extends the due date (assumed)",
    ),
    citation=_FORM_ASSUMED,
    in_force=_ANY_DAY,
    compare="moment",
    due="extended",
)

_WITHDRAWN_ON_TIME = replace(
    _FORM_06A,
    name="withdrawn_on_time",
    label=Label(
        vi="Như một phần mềm: hồ sơ rút được tính là đúng hạn (giả định)",
        en="As one vendor's software: withdrawn dossiers count as on time (assumed)",
    ),
    citation=_FORM_ASSUMED,
    in_force=_ANY_DAY,
    withdrawn="on_time",
)

#: The shipped definitions by name; the mapping cannot be changed.
DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        shipped.name: shipped
        for shipped in (
            _DECREE,
            _FORM_06A,
            _INDEX766,
            _INDEX766_REPEATED,
            _NATIONAL_PORTAL,
            _BY_MOMENT,
            _BY_HALF_DAY,
            _ORIGINAL_DUE,
            _SUPPLEMENT_EXTENDS,
            _WITHDRAWN_ON_TIME,
        )
    }
)


def definition(name: str | Definition) -> Definition:
    """Return a shipped definition by its name; a definition of the host's own is given back.

    Raises:
        IgateError: No shipped definition has this name; those there are are listed.

    >>> str(definition("decree").citation)
    'Nghị định 61/2018/NĐ-CP, Điều 30 khoản 2 điểm c'
    """
    if isinstance(name, Definition):
        return name
    found = DEFINITIONS.get(name)
    if found is None:
        raise IgateError(
            say("There is no definition of on time named {name!r}.", name=name),
            why=say("A rate without a definition cannot be compared with another."),
            fix=together(
                suggest(name, DEFINITIONS, say("The shipped ones are")),
                say("For another, pass a metrics.Definition."),
            ),
        )
    return found


def find_definitions(
    names: str | Definition | Sequence[str | Definition],
) -> tuple[Definition, ...]:
    """Return one definition or several, each once.

    Raises:
        IgateError: No shipped definition has a name, none is named, or one is named twice.
    """
    wanted = [names] if isinstance(names, str | Definition) else list(names)
    found = tuple(map(definition, wanted))
    known = [each.name for each in found]
    if not known or len(set(known)) < len(known):
        raise IgateError(
            say("The definitions are {known}.", known=", ".join(known) or say("none")),
            why=say("Each is a part of the table, under its name."),
            fix=say("Name each once, such as {definitions}.", definitions=", ".join(DEFINITIONS)),
        )
    return found


def rate(row: Mapping[str, object], definition: str | Definition = "form_06a") -> float | None:
    """Compute the on-time rate of one row of counts.

    Args:
        row: Counts by name: a row of the table that ``settlement`` gives, as a mapping, or any
            mapping with the counts that the definition names. They must have been counted by a
            definition that compares the same: those of ``index766`` are not those of the form.
        definition: Name of a shipped definition, or one of the host's own.

    Returns:
        The rate as a fraction of 1, or ``None`` where the denominator is 0.

    Raises:
        FrameError: A count that the definition needs is missing, or is not a whole number.

    >>> rate({"solved_early": 1, "solved_on_time": 2, "solved_total": 4})
    0.75
    >>> rate({"solved_early": 0, "solved_on_time": 0, "solved_total": 0}) is None
    True
    """
    chosen = _chosen(definition)
    below = _sum(row, chosen.denominator, chosen)
    return _sum(row, chosen.numerator, chosen) / below if below else None


#: The function under a name that the parameter of ``rate`` does not hide.
_chosen = definition


def _sum(row: Mapping[str, object], names: Iterable[str], chosen: Definition) -> int:
    total = 0
    for name in names:
        value = row.get(name)
        try:
            number = int(value)  # type: ignore[call-overload]  # refused below when it is not one
        except (TypeError, ValueError):
            number = None
        if number is None or number != value or number < 0:
            raise FrameError(
                say("The count {name!r} is {value!r}.", name=name, value=value),
                why=say(
                    "The definition {name!r} adds it up, so it must be a whole number.",
                    name=chosen.name,
                ),
                fix=say("The row holds {row}.", row=", ".join(map(str, row)) or say("nothing")),
            )
        total += number
    return total
