"""The record as one bundle: the database, the process definitions and the working calendars, opened in one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from cases import finding
from cases.database import open_database
from cases.files import FileStore
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.service import CaseService
from config import load, vocabulary, working_time
from config.clock import Clock
from states import errors
from states.calendar import Calendar
from states.check import Vocabulary
from states.process import Process
from states.said import say


@dataclass(frozen=True, slots=True)
class Record:
    """What every reader of the record needs; `kept` is the folder of files, where one was named."""

    engine: Engine
    registry: ProcessRegistry
    calendars: Mapping[str, Calendar]
    kept: FileStore | None = None

    @property
    def files(self) -> FileStore:
        """The folder of files; raises `Unavailable` where none was named."""
        if self.kept is None:
            raise errors.Unavailable(say("no files are kept with this record; name a folder for them"))
        return self.kept

    def service(self, clock: Clock) -> CaseService:
        """Return the writing side of this record."""
        return CaseService(self.engine, registry=self.registry, calendars=self.calendars, clock=clock, files=self.kept)


def open_record(
    database_url: str, *, now: datetime, process_folders: Iterable[Path] = (), files: FileStore | None = None
) -> Record:
    """Open the database and offer the shipped definitions, and the office's own, for new cases.

    A definition of the office's own takes the place of a shipped one of the same name, and one that was put into use at
    the desk that of both. Raises `DefinitionError` for an address or a definition that cannot be used.
    """
    engine = open_database(database_url)
    calendars = CalendarRegistry(engine, working_time.shipped_calendars())
    known = vocabulary.known(calendars)
    registry = ProcessRegistry(engine, lambda text, name: load.load_stored(text, name=name, vocabulary=known))
    for process in {process.name: process for process in _definitions(process_folders, known)}.values():
        _offer(registry, process, now=now)
    finding.catch_up(engine, registry, calendars=calendars)
    return Record(engine, registry, calendars, files)


def _definitions(folders: Iterable[Path], known: Vocabulary) -> Iterator[Process]:
    paths = [
        *load.shipped_processes().values(),
        *(path for folder in folders for path in sorted(folder.glob("*.yaml"))),
    ]
    return (load.load_process(path, vocabulary=known) for path in paths)


def _offer(registry: ProcessRegistry, process: Process, *, now: datetime) -> None:
    """Offer a definition for new cases; what somebody put into use at the desk stays in use, whatever the file says."""
    current = registry.current_hash(process.name)
    if current == process.hash:
        registry.remember(process)
    elif not (current and registry.published_by(current) and _is_readable(registry, current)):
        registry.store(process, at=now)


def _is_readable(registry: ProcessRegistry, current: str) -> bool:
    """Tell whether this version of Parley knows every name in a stored definition; new cases cannot begin without."""
    try:
        registry.get(current)
    except errors.DefinitionError:
        return False
    return True
