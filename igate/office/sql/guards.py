"""What the database itself refuses: a journal only grows, whoever writes into it.

Triggers hold against other programs and against a hand at the console. They do not hold against
the owner of the database, who can drop them: what was changed behind them is found by
``igate journal verify``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Collection

    from igate.words.sentence import Sentence

__all__ = ["guards", "missing_guards"]

#: table, event, and what is said
_REFUSED: Final = (
    ("entry", "UPDATE", "a journal only grows: an entry is not changed"),
    ("entry", "DELETE", "a journal only grows: an entry is not deleted"),
    # INSERT OR REPLACE takes a row away without firing the delete trigger of SQLite, hence the
    # refusal of an entry that is not the next
    ("dossier", "DELETE", "a journal only grows: a dossier is not deleted"),
    ("definition", "UPDATE", "what was promised is kept: a definition is not changed"),
    ("definition", "DELETE", "what was promised is kept: a definition is not deleted"),
    ("payment", "UPDATE", "what was paid stays: a payment is not changed"),
    ("payment", "DELETE", "what was paid stays: a payment is not deleted"),
)
_NEXT = "a journal only grows: entries are numbered without a gap"
_MOVES = "a journal only grows: the row of a dossier changes with its next entry alone"
_NOT_BY_ENTRY: Final = "NEW.seq <> OLD.seq + 1 OR NEW.head = OLD.head"
_LAST: Final = "(SELECT coalesce(max(seq), 0) FROM igate_entry WHERE dossier = NEW.dossier)"


def guards(dialect: Literal["sqlite", "postgresql"]) -> tuple[str, ...]:
    """Return the statements that make the triggers."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def missing_guards(there: Collection[str]) -> tuple[Sentence, ...]:
    """Name the triggers that are not among those of a database."""
    wanted = [_name(table, event) for table, event, _ in _REFUSED]
    wanted += ["igate_entry_is_next", "igate_dossier_by_entry"]
    return tuple(say("missing trigger: {name}", name=name) for name in wanted if name not in there)


def _name(table: str, event: str) -> str:
    return f"igate_{table}_no_{event.lower()}"


def _sqlite() -> tuple[str, ...]:
    refused = tuple(
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON igate_{table}\n"
        f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for table, event, said in _REFUSED
    )
    following = (
        "CREATE TRIGGER igate_entry_is_next BEFORE INSERT ON igate_entry\n"
        f"WHEN NEW.seq <> 1 + {_LAST}\n"
        f"BEGIN SELECT RAISE(ABORT, '{_NEXT}'); END"
    )
    moving = (
        "CREATE TRIGGER igate_dossier_by_entry BEFORE UPDATE ON igate_dossier\n"
        f"WHEN {_NOT_BY_ENTRY}\n"
        f"BEGIN SELECT RAISE(ABORT, '{_MOVES}'); END"
    )
    return (*refused, following, moving)


def _postgresql() -> tuple[str, ...]:
    refused = """CREATE FUNCTION igate_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    following = f"""CREATE FUNCTION igate_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF NEW.seq <> 1 + {_LAST} THEN
RAISE EXCEPTION '{_NEXT}' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
END $$"""
    return (
        refused,
        following,
        *(
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON igate_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION igate_refuse('{said}')"
            for table, event, said in _REFUSED
        ),
        """CREATE TRIGGER igate_entry_is_next BEFORE INSERT ON igate_entry
FOR EACH ROW EXECUTE FUNCTION igate_next()""",
        f"""CREATE TRIGGER igate_dossier_by_entry BEFORE UPDATE ON igate_dossier
FOR EACH ROW WHEN ({_NOT_BY_ENTRY}) EXECUTE FUNCTION igate_refuse('{_MOVES}')""",
    )
