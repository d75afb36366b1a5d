"""The command ``igate catalog``: list, search and count procedures.

Without ``--path`` it is the shipped catalogue, which is listed, searched and counted from its
index. Exit codes: 0 found, 1 nothing found or a file with errors, 2 wrong use.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from igate.cli.options import JsonOption, Lang, LangOption
from igate.cli.output import Screen, as_json_text, must_exist
from igate.cli.speaking import CommandLine
from igate.cli.verify import JobsOption, answers_of
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.listing import summarise
from igate.words.figures import decimal, number
from igate.words.sentence import beside, say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.procedures.catalog.listing import Listing, Summary
    from igate.words.sentence import Sentence

__all__ = ["catalog_app"]

catalog_app = CommandLine(name="catalog", about="List, search and count procedures.")


PathOption = Annotated[
    list[Path] | None,
    typer.Option("--path", help="File or folder of procedures; without it, the shipped ones."),
]
FieldOption = Annotated[
    str | None, typer.Option("--field", help='Field: "ho-tich", or words of its name.')
]
AgencyOption = Annotated[
    str | None, typer.Option("--agency", help="Words of the name of an agency.")
]
LevelOption = Annotated[
    str | None,
    typer.Option("--level", help="Online: 1 to 4, full, partial. Of administration: tỉnh, xã."),
]


@catalog_app.command("list")
def list_procedures(
    *,
    path: PathOption = None,
    field: FieldOption = None,
    agency: AgencyOption = None,
    level: LevelOption = None,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Print all procedures of a catalogue, or those of a field, an agency or a level."""
    found = _catalog(path).search("", field=field, agency=agency, level=level, limit=None)
    _print(sorted(found, key=lambda each: each.code), lang, as_json=as_json)


@catalog_app.command("search")
def search_procedures(
    text: Annotated[
        str, typer.Argument(help='Code or its beginning, or words: "khai sinh", "1.0011".')
    ],
    *,
    path: PathOption = None,
    field: FieldOption = None,
    agency: AgencyOption = None,
    level: LevelOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Print at most so many.")] = 20,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Find procedures by code or by words, with or without diacritics; the best come first."""
    found = _catalog(path).search(text, field=field, agency=agency, level=level, limit=limit)
    _print(found, lang, as_json=as_json)


@catalog_app.command("summary")
def summary(
    *,
    path: PathOption = None,
    proofs: Annotated[
        bool, typer.Option("--verify", help="Verify each procedure, and count the answers.")
    ] = False,
    jobs: JobsOption = 1,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Count procedures, limits, steps and online levels, and what they rest on."""
    counted = summarise(_catalog(path).listings())
    answers = _answers(path, jobs) if proofs else {}
    if as_json:
        typer.echo(as_json_text({**counted.record(), **({"verified": answers} if proofs else {})}))
    else:
        lines = [*_sentences(counted), *_proved(answers)]
        typer.echo("\n".join(each.text(lang.value) for each in lines))


def _answers(paths: list[Path] | None, jobs: int) -> dict[str, dict[str, int]]:
    from igate.checks.verify import verified  # noqa: PLC0415 - each command loads what it needs

    return answers_of(verified(paths or (), processes=jobs))


def _proved(answers: dict[str, dict[str, int]]) -> list[Sentence]:
    from igate.checks.verdict import QUESTIONS  # noqa: PLC0415 - each command loads what it needs

    return [
        say(
            "{question}: {proved} proved, {refuted} refuted, {not_stated} not stated",
            question=beside(en=label.en.lower(), vi=label.vi.lower()),
            **_counts(answers[question]),
        )
        for question, label in QUESTIONS.items()
        if question in answers
    ]


def _catalog(paths: list[Path] | None) -> Catalog:
    if not paths:
        return Catalog.shipped()
    must_exist(*paths)
    return Catalog.load(*paths)


def _print(found: Iterable[Listing], lang: Lang, *, as_json: bool) -> None:
    listings = list(found)
    if as_json:
        typer.echo(as_json_text([_record(each) for each in listings]))
    elif listings:
        Screen().print(_table(listings, lang))
    if not listings:
        typer.echo(say("No procedure found.").text(lang.value), err=True)
        raise typer.Exit(1)


def _table(listings: Iterable[Listing], lang: Lang) -> Table:
    vietnamese = lang is Lang.VI
    table = Table(box=None, pad_edge=False)
    table.add_column("Mã" if vietnamese else "Code", no_wrap=True)
    table.add_column("Tên" if vietnamese else "Name", ratio=3)
    table.add_column("Lĩnh vực" if vietnamese else "Field", ratio=1)
    table.add_column("Mức độ" if vietnamese else "Online", no_wrap=True)
    for each in listings:
        assumed = " *" if each.online_basis == "assumed" else ""
        level = f"{each.online_level or each.service}{assumed}"
        table.add_row(
            each.code, each.name.text(lang.value), each.field.label.text(lang.value), level
        )
    table.caption = "* giả định" if vietnamese else "* assumed"
    table.caption_justify = "left"
    return table


def _record(listing: Listing) -> dict[str, object]:
    return {
        "code": listing.code,
        "name": {"vi": listing.name.vi, "en": listing.name.en},
        "field": {
            "id": listing.field.id,
            "vi": listing.field.label.vi,
            "en": listing.field.label.en,
        },
        "ministry": listing.ministry,
        "level": list(listing.level),
        "agencies": list(listing.agencies),
        "online": {
            "decree_43_2011": listing.online_level or None,
            "decree_42_2022": listing.service or None,
            "basis": listing.online_basis,
        },
        "limits": list(listing.limits),
        "steps_basis": listing.steps_basis,
    }


def _sentences(counted: Summary) -> list[Sentence]:
    return [
        say(
            "{procedures} procedures in {fields} fields",
            procedures=_count(counted.procedures),
            fields=counted.fields,
        ),
        say(
            "time limit: {stated} stated, {not_stated} not stated",
            stated=_count(counted.limit_stated),
            not_stated=_count(counted.limit_not_stated),
        ),
        say(
            "steps: {published} of a published decision, {assumed} of a template (assumed)",
            **_counts(counted.steps),
        ),
        *_levels(counted),
        *_services(counted),
    ]


def _levels(counted: Summary) -> Iterator[Sentence]:
    if counted.with_level:
        yield say(
            "online service under {decree}: {procedures} procedures",
            decree="Nghị định 43/2011",
            procedures=_count(counted.with_level),
        )
    for level, counts in counted.online.items():
        yield say(
            "  level {level}: {procedures} ({share}); {published} from a published "
            "level, {assumed} assumed",
            level=level,
            procedures=_count(counted.at_level(level)),
            share=_share(counted.share(level) or 0),
            **_counts(counts),
        )


def _services(counted: Summary) -> Iterator[Sentence]:
    bases = (
        ("Nghị định 42/2022", counted.service, say("published")),
        ("Nghị định 224/2026", counted.mapped, say("mapped: assumed")),
    )
    words = {
        "full": say("full"),
        "partial": say("partial"),
        "none": beside(en="none", vi="chưa cung cấp"),
    }
    for decree, counts, basis in bases:
        named = [
            say("{count} {level}", count=_count(count), level=words.get(level, level))
            for level, count in counts.items()
        ]
        if named:
            yield say(
                "online service under {decree}: {levels} ({basis})",
                decree=decree,
                levels=together(*named, between=", "),
                basis=basis,
            )


def _count(value: int) -> Sentence:
    return beside(en=number(value, "en"), vi=number(value, "vi"))


def _counts(values: Mapping[str, int]) -> dict[str, Sentence]:
    return {name: _count(value) for name, value in values.items()}


def _share(part: float) -> Sentence:
    return beside(
        en=f"{decimal(part * 100, 'en', 2)} %",
        vi=f"{decimal(part * 100, 'vi', 2)}%",
    )
