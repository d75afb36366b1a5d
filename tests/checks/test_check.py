"""The checker: what it says about procedures, files seen together, and files that change."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from igate.checks.checker import Checker, check_paths
from igate.errors import IgateError
from igate.files.sources import Source
from igate.words.sentence import said
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = ROOT / "tests" / "broken"
TODAY = date(2026, 11, 21)

FILE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ, en: Issue of an example card}
field: {id: libraries, vi: Thư viện, en: Libraries}
level: [xã]
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
"""
CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
LIMIT = f"    limits:\n      - {{limit: 3 working_day, %s{CITED}}}\n"
FEE = f"    fees:\n      - {{amount: 5000, vi: Phí, en: Fee, %s{CITED}}}\n"


def online(scheme: str, level: str) -> str:
    """Write a level of online service."""
    return f'    online:\n      - {{scheme: {scheme}, level: "{level}", basis: assumed}}\n'


def codes(tmp_path: Path, text: str, **options: object) -> list[str]:
    """Check one procedure file and give the codes that are found."""
    (tmp_path / "9.000001-card.yaml").write_text(text, encoding="utf-8")
    return [each.code for each in check_paths([tmp_path], **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "level", "rest", "doubtful"),
    [
        ("decree_43_2011", "4", "", False),
        ("decree_43_2011", "4", LIMIT % "", False),
        ("decree_43_2011", "4", LIMIT % "channel: online, ", False),
        ("decree_43_2011", "4", LIMIT % "channel: post, ", True),
        ("decree_43_2011", "3", LIMIT % "channel: post, ", True),
        ("decree_42_2022", "partial", LIMIT % "channel: counter, ", True),
        ("decree_43_2011", "2", LIMIT % "channel: counter, ", False),
        ("decree_43_2011", "2", LIMIT % "channel: online, ", True),
        ("decree_42_2022", "none", FEE % "channel: online, ", True),
        ("decree_42_2022", "not_stated", LIMIT % "channel: online, ", False),
        ("decree_43_2011", "4", FEE % "", False),
        ("decree_43_2011", "full", "", True),
        ("decree_42_2022", "4", "", True),
    ],
)
def test_a_level_of_online_service_is_held_against_the_file(
    tmp_path: Path,
    scheme: str,
    level: str,
    rest: str,
    doubtful: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Levels 3 and 4 are handed in online (Decree 43/2011, art. 3); 1 and 2 are not."""
    assert codes(tmp_path, FILE + online(scheme, level) + rest) == ["online-level"] * doubtful


def test_a_fee_at_level_4_needs_a_way_to_pay_it_online(tmp_path: Path) -> None:
    """Level 4 is level 3 with the fee paid online (Decree 43/2011, art. 3); level 3 is not."""
    (tmp_path / "counter.yaml").write_text(
        "format: 1\ntemplate: counter\nextends: ordinary\nlabel: {vi: Quầy, en: Counter}\n"
        "citation: Nghị định 118/2025/NĐ-CP, Điều 17\ntransitions:\n"
        "  - {action: pay, from: awaiting_payment, to: processing.same, roles: [receptionist],\n"
        "     clock: resume, reason: payment, sets: {fee_paid: true}}\n",
        encoding="utf-8",
    )
    text = FILE.replace("template: ordinary", "template: counter")
    four, three = online("decree_43_2011", "4"), online("decree_43_2011", "3")
    assert codes(tmp_path, text + four + FEE % "") == ["online-level"]
    assert codes(tmp_path, text + four + FEE % "channel: counter, ") == []
    assert codes(tmp_path, text + four + (FEE % "").replace("5000", "0")) == []
    assert codes(tmp_path, text + three + FEE % "") == []


def test_a_file_is_stale_after_more_than_so_many_days(tmp_path: Path) -> None:
    """Checked on 21 November 2025: 365 days before 21 November 2026, not more."""
    text = FILE.replace('checked_on: "2026-11-21"', 'checked_on: "2025-11-21"')
    assert codes(tmp_path, text) == []
    assert codes(tmp_path, text, stale=365, today=TODAY) == []
    assert codes(tmp_path, text, stale=364, today=TODAY) == ["stale-check"]
    with pytest.raises(IgateError, match="today"):
        check_paths([tmp_path], stale=365)


def test_a_lapsed_instrument_is_stale_from_the_day_it_lapsed(tmp_path: Path) -> None:
    """Decree 42/2022 lapsed on 1 July 2026, in the life of a revision of January 2026."""
    level = online("decree_42_2022", "full").replace(
        "basis: assumed", 'basis: assumed, citation: "Nghị định 42/2022/NĐ-CP, Điều 11"'
    )
    later = FILE.replace('"2026-01-01"', '"2026-07-01"')
    assert codes(tmp_path, FILE + level) == []
    assert codes(tmp_path, FILE + level, stale=365, today=date(2026, 6, 30)) == []
    assert codes(tmp_path, FILE + level, stale=365, today=TODAY) == ["stale-citation"]
    assert codes(tmp_path, later + level) == ["stale-citation"]
    ended = FILE.replace("    citation", '    effective_until: "2026-06-01"\n    citation', 1)
    assert codes(tmp_path, ended + level, stale=365, today=TODAY) == []


@pytest.mark.parametrize(
    ("begins", "instrument", "ended"),
    [
        ("2018-06-20", "Quyết định 09/2015/QĐ-TTg", None),
        ("2018-06-21", "Quyết định 09/2015/QĐ-TTg", "Nghị định 61/2018/NĐ-CP, Điều 40"),
        ("2025-06-30", "Nghị định 107/2021/NĐ-CP", None),
        ("2025-07-01", "Nghị định 107/2021/NĐ-CP", "Nghị định 118/2025/NĐ-CP, Điều 40 khoản 1"),
        ("2025-07-01", "Nghị định 61/2018/NĐ-CP", "Nghị định 118/2025/NĐ-CP, Điều 40 khoản 1"),
        ("2026-06-30", "Nghị định 42/2022/NĐ-CP", None),
        (
            "2026-07-01",
            "Nghị định 42/2022/NĐ-CP",
            "Nghị định 224/2026/NĐ-CP, Điều 90 khoản 2 điểm b",
        ),
        ("unknown", "Quyết định 09/2015/QĐ-TTg", None),
    ],
)
def test_a_legal_basis_that_had_lapsed_is_named_with_what_ended_it(
    tmp_path: Path, begins: str, instrument: str, ended: str | None
) -> None:
    """Lapsed on the day on which what replaced it took effect, as its closing article says."""
    text = FILE.replace('"2026-01-01"', f'"{begins}"')
    text += f"    legal_basis: [Luật 1/2026/QH16 (giả định), '{instrument}, Điều 19']\n"
    (tmp_path / "9.000001-card.yaml").write_text(text, encoding="utf-8")
    found = [each for each in check_paths([tmp_path]) if each.code != "unknown-start"]
    assert [each.code for each in found] == ([] if ended is None else ["stale-citation"])
    for each in found:
        number = instrument.rpartition(" ")[2]
        assert (each.severity, each.place.line) == ("warning", 12)
        assert each.message.startswith(f"{number} lapsed on {begins} under {ended}, ")
        vietnamese = said(each.message, "vi")
        assert vietnamese.startswith(f"{number} hết hiệu lực từ {begins} theo {ended}, ")
        assert str(ended).partition(",")[0] in each.remedy


def test_nothing_that_is_shipped_cites_what_had_lapsed() -> None:
    """Neither a rule nor a legal basis of the shipped procedures and templates, as of today."""
    found = check_paths([ROOT / "igate" / "workflows"], stale=10_000, today=TODAY)
    assert [str(each) for each in found if each.code == "stale-citation"] == []


def test_untranslated_texts_of_a_file_are_one_note(tmp_path: Path) -> None:
    """Name, field and five papers: seven texts, of which four are named."""
    papers = "".join(f"      - {{vi: Giấy {n}, {CITED}}}\n" for n in range(5))
    text = FILE.replace(", en: Issue of an example card", "").replace(", en: Libraries", ", en: ''")
    (tmp_path / "9.000001-card.yaml").write_text(
        text + "    requirements:\n" + papers, encoding="utf-8"
    )
    (found,) = check_paths([tmp_path])
    assert (found.code, found.severity, found.place.line) == ("missing-translation", "note", 3)
    assert found.message.startswith(
        "7 texts have no English: name, field, revisions.1.requirements.1, "
        "revisions.1.requirements.2 and 3 more."
    )


def test_names_are_compared_as_people_read_them(tmp_path: Path) -> None:
    """Capital letters and blanks make no other name; another level of administration does."""
    second = FILE.replace("9.000001", "9.000002").replace("Cấp thẻ ví dụ", "CẤP THẺ  ví dụ")
    (tmp_path / "9.000002-card.yaml").write_text(second, encoding="utf-8")
    assert codes(tmp_path, FILE) == ["duplicate-name"]
    assert codes(tmp_path, FILE.replace("[xã]", "[tỉnh]")) == []


def test_revisions_that_meet_leave_no_gap(tmp_path: Path) -> None:
    """The end is exclusive: a revision that ends on 1 July and one that begins then meet."""
    first = FILE.replace("    citation", '    effective_until: "2026-07-01"\n    citation', 1)
    second = f'  - effective_from: "2026-07-%s"\n    {CITED}\n    template: ordinary\n'
    assert codes(tmp_path, first + second % "01") == []
    assert codes(tmp_path, first + second % "02") == ["revision-gap"]


def test_a_checker_says_what_the_files_say_now(tmp_path: Path) -> None:
    """A change, a file taken away, a file added: the findings follow."""
    shutil.copy(BROKEN / "unknown-start.yaml", tmp_path / "a.yaml")
    other = FILE.replace("9.000001", "9.000009").replace("level: [xã]\n", "")
    (tmp_path / "b.yaml").write_text(other, encoding="utf-8")
    checker = Checker([tmp_path])
    assert [each.code for each in checker.check()] == ["unknown-start", "duplicate-name"]
    (tmp_path / "b.yaml").unlink()
    assert [each.code for each in checker.check()] == ["unknown-start"]
    text = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(
        text.replace("effective_from: unknown", 'effective_from: "2026-01-01"'), encoding="utf-8"
    )
    assert checker.check() == ()
    shutil.copy(BROKEN / "malformed-yaml.yaml", tmp_path / "c.yaml")
    assert [each.code for each in checker.check()] == ["malformed-yaml"]


def test_a_checker_reads_only_the_file_that_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of eleven files one is read again; the others, and the templates, are remembered."""
    for number in range(11):
        code = f"9.0000{number:02}"
        text = FILE.replace("9.000001", code).replace("ví dụ", f"ví dụ {number}")
        (tmp_path / f"{code}-card.yaml").write_text(text, encoding="utf-8")
    checker = Checker([tmp_path])
    assert checker.check() == ()
    opened: list[str] = []
    read = Source.read
    monkeypatch.setattr(
        Source, "read", lambda self, *rest: opened.append(self.stem) or read(self, *rest)
    )
    assert checker.check() == ()
    assert opened == []
    (tmp_path / "9.000003-card.yaml").write_text(FILE + "    limits: 3\n", encoding="utf-8")
    assert [each.code for each in checker.check()] == ["wrong-type"]
    assert opened == ["9.000003-card"]


def test_a_changed_template_speaks_for_its_procedures_again(tmp_path: Path) -> None:
    """The procedure is not touched; that its role is gone from the template is found."""
    template = (
        "format: 1\ntemplate: brief\nextends: %s\nlabel: {vi: Ngắn, en: Brief}\n"
        "citation: Nghị định 118/2025/NĐ-CP, Điều 17\n"
    )
    council = "roles:\n  council: {vi: Hội đồng, en: Council}\n"
    (tmp_path / "brief.yaml").write_text(template % "ordinary" + council, encoding="utf-8")
    steps = (
        "    steps:\n"
        "      - {number: 1, phase: processing, role: council, vi: Họp, en: Meet}\n"
        "      - {number: 2, phase: handover, role: receptionist, vi: Trả, en: Hand over}\n"
    )
    (tmp_path / "9.000001-card.yaml").write_text(
        FILE.replace("template: ordinary", "template: brief") + steps, encoding="utf-8"
    )
    checker = Checker([tmp_path])
    assert checker.check() == ()
    (tmp_path / "brief.yaml").write_text(template % "ordinary", encoding="utf-8")
    assert [each.code for each in checker.check()] == ["unknown-role"]
    (tmp_path / "brief.yaml").unlink()
    assert [each.code for each in checker.check()] == ["unknown-template"]


def test_a_shipped_file_is_not_its_own_double() -> None:
    """Checked by its path, a template of the library is that template."""
    templates = ROOT / "igate" / "workflows" / "templates"
    found = check_paths([templates, ROOT / "tests" / ".." / "igate" / "workflows" / "templates"])
    assert [each.code for each in found] == []


def test_the_shipped_catalogue_has_no_error() -> None:
    """Its warnings are of few kinds, each of which its sources print so (docs/data.md)."""
    found = check_paths([ROOT / "igate" / "workflows"])
    assert [str(each) for each in found if each.severity == "error"] == []
    warned = {each.code for each in found if each.severity == "warning"}
    assert warned <= {"missing-handover", "duplicate-name"}
