"""FOR THE EXAMPLE ONLY: who is at the keyboard is whoever says so.

A real portal signs people in (VNeID, the province's accounts) and makes the ``Actor`` from what it
knows of the account. igate checks role and agency of the actor; that the person is that actor is
the host's business. Replace this module and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate import Actor
from igate.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AGENCIES", "DESK", "PEOPLE", "Person", "agencies_of", "check_agency_of"]

#: identifier of the province that runs the desk
DESK: Final = "H15"
#: synthetic offices below it
AGENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {"H15.10": "Sở A (giả lập)", "H15.20": "Xã B (giả lập)"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A synthetic person whom anybody can be."""

    id: str
    name: str
    actor: Actor

    @property
    def is_citizen(self) -> bool:
        """Whether the person hands in, and works at no desk."""
        return not self.actor.agency

    @property
    def oversees(self) -> bool:
        """Whether the person looks at the work of every agency of the desk."""
        return self.actor.agency == DESK


def _person(own: str, name: str, role: str, agency: str = "") -> Person:
    return Person(id=own, name=name, actor=Actor(own, roles={role}, agency=agency))


_TITLES: Final = (
    ("tiep-nhan", "Người tiếp nhận", "receptionist"),
    ("truong-phong", "Lãnh đạo phòng", "head_of_section"),
    ("chuyen-vien", "Chuyên viên", "officer"),
    ("lanh-dao", "Lãnh đạo", "leader"),
    ("van-thu", "Văn thư", "clerk"),
)
#: everybody, by id
PEOPLE: Final[Mapping[str, Person]] = MappingProxyType(
    {
        each.id: each
        for each in (
            *[
                _person(f"{own}-{agency[-2:]}", f"{title}, {AGENCIES[agency]}", role, agency)
                for agency in AGENCIES
                for own, title, role in _TITLES
            ],
            _person("kiem-soat", "Kiểm soát thủ tục, tỉnh (giả lập)", "overseer", DESK),
            _person("cong-dan-1", "Công dân giả lập 1", "applicant"),
            _person("cong-dan-2", "Công dân giả lập 2", "applicant"),
        )
    }
)


def agencies_of(person: Person) -> tuple[str, ...]:
    """Return the agencies whose work a person may look at."""
    if person.oversees:
        return tuple(AGENCIES)
    return (person.actor.agency,) if person.actor.agency else ()


def check_agency_of(person: Person, agency: str) -> None:
    """Refuse the work list of an agency that is none of a person's.

    Raises:
        NotPermitted: It is another one's.
    """
    known = agencies_of(person)
    if not known or (agency and agency not in known):
        raise NotPermitted(
            f"{person.name} không xem được danh sách công việc của cơ quan này.",
            fix=f"Chọn {', '.join(known)}." if known else "Dùng trang tra cứu hồ sơ.",
        )
