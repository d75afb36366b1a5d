"""The templates at hand, and the workflows made from them.

A template is read when it is first asked for. Procedures whose steps have the same phases and
roles share one expansion: among the procedures of a province there are few different ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from igate.errors import DefinitionError
from igate.files.sources import rule_names
from igate.procedures.expansion import expand
from igate.procedures.machine import workflow_faults

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from igate.errors import Finding
    from igate.files.sources import Source
    from igate.files.yaml import YamlFile
    from igate.procedures.expansion import Expansion, Origin
    from igate.procedures.machine import WorkflowFault
    from igate.procedures.reading.keys import TemplateFile
    from igate.procedures.template import Additions, Template
    from igate.procedures.workflow import Step, Workflow

__all__ = ["Made", "Templates"]


class _Shape:
    """The workflow of a template and of steps with the same phases and roles."""

    __slots__ = ("_faults", "origins", "workflow")

    def __init__(self, expansion: Expansion) -> None:
        self.workflow = expansion.workflow
        self.origins = expansion.origins
        self._faults: tuple[WorkflowFault, ...] | None = None

    @property
    def faults(self) -> tuple[WorkflowFault, ...]:
        if self._faults is None:
            self._faults = workflow_faults(self.workflow)
        return self._faults


class Made:
    """A workflow, and everything by which a dossier could get lost in it."""

    __slots__ = ("_shape", "workflow")

    def __init__(self, workflow: Workflow, shape: _Shape) -> None:
        """Take the workflow; whether something is wrong with its shape is looked up when asked."""
        self.workflow = workflow
        self._shape = shape

    @property
    def faults(self) -> tuple[WorkflowFault, ...]:
        """What is wrong with it, whatever its steps are called."""
        return self._shape.faults

    def origin(self, fault: WorkflowFault) -> Origin | None:
        """Say where the transition of a fault is written, if it has one."""
        return None if fault.transition is None else self._shape.origins[fault.transition]


def _shape(step: Step) -> Hashable:
    """Return what a workflow takes from a step, but for what people read."""
    own = step.also, step.may, step.four_eyes
    plain = not (step.part or step.together or step.ways or step.agency or step.procedure)
    if plain and own == _NOTHING_OWN:
        return step.phase, step.role
    parties = tuple(
        [(p.role, p.agency_id, p.agency is not None or bool(p.procedure)) for p in step.together]
    )
    ways = tuple([(way.action, way.to, str(way.guard), way.label, way.sets) for way in step.ways])
    whose = step.agency is not None or bool(step.procedure), step.agency_id
    return step.phase, step.role, step.number, step.part, whose, parties, ways, own


#: What a step says of itself beyond its role: further roles, actions, and four eyes.
_NOTHING_OWN: Hashable = ((), None, ())


class Templates:
    """Templates by name."""

    __slots__ = ("_files", "_found", "_shapes", "_shapes_made", "_sources", "clock_rules")

    def __init__(self, sources: Mapping[str, Source]) -> None:
        """Take the files of templates, by name; none is opened yet."""
        self._sources = sources
        #: names of the clock rules that a revision can be under
        self.clock_rules = rule_names()
        self._found: dict[str, tuple[Template | None, tuple[Finding, ...]]] = {}
        self._files: dict[str, YamlFile] = {}
        self._shapes: dict[str, TemplateFile | None] = {}
        self._shapes_made: dict[Hashable, _Shape] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the templates that there are."""
        return tuple(self._sources)

    def get(self, name: str) -> Template | None:
        """Return a template, or ``None`` where there is none or its file has errors.

        Args:
            name: As a procedure names it; its file is read when it is first asked for.
        """
        return self._read(name)[0] if name in self._sources else None

    def findings(self, name: str) -> tuple[Finding, ...]:
        """Return the findings in the file of a template.

        Args:
            name: One of ``names``.

        Raises:
            KeyError: There is no such template.
        """
        return self._read(name)[1]

    def workflow(
        self, template: Template, steps: tuple[Step, ...], additions: Additions | None = None
    ) -> Made:
        """Return the workflow of a template and of steps; one of the same shape is made once.

        Args:
            template: The states and transitions.
            steps: Those of a decision, numbered without a gap.
            additions: Roles, facts, ways and choices that a revision adds; ``None``: it adds none.
        """
        if additions is not None:  # they are of one procedure, and so is the workflow
            own = _Shape(expand(template, steps, additions))
            return Made(own.workflow, own)
        shape = template.name, tuple([_shape(step) for step in steps])
        known = self._shapes_made.get(shape)
        if known is None:
            known = self._shapes_made[shape] = _Shape(expand(template, steps))
        workflow = known.workflow
        return Made(workflow if workflow.steps == steps else replace(workflow, steps=steps), known)

    def _read(self, name: str) -> tuple[Template | None, tuple[Finding, ...]]:
        if name not in self._found:
            from igate.procedures.reading.template_file import read_template  # noqa: PLC0415 - pydantic, only to read

            try:
                template, found = read_template(self._file(name), self._shape, self._sources)
            except DefinitionError as error:
                template, found = None, list(error.findings)
            self._found[name] = template, tuple(found)
        return self._found[name]

    def _file(self, name: str) -> YamlFile:
        """Return the file of a template; one that others extend is asked for more than once.

        Raises:
            DefinitionError: The file is not YAML.
        """
        if name not in self._files:
            self._files[name] = self._sources[name].read()
        return self._files[name]

    def _shape(self, name: str) -> TemplateFile | None:
        """Return the keys of a template that another one extends."""
        if name not in self._sources:
            return None
        if name not in self._shapes:
            from igate.procedures.reading.template_file import read_shape  # noqa: PLC0415 - pydantic, only to read

            try:
                model, found = read_shape(self._file(name))
            except DefinitionError as error:
                model, found = None, list(error.findings)
            self._shapes[name] = None if found else model
        return self._shapes[name]
