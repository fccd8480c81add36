"""Each flow runs once against a really started server, over beats that stand in for the real ones."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import pytest
from prefect import get_client
from prefect.client.schemas import filters
from prefect.client.schemas.objects import Artifact, FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from flows import callbacks, deliveries, escalations, follow_ups, housekeeping, long_work

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("prefect"),
    # Prefect leaves its log socket to the garbage collector when a loop ends with the run, as ours do here.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@dataclass
class StandIn:
    """A beat that did what the test says, and remembers which thread asked."""

    counts: Mapping[str, int]
    threads: list[threading.Thread] = field(default_factory=list)

    def __call__(self) -> Mapping[str, int]:
        self.threads.append(threading.current_thread())
        return self.counts


class Broken(StandIn):
    def __call__(self) -> Mapping[str, int]:
        message = "the database is away"
        raise ConnectionError(message)


Sweep = Callable[..., Awaitable[dict[str, int]]]


def run(sweep: Sweep, beats: StandIn) -> dict[str, int]:
    async def once() -> dict[str, int]:
        return await sweep(beat=beats)

    return asyncio.run(once())


async def latest(flow_name: str) -> FlowRun:
    async with get_client() as client:
        found = await client.read_flow_runs(
            flow_filter=filters.FlowFilter(name=filters.FlowFilterName(any_=[flow_name])),
            flow_run_filter=filters.FlowRunFilter(start_time=filters.FlowRunFilterStartTime(is_null_=False)),
            sort=FlowRunSort.START_TIME_DESC,
            limit=1,
        )
    return found[0]


async def artifacts_of(found: FlowRun) -> list[Artifact]:
    only = filters.ArtifactFilter(flow_run_id=filters.ArtifactFilterFlowRunId(any_=[found.id]))
    async with get_client() as client:
        return await client.read_artifacts(artifact_filter=only)


@pytest.mark.parametrize(
    ("sweep", "name", "counts", "said"),
    [
        (escalations.fire_due_timers_flow, "escalations", {"fired": 42, "escalations": 3}, "42 timers, 3 escalations"),
        (deliveries.deliver_due_flow, "deliveries", {"sent": 1, "parked": 0}, "1 letter sent"),
        (long_work.do_jobs_flow, "jobs", {"ended": 1, "done": 40}, "1 job ended, 40 lines done"),
        (callbacks.tell_webhooks_flow, "webhooks", {"received": 7, "failed": 0}, "7 webhooks told"),
        (follow_ups.check_follow_ups_flow, "follow-ups", {"stuck": 2}, "2 cases that wait for nothing"),
        (housekeeping.keep_house_flow, "housekeeping", {"removed": 1200}, "1,200 old rows removed"),
    ],
)
def test_a_busy_sweep_is_named_by_what_it_did_and_leaves_a_table(
    sweep: Sweep, name: str, counts: dict[str, int], said: str
) -> None:
    assert run(sweep, StandIn(counts)) == counts
    found = asyncio.run(latest(name))
    assert (found.name, found.state_name) == (said, "Completed")
    assert [one.description for one in asyncio.run(artifacts_of(found))] == [said]


def test_an_idle_sweep_leaves_no_table() -> None:
    run(escalations.fire_due_timers_flow, StandIn({"fired": 0, "escalations": 0}))
    found = asyncio.run(latest("escalations"))
    assert found.name == "nothing to do"
    assert asyncio.run(artifacts_of(found)) == []


def test_the_work_leaves_the_event_loop_free() -> None:
    beats = StandIn({})
    run(escalations.fire_due_timers_flow, beats)
    assert [one is threading.main_thread() for one in beats.threads] == [False]


def test_a_sweep_that_fails_says_so() -> None:
    with pytest.raises(ConnectionError, match="the database is away"):
        run(escalations.fire_due_timers_flow, Broken({}))
    assert asyncio.run(latest("escalations")).state_name == "Failed"
