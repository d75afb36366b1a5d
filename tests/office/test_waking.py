"""Procrastinate may wake a desk; what there is to do is in the desk alone."""

from __future__ import annotations

import asyncio

import procrastinate
from procrastinate import testing

from igate.office.waking import TASK, wake_by_procrastinate


def test_a_job_calls_the_desk_and_only_one_waits() -> None:
    """Two jobs that wait at the same time are refused by Procrastinate; one run does the work."""
    calls: list[int] = []
    connector = testing.InMemoryConnector()
    app = procrastinate.App(connector=connector)
    wake_by_procrastinate(app, lambda: calls.append(1))

    async def run() -> None:
        async with app.open_async():
            await app.tasks[TASK].defer_async(timestamp=1)
            try:
                await app.tasks[TASK].defer_async(timestamp=2)
            except procrastinate.exceptions.AlreadyEnqueued:
                calls.append(0)
            await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(run())
    assert calls == [0, 1]
    assert [each.cron for each in app.periodic_registry.periodic_tasks.values()] == ["* * * * *"]
