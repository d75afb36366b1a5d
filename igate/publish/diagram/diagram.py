"""The workflow of a procedure as a picture: Mermaid text, SVG, PNG.

A picture shows the states, who does what in which time, who may take which action, and what an
action does to the clock. SVG and PNG are drawn here, without a network and without a browser;
Mermaid text is for pages that draw it themselves. All three say the same in words, so nothing is
lost on a black-and-white copy or to a reader who hears it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from igate.errors import IgateError
from igate.law.text import check_language
from igate.publish.diagram.chart import FRAME, chart
from igate.publish.diagram.drawing import write_svg
from igate.publish.diagram.layout import lay_out
from igate.publish.diagram.words import Words
from igate.publish.words import printable
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision
    from igate.publish.diagram.chart import Chart, Node, Way

__all__ = ["mermaid", "png", "svg"]

#: Everything but letters, digits and signs that mean nothing to Mermaid: written as a number.
_HARMFUL = re.compile(r"[^\w ,.()/–·→≤≥≠-]|(?<!\w)-|-(?!\w)")
_WORD = re.compile(r"[A-Za-z]\w*", re.ASCII)
_RESERVED: Final = frozenset(
    {"state", "note", "end", "direction", "default", "class", "classDef", "style", "click", "as"}
)
_BREAK: Final = "<br/>"


def mermaid(
    procedure: Procedure,
    revision: Revision,
    lang: Language,
    *,
    rules: ClockRules,
    all_ways: bool = False,
) -> str:
    """Write the workflow of a revision as a Mermaid state diagram.

    Args:
        procedure: What the diagram is of.
        revision: The one to show.
        lang: Language of its texts.
        rules: Clock rules of the day: they say what an interruption does to the time limit.
        all_ways: Also show the template's ways that only go back along the main course.

    Raises:
        IgateError: igate does not speak the language.
    """
    check_language(lang)
    folded = chart(revision.workflow, all_ways=all_ways)
    words = Words(procedure, revision, folded, rules)
    title = _quoted(words.title(lang))
    lines = ["---", f"title: {title}", "---", "stateDiagram-v2", "    direction TB"]
    lines += [f"    {line}" for line in _Mermaid(words, lang, all_ways=all_ways).lines()]
    return "\n".join(lines) + "\n"


def svg(
    procedure: Procedure,
    revision: Revision,
    lang: Language,
    *,
    rules: ClockRules,
    all_ways: bool = False,
) -> str:
    """Draw the workflow of a revision as an SVG document that needs nothing else.

    Args:
        procedure: What the diagram is of.
        revision: The one to show.
        lang: Language of its texts.
        rules: Clock rules of the day: they say what an interruption does to the time limit.
        all_ways: Also show the template's ways that only go back along the main course.

    Raises:
        IgateError: igate does not speak the language.
    """
    check_language(lang)
    folded = chart(revision.workflow, all_ways=all_ways)
    words = Words(procedure, revision, folded, rules)
    return write_svg(
        lay_out(folded, words, lang),
        title=words.title(lang),
        summary=_summary(folded, words, lang),
        lang=lang,
    )


def png(drawing: str, *, scale: float = 2) -> bytes:
    """Turn an SVG document into a PNG picture.

    Args:
        drawing: The document, as :func:`svg` gives it.
        scale: Pixels of the picture for one pixel of the document.

    Raises:
        IgateError: The extra ``frames`` is not installed.
    """
    try:
        import vl_convert  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise IgateError(
            say("The diagram cannot be turned into PNG."),
            why=say("That needs vl-convert ({error}).", error=error),
            fix=say('Run: pip install "igate[frames]". SVG and Mermaid need nothing.'),
        ) from error
    picture: bytes = vl_convert.svg_to_png(drawing, scale=scale)
    return picture


def _summary(folded: Chart, words: Words, lang: Language) -> str:
    """Say what a picture shows, for those who hear it."""
    course = "; ".join(node.label.text(lang) for node in folded.course)
    sides = "; ".join(node.label.text(lang) for node in folded.sides) or "–"
    about = ". ".join(words.subtitles(lang))
    branches = "; ".join(_branch(way, folded, words, lang) for way in folded.branches)
    if lang == "vi":
        forks = f" Rẽ nhánh: {branches}." if branches else ""
        return f"{about}. Tiến trình chính: {course}.{forks} Ngoài tiến trình chính: {sides}."
    forks = f" Branches: {branches}." if branches else ""
    return f"{about}. Main course: {course}.{forks} Beside it: {sides}."


def _branch(way: Way, folded: Chart, words: Words, lang: Language) -> str:
    """Say from where to where a branch leads, and when."""
    source, target = (folded.node(end).label.text(lang) for end in (way.source, way.target))
    what = ", ".join(text for text in (way.label.text(lang), words.when(way, lang)) if text)
    return f"{source} → {target} ({what})"


class _Mermaid:
    """Writes one diagram line by line."""

    def __init__(self, words: Words, lang: Language, *, all_ways: bool) -> None:
        self.chart, self.words, self.lang, self.all_ways = words.chart, words, lang, all_ways
        nodes = (*self.chart.course, *self.chart.sides)
        self.names = dict(_names([node.id for node in nodes]))

    def lines(self) -> Iterator[str]:
        """Return the statements: states, ways, and the notes as comments."""
        nodes = (*self.chart.course, *self.chart.sides)
        yield from map(self.state, nodes)
        if any(FRAME in {way.source, way.target} for way in self.chart.ways):
            yield f'state "{self.any_step()}" as {self.names[FRAME]}'
        yield from (f"[*] --> {self.names[node.id]}" for node in nodes if node.initial)
        for way in self.chart.ways:
            yield from self.way(way)
        yield from (f"{self.names[node.id]} --> [*]" for node in nodes if node.final)
        yield from (f"%% {_remark(note)}" for note in self.words.notes(self.lang))

    def any_step(self) -> str:
        """Name the state that stands for any step of the frame.

        A state around the steps would say it better, but Mermaid puts the names of ways across
        the edge of such a state on top of each other.
        """
        frame = self.chart.frame.text(self.lang) if self.chart.frame else ""
        head = "Bất kỳ bước nào" if self.lang == "vi" else "Any step"
        return f"{head}{_BREAK}{_escaped(frame)}"

    def state(self, node: Node) -> str:
        """Declare a state with what is done in it."""
        texts = [node.label.text(self.lang)]
        for row in self.words.steps(node, self.lang):
            texts += row
        text = _BREAK.join(_escaped(text) for text in texts)
        return f'state "{text}" as {self.names[node.id]}'

    def way(self, way: Way) -> Iterator[str]:
        """Draw a way; with all ways, once for each node from which it starts."""
        texts = (
            self.words.action(way, self.lang),
            self.words.when(way, self.lang),
            self.words.actors(way, self.lang),
            *self.words.ends(way, self.lang, drawn=self.all_ways),
            self.words.clock(way, self.lang),
        )
        label = _BREAK.join(_escaped(text) for text in texts if text)
        for source in (way.source, *(way.also_from if self.all_ways else ())):
            yield f"{self.names[source]} --> {self.names[way.target]} : {label}"


def _names(identifiers: list[str]) -> Iterator[tuple[str, str]]:
    """Return each node a name of its own that Mermaid can read, and the frame one too."""
    taken: set[str] = set()
    for identifier in (*identifiers, FRAME):
        plain = identifier if _WORD.fullmatch(identifier) else "any_step"
        name = plain if plain not in taken | _RESERVED else f"{plain}_{len(taken)}"
        while name in taken:
            name += "_"
        taken.add(name)
        yield identifier, name


def _quoted(text: str) -> str:
    r"""Write a string of the YAML head; what HTML or a directive begins with as the code point.

    >>> _quoted("<b>")
    '"\\u003cb\\u003e"'
    """
    line = json.dumps(printable(text), ensure_ascii=False)
    return re.sub(r"[<>&%]", lambda sign: f"\\u{ord(sign[0]):04x}", line)


def _remark(text: str) -> str:
    """Write a remark on one line, without the signs of a directive or of HTML."""
    line = re.sub(r"[{}%]", " ", " ".join(printable(text).split()))
    return re.sub(r"[<>&]", lambda sign: f"#{ord(sign[0])};", line)


def _escaped(text: str) -> str:
    """Write signs that could mean something to Mermaid as the number of the sign.

    >>> _escaped('a: "b"; c')
    'a#58; #34;b#34;#59; c'
    """
    return _HARMFUL.sub(lambda sign: f"#{ord(sign[0])};", " ".join(printable(text).split()))
