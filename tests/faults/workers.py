"""Workers in processes of their own: forked from a clean server process, so that a new one begins in an instant."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any, NoReturn

from sqlalchemy import event

from flows import heartbeats
from notifications.office import Office
from tests.faults import grounds
from tests.faults.grounds import Ground

PATIENCE = 60.0
"""Seconds after which a worker that says nothing is taken for hung."""
READY = "ready"
SURVIVED = "survived"
WRITING = ("INSERT", "UPDATE", "DELETE")

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.workers"])


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker, and the line on which it says that it is ready and what it did."""

    process: BaseProcess
    line: Connection

    def hear(self) -> Any:  # noqa: ANN401 - what was sent, whatever it is
        """Returns what the worker says next; raises when it says nothing for a minute, or is dead."""
        assert self.line.poll(PATIENCE), "the worker says nothing"
        return self.line.recv()

    def ends_within(self, seconds: float) -> bool:
        """Waits for the end of the process, but not longer than this."""
        self.process.join(seconds)
        return self.process.exitcode is not None


@contextmanager
def worker(job: Callable[..., None], *arguments: object) -> Iterator[Worker]:
    """Starts a process that does a job, which is given a line to speak on; it does not outlive the block."""
    here, there = processes.Pipe()
    process = processes.Process(target=job, args=(there, *arguments), daemon=True)
    process.start()
    there.close()
    try:
        yield Worker(process, here)
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()


def work_off(line: Connection, ground: Ground) -> None:
    """Does everything that is due, beat after beat."""
    with closing(ground.open()) as office:
        line.send(READY)
        line.send(dict(grounds.work_off(office)))


def die_on_the_way(line: Connection, ground: Ground, case_id: str) -> None:
    """Fires what is due in a case for each number it hears, in a process that is killed at that point on the way."""
    with closing(ground.open()) as office:
        while True:
            point = line.recv()
            # A connection is good for the process that opened it, and for no other.
            office.record.engine.dispose()
            child = os.fork()
            if not child:
                _die(line, office, case_id, point)
            os.waitpid(child, 0)
            line.send(READY)


def _die(line: Connection, office: Office, case_id: str, point: int) -> NoReturn:
    """Fires what is due in a case, and is killed at the so-manieth point on the way, whose name it tells before.

    The points are whatever writes: to die before a reading is to die after the writing before it.
    """
    engine, passed = office.record.engine, itertools.count(1)

    def reach(name: str) -> None:
        if next(passed) == point:
            line.send(name)
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(engine, "before_cursor_execute")
    def before_statement(*told: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells a listener
        name = " ".join(str(told[2]).split()[:3])
        if name.startswith(WRITING):
            reach(name)

    @event.listens_for(engine, "commit")
    def before_commit(_connection: object) -> None:
        reach("COMMIT")

    try:
        office.service.fire_due(case_id)
        reach("the end")
        line.send(SURVIVED)
    finally:
        os._exit(1)


def beat_together(line: Connection, ground: Ground, barrier: Barrier) -> None:
    """Waits for the others, then lets the two main heartbeats beat once, at the same moment as theirs."""
    with closing(ground.open()) as office:
        try:
            barrier.wait(PATIENCE)
            fired = heartbeats.fire_due_timers(office)
            barrier.wait(PATIENCE)
        except BaseException:
            # Nobody waits for one that has failed.
            barrier.abort()
            raise
        line.send((fired, heartbeats.deliver_due(office)))
