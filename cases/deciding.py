"""Decides acts and records what came of them, in the one transaction it is given; an act may reach a second case.

An act that names or opens another case is weighed with that case beside it. What it means there is done by the system
in the same transaction, as the act its definition names under `there`, so either both files tell of it or neither does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from cases import armed, directory, numbers, repository, tables
from cases.recording import Recorded, Recording
from cases.registry import ProcessRegistry
from cases.repository import Stored
from states import asking, branches, errors, fields, joined, machine, roles
from states.calendar import Calendar
from states.case import Case, Party
from states.events import Event
from states.machine import Act
from states.process import Process, Trigger
from states.said import listed, say

UNNUMBERED = say("a new case")
"""What a rehearsal calls a case that would be opened."""


class DueFirst(armed.LostRace):
    """A clock of the case, or of another one that the act reaches, has run out; it goes first."""

    def __init__(self, sentence: str, *, case_id: str) -> None:
        """Keep the id of that case."""
        super().__init__(sentence)
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
            known = listed(sorted(self.calendars))
            raise errors.NotFound(
                say(
                    "there is no working calendar %(calendars)s; known are: %(known)s",
                    calendars=listed(sorted(unknown)),
                    known=known,
                )
            )

    def alone(self, stored: Stored, act: Act) -> Recorded:
        """Decide an act on one case and record it there."""
        process = self.registry.get(stored.case.process)
        on_file = directory.for_act(self.connection, process, stored.case, act)
        act = replace(act, calendars=self.calendars, directory=on_file)
        after, happened = machine.advance(process, stored.case, act)
        self.refuse_unknown_calendars(after.parties)
        return self.recording(process).moved(stored, after, happened, inputs=act.inputs)

    def decide(self, stored: Stored, act: Act) -> Recorded:
        """Decide an act, and with it what it means in the other case that it names or opens.

        Raises the `Refused` errors, `LostRace` and `DueFirst`.
        """
        process = self.registry.get(stored.case.process)
        trigger = machine.find_trigger(process, act.trigger)
        if trigger.shared_with is not None:
            return self._together(process, stored, trigger, act)
        beside = self._beside(process, stored, trigger, act)
        if beside is None:
            return self.alone(stored, act)
        recorded = self.alone(stored, branches.with_other(process, stored.case, act, other=beside.case))
        if beside.opened_by:
            self.recording(process).opened(beside.case, beside.opened_by)
        if trigger.there is not None:
            self.answer(trigger.there, beside.case.id, recorded.case, act)
        return recorded

    def tell(self, trigger: str, case_id: str) -> Recorded:
        """Let the system do an act on a case."""
        return self.alone(repository.load(self.connection, case_id, lock=True), self._by_itself(trigger))

    def tie(self, trigger: str, case_id: str, other_id: str) -> Recorded:
        """Let the system do an act on a case with another one beside it, and what that means there."""
        stored, other = (repository.load(self.connection, one, lock=True) for one in (case_id, other_id))
        act = replace(self._by_itself(trigger), beside=other.case)
        recorded = self.alone(stored, act)
        answer = machine.find_trigger(self.registry.get(stored.case.process), trigger).there
        if answer is not None:
            self.answer(answer, other_id, recorded.case, act)
        return recorded

    def _by_itself(self, trigger: str) -> Act:
        return Act(trigger=trigger, actor=roles.THE_SYSTEM, at=self.now, recorded_at=self.now)

    def answer(self, trigger: str, case_id: str, beside: Case, act: Act) -> Recorded:
        """Let the system do, in another case, what an act means there."""
        stored = repository.load(self.connection, case_id, lock=True)
        answer = Act(trigger=trigger, actor=roles.THE_SYSTEM, at=act.at, recorded_at=act.recorded_at, beside=beside)
        try:
            return self.alone(stored, answer)
        except errors.Refused as refusal:
            raise errors.NeedsMissing(
                say("the other case cannot take part: %(refusal)s", refusal=refusal.sentence), missing=refusal.missing
            ) from None

    def _beside(self, process: Process, stored: Stored, trigger: Trigger, act: Act) -> _Beside | None:
        if trigger.opens:
            number = numbers.next_number(self.connection, process, now=self.now)
            opened = branches.severed(process, stored.case, act, number=number)
            return _Beside(*opened) if opened else None
        other_id = named(self.connection, process, stored.case, act)
        if other_id is None:
            return None
        return _Beside(self._locked(stored, other_id))

    def _together(self, process: Process, stored: Stored, trigger: Trigger, act: Act) -> Recorded:
        """Decide an act in this case, and the same act in the joined cases that take part in it: in all, or in none."""
        led, leads = joined.partners(stored.case), joined.leads(stored.case)
        held = [other for other in self._held(stored, {*led, *leads}) if other.case.closed_at is None]
        open_ones = [other for other in held if other.case.id in led]
        wanted = wants_together(process, stored.case, trigger, act)
        if wanted and not open_ones:
            raise _refused(say("a joined case that is open: link one to this case first, or do it for this case alone"))
        shared = replace(act, shared_id=joined.shared_id(stored.case) if wanted else "")
        recorded = self.alone(stored, shared)
        touched = joined.touched(recorded.events)
        if joined.is_confidential(touched):
            raise _refused(
                say("something that all parties may read: what is confidential is not shared with other cases")
            )
        if any(joined.takes_part(lead.case, touched) for lead in held if lead.case.id in leads):
            raise _refused(say("the lead case: do it there, and it is done here as well"))
        for other in open_ones:
            if wanted or joined.takes_part(other.case, touched):
                self._likewise(trigger, other, shared, here=recorded)
        return recorded

    def _likewise(self, trigger: Trigger, other: Stored, act: Act, *, here: Recorded) -> None:
        """Do an act in a joined case as well."""
        process = self.registry.get(here.case.process)
        asked = asking.asked(process, here.case, trigger, act.actor)
        try:
            self.alone(
                other,
                joined.translated(act, asked, here=here.case, there=other.case, about=joined.touched(here.events)),
            )
        except errors.NotYours:
            sentence = say(
                "a joined case is not this person's to act on: ask who runs it, or do it for this case alone"
            )
            raise errors.NotYours(sentence) from None
        except errors.Refused as refusal:
            raise errors.NeedsMissing(
                say("a joined case cannot take part: %(refusal)s", refusal=refusal.sentence), missing=refusal.missing
            ) from None

    def _locked(self, stored: Stored, other_id: str) -> Case:
        """Read the other case while both are held."""
        held = self._held(stored, (other_id,))
        return held[0].case if held else stored.case

    def _held(self, stored: Stored, others: Iterable[str]) -> list[Stored]:
        """Hold this case and others, taken in the order of their ids so that no two acts wait in turn; return those."""
        wanted = set(others) - {stored.case.id}
        if not wanted:
            return []
        held = {one: repository.load(self.connection, one, lock=True) for one in sorted(wanted | {stored.case.id})}
        if held[stored.case.id].case.version != stored.case.version:
            raise armed.LostRace(say("others were changing this case at the same moment; try once more"))
        for one in sorted(wanted):
            if armed.first_due(self.connection, one, now=self.now) is not None:
                sentence = say("a clock of the other case ran out at the same moment; look again and decide anew")
                raise DueFirst(sentence, case_id=one)
        return [held[one] for one in sorted(wanted)]


def _refused(missing: str) -> errors.NeedsMissing:
    return errors.NeedsMissing(say("doing it together needs %(missing)s", missing=missing), missing=(missing,))


def wants_together(process: Process, case: Case, trigger: Trigger, act: Act) -> bool:
    """Tell whether an act asks to be done in the joined cases as well."""
    field = asking.asked(process, case, trigger, act.actor).get(joined.TOGETHER)
    try:
        return field is not None and bool(fields.read(field, act.inputs.get(joined.TOGETHER)))
    except fields.Unreadable:
        return False


def beside(connection: Connection, process: Process, case: Case, act: Act) -> Case | None:
    """Look at the other case an act would be weighed with, without holding or opening anything."""
    if machine.find_trigger(process, act.trigger).opens:
        opened = branches.severed(process, case, act, number=UNNUMBERED)
        return opened[0] if opened else None
    other_id = named(connection, process, case, act)
    return None if other_id is None else repository.load(connection, other_id).case


def named(connection: Connection, process: Process, case: Case, act: Act) -> str | None:
    """Find the id of the other case that the inputs of an act name by its number or id; None when there is none."""
    word = branches.word_for_other(process, case, act)
    if word is None:
        return None
    known = tables.cases
    found = connection.execute(select(known.c.id).where(or_(known.c.id == word, known.c.number == word.upper())))
    return found.scalar()
