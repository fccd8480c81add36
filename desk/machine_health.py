"""How the machine under the desk is doing, for the page of health: disk, versions, its clock, what is under way."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases import database, heartbeats, migrations, outbox, undelivered
from cases.unit_of_work import reading
from desk import doctor, office_words
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.visits import Visit


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one thing, whether that is well, and the next command where it is not."""

    name: str
    well: bool
    told: str
    command: str = ""


def look(visit: Visit) -> Iterator[Found]:
    """Look at everything about the machine that the desk can tell."""
    yield _disk(visit)
    yield _python(sys.version_info[:3])
    yield _tables(visit)
    yield _clock(visit)
    yield _depth(visit)
    yield _own_words(visit)
    yield Found(
        say("Record"), well=True, told=say("Its chain is checked on the page of the audit, or by parley verify")
    )
    yield Found(
        say("Backups"), well=True, told=say("Made outside Parley; how, and how to try one, stands in the guide")
    )


def _disk(visit: Visit) -> Found:
    free = shutil.disk_usage(visit.desk.settings.data_folder).free
    told = say("%(free)s GB free", free=f"{free / 1e9:.1f}")
    return Found(say("Disk"), free >= doctor.TOO_LITTLE_SPACE, told, "df -h")


def _python(version: tuple[int, ...]) -> Found:
    spelled = ".".join(map(str, version))
    if doctor.is_patched(version):
        return Found(say("Python"), well=True, told=spelled)
    told = say("%(version)s is open to forged mail headers, which Parley keeps out by itself as well", version=spelled)
    return Found(say("Python"), well=True, told=told)


def _tables(visit: Visit) -> Found:
    engine = visit.desk.record.engine
    with reading(engine) as connection:
        step = migrations.revision(connection)
    if engine.dialect.name != "sqlite":
        return Found(say("Tables"), well=True, told=say("at step %(step)s", step=step))
    version: tuple[int, ...] = engine.dialect.loaded_dbapi.sqlite_version_info
    spelled = ".".join(map(str, version))
    told = say(
        "at step %(step)s, SQLite %(version)s with a rollback journal, the safe one for it", step=step, version=spelled
    )
    if database.wal_is_safe(version):
        told = say("at step %(step)s, SQLite %(version)s with a write-ahead log", step=step, version=spelled)
    return Found(say("Tables"), well=True, told=told)


def _clock(visit: Visit) -> Found:
    now, words, zone = visit.words.now, visit.words, visit.person.timezone
    last = max((beat.last_at for beat in heartbeats.read(visit.desk.record.engine)), default=None)
    if last is not None and last > now + doctor.SLACK:
        told = say(
            "It is %(now)s, but it last beat at %(last)s", now=words.short(now, zone), last=words.short(last, zone)
        )
        return Found(say("Clock of the machine"), well=False, told=told, command="timedatectl")
    return Found(say("Clock of the machine"), well=True, told=words.short(now, zone))


def _depth(visit: Visit) -> Found:
    halt = undelivered.halted(visit.desk.record.engine)
    if halt is not None:
        said = " ".join(filter(None, (str(halt.code or ""), halt.reply)))
        told = say("The mail server refuses to work for us: %(reply)s", reply=said)
        return Found(say("Mails under way"), well=False, told=told, command="parley doctor mail")
    counts = undelivered.counts(visit.desk.record.engine)
    held = counts.messages.get(outbox.MessageState.HELD, 0)
    if held:
        told = count(
            "%(count)s reminder came late with many others and is held",
            "%(count)s reminders came late all at once and are held",
            count=held,
        )
        return Found(say("Mails under way"), well=False, told=told, command="parley mail release")
    waiting = sum(counts.messages.get(state, 0) for state in ("queued", "sending", "retry", "unknown"))
    told = say(
        "to be written: %(written)s, to be sent: %(sent)s", written=counts.notifications.get("queued", 0), sent=waiting
    )
    return Found(say("Mails under way"), well=True, told=told)


def _own_words(visit: Visit) -> Found:
    """Look whether mails can be written with the office's own words; those with others go out in Parley's."""
    broken = [f"{one.mail} ({one.language})" for one in office_words.unusable(visit.desk.record)]
    told = say("cannot be used: %(which)s", which=", ".join(broken)) if broken else say("None that cannot be used")
    return Found(say("Own words in mails"), not broken, told)
