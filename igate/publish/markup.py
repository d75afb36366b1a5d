"""The environment of the templates: every value is escaped, a missing one is an error.

A template is a ``.html`` or ``.svg`` file next to the module that fills it. Only what a template
itself writes is markup; whatever a procedure, a dossier or a host gives is shown as text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from igate.publish.words import printable

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["pixels", "template"]


def template(name: str) -> Template:
    """Return a template by its path in the package, e.g. ``sheet/sheet.html``."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("igate", "publish"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["px"] = pixels
    return environment


def pixels(value: float) -> str:
    """Write a coordinate to a tenth of a pixel.

    >>> pixels(12.04)
    '12'
    """
    return f"{value:.1f}".removesuffix(".0")


def _finalize(value: object) -> object:
    """Replace what no file can carry; the escaping follows."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value
