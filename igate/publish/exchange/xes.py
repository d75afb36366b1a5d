"""Journals as an event log in XES (IEEE 1849), for programs of process mining.

A dossier is a trace, an entry an event. What was put right stays in the log as it stands in the
journal. Notes, facts, changes of the registration and applicants who acted are left out; who acted
for an agency is in the log.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from igate.publish.exchange.events import EVENT_ATTRIBUTES
from igate.publish.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.dossiers.dossier import Entry

__all__ = ["journal_xes"]

#: The standard extensions that are used: name, prefix, address.
_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)
#: Where XES keeps what igate calls so; the others keep their names.
_STANDARD = {"actor": "org:resource", "role": "org:role", "agency": "org:group"}


def journal_xes(entries: Iterable[Entry]) -> str:
    """Write journals as a log.

    Args:
        entries: Of any number of dossiers, those of a dossier one after the other, as
            ``DossierStore.entries`` gives them.

    Returns:
        An XML document. Events have ``concept:name`` (the action), ``time:timestamp`` (when it
        took effect), ``recorded_at``, ``org:resource``, ``org:role``, ``org:group``,
        ``lifecycle:transition`` (always complete), ``source``, ``target`` and ``mark``: what it
        did to the clock, such as ``start`` or ``suspend supplement``, else ``none``.
    """
    return "\n".join(_lines(entries)) + "\n"


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">'
    for name, prefix, address in _EXTENSIONS:
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{address}"/>'
    yield '  <global scope="trace">'
    yield f"    {_text('concept:name', 'unknown')}"
    yield "  </global>"
    yield '  <global scope="event">'
    yield f"    {_text('concept:name', 'unknown')}"
    yield f"    {_text('lifecycle:transition', 'complete')}"
    yield '    <date key="time:timestamp" value="1970-01-01T00:00:00+07:00"/>'
    yield "  </global>"
    yield '  <classifier name="Action" scope="event" keys="concept:name"/>'
    yield f"  {_text('lifecycle:model', 'standard')}"
    for code, journal in groupby(entries, key=lambda entry: entry.dossier):
        yield "  <trace>"
        yield f"    {_text('concept:name', code)}"
        for entry in journal:
            yield from _event(entry)
        yield "  </trace>"
    yield "</log>"


def _event(entry: Entry) -> Iterator[str]:
    yield "    <event>"
    yield f"      {_text('concept:name', entry.action)}"
    yield f"      {_text('lifecycle:transition', 'complete')}"
    yield f'      <date key="time:timestamp" value="{entry.happened_at.isoformat()}"/>'
    yield f'      <date key="recorded_at" value="{entry.recorded_at.isoformat()}"/>'
    for name, value in EVENT_ATTRIBUTES.items():
        if value(entry):
            yield f"      {_text(_STANDARD.get(name, name), value(entry))}"
    yield "    </event>"


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(printable(value))}/>'
