"""The worker, started as an operator would, takes up what a really started server has scheduled."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from prefect import get_client
from prefect.client.schemas import filters
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Scheduled

from flows import deployments

DEADLINE = 45
PATIENCE = 120

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect"),
    # Prefect leaves sockets to the garbage collector when a loop ends, as ours do here.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@pytest.fixture
def worker(engine_settings: Mapping[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Starts the worker in a folder of its own, which is not that of the code."""
    command = [sys.executable, "-m", "flows.worker", "tested"]
    env = {**os.environ, **engine_settings, "PARLEY_DATA_FOLDER": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=env) as process:
        yield process
        process.terminate()
        assert process.wait(DEADLINE) == 0


async def carried_out() -> FlowRun:
    await deployments.lay_out()
    async with get_client() as client:
        planned = await client.read_deployment_by_name("housekeeping/housekeeping")
        run = await client.create_flow_run_from_deployment(planned.id, state=Scheduled())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            seen = await client.read_flow_run(run.id)
            if seen.state is not None and seen.state.is_final():
                return seen
    return run


async def done_by_itself() -> FlowRun | None:
    """Wait until a run that the server's own scheduler wrote down has been carried out."""
    await deployments.lay_out({"escalations": timedelta(seconds=5)})
    frequent = filters.DeploymentFilter(name=filters.DeploymentFilterName(any_=["escalations"]))
    completed = filters.FlowRunFilter(
        tags=filters.FlowRunFilterTags(all_=["auto-scheduled"]),
        state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=[StateType.COMPLETED])),
    )
    until = time.monotonic() + PATIENCE
    async with get_client() as client:
        while time.monotonic() < until:
            found = await client.read_flow_runs(deployment_filter=frequent, flow_run_filter=completed, limit=1)
            if found:
                return found[0]
    return None


@pytest.mark.usefixtures("worker")
def test_the_server_schedules_runs_by_itself_and_the_worker_does_them() -> None:
    assert asyncio.run(done_by_itself()) is not None


@pytest.mark.usefixtures("worker")
def test_the_worker_carries_out_what_is_scheduled_and_stops_when_asked() -> None:
    run = asyncio.run(carried_out())
    assert run.state is not None
    assert run.state.is_completed(), run.state
    assert run.labels["prefect.worker.name"] == "tested"
