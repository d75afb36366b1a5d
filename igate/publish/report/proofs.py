"""The late dossiers on the page, each with the proof of its due day, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.law.citation import Label
from igate.publish.report.html import Cell, Column, both, details, safe, table, word
from igate.publish.report.words import WORDS, day, each, moment, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from igate.publish.report.data import LateDossier, ProofDay

__all__ = ["SHOWN", "late_section"]

#: Late dossiers that the page shows; the workbook lists all of them.
SHOWN = 50


def late_section(late: Sequence[LateDossier], count: Label) -> str:
    """Write the section of the late dossiers, at most :data:`SHOWN` of them.

    Args:
        late: The dossiers.
        count: How many there are in the settlement, so that a choice is not taken for all.
    """
    parts = [f'<section aria-labelledby="h-late"><h2 id="h-late">{word("late_list")}</h2>']
    parts.append(f"<p>{both(count)}</p>")
    parts.extend(_dossier(dossier) for dossier in late[:SHOWN])
    if len(late) > SHOWN:
        more = len(late) - SHOWN
        left = Label(
            vi=f"Còn {number(more, 'vi')} hồ sơ nữa, xem trang tính “Late” của tệp bảng tính.",
            en=f"{number(more, 'en')} more are in the sheet “Late” of the workbook.",
        )
        parts.append(f"<p>{both(left)}</p>")
    return "".join(parts) + "</section>"


def _dossier(dossier: LateDossier) -> str:
    late = each(
        lambda lang: (
            f"{WORDS['late_by'].text(lang)} {number(dossier.working_days_late, lang)} "
            + WORDS["working_days" if dossier.working_days_late != 1 else "working_day"].text(lang)
        )
    )
    summary = (
        f"<strong>{safe(dossier.code)}</strong> <em>{both(late)}</em>"
        f"<small>{both(dossier.agency_label)} · {both(dossier.procedure_name)}</small>"
    )
    finished = dossier.finished
    facts = (
        ("procedure", f"{both(dossier.procedure_name)} <code>{safe(dossier.procedure)}</code>"),
        ("agency", both(dossier.agency_label)),
        ("received_at", _moment(dossier.received)),
        ("due", _moment(dossier.due)),
        ("finished", word("not_finished") if finished is None else _moment(finished)),
    )
    lines = "".join(f"<dt>{word(key)}</dt><dd>{html}</dd>" for key, html in facts)
    return details(summary, f"<dl>{lines}</dl>{_explanation(dossier)}{_days(dossier)}")


def _moment(at: datetime) -> str:
    return both(each(lambda lang: moment(at, lang)), figure=True)


def _explanation(dossier: LateDossier) -> str:
    """Write the explanation; of one that goes on to a table only the head, where days follow."""
    text = dossier.explanation
    if not dossier.days:
        return both(text, "pre") if text.vi else ""
    head = each(lambda lang: text.text(lang).split("\n\n")[0])
    return f'<div class="head">{both(head, "p")}</div>' if text.vi else ""


def _days(dossier: LateDossier) -> str:
    if not dossier.days:
        return ""
    columns = [
        Column(label=WORDS["date"], kind="text"),
        Column(label=WORDS["counted"], kind="text"),
        Column(label=WORDS["why"], kind="text"),
        Column(label=WORDS["citation"], kind="text"),
    ]
    caption = Label(
        vi=f"{WORDS['proof'].vi} {dossier.code}", en=f"{WORDS['proof'].en} {dossier.code}"
    )
    return table(caption, columns, [_day(one) for one in dossier.days])


def _day(one: ProofDay) -> list[Cell]:
    counted = "✓ " if one.counted else "– "
    citation = one.citation
    return [
        Cell(html=both(each(lambda lang: day(one.date, lang)), figure=True)),
        Cell(
            html=counted + word("counted_yes" if one.counted else "counted_no"),
            mark="yes" if one.counted else "no",
        ),
        Cell(html=both(one.why)),
        Cell(html="" if citation is None else both(each(citation.text)), mark="cite"),
    ]
