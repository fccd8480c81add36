"""Follow-ups: see that every open case has a clock that will call somebody."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "checked": ("case without a clock", "cases without a clock"),
    "mended": ("clock set going again", "clocks set going again"),
    "patterns": ("case opened about a pattern", "cases opened about patterns"),
    "tours": ("end of a tour told", "ends of tours told"),
    "stuck": ("case that waits for nothing", "cases that wait for nothing"),
}
EVENTS = {"stuck": "parley.cases.stuck"}


@flow(name="follow-ups")
async def check_follow_ups_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Audit the open cases: set going clocks that are missing, report a case that waits for nothing, see who leaves."""
    return await runs.sweep(beat or heartbeats.check_follow_ups, batch="check follow-ups", words=WORDS, events=EVENTS)
