"""Where a line of the resolved view is written: in the procedure, or in its template.

A template that extends another adds to its roles, facts, states and actions, puts some in their
place, and replaces all transitions of the actions that it declares itself. The origin of a line is
the file that has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.errors import Place
    from igate.files.sources import Source
    from igate.files.yaml import KeyPath, Value, YamlFile

__all__ = ["Origins"]


class _Written(NamedTuple):
    """A transition of a template as it stands in a file."""

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
