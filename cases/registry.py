"""Keeps process definitions by the hash of their content, and working calendars by name and version.

A case names the definition it began with by hash, so an office may change its process without moving running cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, insert, or_, select, update

from cases import codec, tables
from cases import unit_of_work as work
from states import errors
from states.calendar import Calendar
from states.process import SHOWN, Process
from states.said import listed, say

Load = Callable[[str, str], Process]

_newest = (
    select(tables.processes.c.hash)
    .where(or_(tables.processes.c.name == bindparam("wanted"), tables.processes.c.hash == bindparam("wanted")))
    .order_by(tables.processes.c.stored_at.desc(), tables.processes.c.hash)
    .limit(1)
)


class ProcessRegistry:
    """The stored definitions; `load` turns a stored source and its name into a process."""

    def __init__(self, engine: Engine, load: Load) -> None:
        """Begin with nothing read."""
        self._engine = engine
        self._load = load
        self._known: dict[str, Process] = {}

    def store(self, process: Process, *, at: datetime, by: str | None = None) -> str:
        """Keep a definition, or note that it is offered again; the one stored last is used for new cases.

        `by` is who put it into use; what a person put there is not replaced by what a file says.
        """
        kept = tables.processes
        stored = {"stored_at": at, "published_by": by}
        row = {"name": process.name, "title": process.title, "source": process.source, **stored}
        with work.unit_of_work(self._engine) as connection:
            again = connection.execute(update(kept).where(kept.c.hash == process.hash), stored)
            if again.rowcount == 0:
                connection.execute(insert(kept), {"hash": process.hash} | row)
        self.remember(process)
        return process.hash

    def remember(self, process: Process) -> None:
        """Take a stored definition that is at hand, so that it need not be read."""
        self._known[process.hash] = process

    def get(self, hash_: str) -> Process:
        """Return the definition of this hash, as it was when it was stored. Raises `NotFound`."""
        if hash_ not in self._known:
            with work.reading(self._engine) as connection:
                self._known[hash_] = self._read(connection, hash_)
        return self._known[hash_]

    def current(self, name: str) -> Process:
        """Return the definition of this name, or hash, that new cases begin with. Raises `NotFound`."""
        newest = self.current_hash(name)
        if newest is None:
            known = listed(self.names()) or say("none yet")
            raise errors.NotFound(say("there is no process “%(name)s”; stored are: %(known)s", name=name, known=known))
        return self.get(newest)

    def current_hash(self, name: str) -> str | None:
        """Return the hash of the definition of this name, or hash, that new cases begin with; None for none."""
        with work.reading(self._engine) as connection:
            return connection.execute(_newest, {"wanted": name}).scalar()

    def version(self, name: str, beginning: str) -> Process:
        """Return the stored version of a name whose hash begins so. Raises `NotFound` for none, or more than one."""
        kept = tables.processes
        with work.reading(self._engine) as connection:
            hashes = connection.execute(select(kept.c.hash).where(kept.c.name == name).order_by(kept.c.stored_at))
            stored = tuple(hashes.scalars())
        found = [hash_ for hash_ in stored if hash_.startswith(beginning)]
        if len(found) != 1 or not beginning:
            known = listed(f"{name}@{hash_[:SHOWN]}" for hash_ in stored) or say("none")
            raise errors.NotFound(
                say(
                    "“%(name)s@%(beginning)s” must name one stored version; there are: %(known)s",
                    name=name,
                    beginning=beginning,
                    known=known,
                )
            )
        return self.get(found[0])

    def published_by(self, hash_: str) -> str | None:
        """Return the id of whoever put a version into use; None for one that came from a file, or is unknown."""
        kept = tables.processes
        with work.reading(self._engine) as connection:
            return connection.execute(select(kept.c.published_by).where(kept.c.hash == hash_)).scalar()

    def names(self) -> tuple[str, ...]:
        """List the names of the stored definitions."""
        with work.reading(self._engine) as connection:
            found = connection.execute(select(tables.processes.c.name).distinct().order_by(tables.processes.c.name))
            return tuple(found.scalars())

    def _read(self, connection: Connection, hash_: str) -> Process:
        kept = tables.processes
        row = connection.execute(select(kept.c.name, kept.c.source).where(kept.c.hash == hash_)).first()
        if row is None:
            raise errors.NotFound(say("there is no stored process with the hash %(hash)s", hash=hash_))
        return self._load(row.source, row.name)


class CalendarRegistry(Mapping[str, Calendar]):
    """Working calendars by name: the office's own, newest version first, else the shipped ones."""

    def __init__(self, engine: Engine, shipped: Mapping[str, Calendar]) -> None:
        """Read the office's own calendars once; `refresh` reads them again."""
        self._engine = engine
        self._shipped = shipped
        self._own: dict[str, Calendar] = {}
        self.refresh()

    def store(self, calendar: Calendar, *, at: datetime) -> str:
        """Keep a version of a calendar, which counts from now on; return the version."""
        kept = tables.calendars
        row = {"name": calendar.name, "content": codec.dump(calendar.content), "stored_at": at}
        with work.unit_of_work(self._engine) as connection:
            again = connection.execute(update(kept).where(kept.c.version == calendar.version), {"stored_at": at})
            if again.rowcount == 0:
                connection.execute(insert(kept), {"version": calendar.version} | row)
        self._own[calendar.name] = calendar
        return calendar.version

    def refresh(self) -> None:
        """Read what another process may have stored."""
        kept = tables.calendars
        with work.reading(self._engine) as connection:
            rows = connection.execute(select(kept.c.name, kept.c.content).order_by(kept.c.stored_at)).all()
        self._own = {row.name: Calendar.from_content(codec.parse(row.content)) for row in rows}

    def __getitem__(self, name: str) -> Calendar:
        """Return a calendar by name."""
        return self._own[name] if name in self._own else self._shipped[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in order."""
        return iter(sorted({*self._own, *self._shipped}))

    def __len__(self) -> int:
        """Count the names."""
        return len({*self._own, *self._shipped})
