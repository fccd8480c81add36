"""One transaction: everything in it is recorded, or nothing; nobody else in this project commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, exc

from states import errors
from states.said import say

_READING: Mapping[str, dict[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
# What PostgreSQL answers to a transaction it chose to give up for another's sake: it may be decided anew at once.
_GIVEN_UP = frozenset({"40001", "40P01"})

Work = Connection
"""One transaction, for those above this room who pass it on and know nothing of the database."""


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """Write: commit at the end of the block, roll everything back if it raises.

    Raises `Unavailable` when the database is locked, full or away.
    """
    with _told_plainly(), engine.begin() as work:
        yield work


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read one state of the record, however many statements it takes, without keeping a writer waiting.

    Raises `Unavailable` when the database is locked or away.
    """
    options = _READING[engine.dialect.name]
    with _told_plainly(), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def given_up(failure: exc.DBAPIError) -> bool:
    """Tell whether the database gave up a transaction for the sake of another one."""
    return getattr(failure.orig, "sqlstate", None) in _GIVEN_UP


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError) as failure:
        if given_up(failure) or _is_mistaken(failure):
            raise
        raise errors.Unavailable(
            say(
                "the record cannot be used just now (%(reason)s); nothing of it was kept: mend that, or try again",
                reason=failure.orig,
            )
        ) from failure


def _is_mistaken(failure: exc.DBAPIError) -> bool:
    """Tell whether the statement itself is wrong, which SQLite reports in the same way as a lock or a full disk."""
    return getattr(failure.orig, "sqlite_errorname", None) == "SQLITE_ERROR"
