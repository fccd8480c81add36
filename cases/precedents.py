"""Earlier cases like this one that came to an end, as far as whoever asks may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from cases import tables, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import endings
from states.items import Decision
from states.marks import MarkKind
from states.roles import SHARED

MOST = 5
"""How many precedents are told of: the newest."""
_LOOKED_AT = 100
_LIKE = (MarkKind.CLAUSE, MarkKind.CAUSE, MarkKind.PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A closed case that shares a clause, a cause or a place with this one: how it ended, and what a tier answered."""

    number: str
    title: str
    closed_at: datetime
    ended: str
    answers: tuple[str, ...]


def precedents(record: Record, who: Viewer, case_id: str) -> tuple[Precedent, ...]:
    """List the precedents of a case that the viewer may read, the newest first."""
    marks, cases = tables.case_marks, tables.cases
    mine = select(marks.c.key).where(marks.c.case_id == case_id, marks.c.kind.in_(_LIKE))
    alike = (
        select(cases.c.id, cases.c.closed_at)
        .join(marks, marks.c.case_id == cases.c.id)
        .where(cases.c.id != case_id, cases.c.closed_at.is_not(None), marks.c.kind.in_(_LIKE), marks.c.key.in_(mine))
        .distinct()
        .order_by(cases.c.closed_at.desc(), cases.c.id)
        .limit(_LOOKED_AT)
    )
    with reading(record.engine) as connection:
        ids = [row.id for row in connection.execute(alike)]
        return tuple(_told(one) for one in islice(viewer.see_many(record, who, connection, ids), MOST))


def _told(seen: Seen) -> Precedent:
    case = seen.case
    return Precedent(
        number=case.number,
        title=case.title,
        closed_at=case.closed_at or case.opened_at,
        ended=endings.how_it_ended(seen.process, case),
        answers=tuple(one.text for one in case.all(Decision) if one.zone == SHARED),
    )
