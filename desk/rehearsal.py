"""Rehearses an act before it is done: what would change, who would be written to, and which clocks would run then.

The rehearsal runs the very functions that decide and plan real acts, and keeps nothing. The act is weighed on the whole
case, as it will be when it is done; what would follow is told from the case as its viewer may read it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cases import deciding, queries
from cases import directory as on_file
from cases.unit_of_work import reading
from desk import planned_mails
from states import asking, branches, events, joined, machine, moved_dates, playing, roles, timers
from states.items import Proposal
from states.machine import Act

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from cases.people import Directory
    from cases.queries import Viewer
    from cases.record import Record
    from desk.planned_mails import PlannedMail
    from states.case import Case, MovedDate
    from states.events import Event
    from states.items import Session
    from states.process import Process
    from states.timers import OpenDeadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What an act would lead to.

    `begun` are the clocks that would start or be dated anew, `stopped` those that would no longer run; `happened` is
    what would be recorded; `also_in` are the joined cases in which the act would be done too. `dates` are those an
    extension moves or runs into, asked for or agreed.
    """

    process: Process
    before: Case
    after: Case
    happened: tuple[Event, ...]
    mails: tuple[PlannedMail, ...]
    begun: tuple[OpenDeadline, ...]
    stopped: tuple[OpenDeadline, ...]
    also_in: tuple[Case, ...] = ()
    dates: tuple[MovedDate, ...] = ()

    @property
    def recorded(self) -> tuple[events.ItemRecorded, ...]:
        """The items that would be put on file."""
        changes = (change for event in self.happened for change in event.changes)
        return tuple(change for change in changes if isinstance(change, events.ItemRecorded))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody is about to do: the act, its raw inputs, and when."""

    trigger: str
    inputs: Mapping[str, object]
    at: datetime


def rehearse_act(record: Record, viewer: Viewer, case_ref: str, *, intent: Intent, directory: Directory) -> Rehearsal:
    """Rehearse an act on a case.

    Raises `NotFound`, and `Refused` with everything that is missing, exactly as the act itself would.
    """
    process, case, whole = queries.case_to_rehearse(record, viewer, case_ref)
    trigger = machine.find_trigger(process, intent.trigger)
    named = asking.people_touched(process, whole, trigger, actor=viewer.actor, given=intent.inputs)
    act = _informed(record, process, whole, _act(intent, viewer, named=named, directory=directory))
    # An act may count on with a field that its actor does not read; no page of the rehearsal shows fields.
    known = replace(case, fields=whole.fields)
    after, happened = machine.advance(process, whole, act, known=known)
    step = playing.step(process, act, before=case, after=after, happened=happened)
    running = _clocks(record, viewer, process, case)
    then = _clocks(record, viewer, process, after) if after.stay is None else {}
    wanted = deciding.wants_together(process, case, trigger, act)
    touched = joined.touched(happened)
    also_in = tuple(_also_in(record, viewer, case, wanted=wanted, touched=touched)) if trigger.shared_with else ()
    return Rehearsal(
        process=process,
        before=case,
        after=after,
        happened=happened,
        mails=tuple(planned_mails.of(process, step, directory.people(planned_mails.concerned(step)))),
        begun=tuple(one for key, one in then.items() if key not in running or running[key].due_at != one.due_at),
        stopped=tuple(one for key, one in running.items() if key not in then),
        also_in=also_in,
        dates=tuple(_dates(process, whole, happened, act)),
    )


def _act(intent: Intent, viewer: Viewer, *, named: Collection[str], directory: Directory) -> Act:
    """Make the act, with what is known of the people it names."""
    known = {one.id: one for one in directory.people(named).values() if one.active} if named else {}
    return Act(
        trigger=intent.trigger,
        actor=viewer.actor,
        at=intent.at,
        recorded_at=intent.at,
        inputs=intent.inputs,
        employers={one.id: one.organisation_id for one in known.values() if one.organisation_id},
        strangers=frozenset(named) - known.keys(),
    )


def _dates(process: Process, case: Case, happened: tuple[Event, ...], act: Act) -> Iterator[MovedDate]:
    """Yield what an extension moves, or what one would that is only asked for or agreed to by some."""
    for change in (change for event in happened for change in event.changes):
        if isinstance(change, events.DueMoved):
            yield from change.dates
            return
    asked = (change.item for event in happened for change in event.changes if isinstance(change, events.ItemRecorded))
    for item in asked:
        if isinstance(item, Proposal):
            yield from moved_dates.asked_for(process, case, act.calendars, proposal=item, at=act.at)


def _also_in(
    record: Record, viewer: Viewer, case: Case, *, wanted: bool, touched: tuple[Session, ...]
) -> Iterator[Case]:
    """Yield the joined cases that get an act too: all where that is asked for, else those that share its session."""
    for other in joined.partners(case):
        _, found = queries.case_for(record, viewer, other)
        if found.closed_at is None and (wanted or joined.takes_part(found, touched)):
            yield found


def _informed(record: Record, process: Process, case: Case, act: Act) -> Act:
    """Put beside the act calendars, what is on file about people, and the other case that it names or would open."""
    with reading(record.engine) as connection:
        other = deciding.beside(connection, process, case, act)
        known = on_file.for_act(connection, process, case, act)
    act = replace(act, calendars=record.calendars, directory=known)
    return branches.with_other(process, case, act, other=other) if other else act


def _clocks(record: Record, viewer: Viewer, process: Process, case: Case) -> dict[str, OpenDeadline]:
    """Name the clocks that run on a case, as far as this viewer may see them, by their occurrence."""
    zones = roles.readable_zones(process, case, viewer.actor)
    running = timers.open_deadlines(process, case, record.calendars)
    return {deadline.occurrence: deadline for deadline in timers.seen_in(zones, running)}
