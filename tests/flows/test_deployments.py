"""Deployments, and the state of runs after an outage, against a really started server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from prefect import State, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.flows import load_flow_from_entrypoint
from prefect.states import Pending, Running, Scheduled

from flows import deployments

ROOT = Path(__file__).resolve().parents[2]

# Far apart, so that the schedule itself adds no run while a test looks.
SELDOM = dict.fromkeys(deployments.FLOWS, timedelta(days=50))


def test_every_entry_point_is_a_module_path() -> None:
    points = {one.name: one.entrypoint for one in deployments.plan()}
    assert points == {
        "escalations": "flows.escalations.fire_due_timers_flow",
        "deliveries": "flows.deliveries.deliver_due_flow",
        "arrivals": "flows.arrivals.take_in_arrivals_flow",
        "jobs": "flows.long_work.do_jobs_flow",
        "webhooks": "flows.callbacks.tell_webhooks_flow",
        "follow-ups": "flows.follow_ups.check_follow_ups_flow",
        "housekeeping": "flows.housekeeping.keep_house_flow",
    }


def test_every_entry_point_can_be_loaded_by_prefect() -> None:
    for planned in deployments.plan():
        loaded: object = load_flow_from_entrypoint(planned.entrypoint or "", use_placeholder_flow=False)
        assert loaded is deployments.FLOWS[planned.name]


def test_the_entry_points_can_be_imported_from_another_folder(tmp_path: Path) -> None:
    names = [deployments.entrypoint_of(one).rpartition(".")[0] for one in deployments.FLOWS.values()]
    done = subprocess.run([sys.executable, "-c", f"import {', '.join(names)}"], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_no_flow_but_ours_is_run() -> None:
    with pytest.raises(LookupError, match=r"no flow of ours is at os\.system"):
        deployments.flow_at("os.system")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="reminders"):
        deployments.plan({"reminders": timedelta(hours=1)})


def test_every_deployment_describes_itself_and_runs_one_at_a_time() -> None:
    for planned in deployments.plan():
        assert planned.description
        assert planned.tags == ["parley"]
        assert planned.concurrency_limit == 1
        assert planned.concurrency_options is not None
        assert planned.concurrency_options.collision_strategy == "CANCEL_NEW"


def test_prefect_yaml_says_the_same_as_the_code() -> None:
    written = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert {one["name"]: told(one) for one in written} == {
        one.name: {
            "entrypoint": one.entrypoint,
            "description": one.description,
            "tags": one.tags,
            "interval": deployments.EVERY[one.name].total_seconds(),
            "concurrency": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
            "pool": deployments.POOL,
        }
        for one in deployments.plan()
    }


def told(one: dict[str, object]) -> dict[str, object]:
    schedules, pool = one["schedules"], one["work_pool"]
    assert isinstance(schedules, list)
    assert isinstance(pool, dict)
    return {
        "entrypoint": one["entrypoint"],
        "description": one["description"],
        "tags": one["tags"],
        "interval": schedules[0]["interval"],
        "concurrency": one["concurrency_limit"],
        "pool": pool["name"],
    }


def with_client(work: Callable[[PrefectClient], Awaitable[None]]) -> None:
    async def once() -> None:
        await deployments.lay_out(SELDOM)
        async with get_client() as client:
            await work(client)

    asyncio.run(once())


async def deployment(client: PrefectClient, name: str) -> DeploymentResponse:
    return await client.read_deployment_by_name(f"{name}/{name}")


async def started(client: PrefectClient, name: str, state: State[None]) -> UUID:
    planned = await deployment(client, name)
    run = await client.create_flow_run_from_deployment(planned.id, state=state)
    return run.id


async def state_of(client: PrefectClient, run: UUID) -> str | None:
    return (await client.read_flow_run(run)).state_name


def ago(minutes: int) -> State[None]:
    return Scheduled(scheduled_time=datetime.now(UTC) - timedelta(minutes=minutes))


async def taken_slots(client: PrefectClient, name: str) -> int:
    limit = (await deployment(client, name)).global_concurrency_limit
    assert limit is not None
    return limit.active_slots


@pytest.mark.prefect
@pytest.mark.usefixtures("prefect")
class TestAgainstAServer:
    def test_what_is_laid_out_already_is_left_alone(self) -> None:
        asyncio.run(deployments.lay_out(SELDOM))
        assert asyncio.run(deployments.lay_out(SELDOM)) == []

    def test_a_changed_interval_is_written(self) -> None:
        asyncio.run(deployments.lay_out(SELDOM))
        changed = {**SELDOM, "follow-ups": timedelta(days=40)}
        assert asyncio.run(deployments.lay_out(changed)) == ["follow-ups"]

    def test_a_run_is_cancelled_while_another_of_its_deployment_is_under_way(self) -> None:
        async def work(client: PrefectClient) -> None:
            first = await started(client, "escalations", ago(1))
            second = await started(client, "escalations", ago(1))
            await client.set_flow_run_state(first, Pending())
            await client.set_flow_run_state(second, Pending())
            assert (await state_of(client, first), await state_of(client, second)) == ("Pending", "Cancelled")
            await client.delete_flow_run(first)

        with_client(work)

    def test_of_the_runs_that_were_missed_only_the_newest_catches_up(self) -> None:
        async def work(client: PrefectClient) -> None:
            missed = [await started(client, "deliveries", ago(minutes)) for minutes in (3, 2, 1)]
            await deployments.put_in_order("nobody")
            states = [await state_of(client, run) for run in missed]
            assert states == ["Cancelled", "Cancelled", "Scheduled"]

        with_client(work)

    def test_a_run_its_worker_died_over_is_closed_and_its_slot_freed(self) -> None:
        async def work(client: PrefectClient) -> None:
            run = await started(client, "housekeeping", ago(1))
            await client.update_flow_run_labels(run, {"prefect.worker.name": "dead"})
            await client.set_flow_run_state(run, Pending())
            await client.set_flow_run_state(run, Running())
            await deployments.put_in_order("another")
            assert (await state_of(client, run), await taken_slots(client, "housekeeping")) == ("Running", 1)
            await deployments.put_in_order("dead")
            assert (await state_of(client, run), await taken_slots(client, "housekeeping")) == ("Crashed", 0)

        with_client(work)

    def test_a_slot_that_no_run_holds_is_freed(self) -> None:
        async def work(client: PrefectClient) -> None:
            limit = (await deployment(client, "follow-ups")).global_concurrency_limit
            assert limit is not None
            await client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=1))
            assert await taken_slots(client, "follow-ups") == 1
            await deployments.free_slots()
            assert await taken_slots(client, "follow-ups") == 0

        with_client(work)
