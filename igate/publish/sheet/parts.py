"""The parts of a notice sheet, before they are written as Markdown or HTML.

Every part that Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2 asks for has its section, also where the
sources are silent: then it says so, because an empty place would read as "nothing is needed".
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from igate.law.citation import Citation, Label
from igate.procedures.naming import CHANNELS
from igate.publish.procedure_words import (
    CUTOFFS,
    LEVELS,
    SCHEMES,
    SERVICE_LEVELS,
    SUBJECTS,
    in_force,
    length,
    meant,
)
from igate.publish.sheet.blocks import Items, Missing, Note, Section, Table, Terms, Wording
from igate.publish.sheet.steps import sequence
from igate.publish.words import day
from igate.words.figures import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Requirement, Result, Revision
    from igate.publish.sheet.blocks import Block, Phrase

__all__ = ["sections"]

#: The three channels of Nghị định 118/2025/NĐ-CP are open from this day.
_CHANNELS_SINCE: Final = date(2025, 7, 1)
_CHANNELS_RULE: Final = Citation(kind="Nghị định", number="118/2025/NĐ-CP", article="15")


def sections(procedure: Procedure, revision: Revision, lang: Language) -> tuple[Section, ...]:
    """Return the sections of a sheet, in the order in which they are posted."""
    return tuple(_Sheet(procedure, revision, lang).sections())


class _Sheet(Wording):
    """Collects the sections of one sheet in one language."""

    def __init__(self, procedure: Procedure, revision: Revision, lang: Language) -> None:
        super().__init__(lang)
        self.procedure, self.revision = procedure, revision

    def sections(self) -> Iterator[Section]:
        """Return the sections."""
        yield Section(title="", blocks=(self.head(),))
        yield self.section("sequence", sequence(self.revision, self))
        yield self.section("manner", self.manner())
        yield self.section("components", self.components())
        yield self.section("time", self.time())
        yield self.section("subjects", (self.subjects(),))
        yield self.section("agency", (self.agencies(),))
        yield self.section("result", self.results())
        yield self.section("fee", self.fees())
        yield self.section("form", self.forms())
        yield self.section("conditions", self.conditions())
        yield self.section("basis", self.basis())
        yield self.section("online", self.online())
        yield self.section("effect", self.effect())

    def section(self, key: str, blocks: Iterable[Block]) -> Section:
        """Put a heading over blocks."""
        return Section(title=self.say(key), blocks=tuple(blocks))

    def head(self) -> Terms:
        """Say which procedure it is."""
        silent = self.own(self.say("not_stated"))
        levels = [LEVELS.get(level, Label(vi=level)) for level in self.procedure.level]
        level = ", ".join(label.text(self.lang) for label in levels)
        ministry = self.procedure.ministry
        return Terms(
            pairs=(
                (self.say("code"), self.own(self.procedure.code)),
                (self.say("field"), self.label(self.procedure.field.label)),
                (self.say("ministry"), self.label(Label(vi=ministry)) if ministry else silent),
                (self.say("level"), self.own(level) if level else silent),
            )
        )

    def manner(self) -> Iterator[Block]:
        """Name the channels that the sources name, and the general rule of the day."""
        named = {rule.channel for rule in self.revision.limits}
        named |= {fee.channel for fee in self.revision.fees}
        channels = [label for name, label in CHANNELS.items() if name in named]
        if channels:
            yield Items(title=self.say("channels_of"), entries=tuple(map(self.label, channels)))
        else:
            yield Missing(text=self.say("channels_silent"))
        end = self.revision.period.end
        if end is None or end > _CHANNELS_SINCE:
            yield Note(text=f"{self.say('channels_rule')} [{_CHANNELS_RULE.text(self.lang)}]")

    def components(self) -> Iterator[Block]:
        """Return the papers asked for, and in how many sets."""
        if self.revision.requirements:
            rows = tuple(map(self.paper, self.revision.requirements))
            keys = ("paper", "original", "certified", "copies", "form_number", "citation")
            yield Table(heads=tuple(map(self.say, keys)), rows=rows)
        else:
            yield self.missing()
        count = self.revision.dossier_sets
        if count is None:
            sets = self.say("not_stated")
        else:
            sets = self.say("set_one" if count == 1 else "set_more").format(count=count)
        yield Terms(pairs=((self.say("sets"), self.own(sets)),))

    def paper(self, each: Requirement) -> tuple[tuple[Phrase, ...], ...]:
        """Return the row of a paper: what becomes of it is under its name."""
        name = self.label(each.label)
        if each.digitised:
            name += self.own(self.say("digitised"))
        if each.reused_from is not None:
            lang = self.lang_of(each.reused_from)
            name += Wording(lang).own(
                Wording(lang).say("reused").format(source=each.reused_from.text(lang))
            )
        numbers = (each.original, each.certified, each.copies)
        return (
            name,
            *(self.own(str(number) if number else "–") for number in numbers),
            self.own(each.form or "–"),
            self.cited(each.citation),
        )

    def time(self) -> Iterator[Block]:
        """Return the time limits by channel, case and area, and the hour that matters."""
        if any(rule.limit.stated for rule in self.revision.limits):
            rest = self.say("others" if any(r.narrowness for r in self.revision.limits) else "any")
            rows = tuple(
                (
                    self.own(meant(rule, self.lang) or rest),
                    self.own(length(rule.limit, self.lang)),
                    self.cited(rule.citation),
                )
                for rule in self.revision.limits
            )
            keys = ("dossiers", "limit", "citation")
            yield Table(heads=tuple(map(self.say, keys)), rows=rows)
        else:
            yield self.missing()
        cutoff = self.revision.cutoff
        if cutoff:
            sentence = CUTOFFS[cutoff.moves].text(self.lang).format(hour=f"{cutoff.at:%H:%M}")
            yield Note(text=f"{sentence} [{cutoff.citation.text(self.lang)}]")

    def subjects(self) -> Block:
        """Name who may apply."""
        if not self.revision.subjects:
            return self.missing()
        labels = [SUBJECTS[name] for name in self.revision.subjects]
        return Items(entries=tuple(map(self.label, labels)))

    def agencies(self) -> Block:
        """Name the agencies that solve it."""
        if not self.procedure.agencies:
            return self.missing()
        labels = [Label(vi=name) for name in self.procedure.agencies]
        return Items(entries=tuple(map(self.label, labels)))

    def results(self) -> Iterator[Block]:
        """Return what the applicant gets, and how."""
        if not self.revision.results:
            yield self.missing()
            return
        keys = ("result_paper", "delivery", "form_number", "citation")
        rows = tuple(map(self.result, self.revision.results))
        yield Table(heads=tuple(map(self.say, keys)), rows=rows)

    def result(self, each: Result) -> tuple[tuple[Phrase, ...], ...]:
        """Return the row of a result."""
        ways = ", ".join(CHANNELS[way].text(self.lang) for way in each.delivery)
        return (
            self.label(each.label),
            self.own(ways or self.say("not_stated")),
            self.own(each.form or "–"),
            self.cited(each.citation),
        )

    def conditions(self) -> Iterator[Block]:
        """Return the conditions of the result."""
        if not self.revision.conditions:
            yield self.missing()
            return
        entries = []
        for each in self.revision.conditions:
            cited = self.cited(each.citation) if each.citation else self.own(self.say("not_cited"))
            entries.append((*self.label(each.label), *cited))
        yield Items(entries=tuple(entries))

    def fees(self) -> Iterator[Block]:
        """Return what is charged."""
        if not self.revision.fees:
            yield self.missing()
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
            yield self.missing()
            return
        labels = [each.label for each in named]
        forms = [
            Label(vi=f"{each.form}: {label.vi}", en=label.en and f"{each.form}: {label.en}")
            for each, label in zip(named, labels, strict=True)
        ]
        yield Items(entries=tuple(map(self.label, forms)))

    def basis(self) -> Iterator[Block]:
        """Cite the decision and what the limits, papers and fees rest on; then the course."""
        revision = self.revision
        stated = [
            revision.citation,
            *revision.legal_basis,
            *(rule.citation for rule in revision.limits),
            *(each.citation for each in revision.requirements),
            *(fee.citation for fee in revision.fees),
            *(each.citation for each in revision.results if each.citation),
            *(each.citation for each in revision.conditions if each.citation),
            *(online.citation for online in revision.online if online.citation),
        ]
        course = [
            way.citation
            for way in revision.workflow.transitions
            if way.citation and not way.manner.upkeep
        ]
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
        """Return a list of citations under its title."""
        return Items(title=self.say(key), entries=tuple(map(self.own, texts)))

    def online(self) -> Iterator[Block]:
        """Return the online level under each scheme, and whether it is published or assumed."""
        if not self.revision.online:
            yield self.missing()
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
