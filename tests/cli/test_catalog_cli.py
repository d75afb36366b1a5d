"""The command ``igate catalog``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from igate.cli.catalog import catalog_app
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = TESTS / "broken"
GOOD = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as on a screen of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalog_app, list(arguments))


def test_a_search_prints_the_best_first() -> None:
    """1.001193 is the registration of a birth; an assumed level carries a mark."""
    done = run("search", "khai sinh", "--limit", "3", "--lang", "vi")
    assert done.exit_code == 0
    _, first, *_ = done.output.splitlines()
    assert first.startswith("1.001193  Thủ tục đăng ký khai sinh")
    assert "* giả định" in done.output


def test_a_search_in_json_has_what_is_known_of_each() -> None:
    """The process of 1.001806 is published, its online level is not."""
    (found,) = json.loads(run("search", "1.001806.H15", "--json").output)
    assert found["code"] == "1.001806"
    assert found["field"] == {
        "id": "bao-tro-xa-hoi",
        "vi": "Bảo trợ xã hội",
        "en": "Social protection",
    }
    assert found["limits"] == ["10 working_day"]
    assert found["steps_basis"] == "published"
    assert found["online"]["basis"] == "assumed"


def test_the_list_of_a_field_is_in_the_order_of_the_codes() -> None:
    """All of a field, however many."""
    done = run("list", "--field", "ho-tich", "--json")
    codes = [each["code"] for each in json.loads(done.output)]
    assert len(codes) == 37
    assert codes == sorted(codes)


def test_the_list_can_be_printed_in_english() -> None:
    """Where a name has no English, the Vietnamese one is shown."""
    done = run("list", "--field", "ho-tich", "--level", "3", "--lang", "en")
    assert done.exit_code == 0
    assert "Civil status" in done.output
    assert "* assumed" in done.output


def test_the_summary_gives_the_mix_and_what_it_rests_on() -> None:
    """456 at level 3 and 712 at level 4 of 1,543, that is 46.14 %."""
    done = run("summary")
    assert done.exit_code == 0
    assert "1,569 procedures in 158 fields" in done.output
    assert "level 4: 712 (46.14 %); 224 from a published level, 488 assumed" in done.output
    assert "level 3: 456 (29.55 %); 104 from a published level, 352 assumed" in done.output
    basis = json.loads(run("summary", "--json").output)["online_decree_43_2011"]["basis"]
    assert basis == {"published": 328, "assumed": 1215}


def test_files_of_the_host_are_counted_and_searched(tmp_path: Path) -> None:
    """One procedure without an online level."""
    (tmp_path / "9.000001-card.yaml").write_text(GOOD, encoding="utf-8")
    done = run("summary", "--path", str(tmp_path))
    assert "1 procedures in 1 fields" in done.output
    assert "Nghị định" not in done.output
    assert (
        json.loads(run("list", "--path", str(tmp_path), "--json").output)[0]["code"] == "9.000001"
    )


def test_nothing_found_ends_with_1() -> None:
    """So that a script can tell; JSON stays JSON."""
    done = run("search", "xyzzy")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No procedure found" in done.stderr
    done = run("search", "xyzzy", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, [])


def test_a_wrong_use_ends_with_2(tmp_path: Path) -> None:
    """A folder that is not there, a limit of nothing, an unknown option."""
    done = run("list", "--path", str(tmp_path / "absent"))
    assert done.exit_code == 2
    assert "There is no file or folder" in done.stderr
    assert run("search", "x", "--limit", "0").exit_code == 2
    assert run("search", "x", "--colour").exit_code == 2
