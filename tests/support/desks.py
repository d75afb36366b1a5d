"""A desk in memory with one procedure of a test, whose clock the test sets."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor
from igate.law.localtime import parse_local
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.testing import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.dossiers.dossier import Dossier

__all__ = ["CITED", "CODE", "SHORT", "Desk", "catalogue", "expected_days", "procedure"]

CODE = "9.000001"
CITED = "citation: Quyết định 1/QĐ-UBND (giả định)"
#: reception, head of section, officer, leader, hand-over
STEPS = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: head_of_section, vi: Phân công}
      - {number: 3, phase: processing, role: officer, vi: Thẩm định}
      - {number: 4, phase: processing, role: leader, vi: Ký}
      - {number: 5, phase: handover, role: receptionist, vi: Trả kết quả}
"""
#: reception, officer with a time of his own, leader, hand-over
SHORT = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định, limit: 2 working_day}
      - {number: 3, phase: processing, role: leader, vi: Ký}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""


def procedure(
    steps: str = STEPS, *, code: str = CODE, template: str = "ordinary", limits: str = "",
    more: str = "",
) -> str:  # fmt: skip
    """Write a procedure file; ten working days unless the test says otherwise."""
    limits = limits or f"[{{limit: 10 working_day, {CITED}}}]"
    return (
        f'format: 1\ncode: "{code}"\nname: {{vi: Thủ tục ví dụ}}\n'
        'field: {id: tests, vi: Thử}\nchecked_on: "2026-03-01"\nsource: invented\nrevisions:\n'
        f'  - effective_from: "2025-01-01"\n    {CITED}\n    template: {template}\n'
        f"    limits: {limits}\n{more}    steps:\n{steps}"
    )


def catalogue(*texts: str, templates: Mapping[str, str] | None = None) -> Catalog:
    """Load procedure files, and templates by their names; the same ones once."""
    return _loaded(texts, tuple((templates or {}).items()))


@lru_cache(maxsize=64)
def _loaded(texts: tuple[str, ...], templates: tuple[tuple[str, str], ...]) -> Catalog:
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            code = text.split('code: "')[1][:8]
            (Path(folder) / f"{code}-{number}.yaml").write_text(text, encoding="utf-8")
        for name, text in templates:
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        catalog = Catalog.load(folder)
        assert [str(each) for each in catalog.errors()] == []
        for code in catalog:
            catalog.procedure(code)
    return catalog


@lru_cache(maxsize=1)
def expected_days() -> WorkCalendar:
    """Return the calendar with expected days off, made once."""
    return WorkCalendar.vietnam(provisional=True)


class Desk:
    """A desk of H15 with one dossier for which H15.10 is competent; Monday 2 March 2026, 09:00."""

    def __init__(
        self, *texts: str, at: str = "2026-03-02T09:00", url: str = "sqlite://",
        templates: Mapping[str, str] | None = None, **submission: object,
    ) -> None:  # fmt: skip
        self.clock = SimulatedClock(parse_local(at))
        self.office = OneStop.open(
            url, create=True, agency="H15",
            catalog=catalogue(*(texts or (procedure(),)), templates=templates),
            calendar=expected_days(), clock=self.clock,
        )  # fmt: skip
        given = {"applicant": "Bà An", "applicant_id": "an", "channel": "counter",
                 "agency": "H15.10", **submission}  # fmt: skip
        self.code = self.office.submit(CODE, **given).code

    def at(self, moment: str) -> None:
        """Set the clock."""
        self.clock.moment = parse_local(moment)

    def act(
        self, action: str, role: str, who: str = "", *, agency: str = "H15.10", **more: object
    ) -> Dossier:
        """Take an action as somebody of a role, of the competent agency."""
        own = "" if role == "applicant" else agency
        actor = Actor(who or (role if role != "applicant" else "an"), roles={role}, agency=own)
        return self.office.act(self.code, action, by=actor, **more)

    def to_step(self, number: int, roles: tuple[str, ...] = ("head_of_section", "officer")) -> None:
        """Receive the dossier and pass it on to a step."""
        self.act("receive", "receptionist")
        self.act("transfer", "receptionist")
        for role in roles[: number - 2]:
            self.act("forward", role)

    @property
    def dossier(self) -> Dossier:
        """The dossier as it is now."""
        return self.office.get(self.code)

    @property
    def due(self) -> str:
        """The date of return; ``-`` where there is none."""
        deadline = self.dossier.deadline
        return f"{deadline.due:%Y-%m-%d}" if deadline and deadline.due else "-"
