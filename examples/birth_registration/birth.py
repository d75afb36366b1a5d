"""Register a synthetic birth at a one-stop: from the counter to the extract, with every date.

The procedure is the YAML file beside this one; the people are made up. Run it anywhere: it keeps
its database in memory.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

from igate import VIETNAM, Actor, Catalog, Dossier, OneStop
from igate.testing import SimulatedClock

CODE = "1.001193"
AGENCY = "H15.20.01"
FILE = Path(__file__).parent / "1.001193-dang-ky-khai-sinh.yaml"
RECEIVED = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
#: the ordinary course: who takes which action, minutes after the one before
COURSE = (
    ("receive", "receptionist", 5),
    ("transfer", "receptionist", 5),
    ("forward", "head_of_section", 20),
    ("forward", "officer", 40),
    ("forward", "head_of_section", 15),
    ("forward", "leader", 15),
    ("finish", "clerk", 10),
    ("return_result", "receptionist", 60),
)


@cache
def catalog() -> Catalog:
    """Return the catalogue of this one procedure; the file is read once."""
    return Catalog.load(FILE)


def open_desk(clock: SimulatedClock) -> OneStop:
    """Open the desk of a commune, in memory."""
    return OneStop.open("sqlite://", catalog=catalog(), agency=AGENCY, clock=clock)


def hand_in(office: OneStop) -> Dossier:
    """Hand in the dossier of a synthetic family at the counter."""
    return office.submit(CODE, applicant="Gia đình giả lập 001", channel="counter")


def main() -> None:
    """Work one dossier through its course, and print its journal and its deadline."""
    clock = SimulatedClock(RECEIVED)
    with open_desk(clock) as office:
        code = hand_in(office).code
        for action, role, minutes in COURSE:
            clock.moment = office.calendar.add_minutes(clock.moment, minutes)
            office.act(code, action, by=Actor(f"{role}-1", roles={role}, agency=AGENCY))
        print("Dữ liệu giả lập / synthetic data")
        for entry in office.journal(code):
            print(f"{entry.happened_at:%d/%m/%Y %H:%M}  {entry.action:14} -> {entry.target}")
        dossier = office.get(code)
        if dossier.deadline and dossier.finished_at:
            print(dossier.deadline.judge(dossier.finished_at))
            print(dossier.deadline.explain("vi"))


if __name__ == "__main__":
    main()
