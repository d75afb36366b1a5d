"""Levels of online service under three decrees."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.procedures.online import LEVELS, level_under, scheme_on, schemes
from igate.procedures.procedure import OnlineService, Scheme

if TYPE_CHECKING:
    from collections.abc import Sequence

ANY = st.sampled_from(get_args(Scheme)).flatmap(
    lambda scheme: st.builds(
        OnlineService,
        scheme=st.just(scheme),
        level=st.sampled_from(LEVELS[scheme]),
        basis=st.sampled_from(["published", "assumed"]),
    )
)


@pytest.mark.parametrize(
    ("day", "scheme"),
    [
        (date(2015, 1, 1), "decree_43_2011"),
        (date(2022, 6, 23), "decree_43_2011"),
        (date(2022, 6, 24), "decree_42_2022"),
        (date(2026, 6, 30), "decree_42_2022"),
        # Nghị định 224/2026/NĐ-CP is in force from 1 July 2026
        (date(2026, 7, 1), "decree_224_2026"),
    ],
)
def test_each_day_has_its_scheme(day: date, scheme: Scheme) -> None:
    """One decree replaced the other; each names the article with its levels."""
    assert scheme_on(day) == scheme
    assert all("Điều" in str(rules.citation) for _, rules in schemes())


@pytest.mark.parametrize(
    ("source", "level", "target", "expected"),
    [
        ("decree_43_2011", "4", "decree_42_2022", "full"),
        ("decree_43_2011", "3", "decree_224_2026", "partial"),
        ("decree_43_2011", "2", "decree_224_2026", "none"),
        ("decree_43_2011", "1", "decree_42_2022", "none"),
        ("decree_42_2022", "full", "decree_43_2011", "4"),
        ("decree_224_2026", "partial", "decree_43_2011", "3"),
        ("decree_42_2022", "full", "decree_224_2026", "full"),
    ],
)
def test_a_level_under_another_scheme_is_assumed(
    source: Scheme, level: str, target: Scheme, expected: str
) -> None:
    """The table of docs/reference/online-levels.md; a published level is no published mapping."""
    known = [OnlineService(scheme=source, level=level, basis="published")]
    found = level_under(known, target)
    assert found is not None
    assert (found.scheme, found.level, found.basis) == (target, expected, "assumed")


@given(st.lists(ANY, max_size=3, unique_by=lambda each: each.scheme), st.sampled_from([*LEVELS]))
def test_what_is_stated_is_never_replaced_by_a_mapping(
    known: Sequence[OnlineService], scheme: Scheme
) -> None:
    """Own statements win, and a mapped level is one of the scheme asked for."""
    found = level_under(known, scheme)
    own = [each for each in known if each.scheme == scheme]
    if own:
        assert found is own[0]
    elif all(each.level == "none" for each in known) and scheme == "decree_43_2011":
        assert found is None
    elif known:
        assert found is not None
        assert found.level in LEVELS[scheme]
        assert found.basis == "assumed"
    else:
        assert found is None


def test_a_level_that_is_not_stated_says_nothing() -> None:
    """It is neither given back nor mapped."""
    known = [OnlineService(scheme="decree_42_2022", level="not_stated", basis="published")]
    assert level_under(known, "decree_42_2022") is None
    assert level_under(known, "decree_224_2026") is None


@pytest.mark.parametrize(
    ("scheme", "level"),
    # from "none" nobody can tell level 1 from 2; the others are no levels of their scheme
    [("decree_42_2022", "none"), ("decree_42_2022", "4"), ("decree_224_2026", "2")],
)
def test_what_cannot_be_mapped_is_not(scheme: Scheme, level: str) -> None:
    """A file with such a level loads, with a warning; no level is made of it."""
    known = [OnlineService(scheme=scheme, level=level, basis="published")]
    assert level_under(known, "decree_43_2011") is None
