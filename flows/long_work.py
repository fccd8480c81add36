"""Long work: do what people asked for from the desk that is too much for one page."""

from collections.abc import Callable

from prefect import flow

from flows import heartbeats, runs

WORDS = {
    "ended": ("job ended", "jobs ended"),
    "done": ("line done", "lines done"),
    "refused": ("line refused", "lines refused"),
    "failed": ("line failed", "lines failed"),
}
EVENTS = {"failed": "parley.jobs.failed"}


@flow(name="jobs")
async def do_jobs_flow(beat: Callable[[], heartbeats.Counts] | None = None) -> dict[str, int]:
    """Do the jobs that wait, line by line, each under the rules of a single act."""
    return await runs.sweep(beat or heartbeats.do_jobs, batch="do jobs", words=WORDS, events=EVENTS)
