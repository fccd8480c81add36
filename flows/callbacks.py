"""Callbacks: tell the programs that asked for it what has happened."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "received": ("webhook told", "webhooks told"),
    "failed": ("to try again", "to try again"),
    "stopped": ("webhook stopped", "webhooks stopped"),
}
EVENTS = {"stopped": "parley.webhooks.stopped"}


@flow(name="webhooks")
async def tell_webhooks_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Tell the programs that asked for it what has happened, and try again those that did not receive it."""
    return await runs.sweep(beat or heartbeats.tell_webhooks, batch="tell webhooks", words=WORDS, events=EVENTS)
