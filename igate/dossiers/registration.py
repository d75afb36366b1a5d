"""What is registered of a dossier, and its correction.

A correction names fields and their new values as texts, as the journal keeps them. What was
registered before stays in the entry that is corrected.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from igate.dossiers.refusals import check_case, clean_submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.dossiers.dossier import Submission
    from igate.procedures.procedure import Revision

__all__ = ["ids", "joined", "registered", "spelled"]

#: Between the identities of representatives in a journal; no identity holds it.
_SEPARATOR: Final = "\n"


def joined(representatives: Iterable[str]) -> str:
    """Write the ids of representatives as one text."""
    return _SEPARATOR.join(representatives)


def ids(text: str) -> tuple[str, ...]:
    """Read the ids that :func:`joined` has written."""
    return tuple([each for each in text.split(_SEPARATOR) if each])


def registered(
    submission: Submission, changes: Mapping[str, str], *, definition: str | None = None
) -> Submission:
    """Return a submission as corrected.

    Args:
        submission: As it is registered.
        changes: New values by the names of fields.
        definition: Hash of what decides the dossier from now on; as before when absent.
    """
    changed: dict[str, Any] = dict(changes)
    if "representatives" in changed:
        changed["representatives"] = ids(changed["representatives"])
    if definition is not None:
        changed["definition"] = definition
    return replace(submission, **changed)


def spelled(
    submission: Submission, changes: Mapping[str, str], code: str, revision: Revision
) -> Mapping[str, str]:
    """Return corrections with their texts as they are kept.

    Args:
        submission: As it is registered.
        changes: New values by the names of fields.
        code: Code of the dossier.
        revision: That decides it after the correction.

    Raises:
        TextError: A text cannot be kept.
        JournalError: There is no such channel.
        TimeLimitError: The revision knows no such case.
    """
    named = dict(changes)
    if "procedure" in named:
        named |= {"procedure": revision.procedure, "revision": revision.id}
    cleaned = clean_submission(registered(submission, named), code)
    check_case(cleaned, code, revision)
    kept = {name: getattr(cleaned, name) for name in named}
    return MappingProxyType(
        {name: value if isinstance(value, str) else joined(value) for name, value in kept.items()}
    )
