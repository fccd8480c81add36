"""The worker, started as an operator would, takes up what a really started server has scheduled."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from prefect import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.flow_runs import wait_for_flow_run
from prefect.states import Scheduled

from flows import deployments

DEADLINE = 45

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect")]


@pytest.fixture
def worker(engine_settings: Mapping[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Starts the worker in a folder of its own, which is not that of the code."""
    command = [sys.executable, "-m", "flows.worker", "tested"]
    env = {**os.environ, **engine_settings, "PARLEY_DATA": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=env) as process:
        yield process
        process.terminate()
        assert process.wait(DEADLINE) == 0


async def carried_out() -> FlowRun:
    await deployments.lay_out()
    async with get_client() as client:
        planned = await client.read_deployment_by_name("housekeeping/housekeeping")
        run = await client.create_flow_run_from_deployment(planned.id, state=Scheduled())
    return await wait_for_flow_run(run.id, timeout=DEADLINE)


@pytest.mark.usefixtures("worker")
def test_the_worker_carries_out_what_is_scheduled_and_stops_when_asked() -> None:
    run = asyncio.run(carried_out())
    assert run.state is not None
    assert run.state.is_completed(), run.state
    assert run.labels["prefect.worker.name"] == "tested"
