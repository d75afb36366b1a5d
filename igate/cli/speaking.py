"""Help and refusals of the command line itself, in the language of the command.

The library below prints its own English words (``Usage``, ``Missing option``). They stand in
:data:`OWN_WORDS` with their Vietnamese in the catalogue, as every help text of a command does, and
are exchanged where they are printed; nothing of the process is set for that. A language is known
before the arguments are read, because ``--help`` ends the command before it reads ``--lang``.
"""

from __future__ import annotations

import inspect
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from igate.cli.options import LangOption, ask_for, spoken
from igate.words.recognition import recognised
from igate.words.sentence import say, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["OWN_WORDS", "CommandLine", "in_vietnamese"]

Act = TypeVar("Act", bound="Callable[..., Any]")
#: What the library of the command line prints, in the spellings of its versions from 0.16 on.
OWN_WORDS: Final = (
    "Arguments",
    "Commands",
    "Options",
    "Show this message and exit.",
    "required",
    "default: {value}",
    "Missing command.",
    "Missing argument {hint}.",
    "Missing argument {hint}. {more}",
    "Missing option {hint}.",
    "Missing option {hint}. {more}",
    "Choose from: {choices}",
    "No such command {name}.",
    "No such command {name}. Did you mean {near}?",
    "No such option: {name}",
    "No such option: {name} Did you mean {near}?",
    "No such option: {name} (Possible options: {near})",
    "Got unexpected extra argument ({given})",
    "Got unexpected extra arguments ({given})",
    "Got unexpected extra argument(s) ({given})",
    "Option {name} requires an argument.",
    "Option {name} does not take a value.",
    "Invalid value: {why}",
    "Invalid value for {hint}: {why}",
    "Value error, {why}",
    "{given} is not one of {choices}.",
    "{given} is not a valid integer.",
    "{given} is not in the range {range}.",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be greater than or equal to {least}",
    "{given} does not match the format {formats}.",
    "{given} does not match the formats {formats}.",
    "'%Y-%m-%d'",
    "path {given} does not exist.",
    "file {given} does not exist.",
    "file {given} is a directory.",
    "path {given} is not readable.",
    "file {given} is not readable.",
)
_FIELDED: Final = tuple(each for each in OWN_WORDS if "{" in each)


def in_vietnamese(text: str) -> str:
    """Return a help text or words of the library below in Vietnamese; others as they are.

    >>> in_vietnamese("Missing option '--limit'.")
    "Thiếu tùy chọn '--limit'."
    """
    found = translated(text)
    if found != text:
        return found
    sentence = recognised(text, _FIELDED, inner=in_vietnamese)
    return text if sentence is None else sentence.text("vi")


class _Page:
    """Writes help in Vietnamese; all else is that of the formatter below."""

    def __init__(self, below: Any) -> None:  # noqa: ANN401 - of the library below
        self.below = below

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of use."""
        parts = (("[OPTIONS]", say("[OPTIONS]")), ("COMMAND [ARGS]...", say("COMMAND [ARGS]...")))
        for english, sentence in parts:
            args = args.replace(english, sentence.text("vi"))
        self.below.write_usage(prog, args, prefix or say("Usage: ").text("vi"))

    def section(self, name: str) -> Any:  # noqa: ANN401 - of the library below
        """Begin a section."""
        return self.below.section(in_vietnamese(name))

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        self.below.write_text(in_vietnamese(text))

    def write_dl(self, rows: Sequence[tuple[str, str]], *given: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        """Write commands or options, each with what it does."""
        self.below.write_dl([(name, _described(text)) for name, text in rows], *given, **named)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a formatter has
        return getattr(self.below, name)


def _described(text: str) -> str:
    """Say what an option does, with what stands behind it in brackets."""
    parts = re.fullmatch(r"(.*?)(?:(?:^|  )\[([^\[\]]*)\])?", text, re.DOTALL)
    if parts is None or parts[2] is None:
        return in_vietnamese(text)
    behind = "; ".join(in_vietnamese(part) for part in parts[2].split("; "))
    return "  ".join(filter(None, (in_vietnamese(parts[1]), f"[{behind}]")))


def _page(formatter: Any) -> Any:  # noqa: ANN401 - of the library below
    return _Page(formatter) if spoken() == "vi" else formatter


def _show(error: Any, _file: object = None) -> None:  # noqa: ANN401 - of the library below
    """Print what was wrong with the use of a command, with its line of use."""
    lines = []
    if getattr(error, "ctx", None) is not None:
        asked = f"{error.ctx.command_path} --help"
        lines = [error.ctx.get_usage(), say("Try '{asked}' for help.", asked=asked).text("vi"), ""]
    wrong = in_vietnamese(error.format_message())
    lines.append(say("Error: {wrong}", wrong=wrong).text("vi"))
    typer.echo("\n".join(lines), err=True)


class _Spoken:
    """What a command and a group have in common: help in the language of the call."""

    help: str | None

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - of the library below
        super().format_help(ctx, _page(formatter))  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - of the library below
        super().format_usage(ctx, _page(formatter))  # type: ignore[misc]

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the whole sentence: a part of it would not be found in the catalogue."""
        del limit
        return inspect.cleandoc(self.help or "")


class _Command(_Spoken, TyperCommand):
    """A command whose help is in the language of the call."""


class _Group(_Spoken, TyperGroup):
    """A group of commands; the first learns which language is asked for."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 - of the library below
        """Read the arguments, in the language that they ask for."""
        if parent is None:
            ask_for(args)
        return _speaking(partial(super().make_context, info_name, args, parent, **extra))

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - of the library below
        """Run the command that was named."""
        return _speaking(partial(super().invoke, ctx))


def _speaking(act: Any) -> Any:  # noqa: ANN401 - of the library below
    """Do something; a wrong use of a command is told in the language of the call."""
    try:
        return act()
    except Exception as error:
        is_help = type(error).__name__ == "NoArgsIsHelpError"
        if spoken() == "vi" and hasattr(error, "format_message") and not is_help:
            error.show = partial(_show, error)  # type: ignore[attr-defined]
        raise


def _only_lang(*, lang: LangOption) -> None:
    """Take ``--lang`` before the name of the command too."""
    del lang


class CommandLine(typer.Typer):
    """Commands, or a group of them, whose help and refusals are in the language of the call."""

    def __init__(self, *, name: str | None = None, about: str) -> None:
        """Begin without commands.

        Args:
            name: What the program or group is called.
            about: What its commands are for, in English; the Vietnamese is in the catalogue.
        """
        super().__init__(
            name=name, help=about, cls=_Group, callback=_only_lang, no_args_is_help=True,
            add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
        )  # fmt: skip

    def command(
        self,
        name: str | None = None,
        **options: Any,  # noqa: ANN401 - passed on
    ) -> Callable[[Act], Act]:
        """Add a command, as :class:`typer.Typer` does."""
        return super().command(name, **{"cls": _Command, **options})
