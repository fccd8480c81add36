"""Runs: how one run of a sweep does its work, and how it tells an operator what it did."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prefect import get_client, runtime, task
from prefect.artifacts import acreate_table_artifact
from prefect.events import emit_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Counts = Mapping[str, int]
    Words = Mapping[str, tuple[str, str]]

NOTHING = "nothing to do"


async def sweep(work: Callable[[], Counts], *, batch: str, words: Words, events: Mapping[str, str]) -> dict[str, int]:
    """Do one batch of work inside one Prefect task, and give the run its name, its table and its events.

    `work` is synchronous and runs in a thread; it gives how many of each thing it did. `batch` names the task.
    `words` gives singular and plural for a count, `events` the event that a count above zero causes.
    """
    counts = dict(await _perform.with_options(name=batch, task_run_name=batch)(work))
    await tell(counts, words=words, events=events)
    return counts


async def tell(counts: Counts, *, words: Words, events: Mapping[str, str]) -> None:
    """Name the present run by what was done; write a table and emit events only when something was."""
    said = sentence(counts, words)
    await _rename(said or NOTHING)
    if said:
        await acreate_table_artifact(table(counts, words), key=runtime.flow_run.flow_name, description=said)
    for key, event in events.items():
        if counts.get(key):
            announce(event, counts[key])


def sentence(counts: Counts, words: Words) -> str:
    """Say what was done, such as "42 timers, 3 escalations"; nothing done gives an empty sentence."""
    return ", ".join(f"{count:,} {_word(key, count, words)}" for key, count in counts.items() if count)


def table(counts: Counts, words: Words) -> list[dict[str, str | int]]:
    """Give one line for each thing that was done."""
    return [{"what": _word(key, count, words), "how many": count} for key, count in counts.items() if count]


def announce(event: str, count: int) -> None:
    """Emit an event that carries a number and neither names nor matter, for an office's own automations."""
    emit_event(
        event=event,
        resource={"prefect.resource.id": event, "prefect.resource.name": event.rpartition(".")[2]},
        payload={"count": count},
    )


@task
async def _perform(work: Callable[[], Counts]) -> Counts:
    return await asyncio.to_thread(work)


async def _rename(name: str) -> None:
    async with get_client() as client:
        await client.update_flow_run(runtime.flow_run.id, name=name)


def _word(key: str, count: int, words: Words) -> str:
    one, many = words.get(key, (key, key))
    return one if count == 1 else many
