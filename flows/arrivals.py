"""Arrivals: take in what comes back by mail."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "answer": ("answer", "answers"),
    "bounce": ("letter that came back", "letters that came back"),
    "automatic": ("automatic answer", "automatic answers"),
    "stranger": ("letter from a stranger", "letters from strangers"),
    "again": ("letter taken in before", "letters taken in before"),
    "broken": ("letter that cannot be read", "letters that cannot be read"),
}
EVENTS = {"broken": "parley.arrivals.broken"}


@flow(name="arrivals")
async def take_in_arrivals_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Take in what came back by mail: what could not be delivered, and what people answer."""
    return await runs.sweep(beat or heartbeats.take_in_arrivals, batch="take in letters", words=WORDS, events=EVENTS)
