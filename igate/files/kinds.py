"""Which kind of file a YAML file is: its keys say so, not its name.

igate reads seven kinds. What each key means is for the reader of the kind; here only the names of
the keys at the top of a file are known, so that a file can be given to its reader, and one that is
broken can be compared with the page of its kind.
"""

from __future__ import annotations

import re
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

from igate.errors import Place
from igate.files.findings import finding
from igate.words.sentence import beside, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from igate.errors import Finding
    from igate.words.sentence import Sentence

__all__ = ["KEYS", "PAGES", "Kind", "kind_name", "kind_of", "kind_of_text", "unclear"]

#: What a file can be. ``map``: the columns of a table; ``log_map``: the events of a log.
Kind = Literal["procedure", "template", "rules", "layer", "portal", "map", "log_map"]
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

#: The keys at the top of a file of each kind.
KEYS: Final[Mapping[Kind, frozenset[str]]] = MappingProxyType(
    {
        "procedure": frozenset(
            {
                "format", "code", "name", "field", "ministry", "level", "agencies", "checked_on",
                "source", "revisions", "examples",
            }
        ),
        "template": frozenset(
            {
                "format", "template", "extends", "label", "citation", "initial", "roles",
                "any_agency_roles", "facts", "options", "counters", "backdaters", "own_dossiers",
                "cutoff", "states", "actions", "transitions", "steps", "stages",
            }
        ),
        "rules": frozenset({"format", "rules", "label", "checked_on", "revisions"}),
        "layer": frozenset({"format", "year", "complete", "checked_on", "records"}),
        "portal": frozenset(
            {
                "format", "portal", "label", "confirmed", "source", "absent", "envelope", "answer",
                "maps", "dossier", "step",
            }
        ),
        "map": frozenset(
            {
                "code", "procedure", "limit", "case", "area", "field", "agency", "channel",
                "received", "started", "finished", "recorded", "reopened", "due", "first_due",
                "suspensions", "state", "online_level", "dates", "values", "zone",
            }
        ),
        "log_map": frozenset(
            {
                "case", "activity", "moment", "resource", "object_type", "zone", "dates", "others",
                "marks", "actions", "columns", "constants", "values", "only",
            }
        ),
    }
)  # fmt: skip
#: Keys that files of other programs have as well: they alone do not say what a file is.
_COMMON: Final = frozenset(
    {
        "format", "name", "label", "source", "steps", "step", "options", "actions", "states",
        "state", "values", "zone", "others", "only", "case", "rules", "field", "level", "examples",
    }
)  # fmt: skip


def _page(name: str, *, in_vietnamese: bool = False) -> Sentence:
    return beside(en=f"docs/{name}", vi=f"docs/{'vi/' * in_vietnamese}{name}")


#: The page of the docs that describes the keys of each kind, in the language of the message.
PAGES: Final[Mapping[Kind, Sentence]] = MappingProxyType(
    {
        "procedure": _page("reference/procedure-file.md", in_vietnamese=True),
        "template": _page("reference/procedure-file/own-template.md", in_vietnamese=True),
        "rules": _page("reference/clock-rules.md"),
        "layer": _page("explanation/calendar.md"),
        # the shipped mapping says with every key what it is for
        "portal": beside(
            en="igate/exchange/vn/portal-2025.yaml", vi="igate/exchange/vn/portal-2025.yaml"
        ),
        "map": _page("how-to/map-your-csv.md"),
        "log_map": _page("how-to/count-an-event-log.md"),
    }
)
#: How many keys a message names, and how many characters of each.
_NAMED_KEYS: Final = 5
_LONGEST_KEY: Final = 80
_TOP_KEY: Final = re.compile(r"^([A-Za-z_]\w*)[ \t]*:", re.MULTILINE)


def kind_of(keys: Collection[str]) -> Kind | None:
    """Return the kind of a file by the keys at its top, or ``None`` where they do not say it.

    It is the kind that has most of the keys; of two that have as many, the first.

    >>> kind_of({"format", "checked_on", "records"}), kind_of({"code", "channel", "received"})
    ('layer', 'map')
    >>> kind_of({"version", "services"}) is None
    True
    """
    if "template" in keys and not {"code", "revisions"} & set(keys):
        return "template"
    if not any(key in KEYS[kind] - _COMMON for key in keys for kind in _KINDS):
        return None
    return max(_KINDS, key=lambda kind: len(KEYS[kind].intersection(keys)))


def kind_of_text(text: str) -> Kind:
    r"""Return the kind of a text that need not be YAML; where it does not say it, a procedure.

    >>> kind_of_text("format: 1\nrecords:\n  - {date: 2026-01-02")
    'layer'
    """
    return kind_of(set(_TOP_KEY.findall(text))) or "procedure"


def kind_name(kind: Kind) -> Sentence:
    """Return what a kind of file is called.

    >>> kind_name("layer").text("en")
    'a layer of the calendar'
    """
    names: Mapping[Kind, Sentence] = {
        "procedure": say("a procedure"),
        "template": say("a template"),
        "rules": say("a set of clock rules"),
        "layer": say("a layer of the calendar"),
        "portal": say("the mapping of a portal"),
        "map": say("a column map"),
        "log_map": say("the map of an event log"),
    }
    return names[kind]


def unclear(file: str, keys: Iterable[str]) -> Finding:
    """Return the finding that the keys of a file do not say what it is."""
    named = ", ".join(key[:_LONGEST_KEY] for key in islice(keys, _NAMED_KEYS))
    return finding(
        "file-kind",
        Place(file=file, line=1),
        say("What kind of file this is cannot be seen from its keys ({keys}).", keys=named or "–"),
        say(
            "igate reads procedures (code, revisions), templates (template, states), clock rules "
            "(rules, revisions), layers of the calendar (checked_on, records), mappings of a "
            "portal (portal, envelope), column maps (code, received) and maps of event logs "
            "(activity, marks): write the keys of the one that it is, or keep the file elsewhere."
        ),
    )
