"""The ground the faults happen on: an office on a real database with many disputes due, and what must come of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from cases import ledger, outbox, tables, timers
from cases.commands import ActOnCase, OpenCase
from cases.outbox import MessageState
from cases.people import Organisation, Person
from cases.tables import NotificationState
from cases.unit_of_work import reading
from config.clock import SimulatedClock
from config.settings import Settings
from flows import heartbeats
from notifications.mailbox import LocalMailbox, read_mailbox
from notifications.office import Office, open_office
from states.case import Party, Side
from states.process import Urgency
from tests.at_once import at_once

# A Tuesday morning in Juba. For a day timers fire and no mail is sent; then everything stands still for a week.
START = datetime(2026, 12, 1, 7, tzinfo=UTC)
DAYS_OF_WORK = 1
DUE = START + timedelta(days=10, hours=11)
CASES = 14
KILLS = 12
LEASE_IS_OVER = max(timers.LEASE, outbox.LEASE) + timedelta(seconds=1)
END = DUE + KILLS * LEASE_IS_OVER

_PARTIES = {"A": ("Health Committee", Side.INITIATING), "B": ("Roads Agency", Side.RESPONDING)}
_PARTS = ("representative", "area_manager", "senior_representative")
_OFFICE = {"convener": ("cora",), "mediator": ("musa",), "committee": ("kodi",)}


class FileClock:
    """A clock that several processes share: it stands where a file says, and moves when the file is replaced."""

    def __init__(self, file: Path) -> None:
        """Keeps the file's name."""
        self._file = file

    def now(self) -> datetime:
        """Returns the instant in the file."""
        return datetime.fromisoformat(self._file.read_text(encoding="ascii"))

    def set(self, instant: datetime) -> None:
        """Replaces the file, so that no reader finds half of it."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(instant.isoformat(), encoding="ascii")
        fresh.replace(self._file)

    def advance(self, span: timedelta) -> None:
        """Moves forward."""
        self.set(self.now() + span)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an office is: its database, its folder and its mailbox; a worker in any process can open it."""

    url: str
    folder: Path
    port: int

    @property
    def clock(self) -> FileClock:
        """The clock of every worker on this ground."""
        return FileClock(self.folder / "now")

    @property
    def settings(self) -> Settings:
        """The settings of every worker on this ground."""
        return at_once(Settings(data_folder=self.folder, database_url=self.url, mailbox_port=self.port, smtp_host=""))

    @property
    def maildir(self) -> Path:
        """Where accepted mails are kept."""
        return self.folder / "mails"

    def open(self) -> Office:
        """Opens the office as every front door does, but for the clock."""
        return open_office(self.settings, clock=self.clock)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it all: the events of every case, and who was sent what."""

    events: frozenset[tuple[str, int, str, datetime, str | None]]
    mails: frozenset[tuple[str, str, str]]


def prepare(ground: Ground, *, cases: int = CASES) -> None:
    """Puts people and submitted disputes of every urgency on file, and lets ten days pass in which nobody acts."""
    clock = SimulatedClock(START)
    office = open_office(ground.settings, clock=clock)
    office.directory.add_organisation(Organisation(id="un", name="Mission", timezone="Africa/Juba"))
    parties = [f"{part}-{party}" for party in _PARTIES for part in _PARTS]
    for person in (*parties, *(holder for holders in _OFFICE.values() for holder in holders)):
        office.directory.add(Person(id=person, name=person.title(), email=f"{person}@mission.example"))
    for index in range(cases):
        _submit(office, index)
    for _ in range(DAYS_OF_WORK):
        timers.fire_due_timers(office.service, owner="before")
        clock.advance(days=1)
    office.close()
    ground.clock.set(DUE)


def _submit(office: Office, index: int) -> None:
    case_id, actor = f"case-{index:02}", office.directory.actor("representative-A")
    opening = OpenCase(
        id=case_id,
        number=f"D-{index:02}",
        process="dispute",
        title="The well at Kilo 7",
        actor=actor,
        key=f"open {index}",
        urgency=list(Urgency)[index % len(Urgency)],
        parties=tuple(
            Party(id=party, name=name, side=side, people={part: (f"{part}-{party}",) for part in _PARTS})
            for party, (name, side) in _PARTIES.items()
        ),
        roles=_OFFICE,
        issues=("Who repairs the road?",),
    )
    office.service.open(opening)
    office.service.act(ActOnCase(case_id=case_id, trigger="submit", actor=actor, key=f"submit {index}", inputs={}))


def work_off(office: Office) -> Counter[str]:
    """Lets every heartbeat beat until there is nothing left to do; returns what was done."""
    done: Counter[str] = Counter()
    while True:
        beats = heartbeats.tick(office)
        moved = Counter(beats["escalations"]) + Counter(beats["deliveries"])
        if not moved:
            return done
        done += moved


def outcome(engine: Engine) -> Outcome:
    """Reads what came of every case and of every notification."""
    events, mails, notices = tables.events, tables.messages, tables.notifications
    seen = select(events.c.case_id, events.c.seq, events.c.trigger, events.c.at, events.c.timer)
    told = select(notices.c.occurrence, mails.c.person_id, mails.c.state).join(
        notices, notices.c.id == mails.c.notification_id
    )
    with reading(engine) as connection:
        return Outcome(
            events=frozenset(tuple(row) for row in connection.execute(seen)),
            mails=frozenset(tuple(row) for row in connection.execute(told)),
        )


def undisturbed(folder: Path) -> Outcome:
    """Lets the same days pass, up to `END`, in an office of its own without any fault; returns what comes of them."""
    folder.mkdir()
    with LocalMailbox(folder / "mails", port=0) as box:
        ground = Ground(f"sqlite:///{folder / 'parley.db'}", folder, box.port)
        prepare(ground)
        ground.clock.set(END)
        office = ground.open()
        work_off(office)
        came = outcome(office.record.engine)
        office.close()
    return came


def assert_nothing_is_wrong(office: Office, ground: Ground, *, faults: int) -> None:
    """Asserts that all fired once, nothing is left, every mail was accepted, copies are few, and the chain holds."""
    engine = office.record.engine
    with reading(engine) as connection:
        report = ledger.verify(connection)
        # What an act says to different readers is an event in each of their zones.
        told = select(tables.events.c.case_id, tables.events.c.timer, tables.events.c.zone)
        fired = Counter(connection.execute(told).tuples())
        kept = {row.message_id: row for row in connection.execute(select(tables.messages))}
    assert report.consistent, str(report.first_break)
    assert all(times == 1 for (_, timer, _), times in fired.items() if timer is not None)
    assert timers.overdue(engine, now=office.clock.now(), slack=timedelta()) == []
    assert timers.parked(engine) == []
    assert unfinished(engine) == []
    copies = Counter(mail.message_id for mail in read_mailbox(ground.maildir))
    assert set(copies) >= {key for key, row in kept.items() if row.state == MessageState.SENT}
    assert set(copies) <= set(kept)
    assert all(times <= min(kept[key].attempts, 1 + faults) for key, times in copies.items())


def unfinished(engine: Engine) -> list[tuple[str, str | None]]:
    """Lists the state, and what is told of it, of every notification and message that is not at a good end."""
    notices, mails = tables.notifications, tables.messages
    untold = select(notices.c.state, notices.c.error).where(
        notices.c.state.not_in([NotificationState.EXPANDED, NotificationState.CANCELLED])
    )
    unsent = select(mails.c.state, mails.c.lease_owner).where(
        mails.c.state.not_in([MessageState.SENT, MessageState.CANCELLED])
    )
    with reading(engine) as connection:
        return [tuple(row) for wanted in (untold, unsent) for row in connection.execute(wanted)]
