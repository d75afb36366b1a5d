"""From the plain values of a step to the values of a workflow, and back to an order without keys.

Citations and time limits return in hundreds of files, so each is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from igate.deadlines.limits import limit_of
from igate.law.citation import Label
from igate.procedures.guard import Guard, names_in
from igate.procedures.workflow import Party, Step, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.deadlines.limits import TimeLimit
    from igate.procedures.workflow import Phase

__all__ = [
    "Packed",
    "Plain",
    "pack_step",
    "packed_label",
    "step_values",
]

#: A mapping of a definition file.
Plain: TypeAlias = "Mapping[str, Any]"
#: The values of a mapping in a fixed order.
Packed: TypeAlias = list[Any]

#: Keys of a step that are packed only where one of them is written.
_REST = frozenset({"procedure", "actors", "together", "ways"})


def packed_label(data: Plain) -> Packed:
    """Put the texts of a label in order."""
    return [data["vi"], data.get("en", "")]


def pack_step(data: Plain) -> Packed:
    """Put the values of a step in order."""
    return [
        data["number"],
        data["phase"],
        *packed_label(data),
        data.get("role") or "",
        data.get("actor", ""),
        _packed_limit(data),
        _packed_agency(data),
        _packed_rest(data) if _REST & data.keys() else None,
    ]


def _packed_rest(data: Plain) -> Packed:
    return [
        data.get("procedure") or "",
        [_packed_party(each) for each in data.get("actors", ())],
        [_packed_party(each) for each in data.get("together", ())],
        [_packed_way(each) for each in data.get("ways", ())],
    ]


def _packed_party(data: Plain) -> Packed:
    return [
        data["role"],
        data.get("vi", ""),
        data.get("en", ""),
        data.get("actor", ""),
        _packed_limit(data),
        _packed_agency(data),
        data.get("procedure") or "",
    ]


def _packed_way(data: Plain) -> Packed:
    texts = [data.get(key) or "" for key in ("guard", "vi", "en")]
    return [data["action"], data["to"], *texts, [*data.get("sets", {}).items()]]


def _packed_limit(data: Plain) -> str | None:
    limit = data.get("limit")
    return None if limit == "not_counted" else limit


def _packed_agency(data: Plain) -> Packed | None:
    agency = data.get("agency")
    return [*packed_label(agency), agency.get("id") or ""] if agency else None


def step_values(packed: Sequence[Packed]) -> tuple[Step, ...]:
    """Return the values of packed steps; a row that several do in turn is several steps."""
    return tuple([step for each in packed for step in _steps(*each)])


def _steps(number: int, phase: Phase, *rest: Any) -> Iterator[Step]:  # noqa: ANN401 - checked before
    vietnamese, english, role, actor, limit, agency, more = rest
    label = Label(vi=vietnamese, en=english)
    procedure, actors, together, ways = more or ("", (), (), ())
    made = tuple([_way(*each) for each in ways])
    if actors:
        parties = [_party(*each) for each in actors]
        for part, each in enumerate(parties, start=1):
            yield Step(
                number=number,
                phase=phase,
                label=each.label or label,
                role=each.role,
                actor=each.actor,
                limit=each.limit,
                agency=each.agency or _agency(agency),
                agency_id=each.agency_id if each.agency else _agency_id(agency),
                part=part,
                ways=made if part == len(parties) else (),
                procedure=each.procedure,
            )
        return
    yield Step(
        number=number,
        phase=phase,
        label=label,
        role=role,
        actor=actor,
        limit=_limit(limit),
        agency=_agency(agency),
        agency_id=_agency_id(agency),
        together=tuple([_party(*each) for each in together]),
        ways=made,
        procedure=procedure,
    )


def _party(role: str, vietnamese: str, english: str, actor: str, *rest: Any) -> Party:  # noqa: ANN401
    limit, agency, procedure = rest
    return Party(
        role=role,
        label=Label(vi=vietnamese, en=english) if vietnamese else None,
        actor=actor,
        limit=_limit(limit),
        agency=_agency(agency),
        agency_id=_agency_id(agency),
        procedure=procedure,
    )


def _way(action: str, to: int, guard: str, vietnamese: str, *rest: Any) -> Way:  # noqa: ANN401
    english, sets = rest
    return Way(
        action=action,
        to=to,
        guard=Guard.parse(guard, names_in(guard)) if guard else None,
        label=Label(vi=vietnamese, en=english) if vietnamese else None,
        sets=tuple([(name, value) for name, value in sets]),
    )


def _limit(text: str | None) -> TimeLimit | None:
    return None if text is None else limit_of(text)


def _agency(packed: Packed | None) -> Label | None:
    return Label(vi=packed[0], en=packed[1]) if packed else None


def _agency_id(packed: Packed | None) -> str:
    return packed[2] if packed else ""
