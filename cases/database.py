"""Opens the database: SQLite by default, PostgreSQL by address, with the promises of both made equal."""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

from cases import migrations
from states import errors

BUSY_SECONDS = 10
OLDEST_SQLITE = (3, 35, 0)
OLDEST_POSTGRES = (14,)
# Before these releases, two connections of which one restarts the write-ahead log may corrupt the file.
_WAL_MENDED = {(3, 44): 6, (3, 50): 7}
_WAL_SAFE_SINCE = (3, 51, 3)


def open_database(url: str) -> Engine:
    """Open the database and bring its tables up to date.

    `url` is `sqlite:///path/to/file` or `postgresql+psycopg://...`. Raises `DefinitionError` for any other.
    """
    address = make_url(url)
    openers = {"sqlite": _open_sqlite, "postgresql": _open_postgres}
    backend = address.get_backend_name()
    if backend not in openers:
        raise errors.DefinitionError(f"“{backend}” is no database Parley knows: give a sqlite or postgresql address")
    # At its finest level SQLAlchemy logs every row it reads, words of cases and all, whatever parameters it hides.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    engine = openers[backend](address)
    try:
        migrations.migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this release of SQLite may share a write-ahead log between processes."""
    mended = _WAL_MENDED.get((version[0], version[1]))
    return version >= _WAL_SAFE_SINCE or (mended is not None and version[2] >= mended)


def _open_sqlite(address: URL) -> Engine:
    if address.database in {None, "", ":memory:"}:
        raise errors.DefinitionError("the record needs a file: give an address such as sqlite:///parley.db")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise errors.DefinitionError(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or later is needed")
    _create_private(Path(str(address.database)))
    # Errors must not carry the words of a case into a log.
    options = {"timeout": BUSY_SECONDS, "cached_statements": 256}
    engine = create_engine(address, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _create_private(path: Path) -> None:
    """Create the file before SQLite does, readable by its owner only; the journal beside it takes the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own habit of beginning transactions late is switched off; `_begin` does it.
    connection.isolation_level = None
    # Of the rollback journals only the truncated one is synced after the commit when `synchronous` is FULL.
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        f"journal_mode = {journal}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "secure_delete = ON",
        # So that REPLACE, too, runs into the locks on what may only be added to.
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once, unless the transaction only reads: a lock raised later fails without waiting."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _open_postgres(address: URL) -> Engine:
    options: dict[str, Any] = {"options": f"-c lock_timeout={BUSY_SECONDS}s"}
    engine = create_engine(
        address,
        connect_args=options,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=10,
    )
    with engine.connect() as connection:
        found = connection.dialect.server_version_info or ()
    if found < OLDEST_POSTGRES:
        engine.dispose()
        raise errors.DefinitionError(f"PostgreSQL {'.'.join(map(str, found))} is too old: 14 or later is needed")
    return engine
