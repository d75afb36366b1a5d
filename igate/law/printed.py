"""How values print themselves: as what makes them, so that a printed one can be pasted.

A failing property test, a traceback and a notebook print values. Hypothesis and IPython write a
dataclass out field by field unless it says otherwise.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any, Protocol, cast

from igate.law.localtime import local

__all__ = ["Printed"]


class _Printer(Protocol):
    def text(self, text: str) -> None: ...


class Printed:
    """A dataclass that prints itself without the fields that are as they are by default.

    Moments are written with ``parse_local``; what is marked ``repr=False`` is left out. A class
    with a ``__repr__`` of its own keeps it; one without says ``repr=False``. Hypothesis and IPython
    print the same.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Write the call that makes it."""
        own = fields(cast("Any", self))
        given = [(each.name, getattr(self, each.name), _usual(each)) for each in own if each.repr]
        said = [f"{name}={_written(value)}" for name, value, usual in given if value != usual]
        return f"{type(self).__name__}({', '.join(said)})"

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: FBT001 - IPython's form
        del cycle
        printer.text(repr(self))


def _usual(of: Field[Any]) -> object:
    return of.default if of.default_factory is MISSING else of.default_factory()


def _written(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return repr(value)
    moment = local(value).replace(tzinfo=None)
    fine = "auto" if moment.second or moment.microsecond else "minutes"
    return f"parse_local({moment.isoformat(timespec=fine)!r})"
