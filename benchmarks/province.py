"""A synthetic province: dossiers of one procedure at every stage of their way, to fill a store.

No benchmark: the others take what they need from here. A few hundred lives are worked through a
desk in memory, one for each day of handing in and each length of the way, and then copied under
other codes, names and agencies. What is loaded is therefore what the desk itself would have
written: entries, dates of return, tasks and timers are those of real actions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from igate.dossiers.dossier import Actor
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.office.store import DossierStore

__all__ = ["CODE", "PATH", "START", "Copy", "Province"]

CODE: Final = "1.001806"
DESK: Final = "H15"
#: the procedure has five processing steps
PATH: Final = (
    "receive", "transfer", "ask_supplement", "supplement", "forward", "forward", "forward",
    "forward", "finish", "return_result",
)  # fmt: skip
START: Final = parse_local("2026-01-05T08:00")
DAYS: Final = 40
AGENCIES: Final = tuple(f"H15.{number}" for number in range(10, 40))

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi",
             "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Niê", "H'", "Y", "Ksor")  # fmt: skip
_MIDDLES = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Xuân", "Thu", "Kim",
            "Anh", "Bích", "Công", "Đình", "Gia", "Hoài", "Khánh", "Lan", "Mạnh")  # fmt: skip
_GIVEN = ("Ánh", "Bình", "Châu", "Dũng", "Đông", "Hà", "Hải", "Hạnh", "Hiếu", "Hoa", "Hùng",
          "Hương", "Khoa", "Lâm", "Liên", "Long", "Mai", "Nam", "Nga", "Phúc", "Phượng", "Quân",
          "Sơn", "Thảo", "Thắng", "Trang", "Tú", "Tuấn", "Vân", "Yến")  # fmt: skip


class Copy(Struct, frozen=True):
    """A dossier to be brought in: its journal, and what follows from the last entry."""

    entries: tuple[Entry, ...]
    record: Record


class _Recorder(MemoryStore):
    """A store in memory that shows what was written last of each dossier."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Record] = {}

    def create(self, make: Callable[[str], Record], *, agency: str, day: date) -> Entry:
        made: list[Record] = []

        def seen(code: str) -> Record:
            made.append(make(code))
            return made[-1]

        entry = super().create(seen, agency=agency, day=day)
        self.records[entry.dossier] = made[-1]
        return entry

    def append(self, record: Record) -> None:
        super().append(record)
        self.records[record.entry.dossier] = record


class Province:
    """Lives to be copied, by how far they have come."""

    def __init__(self, *, days: int = DAYS) -> None:
        """Work the lives.

        Args:
            days: On how many days, one after another, dossiers are handed in.
        """
        self.catalog = Catalog.shipped()
        self.now = START
        self._store = _Recorder()
        self._desk = self.desk(self._store, clock=lambda: self.now)
        self.roles = self._roles()
        #: by the number of actions taken, one life a day
        self.lives: list[list[Copy]] = [
            [self._life(START + timedelta(days=day), length) for day in range(days)]
            for length in range(len(PATH) + 1)
        ]

    def desk(self, store: DossierStore, *, clock: Callable[[], datetime]) -> OneStop:
        """Open a desk of the province on a store."""
        return OneStop(store, agency=DESK, catalog=self.catalog, clock=clock)

    def define(self, store: DossierStore) -> None:
        """Keep in a store what the dossiers were received under."""
        digest = self.lives[0][0].record.standing.definition
        text = self._store.definition(digest)
        if text is None:
            raise AssertionError(digest)
        store.keep_definition(digest, text)

    def actor(self, taken: int, agency: str) -> Actor:
        """Return somebody of an agency who may take the action after so many of the path."""
        return Actor("officer-17", roles=self.roles[taken], agency=agency)

    def _roles(self) -> list[frozenset[str]]:
        """Return the roles of those who take each action of the path."""
        self.now = START
        code = self._submit(AGENCIES[0])
        found: list[frozenset[str]] = []
        for action in PATH:
            self.now += timedelta(hours=2)
            ways = [way for way in self._desk.actions(code) if way.action == action]
            roles = frozenset(role for way in ways for role in way.roles)
            found.append(roles)
            self._desk.act(code, action, by=Actor("officer-17", roles=roles, agency=AGENCIES[0]))
        return found

    def _submit(self, agency: str) -> str:
        return self._desk.submit(
            CODE, applicant="A", applicant_id="1", channel="online", agency=agency
        ).code

    def _life(self, start: datetime, length: int) -> Copy:
        self.now = start
        code = self._submit(AGENCIES[0])
        for taken, action in enumerate(PATH[:length]):
            self.now += timedelta(hours=2)
            self._desk.act(code, action, by=self.actor(taken, AGENCIES[0]))
        return Copy(self._desk.journal(code), self._store.records[code])

    def dossiers(
        self, number: int, *, pending: float = 0.4, seed: int = 20260101
    ) -> Iterator[Copy]:
        """Yield so many dossiers, ordered by code.

        Args:
            number: How many.
            pending: Which share is still on its way, at every stage alike; the others were handed
                over.
            seed: Where the lot begins: the same number gives the same dossiers.
        """
        random = Random(seed)
        days = len(self.lives[0])
        each = -(-number // (len(AGENCIES) * days))
        for serial in range(number):
            place, order = divmod(serial, each)
            agency, day = divmod(place, days)
            on_its_way = random.random() < pending
            length = random.randrange(len(PATH)) if on_its_way else len(PATH)
            life = self.lives[length][day]
            agency_id = AGENCIES[agency]
            received = life.record.standing.submitted_at
            code = f"{agency_id}-{received:%y%m%d}-{order + 1:05d}"
            yield _copied(life, code, agency_id, _name(random), f"{79 * 10**10 + serial}")


def _name(random: Random) -> str:
    return " ".join([random.choice(_FAMILIES), random.choice(_MIDDLES), random.choice(_GIVEN)])


def _copied(life: Copy, code: str, agency: str, name: str, identity: str) -> Copy:
    """Return a life under another code, of another agency and applicant."""
    first, *rest = life.entries
    facts = MappingProxyType(
        {**first.facts, "applicant": name, "applicant_id": identity, "agency": agency}
    )
    entries = (
        structs.replace(first, dossier=code, facts=facts, actor=identity),
        *[structs.replace(each, dossier=code, agency=agency) for each in rest],
    )
    record = life.record
    dossier = record.dossier
    if dossier is None:
        raise AssertionError(code)
    submission = replace(dossier.submission, applicant=name, applicant_id=identity, agency=agency)
    counter = agency if dossier.counter else ""
    return Copy(
        entries,
        structs.replace(
            record,
            entry=entries[-1],
            standing=structs.replace(record.standing, code=code, agency=agency, applicant=name),
            head="",
            dossier=structs.replace(dossier, code=code, submission=submission, counter=counter),
            tasks=tuple(
                [
                    structs.replace(task, agency=agency) if task.agency else task
                    for task in record.tasks or ()
                ]
            ),
        ),
    )
