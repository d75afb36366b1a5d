"""The shipped internal processes are what the decisions print, and nothing else.

The expected sums and totals stand in ``answers/process_totals.csv``: read in the decisions and
added up by hand at 8 hours a day. These tests read the files as plain YAML texts, so that they
hold whatever the loader of igate does. The rest of the catalogue is held in
``test_catalog_shipped.py``.
"""

from __future__ import annotations

import csv
import doctest
import importlib
import re
import shutil
import sys
import unicodedata
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from igate.errors import ProcedureNotFound
from places import ROOT, TESTS
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

PROCEDURES = ROOT / "igate" / "workflows" / "procedures"
TOOLS = ROOT / "tools"
FIRST_LINE = "# yaml-language-server: $schema=../../schema/procedure.json"
WRITTEN = "Written by tools/write_procedures.py"
NAME = re.compile(r"(?P<code>\d\.\d{6})-[a-z0-9]+(?:-[a-z0-9]+)*\.yaml")
#: letters that Vietnamese has and English has not
VIETNAMESE = set("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
#: marks of a web page or of a cut table
LEFTOVER = re.compile(r"__|\*\*|https?://|\.\.|;;|,,|\|")
HOURS = {"working_day": 8, "day": 8, "working_hour": 1}
ROLES = {
    "clerk",
    "department_leader",
    "head_of_section",
    "leader",
    "officer",
    "other_agency",
    "provincial_committee",
    "receptionist",
}


def load(path: Path) -> dict[str, Any]:
    """Read a file with every value as a text."""
    loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    return loaded


def actors(revision: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return each step, or each of its actors where several act in turn."""
    for step in revision["steps"]:
        for actor in step.get("actors", [step]):
            yield {"phase": step["phase"], **actor}


def answers() -> dict[str, dict[str, str]]:
    """Read the totals of the decisions, by code."""
    text = (TESTS / "answers" / "process_totals.csv").read_text("utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


#: the files of the procedures whose internal process is known
FILES = sorted(
    path for path in PROCEDURES.rglob("*.yaml") if path.name.partition("-")[0] in answers()
)


def hours(limit: str) -> Fraction:
    """Count a limit of one part in hours, 8 hours a day."""
    if limit == "not_counted":
        return Fraction(0)
    length, unit = limit.split(" ")
    return Fraction(length) * HOURS[unit]


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Return every text of a loaded file."""
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


@pytest.fixture(scope="module")
def writer() -> Iterator[ModuleType]:
    """Load the program that writes the files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        yield importlib.import_module("write_procedures")
        for path in TOOLS.glob("*.py"):
            sys.modules.pop(path.stem, None)


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    """Return each shipped file in turn."""
    chosen: Path = request.param
    return chosen


def test_the_processes_are_those_of_the_hand_checked_table() -> None:
    """53 processes are shipped, each code once, and each has its line in the table."""
    codes = [load(path)["code"] for path in FILES]
    assert sorted(codes) == sorted(answers())
    assert len(codes) == 53


def test_a_file_begins_with_the_pointer_to_its_schema(path: Path) -> None:
    """Editors find the schema by the first line."""
    assert path.read_text("utf-8").splitlines()[0] == FIRST_LINE


def test_a_file_is_named_after_its_code_and_stands_in_the_folder_of_its_field(path: Path) -> None:
    """The catalogue finds a procedure by its file name."""
    loaded = load(path)
    match = NAME.fullmatch(path.name)
    assert match is not None
    assert match["code"] == loaded["code"]
    assert path.parent.name == loaded["field"]["id"]


def test_texts_are_nfc_and_vietnamese_texts_have_their_diacritics(path: Path) -> None:
    """No text lost its accents or carries leftovers of the page that it was read from."""
    assert unicodedata.is_normalized("NFC", path.read_text("utf-8"))
    loaded = load(path)
    for text in texts(loaded):
        assert text == " ".join(text.split())
        assert not LEFTOVER.search(text)
    for text in (loaded["name"]["vi"], loaded["field"]["vi"], loaded["ministry"]):
        assert set(text.lower()) & VIETNAMESE
        assert not text.endswith((".", "/", ",", ";"))


def test_english_texts_are_english(path: Path) -> None:
    """Each English text is plain ASCII and differs from the Vietnamese one."""
    loaded = load(path)
    pairs = [loaded["name"], loaded["field"]]
    for revision in loaded["revisions"]:
        for step in revision["steps"]:
            pairs += [step, *([step["agency"]] if "agency" in step else [])]
    for pair in pairs:
        assert pair["en"].isascii()
        assert pair["en"]
        assert pair["en"] != pair["vi"]


def test_the_steps_add_up_to_the_printed_total() -> None:
    """The counted steps of each process are the total that its decision prints."""
    expected = answers()
    for path in FILES:
        loaded = load(path)
        row = expected[loaded["code"]]
        (revision,) = loaded["revisions"]
        found = sum((hours(step["limit"]) for step in actors(revision)), start=Fraction(0))
        assert (loaded["code"], found) == (loaded["code"], Fraction(row["step_hours"]))
        assert found == Fraction(row["total_hours"])


def test_the_limit_is_the_printed_total_in_its_printed_unit() -> None:
    """The citizen's limit is what the decision prints, working days or days as it says."""
    expected = answers()
    shipped = {loaded["code"]: loaded for loaded in map(load, FILES)}
    for code, row in expected.items():
        (revision,) = shipped[code]["revisions"]
        (rule,) = revision["limits"]
        assert (code, rule["limit"]) == (code, row["limit"])
        number, date, issuer = re.fullmatch(r"(\S+) (\S+) (.+)", row["decision"]).groups()  # type: ignore[union-attr]
        year, month, day = date.split("-")
        wanted = f"Quyết định {number} ngày {day}/{month}/{year} của {issuer}"
        assert rule["citation"] == revision["citation"] == wanted
        assert revision["effective_from"] == date


def test_a_printed_working_day_is_never_a_calendar_day() -> None:
    """A total that prints "ngày làm việc" is in working days, and a printed hour in hours."""
    for row in answers().values():
        printed, unit = row["printed_total"], row["limit"].split(" ")[1]
        if "giờ" in printed:
            assert unit == "working_hour"
        elif "làm việc" in printed:
            assert unit == "working_day"
        else:
            assert unit == "day" or row["decision"].startswith("1948/QĐ-UBND")


def test_a_process_begins_at_reception_and_ends_at_handover(path: Path) -> None:
    """Steps are numbered on; reception can only be first, handover only last."""
    for revision in load(path)["revisions"]:
        steps = revision["steps"]
        assert [step["number"] for step in steps] == [str(n + 1) for n in range(len(steps))]
        phases = [step["phase"] for step in steps]
        assert set(phases[1:-1]) <= {"processing"}
        assert phases[0] in {"reception", "processing"}
        assert phases[-1] in {"handover", "processing"}
        assert "processing" in phases


def test_a_step_names_its_role_and_its_printed_actor(path: Path) -> None:
    """Roles are known; actors and labels are short enough to be shown in a list."""
    for revision in load(path)["revisions"]:
        for step in actors(revision):
            assert step["role"] in ROLES
            assert 0 < len(step["actor"]) <= 120
            assert 0 < len(step["vi"]) <= 160
            at_the_counter = step["phase"] in {"reception", "handover"}
            assert at_the_counter == (step["role"] == "receptionist")


def test_a_process_with_a_step_of_the_province_has_two_levels(path: Path) -> None:
    """The template follows from who has a step."""
    for revision in load(path)["revisions"]:
        roles = {step["role"] for step in actors(revision)}
        if "provincial_committee" in roles:
            assert revision["template"] == "two_level"
        else:
            assert revision["template"] == (
                "consultation" if "other_agency" in roles else "ordinary"
            )


def test_the_hours_of_nghe_an_are_those_of_the_decision() -> None:
    """Decision 3857/QĐ-UBND prints 4, 4, 112, 24, 16 and 8 hours, and no time for the handover."""
    (found,) = (load(path) for path in FILES if path.name.startswith("1.012994-"))
    (revision,) = found["revisions"]
    assert [step["limit"] for step in revision["steps"]] == [
        "4 working_hour",
        "4 working_hour",
        "112 working_hour",
        "24 working_hour",
        "16 working_hour",
        "8 working_hour",
        "not_counted",
    ]


def test_the_investor_approval_goes_through_consultation_and_the_province() -> None:
    """Decision 1582/QĐ-UBND gives other departments 7 days (step 6), the province 3 (step 11)."""
    (found,) = (load(path) for path in FILES if path.name.startswith("1.009642-"))
    (revision,) = found["revisions"]
    steps = {step["number"]: step for step in revision["steps"]}
    assert (steps["6"]["role"], steps["6"]["limit"]) == ("other_agency", "7 working_day")
    assert (steps["11"]["role"], steps["11"]["limit"]) == ("provincial_committee", "3 working_day")


def test_the_cut_off_is_the_fifteen_o_clock_of_cao_bang() -> None:
    """Only Cao Bằng's tables print 15:00; it moves the transfer, not the limit."""
    for path in FILES:
        for revision in load(path)["revisions"]:
            if "cutoff" in revision:
                assert revision["citation"].endswith("UBND tỉnh Cao Bằng")
                assert revision["cutoff"]["time"] == "15:00"
                assert revision["cutoff"]["moves"] == "transfer"
                assert "15 giờ" in revision["steps"][0]["vi"]


def test_a_left_out_process_is_not_shipped() -> None:
    """What docs/data.md lists as left out as a whole has no steps of its own."""
    page = (ROOT / "docs" / "data.md").read_text("utf-8")
    rows = page.partition("## Left out")[2].splitlines()
    left_out = {m[1] for row in rows if (m := re.match(r"\| (\d\.\d{6}) \|", row))}
    second_province = {"1.014464"}
    assert {"1.014431", "1.014111", "2.002760", "1.014451"} <= left_out
    assert not set(answers()) & (left_out - second_province)
    for path in PROCEDURES.rglob("*.yaml"):
        if path.name.partition("-")[0] in left_out - second_province:
            assert "steps:" not in path.read_text("utf-8")


def test_the_page_on_the_data_names_every_shipped_code() -> None:
    """Each shipped code stands in the table of decisions in docs/data.md."""
    page = (ROOT / "docs" / "data.md").read_text("utf-8").partition("## How a table")[0]
    named = set(re.findall(r"\d\.\d{6}", page))
    assert set(answers()) <= named


def test_three_processes_are_printed_without_a_handover() -> None:
    """2022/QĐ-UBND (1.012990) and 2929/QĐ-UBND (2.002765, 2.002767) end with the decision."""
    found = [
        path for path in FILES if load(path)["revisions"][0]["steps"][-1]["phase"] != "handover"
    ]
    assert [path.name.partition("-")[0] for path in sorted(found, key=lambda path: path.name)] == [
        "1.012990",
        "2.002765",
        "2.002767",
    ]


@pytest.mark.parametrize("code", sorted(answers()))
def test_a_process_is_in_force_from_the_day_of_its_decision(code: str) -> None:
    """On the day of signing the limit is the printed one; the day before nothing is in force."""
    row = answers()[code]
    signed = date.fromisoformat(row["decision"].split(" ")[1])
    catalog = shipped_catalogue()
    assert str(catalog.in_force(code, on=signed).limit_for(channel="counter")) == row["limit"]
    with pytest.raises(ProcedureNotFound):
        catalog.in_force(code, on=signed - timedelta(days=1))


@pytest.mark.parametrize("code", sorted(answers()))
def test_a_dossier_can_pass_every_step_of_its_process(code: str) -> None:
    """From submission to the returned result, the shipped workflow goes through each step."""
    row = answers()[code]
    signed = date.fromisoformat(row["decision"].split(" ")[1])
    workflow = shipped_catalogue().in_force(code, on=signed).workflow
    onward = ("receive", "transfer", "forward", "submit_up", "committee_return", "finish")
    state, passed = workflow.initial, [workflow.initial]
    while not workflow.states[state].is_end:
        ways = [t for t in workflow.transitions if t.source == state]
        (way,) = [t for t in ways if t.action in {*onward, "return_result"}]
        state = way.target
        assert state not in passed
        passed.append(state)
    steps = [number for name in passed if (number := workflow.states[name].step) is not None]
    assert steps == [step.number for step in workflow.steps]
    assert workflow.states[state].national_status == 10


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("steps", ("112 giờ", "111 giờ"), "167 working hours, the printed total 168"),
        ("steps", ("112 giờ", "about 112"), "is not a time"),
        ("steps", ("compensation-deduction,2,", "compensation-deduction,9,"), "not numbered"),
        ("steps", ("Ký phê duyệt kết quả,\n", "Ký,\n"), "no label"),
        ("processes", ("19 working_day,printed", "19 working_day,"), "how a plain"),
        ("processes", ("dong-nai-2776", "dong-nai-9999"), "no decision"),
        ("procedures", (",emission-fee,", ",emission-tax,"), "no process"),
        ("procedures", ("1.014465,", "1.014464,"), "stands there twice"),
        ("procedures", ("1.014465,", "1.001193,"), "in procedures.csv and in catalogue.csv"),
        ("fields", ("Trẻ em", unicodedata.normalize("NFD", "Trẻ em")), "NFC"),
        ("fields", ("\nho-tich,", "\nhotich,"), "no field 'ho-tich'"),
        ("limits", ("\n1.000028,", "\n1.999999,"), "no procedure '1.999999'"),
        ("limits", (",counter,", ",window,"), "no channel 'window'"),
        ("collections", ("\nportal,", "\nportals,"), "no collection 'portal'"),
    ],
)
def test_the_script_refuses_tables_that_contradict_themselves(
    writer: ModuleType, tmp_path: Path, table: str, change: tuple[str, str], message: str
) -> None:
    """A slip in the tables is named, not repaired and not written."""
    facts = tmp_path / "facts"
    shutil.copytree(ROOT / "tools" / "facts", facts)
    path = facts / f"{table}.csv"
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(writer.FactsError, match=message):
        writer.write(tmp_path / "out", facts)
    assert not (tmp_path / "out").exists()


def test_the_examples_of_the_scripts_hold(writer: ModuleType) -> None:
    """The doctests of the scripts, which stand outside the tested folders."""
    assert writer.__name__ in sys.modules
    attempted = 0
    for name in ("facts_tables", "internal_processes", "published_procedures"):
        result = doctest.testmod(sys.modules[name])
        assert result.failed == 0
        attempted += result.attempted
    assert attempted >= 4


def test_actors_of_one_printed_row_are_one_step() -> None:
    """Sơn La 2929 prints six steps; B2 has two actors, B3 three: ¼, ¼ and ¼, ½, 3½ days."""
    for path in (path for path in FILES if path.name.startswith(("2.002755-", "2.002757-"))):
        (revision,) = load(path)["revisions"]
        assert [step["number"] for step in revision["steps"]] == list("123456")
        times = [[each["limit"] for each in step.get("actors", [])] for step in revision["steps"]]
        assert times[1] == ["0.25 working_day"] * 2
        assert times[2] == ["0.25 working_day", "0.5 working_day", "3.5 working_day"]
