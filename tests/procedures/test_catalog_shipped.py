"""The shipped catalogue: a province's 1,543 procedures, and 26 more whose process is known.

The files are read here as plain YAML texts, so that these tests hold whatever the loader does. The
expected numbers were counted in the collection from which the facts tables were made.
"""

from __future__ import annotations

import csv
import importlib
import re
import sys
import unicodedata
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from igate.checks.checker import check_paths
from igate.procedures.catalog.listing import listing_of, summarise
from places import ROOT
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from igate.procedures.catalog.catalog import Catalog

TOOLS = ROOT / "tools"
PROCEDURES = ROOT / "igate" / "workflows" / "procedures"
FIRST_LINE = "# yaml-language-server: $schema=../../schema/procedure.json"
NAME = re.compile(r"(?P<code>\d\.\d{6})-[a-z0-9]+(?:-[a-z0-9]+)*\.yaml")
#: letters that Vietnamese has and English has not
VIETNAMESE = set("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
#: marks of a web page or of a cut table
LEFTOVER = re.compile(r"__|\*\*|https?://|\.\.|;;|,,|\|| \( ")
#: under these codes the collection holds the page of another procedure
UNKNOWN = {
    "1.002544", "1.014208", "2.001428", "2.001709", "3.000224", "3.000226", "3.000243",
    "3.000244", "3.000246", "3.000272", "3.000274", "3.000283", "3.000284", "3.000285",
    "3.000286", "3.000331", "3.000332",
}  # fmt: skip
SOME_DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, Any]]:
    """Return every shipped file with all values as texts, by its path."""
    return {
        path.relative_to(PROCEDURES).as_posix(): yaml.load(
            path.read_text("utf-8"), Loader=yaml.CBaseLoader
        )
        for path in sorted(PROCEDURES.rglob("*.yaml"))
    }


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Return the shipped catalogue, read from its files and not from a cache."""
    return shipped_catalogue()


@pytest.fixture(scope="module")
def writer() -> Iterator[ModuleType]:
    """Load the program that writes the files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        yield importlib.import_module("write_procedures")
        for path in TOOLS.glob("*.py"):
            sys.modules.pop(path.stem, None)


def levels(loaded: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return level and basis of a file by scheme."""
    (revision,) = loaded["revisions"]
    return {each["scheme"]: (each["level"], each["basis"]) for each in revision.get("online", ())}


def of_the_province(files: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the files of the province's catalogue by code: those with a level of Decree 43."""
    return {each["code"]: each for each in files.values() if "decree_43_2011" in levels(each)}


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    """Return every text of a loaded file."""
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def test_there_are_1543_procedures_of_the_province_and_26_more(
    files: dict[str, dict[str, Any]],
) -> None:
    """Each code stands in one file; 53 have a printed process, 27 of them in the province's."""
    codes = [each["code"] for each in files.values()]
    with_process = {each["code"] for each in files.values() if "steps" in each["revisions"][0]}
    assert (len(codes), len(set(codes))) == (1569, 1569)
    assert len(of_the_province(files)) == 1543
    assert (len(with_process), len(with_process & of_the_province(files).keys())) == (53, 27)


def test_a_file_is_named_after_its_code_and_stands_in_the_folder_of_its_field(
    files: dict[str, dict[str, Any]],
) -> None:
    """The catalogue finds a procedure by its file name."""
    for path, loaded in files.items():
        folder, _, name = path.partition("/")
        match = NAME.fullmatch(name)
        assert match is not None
        assert (match["code"], folder) == (loaded["code"], loaded["field"]["id"])


def test_every_file_begins_with_the_pointer_to_its_schema() -> None:
    """Editors find the schema by the first line."""
    for path in PROCEDURES.rglob("*.yaml"):
        assert path.read_text("utf-8").startswith(f"{FIRST_LINE}\n")


def test_texts_are_nfc_and_carry_no_leftovers(files: dict[str, dict[str, Any]]) -> None:
    """No name lost its accents, ends in a stop, or carries marks of the page it was read from."""
    for path, loaded in files.items():
        for text in texts(loaded):
            assert unicodedata.is_normalized("NFC", text)
            assert text == " ".join(text.split()), path
        for text in (loaded["name"]["vi"], loaded["field"]["vi"]):
            assert set(text.lower()) & VIETNAMESE, path
            assert not LEFTOVER.search(text), path
            assert not text.endswith((".", "/", ",", ";", ":")), path
            assert text.count("(") == text.count(")"), path


def test_english_texts_are_english(files: dict[str, dict[str, Any]]) -> None:
    """Every field has its English name, and where a procedure has one it is plain ASCII."""
    for loaded in files.values():
        assert loaded["field"]["en"]
        for pair in (loaded["name"], loaded["field"]):
            assert pair.get("en", "").isascii()
            assert pair.get("en") != pair["vi"]


def test_a_field_is_written_in_one_way(files: dict[str, dict[str, Any]]) -> None:
    """Identifier, Vietnamese and English name of a field go together, 158 times."""
    fields = {tuple(each["field"].values()) for each in files.values()}
    assert len(fields) == len({field[0] for field in fields}) == 158
    assert len({field[1].casefold() for field in fields}) == 158
    table = (TOOLS / "facts" / "fields.csv").read_text("utf-8").splitlines()
    assert {row["field"] for row in csv.DictReader(table)} == {field[0] for field in fields}


def test_a_name_that_is_not_known_is_not_made_up(files: dict[str, dict[str, Any]]) -> None:
    """Under 17 codes the collection shows another procedure: nothing is taken from that page."""
    unnamed = {each["code"]: each for each in files.values() if "Chưa rõ tên" in each["name"]["vi"]}
    assert set(unnamed) == UNKNOWN
    for code, loaded in unnamed.items():
        (revision,) = loaded["revisions"]
        assert code in loaded["name"]["vi"]
        assert loaded["field"]["id"] == "chua-ro-linh-vuc"
        assert "level" not in loaded
        assert [rule["limit"] for rule in revision["limits"]] == ["not_stated"]


def test_eight_names_stand_for_two_codes_each(files: dict[str, dict[str, Any]]) -> None:
    """The collection gives them so: six land procedures of province and commune, and two more."""
    codes: dict[str, list[str]] = {}
    for each in files.values():
        codes.setdefault(each["name"]["vi"].casefold(), []).append(each["code"])
    assert sorted(sorted(found) for found in codes.values() if len(found) > 1) == [
        ["1.001211", "1.001229"],
        ["1.013218", "1.013234"],
        ["1.013825", "1.013950"],
        ["1.013826", "1.013952"],
        ["1.013827", "1.013953"],
        ["1.013828", "1.014284"],
        ["1.013945", "1.014275"],
        ["1.013946", "1.013965"],
    ]


def test_the_mix_of_online_levels_is_that_of_the_province(
    files: dict[str, dict[str, Any]],
) -> None:
    """Đắk Lắk, March 2022: 456 at level 3 and 712 at level 4 of 1,543, that is 46.14 %."""
    mix = Counter(levels(each)["decree_43_2011"][0] for each in of_the_province(files).values())
    assert mix == {"4": 712, "3": 456, "2": 375}
    assert round(100 * 712 / 1543, 2) == 46.14


def test_328_levels_rest_on_a_published_one(files: dict[str, dict[str, Any]]) -> None:
    """224 full and 104 partial are published; full stands for 4, partial for 3 (assumed)."""
    published = Counter()
    for each in of_the_province(files).values():
        found = levels(each)
        assert found["decree_43_2011"][1] == "assumed"
        if "decree_42_2022" in found:
            service, basis = found["decree_42_2022"]
            assert basis == "published"
            assert found["decree_43_2011"][0] == {"full": "4", "partial": "3"}[service]
            published[service] += 1
    assert published == {"full": 224, "partial": 104}


def test_an_assumed_level_follows_the_written_rule(files: dict[str, dict[str, Any]]) -> None:
    """A limit printed for the online channel comes first, then another limit, then none."""
    printed: dict[str, set[str]] = {}
    for row in csv.DictReader((TOOLS / "facts" / "limits.csv").read_text("utf-8").splitlines()):
        if row["limit"]:
            printed.setdefault(row["code"], set()).update(row["channels"].split() or {"any"})
    places: dict[str, list[tuple[int, str]]] = {"4": [], "3": [], "2": []}
    for code, each in of_the_province(files).items():
        if "decree_42_2022" not in levels(each):
            group = 2 - (code in printed) - ("online" in printed.get(code, ()))
            places[levels(each)["decree_43_2011"][0]].append((group, code[::-1]))
    assert [len(places[level]) for level in ("4", "3", "2")] == [488, 352, 375]
    assert max(places["4"]) < min(places["3"])
    assert max(places["3"]) < min(places["2"])


def test_1000_procedures_of_the_province_state_a_limit(files: dict[str, dict[str, Any]]) -> None:
    """949 limits are taken from the collection, 31 from decisions, 20 from laws.

    Something is printed for 1,059 procedures: these 949, 22 of those with a decision, one that a
    law says better, another procedure's limit (17), several values without their cases (38), a text
    that is no limit (21), "no information" (11). Nothing is printed for 484, of which 9 have a
    decision and 19 a law.
    """
    assert 949 + 22 + 1 + 17 + 38 + 21 + 11 == 1059
    assert 484 - 9 - 19 + 17 + 38 + 21 + 11 == 1543 - 1000 == 543
    stated = sum(
        any(rule["limit"] != "not_stated" for rule in each["revisions"][0]["limits"])
        for each in of_the_province(files).values()
    )
    assert stated == 1000


@pytest.mark.parametrize(
    ("code", "channel", "case", "limit"),
    [
        # one value for all three channels
        ("1.003695", "online", "", "30 working_day"),
        ("1.000028", "counter", "", "1 working_day"),
        # 1 and 2 working days are printed, without saying when each holds
        ("1.000028", "online", "", "not_stated"),
        ("1.000028", "post", "", "not_stated"),
        # a limit for each channel
        ("1.008596", "online", "", "60 working_day"),
        ("1.008596", "counter", "", "10 working_day"),
        ("1.000603", "online", "", "6 working_hour"),
        ("1.000603", "post", "", "24 working_hour"),
        # printed for the counter only, in hours
        ("1.003984", "counter", "", "24 hour"),
        ("1.003984", "online", "", "not_stated"),
        ("1.001010", "counter", "", "6 month"),
        # cases that the source names
        ("1.011516", "online", "", "14 day"),
        ("1.011516", "online", "công trình khai thác nước là hồ chứa, đập dâng", "28 day"),
        ("1.014834", "counter", "cấp Giấy xác nhận", "8 working_day"),
        ("1.014834", "counter", "", "not_stated"),
        # stages of the work, not a limit
        ("1.003160", "counter", "", "not_stated"),
        # no limit in the source, and no information at all
        ("1.004884", "counter", "", "not_stated"),
        ("2.000927", "counter", "", "not_stated"),
        # a law says it: Nghị định 23/2015/NĐ-CP, Điều 7 and 37; Luật Hộ tịch, Điều 18
        ("2.000884", "counter", "", "0 working_day until 15:00"),
        ("2.001019", "counter", "", "2 working_day"),
        ("1.000894", "counter", "cần xác minh điều kiện kết hôn", "5 working_day"),
        # the printed total of a process counts, not the 30 working days of the collection
        ("1.008603", "counter", "", "10 working_day"),
    ],
)
def test_a_limit_is_what_the_source_prints(
    catalog: Catalog, code: str, channel: str, case: str, limit: str
) -> None:
    """Where the source does not say which of its values counts, none is chosen."""
    revision = catalog.in_force(code, on=SOME_DAY)
    assert str(revision.limit_for(channel=channel, case=case)) == limit


def test_a_procedure_without_a_known_day_is_in_force_on_every_day(catalog: Catalog) -> None:
    """1,516 files do not know since when they apply; the check notes each."""
    notes = Counter(each.code for each in check_paths([PROCEDURES]))
    assert notes["unknown-start"] == 1516
    assert catalog.in_force("1.001193", on=date(2015, 1, 1)).id == "unknown"


def test_the_whole_shipped_catalogue_loads_without_an_error(catalog: Catalog) -> None:
    """No file and no template has a finding of the severity error, and every file makes values."""
    assert [str(each) for each in catalog.errors()] == []
    assert [each.code for each in catalog.procedures()] == list(catalog)


def test_a_citation_is_the_decision_or_says_that_it_is_assumed(catalog: Catalog) -> None:
    """2915/QĐ-BTC publishes 1.000016; for 190 procedures no number is known."""
    assert str(catalog.in_force("1.000016", on=SOME_DAY).citation) == "Quyết định 2915/QĐ-BTC"
    revisions = [revision for each in catalog.procedures() for _, revision in each.revisions]
    unknown = [each.citation for each in revisions if each.citation.assumed]
    assert len(unknown) == 190
    known = [each for each in revisions if not each.citation.assumed]
    assert sum(each.steps_basis == "assumed" for each in known) == 1326
    assert 1326 + 27 == 1353 == 1543 - 190
    assert {str(each) for each in unknown} == {"Quyết định không rõ số (giả định)"}


def test_steps_without_a_published_process_are_those_of_a_template(catalog: Catalog) -> None:
    """They are marked as assumed and state no time; the province's committee makes two levels."""
    for procedure in catalog.procedures():
        ((_, revision),) = procedure.revisions
        if revision.steps_basis == "published":
            continue
        committee = any(
            re.match(r"(?:chủ tịch )?[uủ][yỷ] ban nhân dân (?:cấp )?tỉnh$", agency.lower())
            for agency in procedure.agencies
        )
        assert revision.template == ("two_level" if committee else "ordinary"), procedure.code
        assert {
            step.limit is not None and step.limit.stated for step in revision.workflow.steps
        } == {False}


def test_the_index_says_what_the_files_say(catalog: Catalog) -> None:
    """Listing and searching by the index gives what reading all files would."""
    read = sorted((listing_of(each) for each in catalog.procedures()), key=lambda each: each.code)
    assert catalog.listings() == tuple(read)


def test_the_summary_counts_what_is_there(catalog: Catalog) -> None:
    """The numbers of ``igate catalog summary``: 328 levels rest on a published one."""
    record = summarise(catalog.listings()).record()
    assert record["procedures"] == 1569
    assert record["limit"] == {"stated": 1026, "not_stated": 543}
    assert record["steps"] == {"published": 53, "assumed": 1516}
    assert record["online_decree_43_2011"] == {
        "procedures": 1543,
        "levels": {
            "4": {"total": 712, "published": 224, "assumed": 488},
            "3": {"total": 456, "published": 104, "assumed": 352},
            "2": {"total": 375, "published": 0, "assumed": 375},
        },
        "basis": {"published": 328, "assumed": 1215},
        "share_level_4": 0.4614,
    }
    assert record["online_decree_42_2022"] == {"full": 227, "partial": 116}
    # by hand: what is published, and of the 1,215 assumed levels 488 fours, 352 threes, 375 twos
    assert record["online_decree_224_2026"] == {
        "basis": "assumed", "full": 227 + 488, "partial": 116 + 352, "none": 375,
    }  # fmt: skip


def test_the_page_on_the_data_gives_these_numbers() -> None:
    """docs/data.md is held to what the other tests count."""
    page = (ROOT / "docs" / "data.md").read_text("utf-8")
    for number in ("1,569", "1,543", "1,516", "1,000", "543", "328", "1,215", "712", "456", "375",
                   "224", "104", "488", "352", "190", "1,059", "484", "158", "1,326",
                   "1,353"):  # fmt: skip
        assert re.search(rf"(?<![\d,]){number}(?![\d,]\d)", page), number
    assert set(re.findall(r"\d\.\d{6}", page)) >= UNKNOWN


def test_the_files_are_those_that_the_script_writes(writer: ModuleType) -> None:
    """``--check`` finds nothing to do: a change was made in the tables, not in a file."""
    assert writer.differences() == []
    assert writer.main(["--check"]) == 0


def test_the_script_writes_the_same_files_into_an_empty_folder(
    writer: ModuleType, tmp_path: Path
) -> None:
    """The files follow from the tables alone, and a second run changes nothing."""
    assert len(writer.write(tmp_path)) == 1570
    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (PROCEDURES / path.relative_to(tmp_path)).read_bytes()
    assert writer.write(tmp_path) == []


def test_the_check_reports_changed_missing_and_stale_files(
    writer: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file edited, removed or renamed by hand is named, and the exit status is 1."""
    writer.write(tmp_path)
    edited, removed, *_ = sorted(tmp_path.rglob("*.yaml"))
    edited.write_text(edited.read_text("utf-8").replace("format: 1", "format: 2"), "utf-8")
    stale = removed.rename(removed.with_name("1.999999-renamed.yaml"))
    by_hand = tmp_path / "own.yaml"
    by_hand.write_text("format: 1\n", "utf-8")
    index = tmp_path / "index.json"
    index.unlink()
    wanted = {p.relative_to(tmp_path).as_posix() for p in (edited, removed, stale, index)}
    assert set(writer.differences(tmp_path)) == wanted
    assert writer.main(["--check", "--folder", str(tmp_path)]) == 1
    assert stale.relative_to(tmp_path).as_posix() in capsys.readouterr().out
    assert set(writer.write(tmp_path)) == wanted
    assert by_hand.exists()
    assert not stale.exists()
