"""Decides acts and records what came of them, in the one transaction it is given; an act may reach a second case.

An act that names or opens another case is weighed with that case beside it. What it means there is done by the system
in the same transaction, as the act its definition names under `there`, so either both files tell of it or neither does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from cases import armed, numbers, repository, tables
from cases.recording import Recorded, Recording
from cases.registry import ProcessRegistry
from cases.repository import Stored
from states import asking, branches, errors, machine, roles
from states.calendar import Calendar
from states.case import Case, Party
from states.events import Event
from states.fields import FieldType
from states.machine import Act
from states.process import Process, Trigger

UNNUMBERED = "a new case"
"""What a rehearsal calls a case that would be opened."""


class DueElsewhere(armed.LostRace):
    """A clock of another case that the act reaches has run out; it goes first."""

    def __init__(self, case_id: str) -> None:
        """Keep the id of that case."""
        super().__init__("a clock of the other case ran out at the same moment; look again and decide anew")
        self.case_id = case_id


@dataclass(frozen=True, slots=True)
class _Beside:
    """The other case of an act: as it stands, or as it was just opened by these events."""

    case: Case
    opened_by: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """One transaction's hand: where to write, under which definitions and calendars, and when."""

    connection: Connection
    registry: ProcessRegistry
    now: datetime
    calendars: Mapping[str, Calendar] = field(repr=False)

    def recording(self, process: Process) -> Recording:
        """Return the pen for cases of one definition."""
        return Recording(connection=self.connection, process=process, calendars=self.calendars, now=self.now)

    def refuse_unknown_calendars(self, parties: tuple[Party, ...]) -> None:
        """Raise `NotFound` when a party counts by a working calendar that is not here."""
        unknown = {party.calendar for party in parties if party.calendar} - set(self.calendars)
        if unknown:
            known = ", ".join(sorted(self.calendars))
            raise errors.NotFound(f"there is no working calendar {', '.join(sorted(unknown))}; known are: {known}")

    def alone(self, stored: Stored, act: Act) -> Recorded:
        """Decide an act on one case and record it there."""
        process = self.registry.get(stored.case.process)
        after, happened = machine.advance(process, stored.case, act)
        self.refuse_unknown_calendars(after.parties)
        return self.recording(process).moved(stored, after, happened, inputs=act.inputs)

    def decide(self, stored: Stored, act: Act) -> Recorded:
        """Decide an act, and with it what it means in the other case that it names or opens.

        Raises the `Refused` errors, `LostRace` and `DueElsewhere`.
        """
        process = self.registry.get(stored.case.process)
        trigger = machine.find_trigger(process, act.trigger)
        beside = self._beside(process, stored, trigger, act)
        if beside is None:
            return self.alone(stored, act)
        recorded = self.alone(stored, with_other(process, stored.case, act, other=beside.case))
        if beside.opened_by:
            self.recording(process).opened(beside.case, beside.opened_by)
        if trigger.there is not None:
            self.answer(trigger.there, beside.case.id, recorded.case, act)
        return recorded

    def answer(self, trigger: str, case_id: str, beside: Case, act: Act) -> Recorded:
        """Let the system do, in another case, what an act means there."""
        stored = repository.load(self.connection, case_id, lock=True)
        answer = Act(trigger=trigger, actor=roles.THE_SYSTEM, at=act.at, recorded_at=act.recorded_at, beside=beside)
        try:
            return self.alone(stored, answer)
        except errors.Refused as refusal:
            raise errors.NeedsMissing(f"the other case cannot take part: {refusal}", missing=refusal.missing) from None

    def _beside(self, process: Process, stored: Stored, trigger: Trigger, act: Act) -> _Beside | None:
        if trigger.opens:
            number = numbers.next_number(self.connection, process, now=self.now)
            opened = branches.severed(process, stored.case, act, number=number)
            return _Beside(*opened) if opened else None
        other_id = named(self.connection, process, stored.case, act)
        if other_id is None:
            return None
        return _Beside(self._locked(stored, other_id))

    def _locked(self, stored: Stored, other_id: str) -> Case:
        """Read the other case while both are held, taken in the order of their ids so that no two acts wait in turn."""
        held = {one: repository.load(self.connection, one, lock=True) for one in sorted({stored.case.id, other_id})}
        if held[stored.case.id].case.version != stored.case.version:
            raise armed.LostRace("others were changing this case at the same moment; try once more")
        if armed.first_due(self.connection, other_id, now=self.now) is not None:
            raise DueElsewhere(other_id)
        return held[other_id].case


def beside(connection: Connection, process: Process, case: Case, act: Act) -> Case | None:
    """Look at the other case an act would be weighed with, without holding or opening anything."""
    if machine.find_trigger(process, act.trigger).opens:
        opened = branches.severed(process, case, act, number=UNNUMBERED)
        return opened[0] if opened else None
    other_id = named(connection, process, case, act)
    return None if other_id is None else repository.load(connection, other_id).case


def with_other(process: Process, case: Case, act: Act, *, other: Case) -> Act:
    """Put the other case beside an act; what named it becomes its number."""
    inputs = {name: other.number if name in _asked(process, case, act) else raw for name, raw in act.inputs.items()}
    return replace(act, beside=other, inputs=inputs)


def named(connection: Connection, process: Process, case: Case, act: Act) -> str | None:
    """Find the id of the other case that the inputs of an act name by its number or id; None when there is none."""
    words = (str(act.inputs[name]).strip() for name in _asked(process, case, act) if name in act.inputs)
    word = next((word for word in words if word), None)
    if word is None:
        return None
    known = tables.cases
    found = connection.execute(select(known.c.id).where(or_(known.c.id == word, known.c.number == word.upper())))
    return found.scalar()


def _asked(process: Process, case: Case, act: Act) -> frozenset[str]:
    """Name the inputs of an act that ask for another case."""
    trigger = machine.find_trigger(process, act.trigger)
    wanted = asking.asked(process, case, trigger, act.actor)
    return frozenset(name for name, asked in wanted.items() if asked.type is FieldType.CASE)
