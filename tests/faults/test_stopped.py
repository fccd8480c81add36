"""A worker is told to stop while the mail server takes its time: it goes at once, and the mail is not lost."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.faults import grounds, workers
from tests.faults.grounds import Ground
from tests.faults.workers import PATIENCE, READY, worker
from tests.notifications.scripted_smtp import Hold, ScriptedServer

SOON = 10.0


@pytest.mark.parametrize("step", ["BANNER", "RCPT", "DATA", "DOT"])
def test_a_worker_told_to_stop_in_the_middle_of_a_mail_stops_and_the_next_one_sends_it(
    sqlite_url: str, tmp_path: Path, step: str
) -> None:
    kept = asyncio.run(_stop_and_go_on(sqlite_url, tmp_path, step))
    copies = Counter(message_from_bytes(content, policy=policy.default)["Message-ID"] for content in kept)
    # Only after the content may the server have kept the mail without the worker knowing.
    assert sorted(copies.values())[-2:] == ([1, 2] if step == "DOT" else [1, 1])


async def _stop_and_go_on(url: str, folder: Path, step: str) -> list[bytes]:
    held = Hold()
    async with ScriptedServer({step: held}) as server:
        ground = Ground(url, folder, server.port)
        await asyncio.to_thread(grounds.prepare, ground)
        with worker(workers.work_off, ground) as one:
            assert await asyncio.to_thread(one.hear) == READY
            await asyncio.wait_for(held.held.wait(), PATIENCE)
            one.process.terminate()
            assert await asyncio.to_thread(one.ends_within, SOON)
            assert one.process.exitcode == -signal.SIGTERM
        ground.clock.set(grounds.END)
        with worker(workers.work_off, ground) as next_one:
            assert await asyncio.to_thread(next_one.hear) == READY
            await asyncio.to_thread(next_one.hear)
        with closing(ground.open()) as office:
            assert grounds.unfinished(office.record.engine) == []
    return server.kept
