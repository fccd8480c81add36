"""Deployments: which flow runs how often, and what becomes of the runs that were missed."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from prefect import Flow, State, get_client
from prefect.client.schemas import filters
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.states import Cancelled, Crashed
from prefect.types import DateTime
from prefect.types.entrypoint import EntrypointType

from flows import arrivals, callbacks, deliveries, escalations, follow_ups, housekeeping, long_work

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

AnyFlow = Flow[Any, Coroutine[Any, Any, dict[str, int]]]

POOL = "parley"
POOL_TYPE = "parley"
TAGS = ["parley"]

FLOWS: Mapping[str, AnyFlow] = {
    "escalations": escalations.fire_due_timers_flow,
    "deliveries": deliveries.deliver_due_flow,
    "arrivals": arrivals.take_in_arrivals_flow,
    "jobs": long_work.do_jobs_flow,
    "webhooks": callbacks.tell_webhooks_flow,
    "follow-ups": follow_ups.check_follow_ups_flow,
    "housekeeping": housekeeping.keep_house_flow,
}
"""Every flow that may be scheduled, by the name of its deployment."""

EVERY = {
    "escalations": timedelta(seconds=15),
    "deliveries": timedelta(seconds=15),
    "arrivals": timedelta(seconds=30),
    "jobs": timedelta(seconds=15),
    "webhooks": timedelta(seconds=15),
    "follow-ups": timedelta(hours=1),
    "housekeeping": timedelta(minutes=10),
}
"""How long from one run to the next, unless an office says otherwise."""

WAITING = [StateType.SCHEDULED]
ACTIVE = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]

PAGE = 200
"""How many runs Prefect's server gives at a time."""

ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def plan(every: Mapping[str, timedelta] | None = None) -> list[RunnerDeployment]:
    """Give the deployments; `every` replaces the interval of those it names.

    Raises KeyError for a name that no deployment has.
    """
    intervals = {**EVERY, **(every or {})}
    return [_deployment(FLOWS[name], name=name, interval=interval) for name, interval in intervals.items()]


async def lay_out(every: Mapping[str, timedelta] | None = None) -> list[str]:
    """Create the work pool and the deployments where they are missing or out of date; give the names written.

    A deployment that is as planned is left alone, so that what an office paused stays paused.
    """
    async with get_client() as client:
        await _ensure_pool(client)
        outdated = [one for one in plan(every) if not await _is_current(client, one)]
    for one in outdated:
        await one.aapply()
    return [one.name for one in outdated]


def flow_at(entrypoint: str | None) -> AnyFlow:
    """Give the flow of an entry point, and no flow but ours.

    Raises LookupError for an entry point that is not in `FLOWS`: who can write to Prefect's database cannot make
    the worker import anything else.
    """
    for one in FLOWS.values():
        if entrypoint == entrypoint_of(one):
            return one
    msg = f"no flow of ours is at {entrypoint}; delete that deployment, or move it to another work pool"
    raise LookupError(msg)


def entrypoint_of(one: AnyFlow) -> str:
    """Give the module path of a flow, such as flows.escalations.fire_due_timers_flow."""
    return f"{one.fn.__module__}.{one.fn.__name__}"


async def put_in_order(worker: str) -> None:
    """Clear what an outage left: runs this worker died over, runs that were missed, slots that nobody holds.

    `worker` is the name under which the dead worker ran, and the new one will.
    """
    async with get_client() as client:
        await _bury(client, worker)
        for name in FLOWS:
            await _strike_missed(client, name)
    await free_slots()


async def free_slots() -> None:
    """Free every slot that no run holds: a server that dies forgets its leases, and the slot would stay taken."""
    async with get_client() as client:
        for planned in plan():
            found = await client.read_deployment_by_name(planned.full_name)
            limit = found.global_concurrency_limit
            if limit and limit.active_slots and not await _runs(client, ACTIVE, name=planned.name):
                await client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))


async def _bury(client: PrefectClient, worker: str) -> None:
    crashed: State[None] = Crashed(message="the worker died over this run; the next one takes up its work")
    for run in await _runs(client, ACTIVE):
        if run.labels.get("prefect.worker.name") == worker:
            await client.set_flow_run_state(run.id, crashed, force=True)


async def _strike_missed(client: PrefectClient, name: str) -> None:
    """Cancel what should have run before now, all but the newest: one run catches up with everything."""
    missed: State[None] = Cancelled(message="missed while nothing was running; one later run catches up")
    now = DateTime.now(UTC)
    while runs := await _runs(client, WAITING, name=name, before=now, skip=1):
        for run in runs:
            await client.set_flow_run_state(run.id, missed, force=True)


async def _runs(
    client: PrefectClient,
    states: list[StateType],
    *,
    name: str | None = None,
    before: DateTime | None = None,
    skip: int = 0,
) -> list[FlowRun]:
    return await client.read_flow_runs(
        deployment_filter=filters.DeploymentFilter(
            name=filters.DeploymentFilterName(any_=[name] if name else list(FLOWS)),
        ),
        flow_run_filter=filters.FlowRunFilter(
            state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=states)),
            expected_start_time=filters.FlowRunFilterExpectedStartTime(before_=before),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=PAGE,
        offset=skip,
    )


def _deployment(one: AnyFlow, *, name: str, interval: timedelta) -> RunnerDeployment:
    return RunnerDeployment.from_flow(
        one,
        name=name,
        interval=interval,
        concurrency_limit=ONE_AT_A_TIME,
        description=one.description,
        tags=TAGS,
        version=f"every {int(interval.total_seconds())} s",
        work_pool_name=POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


async def _ensure_pool(client: PrefectClient) -> None:
    try:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type=POOL_TYPE))
    except ObjectAlreadyExists:
        return


async def _is_current(client: PrefectClient, planned: RunnerDeployment) -> bool:
    try:
        found = await client.read_deployment_by_name(planned.full_name)
    except ObjectNotFound:
        return False
    return (found.entrypoint, found.version) == (planned.entrypoint, planned.version)
