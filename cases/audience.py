"""Who is in a case, as bare ids, for the mail room; what each of them may read is asked of `cases.queries`."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from cases import tables
from cases.record import Record
from cases.unit_of_work import reading

_people = select(tables.case_people.c.person_id).where(tables.case_people.c.case_id == bindparam("case_id")).distinct()


def people_in(record: Record, case_id: str) -> tuple[str, ...]:
    """List the ids of everybody with a part in a case."""
    with reading(record.engine) as connection:
        return tuple(sorted(connection.execute(_people, {"case_id": case_id}).scalars()))
