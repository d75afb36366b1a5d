"""The HTML fragment of a deadline: what it says, how it is built, and that it harms no page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import Deadline, compute_deadline
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark, Cutoff
from igate.law.citation import Citation, Label
from igate.law.localtime import parse_local
from igate.publish.deadline_html import deadline_html, notice_style

if TYPE_CHECKING:
    from igate.law.citation import Language

LANGUAGES: tuple[Language, ...] = ("vi", "en")


@lru_cache(maxsize=2)
def vietnam(*, provisional: bool = False) -> WorkCalendar:
    return WorkCalendar.vietnam(provisional=provisional)


def deadline_of(
    limit: str,
    received: str,
    *marks: ClockMark,
    provisional: bool = False,
    **readings: object,
) -> Deadline:
    """Count a limit by the shipped rules of the decree, with some readings changed."""
    start = parse_local(received)
    rules = replace(shipped_rules(on=start.date()), **readings)  # type: ignore[arg-type]
    return compute_deadline(
        TimeLimit.parse(limit),
        marks=(ClockMark(kind="start", at=start), *marks),
        calendar=vietnam(provisional=provisional),
        rules=rules,
    )


def suspend(at: str, reason: str = "payment") -> ClockMark:
    return ClockMark(kind="suspend", at=parse_local(at), reason=reason)


def resume(at: str, reason: str = "payment") -> ClockMark:
    return ClockMark(kind="resume", at=parse_local(at), reason=reason)


def apology(at: str, due: str) -> ClockMark:
    return ClockMark(kind="replace", at=parse_local(at), due=parse_local(due))


NAMES = ("plain", "tet", "restart", "open", "hours", "apology", "provisional", "not stated")


@lru_cache(maxsize=1)
def cases() -> dict[str, Deadline]:
    """Deadlines of each kind; the dates are worked out by hand in the tests below."""
    return {
        "plain": deadline_of("2 working_day", "2024-05-02T09:00"),
        "tet": deadline_of("7 working_day", "2026-02-10T15:40"),
        "restart": deadline_of(
            "10 working_day",
            "2026-08-17T08:30",
            suspend("2026-08-19T10:00", "supplement"),
            resume("2026-08-27T14:00", "supplement"),
        ),
        "open": deadline_of("10 working_day", "2026-11-02T08:30", suspend("2026-11-09T10:00")),
        "hours": deadline_of(
            "20 working_hour",
            "2026-11-13T15:30",
            suspend("2026-11-16T09:00"),
            resume("2026-11-16T14:15"),
        ),
        "apology": deadline_of(
            "5 working_day", "2026-10-05T09:00", apology("2026-10-08T10:00", "2026-10-16T17:00")
        ),
        "provisional": deadline_of("30 day", "2026-12-15T09:00", provisional=True),
        "not stated": deadline_of("not_stated", "2026-11-19T15:20"),
    }


class Fragment(HTMLParser):
    """What a browser would make of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.texts.append("" if tag == "span" else " ")
        self.seen.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.texts.append(data)
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += data

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.seen if tag == name]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_is_one_closed_section_in_its_language(name: str, lang: Language) -> None:
    """Every element is closed in order, and nothing stands outside the section."""
    html = deadline_html(cases()[name], lang)
    page = Fragment(html)
    assert page.open == []
    assert page.wrong == []
    assert html.startswith("<section")
    assert html.endswith("</section>")
    assert [tag for tag, _ in page.seen].count("section") == 1
    assert page.tags("section")[0]["lang"] == lang


@pytest.mark.parametrize("name", NAMES)
def test_the_fragment_brings_no_script_no_address_and_no_identifier(name: str) -> None:
    """It may stand in any page, also twice: nothing runs, loads or clashes."""
    page = Fragment(deadline_html(cases()[name]))
    assert {tag for tag, _ in page.seen} & {"script", "link", "img", "iframe", "form"} == set()
    names = {name for _, attrs in page.seen for name in attrs}
    assert names <= {"aria-label", "class", "datetime", "lang", "role", "scope"}


def test_every_rule_of_the_style_stays_inside_the_fragment() -> None:
    """Each selector begins with the class of the section, so the page around keeps its looks."""
    plain = re.sub(r"/\*.*?\*/", "", notice_style(), flags=re.DOTALL)
    selectors = [
        one.strip()
        for group in re.findall(r"([^{}]+)\{", plain)
        if not group.strip().startswith("@")
        for one in group.split(",")
    ]
    assert len(selectors) > 20
    assert [one for one in selectors if not one.startswith(".igate-deadline")] == []
    assert "url(" not in plain
    assert "@import" not in plain


def test_every_class_of_the_fragment_is_namespaced() -> None:
    """A rule of the page for .due or .table does not reach in."""
    for deadline in cases().values():
        classes = {
            name
            for _, attrs in Fragment(deadline_html(deadline)).seen
            for name in (attrs.get("class") or "").split()
        }
        assert {name for name in classes if not name.startswith(("igd-", "igate-"))} == set()


def test_the_style_can_be_left_to_the_page() -> None:
    """A page with several fragments, or a strict policy, serves the style once."""
    assert "<style>" in deadline_html(cases()["plain"])
    assert "<style" not in deadline_html(cases()["plain"], styled=False)


def test_the_make_up_saturday_is_told_day_by_day() -> None:
    """Two working days from Thursday 2 May 2024: Friday, then the Saturday worked for 29 April."""
    page = Fragment(deadline_html(cases()["plain"], "vi"))
    assert page.rows == [
        ["Ngày", "Tính", "Lý do", "Căn cứ"],
        ["Thứ Năm 02/05/2024", "không tính", "Ngày tiếp nhận, không tính",
         "Bộ luật Dân sự 2015, Điều 147 khoản 2"],
        ["Thứ Sáu 03/05/2024", "ngày thứ 1", "Ngày làm việc", ""],
        ["Thứ Bảy 04/05/2024", "ngày thứ 2", "Làm bù cho ngày 29/04/2024",
         "Công văn 2450/VPCP-KGVX"],
    ]  # fmt: skip
    assert "Hoán đổi ngày làm việc: Thứ Hai 06/05/2024 17:00" in page.text
    english = Fragment(deadline_html(cases()["plain"], "en"))
    assert english.rows[3][:3] == [
        "Sat 2024-05-04", "day 2", "Make-up working day for 2024-04-29",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_table_has_a_row_for_every_day_of_the_proof(name: str, lang: Language) -> None:
    """Nothing is left out and nothing told twice; the order is that of the days."""
    deadline = cases()[name]
    page = Fragment(deadline_html(deadline, lang))
    days = [attrs["datetime"] for attrs in page.tags("time") if "T" not in str(attrs["datetime"])]
    assert days == [row.date.isoformat() for row in deadline.days]
    assert [cells[2] for cells in page.rows[1:]] == [row.why.text(lang) for row in deadline.days]


def test_the_table_can_be_read_aloud() -> None:
    """It has a caption, headings with scope, and roles that outlive the folding of its rows."""
    page = Fragment(deadline_html(cases()["tet"], "en"))
    assert len(page.tags("caption")) == 1
    assert page.tags("table") == [{"role": "table"}]
    heads = [(attrs["role"], attrs["scope"]) for attrs in page.tags("th")]
    assert heads == [("columnheader", "col")] * 4 + [("rowheader", "row")] * 17
    assert {attrs["role"] for attrs in page.tags("td")} == {"cell"}
    assert {attrs["role"] for attrs in page.tags("tr")} == {"row"}
    assert page.tags("section")[0]["aria-label"] == "Result due"


def test_the_headings_follow_those_of_the_page() -> None:
    """A page that has a second-level heading above asks for a third-level one here."""
    tags = [tag for tag, _ in Fragment(deadline_html(cases()["restart"], heading=3)).seen]
    assert tags.count("h3") == 1
    assert tags.count("h4") == 2
    assert "h2" not in tags


def test_a_restart_is_told_with_its_article_and_the_date_without_it() -> None:
    """Complete again on 27 August 2026: ten working days more end on 15 September.

    28 August, 3 and 4 September, 7 to 11, 14 and 15: the 31st is swapped off, 1 and 2 September
    are National Day. Without the wait: 18 to 21 August, Saturday 22 (made up), 24 to 28.
    """
    text = Fragment(deadline_html(cases()["restart"], "en")).text
    assert "Result due Tue 2026-09-15 17:00" in text
    assert "waiting for a supplement; counted anew afterwards." in text
    assert "Decree 118/2025/NĐ-CP, art. 19(5)" in text
    assert "Interruptions of the clock: Fri 2026-08-28 17:00" in text
    assert "Swapped working days: Mon 2026-09-14 17:00" in text


def test_an_open_suspension_shows_what_is_left_and_no_date() -> None:
    """3, 4, 5, 6 and 9 November are used; five of ten working days are left."""
    page = Fragment(deadline_html(cases()["open"], "en"))
    assert "Suspended, no due date yet Left when the clock goes on: 5 working days." in page.text
    assert "Mon 2026-11-09 10:00 – now: waiting for a payment" in page.text
    assert [attrs for attrs in page.tags("p") if attrs.get("class") == "igd-mark"] == []


def test_an_open_wait_for_a_supplement_says_that_the_count_begins_anew() -> None:
    """Nothing is "left": the whole limit starts again (Decree 118/2025 art. 19(5))."""
    deadline = deadline_of(
        "10 working_day", "2026-11-02T08:30", suspend("2026-11-04T10:00", "supplement")
    )
    assert (
        "Once complete, counted anew: 10 working days."
        in Fragment(deadline_html(deadline, "en")).text
    )


def test_what_left_the_clock_running_is_told_too() -> None:
    """Asking another agency does not stop the clock (Decree 118/2025 art. 19(4))."""
    deadline = deadline_of(
        "5 working_day",
        "2026-10-05T09:00",
        suspend("2026-10-06T09:00", "opinion"),
        resume("2026-10-08T09:00", "opinion"),
    )
    text = Fragment(deadline_html(deadline, "vi")).text
    assert "lấy ý kiến cơ quan khác; thời hạn vẫn chạy." in text
    assert "Thứ Hai 12/10/2026 17:00" in text


def test_a_suspension_after_the_end_is_told_as_without_effect() -> None:
    """A limit of three working days from 9 November ends on the 12th; the 16th is too late."""
    deadline = deadline_of(
        "3 working_day", "2026-11-09T09:00", suspend("2026-11-16T10:00"), resume("2026-11-17T10:00")
    )
    text = Fragment(deadline_html(deadline, "en")).text
    assert "Result due Thu 2026-11-12 17:00" in text
    assert "waiting for a payment; after the limit had ended, no effect." in text


def test_a_suspension_before_a_restart_is_told_as_overtaken() -> None:
    """What was suspended before the count began anew takes nothing out of the new count."""
    deadline = deadline_of(
        "10 working_day",
        "2026-11-02T08:30",
        suspend("2026-11-03T09:00"),
        resume("2026-11-04T09:00"),
        suspend("2026-11-05T09:00", "supplement"),
        resume("2026-11-09T09:00", "supplement"),
    )
    text = Fragment(deadline_html(deadline, "en")).text
    assert "waiting for a payment; before the count began anew." in text


def test_what_follows_the_finish_is_not_told() -> None:
    """The clock has ended; a later suspension is no matter of this deadline."""
    finish = ClockMark(kind="finish", at=parse_local("2026-11-04T09:00"))
    deadline = deadline_of(
        "10 working_day", "2026-11-02T08:30", finish, suspend("2026-11-05T09:00")
    )
    assert "waiting" not in deadline_html(deadline, "en")


def test_hours_are_told_as_hours() -> None:
    """Friday from 15:30 gives an hour and a half, of Monday the suspension takes its part."""
    page = Fragment(deadline_html(cases()["hours"], "vi"))
    assert "Thứ Tư 18/11/2026 16:15" in page.text
    shares = [row[1] for row in page.rows[1:]]
    # 90 minutes on Friday; Monday 07:30-09:00 and 14:15-17:00; a full Tuesday; the rest
    assert shares == [
        "1 giờ 30 phút", "không tính", "không tính", "4 giờ 15 phút", "7 giờ 30 phút",
        "6 giờ 45 phút",
    ]  # fmt: skip


def test_an_apology_shows_both_dates() -> None:
    """The new date is the large one; the promised one before it stays on the page."""
    text = Fragment(deadline_html(cases()["apology"], "vi")).text
    assert text.startswith("Ngày hẹn trả kết quả Thứ Sáu 16/10/2026 17:00")
    assert "Trước khi hẹn lại hoặc gia hạn Thứ Hai 12/10/2026 17:00" in text
    assert "xin lỗi và hẹn lại, Thứ Sáu 16/10/2026 17:00. Nghị định 118/2025/NĐ-CP" in text


def test_an_extension_is_told_with_its_length() -> None:
    """Five working days and ten more from 5 October 2026 end on the 26th."""
    more = ClockMark(
        kind="extend", at=parse_local("2026-10-06T09:00"), limit=TimeLimit.parse("10 working_day")
    )
    text = Fragment(
        deadline_html(deadline_of("5 working_day", "2026-10-05T09:00", more), "en")
    ).text
    assert "Result due Mon 2026-10-26 17:00" in text
    assert "Tue 2026-10-06 09:00: extended by 10 working days." in text
    assert text.endswith(
        "Without each of these rules it would be due Extension: Mon 2026-10-12 17:00"
    )


def test_a_start_that_moved_is_told() -> None:
    """A dossier of another boundary counts from the receipt of the competent agency."""
    later = ClockMark(kind="start", at=parse_local("2026-11-04T09:00"))
    text = Fragment(
        deadline_html(deadline_of("2 working_day", "2026-11-02T09:00", later), "en")
    ).text
    assert "Result due Fri 2026-11-06 17:00" in text
    assert "The count begins on Wed 2026-11-04 09:00." in text


def test_a_provisional_date_is_marked() -> None:
    """The days off of 2027 are not announced; the page says so beside the date."""
    assert "Tạm tính: lịch nghỉ của ngày này chưa được công bố" in deadline_html(
        cases()["provisional"], "vi"
    )
    assert "Provisional" not in deadline_html(cases()["plain"], "en")


def test_a_cut_off_is_told_with_what_it_moves() -> None:
    """Twenty past three is after three: 20 November counts as the day of receipt."""
    cutoff = Cutoff(
        at=time(15), moves="start", citation=Citation.parse("Nghị định 63/2024/NĐ-CP, Điều 7")
    )
    deadline = deadline_of("3 working_day", "2026-11-19T15:20", cutoff=cutoff)
    text = Fragment(deadline_html(deadline, "en")).text
    assert "Result due Thu 2026-11-26 17:00" in text
    assert "15:00: what comes later counts as received on the next working day" in text
    assert "Counts as received on Fri 2026-11-20" in text
    assert "Cut-off hour: Wed 2026-11-25 17:00" in text


def test_no_stated_limit_says_so() -> None:
    """A limit that the sources do not state is not shown as a date, a table or a promise."""
    page = Fragment(deadline_html(cases()["not stated"], "vi"))
    assert "Không có ngày hẹn trả Nguồn không quy định thời hạn." in page.text
    assert page.rows == []


def test_the_calendar_as_known_on_a_day_names_the_day() -> None:
    """A date that was counted before an announcement says what it rested on."""
    known = WorkCalendar.vietnam(as_of=parse_local("2025-12-20T00:00").date())
    start = ClockMark(kind="start", at=parse_local("2025-12-19T09:00"))
    deadline = compute_deadline(
        TimeLimit.parse("9 working_day"),
        marks=[start],
        calendar=known,
        rules=shipped_rules(on=start.at.date()),
    )
    assert (
        "civil service (as announced by 2025-12-20)" in Fragment(deadline_html(deadline, "en")).text
    )


@given(st.text(max_size=40))
def test_a_text_from_outside_is_escaped(text: str) -> None:
    """Labels of a host's own rules are shown as they are written and never run."""
    rules = shipped_rules(on=parse_local("2026-11-02T09:00").date())
    hostile = "<script>alert(1)</script>" + text
    label = Label(vi=hostile, en=hostile)
    deadline = deadline_of(
        "3 working_day",
        "2026-11-02T09:00",
        suspend("2026-11-03T09:00", hostile),
        label=label,
        interruptions={"payment": replace(rules.interruptions["payment"], label=label)},
    )
    html = deadline_html(deadline, "vi")
    assert "<script" not in html
    page = Fragment(html)
    assert (page.open, page.wrong) == ([], [])
    assert "<script>alert(1)</script>" in page.text
