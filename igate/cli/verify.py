"""The command ``igate verify``: proofs about procedures, and examples that refute them.

Exit codes: 0 nothing is refuted, 1 something is or a file has errors, 2 wrong use.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from igate.cli.options import JsonOption, LangOption  # noqa: TC001 - typer reads the annotations when the program runs
from igate.cli.output import as_json_text, must_exist

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.checks.verdict import Verdict, Verification
    from igate.law.citation import Language

__all__ = ["JobsOption", "answers_of", "verify"]

JobsOption = Annotated[int, typer.Option("--jobs", min=1, help="How many processors work on it.")]
_ANSWERS = {
    "proved": {"vi": "chứng minh được", "en": "proved"},
    "refuted": {"vi": "bị bác bỏ", "en": "refuted"},
    "not_stated": {"vi": "nguồn không nói", "en": "not stated"},
}


def verify(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Procedure files and folders; else the shipped ones."),
    ] = None,
    *,
    code: Annotated[
        list[str] | None, typer.Option("--code", help="Only this procedure; may be repeated.")
    ] = None,
    jobs: JobsOption = 1,
    lang: LangOption,
    as_json: JsonOption = False,
) -> None:
    """Prove that procedures end and keep their time limits, or print examples that refute it."""
    from igate.checks.verify import verified  # noqa: PLC0415 - each command loads what it needs

    must_exist(*(paths or ()))
    found = verified(paths or (), code or (), processes=jobs)
    if as_json:
        typer.echo(as_json_text([_record(each) for each in found]))
    else:
        for each in found:
            _print(each, lang.value)
    raise typer.Exit(1 if any(each.answer == "refuted" for each in found) else 0)


def answers_of(found: Iterable[Verification]) -> dict[str, dict[str, int]]:
    """Count the answers to each question."""
    counts = Counter((v.question, v.answer) for each in found for v in each.verdicts)
    questions = dict.fromkeys(question for question, _ in counts)
    return {
        question: {
            answer: counts[question, answer] for answer in ("proved", "refuted", "not_stated")
        }
        for question in questions
    }


def _print(found: Verification, lang: Language) -> None:
    from igate.checks.verdict import QUESTIONS  # noqa: PLC0415 - each command loads what it needs

    typer.echo(f"{found.procedure} {found.revision}")
    for each in found.verdicts:
        question, answer = QUESTIONS[each.question].text(lang), _ANSWERS[each.answer][lang]
        typer.echo(f"  {question}: {answer}. {each.because.text(lang).rstrip('.')}.")
        if each.citations:
            typer.echo(f"    {'; '.join(cited.text(lang) for cited in each.citations)}")
        if each.refutation is not None:
            typer.echo(f"    {each.refutation.said.text(lang).rstrip('.')}.")
            typer.echo(each.refutation.example)


def _record(found: Verification) -> dict[str, object]:
    return {
        "procedure": found.procedure,
        "revision": found.revision,
        "answer": found.answer,
        "verdicts": [_verdict(each) for each in found.verdicts],
    }


def _verdict(each: Verdict) -> dict[str, object]:
    refutation = each.refutation
    return {
        "question": each.question,
        "answer": each.answer,
        "because": {"vi": each.because.vi, "en": each.because.en},
        "citations": [str(cited) for cited in each.citations],
        "cases": each.cases,
        "against": each.against,
        "example": None if refutation is None else refutation.example,
    }
