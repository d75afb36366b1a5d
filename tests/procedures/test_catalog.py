"""The catalogue: procedures by code, read on first use."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from igate.checks.checker import check_paths
from igate.errors import DefinitionError, IgateError, ProcedureNotFound
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.filing import core_code
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = TESTS / "broken"
#: a file without errors, only with a note
GOOD = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two procedures, one of them in a folder of its field."""
    (tmp_path / "libraries").mkdir()
    for code, place in (("9.000001", "libraries"), ("9.000002", ".")):
        text = GOOD.replace("9.000001", code).replace("unknown", '"2026-01-01"')
        text = text.replace("Cấp thẻ", f"Cấp thẻ {code}")
        (tmp_path / place / f"{code}-card.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_procedures_have_no_errors() -> None:
    """Whatever the files say, they load; warnings and notes are allowed."""
    catalog = Catalog.shipped()
    assert len(catalog) == len(list(catalog)) > 0
    assert [str(each) for each in catalog.errors()] == []


def test_a_folder_is_read_with_the_folders_in_it(folder: Path) -> None:
    """Codes come from the file names."""
    catalog = Catalog.load(folder)
    assert sorted(catalog) == ["9.000001", "9.000002"]
    assert "9.000001" in catalog
    assert "9.000001.H15" in catalog
    assert "9.000003" not in catalog
    assert 9 not in catalog


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("1.001806", "1.001806"),
        ("1.001806.H15", "1.001806"),
        ("1.001806.000.00.00.H15", "1.001806"),
        (" 1.001806 ", "1.001806"),
        ("1.1806", None),
        ("1.001806.X", None),
        ("", None),
    ],
)
def test_a_code_is_known_with_and_without_suffix(written: str, core: str | None) -> None:
    """Decisions print short codes, codes of a province and the old long ones."""
    assert core_code(written) == core


def test_a_code_with_the_suffix_of_an_agency_finds_its_procedure(folder: Path) -> None:
    """1.009645.H05 in a decision is procedure 1.009645."""
    assert Catalog.load(folder).procedure("9.000001.H05").code == "9.000001"


def test_an_unknown_code_is_answered_with_those_like_it(folder: Path) -> None:
    """A slip of one digit finds the procedure meant."""
    with pytest.raises(ProcedureNotFound, match=r"'9\.000004'.*Codes like it: 9\.00000[12]"):
        Catalog.load(folder).procedure("9.000004")


def test_what_is_no_code_is_said_to_be_none(folder: Path) -> None:
    """A name instead of a code is told how a code is written."""
    with pytest.raises(ProcedureNotFound, match="is not the code of a procedure"):
        Catalog.load(folder).procedure("library card")


def test_the_revision_in_force_on_a_day(folder: Path) -> None:
    """In force from 1 January 2026; the day before there is none."""
    catalog = Catalog.load(folder)
    assert catalog.in_force("9.000001", on=date(2026, 1, 1)).id == "2026-01-01"
    with pytest.raises(ProcedureNotFound, match=r"not in force on 2025-12-31.*2026-01-01, open"):
        catalog.in_force("9.000001", on=date(2025, 12, 31))


def test_a_revision_is_found_by_its_identifier(folder: Path) -> None:
    """A dossier keeps the identifier of the revision under which it was submitted."""
    procedure = Catalog.load(folder).procedure("9.000001")
    assert procedure.revision("2026-01-01").period.start == date(2026, 1, 1)
    with pytest.raises(ProcedureNotFound, match=r"has no revision '2020-01-01'.*2026-01-01"):
        procedure.revision("2020-01-01")


def test_a_file_is_read_on_first_use_and_then_kept(folder: Path) -> None:
    """Making a catalogue opens no file that is named by its code."""
    bad = folder / "9.000003-card.yaml"
    bad.write_text("format: [", encoding="utf-8")
    catalog = Catalog.load(folder)
    first = catalog.procedure("9.000001")
    shutil.rmtree(folder / "libraries")
    assert catalog.procedure("9.000001") is first
    with pytest.raises(DefinitionError, match=r"9\.000003-card\.yaml:\d+:\d+"):
        catalog.procedure("9.000003")


def test_an_error_in_a_file_is_raised_with_all_findings(folder: Path) -> None:
    """The message is what the check prints, a line each."""
    (folder / "9.000002-card.yaml").write_text(
        GOOD.replace("9.000001", "9.000002")
        .replace("officer", "oficer")
        .replace("source", "sorce"),
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as caught:
        Catalog.load(folder).procedure("9.000002")
    assert [each.code for each in caught.value.findings] == [
        "missing-key",
        "unknown-key",
        "unknown-role",
    ]


def test_two_files_with_one_code_are_refused_with_both_names(folder: Path) -> None:
    """Nobody could tell which one counts."""
    (folder / "copy.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        Catalog.load(folder)
    assert "copy.yaml" in str(caught.value)
    assert "libraries/9.000001-card.yaml" in str(caught.value)


def test_a_file_that_is_neither_procedure_nor_template_is_refused(folder: Path) -> None:
    """A catalogue does not leave out what it does not understand."""
    (folder / "notes.yaml").write_text("todo: nothing\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"notes\.yaml"):
        Catalog.load(folder)
    (folder / "notes.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"notes\.yaml:\d+"):
        Catalog.load(folder)


def test_a_file_of_another_name_is_opened_to_see_what_it_holds(tmp_path: Path) -> None:
    """An officer's copy need not be named by its code yet."""
    (tmp_path / "my draft.yaml").write_text(GOOD, encoding="utf-8")
    assert list(Catalog.load(tmp_path / "my draft.yaml")) == ["9.000001"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """For the catalogue and for the check alike."""
    with pytest.raises(IgateError, match="no file or folder"):
        Catalog.load(tmp_path / "absent.yaml")
    with pytest.raises(IgateError, match="no file or folder"):
        check_paths([tmp_path / "absent"])


def test_a_file_that_is_not_utf8_is_an_error_with_its_name(tmp_path: Path) -> None:
    """An old code page would turn Vietnamese into something else."""
    file = tmp_path / "9.000001-card.yaml"
    file.write_bytes("name: Thẻ".encode("utf-16"))
    other = tmp_path / "9.000002-card.yaml"
    other.write_bytes("format: 1\nname: Thẻ\xa0".encode("latin-1", "replace"))
    found = [str(each) for each in check_paths([tmp_path])]
    assert [each.partition("yaml:")[2].partition(" Save")[0] for each in found] == [
        "1:1: error [malformed-yaml] The file is not UTF-8: byte 1 does not fit.",
        "2:10: error [malformed-yaml] The file is not UTF-8: byte 20 does not fit.",
    ]
    with pytest.raises(DefinitionError, match=r"9\.000001-card\.yaml.*not UTF-8"):
        Catalog.load(file).procedure("9.000001")


def test_the_check_of_the_shipped_files_is_that_of_a_folder() -> None:
    """In order of file, line and column; no error is among it, and every file loads."""
    folder = ROOT / "igate" / "workflows" / "procedures"
    found = check_paths([folder])
    places = [(each.place.file, each.place.line, each.place.column) for each in found]
    assert places == sorted(places)
    assert not [str(each) for each in found if each.severity == "error"]
    assert Catalog.shipped().errors() == ()


def test_a_file_given_twice_is_checked_once(folder: Path) -> None:
    """A folder and a file in it do not make two procedures of one code."""
    assert check_paths([folder, folder / "9.000002-card.yaml"]) == ()


def test_a_file_given_twice_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However its path is written: relative, absolute, by its folder, or twice the same."""
    path = tmp_path / "one.yaml"
    path.write_text((BROKEN / "unknown-start.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    given = ("one.yaml", path, path, tmp_path, tmp_path / ".." / tmp_path.name)
    assert len(Catalog.load(*given)) == 1
    assert [each.code for each in check_paths(given)] == ["unknown-start"]


def test_a_shipped_template_given_by_its_path_is_the_shipped_one() -> None:
    """It is that very file, so there is nothing that two files could disagree about."""
    path = ROOT / "igate" / "workflows" / "templates" / "ordinary.yaml"
    assert len(Catalog.load(path)) == 0
    assert check_paths([path]) == ()


def test_a_file_in_the_place_of_a_code_is_answered_with_the_whole_argument() -> None:
    """``igate check FILE`` takes a file, ``igate show`` a code: what to write stands there."""
    with pytest.raises(ProcedureNotFound, match=r"9\.000001 --files own/9\.000001-the\.yaml$"):
        Catalog.load().procedure("own/9.000001-the.yaml")
