"""The keys of a kind of file, as its model describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from igate.files.fields import FileModel

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["keys"]


def keys(model: type[FileModel], before: str = "") -> Iterator[str]:
    """Return every key of a file with the keys around it: ``revisions.limits.limit``."""
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        yield key
        for inner in inner_models(field.annotation):
            yield from keys(inner, key + ".")


def inner_models(annotation: object) -> list[type[FileModel]]:
    """Return the models inside an annotation such as ``list[LimitModel] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        return [annotation]
    return [found for each in get_args(annotation) for found in inner_models(each)]
