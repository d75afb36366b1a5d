"""What is beside the boxes and arrows of a diagram, in Vietnamese and English.

An arrow says which action it is, who may take it, and what it does to the clock in words: no
meaning hangs on a colour. Conditions are below the picture, numbered, with their citation; that
of a branch, or that all parts of a step are done, is at the arrow. A box says who does a step
in what time, and of parties at the same time each with its part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from igate.law.citation import Label
from igate.publish.procedure_words import STEPS, in_force, limit_texts, performer, step_time
from igate.publish.rule_words import Conditions, clock_effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision
    from igate.procedures.workflow import Party, Step
    from igate.publish.diagram.chart import Chart, Node, Way

__all__ = ["BULLET", "Words"]

#: Before each of several parties in a box.
BULLET: Final = "– "
_EACH = Label(vi="Cùng lúc, mỗi bên làm phần việc:", en="At the same time, each does its part:")


class Words:
    """The texts of one diagram in one language."""

    def __init__(
        self, procedure: Procedure, revision: Revision, chart: Chart, rules: ClockRules
    ) -> None:
        """Number the conditions.

        Args:
            procedure: What the diagram is of.
            revision: The one that is drawn.
            chart: Its workflow, folded.
            rules: They say whether the time limit is counted anew after an interruption.
        """
        self.procedure = procedure
        self.revision = revision
        self.chart = chart
        self.rules = rules
        self._told = Conditions(revision.workflow)
        ways = [way for way in chart.ways if way.guard is not None and not self._at_arrow(way)]
        self._conditions = {self._condition(way): way for way in ways}

    def title(self, lang: Language) -> str:
        """Write code and name."""
        return f"{self.procedure.code} · {self.procedure.name.text(lang)}"

    def subtitles(self, lang: Language) -> tuple[str, ...]:
        """Write what is drawn: citation, period, time limit."""
        effect, limit = ("Hiệu lực", "Thời hạn") if lang == "vi" else ("In force", "Time limit")
        return (
            self.revision.citation.text(lang),
            f"{effect}: {in_force(self.revision, lang)}",
            f"{limit}: {'; '.join(limit_texts(self.revision, lang))}",
        )

    def steps(self, node: Node, lang: Language) -> tuple[tuple[str, ...], ...]:
        """Write what is done in a node, by whom in what time, by which parties; a row a step."""
        head = "Bước" if lang == "vi" else "Step"
        rows = []
        for step in node.steps:
            alone = len(node.steps) == 1 and _names(node.label.text(lang), step.place)
            text = step.label.text(lang)
            what = text if alone else f"{head} {step.place}. {text}"
            rows.append((what, *self._who(step, lang)))
        return tuple(rows)

    def _who(self, step: Step, lang: Language) -> Iterator[str]:
        """Write who does a step in what time, then the parties that act at the same time."""
        time = step_time(step, lang, self.revision.workflow.stages)
        who = performer(step, self.revision.workflow, lang)
        leg = _leg(step, lang)
        if not step.together:
            yield f"{who} · {leg}{time}"
            return
        yield f"{'Chủ trì' if lang == 'vi' else 'Lead'}: {who} · {leg}{time}"
        yield _EACH.text(lang)
        for party in step.together:
            name = performer(party, self.revision.workflow, lang)
            task = f"{party.label.text(lang)} · " if party.label else ""
            yield f"{BULLET}{name} · {task}{_leg(party, lang)}{step_time(party, lang)}"

    def action(self, way: Way, lang: Language) -> str:
        """Name the action of a way, with the number of its condition."""
        text = way.label.text(lang)
        if way.guard is None or self._at_arrow(way):
            return text
        return f"{text} ({list(self._conditions).index(self._condition(way)) + 1})"

    def when(self, way: Way, lang: Language) -> str:
        """Write the condition that is at the arrow itself; nothing where there is none."""
        texts = []
        if way.otherwise:
            texts.append("trường hợp còn lại" if lang == "vi" else "otherwise")
        if way.guard is not None and self._at_arrow(way):
            head = "khi" if lang == "vi" else "when"
            texts.append(f"{head} {self._told.text(way.guard, lang)}")
        return ", ".join(texts)

    def quiet(self, way: Way) -> bool:
        """Return whether a way is the lesser one: on without the parts that are missing."""
        return self._told.parts(way.guard) == "some" and not way.branch

    def _at_arrow(self, way: Way) -> bool:
        """Return whether the condition of a way is at its arrow, not below the picture."""
        return way.branch or self._told.parts(way.guard) == "all"

    def _condition(self, way: Way) -> tuple[str, str]:
        """Return what two ways share that have one number: the action and what is asked for."""
        return way.action, self._told.text(way.guard, "vi") if way.guard is not None else ""

    def actors(self, way: Way, lang: Language) -> str:
        """Say who may take a way; nothing where it is whoever does the step of the box."""
        workflow = self.revision.workflow
        names = [workflow.roles[role].text(lang) for role in way.roles]
        if way.own_role and (names or way.kind not in {"onward", "skip", "back"}):
            names.insert(0, "Người thực hiện bước" if lang == "vi" else "Whoever does the step")
        return ", ".join(names)

    def clock(self, way: Way, lang: Language) -> str:
        """Say what a way does to the clock under the rules; nothing where it leaves it alone."""
        if way.clock is None:
            return ""
        return clock_effect(way.clock, way.reason, self.rules).text(lang)

    def runs_on(self, way: Way) -> bool:
        """Return whether a way would interrupt the clock, but the rules let it run."""
        return way.clock in {"suspend", "resume"} and self.rules.effect(way.reason) == "none"

    def ends(self, way: Way, lang: Language, *, drawn: bool | None = None) -> tuple[str, ...]:
        """Say what the ends of the arrow do not show: which steps, which other nodes.

        Args:
            way: The arrow.
            lang: The language.
            drawn: The arrow leads to the very node that it is for, and with ``True`` there is one
                from each node; ``None``: it leads only to the frame or the lane.
        """
        vi = lang == "vi"
        texts = []
        if way.steps:
            numbers = ", ".join(way.steps)
            texts.append(f"chỉ từ bước {numbers}" if vi else f"only from step {numbers}")
        if way.also_steps:
            numbers = ", ".join(way.also_steps)
            texts.append(f"cũng từ bước {numbers}" if vi else f"also from step {numbers}")
        if way.also_from and not drawn:
            names = "; ".join(self.chart.node(name).label.text(lang) for name in way.also_from)
            texts.append(f"cũng từ: {names}" if vi else f"also from: {names}")
        if way.same_step:
            texts.append("về bước đã rời" if vi else "to the step that was left")
        elif drawn is None:
            texts += self._goal(way, lang)
        return tuple(texts)

    def _goal(self, way: Way, lang: Language) -> tuple[str, ...]:
        """Name the node to which an arrow leads, where it ends at the frame or comes by a lane."""
        course = [node.id for node in self.chart.course]
        if way.kind == "return":
            goal = self._goal_label(way, lang)
            return (f"về: {goal}" if lang == "vi" else f"to: {goal}",)
        far = way.kind in {"skip", "back"} and (
            abs(course.index(way.source) - course.index(way.target)) > 1
        )
        if far or way.kind == "between":
            return () if self._named(way, lang) else (f"→ {self._goal_label(way, lang)}",)
        return ("↻",) if way in self.chart.far else ()

    def _goal_label(self, way: Way, lang: Language) -> str:
        return self.chart.node(way.target).label.text(lang)

    def _named(self, way: Way, lang: Language) -> bool:
        """Return whether a branch says itself to which step it leads."""
        step = self.revision.workflow.step_of(way.target) if way.branch else None
        return step is not None and _names(way.label.text(lang), str(step.number))

    def notes(self, lang: Language) -> tuple[str, ...]:
        """Write what is below: conditions with citations, and what is not drawn."""
        vi = lang == "vi"
        texts = []
        for number, way in enumerate(self._conditions.values(), start=1):
            cited = f" [{way.citation.text(lang)}]" if way.citation else ""
            when = self._told.text(way.guard, lang) if way.guard is not None else ""
            head = f"({number}) {way.label.text(lang)}: "
            texts.append(head + (f"khi {when}{cited}" if vi else f"when {when}{cited}"))
        if self.chart.hidden:
            names = "; ".join(label.text(lang) for label in self.chart.hidden)
            texts.append(f"Không vẽ: {names}." if vi else f"Not drawn: {names}.")
        if self.revision.steps_basis == "assumed":
            texts.append(STEPS["assumed"].text(lang))
        counted = self.rules.label.text(lang)
        texts.append(f"Quy tắc tính thời hạn: {counted}." if vi else f"Clock rules: {counted}.")
        return tuple(texts)


def _names(text: str, place: str) -> bool:
    """Return whether a text says the number of a step.

    >>> _names("In process, step 2.1", "2.1"), _names("In process, step 2.1", "2")
    (True, False)
    """
    return re.search(rf"(?<![\w.]){re.escape(place)}(?!\.?\w)", text) is not None


def _leg(each: Step | Party, lang: Language) -> str:
    """Write the procedure that is settled in a step or a part, as a beginning."""
    if not each.procedure:
        return ""
    return f"{'thủ tục' if lang == 'vi' else 'procedure'} {each.procedure} · "
