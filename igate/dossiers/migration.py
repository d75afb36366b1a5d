"""Moving pending dossiers to another revision of their procedure, explicitly.

A dossier keeps the revision under which it was handed in. Only a journalled decision moves it: an
entry ``migrate`` that names the new revision and the text that orders the move. The rules of the
clock stay those of the day it was handed in; the limit and the steps are those of the new revision.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import structs

from igate.dossiers.engine import limit_in
from igate.dossiers.order import order_entry
from igate.errors import JournalError
from igate.procedures.naming import state_called
from igate.procedures.workflow import MIGRATE
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Actor, Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.law.citation import Citation
    from igate.procedures.procedure import Revision

__all__ = ["Migration", "Move", "image_of", "migration_entry", "without_image"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What the move means for one dossier."""

    #: code of the dossier
    code: str
    state_before: str
    state_after: str
    #: due moments; ``None`` while the clock is stopped, has not started, or nothing is stated
    due_before: datetime | None
    due_after: datetime | None

    @property
    def deadline_moves(self) -> bool:
        """Whether the due date changes."""
        return self.due_before != self.due_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The move of all pending dossiers of one revision to another."""

    procedure: str
    from_revision: str
    to_revision: str
    moves: tuple[Move, ...]
    #: the entries were written; otherwise this is a rehearsal
    done: bool


def image_of(
    state: str, before: Revision, after: Revision, mapping: Mapping[str, str]
) -> str | None:
    """Return the state of the new revision in which a dossier goes on, or ``None``.

    A state that belongs to a step is moved only as the mapping says: step 3 of another revision is
    another step. A state without a step keeps its name where the new revision has it.
    """
    if state in mapping:
        return mapping[state] if mapping[state] in after.workflow.states else None
    known = after.workflow.states.get(state)
    steps = (before.workflow.states[state].step, known.step if known else None)
    return state if known is not None and steps == (None, None) else None


def without_image(missing: Iterable[tuple[str, str]], after: Revision) -> JournalError:
    """Say for which dossiers the mapping names no state of the new revision.

    Args:
        missing: Codes of dossiers, each with what its state is called.
        after: The new revision.
    """
    pairs = list(missing)
    shown = [together(f"{code}: ", state, between="") for code, state in pairs[:_SHOWN]]
    more = say(" and {count} more", count=len(pairs) - _SHOWN) if len(pairs) > _SHOWN else ""
    return JournalError(
        say(
            "{count} dossiers are in a state without an image in {after}: {shown}{more}.",
            count=len(pairs),
            after=after.sentence,
            shown=together(*shown, between=", "),
            more=more,
        ),
        why=say(
            "A dossier that was moved to a guessed step would be worked wrongly; none was moved."
        ),
        fix=say(
            "Name an image for each state in the mapping. The new revision has {states}.",
            states=together(
                *(state_called(after.workflow, each) for each in after.workflow.states),
                between=", ",
            ),
        ),
    )


def migration_entry(
    dossier: Dossier,
    *,
    target: str,
    to: Ground,
    by: Actor,
    at: datetime,
    citation: Citation,
) -> Entry:
    """Make the entry that moves a dossier.

    Args:
        dossier: A pending dossier.
        target: The state of the new revision in which it goes on.
        to: The new revision with what decides the dossier there.
        by: Who orders it.
        at: When; also when it is recorded.
        citation: The text that orders the move.
    """
    stays = order_entry(dossier, action=MIGRATE, by=by, at=at, note=str(citation))
    return structs.replace(
        stays,
        target=target,
        facts=MappingProxyType({"procedure": to.revision.procedure, "revision": to.revision.id}),
        promise=to.promise(limit_in(dossier, to)),
    )


_SHOWN = 5
