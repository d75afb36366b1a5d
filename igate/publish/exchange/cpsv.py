"""The catalogue as linked data: CPSV-AP 3.2 in JSON-LD.

A procedure is a ``cpsv:PublicService``. CPSV-AP has one processing time, an ``xsd:duration``, which
cannot say working days; so every limit is also given under a term of igate's own, as it is written
in the file, with its citation. ``m8g:processingTime`` is there only where the procedure has one
limit, in days, hours or months.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from igate.deadlines.limits import Unit
from igate.law.citation import Label
from igate.publish.words import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from igate.deadlines.limits import TimeLimit
    from igate.law.citation import Citation, Language
    from igate.procedures.procedure import LimitRule, Procedure, Revision

__all__ = ["catalogue_cpsv"]

#: Prefixes of the JSON-LD context; ``igate`` has the terms that CPSV-AP has not.
_CONTEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adms": "http://www.w3.org/ns/adms#",
        "atu": "http://data.europa.eu/88u/dataset/",
        "cpsv": "http://purl.org/vocab/cpsv#",
        "dcterms": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "igate": "urn:igate:term:",
        "m8g": "http://data.europa.eu/m8g/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
#: Việt Nam in the authority table of countries of the EU.
_COUNTRY: Final = "http://publications.europa.eu/resource/authority/country/VNM"
#: Before the number, the part of a duration of ISO 8601, and after it.
_ISO: Final = {Unit.DAY: ("P", "D"), Unit.MONTH: ("P", "M"), Unit.HOUR: ("PT", "H")}
_UNNAMED: Final = Label(vi="Không nêu trong nguồn", en="Not named in the source")


def catalogue_cpsv(procedures: Iterable[Procedure], *, on: date) -> str:
    """Write procedures as CPSV-AP 3.2 in JSON-LD.

    Args:
        procedures: Such as those of ``Catalog.procedures()``; one without a revision in force on
            the day is left out.
        on: The day.

    Returns:
        A JSON-LD document with its context inside. A procedure is
        ``urn:igate:procedure:<code>``, an agency and a field a node of its own. Where the source
        names no agency, the ministry stands for it.
    """
    nodes: dict[str, dict[str, Any]] = {
        _COUNTRY: {"@id": _COUNTRY, "@type": ["atu:atu-type", "dcterms:Location"]}
    }
    for procedure in procedures:
        revision = procedure.revisions.on(on)
        if revision is not None:
            node = _service(procedure, revision, nodes)
            nodes[node["@id"]] = node
    document = {"@context": dict(_CONTEXT), "@graph": list(nodes.values())}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _service(
    procedure: Procedure, revision: Revision, nodes: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return the node of a procedure; its agencies and its field are added to the nodes."""
    agencies = procedure.agencies or (procedure.ministry or _UNNAMED.vi,)
    found: dict[str, Any] = {
        "@id": f"urn:igate:procedure:{procedure.code}",
        "@type": "cpsv:PublicService",
        "dcterms:identifier": procedure.code,
        "dcterms:title": _texts(procedure.name),
        "dcterms:description": _texts(_description(procedure, revision)),
        "dcterms:spatial": {"@id": _COUNTRY},
        "m8g:hasCompetentAuthority": [{"@id": _agency(name, nodes)} for name in agencies],
        "m8g:thematicArea": {"@id": _field(procedure, nodes)},
        "m8g:hasLegalResource": [
            _instrument(each) for each in dict.fromkeys((revision.citation, *revision.legal_basis))
        ],
    }
    time = _duration(revision)
    if time is not None:
        found["m8g:processingTime"] = {"@value": time, "@type": "xsd:duration"}
    if revision.limits:
        found["igate:timeLimit"] = [_limit(rule) for rule in revision.limits]
    if revision.results:
        found["cpsv:produces"] = [
            {
                "@type": "m8g:Output",
                "dcterms:identifier": f"{procedure.code}/result/{number}",
                "dcterms:title": _texts(result.label),
            }
            for number, result in enumerate(revision.results, start=1)
        ]
    return found


def _texts(label: Label) -> list[dict[str, str]]:
    said = [{"@value": label.vi, "@language": "vi"}]
    return [*said, {"@value": label.en, "@language": "en"}] if label.en else said


def _description(procedure: Procedure, revision: Revision) -> Label:
    """Say the field and the limits: the files have no description of a procedure."""
    field = procedure.field.label
    return each(lambda lang: f"{field.text(lang)}. {_limits(revision, lang)}")


def _limits(revision: Revision, lang: Language) -> str:
    lead = Label(vi="Thời hạn giải quyết", en="Time limit").text(lang)
    texts = dict.fromkeys(rule.limit.text(lang) for rule in revision.limits)
    none = Label(vi="không quy định", en="not stated").text(lang)
    return f"{lead}: {'; '.join(texts) or none}."


def _agency(name: str, nodes: dict[str, dict[str, Any]]) -> str:
    identifier = f"urn:igate:agency:{_slug(name)}"
    nodes[identifier] = {
        "@id": identifier,
        "@type": "m8g:PublicOrganisation",
        "skos:prefLabel": {"@value": name, "@language": "vi"},
        "dcterms:spatial": {"@id": _COUNTRY},
    }
    return identifier


def _field(procedure: Procedure, nodes: dict[str, dict[str, Any]]) -> str:
    identifier = f"urn:igate:field:{_slug(procedure.field.id)}"
    nodes[identifier] = {
        "@id": identifier,
        "@type": "skos:Concept",
        "skos:prefLabel": _texts(procedure.field.label),
    }
    return identifier


def _slug(name: str) -> str:
    """Write a name so that it can stand in an address, letters as they are."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name).casefold().split())


def _instrument(citation: Citation) -> dict[str, Any]:
    return {
        "@type": "eli:LegalResource",
        "dcterms:title": _texts(Label(vi=citation.text("vi"), en=citation.text("en"))),
    }


def _limit(rule: LimitRule) -> dict[str, Any]:
    """Return a limit under igate's own term: the text of the file, and for which dossiers."""
    for_which = {"channel": rule.channel, "case": rule.case, "area": rule.area}
    return {
        "@type": "igate:TimeLimit",
        "igate:limit": str(rule.limit),
        "igate:citation": str(rule.citation),
        **{f"igate:{name}": value for name, value in for_which.items() if value is not None},
    }


def _duration(revision: Revision) -> str | None:
    """Return the limit as a duration of ISO 8601, where there is one and it can be said."""
    limits = dict.fromkeys(rule.limit for rule in revision.limits)
    return _iso(next(iter(limits))) if len(limits) == 1 else None


def _iso(limit: TimeLimit) -> str | None:
    """Return ``P15D`` for 15 days; ``None`` for working time, sums and fractions.

    >>> from igate.deadlines.limits import TimeLimit
    >>> _iso(TimeLimit.parse("15 day")), _iso(TimeLimit.parse("7 working_day"))
    ('P15D', None)
    """
    if len(limit.parts) != 1:
        return None
    (part,) = limit.parts
    before, after = _ISO.get(part.unit, ("", ""))
    whole = part.length.denominator == 1
    return f"{before}{part.length.numerator}{after}" if before and whole else None
