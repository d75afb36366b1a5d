"""Searching a catalogue: by code, by words, by field, agency and level."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.law.citation import Label
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.listing import Listing
from igate.procedures.catalog.search import Search, Wanted, fold
from igate.procedures.procedure import Field
from places import TESTS
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = TESTS / "broken"
GOOD = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Return the shipped catalogue."""
    return shipped_catalogue()


def listing(
    code: str, name: str, *, field: str = "Hộ tịch", agency: str = "Sở Tư pháp", level: str = "2"
) -> Listing:
    return Listing(
        code=code,
        name=Label(vi=name),
        field=Field(id=fold(field).replace(" ", "-"), label=Label(vi=field, en="Civil status")),
        ministry="Bộ Tư pháp",
        level=("xã",),
        agencies=(agency,),
        online_level=level,
        service="",
        limits=(),
        steps_basis="assumed",
    )


def codes(listings: list[Listing], **wanted: str) -> list[str]:
    found = Search(listings).find(Wanted(**wanted), limit=None)
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký khai sinh", "dang ky khai sinh"),
        ("THỦ TỤC", "thu tuc"),
        ("hoá, hóa, ươ", "hoa, hoa, uo"),
        ("Xuất Bản – In", "xuat ban – in"),
    ],
)
def test_folding_takes_away_case_and_diacritics(text: str, folded: str) -> None:
    """What remains is what somebody types without a Vietnamese keyboard."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    "text",
    ["khai sinh", "KHAI SINH", "đăng ký khai sinh", "dang ky khai sinh", "dang  ky khai sin"],
)
def test_birth_registration_is_found_first(catalog: Catalog, text: str) -> None:
    """1.001193 is "Thủ tục đăng ký khai sinh": the shortest name with these words."""
    assert catalog.search(text)[0].code == "1.001193"


@pytest.mark.parametrize(
    "text", ["1.001806", "1.001806.H15", "1.001806.000.00.00.H15", " 1.001806.h15 "]
)
def test_a_code_finds_its_procedure_with_and_without_suffix(catalog: Catalog, text: str) -> None:
    """Decisions print short codes, codes of a province and the old long ones."""
    assert [each.code for each in catalog.search(text)] == ["1.001806"]


def test_the_beginning_of_a_code_finds_all_that_begin_so(catalog: Catalog) -> None:
    """Three procedures of the catalogue have a code that begins with 1.00180."""
    found = [each.code for each in catalog.search("1.00180")]
    assert sorted(found) == ["1.001801", "1.001806", "1.001809"]


def test_nothing_is_found_where_nothing_is(catalog: Catalog) -> None:
    """A word that no procedure has, and a code that there is not."""
    assert catalog.search("xyzzy") == ()
    assert catalog.search("9.999999") == ()
    assert catalog.search("khai sinh xyzzy") == ()


def test_the_order_follows_the_rule() -> None:
    """As written before folded, side by side before apart, whole before begun, name before rest."""
    listings = [
        listing("1.000009", "Chuyển đi", agency="Phòng cấp thẻ"),
        listing("1.000008", "Cấp giấy, thẻ và đơn"),
        listing("1.000007", "Cập nhật theo lệ"),
        listing("1.000006", "Đổi giấy, cắp thê"),
        listing("1.000005", "Cặp thẻ bị hỏng"),
        listing("1.000004", "Đổi và cấp thẻ cũ"),
        listing("1.000003", "Thủ tục cấp thẻ mới"),
        listing("1.000002", "Cấp thẻ"),
        listing("1.000001", "Cấp đổi giấy"),
    ]
    assert codes(listings, text="cấp thẻ") == [
        "1.000002",
        "1.000003",
        "1.000004",
        "1.000005",
        "1.000006",
        "1.000008",
        "1.000007",
        "1.000009",
    ]


def test_words_may_stand_in_any_order_and_may_be_begun() -> None:
    """Every word asked for must begin a word of the procedure."""
    listings = [listing("1.000001", "Cấp lại giấy phép lái xe"), listing("1.000002", "Cấp thẻ")]
    assert codes(listings, text="xe lai") == ["1.000001"]
    assert codes(listings, text="giay phe") == ["1.000001"]
    assert codes(listings, text="iay") == []


def test_a_field_is_named_by_identifier_or_words(catalog: Catalog) -> None:
    """37 procedures are of the field Hộ tịch."""
    found = catalog.search("", field="ho-tich", limit=None)
    assert len(found) == 37
    assert {each.field.label.vi for each in found} == {"Hộ tịch"}
    assert found == catalog.search("", field="Hộ tịch", limit=None)
    assert found == catalog.search("", field="civil status", limit=None)
    assert catalog.search("khai sinh lưu động", field="thue") == ()


def test_an_agency_is_named_by_its_words(catalog: Catalog) -> None:
    """Words of two agencies of one procedure do not make a third."""
    found = catalog.search("", agency="so tu phap", limit=None)
    assert found
    for each in found:
        assert any("sở tư pháp" in agency.lower() for agency in each.agencies)
    both = [listing("1.000001", "Cấp thẻ", agency="Sở Y tế")]
    assert codes(both, text="", agency="y te so") == ["1.000001"]
    assert codes(both, text="", agency="so tu phap") == []


@pytest.mark.parametrize(
    ("level", "count"), [("4", 712), ("3", 456), ("full", 227), ("partial", 116)]
)
def test_an_online_level_is_that_of_either_decree(catalog: Catalog, level: str, count: int) -> None:
    """1 to 4 are those of Decree 43/2011, full and partial those of Decree 42/2022."""
    assert len(catalog.search("", level=level, limit=None)) == count


def test_a_level_of_administration_may_be_asked_for_too(catalog: Catalog) -> None:
    """With or without diacritics."""
    found = catalog.search("", level="tinh", limit=None)
    assert {"tỉnh" in each.level for each in found} == {True}
    assert found == catalog.search("", level="tỉnh", limit=None)


def test_the_limit_cuts_the_list(catalog: Catalog) -> None:
    """Twenty by default; without a limit all 1,569."""
    assert len(catalog.search("")) == 20
    assert len(catalog.search("thuế", limit=3)) == 3
    assert len(catalog.search("", limit=None)) == 1569


def test_files_of_the_host_are_searched_like_the_shipped_ones(tmp_path: Path) -> None:
    """They have no index, so they are read."""
    (tmp_path / "9.000001-card.yaml").write_text(GOOD, encoding="utf-8")
    (found,) = Catalog.load(tmp_path).search("the thu vien")
    assert found.code == "9.000001"


@given(st.data())
def test_every_word_of_a_name_finds_its_procedure(catalog: Catalog, data: st.DataObject) -> None:
    """Whatever words of a name are typed, folded or not, begun or whole, it is among the found."""
    chosen = data.draw(st.sampled_from(catalog.listings()))
    words = [word for word in fold(chosen.name.vi).split() if set(word) <= set(ascii_lowercase)]
    some = data.draw(st.lists(st.sampled_from(words or ["thu"]), min_size=1, max_size=4))
    cut = [word[: data.draw(st.integers(1, len(word)))] for word in some]
    if words:
        assert chosen in catalog.search(" ".join(cut), limit=None)


@given(st.text(max_size=30))
def test_no_text_upsets_the_search(text: str) -> None:
    """Anything may be typed; what is found are procedures, best first, without repetition."""
    listings = [listing("1.000001", "Cấp thẻ (lần đầu)"), listing("1.000002", "Đổi thẻ")]
    found = codes(listings, text=text)
    assert len(found) == len(set(found))
