"""A settlement as open data: a Frictionless data package (Data Package 1) with a DCAT description.

Small counts are withheld, and as many others as it takes that the sums do not give them away.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from igate.errors import FrameError
from igate.files.writing import ready_folder, write_atomically
from igate.law.citation import Label
from igate.metrics import COUNTS
from igate.metrics import definition as find_definition
from igate.publish.exchange.counted import counted
from igate.publish.exchange.suppression import ADDITIVE, THRESHOLD, withheld
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from os import PathLike
    from pathlib import Path

    from narwhals.stable.v2.typing import IntoDataFrame
    from numpy.typing import NDArray

    from igate.metrics import Definition
    from igate.publish.exchange.counted import Counted

__all__ = ["WITHHELD", "write_data_package"]

#: What stands for a count that is withheld.
WITHHELD: Final = ":"
_CSV, _PACKAGE, _DCAT = "settlement.csv", "datapackage.json", "dcat.jsonld"
_TITLE: Final = Label(
    vi="Tình hình, kết quả giải quyết hồ sơ (biểu II.06a)",
    en="Settlement of administrative dossiers (form II.06a)",
)
_RATE: Final = Label(vi="Tỷ lệ đúng hạn", en="On-time rate")
_TOTAL: Final = Label(vi="Dòng tổng số", en="Whether it is the row of totals")
#: Prefixes of the JSON-LD context.
_CONTEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "spdx": "http://spdx.org/rdf/terms#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What is described: the table as text, and what it rests on."""

    found: Counted
    chosen: Definition
    text: str
    period: tuple[date, date] | None
    as_of: date
    threshold: int
    publisher: str
    license: str

    @property
    def said(self) -> Label:
        """Say what is counted and what is withheld."""
        cited, small = self.chosen.citation, self.threshold
        return Label(
            vi=f"Định nghĩa {self.chosen.name} ({cited.text('vi')}), tính đến {self.as_of}. Số nhỏ "
            f"hơn {small} (khác 0) và các số có thể suy ra chúng được ẩn, ghi là {WITHHELD}.",
            en=f"Definition {self.chosen.name} ({cited.text('en')}), as of {self.as_of}. Counts "
            f"below {small}, zero apart, and those that would give them away are withheld and "
            f"written {WITHHELD}.",
        )


def write_data_package(
    folder: str | PathLike[str],
    table: IntoDataFrame | Sequence[Mapping[str, Any]],
    *,
    as_of: date,
    definition: str | Definition = "form_06a",
    period: tuple[date, date] | None = None,
    threshold: int = THRESHOLD,
    publisher: str = "",
    license: str = "",  # noqa: A002 - the word of both standards
) -> Path:
    """Write a settlement as a data package: ``settlement.csv`` and two descriptions of it.

    Args:
        folder: Where to write; it is made if it is not there, and files of the three names in it
            are replaced.
        table: What ``metrics.settlement`` gave for one definition, or its rows.
        as_of: Day on which it was drawn up.
        definition: The definition of the table, where it is not shipped or not named in it.
        period: First and last day, both inclusive; ``None``: all that was received.
        threshold: Counts below it, zero apart, are withheld.
        publisher: Name of the agency that publishes it.
        license: Address of the licence.

    Returns:
        The path of ``datapackage.json``.

    Raises:
        FrameError: It is no settlement table, holds several definitions or does not add up.
        OutputError: The folder cannot be written to.
    """
    found = counted(table, by=definition)
    if len(found.definitions) > 1:
        raise FrameError(
            say("The table holds several definitions."),
            why=say("What one of them withholds another could give away."),
            fix=say("Publish one of them."),
        )
    name = found.definitions[0] if found.definitions else definition
    chosen = find_definition(name) if isinstance(definition, str) else definition
    content = _Content(
        found=found, chosen=chosen, text=_csv(found, chosen, threshold), period=period,
        as_of=as_of, threshold=threshold, publisher=publisher, license=license,
    )  # fmt: skip
    place = ready_folder(folder)
    write_atomically(place / _CSV, content.text.encode())
    write_atomically(place / _DCAT, _json(_dcat(content)))
    return write_atomically(place / _PACKAGE, _json(_package(content)))


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(found: Counted, chosen: Definition, threshold: int) -> str:
    counts = np.array(
        [[int(row[name]) for name in ADDITIVE] for row in found.rows], dtype=np.int64
    ).reshape(-1, len(ADDITIVE))
    hidden = withheld(counts, threshold)
    table = np.vstack([counts, counts.sum(axis=0, keepdims=True)])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*found.keys, "is_total", *ADDITIVE, "on_time_rate"])
    groups = [[*(row[key] for key in found.keys), "false"] for row in found.rows]
    groups.append([*("" for _ in found.keys), "true"])
    for number, group in enumerate(groups):
        cells = [
            WITHHELD if gone else int(count)
            for gone, count in zip(hidden[number], table[number], strict=True)
        ]
        writer.writerow([*group, *cells, _rate(table[number], hidden[number], chosen)])
    return text.getvalue()


def _rate(counts: NDArray[np.int64], hidden: NDArray[np.bool_], chosen: Definition) -> str:
    """Return the rate, withheld with any count that it is made of; empty where there is none."""
    above = [ADDITIVE.index(name) for name in chosen.numerator if name in ADDITIVE]
    below = [ADDITIVE.index(name) for name in chosen.denominator if name in ADDITIVE]
    whole = len(above) + len(below) == len(chosen.numerator) + len(chosen.denominator)
    if not whole or hidden[[*above, *below]].any():
        return WITHHELD
    divisor = int(counts[below].sum())
    return repr(int(counts[above].sum()) / divisor) if divisor else ""


def _package(content: _Content) -> dict[str, Any]:
    """Describe the table as Data Package 1 (specs.frictionlessdata.io) wants it."""
    body = content.text.encode()
    licenses = {"licenses": [{"path": content.license}]} if content.license else {}
    publisher = {"title": content.publisher, "role": "publisher"}
    contributors = {"contributors": [publisher]} if content.publisher else {}
    return {
        "profile": "tabular-data-package",
        "name": "igate-settlement",
        "title": _TITLE.text("vi"),
        "description": f"{content.said.text('vi')} / {content.said.text('en')}",
        **licenses,
        **contributors,
        "resources": [
            {
                "name": "settlement",
                "path": _CSV,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(body),
                "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
                "schema": {
                    "fields": _fields(content.found.keys),
                    "missingValues": ["", WITHHELD],
                },
            }
        ],
    }


def _fields(keys: Sequence[str]) -> list[dict[str, Any]]:
    counts = [
        {
            "name": name,
            "type": "integer",
            "title": COUNTS[name].text("vi"),
            "description": COUNTS[name].text("en"),
            "constraints": {"minimum": 0},
        }
        for name in ADDITIVE
    ]
    rate = {
        "name": "on_time_rate",
        "type": "number",
        "title": _RATE.text("vi"),
        "description": _RATE.text("en"),
        "constraints": {"minimum": 0, "maximum": 1},
    }
    total = {
        "name": "is_total",
        "type": "boolean",
        "title": _TOTAL.text("vi"),
        "description": _TOTAL.text("en"),
    }
    return [*({"name": key, "type": "string"} for key in keys), total, *counts, rate]


def _dcat(content: _Content) -> dict[str, Any]:
    """Describe the table as a data set of DCAT 3."""
    body = content.text.encode()
    digest = {"@value": hashlib.sha256(body).hexdigest(), "@type": "xsd:hexBinary"}
    dataset: dict[str, Any] = {
        "@context": dict(_CONTEXT),
        "@type": "dcat:Dataset",
        "dcterms:title": _both(_TITLE),
        "dcterms:description": _both(content.said),
        "dcterms:identifier": f"igate-settlement-{content.chosen.name}-{content.as_of}",
        "dcterms:issued": _day(content.as_of),
        "dcat:distribution": {
            "@type": "dcat:Distribution",
            "dcterms:title": _both(_TITLE),
            "dcat:downloadURL": {"@id": _CSV},
            "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
            "dcat:byteSize": {"@value": str(len(body)), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": digest,
            },
        },
    }
    if content.period is not None:
        start, end = content.period
        dataset["dcterms:temporal"] = {
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": _day(start),
            "dcat:endDate": _day(end),
        }
    if content.publisher:
        agent = {"@type": "foaf:Agent", "foaf:name": content.publisher}
        dataset["dcterms:publisher"] = agent
    if content.license:
        dataset["dcterms:license"] = {"@id": content.license}
        dataset["dcat:distribution"]["dcterms:license"] = {"@id": content.license}
    return dataset


def _both(label: Label) -> list[dict[str, str]]:
    return [
        {"@value": label.text("vi"), "@language": "vi"},
        {"@value": label.text("en"), "@language": "en"},
    ]


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
