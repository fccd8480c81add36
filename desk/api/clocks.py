"""The clocks of a case as JSON: whose time it was so far, and what comes if nobody does anything."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from cases import queries
from cases.queries import LateDuty, TimeShare
from desk import preview, spent_words
from desk.api import schemas
from desk.api.bounds import CaseRef
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases
from desk.preview import ComingStep

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["clocks"], responses=schemas.PROBLEMS)


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


class Addressee(schemas.Model):
    """Somebody who would get a mail, and because of which part in the case."""

    name: str
    part: str = Field(examples=["Representative (Mission West)"])


class ComingMail(schemas.Model):
    """A mail that would go out."""

    name: str = Field(examples=["duty_reminder"])
    kind: str = Field(examples=["action"])
    to: list[Addressee]


class Step(schemas.Model):
    """One step: the clock, and the act it would do, null for a reminder; stage and tier where the case would move.

    `called` says who is called beside or in place of somebody, and why.
    """

    at: datetime
    clock: str
    about: str
    act: str | None
    label: str
    means: str
    called: list[str]
    mails: list[ComingMail]
    stage: str | None
    tier: str | None
    refused: str | None


class Preview(schemas.Model):
    """What comes if nobody does anything; `more` tells that other steps follow."""

    steps: list[Step]
    more: bool


@router.get("/cases/{case_ref}/preview")
def show_preview(case_ref: CaseRef, visit: ReadsCases, *, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Preview:
    """Tell everything that comes if nobody does anything, from what the signed-in person may read."""
    desk = visit.desk
    found = preview.of(desk.record, visit.viewer, case_ref, now=visit.words.now, most=limit)
    return Preview(steps=[_step(one) for one in found.steps], more=found.more)


def _step(one: ComingStep) -> Step:
    mails = [
        ComingMail(
            name=mail.name,
            kind=mail.kind,
            to=[Addressee(name=got.person.name, part=got.part) for got in mail.to],
        )
        for mail in one.mails
    ]
    return Step(
        at=one.at,
        clock=one.clock,
        about=one.about,
        act=one.act,
        label=one.label,
        means=one.means,
        called=list(one.called),
        mails=mails,
        stage=one.stage,
        tier=one.tier,
        refused=one.refused,
    )


@router.get("/cases/{case_ref}/time")
def show_time(case_ref: CaseRef, visit: ReadsCases) -> TimeSpent:
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
