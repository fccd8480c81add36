"""What comes in a case if nobody does anything, told from what its viewer may read and from nothing else.

So it tells no secret; what others keep for themselves may make it come otherwise. Whoever reads why people are called
to a tier is told of those who will be, by what is on file of absences, posts and deputies today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from cases import armed, directory, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import playing, roles
from states.case import Case
from states.playing import MOST_STEPS, Around, Played, Playing
from states.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """The steps in order, as far as the viewer may know of them; `more` tells that others follow."""

    process: Process
    case: Case
    zones: frozenset[str]
    steps: tuple[Played, ...]
    more: bool


def foreseen(record: Record, who: Viewer, case_ref: str, *, now: datetime, most: int = MOST_STEPS) -> Foreseen:
    """Foresee a case from now on; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        play = _play(record, seen, connection, now=now)
        steps, more = _told(seen, play, most=most)
    return Foreseen(process=seen.process, case=seen.case, zones=seen.zones, steps=steps, more=more)


def _play(record: Record, seen: Seen, connection: Connection, *, now: datetime) -> Playing:
    """Begin to play what the viewer may see; fields that they may not read are at their beginning."""
    fields = {field.name: field.initial for field in seen.process.fields.values()}
    case = replace(seen.case, fields={**fields, **seen.case.fields})
    around = Around(calendars=record.calendars)
    if seen.may_read(roles.SENIORS):
        around = replace(around, on_file=directory.for_many(connection))
    return Playing(_known(seen), case, around, now=now, settled=armed.settled(connection, case.id))


def _known(seen: Seen) -> Process:
    """Return the process with the clocks that the viewer may see: what others do not know of is not foreseen."""
    deadlines = seen.process.deadlines.items()
    return replace(seen.process, deadlines={name: rule for name, rule in deadlines if seen.may_read(rule.zone)})


def _told(seen: Seen, play: Playing, *, most: int) -> tuple[tuple[Played, ...], bool]:
    """Collect the steps that the viewer may know of, and tell whether others follow."""
    told: list[Played] = []
    for place, one in enumerate(playing.within_calendars(play.fire())):
        if place == MOST_STEPS:
            return tuple(told), True
        if _may_know(seen, one):
            if len(told) == most:
                return tuple(told), True
            told.append(one)
    return tuple(told), False


def _may_know(seen: Seen, one: Played) -> bool:
    """Tell whether a step lies in zones the viewer reads; what would be refused is for the team alone."""
    item = one.before.item(one.timer.item) if one.timer is not None and one.timer.item else None
    readable = not one.happened or any(seen.may_read(event.zone) for event in one.happened)
    return seen.may_read(item.zone if item else None) and readable and (seen.reads_team or not one.refused)
