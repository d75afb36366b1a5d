"""Every block of README.md, CONTRIBUTING.md, SECURITY.md and docs/ is run: code, commands, files.

A page is run from top to bottom in an empty folder of its own. How a block is read follows from
the first line of its fence:

* ``python``: executed; the blocks of a page share their names. A ``text`` block right after it
  shows what it printed.
* ``console``: each line that begins with ``$ igate`` is run; the lines below it must stand in what
  the command printed, in that order. ``…`` stands for anything. The command must succeed, or end
  with the code that the fence names: ``console exit=1``. ``$ make`` and ``$ pip`` lines are read,
  not run.
* a page that names ``PORTAL_DB`` finds the address of an empty PostgreSQL database there.
* any language with ``file=NAME``: written to that file first, for the blocks below it.
* ``yaml`` that begins with ``format: 1`` and has a ``code:``: must be accepted by ``igate check``,
  unless the fence says ``file=`` and a console block below shows what is wrong with it.

In Python blocks it is Friday 20 November 2026, 09:00 in Vietnam, so that printed dates stay true.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from commands import run_command
from igate.law.localtime import VIETNAM
from igate.office.onestop import OneStop

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FRONT = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in FRONT), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
PROCEDURE = re.compile(r"""^code: ["']?([\d.]+)""", re.MULTILINE)
READ_ONLY = ("$ make", "$ pip", "$ git", "$ python3 -m venv")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a page."""

    language: str
    options: dict[str, str]
    body: str
    #: line of the page on which the body begins, from 1
    line: int
    #: whether nothing but blank lines stands between the block before and this one
    follows: bool


def blocks(text: str) -> list[Block]:
    """Read the fenced blocks of a page."""
    found: list[Block] = []
    end = 0
    for match in FENCE.finditer(text):
        language, *options = match["info"].split() or [""]
        found.append(
            Block(
                language=language,
                options=dict(option.split("=", 1) for option in options),
                body=match["body"],
                line=text.count("\n", 0, match.start("body")) + 1,
                follows=bool(found) and not text[end : match.start()].strip(),
            )
        )
        end = match.end()
    return found


def is_shown(wanted: list[str], printed: str) -> str | None:
    """Return the first wanted line that does not stand in the text, in order, or ``None``.

    ``…`` inside a line stands for any characters, alone on a line for any lines. Runs of blanks
    count as one, because tables are padded.
    """
    lines = iter([" ".join(line.split()) for line in printed.splitlines()])
    for line in wanted:
        plain = " ".join(line.split())
        if plain in {"", "…"}:
            continue
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in plain.split("…")))
        if not any(pattern.fullmatch(candidate) for candidate in lines):
            return line
    return None


def run_console(block: Block, folder: Path, place: str) -> None:
    """Run the commands of a console block and compare what they print."""
    for part in re.split(r"^(?=\$ )", block.body, flags=re.MULTILINE):
        if not part.strip():
            continue
        command, _, shown = re.sub(r"\\\n\s*", "", part).partition("\n")
        if command.startswith(READ_ONLY):
            continue
        assert command.startswith("$ igate"), f"{place}: only igate commands are run: {command}"
        done = run_command(shlex.split(command.removeprefix("$ igate")), folder)
        printed = done.stdout + done.stderr
        code = int(block.options.get("exit", "0"))
        assert done.returncode == code, f"{place}: {command} -> {done.returncode}\n{printed}"
        missing = is_shown(shown.splitlines(), printed)
        assert missing is None, f"{place}: {command} does not print {missing!r} but\n{printed}"


def run_python(block: Block, page: Path, names: dict[str, object]) -> str:
    """Execute a Python block so that a traceback names the line of the page; give its output."""
    source = "\n" * (block.line - 1) + block.body
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, str(page), "exec"), names)  # noqa: S102 - our own pages
    return printed.getvalue()


def check_procedure(block: Block, folder: Path, place: str) -> None:
    """Let ``igate check`` read a procedure that a page shows."""
    code = PROCEDURE.search(block.body)
    if code is None:
        return
    target = folder / f"{code[1]}-shown.yaml"
    target.write_text(block.body, encoding="utf-8")
    done = run_command(["check", target.name], folder)
    assert done.returncode == 0, f"{place}: {done.stdout}{done.stderr}"


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stop the clock of every office that a page opens, and close them all at its end."""
    opened: list[OneStop] = []
    original = OneStop.open

    def open_frozen(url: str, **options: Any) -> OneStop:  # noqa: ANN401 - handed on
        opened.append(original(url, **({"clock": lambda: NOW} | options)))
        return opened[-1]

    monkeypatch.setattr(OneStop, "open", open_frozen)
    yield
    for office in opened:
        office.close()


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_the_page_does_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Code runs, commands print what is shown, definitions are accepted."""
    monkeypatch.chdir(tmp_path)
    if "PORTAL_DB" in page.read_text(encoding="utf-8"):
        monkeypatch.setenv("PORTAL_DB", request.getfixturevalue("postgres").new())
    names: dict[str, object] = {"__name__": "__page__"}
    printed = ""
    for block in blocks(page.read_text(encoding="utf-8")):
        place = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "text" and block.follows:
            missing = is_shown(block.body.splitlines(), printed)
            assert missing is None, f"{place}: {missing!r} is not in\n{printed}"
            continue
        if block.language == "python" and "file" not in block.options:
            printed = run_python(block, page, names)
        elif block.language == "console":
            run_console(block, tmp_path, place)
        elif "file" in block.options:
            (tmp_path / block.options["file"]).write_text(block.body, encoding="utf-8")
        elif block.language == "yaml" and block.body.startswith(("format: 1", "# yaml-language")):
            check_procedure(block, tmp_path, place)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    """A relative link names a file that is there, and a heading that the file has."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for target in (match["target"] for match in LINK.finditer(text)):
        name, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        goal = (page.parent / name).resolve() if name else page
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*(ROOT / "examples").glob("*.py")], ids=lambda page: page.name)
def test_every_example_runs(page: Path, tmp_path: Path) -> None:
    """A program of examples/ ends without an error in an empty folder."""
    done = subprocess.run(
        [sys.executable, str(page)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr


def test_every_page_can_be_reached_from_the_index() -> None:
    """docs/index.md leads, in one or more steps, to every page of docs/."""
    seen: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        names = (match["target"].partition("#")[0] for match in LINK.finditer(text))
        waiting += [(page.parent / name).resolve() for name in names if name and "://" not in name]
    assert sorted(page.relative_to(ROOT).as_posix() for page in set(PAGES[1:]) - seen) == []


def test_every_command_has_its_heading() -> None:
    """docs/reference/cli.md has one heading for each command that ``igate --help`` lists."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## `igate (\w+)`$", page, re.MULTILINE))
    assert headings == set(command_names())


def test_every_option_is_described() -> None:
    """docs/reference/cli.md names every option of every command under the command's heading."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    missing = []
    for name, options in command_options().items():
        section = page.partition(f"## `igate {name}`\n")[2].partition("\n## ")[0]
        missing += [f"{name} {option}" for option in options if f"`{option}" not in section]
    assert missing == []


def command_names() -> list[str]:
    """Return the names of the commands of the program."""
    return list(command_options())


def command_options() -> dict[str, list[str]]:
    """Return the long options of each command of the program, ``--help`` left out."""
    from typer.main import get_command  # noqa: PLC0415

    from igate.cli.main import app  # noqa: PLC0415 - the other tests of this file do not need it

    group = get_command(app)
    return {
        name: [
            option
            for parameter in command.params
            for option in parameter.opts
            if option.startswith("--") and option != "--help"
        ]
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize(
    ("wanted", "printed", "missing"),
    [
        (["a", "b"], "a\nx\nb\n", None),
        (["b", "a"], "a\nb\n", "a"),
        (["a … c"], "a b c\n", None),
        (["…", "a"], "x\na", None),
        (["a  b"], "a b", None),
        (["a"], "a b", "a"),
    ],
)
def test_shown_output_is_compared_line_by_line(
    wanted: list[str], printed: str, missing: str | None
) -> None:
    """A page shows lines of the output in their order; what it leaves out is free."""
    assert is_shown(wanted, printed) == missing
