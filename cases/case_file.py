"""The whole file of one case for a viewer: where it stands, what comes next, and everything readable that happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import bindparam, select

from cases import coming, deadline_view, messages, repository, tables, timeline, viewer
from cases.deadline_view import DeadlineView, Holder
from cases.messages import MessageRow
from cases.record import Record
from cases.timeline import Entry, Happened
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, timers
from states.case import Case
from states.events import Event, ProcessMigrated, StageEntered
from states.machine import Option
from states.process import Process
from states.roles import SHARED, Actor
from states.timers import Timer


class PhaseState(StrEnum):
    """Where a phase of the process stands in a case; `skipped` is one the case went past without entering it."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """A phase on the stepper: since when the case is or was in it, and when it left it."""

    name: str
    label: str
    state: PhaseState
    since: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What happens next: who must do what by when, and what happens by itself if they do not.

    `means_at` is None where nothing happens by itself. `paused` tells that all clocks stand still until `due_at`.
    """

    what: str
    duty: str
    holders: tuple[Holder, ...]
    due_at: datetime
    means: str
    means_at: datetime | None
    mine: bool
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case as a viewer may see it; `version` and `head` say which state of the record this is.

    `dates` are the deadlines, with everything else that has a date to come, in order.
    """

    case: Case
    process: Process
    zones: frozenset[str]
    roles: frozenset[str]
    timeline: tuple[Entry, ...]
    deadlines: tuple[DeadlineView, ...]
    dates: tuple[DeadlineView, ...]
    next_step: NextStep | None
    options: tuple[Option, ...]
    messages: tuple[MessageRow, ...]
    phases: tuple[PhaseView, ...]
    version: int
    head: str


def case_file(record: Record, who: Viewer, case_ref: str, *, now: datetime) -> CaseFile:
    """Read the file of a case by its id or number; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        happened = timeline.read_events(connection, seen)
        mails = messages.of_case(who, connection, seen)
        told = timeline.reminders(mails) if seen.reads_team else ()
        running = viewer.deadlines(record, seen)
        look = coming.Look(record=record, who=who, connection=connection, now=now, until=now + coming.AHEAD)
        names = deadline_view.names_of(connection, [(seen, deadline) for deadline in running])
        views = tuple(deadline_view.describe(seen, deadline, names=names, now=now) for deadline in running)
        return CaseFile(
            case=seen.case,
            process=seen.process,
            zones=seen.zones,
            roles=seen.roles,
            timeline=timeline.merged(timeline.entries(connection, seen, happened), told),
            deadlines=views,
            dates=coming.in_order(coming.of_case(look, seen)),
            next_step=_next_step(seen, who, views),
            options=viewer.options(record, who, connection, seen, now=now),
            messages=mails,
            phases=phases(seen.process, seen.case, happened),
            version=seen.case.version,
            head=seen.head,
        )


def case_for(record: Record, who: Viewer, case_ref: str) -> tuple[Process, Case]:
    """Read a case, with only the items and fields the viewer may see, and its process."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
    return seen.process, seen.case


def case_to_rehearse(record: Record, who: Viewer, case_ref: str) -> tuple[Process, Case, Case]:
    """Read the process of a case, the case as its viewer may see it, and the whole of it, of which nothing is shown."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        whole = repository.load(connection, seen.case.id).case
    return seen.process, seen.case, whole


def event(record: Record, who: Viewer, event_id: int) -> Entry:
    """Read one event of a case in words; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        of_case = connection.execute(_case_of_event, {"event_id": event_id}).scalar()
        seen = viewer.find(record, who, connection, of_case or "")
        found = timeline.read_events(connection, seen, tables.events.c.id == event_id)
        if not found:
            raise errors.NotFound(viewer.UNKNOWN)
        return timeline.entries(connection, seen, found)[0]


def foretold(record: Record, process: Process, case: Case, told: Event) -> Entry | None:
    """Put an act into words that has not happened, as whoever reads this much of the case would be told of it."""
    zones = frozenset({told.zone, *(item.zone for item in case.items)})
    seen = Seen(process=process, case=case, zones=zones, roles=frozenset(), head="")
    with reading(record.engine) as connection:
        return next(iter(timeline.entries(connection, seen, timeline.as_told(seen, told))), None)


def cover(record: Record, case_id: str) -> tuple[Process, Case]:
    """Read of a case what somebody who had a part in it knows: its number and title, no item, and where it began."""
    with reading(record.engine) as connection:
        case = repository.load(connection, case_id).case
    process = record.registry.get(case.process)
    kept = Case(
        id=case.id,
        number=case.number,
        process=case.process,
        title=case.title,
        stage=process.initial,
        stage_since=case.opened_at,
        opened_at=case.opened_at,
        closed_at=case.opened_at,
    )
    return process, kept


def own_act(record: Record, actor: Actor, event_id: int) -> tuple[Process, Case, Entry]:
    """Read an act as whoever did it may, though they have no part in the case: what they said, and no item of it.

    Raises `NotFound` for what is unknown, was done by somebody else, or lies in a confidential zone.
    """
    who = tables.events.c.actor == actor.person
    with reading(record.engine) as connection:
        of_case = connection.execute(_case_of_event.where(who), {"event_id": event_id}).scalar()
        if of_case is None:
            raise errors.NotFound(viewer.UNKNOWN)
        stored = repository.load(connection, of_case)
        process, case = record.registry.get(stored.case.process), replace(stored.case, items=(), fields={})
        seen = Seen(process=process, case=case, zones=frozenset({SHARED}), roles=frozenset(), head=stored.head)
        found = timeline.read_events(connection, seen, tables.events.c.id == event_id)
        if not found:
            raise errors.NotFound(viewer.UNKNOWN)
        return process, case, timeline.entries(connection, seen, found)[0]


def phases(process: Process, case: Case, happened: Iterable[Happened]) -> tuple[PhaseView, ...]:
    """Say of each phase whether it is done, current or to do, from the stages the case entered.

    Who may not read of those, as somebody who is only asked to mediate, is told no dates.
    """
    entered = [(case.opened_at, process.phase_of(process.initial))]
    entered += [
        (change.at, process.phase_of(change.stage))
        for one in happened
        for change in one.event.changes
        # An earlier version of the process may have had stages that this one has not.
        if isinstance(change, StageEntered | ProcessMigrated) and change.stage in process.stages
    ]
    moves = [pair for pair in pairwise(entered) if pair[0][1] != pair[1][1]]
    since = dict([(entered[0][1], entered[0][0]), *((phase, at) for _, (at, phase) in moves)])
    left = {phase: at for (_, phase), (at, _) in moves}
    order = list(process.phases)
    here = order.index(process.phase_of(case.stage))
    views = []
    for place, name in enumerate(order):
        state = _phase_state(place, here, entered=name in since)
        known = state in {PhaseState.DONE, PhaseState.CURRENT}
        done_at = left.get(name) if state is PhaseState.DONE else None
        begun = since.get(name) if known else None
        views.append(PhaseView(name=name, label=process.phases[name], state=state, since=begun, done_at=done_at))
    return tuple(views)


def _phase_state(place: int, here: int, *, entered: bool) -> PhaseState:
    if place == here:
        return PhaseState.CURRENT
    if place > here:
        return PhaseState.TODO
    return PhaseState.DONE if entered else PhaseState.SKIPPED


def _next_step(seen: Seen, who: Viewer, views: Iterable[DeadlineView]) -> NextStep | None:
    """Choose what the clocks will do first, or else what is due first; in a pause, that is the end of the pause."""
    if seen.case.stay is not None:
        return next((_resume(timer) for timer in timers.resume(seen.process, seen.case)), None)
    coming = sorted(views, key=lambda view: (view.consequence is None, view.means_at or view.due_at))
    return _step(coming[0], who) if coming else None


def _step(view: DeadlineView, who: Viewer) -> NextStep:
    return NextStep(
        what=view.label,
        duty=view.duty,
        holders=view.holders,
        due_at=view.consequence.at if view.overdue and view.consequence else view.due_at,
        means=view.means,
        means_at=view.means_at,
        mine=any(holder.id == who.person for holder in view.holders),
    )


def _resume(timer: Timer) -> NextStep:
    return NextStep(
        what=coming.PAUSED,
        duty="",
        holders=(),
        due_at=timer.due_at,
        means=timer.means,
        means_at=timer.due_at,
        mine=False,
        paused=True,
    )


_case_of_event = select(tables.events.c.case_id).where(tables.events.c.id == bindparam("event_id"))
