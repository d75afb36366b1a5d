"""The cache of checked files: the same values, faster, and never a reason to fail."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path

import pytest

import igate.procedures.catalog.cache
import igate.procedures.reading.procedure_file
from igate.errors import DefinitionError
from igate.procedures.catalog.cache import cache_folder
from igate.procedures.catalog.catalog import Catalog
from places import TESTS

BROKEN = TESTS / "broken"
#: a file without errors
GOOD = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")
#: every key that makes a value, none of them with its default
FULL = """\
format: 1
code: "9.000007"
name: {vi: Cấp thẻ thư viện, en: Issue of a library card}
field: {id: libraries, vi: Thư viện, en: Libraries}
ministry: Bộ Văn hóa, Thể thao và Du lịch
level: [tỉnh, xã]
agencies: [Thư viện tỉnh, Ủy ban nhân dân cấp xã]
checked_on: "2026-11-21"
source: invented for this test
revisions:
  - effective_from: unknown
    effective_until: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND ngày 01/07/2025 (giả định)
    template: ordinary
  - effective_from: "2026-01-01"
    citation: Quyết định 9/QĐ-UBND ngày 25/12/2025 (giả định)
    template: two_level
    clock_rules: index766
    cutoff: {time: "14:30", moves: start, citation: "Quyết định 9/QĐ-UBND, Điều 2 (giả định)"}
    limits:
      - {limit: 3 working_day, citation: Quyết định 9/QĐ-UBND (giả định)}
      - limit: 2 month + 15 working_day
        channel: post
        case: lần đầu
        area: vùng xa
        citation: Quyết định 9/QĐ-UBND, Điều 1 khoản 2 (giả định)
    online:
      - {scheme: decree_42_2022, level: partial, basis: published, citation: Quyết định 9/QĐ-UBND}
      - {scheme: decree_43_2011, level: "3", basis: assumed}
    requirements:
      - {vi: Đơn, en: Application, original: 1, copies: 2, form: Mẫu 01, citation: Luật 2019}
    fees:
      - {amount: 20000, vi: Lệ phí, en: Fee, channel: online, citation: Luật 2019}
    steps_basis: assumed
    steps:
      - {number: 1, phase: reception, role: receptionist, limit: 0.5 working_day, vi: Nhận}
      - number: 2
        phase: processing
        role: provincial_committee
        limit: not_stated
        actor: Văn phòng UBND tỉnh
        agency: {vi: UBND tỉnh, en: Provincial People's Committee}
        vi: Ký
      - {number: 3, phase: handover, role: receptionist, limit: not_counted, vi: Trả}
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder that does not exist yet; nothing here touches the user's own."""
    folder = tmp_path / "cache" / "igate"
    monkeypatch.setenv("IGATE_CACHE", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two procedures."""
    place = tmp_path / "procedures"
    place.mkdir()
    (place / "9.000001-card.yaml").write_text(GOOD, encoding="utf-8")
    (place / "9.000007-full.yaml").write_text(FULL, encoding="utf-8")
    return place


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to check a procedure file fail: only the cache is left."""

    def refuse(*_: object, **__: object) -> None:
        message = "A file was read that the cache holds."
        raise AssertionError(message)

    monkeypatch.setattr("igate.procedures.reading.procedure_file.read_procedure", refuse)


def only_file(cache: Path) -> Path:
    """Return the one file of the cache."""
    (file,) = cache.iterdir()
    return file


def test_what_comes_from_the_cache_is_what_was_read(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    """Every key of a file comes back as the value it had."""
    read = Catalog.load(folder).procedures()
    request.getfixturevalue("no_reading")
    again = Catalog.load(folder).procedures()
    assert [each.code for each in again] == ["9.000001", "9.000007"]
    for first, second in zip(read, again, strict=True):
        for name in first.__slots__:
            if name != "revisions":
                assert getattr(first, name) == getattr(second, name)
        assert list(first.revisions) == list(second.revisions)
    revision = again[1].in_force(date(2026, 5, 1))
    assert str(revision.limit_for(channel="post", case="lần đầu", area="vùng xa")) == (
        "2 month + 15 working_day"
    )
    assert (revision.steps_basis, revision.fees[0].amount, revision.template) == (
        "assumed",
        20000,
        "two_level",
    )


def test_the_shipped_catalogue_comes_from_the_cache_as_it_is_read(
    request: pytest.FixtureRequest,
) -> None:
    """Each of the shipped procedures is equal, workflow and all."""
    read = Catalog.shipped(cache=False).procedures()
    Catalog.shipped().procedures()
    request.getfixturevalue("no_reading")
    again = Catalog.shipped().procedures()
    assert len(again) == len(read)
    for first, second in zip(read, again, strict=True):
        assert (first.code, first.name, first.field) == (second.code, second.name, second.field)
        assert (first.agencies, first.source) == (second.agencies, second.source)
        assert list(first.revisions) == list(second.revisions)


def test_the_cache_is_opened_when_many_procedures_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight are read one by one; after them it pays to open the cache."""
    Catalog.shipped().procedures()
    asked = []
    read = igate.procedures.reading.procedure_file.read_procedure
    monkeypatch.setattr(
        "igate.procedures.reading.procedure_file.read_procedure",
        lambda file, *rest, **named: (asked.append(file), read(file, *rest, **named))[1],
    )
    catalog = Catalog.shipped()
    for code in list(catalog)[:20]:
        assert catalog.procedure(code).code == code
    assert len(asked) == 8


def test_a_procedure_from_the_cache_needs_no_yaml_of_its_own(folder: Path, cache: Path) -> None:
    """The cache is plain JSON: a line a file, behind a line with version and check sum."""
    Catalog.load(folder).procedures()
    head, *lines = only_file(cache).read_text("utf-8").split("\n")
    assert head.startswith("igate ")
    assert head.endswith(f"{zlib.crc32(chr(10).join(lines).encode()):08x}")
    assert sorted(json.loads(line[33:])[0] for line in lines) == ["9.000001", "9.000007"]


def test_a_changed_file_is_read_again(folder: Path) -> None:
    """The content counts, not the name and not the time of the file."""
    Catalog.load(folder).procedures()
    file = folder / "9.000007-full.yaml"
    times = file.stat()
    file.write_text(FULL.replace("3 working_day,", "4 working_day,"), encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    revision = Catalog.load(folder).in_force("9.000007", on=date(2026, 5, 1))
    assert str(revision.limit_for(channel="online")) == "4 working_day"


def test_a_file_that_became_wrong_is_refused(folder: Path) -> None:
    """An error is never hidden by what was once right."""
    Catalog.load(folder).procedures()
    (folder / "9.000007-full.yaml").write_text(FULL.replace("two_level", "no_such"), "utf-8")
    with pytest.raises(DefinitionError, match="no_such"):
        Catalog.load(folder).procedures()


def test_a_file_under_another_code_is_refused_from_the_cache_too(folder: Path) -> None:
    """The content is known; the name is still wrong."""
    Catalog.load(folder).procedures()
    (folder / "9.000007-full.yaml").rename(folder / "9.000008-full.yaml")
    with pytest.raises(DefinitionError, match=r'named for the procedure "9\.000008"'):
        Catalog.load(folder).procedures()


def test_other_templates_make_the_cache_another_one(folder: Path, cache: Path) -> None:
    """A file that was checked against one template says nothing about another."""
    Catalog.load(folder).procedures()
    shipped = Path(igate.__file__).parent / "workflows" / "templates"
    own = (shipped / "same_day.yaml").read_text("utf-8").replace("same_day", "my_day")
    (folder / "my_day.yaml").write_text(own, encoding="utf-8")
    Catalog.load(folder).procedures()
    assert len(list(cache.iterdir())) == 2


def test_another_version_of_the_library_makes_the_cache_another_one(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older version accepted, a newer one checks again; old files do not pile up."""
    for number in range(8):
        monkeypatch.setattr(
            "igate.procedures.catalog.cache.library_version", lambda n=number: f"0.0.{n}"
        )
        Catalog.load(folder).procedures()
    assert len(list(cache.iterdir())) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:0],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"9.000007", b"9.000008"),
        lambda whole: whole.replace(b"igate ", b"egate "),
        lambda whole: whole[:200] + b"\xff\xfe" + whole[202:],
        lambda whole: bytes(len(whole)),
        lambda whole: whole + b"\nmore",
    ],
    ids=["empty", "half", "last", "value", "head", "bytes", "zeros", "longer"],
)
def test_a_damaged_cache_is_ignored_and_written_anew(
    folder: Path, cache: Path, damage: object
) -> None:
    """The answer is the same, and the next process finds a whole cache again."""
    expected = Catalog.load(folder).procedures()
    file = only_file(cache)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))  # type: ignore[operator]
    found = Catalog.load(folder).procedures()
    assert [each.code for each in found] == [each.code for each in expected]
    assert [list(each.revisions) for each in found] == [list(e.revisions) for e in expected]
    assert only_file(cache).read_bytes() == whole


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        "{}",
        "7",
        '["9.000007"]',
        "[",
        '["9.000007",1,2,3,4,5,6,7,8]',
        '["9.000001",1,2,3,4,5,6,7,[]]',
    ],
)
def test_a_line_that_is_not_a_procedure_is_passed_over(
    folder: Path, cache: Path, value: str, request: pytest.FixtureRequest
) -> None:
    """Even with a fitting check sum nothing but a procedure comes out."""
    Catalog.load(folder).procedures()
    file = only_file(cache)
    head, *lines = file.read_text("utf-8").split("\n")
    body = "\n".join(f"{line[:33]}{value}" for line in lines).encode()
    start = head.rpartition(" ")[0]
    file.write_bytes(f"{start} {zlib.crc32(body):08x}\n".encode() + body)
    assert len(Catalog.load(folder).procedures()) == 2
    request.getfixturevalue("no_reading")
    assert len(Catalog.load(folder).procedures()) == 2


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the folder should be, as nobody could write below it."""
    (tmp_path / "in-the-way").write_text("", encoding="utf-8")
    monkeypatch.setenv("IGATE_CACHE", str(tmp_path / "in-the-way" / "igate"))
    assert len(Catalog.load(folder).procedures()) == 2
    assert len(Catalog.load(folder).procedures()) == 2


def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new file cannot take its place, it is removed, and the old one stays."""
    Catalog.load(folder).procedures()
    whole = only_file(cache).read_bytes()
    (folder / "9.000001-card.yaml").write_text(GOOD + "# more\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("igate.procedures.catalog.cache.os.replace", refuse)
    assert len(Catalog.load(folder).procedures()) == 2
    assert only_file(cache).read_bytes() == whole


def test_the_cache_can_be_switched_off(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By argument, and by the environment for all programs."""
    Catalog.load(folder, cache=False).procedures()
    Catalog(()).procedures()
    assert not cache.exists()
    monkeypatch.setenv("IGATE_CACHE", "off")
    Catalog.load(folder).procedures()
    assert not cache.exists()
    assert not (folder / "off").exists()


def test_asking_for_one_procedure_writes_nothing(folder: Path, cache: Path) -> None:
    """Only reading all of them fills the cache; a single file is read in no time."""
    Catalog.load(folder).procedure("9.000007")
    assert not cache.exists()


def test_two_catalogues_share_the_cache(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Filling it for one keeps what the other has put there."""
    for code in ("9.000001", "9.000002"):
        (tmp_path / code).mkdir()
        text = GOOD.replace("9.000001", code)
        (tmp_path / code / f"{code}.yaml").write_text(text, encoding="utf-8")
        Catalog.load(tmp_path / code).procedures()
    request.getfixturevalue("no_reading")
    for code in ("9.000001", "9.000002"):
        assert len(Catalog.load(tmp_path / code).procedures()) == 1


def _fill(folder: str, number: int) -> int:
    """Read a folder with a file of one's own added, many times."""
    for turn in range(10):
        file = Path(folder) / f"9.1{number}00{turn:02d}.yaml"
        file.write_text(GOOD.replace("9.000001", file.stem), encoding="utf-8")
        Catalog.load(folder).procedures()
    return number


def test_several_processes_can_write_at_once(tmp_path: Path, cache: Path) -> None:
    """Whoever comes last wins, with a whole file, and nothing half-written is left beside it."""
    folders = [tmp_path / str(number) for number in range(3)]
    for each in folders:
        each.mkdir()
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        arguments = [(str(each), number) for number, each in enumerate(folders)]
        assert pool.starmap(_fill, arguments) == [0, 1, 2]
    head, *lines = only_file(cache).read_text("utf-8").split("\n")
    assert head.endswith(f"{zlib.crc32(chr(10).join(lines).encode()):08x}")
    assert all(json.loads(line[33:])[0].startswith("9.1") for line in lines)


def test_the_folder_is_that_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG on Linux, Library/Caches on macOS, LOCALAPPDATA on Windows; a relative XDG is no path."""
    home = Path("somewhere") / "home"
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(sys, "platform", "linux")
    assert (
        cache_folder({"XDG_CACHE_HOME": str(Path("x").absolute())})
        == Path("x").absolute() / "igate"
    )
    assert cache_folder({"XDG_CACHE_HOME": "x"}) == home / ".cache" / "igate"
    assert cache_folder({}) == home / ".cache" / "igate"
    assert cache_folder({"IGATE_CACHE": "mine"}) == Path("mine")
    assert cache_folder({"IGATE_CACHE": "off"}) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder({}) == home / "Library" / "Caches" / "igate"
    monkeypatch.setattr(sys, "platform", "win32")
    assert (
        cache_folder({"LOCALAPPDATA": str(Path("y").absolute())}) == Path("y").absolute() / "igate"
    )


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service without a home folder works all the same."""

    def homeless() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder({}) is None
    monkeypatch.delenv("IGATE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert len(Catalog.shipped()) == 1569


def test_opening_the_catalogue_loads_no_model_of_a_file() -> None:
    """Listing and searching need neither pydantic nor NumPy nor a database."""
    code = (
        "import sys; from igate import Catalog; Catalog.shipped().search('khai sinh');"
        "print(' '.join(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pydantic", "numpy", "sqlalchemy", "holidays"} & set(done.stdout.split()) == set()
