"""The rows of process migrations: what was asked, by whom and why, and which cases each of them moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, exists, func, insert, select, update

from cases import codec, tables
from states import errors
from states.migration import Plan
from states.said import say

_kept, _moved = tables.process_migrations, tables.migrated_cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A migration as it was begun: of which process, from one version or from all others, to which, and why.

    One that `reverts` another moves its cases back. It is unfinished until `ended_at` is set.
    """

    id: int
    process: str
    from_hash: str | None
    to_hash: str
    plan: Plan
    reverts: int | None
    actor: str
    reason: str
    begun_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A migration and how many cases it moved."""

    migration: Begun
    moved: int


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version of a process, and how many open and closed cases run on it."""

    hash: str
    stored_at: datetime
    open: int
    closed: int


def begin(connection: Connection, begun: Begun) -> int:
    """Write down a migration that begins, or find the same one unfinished; return its id.

    Raises `Conflict` while another migration of the process is unfinished.
    """
    running = unfinished(connection, begun.process)
    if running is None:
        row = {name: getattr(begun, name) for name in Begun.__slots__ if name != "id"} | {
            "plan": codec.dump(begun.plan)
        }
        number: int = connection.execute(insert(_kept).returning(_kept.c.id), row).scalar_one()
        return number
    if _asked(running) == _asked(begun):
        return running.id
    sentence = say(
        "migration %(id)s of “%(process)s”, begun by %(person)s at %(begun_at)s, is not finished: "
        "begin the same one again to finish it, or revert it",
        id=str(running.id),
        process=begun.process,
        person=running.actor,
        begun_at=running.begun_at,
    )
    raise errors.Conflict(sentence)


def _asked(one: Begun) -> tuple[object, ...]:
    return (one.from_hash, one.to_hash, codec.dump(one.plan), one.reverts)


def end(connection: Connection, migration_id: int, *, at: datetime) -> None:
    """Note that a migration has come to every case."""
    still_open = (_kept.c.id == migration_id, _kept.c.ended_at.is_(None))
    connection.execute(update(_kept).where(*still_open).values(ended_at=at))


def unfinished(connection: Connection, process: str) -> Begun | None:
    """Find the migration of a process that has not come to every case."""
    row = connection.execute(select(_kept).where(_kept.c.process == process, _kept.c.ended_at.is_(None))).first()
    return None if row is None else _read(row)


def find(connection: Connection, migration_id: int) -> Begun:
    """Find a migration. Raises `NotFound`."""
    row = connection.execute(select(_kept).where(_kept.c.id == migration_id)).first()
    if row is None:
        raise errors.NotFound(
            say(
                "there is no migration %(id)s; parley process migrations lists them",
                id=str(migration_id),
            )
        )
    return _read(row)


def listed(connection: Connection) -> tuple[Listed, ...]:
    """List all migrations, newest first."""
    moved = select(func.count()).where(_moved.c.migration_id == _kept.c.id).scalar_subquery()
    rows = connection.execute(select(_kept, moved.label("moved")).order_by(_kept.c.id.desc()))
    return tuple(Listed(_read(row), row.moved) for row in rows)


def versions(connection: Connection, process: str) -> tuple[Version, ...]:
    """List the stored versions of a process, newest first, with the cases that run on them."""
    stored, cases = tables.processes, tables.cases
    is_open = func.count(cases.c.id).filter(cases.c.closed_at.is_(None))
    counted = (
        select(stored.c.hash, stored.c.stored_at, func.count(cases.c.id).label("all"), is_open.label("open"))
        .outerjoin(cases, cases.c.process_hash == stored.c.hash)
        .where(stored.c.name == process)
        .group_by(stored.c.hash, stored.c.stored_at)
        .order_by(stored.c.stored_at.desc(), stored.c.hash)
    )
    return tuple(Version(row.hash, row.stored_at, row.open, row.all - row.open) for row in connection.execute(counted))


def moved(connection: Connection, migration_id: int, case_id: str) -> tuple[int, int] | None:
    """Return the versions of a case before and after a migration moved it; None when it did not."""
    row = connection.execute(select(_moved).where(_moved.c.migration_id == migration_id, _moved.c.case_id == case_id))
    found = row.first()
    return None if found is None else (found.version_before, found.version_after)


def note(connection: Connection, migration_id: int, case_id: str, *, before: int, after: int) -> None:
    """Note that a migration moved a case."""
    row = {"migration_id": migration_id, "case_id": case_id, "version_before": before, "version_after": after}
    connection.execute(insert(_moved), row)


def of_process(connection: Connection, process: str) -> tuple[str, ...]:
    """List the ids of all cases of a process, whatever version they run on, in the order of their numbers."""
    cases, stored = tables.cases, tables.processes
    of_name = select(stored.c.hash).where(stored.c.name == process)
    wanted = select(cases.c.id).where(cases.c.process_hash.in_(of_name)).order_by(cases.c.number)
    return tuple(connection.execute(wanted).scalars())


def cases_of(connection: Connection, begun: Begun) -> tuple[str, ...]:
    """List the ids of the cases that a migration has still to come to, in the order of their numbers."""
    cases, stored = tables.cases, tables.processes
    ids = select(cases.c.id).order_by(cases.c.number)
    if begun.reverts is not None:
        of_it = select(_moved.c.case_id).where(_moved.c.migration_id == begun.reverts)
        done = exists().where(_moved.c.migration_id == begun.id, _moved.c.case_id == cases.c.id)
        return tuple(connection.execute(ids.where(cases.c.id.in_(of_it), ~done)).scalars())
    ids = ids.where(cases.c.process_hash != begun.to_hash)
    if begun.from_hash is not None:
        return tuple(connection.execute(ids.where(cases.c.process_hash == begun.from_hash)).scalars())
    of_name = select(stored.c.hash).where(stored.c.name == begun.process)
    return tuple(connection.execute(ids.where(cases.c.process_hash.in_(of_name))).scalars())


def _read(row: Row[tuple[object, ...]]) -> Begun:
    facts = {name: getattr(row, name) for name in Begun.__slots__} | {"plan": codec.load(Plan, row.plan)}
    return Begun(**facts)
