"""For how long data is kept, as JSON for administrators: a period for each class, and what it would delete."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import retention
from cases.retention import LONGEST_DAYS, DataClass
from desk import administration
from desk.api import schemas
from desk.api.route import ApiRoute
from desk.api.scopes import Administers
from desk.visits import Visit

router = APIRouter(prefix="/api/retention", route_class=ApiRoute, tags=["administration"], responses=schemas.PROBLEMS)


class Kept(schemas.Model):
    """For how many days a class is kept, null for ever."""

    days: int | None = Field(ge=1, le=LONGEST_DAYS, examples=[180])


class KeptClass(Kept):
    """A class with its period, and what that would delete: now, within thirty days, and when the next after now."""

    data: DataClass
    changed_by: str | None
    changed_at: datetime | None
    due_now: int
    due_soon: int
    next_at: datetime | None


class KeptClasses(schemas.Model):
    """Every class of data."""

    classes: list[KeptClass]


@router.get("")
def list_periods(visit: Administers) -> KeptClasses:
    """List every class of data with its period. Nothing is deleted by this version of Parley."""
    administration.administering(visit)
    return KeptClasses(classes=_classes(visit))


@router.put("/{data}")
def put_period(data: DataClass, visit: Administers, kept: Kept) -> KeptClass:
    """Keep a class for another period."""
    administration.administering(visit)
    engine, now = visit.desk.record.engine, visit.words.now
    retention.decide(engine, data, kept.days, by=visit.person.id, now=now)
    return next(one for one in _classes(visit) if one.data is data)


def _classes(visit: Visit) -> list[KeptClass]:
    engine, now = visit.desk.record.engine, visit.words.now
    found = [(one, retention.outlook(engine, one, now=now)) for one in retention.periods(engine)]
    return [
        KeptClass(
            data=one.data,
            days=one.days,
            changed_by=one.changed_by,
            changed_at=one.changed_at,
            due_now=due.now,
            due_soon=due.soon,
            next_at=due.next_at,
        )
        for one, due in found
    ]
