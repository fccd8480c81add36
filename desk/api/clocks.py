"""The clocks of a case as JSON: whose time it was so far."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import queries
from cases.queries import LateDuty, TimeShare
from desk import spent_words
from desk.access import DeclaredRoute, Signed
from desk.api import schemas

router = APIRouter(prefix="/api", route_class=DeclaredRoute, tags=["clocks"], responses=schemas.PROBLEMS)


class Share(schemas.Model):
    """The time of one holder; `names` are the ids of parties, the role or the tier."""

    who: str = Field(examples=["party"])
    names: list[str] = Field(examples=[["A"]])
    label: str = Field(examples=["Mission West"])
    seconds: float
    working_seconds: float
    percent: float
    words: str = Field(examples=["Mission West: 3 d 4 h, of it 19 h of working time"])


class Late(schemas.Model):
    """A clock that ran out before the act came; `first_due_at` is its date before any extension."""

    label: str
    who: str
    first_due_at: datetime
    due_at: datetime
    ran_out_at: datetime
    ended_at: datetime | None
    late_by_seconds: float


class TimeSpent(schemas.Model):
    """Whose clock it was: the shares add up to `seconds`."""

    since: datetime
    until: datetime
    seconds: float
    shares: list[Share]
    late: list[Late]


@router.get("/cases/{case_ref}/time")
def show_time(case_ref: str, visit: Signed) -> TimeSpent:
    """Tell whose clock it was in a case, alike to everybody who reads what all parties share."""
    found = queries.time_spent(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    return TimeSpent(
        since=found.since,
        until=found.until,
        seconds=found.elapsed.total_seconds(),
        shares=[_share(one) for one in found.shares],
        late=[_late(one) for one in found.late],
    )


def _share(one: TimeShare) -> Share:
    return Share(
        who=one.who,
        names=list(one.names),
        label=one.label,
        seconds=one.elapsed.total_seconds(),
        working_seconds=one.working.total_seconds(),
        percent=round(one.percent, 3),
        words=spent_words.share(one),
    )


def _late(one: LateDuty) -> Late:
    return Late(
        label=one.label,
        who=one.who,
        first_due_at=one.first_due_at,
        due_at=one.due_at,
        ran_out_at=one.ran_out_at,
        ended_at=one.ended_at,
        late_by_seconds=one.late_by.total_seconds(),
    )
