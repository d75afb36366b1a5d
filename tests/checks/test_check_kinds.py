"""``igate check`` recognises the kind of a file by its keys and checks it as that."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from igate.calendar import read_layer
from igate.calendar.reading import _FILE_KEYS
from igate.checks.checker import Checker, check_paths
from igate.deadlines.rulefile import RulesFile
from igate.errors import DefinitionError
from igate.exchange.portalfile import PortalFile
from igate.files.kinds import KEYS, PAGES, kind_of
from igate.metrics.columns import INPUT
from igate.metrics.logs.mapping import _KEYS
from igate.metrics.mapping import _DECLARED
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.reading.keys import ProcedureFile, TemplateFile
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LAYER = """\
format: 1
year: 2027
checked_on: "2026-11-21"
records:
  - date: "2027-03-03"
    effect: "off"
    kind: local
    scope: both
    citation: Quyết định 1/QĐ-UBND (giả định)
    source: invented
    confidence: memory
    announced_on: unknown
"""
MAP = "code: Mã hồ sơ\nreceived: Ngày tiếp nhận\ndates: {received: day_first}\n"
LOG = "case: MaHoSo\nactivity: SuKien\nmoment: ThoiDiem\nmarks: {start: Tiếp nhận}\n"


def codes(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    """Check a file, and give the codes and lines of what is found."""
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    return [(each.code, each.place.line) for each in check_paths([tmp_path / "a.yaml"])]


@pytest.mark.parametrize("text", [LAYER, MAP, LOG], ids=["layer", "map", "log"])
def test_a_file_that_is_no_procedure_is_checked_as_what_it_is(tmp_path: Path, text: str) -> None:
    """Nothing is said of the keys that a procedure has."""
    assert codes(tmp_path, text) == []


@pytest.mark.parametrize(
    "path",
    [
        "igate/deadlines/vn/decree.yaml", "igate/calendar/vn/2026.yaml",
        "igate/exchange/vn/portal-2025.yaml",
    ],
)  # fmt: skip
def test_the_shipped_files_of_other_kinds_are_in_order(path: str) -> None:
    """Clock rules, announced days and the mapping of a portal."""
    assert [each for each in check_paths([ROOT / path]) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (LAYER.replace("effect", "efect"), [("missing-key", 5), ("unknown-key", 6)]),
        (LAYER.replace("2027-03-03", "2028-03-03"), [("bad-date", 5)]),
        # 1 May is off by law already: a swap cannot give it
        (LAYER.replace("2027-03-03", "2027-05-01").replace("kind: local", 'pair: "2027-05-08"')
         + LAYER.partition("records:\n")[2].replace("2027-03-03", "2027-05-08")
         .replace("kind: local", 'pair: "2027-05-01"').replace('"off"', "work"),
         [("unusable-file", 5)]),
        (MAP.replace("received:", "recieved:", 1), [("unusable-file", 2)]),
        (LOG.replace("start", "begin"), [("unusable-file", 1)]),
        (LAYER + "year: 2027\n", [("duplicate-key", 13)]),
    ],
)  # fmt: skip
def test_what_its_reader_refuses_is_found(
    tmp_path: Path, text: str, wanted: list[tuple[str, int]]
) -> None:
    """At the line, with the words of the reader."""
    assert sorted(codes(tmp_path, text)) == sorted(wanted)


def test_a_layer_with_a_key_twice_is_not_read(tmp_path: Path) -> None:
    """YAML would keep the last of the two silently."""
    (tmp_path / "a.yaml").write_text(LAYER + "year: 2028\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="a second time"):
        read_layer(tmp_path / "a.yaml")


def test_a_file_of_no_known_kind_is_answered_with_the_kinds(tmp_path: Path) -> None:
    """It is neither passed over nor called a broken procedure."""
    (tmp_path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    (found,) = check_paths([tmp_path])
    assert found.code == "file-kind"
    for words in ("procedures", "templates", "clock rules", "layers", "column maps", "event logs"):
        assert words in found.remedy


def test_a_file_that_becomes_another_is_checked_as_that(tmp_path: Path) -> None:
    """A checker that is kept sees it."""
    file = tmp_path / "a.yaml"
    file.write_text(LAYER, encoding="utf-8")
    checker = Checker([tmp_path])
    assert checker.check() == ()
    file.write_text("recieved: NgayNhan\nchannel: Kenh\n", encoding="utf-8")
    assert [each.code for each in checker.check()] == ["unusable-file"]


def test_a_catalogue_leaves_other_files_of_a_folder_out(tmp_path: Path) -> None:
    """One that is named is refused: it was taken for a procedure."""
    (tmp_path / "layer.yaml").write_text(LAYER, encoding="utf-8")
    shutil.copy(ROOT / "tests" / "broken" / "unknown-start.yaml", tmp_path / "a.yaml")
    assert len(Catalog.load(tmp_path)) == 1
    with pytest.raises(DefinitionError, match="This is a layer of the calendar, neither"):
        Catalog.load(tmp_path / "layer.yaml")


def test_the_keys_of_the_kinds_are_those_that_are_read() -> None:
    """A key that a reader gets is known here too."""
    models = {"procedure": ProcedureFile, "template": TemplateFile, "rules": RulesFile}
    for kind, model in {**models, "portal": PortalFile}.items():
        names = {field.alias or name for name, field in model.model_fields.items()}
        assert KEYS[kind] == names, kind  # type: ignore[index]
    assert KEYS["layer"] == set(_FILE_KEYS)
    assert KEYS["map"] == {*INPUT, *_DECLARED}
    assert KEYS["log_map"] == set(_KEYS)
    for kind, keys in KEYS.items():
        assert kind_of(keys) == kind


def test_each_kind_has_its_page() -> None:
    """In both languages, and it is there."""
    assert PAGES.keys() == KEYS.keys()
    for page in PAGES.values():
        assert (ROOT / page.text("en")).is_file()
        assert (ROOT / page.text("vi")).is_file()


def test_due_counts_on_the_calendar_of_the_desk(tmp_path: Path) -> None:
    """Three working days from Monday 1 March 2027 end on Thursday, without the 3rd on Friday."""
    (tmp_path / "layer.yaml").write_text(LAYER, encoding="utf-8")
    asked = ["due", "--received", "2027-03-01T09:00", "--limit", "3 working_day"]
    assert "Due: Thu 04/03/2027" in run_command(asked, tmp_path).stdout
    done = run_command([*asked, "--layer", "layer.yaml"], tmp_path)
    assert "Due: Fri 05/03/2027" in done.stdout
    assert "Quyết định 1/QĐ-UBND" in done.stdout or "Decision 1/QĐ-UBND" in done.stdout
    done = run_command([*asked, "--layer", "none.yaml"], tmp_path)
    assert (done.returncode, "none.yaml" in done.stderr) == (2, True)
