"""A quicker constructor for frozen values that are made at every step.

The constructor that ``dataclasses`` writes for a frozen class looks every field up by name before
it sets it. Setting each slot through its own descriptor does the same in half the time; the class
stays frozen, slotted and keyword-only. Used only where a benchmark asks for it.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

__all__ = ["quick_init"]

T = TypeVar("T")


def quick_init(cls: type[T]) -> type[T]:
    """Give a frozen, slotted, keyword-only dataclass an equal, quicker constructor.

    Raises:
        TypeError: The class has a ``__post_init__``, which would no longer be called.
    """
    if hasattr(cls, "__post_init__"):
        message = f"{cls.__name__} has a __post_init__, which a quick constructor does not call."
        raise TypeError(message)
    namespace: dict[str, object] = {}
    parameters, body = [], []
    for field in fields(cls):  # type: ignore[arg-type]  # a dataclass, or fields() refuses it
        name = field.name
        namespace[f"_set_{name}"] = cls.__dict__[name].__set__
        value = name
        if field.default is not MISSING:
            namespace[f"_default_{name}"] = field.default
            parameters.append(f"{name}=_default_{name}")
        elif field.default_factory is not MISSING:
            namespace[f"_make_{name}"] = field.default_factory
            namespace["_missing"] = MISSING
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            parameters.append(name)
        body.append(f"    _set_{name}(self, {value})")
    # the names are those of fields, as in the constructor that dataclasses writes the same way
    source = f"def __init__(self, *, {', '.join(parameters)}):\n" + "\n".join(body)
    exec(source, namespace)  # noqa: S102
    init: Any = namespace["__init__"]
    init.__annotations__ = dict(cls.__init__.__annotations__)
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = init  # type: ignore[method-assign]
    return cls
