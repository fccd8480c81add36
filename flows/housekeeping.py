"""Housekeeping: free what dead workers held, and forget what need not be kept."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "released": ("lease released", "leases released"),
    "removed": ("old row removed", "old rows removed"),
    "discarded": ("unused upload discarded", "unused uploads discarded"),
    "late": ("overdue timer", "overdue timers"),
}
EVENTS = {"late": "parley.timers.late"}


@flow(name="housekeeping")
async def keep_house_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Release what dead workers left claimed, forget what need not be kept, and report what is overdue."""
    return await runs.sweep(beat or heartbeats.keep_house, batch="keep house", words=WORDS, events=EVENTS)
