"""The quicker constructor makes the same values and keeps the same promises."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.dossiers.quickinit import quick_init


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A value with a required field, a default and a made default."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list)


Quick = quick_init(
    dataclass(frozen=True, slots=True, kw_only=True)(
        type("Quick", (), {"__annotations__": {"a": int, "b": str, "c": list[int]},
                           "b": "b", "c": field(default_factory=list)})
    )
)  # fmt: skip


@given(st.integers(), st.text(), st.lists(st.integers()))
def test_it_makes_the_values_that_dataclasses_makes(a: int, b: str, c: list[int]) -> None:
    """Field by field, given or by default, and through replace."""
    for given_fields in ({"a": a}, {"a": a, "b": b}, {"a": a, "b": b, "c": c}):
        plain, quick = Plain(**given_fields), Quick(**given_fields)
        for name in (each.name for each in fields(plain)):
            assert getattr(plain, name) == getattr(quick, name)
    assert replace(Quick(a=a, b=b, c=c), a=1) == Quick(a=1, b=b, c=c)


def test_the_value_is_still_frozen_slotted_and_keyword_only() -> None:
    """Nothing of the promise is given up for speed."""
    value = Quick(a=1)
    with pytest.raises(FrozenInstanceError):
        value.a = 2
    with pytest.raises(TypeError):
        Quick(1)
    with pytest.raises(TypeError, match="unexpected keyword"):
        Quick(a=1, d=2)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'a'"):
        Quick()
    assert not hasattr(value, "__dict__")
    assert Quick(a=1).c is not Quick(a=1).c


def test_a_post_init_is_refused() -> None:
    """It would no longer be called."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Checked:
        """A value that checks itself."""

        a: int

        def __post_init__(self) -> None:
            assert self.a

    with pytest.raises(TypeError, match="__post_init__"):
        quick_init(Checked)
