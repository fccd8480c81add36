"""Escalations: fire the timers that are due."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "fired": ("timer", "timers"),
    "escalations": ("escalation", "escalations"),
    "parked": ("timer kept for a person", "timers kept for a person"),
}
EVENTS = {"escalations": "parley.cases.escalated", "parked": "parley.timers.parked"}


@flow(name="escalations")
async def fire_due_timers_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Fire every timer that is due: reminders, the meaning of silence, and steps up the ladder."""
    return await runs.sweep(beat or heartbeats.fire_due_timers, batch="fire due timers", words=WORDS, events=EVENTS)
