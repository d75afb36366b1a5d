"""Procedures: those of the shipped catalogue, and small ones made up."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hypothesis import note
from hypothesis import strategies as st

from igate.deadlines.limits import TimeLimit, Unit
from igate.files.sources import shipped
from igate.files.yaml import parse
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates
from igate.testing.strategies.limits import time_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.procedures.procedure import Procedure

__all__ = ["procedures"]

_CITED: Final = "citation: Quyết định 1/QĐ-UBND (giả định)"
_ROLES: Final = ("officer", "head_of_section", "leader")
_STEP_LIMITS: Final = time_limits(units=[Unit.WORKING_DAY, Unit.WORKING_HOUR], longest=5)


def procedures(*, catalog: Catalog | None = None) -> st.SearchStrategy[Procedure]:
    """Return procedures: made up from an ordinary template, and those of a catalogue.

    The ones made up have the code ``9.000001``, one to four processing steps of three roles, now
    and then a step that two parties do at the same time, and steps with times of their own. They
    shrink to one step and one working day; of one
    made up a failing test prints the file.

    Args:
        catalog: Whose procedures are drawn as well; the shipped ones when absent.
    """
    return _procedures(catalog)


@st.composite
def _procedures(draw: st.DrawFn, catalog: Catalog | None) -> Procedure:
    # The one made up is drawn in any case: it is the smaller example only if it has fewer choices.
    text = draw(_made_up())
    given = _shipped() if catalog is None else catalog
    code = draw(st.none() | st.sampled_from(sorted(given)))
    if code is not None:
        return given.procedure(code)
    note(text)
    return _read(text)


@lru_cache(maxsize=1)
def _shipped() -> Catalog:
    return Catalog.shipped()


@lru_cache(maxsize=1)
def _templates() -> Templates:
    return Templates({source.stem: source for source in shipped("templates")})


@st.composite
def _made_up(draw: st.DrawFn) -> str:
    roles = draw(st.lists(st.sampled_from(_ROLES), min_size=1, max_size=4))
    timed = draw(st.lists(st.none() | _STEP_LIMITS, min_size=len(roles), max_size=len(roles)))
    together = draw(st.sampled_from([None, *range(len(roles))]))
    return _written(draw(time_limits()), roles, timed, together)


def _read(text: str) -> Procedure:
    procedure, found = read_procedure(parse(text, file="made-up.yaml"), _templates())
    if procedure is None:
        raise AssertionError([str(each) for each in found])
    return procedure


def _written(
    limit: TimeLimit, roles: Sequence[str], timed: Sequence[TimeLimit | None], together: int | None
) -> str:
    steps = ["{number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}"]
    for at, (role, own) in enumerate(zip(roles, timed, strict=True)):
        timing = "" if own is None else f", limit: {own}"
        parties = (
            ", together: [{role: taxes, vi: Thuế}, {role: building, vi: Xây dựng}]"
            if at == together
            else ""
        )
        steps.append(
            f"{{number: {at + 2}, phase: processing, role: {role}, vi: Bước{timing}{parties}}}"
        )
    steps.append(
        f"{{number: {len(steps) + 1}, phase: handover, role: receptionist, vi: Trả kết quả}}"
    )
    own_roles = (
        "" if together is None else "    roles: {taxes: {vi: Thuế}, building: {vi: Xây dựng}}\n"
    )
    return (
        'format: 1\ncode: "9.000001"\nname: {vi: Thủ tục giả lập}\n'
        'field: {id: synthetic, vi: Giả lập}\nchecked_on: "2026-01-01"\nsource: invented\n'
        f'revisions:\n  - effective_from: "2025-01-01"\n    {_CITED}\n    template: ordinary\n'
        f"    limits: [{{limit: {limit}, {_CITED}}}]\n{own_roles}    steps:\n"
        + "".join(f"      - {step}\n" for step in steps)
    )
