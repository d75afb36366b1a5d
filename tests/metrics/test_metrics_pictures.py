"""Plots and tables for people: what they must show, in words of both languages."""

from __future__ import annotations

import itertools
import json
import re
import struct
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from igate.words.figures import percent

if TYPE_CHECKING:
    from pathlib import Path

END = date(2026, 3, 31)
HOSTILE = "<script>alert('x')</script> & \"Sở\""


def table(agencies: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Return dossiers due on the 9th of March: by agency how many in time, and how many late."""
    rows = [
        {
            "code": f"{agency}-{number}",
            "agency": agency,
            "channel": "online",
            "received": "2026-03-02",
            "due": "2026-03-09",
            "finished": "2026-03-09" if number < good else "2026-03-10",
        }
        for agency, (good, late) in agencies.items()
        for number in range(good + late)
    ]
    return pl.DataFrame(rows)


#: together 169 of 200: 0.845; of 100 dossiers ± 3 √(0.845·0.155/100) = ± 0.1086, of 50 ± 0.1535
THREE = table({"H15.10": (96, 4), "H15.11": (35, 15), "H15.12": (38, 12)})


def values(chart: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - Altair's charts
    """Return every value that a chart draws."""
    spec = json.loads(chart.to_json())
    parts = [spec, *spec.get("layer", ())]
    return [value for part in parts for value in part.get("data", {}).get("values", ())]


def size(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG file."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return int(width), int(height)


def test_a_rate_outside_its_band_has_a_mark_of_its_own() -> None:
    """By hand: 0.96 is above 0.9536, 0.70 within 0.6915 to 0.9985, and 0.76 too."""
    chart = metrics.plot.rates(metrics.settlement(THREE, as_of=END), lang="en")
    standing = {value["group"]: value["standing"] for value in values(chart) if "standing" in value}
    assert standing == {
        "H15.10": "above the band", "H15.11": "within the band", "H15.12": "within the band"
    }  # fmt: skip
    drawn = [value for value in values(chart) if value["group"] == "H15.11" and "low" in value]
    assert {round(value["low"], 4) for value in drawn} == {0.6915}


def test_the_numbers_of_a_rate_stand_beside_it_in_each_language() -> None:
    """96/100 and 35/50."""
    counted = metrics.settlement(THREE, as_of=END, total=True)
    vi = [value["note"] for value in values(metrics.plot.rates(counted)) if "note" in value]
    en = [
        value["note"] for value in values(metrics.plot.rates(counted, lang="en")) if "note" in value
    ]
    assert vi == ["96,00% (96/100)", "70,00% (35/50)", "76,00% (38/50)"]
    assert en == ["96.00% (96/100)", "70.00% (35/50)", "76.00% (38/50)"]


def test_a_plot_shows_the_rate_of_the_table() -> None:
    """13 of 16 are 81.25 per cent; of 800, 649 are 81.125, which is half way and rounds up."""
    for good, all_of, shown in ((13, 16, "81.25%"), (649, 800, "81.13%")):
        counted = metrics.settlement(table({"H15.10": (good, all_of - good)}), as_of=END)
        notes = [each["note"] for each in values(metrics.plot.rates(counted, lang="en"))
                 if "note" in each]  # fmt: skip
        assert notes == [f"{shown} ({good}/{all_of})"]
        assert f">{shown}<" in str(metrics.shown(counted, lang="en"))
        assert percent(good / all_of, "en") == shown


@given(st.integers(0, 20_000), st.integers(1, 20_000))
def test_a_share_is_rounded_by_one_rule(above: int, below: int) -> None:
    """Against whole numbers: a half goes up, and what is neither all nor nothing stays so."""
    above = min(above, below)
    hundredths = (2 * 10_000 * above + below) // (2 * below)
    if 0 < above < below:
        hundredths = min(max(hundredths, 1), 9_999)
    assert percent(above / below, "en") == f"{hundredths // 100}.{hundredths % 100:02d}%"
    assert percent(above / below, "vi") == f"{hundredths // 100},{hundredths % 100:02d}%"


def test_an_agency_without_a_rate_keeps_its_row() -> None:
    """It says that the denominator is empty, and no point is drawn."""
    empty = table({"H15.10": (1, 0), "H15.11": (1, 0)}).with_columns(
        finished=pl.Series(["2026-03-09", None])
    )
    drawn = values(metrics.plot.rates(metrics.settlement(empty, as_of=END), lang="en"))
    assert [value["note"] for value in drawn if "note" in value][1] == (
        "no dossier in the denominator"
    )
    assert {value["group"] for value in drawn if "share" in value} == {"H15.10"}


def test_several_definitions_stand_in_one_row() -> None:
    """A point for each definition and agency, with a legend of their names."""
    several = metrics.settlement(THREE, definition=["form_06a", "decree"], as_of=END)
    drawn = values(metrics.plot.rates(several))
    assert len(drawn) == 6
    assert {value["definition"] for value in drawn} == {"form_06a", "decree"}


def test_the_parts_of_a_bar_are_the_counts_of_the_table() -> None:
    """96 and 4 follow one another; a part of nothing is not drawn."""
    drawn = values(metrics.plot.counts(metrics.settlement(THREE, as_of=END), lang="en"))
    parts = [(v["part"], v["from"], v["to"]) for v in drawn if v["group"] == "H15.10"]
    assert parts == [("Solved: on time", 0, 96), ("Solved: late", 96, 100)] * (len(parts) // 2)


@pytest.mark.parametrize("many", [1, 2, 3, 5, 6, 7, 12])
def test_the_axis_of_few_dossiers_has_each_number_once(many: int) -> None:
    """Dossiers are not halved: an axis to 2 read 0, 1, 1, 2, 2."""
    counted = metrics.settlement(table({"H15.10": (many, 0)}), as_of=END)
    drawn = vl_convert.vegalite_to_svg(metrics.plot.counts(counted).to_dict())
    (ticks,) = re.findall(r'role-axis-label"[^>]*>(.*?)</g>', drawn)[:1]
    numbers = [int(each) for each in re.findall(r">(\d+)</text>", ticks)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0
    assert len({after - before for before, after in itertools.pairwise(numbers)}) == 1


def test_names_are_shown_in_place_of_identifiers_and_long_ones_have_two_lines() -> None:
    """Lines are of 42 signs; what does not fit into two ends in an ellipsis."""
    counted = metrics.settlement(THREE, as_of=END)
    names = {
        "H15.10": "Sở Nội vụ",
        "H15.11": "Quỹ phát triển khoa học, công nghệ và đổi mới sáng tạo của địa phương",
        "H15.12": "X" * 100,
    }
    groups = {value["group"] for value in values(metrics.plot.counts(counted, names=names))}
    assert groups == {
        "Sở Nội vụ",
        "Quỹ phát triển khoa học, công nghệ và đổi\nmới sáng tạo của địa phương",
        "X" * 42 + "\n" + "X" * 41 + "…",
    }


def test_causes_go_from_the_first_rate_to_the_second() -> None:
    """Where one ends the next begins, and the last ends at the second rate."""
    opened = THREE.with_columns(
        finished=pl.when(pl.col("code") == "H15.10-99").then(None).otherwise("finished")
    )
    found = metrics.reconcile("form_06a", "decree", opened, as_of=END)
    drawn = values(metrics.plot.causes(found, lang="en"))[: len(found.causes) + 2]
    assert drawn[0]["to"] == pytest.approx(169 / 199)
    assert drawn[1]["from"] == pytest.approx(169 / 199)
    assert drawn[-1]["to"] == pytest.approx(169 / 200)
    # 169/200 - 169/199 = -0.42 points
    assert drawn[1]["note"] == "−0.42 points (1 dossiers)"


def test_every_plot_is_a_picture_of_at_most_1280_pixels(tmp_path: Path) -> None:
    """Each is drawn in both languages, also with nothing in it, and fits a page."""
    frames = {"full": THREE, "empty": THREE.head(0)}
    for name, frame in frames.items():
        options: Any = {"as_of": END}
        made = {
            "rates": metrics.settlement(frame, **options),
            "counts": metrics.settlement(frame, **options),
            "ageing": metrics.ageing(frame, **options),
            "control": metrics.control_chart(frame, **options),
            "calibration": metrics.calibration(frame, on=END - timedelta(20), **options),
        }
        for kind, drawn in made.items():
            for lang in ("vi", "en"):
                picture = tmp_path / f"{name}-{kind}-{lang}.png"
                getattr(metrics.plot, kind)(drawn, lang=lang).save(picture)
                width, height = size(picture)
                assert 300 <= width <= 1280, picture.name
                assert 60 <= height <= 1000, picture.name


def test_a_frame_of_another_function_is_refused() -> None:
    """The message says what is drawn."""
    with pytest.raises(FrameError, match=r"metrics\.ageing"):
        metrics.plot.ageing(metrics.settlement(THREE, as_of=END))


def test_two_rates_of_nothing_have_no_picture() -> None:
    """One of the denominators is 0."""
    found = metrics.reconcile("form_06a", "decree", THREE.head(0), as_of=END)
    with pytest.raises(FrameError, match="cannot be drawn"):
        metrics.plot.causes(found)


def test_without_altair_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting needs no Altair; drawing does."""
    counted = metrics.settlement(THREE, as_of=END)
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(IgateError, match=r"igate\[frames\]"):
        metrics.plot.counts(counted)


def test_counting_does_not_load_altair() -> None:
    """It is imported when something is drawn."""
    code = "import sys; from igate.metrics import plot, shown; print('altair' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# -- tables ----------------------------------------------------------------------------------------


def test_a_notebook_shows_a_table_with_heads_in_words() -> None:
    """Vietnamese unless English is asked for; numbers as each language writes them."""
    counted = metrics.settlement(table({"H15.10": (1100, 100)}), as_of=END)
    vi, en = metrics.shown(counted)._repr_html_(), str(metrics.shown(counted, lang="en"))
    for text in ("Tiếp nhận: tổng số", "Tỷ lệ đúng hạn", ">1.200<", ">91,67%<"):
        assert text in vi
    for text in ("Received: total", "On-time rate", ">1,200<", ">91.67%<"):
        assert text in en


def test_texts_of_a_table_are_escaped() -> None:
    """What a file holds is shown and never run."""
    html = str(metrics.shown(metrics.settlement(table({HOSTILE: (1, 0)}), as_of=END)))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_total_row_is_named_and_stands_out() -> None:
    """The column that says so is not shown."""
    html = str(metrics.shown(metrics.settlement(THREE, as_of=END, total=True)))
    assert '<tr class="t"><td>Tổng số</td>' in html
    assert "Dòng tổng số" not in html


def test_a_long_table_says_how_many_rows_are_left_off() -> None:
    """Two of three are shown."""
    html = str(metrics.shown(metrics.settlement(THREE, as_of=END), most=2))
    assert "và 1 dòng nữa" in html
    assert html.count("<tr>") == 3
    with pytest.raises(IgateError, match="most=0"):
        metrics.shown(THREE, most=0)


def test_nothing_is_a_dash_and_days_are_written_as_each_language_does() -> None:
    """Also what pandas has for nothing; columns in lists are taken too."""
    late = metrics.late_dossiers(THREE, as_of=END)
    assert "09/03/2026" in str(metrics.shown(late))
    assert "2026-03-09" in str(metrics.shown(late, lang="en"))
    assert ">–<" in str(metrics.shown(pd.DataFrame({"p_late": [0.5, None]})))
    assert ">chức danh<" in str(
        metrics.shown({"role": ["x"], "hours": [1.5]}, names={"x": "chức danh"})
    )


def test_a_share_that_is_not_whole_is_never_rounded_to_one() -> None:
    """99.999 % is not 100 %."""
    html = str(metrics.shown({"share": [0.99999, 1.0, 0.00001, 0.0]}, lang="en"))
    assert [html.count(f">{each}<") for each in ("99.99%", "100.00%", "0.01%", "0.00%")] == [1] * 4
