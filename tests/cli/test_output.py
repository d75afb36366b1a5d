"""Nothing in data reaches a terminal that it would obey, whatever command prints it."""

from __future__ import annotations

import ast
import io
import json
import sys
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import igate.cli
from commands import run_command
from igate.cli.main import main
from igate.cli.output import Screen, as_json_text, guarded, harmless
from igate.files.sources import shipped
from shared import tree_of

CLI = Path(igate.cli.__file__).parent
#: C0 but for the line feed and the tab, DEL, C1 (ISO/IEC 6429), and the controls of the writing
#: direction of Unicode (UAX 9, section 2).
CONTROLS = {chr(n) for n in (*range(9), *range(11, 32), *range(0x7F, 0xA0))}
DIRECTIONS = {chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
HARMFUL = CONTROLS | DIRECTIONS | {"\u061c", "\u200e", "\u200f"}
EVIL = st.text(st.sampled_from([*sorted(HARMFUL), *"[]2Jm;ađ "]), min_size=1, max_size=12)
#: Clears the screen, names the window, answers a question; C1 form; a name read backwards.
ATTACKS = ["\x1b[2J", "\x1b]0;x\x07", "\x1b[6n", "\x9b31m", "\u202egnp.exe", "\u2066a", "\r ok\x08"]


@given(text=st.text(st.one_of(st.sampled_from(sorted(HARMFUL)), st.characters())))
def test_a_harmless_text_has_nothing_to_obey_and_keeps_all_else(text: str) -> None:
    """Controls and half characters are written out; letters, marks and line feeds stay."""
    shown = harmless(text)
    assert not set(shown) & HARMFUL
    assert all(unicodedata.category(sign) != "Cs" for sign in shown)
    assert harmless(shown) == shown
    kept = [sign for sign in text if sign not in HARMFUL and unicodedata.category(sign) != "Cs"]
    assert len(shown) >= len(text)
    if len(kept) == len(text):
        assert shown == text


@given(text=st.text())
def test_json_is_read_back_unchanged(text: str) -> None:
    """What a terminal would obey is escaped as JSON does it."""
    written = as_json_text({"text": text})
    assert not set(written) & HARMFUL
    assert json.loads(written) == {"text": text}


def quoted(text: str) -> str:
    """Write a text in double quotes for YAML, every character as an escape."""
    return '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"'


def files(evil: str, folder: Path) -> None:
    """Write what the commands below read, with the text in names, actors, agencies and keys."""
    source = next(each for each in shipped("procedures") if each.stem.startswith("1.001806"))
    text = source.content().decode()
    name = quoted(f"Thủ tục {evil}")
    for key in ("vi: ", "ministry: "):
        start = text.index(key) + len(key)
        text = text[:start] + name + text[text.index("\n", start) :]
    (folder / "1.001806.yaml").write_text(text, encoding="utf-8")
    more = text.replace("ministry: ", f"{quoted(f'k{evil}')}: 1\nministry: ")
    (folder / "wrong.yaml").write_text(more, encoding="utf-8")
    cell = evil.replace("\n", " ").replace("\r", " ")
    table = f"Bước,Nội dung công việc,Đơn vị thực hiện,Thời gian\n1,{cell},x{cell},y{cell}\n"
    (folder / "decision.csv").write_text(table, encoding="utf-8", newline="")
    head = "code,agency,procedure,received,finished,channel,limit"
    row = f"A1,[/]x{cell},1.001806,2026-01-05,,counter,5 working_day"
    (folder / "year.csv").write_text(f"{head}\n{row}\n", encoding="utf-8", newline="")
    late = row.replace("5 working_day", f"5 {cell}x")
    (folder / "faulty.csv").write_text(f"{head}\n{late}\n", encoding="utf-8", newline="")


ON = ("--on", "2026-11-20")
PRINTING = [
    ("check", "1.001806.yaml", "wrong.yaml"),
    ("check", "wrong.yaml", "--lang", "vi"),
    ("check", "wrong.yaml", "--json"),
    ("check", "wrong.yaml", "--sarif"),
    ("show", "1.001806", *ON, "--files", "1.001806.yaml", "--resolved"),
    ("show", "1.001806", *ON, "--files", "1.001806.yaml", "--json"),
    ("show", "1.001806", *ON, "--files", "wrong.yaml"),
    ("catalog", "list", "--path", "1.001806.yaml"),
    ("catalog", "list", "--path", "1.001806.yaml", "--json"),
    ("diff", "1.001806", "1.001806.yaml"),
    ("diagram", "1.001806", *ON, "--files", "1.001806.yaml"),
    ("sheet", "1.001806", *ON, "--files", "1.001806.yaml"),
    ("sheet", "1.001806", *ON, "--files", "1.001806.yaml", "--format", "html"),
    ("import", "process", "decision.csv"),
    ("import", "process", "decision.csv", "--json"),
    ("metrics", "year.csv"),
    ("metrics", "year.csv", "--json"),
    ("metrics", "faulty.csv"),
]


@settings(max_examples=6)
@given(evil=EVIL)
@example(evil="".join(ATTACKS))
def test_no_command_prints_what_a_terminal_would_obey(
    tmp_path_factory: pytest.TempPathFactory, evil: str
) -> None:
    """Tables, findings, documents, JSON and errors, each over files that hold such characters."""
    folder = tmp_path_factory.mktemp("evil")
    files(evil, folder)
    for arguments in PRINTING:
        done = run_command(arguments, folder)
        assert not set(done.stdout + done.stderr) & HARMFUL, arguments
        assert done.stdout + done.stderr, arguments


def test_what_is_printed_shows_that_something_was_there(tmp_path: Path) -> None:
    """The attack is readable in a table, and whole in JSON."""
    files("\x1b[2Jx\u202e", tmp_path)
    shown = run_command(("metrics", "year.csv"), tmp_path).stdout
    assert r"\x1b[2Jx\u202e" in shown.replace("\n", "")
    record = json.loads(run_command(("metrics", "year.csv", "--json"), tmp_path).stdout)
    assert record["rows"][0]["agency"] == "[/]x\x1b[2Jx\u202e"


def test_a_line_feed_in_a_key_begins_no_finding_of_its_own(tmp_path: Path) -> None:
    """Every line has the place that the check has found, in Vietnamese every second one."""
    text = 'format: 1\n"k\\nother.yaml:1:1: error [bad-code] forged": 1\n'
    (tmp_path / "f.yaml").write_text(text, encoding="utf-8")
    for lang, places in (("en", 1), ("vi", 2)):
        lines = run_command(("check", "f.yaml", "--lang", lang), tmp_path).stdout.splitlines()
        assert all(line.startswith("f.yaml:") for line in lines[::places])
        assert any("\\nother.yaml:1:1" in line for line in lines)
        assert not any(line.startswith("other.yaml") for line in lines)


def test_a_wrong_use_is_told_without_obeying_the_argument(tmp_path: Path) -> None:
    """An argument may come from the name of a file; the parser of options repeats it."""
    for arguments in (
        ("\x1b[2J",),
        ("check", "\x9b2J.yaml"),
        ("show", "\u202e"),
        ("due", "--\x1b"),
    ):
        done = run_command(arguments, tmp_path)
        assert done.returncode != 0
        assert not set(done.stdout + done.stderr) & HARMFUL, arguments


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "arguments", [("check", "wrong.yaml"), ("metrics", "year.csv"), ("show", "9")]
)
def test_a_terminal_gets_the_colours_of_the_command_and_none_of_the_data(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the sequences that set a colour nothing is left that it would obey."""
    files("".join(ATTACKS), tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "argv", ["igate", *arguments])
    out = Terminal(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit):
        main()
    out.seek(0)
    written = out.read()
    assert "\x1b[" in written
    pieces = written.split("\x1b[")
    assert all(piece.partition("m")[0].replace(";", "").isdigit() for piece in pieces[1:])
    assert not set("".join(pieces)) & HARMFUL


def test_text_in_square_brackets_is_no_markup() -> None:
    """A name with a bracket is printed as it is, and stops no table."""
    stream = io.StringIO()
    with redirect_stdout(stream):
        Screen().print("[red]a[/] :smile: [/x]")
    assert stream.getvalue() == "[red]a[/] :smile: [/x]\n"


def test_streams_are_as_before_when_a_command_has_ended() -> None:
    """Also where it ends with an error."""
    stream = io.StringIO()

    def command() -> None:
        with guarded():
            print("a\x1bb")  # noqa: T201 - what a library below a command might do
            raise ValueError("x")

    with mock.patch.object(sys, "stdout", stream):
        with pytest.raises(ValueError, match="x"):
            command()
        assert sys.stdout is stream
    assert stream.getvalue() == "a\\x1bb\n"


def test_commands_print_through_the_one_place_that_looks_at_the_text() -> None:
    """No command has a console or a stream of bytes of its own."""
    found = [
        f"{path.name}: {name}"
        for path in sorted(CLI.glob("*.py"))
        if path.name != "output.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (name := ast.unparse(node.func)) in {"Console", "typer.get_binary_stream", "print"}
    ]
    assert found == []
    assert "guarded()" in (CLI / "main.py").read_text(encoding="utf-8")
