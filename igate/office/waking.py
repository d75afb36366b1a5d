"""Waking a desk through Procrastinate, for hosts that run it: a job that says "look", and no more.

The timers and the outbox of the desk are the truth. A job that is lost, comes twice or is left over
by a killed worker changes nothing: the next one does what there is to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TASK", "wake_by_procrastinate"]

#: Name of the task in Procrastinate.
TASK: Final = "igate.wake"


def wake_by_procrastinate(
    app: Any,  # noqa: ANN401 - procrastinate.App, of a package that igate does not need
    work: Callable[[], object],
    *,
    cron: str = "* * * * *",
) -> None:
    """Let a Procrastinate application call a desk again and again.

    At most one such job waits at a time, so a worker that was away does not come back to a heap.

    Args:
        app: A ``procrastinate.App``.
        work: Opens the desk and calls ``run_timers`` and ``deliver``.
        cron: When, as cron writes it; every minute when absent.
    """

    @app.periodic(cron=cron)  # type: ignore[untyped-decorator]
    @app.task(name=TASK, queueing_lock=TASK, pass_context=False)  # type: ignore[untyped-decorator]
    def wake(timestamp: int) -> None:
        del timestamp  # when it was due; what is due is looked up
        work()
