"""One transaction: everything in it is recorded, or nothing; nobody else in this project commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

_READING: Mapping[str, dict[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """Write: commit at the end of the block, roll everything back if it raises."""
    with engine.begin() as work:
        yield work


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read one state of the record, however many statements it takes, without keeping a writer waiting."""
    with engine.connect().execution_options(**_READING[engine.dialect.name]) as connection, connection.begin():
        yield connection
