"""What a procedure file means once its template is applied, each line with its origin.

A file says what is the procedure's own; the rest comes from its template, or from the one that this
extends. The resolved view puts all of it together, as the engine runs it, and names for every line
the file and line that said so. What nobody has written is a default and has no origin.

A template that extends another adds to its roles, facts, states and actions, replaces those of the
same name, and replaces all transitions of the actions that it declares itself. The origin of a line
is the file that has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from igate.errors import DefinitionError, IgateError
from igate.files.shape import check_shape
from igate.files.sources import found_in, shipped
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.catalog.filing import file_together
from igate.procedures.expansion import expand
from igate.procedures.reading.keys import ProcedureFile
from igate.procedures.reading.templates import Templates
from igate.procedures.reading.values import additions_of
from igate.procedures.workflow import Step
from igate.publish.manner_words import manner_words
from igate.words.sentence import beside, said, say, together

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from igate.deadlines.rules import Cutoff
    from igate.errors import Place
    from igate.files.sources import Source
    from igate.files.yaml import KeyPath, Value, YamlFile
    from igate.law.citation import Citation, Label, Language
    from igate.procedures.catalog.filing import Filed
    from igate.procedures.expansion import Expansion, Origin
    from igate.procedures.procedure import Fee, LimitRule, Procedure, Requirement, Result, Revision
    from igate.procedures.workflow import Party, State, Transition
    from igate.words.sentence import Sentence

__all__ = ["Origins", "Resolved", "ResolvedLine", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedLine:
    """One thing that holds for a procedure, and where it is written."""

    #: part of the view: procedure, revision, limits, steps, states, transitions, …
    section: str
    #: what is said about: a key, the number of a step, the name of a state or action
    key: str
    text: str
    #: ``None``: written nowhere, a default
    origin: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A procedure as in force on a day, resolved."""

    procedure: Procedure
    revision: Revision
    lines: tuple[ResolvedLine, ...]

    def own(self) -> Resolved:
        """Return only what the procedure's own file says."""
        file = next(line.origin.file for line in self.lines if line.origin)
        own = (line for line in self.lines if line.origin and line.origin.file == file)
        return replace(self, lines=tuple(own))

    def text(self, lang: Language = "en") -> str:
        """Write the view: the files, then one line each with its origin behind it.

        Keys and names stay as they are written in files.
        """
        files = dict.fromkeys(line.origin.file for line in self.lines if line.origin)
        head = say(
            "# {procedure} as of {revision}, as written in",
            procedure=self.revision.procedure,
            revision=self.revision.id,
        )
        rows = [head.text(lang), *(f"#   {file}" for file in files)]
        section = ""
        for line in self.lines:
            if line.section != section:
                section = line.section
                rows.append(f"{section}:")
            origin = say("default") if line.origin is None else _spot(line.origin)
            key, text, where = (said(each, lang) for each in (line.key, line.text, origin))
            rows.append(f"  {key}: {text}  # {where}")
        return "\n".join(rows)

    def record(self) -> dict[str, object]:
        """Return the same for programs."""
        return {
            "code": self.procedure.code,
            "revision": self.revision.id,
            "template": self.revision.template,
            "lines": [
                {
                    "section": line.section,
                    "key": line.key,
                    "text": line.text,
                    "file": line.origin.file if line.origin else None,
                    "line": line.origin.line if line.origin else None,
                }
                for line in self.lines
            ],
        }


def resolve(code: str, *, on: date, paths: Sequence[str | os.PathLike[str]] = ()) -> Resolved:
    """Put together what holds for a procedure on a day.

    Args:
        code: Code of the procedure, with or without the suffix of an agency.
        on: The day whose revision is shown.
        paths: Files and folders of the host; the shipped procedures when empty.

    Raises:
        ProcedureNotFound: There is no such procedure, or it is not in force on the day.
        DefinitionError: Its file has errors.
        IgateError: The template that it names has errors.
    """
    catalog = Catalog.load(*paths) if paths else Catalog.shipped()
    procedure = catalog.procedure(code)
    revision = procedure.in_force(on)
    templates = {source.stem: source for source in shipped("templates")}
    filed = _filed(paths, templates)
    templates |= filed.templates
    template = Templates(templates).get(revision.template)
    if template is None:
        raise IgateError(
            say('The template "{template_name}" cannot be read.', template_name=revision.template),
            where=procedure.code,
        )
    position = [found.id for _, found in procedure.revisions].index(revision.id)
    read = filed.by_code[procedure.code].read()
    origins = Origins(read, position, templates[template.name].read(), templates)
    model, _ = check_shape(ProcedureFile, read)
    added = additions_of(model.revisions[position]) if model else None
    expansion = expand(template, revision.workflow.steps, added)
    lines = (
        *_of_procedure(procedure, origins),
        *_of_revision(revision, origins),
        *_of_lists(revision, origins),
        *_of_steps(revision.workflow.steps, origins),
        *_of_course(expansion, origins),
    )
    return Resolved(procedure=procedure, revision=revision, lines=lines)


def _filed(paths: Iterable[str | os.PathLike[str]], templates: dict[str, Source]) -> Filed:
    sources = [*found_in(*paths)] or shipped("procedures")
    return file_together(sources, templates, read=_read)


def _read(source: Source) -> YamlFile | None:
    try:
        return source.read()
    except DefinitionError:
        return None


def _spot(place: Place) -> str:
    """Return the name of the file without its folders, and the line."""
    return f"{PurePath(place.file).name}:{place.line}"


def _of_procedure(procedure: Procedure, origins: Origins) -> Iterator[ResolvedLine]:
    values = {
        "code": procedure.code,
        "name": _both(procedure.name),
        "field": f"{procedure.field.id} ({_both(procedure.field.label)})",
        "ministry": procedure.ministry,
        "level": ", ".join(procedure.level),
        "agencies": ", ".join(procedure.agencies),
        "checked_on": procedure.checked_on.isoformat(),
        "source": procedure.source,
    }
    for key, text in values.items():
        if text:
            yield _line("procedure", key, text, origins.of_procedure(key))


def _of_revision(revision: Revision, origins: Origins) -> Iterator[ResolvedLine]:
    until = revision.period.end
    values = {
        "effective_from": revision.id,
        "effective_until": until.isoformat() if until else "",
        "citation": str(revision.citation),
        "template": revision.template,
        "clock_rules": revision.clock_rules,
        "dossier_sets": str(revision.dossier_sets or ""),
    }
    for key, text in values.items():
        if text:
            yield _line("revision", key, text, origins.of_revision(key))
    if revision.cutoff is not None:
        origin = origins.of_revision("cutoff") or origins.of_template("cutoff")
        yield _line("revision", "cutoff", _cutoff(revision.cutoff), origin)


def _of_lists(revision: Revision, origins: Origins) -> Iterator[ResolvedLine]:
    for section, entries in (
        ("limits", [(_for_whom(rule), str(rule.limit), rule.citation) for rule in revision.limits]),
        ("online", [(o.scheme, f"{o.level}, {o.basis}", o.citation) for o in revision.online]),
        ("subjects", [(each, say("may apply"), None) for each in revision.subjects]),
        ("requirements", [_requirement(each) for each in revision.requirements]),
        ("fees", [_fee(each) for each in revision.fees]),
        ("results", [_result(each) for each in revision.results]),
        (
            "conditions",
            [(_both(c.label), say("must hold"), c.citation) for c in revision.conditions],
        ),
        ("legal_basis", [(str(each), say("legal basis"), None) for each in revision.legal_basis]),
    ):
        for index, (key, text, citation) in enumerate(entries):
            origin = origins.of_revision(section, index)
            yield _line(section, key, together(text, _cited(citation), between=""), origin)


def _requirement(each: Requirement) -> tuple[str, str, Citation | None]:
    parts = [
        say("original {number}", number=each.original),
        say("certified copies {number}", number=each.certified) if each.certified else "",
        say("copies {number}", number=each.copies),
        say("digitised on receipt") if each.digitised else "",
        say("reused from {source}", source=_both(each.reused_from)) if each.reused_from else "",
    ]
    return _both(each.label), together(*parts, between=", "), each.citation


def _result(each: Result) -> tuple[str, str, Citation | None]:
    ways = ", ".join(each.delivery)
    delivery = say("handed over: {ways}", ways=ways) if ways else say("result")
    return _both(each.label), delivery, each.citation


def _fee(fee: Fee) -> tuple[str, str, Citation | None]:
    return (
        _both(fee.label),
        together(f"{fee.amount} đồng", fee.channel or say("any channel"), between=", "),
        fee.citation,
    )


def _of_steps(steps: Sequence[Step], origins: Origins) -> Iterator[ResolvedLine]:
    for step in steps:
        rows: list[tuple[str | int, ...]] = [("steps", step.number - 1)]
        if step.part:
            rows.insert(0, (*rows[0], "actors", step.part - 1))
        text = together(step.phase, ", ", _who(step), ": ", _both(step.label), between="")
        yield _line("steps", step.place, text, _first(origins, *rows))
        for index, party in enumerate(step.together):
            label = f": {_both(party.label)}" if party.label else ""
            text = together(say("together, "), _who(party), label, between="")
            place = (*rows[0], "together", index)
            yield _line("steps", step.place, text, _first(origins, place))


def _who(each: Step | Party) -> str:
    limit = "not_counted" if each.limit is None else str(each.limit)
    if each.limit is None and isinstance(each, Step) and each.together:
        limit = say("as long as the longest part")
    agency = say(", at {agency}", agency=_both(each.agency)) if each.agency else ""
    own_id = f" ({each.agency_id})" if each.agency_id else ""
    procedure = say(", as procedure {code}", code=each.procedure) if each.procedure else ""
    own = _own(each) if isinstance(each, Step) else ""
    return together(each.role, own, ", ", limit, agency, own_id, procedure, between="")


def _own(step: Step) -> str:
    """Write what a step says of itself beyond its first role."""
    others = [say(" or {role}", role=role) for role in step.also]
    parts = [
        ""
        if step.may is None
        else say("may {actions}", actions=", ".join(step.may) or say("nothing more")),
        say("not by who did step {steps}", steps=", ".join(map(str, step.four_eyes)))
        if step.four_eyes
        else "",
        say("time in words: {time}", time=step.time_text) if step.time_text else "",
    ]
    behind = [together(" (", part, ")", between="") for part in parts if part]
    return together(*others, *behind, between="")


def _first(origins: Origins, *paths: tuple[str | int, ...]) -> Place | None:
    """Return the place where it is written: in the revision, else in the template."""
    for path in paths:
        found = origins.of_revision(*path) or origins.of_template(*path)
        if found is not None:
            return found
    return None


def _of_course(expansion: Expansion, origins: Origins) -> Iterator[ResolvedLine]:
    workflow = expansion.workflow
    for name, label in workflow.roles.items():
        yield _line("roles", name, _both(label), _first(origins, ("roles", name)))
    for name, kind in workflow.facts.items():
        known = workflow.fact_labels.get(name)
        text = f"{kind} ({_both(known)})" if known else kind
        yield _line("facts", name, text, _first(origins, ("facts", name)))
    for state in workflow.states.values():
        initial = state.name == workflow.initial
        origin = origins.of_state(state.name)
        yield _line("states", state.name, _state(state, initial=initial), origin)
    ways: dict[tuple[Origin, str, Sentence], list[str]] = {}
    for transition, index in zip(workflow.transitions, expansion.origins, strict=True):
        way = index, transition.action, _transition(transition)
        ways.setdefault(way, []).append(transition.source)
    for (written, action, text), sources in ways.items():
        if written.transition is None:
            place = ("steps", written.step, "ways", written.way)
            origin = _first(origins, place)
        else:
            origin = origins.of_transition(written.transition)
        starts = ", ".join(sources)
        yield _line("transitions", action, together(starts, " → ", text, between=""), origin)


def _line(section: str, key: str, text: str, origin: Place | None) -> ResolvedLine:
    return ResolvedLine(section=section, key=key, text=text, origin=origin)


def _state(state: State, *, initial: bool) -> str:
    parts = [
        say("national status {number}", number=state.national_status),
        say("step {place}", place=".".join(str(n) for n in (state.step, state.part) if n))
        if state.step
        else "",
        say("initial") if initial else "",
        say("final") if state.final else "",
    ]
    return together(_both(state.label), together(*parts, between=", "), between=": ")


def _transition(transition: Transition) -> Sentence:
    """Say where a transition leads, who may take it and what it does; not where it starts."""
    roles = together(*sorted(transition.roles), between=say(" or "))
    manner = zip(
        manner_words(transition.manner, "vi"), manner_words(transition.manner, "en"), strict=True
    )
    parts = [
        say("by {roles}{agency}", roles=roles, agency=_of_agency(transition)),
        say("if {guard}", guard=transition.guard) if transition.guard else "",
        say("clock {kind}", kind=transition.clock) if transition.clock else "",
        say("reason {reason}", reason=transition.reason) if transition.reason else "",
        say("outcome {outcome}", outcome=transition.outcome) if transition.outcome else "",
        say("called {label}", label=_both(transition.label)) if transition.label else "",
        *(say("sets {name} = {value!r}", name=n, value=v) for n, v in transition.sets.items()),
        say("only by the assignee") if transition.manner.own else "",
        *(beside(vi=vi, en=en) for vi, en in manner),
    ]
    how = together(transition.target, *parts, between=", ")
    return together(how, _cited(transition.citation), between="")


def _of_agency(transition: Transition) -> str:
    if transition.any_agency:
        return say(" of any agency")
    return say(" of {agency}", agency=transition.agency) if transition.agency else ""


def _cutoff(cutoff: Cutoff) -> Sentence:
    moved = say("{at:%H:%M} moves the {moves}", at=cutoff.at, moves=cutoff.moves)
    return together(moved, _cited(cutoff.citation), between="")


def _for_whom(rule: LimitRule) -> str:
    parts = (("channel", rule.channel), ("case", rule.case), ("area", rule.area))
    return ", ".join(f"{name} {value}" for name, value in parts if value) or say("any dossier")


def _both(label: Label) -> str:
    return f"{label.vi} | {label.en}" if label.en else label.vi


def _cited(citation: Citation | None) -> str:
    return f" [{citation}]" if citation else ""


class _Written(NamedTuple):
    """A transition of a template as it is in a file."""

    read: YamlFile
    position: int


class Origins:
    """The places of one revision of a procedure."""

    def __init__(
        self,
        procedure: YamlFile,
        revision: int,
        template: YamlFile,
        templates: Mapping[str, Source],
    ) -> None:
        """Take the files.

        Args:
            procedure: The file of the procedure.
            revision: Position of the revision in it.
            template: The file of its template.
            templates: All templates by name, to find the one that it extends.
        """
        self._procedure = procedure
        self._revision: KeyPath = ("revisions", revision)
        extends = _at(template.data, ("extends",))
        self._layers = [template]
        if isinstance(extends, str):
            self._layers.append(templates[extends].read())
        self._transitions = _transitions(self._layers)

    def of_procedure(self, key: str) -> Place | None:
        """Return the place of a key of the procedure file."""
        return _place(self._procedure, (key,))

    def of_revision(self, *path: str | int) -> Place | None:
        """Return the place of a key of the revision, or of an entry of a list in it."""
        return _place(self._procedure, (*self._revision, *path))

    def of_template(self, *path: str | int) -> Place | None:
        """Return the place of a key in the template or, if it has none, in the one it extends."""
        found = (_place(layer, path) for layer in self._layers)
        return next((place for place in found if place is not None), None)

    def of_state(self, name: str) -> Place | None:
        """Give the place of a state; of one that belongs to a step, of the state it comes from."""
        stem = name.rstrip("_0123456789")  # names of templates end in a letter
        return self.of_template("states", name) or self.of_template("states", stem)

    def of_transition(self, index: int) -> Place | None:
        """Return the place of a transition by its position in the template."""
        written = self._transitions[index]
        return _place(written.read, ("transitions", written.position))


def _transitions(layers: list[YamlFile]) -> list[_Written]:
    """List the transitions as the template has them: what is kept of the extended one first."""
    own = _list(layers[0])
    replaced = {_at(each, ("action",)) for each in own}
    kept = [
        _Written(base, position)
        for base in layers[1:]
        for position, each in enumerate(_list(base))
        if _at(each, ("action",)) not in replaced
    ]
    return [*kept, *(_Written(layers[0], position) for position in range(len(own)))]


def _list(read: YamlFile) -> list[Value]:
    found = _at(read.data, ("transitions",))
    return found if isinstance(found, list) else []


def _place(read: YamlFile, path: KeyPath) -> Place | None:
    return None if _at(read.data, path) is None else read.place(path, key=True)


def _at(data: Value, path: KeyPath) -> Value:
    """Return the value at a path, or ``None`` where there is none."""
    for part in path:
        if isinstance(data, dict) and isinstance(part, str):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            return None
    return data
