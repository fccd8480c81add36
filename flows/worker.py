"""The worker: one long-lived process that runs what Prefect schedules, `python -m flows.worker`.

Prefect's own process worker starts an interpreter for every run, some seconds of processor time each; this one runs
the flows inside itself, so that a sweep every few seconds costs next to nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, cast

from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from flows import deployments

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from datetime import timedelta

    from anyio.abc import TaskStatus
    from prefect.client.schemas.objects import FlowRun

BETWEEN_LOOKS = 60.0
"""Seconds between two looks for slots that nobody holds."""


class InProcessWorker(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Runs our flows inside its own process.

    A class, alone in this room, because Prefect's extension point is to subclass BaseWorker.
    """

    type = deployments.POOL_TYPE
    job_configuration = BaseJobConfiguration

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> BaseWorkerResult:
        """Run one scheduled run to its end; a flow that fails is the state of its run, not a failure of the worker."""
        del configuration
        deployment = await self.client.read_deployment(str(flow_run.deployment_id))
        flow = deployments.flow_at(deployment.entrypoint)
        if task_status is not None:
            task_status.started(os.getpid())
        # Prefect's engine waits, without yielding, for its logs to be sent; a thread of its own keeps that from
        # holding up the polling and the other runs.
        await asyncio.to_thread(_carry_out, flow, flow_run)
        return BaseWorkerResult(identifier=str(flow_run.id), status_code=0)


async def work(name: str, *, every: Mapping[str, timedelta] | None = None) -> None:
    """Lay out the deployments, clear what an outage left, and work until told to stop.

    `name` is what operators see, and must differ between workers that run at the same time; `every` replaces
    intervals of `deployments.EVERY`.
    """
    await deployments.lay_out(every)
    await deployments.put_in_order(name)
    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(_keep_freeing_slots())
        await InProcessWorker(work_pool_name=deployments.POOL, name=name).start()
        looking.cancel()


def main(arguments: list[str]) -> None:
    """Work under the name given as the only argument, or under the name of this machine."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(work(arguments[0] if arguments else socket.gethostname()))
    except KeyboardInterrupt:
        sys.exit(0)


def _carry_out(flow: deployments.AnyFlow, flow_run: FlowRun) -> None:
    """Run a flow to its end in a loop of its own; without heartbeats, which cost a thread and two events a run."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        running = run_flow(flow, flow_run=flow_run, return_type="state")
        asyncio.run(cast("Coroutine[None, None, object]", running))


async def _keep_freeing_slots() -> None:
    while True:
        await asyncio.sleep(BETWEEN_LOOKS)
        await deployments.free_slots()


if __name__ == "__main__":
    main(sys.argv[1:])
