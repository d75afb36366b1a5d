"""The sequence of a notice sheet: who does what in what time, one after another or together.

Those who act in turn have rows of their own (2.1, 2.2); those who act at the same time are under
their step, each with its time. Where a step may lead elsewhere than to the next, it is said there,
unless its own text says so already.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from igate.publish.procedure_words import STEPS, WAYS, names_step, performer, say, step_time
from igate.publish.rule_words import Conditions
from igate.publish.sheet.blocks import Note, Phrase, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from igate.law.citation import Label, Language
    from igate.procedures.procedure import Revision
    from igate.procedures.workflow import Party, Step, Way
    from igate.publish.sheet.blocks import Block, Wording

__all__ = ["sequence"]

#: Words of a step that say by themselves to which step it goes back, or goes on.
_BACK: Final = (
    r"(?:\b(?:chuyển|trả|quay|trở|gửi|đưa|thực hiện|làm)\b[^.;:,]{0,40}?\b(?:lại|về|ngược)"
    r"|\b(?:back|return(?:s|ed)?))\b[^.;:,]{0,40}?"
)
_ON: Final = r"\b(?:chuyển|sang|đến|tới|to)\s+"

#: Actions of the course of which "passes on" or "sends back" says everything.
_PLAIN: Final = frozenset({"forward", "send_back"})


def sequence(revision: Revision, words: Wording) -> Iterator[Block]:
    """Return the table of steps, and whose steps they are."""
    if not revision.workflow.steps:
        yield words.missing()
        return
    rows, under = [], set()
    maker = _Rows(revision, words)
    for step in revision.workflow.steps:
        rows.append(maker.of_step(step))
        for party in step.together:
            under.add(len(rows))
            rows.append(maker.of_party(party))
    heads = tuple(map(words.say, ("number", "what", "who", "duration")))
    yield Note(text=STEPS[revision.steps_basis].text(words.lang))
    yield Table(heads=heads, rows=tuple(rows), under=frozenset(under))


class _Rows:
    """Writes the rows of the table."""

    def __init__(self, revision: Revision, words: Wording) -> None:
        self.workflow, self.words = revision.workflow, words
        self.conditions = Conditions(revision.workflow)

    def of_step(self, step: Step) -> tuple[tuple[Phrase, ...], ...]:
        """Return the row of a step."""
        return (
            self.words.own(step.place),
            (*self.words.label(step.label), *self.leg(step), *self.ways(step)),
            self.performer(step),
            self.words.own(step_time(step, self.words.lang, self.workflow.stages)),
        )

    def of_party(self, party: Party) -> tuple[tuple[Phrase, ...], ...]:
        """Return the row of one who acts at the same time, without a number."""
        together = self.words.say("together")
        if party.label is None:
            what = self.words.own(f"↳ {together}")
        else:
            (named,) = self.words.label(party.label)
            own = Phrase(text=f"↳ {named.text}", lang=named.lang)
            what = (own, *self.words.own(together))
        return (
            self.words.own(""),
            (*what, *self.leg(party)),
            self.performer(party),
            self.words.own(step_time(party, self.words.lang)),
        )

    def leg(self, who: Step | Party) -> tuple[Phrase, ...]:
        """Name the procedure that is settled for the dossier, if one is."""
        if not who.procedure:
            return ()
        return self.words.own(self.words.say("leg").format(code=who.procedure))

    def performer(self, who: Step | Party) -> tuple[Phrase, ...]:
        """Name who acts: as printed, and in English by role before that; and another agency."""
        role = self.words.own(performer(who, self.workflow, self.words.lang))
        if not who.actor:
            return role
        printed = Phrase(text=who.actor, lang="vi")
        if self.words.lang == "en":
            return (*role, printed)
        agency = who.agency
        if agency is None or agency.vi.casefold() in who.actor.casefold():
            return (printed,)
        return (printed, *self.words.label(agency))

    def ways(self, step: Step) -> Iterator[Phrase]:
        """Say where the step may lead, but for the next one and what its own text says."""
        for at, way in enumerate(step.ways):
            label = way.label or self.action(way)
            lang = self.words.lang_of(label)
            in_one_language = self.words.lang_of(step.label) == lang
            if way.guard is None and in_one_language and _says(step, way, label, lang):
                continue
            text = _lead(way, step.ways[:at], lang) + _goal(way, step, label, lang)
            if way.guard is not None:
                text += f", {say('if', lang)} {self.conditions.text(way.guard, lang)}"
            yield Phrase(text=text, lang=lang)

    def action(self, way: Way) -> Label | None:
        """Return the label of an action of the course, where it says more than the direction."""
        known = self.workflow.actions.get(way.action)
        return None if known is None or way.action in _PLAIN else known.label


def _lead(way: Way, before: Sequence[Way], lang: Language) -> str:
    """Begin the sentence of a way; onward without a condition, it is the way and no choice."""
    if way.action != "forward" or way.guard is not None:
        return say("or", lang)
    guarded = any(each.action == way.action for each in before)
    return say("otherwise" if guarded else "then", lang)


def _says(step: Step, way: Way, label: Label | None, lang: Language) -> bool:
    """Return whether the text of a step says a way: the words of its action, or where it leads."""
    text = step.label.text(lang)
    if label is not None:
        words = label.text(lang)
        return names_step(words, way.to) and words.casefold() in text.casefold()
    lead = _ON if way.to > step.number else _BACK
    goal = rf"{lead}(?:bước|step)\s+{way.to}(?!\w|\.\d)"
    return re.search(goal, text, re.IGNORECASE) is not None


def _goal(way: Way, step: Step, label: Label | None, lang: Language) -> str:
    """Say where a way leads, in the words of its action where it has any."""
    if label is None:
        return WAYS["on" if way.to > step.number else "back"].text(lang).format(step=way.to)
    text = label.text(lang)
    if names_step(text, way.to):
        return f"“{text}”"
    return f"“{text}” → {say('number', lang).lower()} {way.to}"
