"""What stands beside the boxes and arrows of a diagram, in Vietnamese and English.

An arrow says which action it is, who may take it, and what it does to the clock in words: no
meaning hangs on a colour. Conditions stand below the picture, numbered, with their citation.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.citation import Label
from igate.revision_words import in_force, limit_texts, performer, step_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.citation import Language
    from igate.clock import ClockKind, ClockRules
    from igate.diagram_chart import Chart, Node, Way
    from igate.guard import Guard
    from igate.procedure import Procedure, Revision

__all__ = ["Words", "condition"]

_CLOCK: Final[Mapping[ClockKind, Label]] = MappingProxyType(
    {
        "start": Label(vi="bắt đầu tính thời hạn", en="the time limit starts"),
        "suspend": Label(vi="tạm dừng tính thời hạn", en="the clock is suspended"),
        "resume": Label(vi="tính tiếp thời hạn", en="the clock goes on"),
        "replace": Label(vi="thay ngày hẹn trả", en="a new due date replaces the old one"),
        "extend": Label(vi="gia hạn", en="the time limit is extended"),
        "finish": Label(vi="kết thúc tính thời hạn", en="the clock ends"),
        "stop": Label(vi="ngừng tính thời hạn", en="the clock stops for good"),
    }
)
_ANEW = Label(vi="tính lại thời hạn từ đầu", en="the time limit is counted anew")
_RUNS_ON = Label(vi="thời hạn vẫn tính", en="the clock runs on")

_FACTS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "supplement_requests": Label(vi="số lần đã yêu cầu bổ sung", en="supplements asked for"),
        "apologies": Label(vi="số lần đã xin lỗi", en="apologies made"),
        "send_backs": Label(vi="số lần đã trả lại bước trước", en="times sent back"),
        "working_days_since_receipt": Label(
            vi="số ngày làm việc kể từ ngày tiếp nhận", en="working days since the receipt"
        ),
        "working_days_left": Label(vi="số ngày làm việc còn lại", en="working days left"),
        "days_waiting": Label(vi="số ngày đã chờ", en="days waited"),
        "channel": Label(vi="kênh nộp", en="channel"),
        "case": Label(vi="trường hợp", en="case"),
        "area": Label(vi="khu vực", en="area"),
    }
)
_OPERATORS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        sign: Label(vi=vi, en=en)
        for sign, vi, en in (
            ("==", "=", "="), ("!=", "≠", "≠"), ("<=", "≤", "≤"), (">=", "≥", "≥"),
            ("and", "và", "and"), ("or", "hoặc", "or"), ("not", "không", "not"),
            ("in", "thuộc", "in"), ("True", "có", "yes"), ("False", "không", "no"),
        )
    }
)  # fmt: skip
_TOKEN = re.compile(r"""'[^']*'|"[^"]*"|\w+|[=!<>]=""")


def condition(guard: Guard, lang: Language) -> str:
    """Write a guard in words; a fact that only the template knows keeps its name.

    >>> from igate.guard import Guard
    >>> condition(Guard.parse("apologies == 0", names=["apologies"]), "vi")
    'số lần đã xin lỗi = 0'
    """

    def word(match: re.Match[str]) -> str:
        label = _FACTS.get(match[0]) or _OPERATORS.get(match[0])
        return label.text(lang) if label else match[0]

    return _TOKEN.sub(word, guard.text)


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
            rules: They tell whether the time limit is counted anew after an interruption.
        """
        self.procedure = procedure
        self.revision = revision
        self.chart = chart
        self.rules = rules
        ways = {(way.action, way.guard): way for way in chart.ways if way.guard is not None}
        self._conditions = tuple(ways.values())

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

    def steps(self, node: Node, lang: Language) -> tuple[tuple[str, str], ...]:
        """Write what is done in a node, and by whom in what time, a pair a step."""
        head = "Bước" if lang == "vi" else "Step"
        pairs = []
        for step in node.steps:
            named = re.search(rf"\b{step.number}\b", node.label.text(lang))
            text = step.label.text(lang)
            what = text if named and len(node.steps) == 1 else f"{head} {step.number}. {text}"
            who = performer(step, self.revision.workflow, lang)
            pairs.append((what, f"{who} · {step_time(step, lang)}"))
        return tuple(pairs)

    def action(self, way: Way, lang: Language) -> str:
        """Name the action of a way, with the number of its condition."""
        text = way.label.text(lang)
        for number, other in enumerate(self._conditions, start=1):
            if (way.action, way.guard) == (other.action, other.guard):
                return f"{text} ({number})"
        return text

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
        if self.runs_on(way):
            return _RUNS_ON.text(lang)
        anew = way.clock == "resume" and self.rules.effect(way.reason) == "restart"
        return (_ANEW if anew else _CLOCK[way.clock]).text(lang)

    def runs_on(self, way: Way) -> bool:
        """Tell whether a way would interrupt the clock, but the rules let it run."""
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
            numbers = ", ".join(str(number) for number in way.steps)
            texts.append(f"chỉ từ bước {numbers}" if vi else f"only from step {numbers}")
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
            goal = self.chart.node(way.target).label.text(lang)
            return (f"về: {goal}" if lang == "vi" else f"to: {goal}",)
        far = way.kind in {"skip", "back"} and (
            abs(course.index(way.source) - course.index(way.target)) > 1
        )
        if far or way.kind == "between":
            return (f"→ {self.chart.node(way.target).label.text(lang)}",)
        return ("↻",) if way in self.chart.far else ()

    def notes(self, lang: Language) -> tuple[str, ...]:
        """Write what stands below: conditions with citations, and what is not drawn."""
        vi = lang == "vi"
        texts = []
        for number, way in enumerate(self._conditions, start=1):
            cited = f" [{way.citation.text(lang)}]" if way.citation else ""
            when = condition(way.guard, lang) if way.guard is not None else ""
            head = f"({number}) {way.label.text(lang)}: "
            texts.append(head + (f"khi {when}{cited}" if vi else f"when {when}{cited}"))
        if self.chart.hidden:
            names = "; ".join(label.text(lang) for label in self.chart.hidden)
            texts.append(f"Không vẽ: {names}." if vi else f"Not drawn: {names}.")
        if self.revision.steps_basis == "assumed":
            texts.append(
                "Các bước theo mẫu chung (giả định), không theo quyết định đã công bố." if vi
                else "The steps are those of the template (assumed), not of a published decision."
            )  # fmt: skip
        counted = self.rules.label.text(lang)
        texts.append(f"Quy tắc tính thời hạn: {counted}." if vi else f"Clock rules: {counted}.")
        return tuple(texts)
