"""Deliveries: send the letters that are due."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "sent": ("letter sent", "letters sent"),
    "retried": ("letter to try again", "letters to try again"),
    "parked": ("letter kept for a person", "letters kept for a person"),
}
EVENTS = {"parked": "parley.letters.parked"}


@flow(name="deliveries")
async def deliver_due_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Send every letter that is due, and try again those that a mail server put off."""
    return await runs.sweep(beat or heartbeats.deliver_due, batch="deliver due letters", words=WORDS, events=EVENTS)
