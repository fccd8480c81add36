"""What comes in a case if nobody does anything, told from what its viewer may read and from nothing else.

So it tells no secret; what others keep for themselves may make it come otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from cases import armed, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, simulate
from states.case import Case
from states.process import Process
from states.simulate import Passed

MOST = 200
"""How many steps are looked at: some cases come back to the same clock for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """The steps in order, as far as the viewer may know of them; `more` tells that others follow."""

    process: Process
    case: Case
    zones: frozenset[str]
    steps: tuple[Passed, ...]
    more: bool


def foreseen(record: Record, who: Viewer, case_ref: str, *, now: datetime, most: int = MOST) -> Foreseen:
    """Foresee a case from now on; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        settled = armed.settled(connection, seen.case.id)
    fields = {field.name: field.initial for field in seen.process.fields.values()}
    case = replace(seen.case, fields={**fields, **seen.case.fields})
    walk = simulate.walk(_known(seen), case, record.calendars, settled=settled, now=now)
    found = tuple(islice(_told(seen, _within_calendars(walk)), most + 1))
    return Foreseen(process=seen.process, case=seen.case, zones=seen.zones, steps=found[:most], more=len(found) > most)


def _known(seen: Seen) -> Process:
    """Return the process with the clocks that the viewer may see: what others do not know of is not foreseen."""
    deadlines = seen.process.deadlines.items()
    return replace(seen.process, deadlines={name: rule for name, rule in deadlines if seen.may_read(rule.zone)})


def _within_calendars(walk: Iterator[Passed]) -> Iterator[Passed]:
    """Stop where the working calendars end, for nobody has laid down which days are off after that."""
    try:
        yield from islice(walk, simulate.MOST_STEPS)
    except errors.OutsideCalendar:
        return


def _told(seen: Seen, walk: Iterator[Passed]) -> Iterator[Passed]:
    """Leave out what lies in zones the viewer does not read, and, but for the team, what would be refused."""
    for one in walk:
        item = one.before.item(one.timer.item) if one.timer.item else None
        readable = not one.happened or any(seen.may_read(event.zone) for event in one.happened)
        if seen.may_read(item.zone if item else None) and readable and (seen.reads_team or not one.refused):
            yield one
