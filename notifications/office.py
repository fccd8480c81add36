"""Opens an office: the settings, the clock, the record and the mail room that every front door works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cases import file_kinds
from cases.files import FileStore
from cases.people import Directory
from cases.record import Record, open_record
from cases.service import CaseService
from config import settings as office_settings
from config.clock import Clock, SystemClock
from config.settings import Settings
from notifications.mailroom import Mailroom, open_mailroom
from notifications.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One installation, opened once by each process; everything it needs is here and nowhere global."""

    settings: Settings
    clock: Clock
    record: Record
    service: CaseService
    directory: Directory
    mailroom: Mailroom

    def close(self) -> None:
        """Let go of the database."""
        self.record.engine.dispose()


def open_office(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    transport: Callable[[], Transport] | None = None,
) -> Office:
    """Open the office that the settings describe, with the time and the way of mails replaced where given.

    Raises `DefinitionError` for settings or definitions that cannot be used.
    """
    chosen = settings or office_settings.read()
    chosen.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    time = clock or SystemClock()
    record = open_record(
        chosen.database, now=time.now(), process_folders=chosen.process_folders, files=file_store(chosen)
    )
    mailroom = open_mailroom(record, chosen, clock=time)
    return Office(
        settings=chosen,
        clock=time,
        record=record,
        service=record.service(time),
        directory=mailroom.directory,
        mailroom=replace(mailroom, transport=transport) if transport else mailroom,
    )


def file_store(settings: Settings) -> FileStore:
    """Return the folder of files that the settings describe; raise `DefinitionError` for types that cannot be told."""
    return FileStore(
        folder=settings.files,
        largest=settings.files_largest_mb * _MEGABYTE,
        types=file_kinds.allowed(settings.files_types),
        key=office_settings.secret(settings),
    )


_MEGABYTE = 1_000_000
