#!/usr/bin/env python3
"""Change the arithmetic one small place at a time and see whether a test notices.

Run ``python tools/mutate.py`` (or ``make mutants``) for all modules, ``python tools/mutate.py
counting hours`` for some. ``docs/explanation/mutation.md`` says what is changed and what came out.

Nothing is written to the sources. pytest collects the tests of a module once; each mutant gets a
forked process in which one function has the changed code. Where that cannot be done (a constant of
the module, a default), and for all that survive it, the package is loaded anew with the module
compiled from the changed syntax tree. ``tools/survivors.csv`` gives the reason for each survivor
that is known. The program ends with 1 where a survivor has no reason, or fewer than 95 % of all
mutants were noticed.
"""

from __future__ import annotations

import argparse
import csv
import gc
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from itertools import zip_longest
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings
from mutants import ROOT, Mutant, file_of, mutants_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Collection, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

REASONS = Path(__file__).parent / "survivors.csv"
WANTED = 0.95
EXAMPLES = 25
#: a mutant may take this many times the processor time of its tests, and these seconds; and so
#: many times as long by the clock on the wall, on a machine that has other things to do
PATIENCE, GRACE, BUSY = 3, 2, 15

_CLOCK = ("deadline_edges", "deadline", "clock")
_DAYS = ("calendar_edges", "calendar", "calendar_layers", "calendar_arithmetic")
_COLUMNS = ("calendar_edges", "calendar_arrays")
_COURSE = ("engine_edges", "engine_course", "reopening", "migration", "putting_right", "people")
_ACTIONS = ("action_edges", *_COURSE)
#: The tests of each module, the quick ones first; its doctests come before all. None of them may
#: leave threads behind: a process that is forked while Polars has its threads waits for ever.
MODULES: dict[str, tuple[str, ...]] = {
    "deadlines.counting": ("counting_edges", *_CLOCK),
    "deadlines.suspension": _CLOCK,
    "deadlines.clock": ("counting_edges", "due", *_CLOCK),
    "deadlines.deadline": ("counting_edges", *_CLOCK),
    "deadlines.limits": ("deadline_edges", "deadline", "limit_text"),
    "deadlines.proof": _CLOCK,
    "deadlines.whatif": _CLOCK,
    "calendar.days": _DAYS,
    "calendar.hours": _DAYS,
    "calendar.calendar": _DAYS,
    "calendar.assembly": _DAYS,
    "calendar.ingredients": _DAYS,
    "calendar.bounds": (*_DAYS, "calendar_arrays"),
    "calendar.lunar": ("calendar_edges", "calendar_lunar"),
    "calendar.arrays": _COLUMNS,
    "calendar.columns": _COLUMNS,
    "metrics.definitions": ("metrics_definitions",),
    "metrics.placing": ("metrics_placing",),
    "metrics.finish": ("metrics_placing",),
    "procedures.guard": ("guard",),
    "dossiers.facts": _ACTIONS,
    "dossiers.permission": _ACTIONS,
    "dossiers.manner": _ACTIONS,
    "dossiers.engine": _COURSE,
}
#: packages that the tests need; loaded once, before the first fork
_LARGE = ("numpy", "pandas", "polars", "pyarrow", "holidays", "pydantic", "dateutil.relativedelta")


class _Loader(SourceFileLoader):
    """Compiles a syntax tree instead of the file; no cache is read or written."""

    def __init__(self, name: str, tree: ast.Module, path: str) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the changed module."""
        return compile(self.tree, self.get_filename(fullname), "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Gives one module from a syntax tree and leaves all others to Python."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = f"igate.{mutant.module}"
        path = str(file_of(mutant.module))
        self.loader = _Loader(self.name, mutant.tree(), path)

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the changed module where it is asked for."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self.loader.path, loader=self.loader
        )


def load_anew(mutant: Mutant) -> None:
    """Forget the package and its tests, and have the module compiled with the change."""
    tests = str(ROOT / "tests")
    for name, module in list(sys.modules.items()):
        path = str(getattr(module, "__file__", None) or "")
        if name.partition(".")[0] == "igate" or path.startswith(tests):
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(mutant))


def patch(mutant: Mutant) -> None:
    """Return the function that a mutant stands in the changed code."""
    function = _function(mutant)
    whole = compile(mutant.tree(), str(file_of(mutant.module)), "exec")
    function.__code__ = next(
        code for code in _codes(whole) if code.co_qualname == function.__code__.co_qualname
    )


def _function(mutant: Mutant) -> FunctionType:
    """Find the outermost function of a scope, under its decorators."""
    found: object = importlib.import_module(f"igate.{mutant.module}")
    for name in mutant.scope.split("."):
        found = vars(found)[name]
        for wrapping in ("fget", "__func__", "__wrapped__"):
            found = getattr(found, wrapping, found)
        if isinstance(found, FunctionType):
            return found
    raise TypeError(mutant.scope)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield constant
            yield from _codes(constant)


class _Trial:
    """A plugin of pytest: instead of running the tests once, it runs them once a mutant."""

    def __init__(
        self, mutants: Sequence[Mutant], change: Callable[[Mutant], None], seconds: float, jobs: int
    ) -> None:
        self.mutants = mutants
        self.change = change
        self.seconds = seconds
        self.jobs = jobs
        self.running: dict[int, Mutant] = {}
        self.verdicts: dict[str, str] = {}
        #: whether this is the process of a mutant
        self.forked = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Fork for each mutant; the child goes on to the tests, with the change in place."""
        # what the tests keep is made once, here; a doctest can be run only once in a process
        tests = [item for item in session.items if not isinstance(item, pytest.DoctestItem)]
        for item, following in zip_longest(tests, tests[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return None if self.fork_all() else True

    def fork_all(self) -> bool:
        """Try all mutants; tell whether this is the process of one of them."""
        for mutant in self.mutants:
            if len(self.running) >= self.jobs:
                self._reap()
            process = os.fork()
            if not process:
                self.forked = True
                signal.setitimer(signal.ITIMER_PROF, self.seconds)
                signal.alarm(int(self.seconds * BUSY))
                self._change(mutant)
                return True
            self.running[process] = mutant
        while self.running:
            self._reap()
        return False

    def _change(self, mutant: Mutant) -> None:
        """Put the change in place; an error of this program is not one that a test noticed."""
        try:
            self.change(mutant)
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            traceback.print_exc()
            os._exit(3)

    def _reap(self) -> None:
        process, status = os.wait()
        mutant = self.running.pop(process, None)
        if mutant is not None:
            self.verdicts[mutant.name] = _verdict(status)


def _verdict(status: int) -> str:
    if os.WIFSIGNALED(status):
        late = os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGALRM}
        return "timeout" if late else "killed"
    code = os.WEXITSTATUS(status)
    if code == 0:
        return "survived"
    # 1: a test failed; 2: a test module could not be loaded; 4: the settings of all tests could not
    return "killed" if code in {1, 2, 4} else "broken"


def _arguments(module: str) -> list[str]:
    files = [path for name in MODULES[module] for path in (ROOT / "tests").rglob(f"test_{name}.py")]
    found = [str(path) for path in (file_of(module), *files) if path.exists()]
    flags = "-x -q -s -p no:cacheprovider -p no:xdist -p no:benchmark --assert=plain"
    return [*flags.split(), "--rootdir", str(ROOT), *found]


def _run(module: str, trial: _Trial | None = None) -> int:
    """Run pytest; in the process of a mutant that is all, and its end."""
    code = 3
    try:
        code = int(pytest.main(_arguments(module), plugins=[trial] if trial else None))
    except BaseException:  # noqa: BLE001 - the process of a mutant ends here, whatever it was
        traceback.print_exc()
    if trial is not None and trial.forked:
        sys.stdout.flush()
        os._exit(code)
    return code


@contextmanager
def _silence() -> Iterator[None]:
    """Send what pytest prints nowhere."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    yield
    sys.stdout.flush()
    os.dup2(kept, 1)
    os.close(kept)
    os.close(nowhere)


def _baseline(module: str) -> float:
    """Run the tests of a module as it is; give the seconds of processor time they took."""
    begun = time.process_time()
    with _silence():
        code = _run(module)
    if code:
        _run(module)
        sys.exit(f"The tests of igate.{module} fail without any change; see above.")
    return time.process_time() - begun


def try_all(module: str, mutants: Sequence[Mutant], jobs: int) -> dict[str, str]:
    """Try mutants of a module; give the verdict on each by its name.

    First those that stand in a function, in one run of pytest; then, each with the package loaded
    anew, all others and those that survived.
    """
    seconds = _baseline(module) * PATIENCE + GRACE
    verdicts: dict[str, str] = {}
    quick = [mutant for mutant in mutants if mutant.quick]
    with _silence():
        if quick:
            trial = _Trial(quick, patch, seconds, jobs)
            _run(module, trial)
            verdicts |= trial.verdicts
        slow = [m for m in mutants if verdicts.get(m.name) not in {"killed", "timeout"}]
        anew = _Trial(slow, load_anew, seconds, jobs)
        if anew.fork_all():
            os._exit(_run(module))
        verdicts |= anew.verdicts
    return verdicts


def reasons() -> dict[tuple[str, str], str]:
    """Read the known survivors: module and name, and why no test can or need notice them."""
    if not REASONS.exists():
        return {}
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["mutant"]): row["reason"] for row in csv.DictReader(file)}


def _prepare() -> None:
    """Load what all tests need, once."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for name in _LARGE:
        importlib.import_module(name)
    # no search for a smaller example: one is enough; the same examples on each run
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile(
        "mutants", max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=phases,
    )  # fmt: skip
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.nice(10)
    gc.freeze()


def _try_module(module: str, chosen: Sequence[str], jobs: int) -> tuple[int, list[Mutant]]:
    """Try the mutants of a module; give how many there are and which survive."""
    mutants = [m for m in mutants_of(module) if not chosen or any(c in m.name for c in chosen)]
    if not mutants:
        return 0, []
    verdicts = try_all(module, mutants, jobs)
    survivors = [m for m in mutants if verdicts[m.name] not in {"killed", "timeout"}]
    for mutant in survivors:
        print(f"  {verdicts[mutant.name]}: {module}:{mutant.line} {mutant.name}")
    noticed = len(mutants) - len(survivors)
    slow = sum(verdict == "timeout" for verdict in verdicts.values())
    print(
        f"{module}: {noticed} of {len(mutants)} noticed ({noticed / len(mutants):.1%}), "
        f"{slow} of them by taking too long",
        flush=True,
    )
    return len(mutants), survivors


def main() -> int:
    """Try the mutants of the modules named; say what survived."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", help=f"all, unless given: {', '.join(MODULES)}")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    parser.add_argument("--only", action="append", default=[], help="mutants whose name holds this")
    parser.add_argument("--again", type=Path, help="only survivors named in this earlier output")
    parser.add_argument("--list", action="store_true", help="name the mutants and try none")
    asked = parser.parse_args()
    chosen = asked.only
    if asked.again:
        said = asked.again.read_text(encoding="utf-8").splitlines()
        chosen = [line.partition(" ")[2] for line in map(str.strip, said) if " | " in line]
        chosen = [line.partition(" ")[2] for line in chosen]
    short = {name.rpartition(".")[2]: name for name in MODULES}
    unknown = set(asked.modules) - MODULES.keys() - short.keys()
    if unknown:
        parser.error(f"No tests are named here for {', '.join(sorted(unknown))}.")
    modules = [short.get(name, name) for name in asked.modules] or list(MODULES)
    if asked.list:
        for module in modules:
            for mutant in mutants_of(module):
                print(f"{module}:{mutant.line} {mutant.name}")
        return 0
    return _report(modules, chosen, asked.jobs)


def _report(modules: Sequence[str], chosen: Sequence[str], jobs: int) -> int:
    _prepare()
    known, count, survivors = reasons(), 0, []
    for module in modules:
        tried, left = _try_module(module, chosen, jobs)
        count += tried
        survivors += left
    unexplained = [m for m in survivors if (m.module, m.name) not in known]
    stale = [] if chosen else _stale(known, modules, survivors)
    for module, name in stale:
        print(f"tools/survivors.csv gives a reason for what does not survive: {module} {name}")
    share = 1 - len(survivors) / count if count else 1.0
    print(
        f"together: {count - len(survivors)} of {count} noticed ({share:.1%}); "
        f"{len(survivors)} survive, {len(unexplained)} of them without a reason"
    )
    return int(bool(unexplained or stale) or share < WANTED)


def _stale(
    known: Collection[tuple[str, str]], modules: Collection[str], survivors: Collection[Mutant]
) -> list[tuple[str, str]]:
    """Return the reasons whose mutant was noticed, or is no more."""
    left = {(mutant.module, mutant.name) for mutant in survivors}
    return [key for key in known if key[0] in modules and key not in left]


if __name__ == "__main__":
    sys.exit(main())
