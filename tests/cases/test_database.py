"""What opening a database promises, on each of the two."""

from __future__ import annotations

import logging
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, exc, insert, select, text

from cases import database, tables
from cases import unit_of_work as work
from states import errors

AT = datetime(2026, 12, 1, 8, 0, 0, 123456, tzinfo=UTC)


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def beat(engine: Engine, name: str = "tick", *, at: datetime = AT) -> None:
    with work.unit_of_work(engine) as connection:
        connection.execute(insert(tables.heartbeats), {"name": name, "last_at": at, "detail": "{}"})


def names(engine: Engine) -> set[str]:
    with work.reading(engine) as connection:
        return set(connection.execute(select(tables.heartbeats.c.name)).scalars())


def test_sqlite_is_set_to_keep_what_it_promised(bare_sqlite_url: str) -> None:
    engine = database.open_database(bare_sqlite_url)
    wanted = {"foreign_keys": 1, "synchronous": 2, "trusted_schema": 0, "secure_delete": 1, "busy_timeout": 10_000}
    assert {name: pragma(engine, name) for name in wanted} == wanted
    journal = "wal" if database.wal_is_safe(sqlite3.sqlite_version_info) else "truncate"
    assert pragma(engine, "journal_mode") == journal
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_shared_log_is_used_only_where_it_is_mended(version: tuple[int, int, int], *, safe: bool) -> None:
    assert database.wal_is_safe(version) is safe


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "parley.db"
    engine = database.open_database(f"sqlite:///{path}")
    beat(engine)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert all(beside.stat().st_mode & 0o077 == 0 for beside in path.parent.iterdir())
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("sqlite://", "needs a file"), ("sqlite:///:memory:", "needs a file"), ("mysql://x", "no database Parley knows")],
)
def test_a_database_that_cannot_keep_the_promises_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(errors.DefinitionError, match=sentence):
        database.open_database(url)


def test_writers_that_read_first_wait_for_each_other_instead_of_failing(database_url: str) -> None:
    engine = database.open_database(database_url)
    with work.unit_of_work(engine) as connection:
        connection.execute(insert(tables.counters), {"name": "M-2026", "value": 0})
    gate = threading.Barrier(4)

    def count() -> None:
        gate.wait()
        for _ in range(5):
            with work.unit_of_work(engine) as connection:
                seen = connection.execute(select(tables.counters.c.value).with_for_update()).scalar_one()
                connection.execute(tables.counters.update(), {"value": seen + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with work.reading(engine) as connection:
        assert connection.execute(select(tables.counters.c.value)).scalar_one() == 20
    engine.dispose()


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_its_work(database_url: str) -> None:
    engine = database.open_database(database_url)
    beat(engine, "before")
    with work.unit_of_work(engine) as connection:
        connection.execute(insert(tables.heartbeats), {"name": "half", "last_at": AT, "detail": "{}"})
        assert names(engine) == {"before"}
    assert names(engine) == {"before", "half"}
    engine.dispose()


def test_a_unit_of_work_that_fails_leaves_nothing(database_url: str) -> None:
    engine = database.open_database(database_url)
    twice = [{"name": name, "last_at": AT, "detail": "{}"} for name in ("first", "same", "same")]
    with pytest.raises(exc.IntegrityError), work.unit_of_work(engine) as connection:
        connection.execute(insert(tables.heartbeats), twice)
    assert names(engine) == set()
    engine.dispose()


def test_what_hangs_on_nothing_is_refused(database_url: str) -> None:
    engine = database.open_database(database_url)
    with pytest.raises(exc.IntegrityError), work.unit_of_work(engine) as connection:
        connection.execute(insert(tables.case_texts), {"case_id": "none", "title": "t", "details": "{}"})
    engine.dispose()


@pytest.mark.parametrize(
    "instant",
    [
        AT,
        AT.astimezone(timezone(timedelta(hours=5, minutes=45))),
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_to_the_microsecond_in_utc(database_url: str, instant: datetime) -> None:
    engine = database.open_database(database_url)
    beat(engine, at=instant)
    with work.reading(engine) as connection:
        kept = connection.execute(select(tables.heartbeats.c.last_at)).scalar_one()
    assert (kept, kept.utcoffset()) == (instant.astimezone(UTC), timedelta())
    engine.dispose()


def test_an_instant_without_a_zone_is_refused(database_url: str) -> None:
    engine = database.open_database(database_url)
    with pytest.raises(exc.StatementError, match="offset-naive"):
        beat(engine, at=AT.replace(tzinfo=None))
    engine.dispose()


@pytest.mark.postgres
def test_reading_cannot_write_on_postgresql(postgres_url: str) -> None:
    engine = database.open_database(postgres_url)
    with pytest.raises(exc.InternalError, match="read-only"), work.reading(engine) as connection:
        connection.execute(text("DELETE FROM counters"))
    engine.dispose()


def test_however_finely_one_logs_no_row_that_is_read_is_logged(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="sqlalchemy")
    engine = database.open_database(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 'amber lantern'").scalar_one() == "amber lantern"
    engine.dispose()
    assert "amber" not in caplog.text
