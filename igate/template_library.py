"""The templates at hand, and the workflows made from them.

A template is read when it is first asked for. Procedures whose steps have the same phases and
roles share one expansion: among the procedures of a province there are few different ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from igate.errors import DefinitionError
from igate.machine import problems
from igate.sources import rule_names
from igate.templates import expand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.errors import Finding
    from igate.machine import Problem
    from igate.sources import Source
    from igate.template_model import TemplateFile
    from igate.templates import Template
    from igate.workflow import Step, Workflow

__all__ = ["Made", "Templates"]


class Made(NamedTuple):
    """A workflow, and everything by which a dossier could get lost in it."""

    workflow: Workflow
    problems: tuple[Problem, ...]


class Templates:
    """Templates by name."""

    __slots__ = ("_found", "_made", "_shapes", "_sources", "clock_rules")

    def __init__(self, sources: Mapping[str, Source]) -> None:
        """Take the files of templates, by name; none is opened yet."""
        self._sources = sources
        #: names of the clock rules that a revision can be under
        self.clock_rules = rule_names()
        self._found: dict[str, tuple[Template | None, tuple[Finding, ...]]] = {}
        self._shapes: dict[str, TemplateFile | None] = {}
        self._made: dict[tuple[str, tuple[tuple[str, str], ...]], Made] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the templates that there are."""
        return tuple(self._sources)

    def get(self, name: str) -> Template | None:
        """Give a template, or ``None`` where there is none or its file has errors."""
        return self._read(name)[0] if name in self._sources else None

    def findings(self, name: str) -> tuple[Finding, ...]:
        """Give the findings in the file of a template that there is."""
        return self._read(name)[1]

    def workflow(self, template: Template, steps: tuple[Step, ...]) -> Made:
        """Give the workflow of a template and of steps that are numbered without a gap."""
        shape = template.name, tuple((step.phase, step.role) for step in steps)
        made = self._made.get(shape)
        if made is None:
            workflow = expand(template, steps).workflow
            made = self._made[shape] = Made(workflow, problems(workflow))
        if made.workflow.steps == steps:
            return made
        return Made(replace(made.workflow, steps=steps), made.problems)

    def _read(self, name: str) -> tuple[Template | None, tuple[Finding, ...]]:
        if name not in self._found:
            from igate.template_file import read_template  # noqa: PLC0415 - pydantic, only to read

            try:
                template, found = read_template(
                    self._sources[name].read(), self._shape, self._sources
                )
            except DefinitionError as error:
                template, found = None, list(error.findings)
            self._found[name] = template, tuple(found)
        return self._found[name]

    def _shape(self, name: str) -> TemplateFile | None:
        """Give the keys of a template that another one extends."""
        if name not in self._sources:
            return None
        if name not in self._shapes:
            from igate.template_file import read_shape  # noqa: PLC0415 - pydantic, only to read

            try:
                model, found = read_shape(self._sources[name].read())
            except DefinitionError as error:
                model, found = None, list(error.findings)
            self._shapes[name] = None if found else model
        return self._shapes[name]
