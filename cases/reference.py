"""Finds which case is meant: for the operator of the machine, who may name a case without reading it."""

from __future__ import annotations

from sqlalchemy import Engine, or_, select

from cases import tables
from cases.unit_of_work import reading
from states import errors
from states.said import say


def case_id(engine: Engine, case_ref: str) -> str:
    """Return the id of the case that an id or a number names; raise `NotFound` when there is none."""
    wanted = select(tables.cases.c.id).where(or_(tables.cases.c.id == case_ref, tables.cases.c.number == case_ref))
    with reading(engine) as connection:
        found = connection.execute(wanted).scalar()
    if found is None:
        raise errors.NotFound(
            say(
                "there is no case “%(case)s”; name one by its number, such as D-2026-0001, or its id",
                case=case_ref,
            )
        )
    return str(found)
