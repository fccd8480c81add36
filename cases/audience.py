"""Who is in a case, as bare ids, for the mail room; what each of them may read is asked of `cases.queries`."""

from __future__ import annotations

from sqlalchemy import bindparam, select, union

from cases import tables
from cases.record import Record
from cases.unit_of_work import reading

_people = select(tables.case_people.c.person_id).where(tables.case_people.c.case_id == bindparam("case_id")).distinct()


_who_did = union(_people, select(tables.events.c.actor).where(tables.events.c.id == bindparam("event_id")))


def people_in(record: Record, case_id: str, *, who_did: int | None = None) -> tuple[str, ...]:
    """List the ids of everybody with a part in a case, and of whoever did an event when one is given."""
    given = {"case_id": case_id, "event_id": who_did}
    with reading(record.engine) as connection:
        found = connection.execute(_people if who_did is None else _who_did, given)
        return tuple(sorted(found.scalars()))
