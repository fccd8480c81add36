"""How the clockwork does, as JSON, for administrators: no content of cases, and no number of one."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import equal_notice, watchdog
from cases.watchdog import Lateness
from desk.api import schemas
from desk.api.route import ApiRoute
from desk.api.scopes import Administers
from states import errors
from states.roles import ADMINISTRATOR
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["health"], responses=schemas.PROBLEMS)


class Beat(schemas.Model):
    """One heartbeat: when it last beat, null for never, and whether that is too long ago."""

    name: str = Field(examples=["escalations"])
    last_at: datetime | None
    late: bool


class Late(schemas.Model):
    """How many seconds after their due instants the timers of the last hours fired; null where none did."""

    hours: int = Field(examples=[24])
    fired: int
    p50: float | None
    p99: float | None


class Health(schemas.Model):
    """How the clockwork does; `late` names what stands still."""

    well: bool
    late: list[str] = Field(examples=[["escalations", "timers"]])
    beats: list[Beat]
    open_cases: int
    without_date: int
    missing_timers: int
    overdue: int
    parked: int
    unequal: int = Field(description="notices that reached one side of a case and not the other in time")
    lateness: list[Late]


@router.get("/health")
def show_health(visit: Administers) -> Health:
    """Tell how the clockwork does: beats, next dates of open cases, overdue and parked timers, lateness."""
    if ADMINISTRATOR not in visit.actor.offices:
        sentence = say("the health of the desk is for its administrators")
        raise errors.NotYours(sentence)
    found = watchdog.watch(visit.desk.record, now=visit.words.now)
    return Health(
        well=not found.late,
        late=list(found.late),
        beats=[Beat(name=one.name, last_at=one.last_at, late=one.late) for one in found.hearts],
        open_cases=found.open_cases,
        without_date=len(found.undated),
        missing_timers=len(found.gaps),
        overdue=len(found.overdue),
        parked=len(found.parked),
        unequal=equal_notice.count(visit.desk.record, now=visit.words.now),
        lateness=[_late(one) for one in found.lateness],
    )


def _late(one: Lateness) -> Late:
    p50, p99 = (None if span is None else span.total_seconds() for span in (one.p50, one.p99))
    return Late(hours=round(one.window.total_seconds() / 3600), fired=one.fired, p50=p50, p99=p99)
