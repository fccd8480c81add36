"""When each heartbeat last beat and what it did: what people look at to know that the clockwork lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from cases import codec, tables
from cases import unit_of_work as work

_table = tables.heartbeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The last beat of one heartbeat."""

    name: str
    last_at: datetime
    detail: Mapping[str, int]


def note(engine: Engine, name: str, *, at: datetime, detail: Mapping[str, int]) -> None:
    """Write down a beat."""
    values = {"last_at": at, "detail": codec.dump(dict(detail))}
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[engine.dialect.name]
    first = dialect.insert(_table).values(name=name, **values)
    with work.unit_of_work(engine) as connection:
        connection.execute(first.on_conflict_do_update(index_elements=[_table.c.name], set_=values))


def read(engine: Engine) -> tuple[Beat, ...]:
    """List the last beats, by name."""
    with work.reading(engine) as connection:
        rows = connection.execute(select(_table).order_by(_table.c.name)).all()
    return tuple(
        Beat(name=row.name, last_at=row.last_at, detail=codec.load(dict[str, int], row.detail)) for row in rows
    )
