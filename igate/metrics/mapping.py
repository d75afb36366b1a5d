"""What a table calls its columns and how it writes what is in them, as a mapping or a YAML file.

::

    code: Mã hồ sơ
    channel: Hình thức nộp
    received: Ngày tiếp nhận
    dates: {received: day_first}
    values:
      channel: {online: [Trực tuyến, Internet], counter: Trực tiếp}
    zone: Asia/Ho_Chi_Minh

The names of columns go from igate's to those of the table; so do the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from igate.errors import FrameError
from igate.files.sources import Source
from igate.files.yaml import read as read_yaml
from igate.metrics.columns import INPUT, unknown_column
from igate.metrics.spelling import Spelling
from igate.metrics.text import text_of
from igate.words.sentence import say

if TYPE_CHECKING:
    import os

    from igate.files.yaml import YamlFile

__all__ = ["TableMap", "read_map"]

#: What a map can say beside the names of columns.
_DECLARED: Final = ("dates", "values", "zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMap:
    """The names of the columns of a table, and how it writes what is in them."""

    #: igate's names to those of the table
    names: Mapping[str, str] = field(default_factory=dict)
    #: what is declared of dates, words and the zone, as for ``Spelling.of``
    declared: Mapping[str, Any] = field(default_factory=dict)

    def spelling(self, **said: Any) -> Spelling:  # noqa: ANN401 - as for Spelling.of, or None
        """Return how the table writes; what is said here goes before the map.

        Raises:
            FrameError: A form, a column or a zone is not known.
        """
        given = {name: value for name, value in said.items() if value is not None}
        return Spelling.of(**{**self.declared, **given})


def read_map(column_map: str | os.PathLike[str] | Mapping[str, Any] | None) -> TableMap:
    """Read a map.

    Args:
        column_map: A mapping, the path of a YAML file, or ``None`` for a table that is written as
            igate writes.

    Raises:
        FrameError: It does not map names to names, names a column that igate does not read, or
            declares something that is not known.
        DefinitionError: The file is not YAML.
        IgateError: The file cannot be opened.
    """
    if column_map is None:
        return TableMap()
    if isinstance(column_map, Mapping):
        return _checked(column_map, "column map", None)
    where = str(column_map)
    text = text_of(Source(file=where, entry=where).content(), where)
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        raise FrameError(
            say("The column map names no column."),
            where=where,
            fix=say("Write a line for each column, such as: code: MaHoSo"),
        )
    document = read_yaml(text, file=where, kind="map")
    if not isinstance(document.data, Mapping):
        raise FrameError(
            say("The column map does not map names to names."),
            where=where,
            fix=say("Write a line for each column, such as: code: MaHoSo"),
        )
    return _checked(document.data, where, document)


def _checked(data: Mapping[str, Any], where: str, document: YamlFile | None) -> TableMap:
    names: dict[str, str] = {}
    for ours, theirs in data.items():
        if ours in _DECLARED:
            continue
        place = where if document is None else str(document.place((ours,), key=True))
        if ours not in INPUT:
            raise unknown_column(ours, place)
        if not isinstance(theirs, str) or not theirs:
            raise FrameError(
                say("The column map does not say what {ours!r} is called in the table.", ours=ours),
                where=place,
                fix=say("Write the name of one column as text, such as {ours}: MaHoSo", ours=ours),
            )
        names[ours] = theirs
    declared = {name: data[name] for name in _DECLARED if data.get(name) is not None}
    _check_shapes(declared, where)
    found = TableMap(names=names, declared=declared)
    found.spelling()
    return found


def _check_shapes(declared: Mapping[str, Any], where: str) -> None:
    """Check that what is declared has the shape that ``Spelling.of`` takes."""
    dates, values = declared.get("dates", "iso"), declared.get("values", {})
    zone = declared.get("zone", "UTC")
    words = isinstance(values, Mapping) and all(isinstance(own, Mapping) for own in values.values())
    if not isinstance(dates, str | Mapping):
        problem, fix = "dates", say("dates: day_first, or a line for each column")
    elif not words:
        problem, fix = "values", say("values: {{channel: {{online: [Trực tuyến]}}}}")
    elif not isinstance(zone, str):
        problem, fix = "zone", say("zone: Asia/Ho_Chi_Minh")
    else:
        return
    raise FrameError(
        say("What the column map says of {problem!r} cannot be read.", problem=problem),
        where=where,
        fix=say("Write it like this: {fix}", fix=fix),
    )
