"""One dossier that a test walks by the functional core alone: no desk, no store, no clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desks import CODE, SHORT, catalogue, expected_days, procedure
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor, Entry, Submission
from igate.dossiers.engine import Ground, apply, begin, decide, submit
from igate.law.localtime import parse_local

if TYPE_CHECKING:
    from igate.dossiers.dossier import Dossier

__all__ = ["FOUR_EYES", "START", "TOGETHER", "Walk"]

#: Monday
START = parse_local("2026-03-02T09:00")
TOGETHER = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Lấy ý kiến,
         together: [{role: clerk, vi: A}, {role: other_agency, vi: B}]}
      - {number: 3, phase: processing, role: leader, vi: Ký}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""
FOUR_EYES = """\
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định}
      - {number: 3, phase: processing, roles: [officer, leader], four_eyes: [2], vi: Kiểm tra}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""


class Walk:
    """One dossier under one procedure, with its entries."""

    def __init__(self, steps: str = SHORT, more: str = "", template: str = "ordinary") -> None:
        text = procedure(steps, more=more, template=template)
        revision = catalogue(text).in_force(CODE, on=START.date())
        rules = shipped_rules("decree", on=START.date())
        self.ground = Ground.of(revision, rules, expected_days(), definition="d1")
        given = Submission(
            procedure=CODE, revision="2025-01-01", definition="d1", agency="H15.10",
            channel="counter", applicant="Bà An", applicant_id="an",
        )  # fmt: skip
        actor = Actor("lan", roles={"receptionist"}, agency="H15.10")
        entry = submit("H15-1", given, by=actor, at=START, recorded_at=START, ground=self.ground)
        self.entry, self.dossier = entry, begin(entry, self.ground)

    def take(
        self, action: str, role: str, name: str = "", *, hours: int = 0, **more: object
    ) -> Dossier:
        """Take an action, so many hours after the last entry."""
        actor = Actor(name or ("an" if role == "applicant" else role), roles={role},
                      agency="" if role == "applicant" else "H15.10")  # fmt: skip
        return self.take_as(actor, action, hours=hours, **more)

    def take_as(self, actor: Actor, action: str, *, hours: int = 0, **more: object) -> Dossier:
        """Take an action as somebody."""
        at = self.dossier.last_at + timedelta(hours=hours)
        self.entry = decide(self.dossier, action, by=actor, at=at, ground=self.ground, **more)
        self.dossier = apply(self.dossier, self.entry, self.ground)
        return self.dossier

    def start(self) -> Dossier:
        """Receive it and pass it on to step 2."""
        self.take("receive", "receptionist")
        return self.take("transfer", "receptionist")

    def crafted(self, **more: object) -> Entry:
        """Return an entry that follows on the last one, as a journal could hold it."""
        now = self.dossier
        given = {
            "dossier": now.code, "seq": now.seq + 1, "action": "reopen", "source": now.state,
            "target": now.state, "happened_at": now.last_at, "recorded_at": now.last_at,
            "actor": "x", "role": "leader", "agency": "H15.10",
        }  # fmt: skip
        return Entry(**{**given, **more})
