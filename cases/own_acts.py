"""What somebody did in a case themselves: they know of it, in whichever room it was put down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cases import tables, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAct:
    """One entry of the record that its reader made: its id, the act by its label, and when it was recorded."""

    event_id: int
    trigger: str
    label: str
    recorded_at: datetime


def own_acts(record: Record, who: Viewer, case_ref: str) -> tuple[OwnAct, ...]:
    """List what a viewer did in a case, newest first; raise `NotFound` for a case that is not theirs."""
    events = tables.events.c
    wanted = select(events.id, events.trigger, events.recorded_at)
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        mine = wanted.where(events.case_id == seen.case.id, events.actor == who.person).order_by(events.seq.desc())
        known = seen.process.triggers
        return tuple(
            OwnAct(
                event_id=row.id,
                trigger=row.trigger,
                label=known[row.trigger].label if row.trigger in known else row.trigger,
                recorded_at=row.recorded_at,
            )
            for row in connection.execute(mine)
        )
