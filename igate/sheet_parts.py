"""The parts of a notice sheet, before they are written as Markdown or HTML.

Every part that Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2 asks for has its section, also where the
sources are silent: then it says so, because an empty place would read as "nothing is needed".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from igate.citation import Citation, Label
from igate.reports.words import day, number
from igate.revision_words import CHANNELS, in_force, length, meant, performer, step_time
from igate.sheet_words import CUTOFFS, LEVELS, SCHEMES, SERVICE_LEVELS, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.citation import Language
    from igate.procedure import Procedure, Revision
    from igate.workflow import Step

__all__ = ["Block", "Items", "Missing", "Note", "Phrase", "Section", "Table", "Terms", "sections"]

#: The three channels of Nghị định 118/2025/NĐ-CP are open from this day.
_CHANNELS_SINCE: Final = date(2025, 7, 1)
_CHANNELS_RULE: Final = Citation(kind="Nghị định", number="118/2025/NĐ-CP", article="15")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text and its language: in an English sheet, what nobody has translated is Vietnamese."""

    text: str
    lang: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Names with their values."""

    pairs: tuple[tuple[str, tuple[Phrase, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; as many cells in each row as there are headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[Phrase, ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list, with a title where there are several."""

    title: str = ""
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The sentence that stands where the sources are silent."""

    text: str


Block = Terms | Table | Items | Note | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


def sections(procedure: Procedure, revision: Revision, lang: Language) -> tuple[Section, ...]:
    """Give the sections of a sheet, in the order in which they are posted."""
    return tuple(_Sheet(procedure, revision, lang).sections())


class _Sheet:
    """Collects the sections of one sheet in one language."""

    def __init__(self, procedure: Procedure, revision: Revision, lang: Language) -> None:
        self.procedure, self.revision, self.lang = procedure, revision, lang

    def sections(self) -> Iterator[Section]:
        """Give the sections."""
        silent = (Missing(text=self.say("missing")),)
        yield Section(title="", blocks=(self.head(),))
        yield self.section("sequence", self.steps())
        yield self.section("manner", self.manner())
        yield self.section("components", self.components())
        yield self.section("time", self.time())
        yield self.section("subjects", silent)
        yield self.section("agency", (self.agencies(),))
        yield self.section("result", silent)
        yield self.section("fee", self.fees())
        yield self.section("form", self.forms())
        yield self.section("conditions", silent)
        yield self.section("basis", self.basis())
        yield self.section("online", self.online())
        yield self.section("effect", self.effect())

    def section(self, key: str, blocks: Iterable[Block]) -> Section:
        """Put a heading over blocks."""
        return Section(title=self.say(key), blocks=tuple(blocks))

    def say(self, key: str) -> str:
        """Give a word of the sheet."""
        return say(key, self.lang)

    def own(self, text: str) -> tuple[Phrase, ...]:
        """Give a text that is in the language of the sheet."""
        return (Phrase(text=text, lang=self.lang),)

    def label(self, label: Label) -> tuple[Phrase, ...]:
        """Give a label in the language of the sheet, or in Vietnamese where it has no other."""
        lang: Language = "en" if self.lang == "en" and label.en else "vi"
        return (Phrase(text=label.text(lang), lang=lang),)

    def cited(self, citation: Citation | None) -> tuple[Phrase, ...]:
        """Give a citation."""
        return self.own(citation.text(self.lang) if citation else self.say("not_stated"))

    def head(self) -> Terms:
        """Say which procedure it is."""
        levels = [LEVELS.get(level, Label(vi=level)) for level in self.procedure.level]
        level = ", ".join(label.text(self.lang) for label in levels)
        return Terms(
            pairs=(
                (self.say("code"), self.own(self.procedure.code)),
                (self.say("field"), self.label(self.procedure.field.label)),
                (self.say("ministry"), self.label(Label(vi=self.procedure.ministry))),
                (self.say("level"), self.own(level or self.say("not_stated"))),
            )
        )

    def steps(self) -> Iterator[Block]:
        """Give the table of steps, and whose steps they are."""
        steps = self.revision.workflow.steps
        if not steps:
            yield Missing(text=self.say("missing"))
            return
        rows = tuple(
            (
                self.own(str(step.number)),
                self.label(step.label),
                self.performer(step),
                self.own(step_time(step, self.lang)),
            )
            for step in steps
        )
        heads = tuple(map(self.say, ("number", "what", "who", "duration")))
        yield Note(text=self.say(f"steps_{self.revision.steps_basis}"))
        yield Table(heads=heads, rows=rows)

    def performer(self, step: Step) -> tuple[Phrase, ...]:
        """Name who does a step: as printed, and in English by role before that."""
        role = self.own(performer(step, self.revision.workflow, self.lang))
        if not step.actor:
            return role
        printed = Phrase(text=step.actor, lang="vi")
        return (printed,) if self.lang == "vi" else (*role, printed)

    def manner(self) -> Iterator[Block]:
        """Name the channels that the sources name, and the general rule of the day."""
        named = {rule.channel for rule in self.revision.limits}
        named |= {fee.channel for fee in self.revision.fees}
        channels = [label for name, label in CHANNELS.items() if name in named]
        if channels:
            phrases = tuple(phrase for label in channels for phrase in self.label(label))
            yield Items(title=self.say("channels_of"), phrases=phrases)
        else:
            yield Missing(text=self.say("channels_silent"))
        end = self.revision.period.end
        if end is None or end > _CHANNELS_SINCE:
            yield Note(text=f"{self.say('channels_rule')} [{_CHANNELS_RULE.text(self.lang)}]")

    def components(self) -> Iterator[Block]:
        """Give the papers asked for; no source that was read gives the number of sets."""
        if self.revision.requirements:
            rows = tuple(
                (
                    self.label(each.label),
                    self.own(str(each.original) if each.original else "–"),
                    self.own(str(each.copies) if each.copies else "–"),
                    self.own(each.form or "–"),
                    self.cited(each.citation),
                )
                for each in self.revision.requirements
            )
            keys = ("paper", "original", "copies", "form_number", "citation")
            yield Table(heads=tuple(map(self.say, keys)), rows=rows)
        else:
            yield Missing(text=self.say("missing"))
        yield Terms(pairs=((self.say("sets"), self.own(self.say("not_stated"))),))

    def time(self) -> Iterator[Block]:
        """Give the time limits by channel, case and area, and the hour that matters."""
        if any(rule.limit.stated for rule in self.revision.limits):
            rows = tuple(
                (
                    self.own(meant(rule, self.lang) or self.say("any")),
                    self.own(length(rule.limit, self.lang)),
                    self.cited(rule.citation),
                )
                for rule in self.revision.limits
            )
            keys = ("dossiers", "limit", "citation")
            yield Table(heads=tuple(map(self.say, keys)), rows=rows)
        else:
            yield Missing(text=self.say("missing"))
        cutoff = self.revision.cutoff
        if cutoff:
            sentence = CUTOFFS[cutoff.moves].text(self.lang).format(hour=f"{cutoff.at:%H:%M}")
            yield Note(text=f"{sentence} [{cutoff.citation.text(self.lang)}]")

    def agencies(self) -> Block:
        """Name the agencies that solve it."""
        if not self.procedure.agencies:
            return Missing(text=self.say("missing"))
        return Items(
            phrases=tuple(Phrase(text=name, lang="vi") for name in self.procedure.agencies)
        )

    def fees(self) -> Iterator[Block]:
        """Give what is charged."""
        if not self.revision.fees:
            yield Missing(text=self.say("missing"))
            return
        rows = tuple(
            (
                self.label(fee.label),
                self.own(f"{number(fee.amount, self.lang)} {self.say('dong')}"),
                self.label(CHANNELS[fee.channel]) if fee.channel
                else self.own(self.say("any_channel")),
                self.cited(fee.citation),
            )
            for fee in self.revision.fees
        )  # fmt: skip
        keys = ("what_for", "amount", "channel", "citation")
        yield Table(heads=tuple(map(self.say, keys)), rows=rows)

    def forms(self) -> Iterator[Block]:
        """Name the prescribed forms that the papers carry."""
        named = [each for each in self.revision.requirements if each.form]
        if not named:
            yield Missing(text=self.say("missing"))
            return
        yield Items(
            phrases=tuple(
                Phrase(text=f"{each.form}: {self.label(each.label)[0].text}", lang=self.lang)
                for each in named
            )
        )

    def basis(self) -> Iterator[Block]:
        """Cite the decision and what the limits, papers and fees rest on; then the course."""
        revision = self.revision
        stated = [
            revision.citation,
            *(rule.citation for rule in revision.limits),
            *(each.citation for each in revision.requirements),
            *(fee.citation for fee in revision.fees),
            *(online.citation for online in revision.online if online.citation),
        ]
        course = [way.citation for way in revision.workflow.transitions if way.citation]
        if revision.cutoff:
            course.append(revision.cutoff.citation)
        own = dict.fromkeys(citation.text(self.lang) for citation in stated)
        shared = dict.fromkeys(citation.text(self.lang) for citation in course)
        yield self.citations("own_basis", own)
        others = sorted((text for text in shared if text not in own), key=_in_order)
        if others:
            yield self.citations("course_basis", others)
        if any(citation.assumed for citation in (*stated, *course)):
            yield Note(text=self.say("assumed_note"))

    def citations(self, key: str, texts: Iterable[str]) -> Items:
        """Give a list of citations under its title."""
        phrases = tuple(phrase for text in texts for phrase in self.own(text))
        return Items(title=self.say(key), phrases=phrases)

    def online(self) -> Iterator[Block]:
        """Give the online level under each scheme, and whether it is published or assumed."""
        if not self.revision.online:
            yield Missing(text=self.say("missing"))
            return
        rows = tuple(
            (
                self.label(SERVICE_LEVELS.get(each.level, Label(vi=each.level))),
                self.label(SCHEMES.get(each.scheme, Label(vi=each.scheme))),
                self.own(self.say(each.basis)),
                self.cited(each.citation),
            )
            for each in self.revision.online
        )
        keys = ("service_level", "scheme", "known_from", "citation")
        yield Table(heads=tuple(map(self.say, keys)), rows=rows)

    def effect(self) -> Iterator[Block]:
        """Say from when it is in force, when it was last checked, and where it was read."""
        yield Terms(
            pairs=(
                (self.say("in_force"), self.own(in_force(self.revision, self.lang))),
                (self.say("checked_on"), self.own(day(self.procedure.checked_on, self.lang))),
                (self.say("source"), self.own(self.procedure.source)),
            )
        )
        yield Note(text=self.say("closing"))


def _in_order(text: str) -> str:
    """Order citations as people would: article 9 before article 19.

    >>> _in_order("Điều 9") < _in_order("Điều 19")
    True
    """
    return re.sub(r"\d+", lambda digits: digits[0].zfill(9), text)
