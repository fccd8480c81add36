"""Follow-ups: see that what was agreed is done."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "checked": ("obligation checked", "obligations checked"),
    "reminded": ("reminder", "reminders"),
    "missed": ("missed obligation", "missed obligations"),
}
EVENTS = {"missed": "parley.obligations.missed"}


@flow(name="follow-ups")
async def check_follow_ups_flow(beats: Callable[[], heartbeats.Beats] | None = None) -> dict[str, int]:
    """Check the obligations of settled cases: remind those who owe, and mark what was missed."""
    return await runs.sweep(
        lambda: (beats or heartbeats.beats)().check_follow_ups(), batch="check follow-ups", words=WORDS, events=EVENTS
    )
