"""Looks at an installation from all sides and says of each what is well, what is not, and what to do next."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import metadata
from typing import TYPE_CHECKING

from cases import database, heartbeats, migrations, outbox, timers, undelivered, unit_of_work
from desk import pdf, supervisor
from desk.problems import NoPdf
from flows import engine
from notifications import maildir

if TYPE_CHECKING:
    from pathlib import Path

    from config.settings import Settings
    from notifications.office import Office

PATCHED_PYTHON = {(3, 11): 10, (3, 12): 5}
"""From these on, a subject line cannot be turned into another header (CVE-2024-6923); 3.13 always was well."""

LITTLE_SPACE, TOO_LITTLE_SPACE = 2_000_000_000, 200_000_000
SLACK = timedelta(minutes=2)
"""How late a timer may fire before the clockwork is taken to stand still."""

_PARTS = ("parley-engine", "prefect", "fastapi", "sqlalchemy", "transitions", "aiosmtplib", "tzdata")
_SERVED = "start it with: parley up"
_RUN = "let the clockwork run: parley up, or parley tick --until-idle"


class Health(StrEnum):
    """How something is."""

    WELL = "well"
    WORTH_A_LOOK = "worth a look"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Sign:
    """What was found of one thing, and the next command where something must be done."""

    what: str
    health: Health
    told: str
    do: str = ""


def examine(settings: Settings, open_office: Callable[[], Office]) -> Iterator[Sign]:
    """Look at everything that can be looked at; whatever cannot be opened is itself a sign."""
    yield _python(sys.version_info[:3])
    yield Sign("versions", Health.WELL, ", ".join(f"{name} {metadata.version(name)}" for name in _PARTS))
    yield _space(settings.data_folder)
    yield _files(settings)
    yield _pango()
    try:
        at = open_office()
    except Exception as fault:  # noqa: BLE001 - a doctor must not die of what is wrong
        told = f"cannot be opened: {str(fault).splitlines()[0]}"
        yield Sign("the office", Health.ILL, told, "mend the setting or file it names, then: parley doctor")
    else:
        yield from _record(at)
    yield _mail_server(settings)
    yield from _arrivals(settings)
    yield _prefect(settings)


def is_patched(version: tuple[int, ...]) -> bool:
    """Tell whether a Python keeps a subject line from being turned into another header."""
    return version >= (3, 13) or version[2] >= PATCHED_PYTHON.get((version[0], version[1]), 0)


def _python(version: tuple[int, ...]) -> Sign:
    spelled = ".".join(map(str, version))
    if is_patched(version):
        return Sign("Python", Health.WELL, spelled)
    told = f"{spelled} is open to forged mail headers (CVE-2024-6923); Parley keeps them out by itself as well"
    newer = f"{version[0]}.{version[1]}.{PATCHED_PYTHON[version[0], version[1]]}"
    return Sign("Python", Health.WORTH_A_LOOK, told, f"install Python {newer} or later")


def _space(wanted: Path, *, what: str = "disk", setting: str = "PARLEY_DATA_FOLDER") -> Sign:
    folder = _nearest(wanted)
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free in {folder}"
    if free < TOO_LITTLE_SPACE:
        return Sign(what, Health.ILL, told, f"make room, or move the folder: {setting}")
    return Sign(what, Health.WORTH_A_LOOK if free < LITTLE_SPACE else Health.WELL, told)


def _files(settings: Settings) -> Sign:
    """Look whether the files of documents can be kept: the folder is there, or can be made, and can be written."""
    folder = settings.files.resolve()
    place = _nearest(folder)
    if not place.is_dir() or not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        mend = "let the desk write there, or choose another folder: PARLEY_FILES_FOLDER"
        return Sign("files", Health.ILL, f"{place} cannot be written", mend)
    found = _space(folder, what="files", setting="PARLEY_FILES_FOLDER")
    return found if place == folder else replace(found, told=f"{folder} is made with the first upload; {found.told}")


def _nearest(wanted: Path) -> Path:
    """Return a folder, or the nearest above it that exists."""
    folder = wanted.resolve()
    return next(place for place in (folder, *folder.parents) if place.exists())


def _pango() -> Sign:
    """Look whether PDFs can be made; every page can be printed without."""
    try:
        pdf.load()
    except NoPdf:
        then = "install it, such as: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        return Sign("PDF", Health.WORTH_A_LOOK, "Pango is missing, so pages print from the browser only", then)
    return Sign("PDF", Health.WELL, "Pango is here")


def _record(at: Office) -> Iterator[Sign]:
    yield _database(at)
    yield _clock(at)
    yield from _late(at)
    yield from _parked(at)
    yield _letters(at)


def _database(at: Office) -> Sign:
    found = at.record.engine
    with unit_of_work.reading(found) as connection:
        step = migrations.revision(connection)
    told = f"{found.dialect.name}, tables at step {step}"
    if found.dialect.name != "sqlite":
        return Sign("database", Health.WELL, told)
    version: tuple[int, ...] = found.dialect.loaded_dbapi.sqlite_version_info
    journal = "write-ahead log" if database.wal_is_safe(version) else "rollback journal, the safe one for this release"
    return Sign("database", Health.WELL, f"{told}, SQLite {'.'.join(map(str, version))} with a {journal}")


def _clock(at: Office) -> Sign:
    """Hold the clock of the machine against the last beat that was written down."""
    now = at.clock.now()
    last = max((beat.last_at for beat in heartbeats.read(at.record.engine)), default=None)
    due = timers.next_due_at(at.record.engine)
    told = f"it is {_minute(now)}; the next timer is due {_minute(due) if due else 'never'}"
    if last is None:
        return Sign("clock", Health.WORTH_A_LOOK if due else Health.WELL, f"{told}; it never beat here", _RUN)
    if last > now + SLACK:
        return Sign(
            "clock", Health.ILL, f"{told}, but it last beat at {_minute(last)}", "set the machine's clock right"
        )
    stands = due is not None and now - last > SLACK
    health = Health.WORTH_A_LOOK if stands else Health.WELL
    return Sign("clock", health, f"{told}; it last beat at {_minute(last)}", _RUN if stands else "")


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _late(at: Office) -> Iterator[Sign]:
    late = timers.overdue(at.record.engine, now=at.clock.now(), slack=SLACK)
    if late:
        oldest = late[0]
        told = f"{len(late)} overdue, the oldest since {_minute(oldest.due_at)} ({oldest.number})"
        yield Sign("timers", Health.ILL, told, _RUN)
    else:
        yield Sign("timers", Health.WELL, "none is overdue")


def _parked(at: Office) -> Iterator[Sign]:
    for timer in timers.parked(at.record.engine):
        told = f"{timer.number}: “{timer.key}” failed {timer.attempts} times ({timer.error})"
        yield Sign("parked timer", Health.ILL, told, f"mend it, then: parley case retry {timer.number} '{timer.key}'")


def _letters(at: Office) -> Sign:
    counts = undelivered.counts(at.record.engine)
    halt = undelivered.halted(at.record.engine)
    if halt is not None:
        told = f"the mail server refuses to work for us since {_minute(halt.at)}: {halt.code or ''} {halt.reply}"
        return Sign("mails", Health.ILL, told, "parley doctor mail, then mend what it tells")
    dead = sum(counts.messages.get(state, 0) for state in outbox.DEAD)
    unwritten = counts.notifications.get("parked", 0)
    if dead:
        return Sign("mails", Health.ILL, f"{dead} could not be delivered", "parley mail list, parley mail retry ID")
    if unwritten:
        then = "mend what the log tells, then: parley mail retry --all"
        return Sign("mails", Health.ILL, f"{unwritten} could not be written", then)
    held = counts.messages.get(outbox.MessageState.HELD, 0)
    if held:
        told = f"{held} reminders came late all at once and are held"
        return Sign("mails", Health.WORTH_A_LOOK, told, "parley mail release, or parley mail release --withdraw")
    since = counts.oldest_waiting_at
    if since is not None and at.clock.now() - since > SLACK:
        return Sign("mails", Health.WORTH_A_LOOK, f"the oldest waits since {_minute(since)}", _RUN)
    return Sign("mails", Health.WELL, "nothing undelivered")


def _arrivals(settings: Settings) -> Iterator[Sign]:
    """Look at the way back, where there is one."""
    if not settings.inbound:
        return
    folder = settings.inbound_maildir
    kept_aside = maildir.broken(folder) if folder else 0
    if kept_aside:
        then = f"look at them in {folder}/{maildir.BROKEN}/cur, and move them to {folder}/new or away"
        yield Sign("mail that comes back", Health.ILL, f"{kept_aside} could not be read", then)
    elif folder is None and not settings.inbound_lmtp_port:
        then = "set PARLEY_INBOUND_MAILDIR or PARLEY_INBOUND_LMTP_PORT"
        yield Sign("mail that comes back", Health.ILL, f"nothing takes in mail for {settings.inbound}", then)
    else:
        yield Sign("mail that comes back", Health.WELL, f"taken in for {settings.inbound}")


def _mail_server(settings: Settings) -> Sign:
    if not settings.smtp_host:
        there = supervisor.accepts(settings.mailbox_port)()
        told = f"the local mailbox on port {settings.mailbox_port} {'answers' if there else 'does not answer'}"
        health = Health.WELL if there else Health.WORTH_A_LOOK
        return Sign("mail server", health, told, "" if there else _SERVED)
    there = supervisor.accepts(settings.smtp_port, host=settings.smtp_host)()
    told = f"{settings.smtp_host}:{settings.smtp_port} {'answers' if there else 'does not answer'}"
    mend = "" if there else "check PARLEY_SMTP_HOST, PARLEY_SMTP_PORT and the network"
    return Sign("mail server", Health.WELL if there else Health.ILL, told, mend)


def _prefect(settings: Settings) -> Sign:
    there = supervisor.answers(engine.health_url(settings.prefect_port))()
    told = f"its server on port {settings.prefect_port} {'answers' if there else 'does not answer'}"
    return Sign("Prefect", Health.WELL if there else Health.WORTH_A_LOOK, told, "" if there else _SERVED)
