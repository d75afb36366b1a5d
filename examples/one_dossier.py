"""Work one dossier from the counter to the result, and print its journal and its deadline.

Run it anywhere: it keeps its database in memory.
"""

from datetime import datetime

from igate import VIETNAM, Actor, Catalog, OneStop
from igate.testing import SimulatedClock

RECEIVED = datetime(2026, 8, 20, 9, 0, tzinfo=VIETNAM)
SOLVED = datetime(2026, 9, 1, 8, 0, tzinfo=VIETNAM)


def main() -> None:
    """Hand in a dossier, move it along, and print what the office knows about it."""
    clock = SimulatedClock(RECEIVED)
    with OneStop.open("sqlite://", catalog=Catalog.shipped(), agency="H15", clock=clock) as office:
        code = office.submit("1.001806", applicant="Công ty A", channel="counter").code
        # Whoever may do the next ordinary action does it, half a working day apart.
        while not office.get(code).finished_at:
            dossier = office.get(code)
            way = next(
                way
                for way in office.actions(code)
                if way.action in {"receive", "transfer", "forward", "finish"}
            )
            clock.moment = office.calendar.add_minutes(dossier.last_at, 240)
            office.act(code, way.action, by=Actor("lan", roles=way.roles, agency="H15"))

        for entry in office.journal(code):
            print(f"{entry.happened_at:%Y-%m-%d %H:%M}  {entry.action:10} -> {entry.target}")
        dossier = office.get(code)
        if dossier.deadline and dossier.finished_at:
            print(dossier.deadline.judge(dossier.finished_at))
            print(dossier.deadline.explain("vi"))


if __name__ == "__main__":
    main()
