"""Plays a scenario through the real service, the real record and the real mail room, on a simulated clock."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from typing import TYPE_CHECKING

from cases import commands, notifying, people, queries, recurrence
from cases.people import Directory
from cases.timers import fire_due_timers
from desk.paper import parties_of
from desk.player import OPENED, Letter, Told, first_new
from notifications.mailroom import Counts, Mailroom, deliver_due
from notifications.transport import MemoryTransport
from notifications.when import AT_ONCE
from states import errors, timers
from states.items import Link, Relation
from states.notices import OPENING
from states.roles import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from cases.queries import Viewer
    from cases.record import Record
    from config.clock import SimulatedClock
    from config.scenarios import Act, Attachment, Input, Scenario
    from notifications.compose import Letterhead
    from notifications.transport import Envelope
    from states.calendar import Calendar
    from states.case import Case
    from states.process import Process
    from states.timers import Timer

WORKER = "player"
_GROWN = frozenset({Relation.SEVERED, Relation.SYSTEMIC})
HISTORY = "it belongs to the history of a demonstration"


class Live:
    """The cases of a scenario in a real record; their mails go to a transport that keeps them, and leave no house.

    With a `tick`, the clockwork beats only at whole multiples of it, as it does when it runs by itself. Before
    `mails_from`, what would be written is withdrawn instead, which is quicker.
    """

    def __init__(
        self,
        record: Record,
        letterhead: Letterhead,
        clock: SimulatedClock,
        *,
        tick: timedelta | None = None,
        mails_from: datetime | None = None,
    ) -> None:
        """Begin at the instant of the clock, with nothing opened."""
        self._record = record
        self._clock = clock
        self._tick = tick
        self._mails_from = mails_from
        self._service = record.service(clock)
        self._directory = Directory(record.engine)
        self._transport = MemoryTransport()
        self._room = Mailroom(
            record=record,
            directory=self._directory,
            letterhead=letterhead,
            transport=lambda: self._transport,
            clock=clock,
            customs=AT_ONCE,
        )
        self._fired: set[tuple[str, str]] = set()
        self._cases: list[str] = []
        self._acts = 0
        self._key = ""
        self._watcher: Viewer | None = None

    @property
    def case_id(self) -> str:
        """The case that was opened first."""
        return next(iter(self._cases), "")

    @property
    def process(self) -> Process:
        """The definition the cases are pinned to."""
        return self._record.registry.get(self.case().process)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The working calendars by name."""
        return self._record.calendars

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._clock.now()

    def move(self, until: datetime) -> None:
        """Move the clock, and let the clockwork set aside what has lost its reason meanwhile."""
        self._clock.set(max(self.now(), until))
        fire_due_timers(self._service, owner=WORKER)

    def open(self, scenario: Scenario) -> Told:
        """Put the people of the scenario on file and open its case now."""
        put_on_file(self._directory, scenario)
        self._watcher = queries.Viewer(self._directory.actor(scenario.watcher))
        self._key = self._key or f"scenario {scenario.id}"
        command = commands.OpenCase(
            process=scenario.process,
            title=scenario.title,
            actor=self._directory.actor(scenario.opened_by),
            key=f"scenario {scenario.id}: open",
            urgency=scenario.urgency,
            parties=parties_of(scenario),
            roles=scenario.roles,
            issues=scenario.issues,
        )
        self._cases.append(self._service.open(command).case_id)
        return Told(at=self.now(), trigger=OPENING, label=OPENED, case=self.case_of(self._cases[-1]))

    def act(self, act: Act, inputs: Mapping[str, Input], *, case_id: str) -> Told:
        """Let a person act on a case now; raise `Refused` when the process does not allow it."""
        actor = self._directory.actor(act.by)
        self._acts += 1
        before = self._seen_by(actor, case_id)
        command = commands.ActOnCase(
            case_id=case_id, trigger=act.do, actor=actor, key=f"{self._key}: {self._acts}", inputs=inputs
        )
        self._service.act(command)
        label = self.process.triggers[act.do].label
        case, recorded = self.case_of(case_id), first_new(before, self._seen_by(actor, case_id))
        self._follow(case)
        return Told(at=self.now(), trigger=act.do, label=label, case=case, recorded=recorded)

    def readers(self, case_id: str, item_id: str, people: Iterable[str]) -> frozenset[str]:
        """Say which of these people may read an item."""
        return frozenset(person for person in people if self._reads(person, case_id, item_id))

    def gather(self) -> tuple[Told, ...]:
        """Let the follow-ups look for what keeps coming back, and tell of each case that was opened about it."""
        known = set(self._cases)
        recurrence.open_systemic(self._service)
        for case_id in tuple(self._cases):
            self._follow(self.case_of(case_id))
        rule = self.process.recurrence
        begun = self.process.triggers[rule.begins] if rule else None
        opened = (self.case_of(case_id) for case_id in self._cases if case_id not in known)
        return tuple(Told(at=self.now(), trigger=begun.name, label=begun.label, case=one) for one in opened if begun)

    def upload(self, file: Attachment, *, by: str) -> str:
        """Upload a file in a person's name, and return the reference to it."""
        return str(self._record.files.add([file.text.encode()], file.name, by=by, now=self.now()))

    def fire(self, *, until: datetime) -> tuple[Told, ...]:
        """Move the clock to the next timer, if it is due by `until`, and let the clockwork beat."""
        waiting = self.waiting()
        if not waiting or waiting[0][1].due_at > until:
            return ()
        case_id, timer = waiting[0]
        versions = {one: self.case_of(one).version for one in self._cases}
        self._clock.set(max(self.now(), self._beat_after(timer.due_at, until=until)))
        counts = fire_due_timers(self._service, owner=WORKER)
        if counts.failed or counts.parked:
            raise errors.DefinitionError(f"the clock is refused “{timer.key}”; the log says why")
        self._fired |= {(one, timer.key) for one, timer in waiting if timer.due_at <= self.now()}
        told = (one for case_id, version in versions.items() for one in self._acts_of_the_clock(case_id, version))
        return tuple(told) or (Told(at=self.now(), trigger="", label="", case=self.case_of(case_id)),)

    def letters(self) -> Iterator[Letter]:
        """Write and send what waits, and yield each mail."""
        if self._mails_from is not None and self.now() < self._mails_from:
            self._withdraw()
            return iter(())
        begun = len(self._transport.sent)
        while deliver_due(self._room, owner=WORKER) != Counts():
            pass
        return (_letter(envelope) for envelope in self._transport.sent[begun:])

    def case(self) -> Case:
        """Return the case that was opened first as its convener may read it."""
        return self.case_of(self.case_id)

    def case_of(self, case_id: str) -> Case:
        """Return a case as its convener may read it."""
        return queries.case_for(self._record, self._eyes(), case_id)[1]

    def waiting(self) -> tuple[tuple[str, Timer], ...]:
        """List the timers that follow from the cases and have not gone off, each with its case, soonest first."""
        process = self.process
        planned = (
            (case_id, timer)
            for case_id in self._cases
            for timer in timers.plan(process, self.case_of(case_id), self.calendars)
            if (case_id, timer.key) not in self._fired
        )
        return tuple(sorted(planned, key=lambda one: one[1].due_at))

    def _follow(self, case: Case) -> None:
        """Follow the cases that grew out of this one, or that it has become a part of, from now on."""
        grown = (link.other for link in case.all(Link) if link.relation in _GROWN)
        self._cases += (one for one in dict.fromkeys(grown) if one not in self._cases)

    def _reads(self, person: str, case_id: str, item_id: str) -> bool:
        try:
            return self._seen_by(self._directory.actor(person), case_id).item(item_id) is not None
        except errors.NotFound:
            return False

    def _eyes(self) -> Viewer:
        if self._watcher is None:
            raise errors.NotFound("no case was opened yet; begin with its notice")
        return self._watcher

    def _seen_by(self, actor: Actor, case_id: str) -> Case:
        return queries.case_for(self._record, queries.Viewer(actor), case_id)[1]

    def _beat_after(self, due_at: datetime, *, until: datetime) -> datetime:
        """Return the beat at which something due is found: at once, or at the next tick, but before somebody acts."""
        if self._tick is None:
            return due_at
        beat = due_at + timedelta(seconds=-due_at.timestamp() % self._tick.total_seconds())
        return min(beat, until)

    def _acts_of_the_clock(self, case_id: str, version: int) -> Iterator[Told]:
        """Yield what the clock did since a version of a case; several events of one act are told once."""
        if self.case_of(case_id).version == version:
            return
        file = queries.case_file(self._record, self._eyes(), case_id, now=self.now())
        told = {
            entry.timer: entry
            for entry in file.timeline
            if entry.timer is not None and entry.seq is not None and entry.seq > version
        }
        for entry in told.values():
            yield Told(at=entry.at, trigger=entry.trigger or "", label=entry.label, case=file.case)

    def _withdraw(self) -> None:
        engine = self._record.engine
        while waiting := notifying.claim(engine, now=self.now(), owner=WORKER):
            for notice in waiting:
                notifying.cancel(engine, notice, why=HISTORY)


def put_on_file(directory: Directory, scenario: Scenario) -> None:
    """Put the organisations and people of a scenario on file; those who are there stay as they are."""
    known = {organisation.id for organisation in directory.organisations()}
    for body in scenario.organisations.values():
        if body.id not in known:
            directory.add_organisation(
                people.Organisation(id=body.id, name=body.name, calendar=body.calendar, timezone=body.timezone)
            )
    there = directory.people(scenario.people)
    for person in scenario.people.values():
        if person.id not in there:
            directory.add(
                people.Person(
                    id=person.id,
                    name=person.name,
                    email=person.email,
                    language=person.language,
                    timezone=person.timezone,
                    organisation_id=person.organisation or None,
                    telephone=person.telephone,
                )
            )


def _letter(envelope: Envelope) -> Letter:
    message = message_from_bytes(envelope.content)
    body = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    content = body.get_payload(decode=True) if body else None
    return Letter(
        recipient=envelope.recipient,
        subject=str(modern.header_fetch_parse("Subject", message["Subject"])),
        text=content.decode() if isinstance(content, bytes) else "",
    )
