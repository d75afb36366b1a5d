"""Files that are neither procedures nor templates, checked by what reads them.

Clock rules, layers of the calendar and maps each have a reader that refuses what it cannot use; a
layer is also laid on the calendar of the country, where a swap that moves nothing is seen. A file
is checked as it would be used, so it is read again here.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, get_args

from igate.calendar import Scope, WorkCalendar, read_layer
from igate.deadlines.rulefile import read_rules
from igate.errors import DefinitionError, IgateError, Place
from igate.files.findings import finding
from igate.words.sentence import together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.errors import Finding
    from igate.files.kinds import Kind
    from igate.files.sources import Source

__all__ = ["read_findings"]

_PLACED: Final = re.compile(r"(?P<file>.*):(?P<line>\d+):(?P<column>\d+)")


def read_findings(kind: Kind, source: Source) -> tuple[Finding, ...]:
    """Read a file as what it is, and return what is wrong with it.

    Args:
        kind: Neither ``procedure`` nor ``template``.
        source: The file.

    Raises:
        IgateError: The file cannot be opened.
    """
    source.content()  # what cannot be opened is no fault in the file
    try:
        _READERS[kind](source)
    except DefinitionError as error:
        return error.findings
    except IgateError as error:
        remedy = together(error.why or "", error.fix or "")
        return (finding("unusable-file", _place(error, source.file), error.what, remedy),)
    return ()


def _place(error: IgateError, file: str) -> Place:
    if isinstance(error.where, Place):
        return error.where
    placed = _PLACED.fullmatch(error.where or "")
    if placed is None:
        return Place(file=file, line=1)
    return Place(file=placed["file"], line=int(placed["line"]), column=int(placed["column"]))


def _rules(source: Source) -> None:
    read_rules(source.content().decode("utf-8"), file=source.file)


def _layer(source: Source) -> None:
    layer = read_layer(source.file)
    for scope in get_args(Scope):
        WorkCalendar.vietnam(scope=scope, provisional=True, layers=[layer])


def _portal(source: Source) -> None:
    from igate.exchange.portalfile import read_portal_file  # noqa: PLC0415 - few check one

    read_portal_file(source.file)


def _map(source: Source) -> None:
    from igate.metrics.mapping import read_map  # noqa: PLC0415 - few check one

    read_map(source.file)


def _log_map(source: Source) -> None:
    from igate.metrics.logs.mapping import read_log_map  # noqa: PLC0415 - few check one

    read_log_map(source.file)


_READERS: Final[Mapping[Kind, Callable[[Source], None]]] = MappingProxyType(
    {"rules": _rules, "layer": _layer, "portal": _portal, "map": _map, "log_map": _log_map}
)
