"""The database or the mail server is away for a while: a beat waits or says so, blames nobody, and the next goes on."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import product
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from cases import database, undelivered
from flows import heartbeats
from notifications.mailbox import LocalMailbox
from notifications.office import Office
from states import errors
from tests.faults import grounds, workers
from tests.faults.grounds import LEASE_IS_OVER, Ground, Outcome
from tests.faults.workers import READY, worker

STATEMENTS = (1, 2, 3, 5, 8, 13, 21, 34, 55)
"""Before which statements of a beat the fault strikes: more often at its beginning, where it claims."""


@pytest.fixture
def file_ground(sqlite_url: str, tmp_path: Path, mailbox: LocalMailbox) -> Ground:
    """Returns a prepared office on SQLite, for faults of files."""
    ground = Ground(sqlite_url, tmp_path, mailbox.port)
    grounds.prepare(ground)
    return ground


@pytest.fixture
def server_ground(postgres_url: str, tmp_path: Path, mailbox: LocalMailbox) -> Ground:
    """Returns a prepared office on PostgreSQL, for faults of connections."""
    ground = Ground(postgres_url, tmp_path, mailbox.port)
    grounds.prepare(ground)
    return ground


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a locked database be waited for one second only."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)


@contextmanager
def locked(ground: Ground) -> Iterator[None]:
    """Holds the write lock of the database from a connection of its own."""
    with closing(sqlite3.connect(str(make_url(ground.url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def before_statement(office: Office, number: int, act: Callable[[Any], None]) -> Iterator[list[int]]:
    """Does something once, before the given statement of the block; yields the list that says so."""
    seen: list[int] = []
    done: list[int] = []

    def strike(connection: Any, *_: object) -> None:  # noqa: ANN401 - a DBAPI's own connection
        seen.append(1)
        if len(seen) == number:
            done.append(number)
            act(connection)

    event.listen(office.record.engine, "before_cursor_execute", strike)
    try:
        yield done
    finally:
        event.remove(office.record.engine, "before_cursor_execute", strike)


def assert_the_rest_is_done(office: Office, ground: Ground, undisturbed: Outcome, *, faults: int) -> None:
    """Lets the leases run out and the next beats beat, and asserts that nothing tells of the fault any more."""
    ground.clock.set(grounds.END)
    grounds.work_off(office)
    grounds.assert_nothing_is_wrong(office, ground, faults=faults)
    assert grounds.outcome(office.record.engine) == undisturbed


def test_a_beat_waits_for_a_lock_that_is_soon_gone(file_ground: Ground) -> None:
    with worker(workers.work_off, file_ground) as one:
        assert one.hear() == READY
        with locked(file_ground):
            assert not one.line.poll(1)
        assert one.hear()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("beat", [heartbeats.fire_due_timers, heartbeats.deliver_due])
def test_a_beat_that_waits_too_long_for_a_lock_says_so_and_the_next_does_everything(
    file_ground: Ground, undisturbed: Outcome, beat: Callable[[Office], object]
) -> None:
    with closing(file_ground.open()) as office:
        with locked(file_ground), pytest.raises(errors.Unavailable, match="database is locked"):
            beat(office)
        assert_the_rest_is_done(office, file_ground, undisturbed, faults=0)


def test_a_connection_that_the_server_ends_in_the_middle_of_a_beat_costs_nothing_but_time(
    server_ground: Ground, undisturbed: Outcome
) -> None:
    struck = refused = 0
    with closing(server_ground.open()) as office:
        for beat, number in product((heartbeats.fire_due_timers, heartbeats.deliver_due), STATEMENTS):
            with before_statement(office, number, end_connection) as strikes:
                try:
                    beat(office)
                except errors.Unavailable:
                    refused += 1
            struck += len(strikes)
            server_ground.clock.advance(LEASE_IS_OVER / 2)
        assert refused
        assert refused == struck, "a beat lost its connection and did not say so"
        assert_the_rest_is_done(office, server_ground, undisturbed, faults=struck)


def end_connection(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection, as its event gives it
    """Ends a connection from another one, as an administrator or a restart does."""
    mine = connection.connection.driver_connection.info.backend_pid
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        other.connection.driver_connection.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])


def beat_on_a_full_disk(line: Connection, ground: Ground) -> None:
    """Beats while no file may grow, then once more with room."""
    office = ground.open()
    full = Path(str(make_url(ground.url).database)).stat().st_size
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, most))
    told = []
    for beat in (heartbeats.fire_due_timers, heartbeats.deliver_due) * 6:
        try:
            beat(office)
        except errors.Unavailable as refusal:
            told.append(str(refusal))
        ground.clock.advance(LEASE_IS_OVER)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    line.send(told)
    office.close()


def test_a_full_disk_is_said_and_leaves_nothing_half_done(file_ground: Ground, undisturbed: Outcome) -> None:
    with worker(beat_on_a_full_disk, file_ground) as one:
        told = one.hear()
    assert told
    assert all("nothing of it was kept" in sentence for sentence in told)
    with closing(file_ground.open()) as office:
        assert_the_rest_is_done(office, file_ground, undisturbed, faults=len(told))


def test_a_mail_server_that_is_down_for_hours_gets_every_mail_once_when_it_is_back(
    office: Office, ground: Ground, mailbox: LocalMailbox, undisturbed: Outcome
) -> None:
    mailbox.stop()
    heartbeats.fire_due_timers(office)
    for _ in range(3):
        assert heartbeats.deliver_due(office)["sent"] == 0
        ground.clock.advance(LEASE_IS_OVER)
    assert undelivered.counts(office.record.engine).messages["retry"]
    mailbox.start()
    ground.clock.set(grounds.END)
    grounds.work_off(office)
    assert mailbox.duplicates == 0
    grounds.assert_nothing_is_wrong(office, ground, faults=0)
    assert grounds.outcome(office.record.engine) == undisturbed
