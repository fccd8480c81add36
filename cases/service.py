"""The use cases: open a case, act on it, let a timer fire. Each is one transaction, decided by `states.machine`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, exc

from cases import (
    armed,
    commands,
    deciding,
    numbers,
    opening,
    people,
    receipts,
    repository,
    sight,
    uploads,
)
from cases import unit_of_work as work
from cases.files import FileStore
from cases.receipts import Receipt
from cases.registry import ProcessRegistry
from cases.tables import TimerState
from config.clock import Clock
from states import asking, errors, firing, machine, notices, timers
from states.calendar import Calendar
from states.case import Case
from states.events import TierEntered
from states.process import Process
from states.said import say

log = logging.getLogger(__name__)

TRIES = 5
"""How often a request that lost a race is decided anew."""
TIMER_TRIES = 3
"""How often a failing timer is tried before it is kept for a person."""
MOST_AT_ONCE = 1000
"""How many timers of one case may fire one after the other before the process is taken for an endless one."""
BACK_OFF = timedelta(minutes=1)

T = TypeVar("T")


class Outcome(StrEnum):
    """What became of a timer."""

    FIRED = "fired"
    REMINDED = "reminded"
    CANCELLED = "cancelled"
    REDATED = "redated"
    FAILED = "failed"
    PARKED = "parked"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """The outcome of one timer, and whether the case climbed to another tier by it."""

    case_id: str
    key: str
    outcome: Outcome
    escalated: bool = False


class CaseService:
    """Everything that changes a case goes through here."""

    def __init__(
        self,
        engine: Engine,
        *,
        registry: ProcessRegistry,
        calendars: Mapping[str, Calendar],
        clock: Clock,
        files: FileStore | None = None,
    ) -> None:
        """Keep the tools: where to write, the definitions, the working calendars, the time, and where files lie."""
        self.engine = engine
        self.registry = registry
        self.calendars = calendars
        self.clock = clock
        self.files = files

    def open(self, command: commands.OpenCase) -> Receipt:
        """Open a case.

        Raises `NotFound` for an unknown process, `NeedsMissing` when something is missing, `KeyReused`, and `Conflict`
        when the number is taken.
        """
        process = self.registry.current(command.process)
        return retrying(lambda: self._open_once(process, command))

    def act(self, command: commands.ActOnCase) -> Receipt:
        """Let every due timer of the case fire, then do the act.

        Raises `NotFound`, the `Refused` errors, `KeyReused`, and `Conflict` when the case has moved since the expected
        version.
        """
        try:
            return retrying(lambda: self._act_in_turn(command))
        except errors.Refused as refusal:
            log.info("refused %s on case %s: %s", command.trigger, command.case_id, type(refusal).__name__)
            raise

    def fire_due(self, case_id: str) -> tuple[Fired, ...]:
        """Fire every timer of the case that is due, in due order, each in its own transaction; report each."""
        fired: list[Fired] = []
        while (key := self._first_due(case_id)) is not None:
            if len(fired) >= MOST_AT_ONCE:
                endless = errors.DefinitionError("the timers of this case fire one another without end; give them time")
                return (*fired, self._failed(case_id, key, endless, tries=1))
            fired.append(self.attempt(case_id, key))
        return tuple(fired)

    def attempt(self, case_id: str, key: str) -> Fired:
        """Fire a timer; if that fails, write down why and when to try again, and let everything else go on.

        Raises `Unavailable` when the record is locked, full or away.
        """
        try:
            return self.fire(case_id, key)
        except errors.Unavailable:
            # Not the timer's fault: it stays armed, and no try is counted.
            raise
        except Exception as failure:  # the heartbeat: one poisoned timer must not stop the others
            log.exception("timer %s of case %s failed", key, case_id)
            return self._failed(case_id, key, failure)

    def fire(self, case_id: str, key: str) -> Fired:
        """Fire one timer if it is due and its reason still holds, exactly once whoever else tries."""
        return retrying(lambda: self._fire_once(case_id, key))

    def deciding(self, connection: Connection, now: datetime) -> deciding.Deciding:
        """Return the hand that decides and records within one transaction."""
        return deciding.Deciding(connection=connection, registry=self.registry, calendars=self.calendars, now=now)

    def _first_due(self, case_id: str) -> str | None:
        with work.reading(self.engine) as connection:
            return armed.first_due(connection, case_id, now=self.clock.now())

    def _open_once(self, process: Process, command: commands.OpenCase) -> Receipt:
        now = self.clock.now()
        with work.unit_of_work(self.engine) as connection:
            earlier = receipts.find(connection, command)
            if earlier is not None:
                return self._own(connection, earlier, command)
            self.deciding(connection, now).refuse_unknown_calendars(command.parties)
            case_id = command.id or uuid4().hex
            number = command.number or numbers.next_number(connection, process, now=now)
            numbers.refuse_taken(connection, number=number, case_id=case_id)
            notice = opening.notice(command, case_id=case_id, number=number, now=now)
            strangers = people.strangers(connection, notices.people_of(notice))
            notices.refuse_wrong_people(notice, strangers=strangers)
            case, happened = notices.open_case(process, notice, actor=command.actor, at=now, recorded_at=now)
            recorded = self.deciding(connection, now).recording(process).opened(case, happened)
            kept = receipts.keep(connection, command, recorded=recorded, now=now)
            return receipts.own(connection, process, recorded.case, kept, actor=command.actor)

    def _act_in_turn(self, command: commands.ActOnCase) -> Receipt:
        try:
            return self._act_once(command)
        except deciding.DueFirst as due:
            self.fire_due(due.case_id)
            raise

    def _act_once(self, command: commands.ActOnCase) -> Receipt:
        now = self.clock.now()
        with work.unit_of_work(self.engine) as connection:
            earlier = receipts.find(connection, command)
            if earlier is not None:
                return self._own(connection, earlier, command)
            stored = repository.load(connection, command.case_id)
            if armed.first_due(connection, command.case_id, now=now) is not None:
                raise deciding.DueFirst(
                    say("a clock of this case ran out at the same moment; look again and decide anew"),
                    case_id=command.case_id,
                )
            process = self.registry.get(stored.case.process)
            sight.ensure_unmoved(connection, process, stored.case, command)
            sight.ensure_same(process, stored.case, command)
            trigger = machine.find_trigger(process, command.trigger)
            asked = asking.asked(process, stored.case, trigger, command.actor)
            named = _people_named(process, stored.case, command)
            act = machine.Act(
                trigger=command.trigger,
                actor=command.actor,
                at=now,
                recorded_at=now,
                inputs=uploads.confirmed(self.files, command, asked=asked, now=now),
                employers=people.employers(connection, named),
                strangers=people.strangers(connection, named),
            )
            recorded = self.deciding(connection, now).decide(stored, act)
            kept = receipts.keep(connection, command, recorded=recorded, now=now)
            return receipts.own(connection, process, recorded.case, kept, actor=command.actor)

    def _own(
        self, connection: Connection, earlier: Receipt, command: commands.OpenCase | commands.ActOnCase
    ) -> Receipt:
        case = repository.load(connection, earlier.case_id).case
        process = self.registry.get(case.process)
        return receipts.own(connection, process, case, earlier, actor=command.actor)

    def _fire_once(self, case_id: str, key: str) -> Fired:
        now = self.clock.now()
        with work.unit_of_work(self.engine) as connection:
            stored = repository.load(connection, case_id, lock=True)
            row = armed.find(connection, case_id, key)
            if row is None or row.state != TimerState.ARMED or row.due_at > now:
                return Fired(case_id=case_id, key=key, outcome=Outcome.NOT_NOW)
            process = self.registry.get(stored.case.process)
            planned = {timer.key: timer for timer in timers.plan(process, stored.case, self.calendars)}.get(key)
            if planned is None:
                armed.settle(connection, row, state=TimerState.CANCELLED, now=now, why=armed.NOT_PLANNED)
                return Fired(case_id=case_id, key=key, outcome=Outcome.CANCELLED)
            if planned.due_at != row.due_at:
                armed.redate(connection, case_id, [planned])
                return Fired(case_id=case_id, key=key, outcome=Outcome.REDATED)
            return self._fire_planned(connection, stored, planned, row=row, now=now)

    def _fire_planned(
        self, connection: Connection, stored: repository.Stored, timer: timers.Timer, *, row: armed.Armed, now: datetime
    ) -> Fired:
        process, case = self.registry.get(stored.case.process), stored.case
        if firing.withheld(process, case, timer):
            armed.settle(connection, row, state=TimerState.CANCELLED, now=now, why=armed.CONDITION)
            self._arm_next(connection, case)
            return Fired(case_id=case.id, key=timer.key, outcome=Outcome.CANCELLED)
        armed.settle(connection, row, state=TimerState.FIRED, now=now)
        if timer.action is timers.Action.REMIND:
            self.deciding(connection, now).recording(process).reminded(case, timer)
            self._arm_next(connection, case)
            return Fired(case_id=case.id, key=timer.key, outcome=Outcome.REMINDED)
        recorded = self.deciding(connection, now).alone(stored, firing.act_of(process, case, timer, recorded_at=now))
        climbed = any(isinstance(change, TierEntered) for event in recorded.events for change in event.changes)
        return Fired(case_id=case.id, key=timer.key, outcome=Outcome.FIRED, escalated=climbed)

    def _arm_next(self, connection: Connection, case: Case) -> None:
        """Arm the next rung of each clock in the transaction that settled the one before."""
        armed.arm(connection, case.id, timers.plan(self.registry.get(case.process), case, self.calendars))

    def _failed(self, case_id: str, key: str, failure: Exception, *, tries: int = TIMER_TRIES) -> Fired:
        now = self.clock.now()
        with work.unit_of_work(self.engine) as connection:
            row = armed.find(connection, case_id, key)
            if row is None or row.state != TimerState.ARMED:
                return Fired(case_id=case_id, key=key, outcome=Outcome.NOT_NOW)
            parked = row.attempts + 1 >= tries
            armed.failed(
                connection,
                row,
                state=TimerState.PARKED if parked else TimerState.ARMED,
                not_before=now + BACK_OFF * 2**row.attempts,
                why=f"{type(failure).__name__}: {failure}",
            )
            if parked:
                self._arm_next(connection, repository.load(connection, case_id, lock=True).case)
        return Fired(case_id=case_id, key=key, outcome=Outcome.PARKED if parked else Outcome.FAILED)


def _people_named(process: Process, case: Case, command: commands.ActOnCase) -> set[str]:
    trigger = machine.find_trigger(process, command.trigger)
    return asking.people_touched(process, case, trigger, actor=command.actor, given=command.inputs)


def retrying(once: Callable[[], T]) -> T:
    """Decide anew when another transaction was first; what the rules refuse is not retried."""
    for left in reversed(range(TRIES)):
        try:
            return once()
        except (armed.LostRace, exc.IntegrityError, exc.OperationalError) as failure:
            if not left or not _lost(failure):
                raise
    raise AssertionError("the last try returns or raises")


def _lost(failure: Exception) -> bool:
    if isinstance(failure, exc.OperationalError):
        return work.given_up(failure)
    return True
