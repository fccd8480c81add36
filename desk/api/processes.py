"""Versions of a process as JSON: a changed one is rehearsed on all cases before anybody uses it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from config import load, vocabulary
from desk import process_rehearsal
from desk.api import schemas
from desk.api.bounds import LONGEST_NAME
from desk.api.route import ApiRoute
from desk.api.scopes import Administers
from desk.process_rehearsal import Comparison, Tally
from states import errors
from states.process import Process
from states.roles import ADMINISTRATOR
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["processes"], responses=schemas.PROBLEMS)

LONGEST = 1_000_000


class Draft(schemas.Model):
    """A changed process, as YAML, and the stored version to compare it with; without one, that of each case."""

    definition: str = Field(max_length=LONGEST, examples=["extends: dispute\nprocess: dispute\n…"])
    against: str = Field("", max_length=LONGEST_NAME, examples=["dispute@1f3ac2d4e5b6"])


class Counts(schemas.Model):
    """What came of all cases; mails are counted one for each reader, by the hour of that reader's own day."""

    mails: int
    by_role: dict[str, int]
    by_hour: dict[int, int]
    at_night: int
    on_days_off: int
    escalations: dict[str, int]
    ran_out: dict[str, int]
    refused: dict[str, int]


class CaseDiffers(schemas.Model):
    """A case that would go otherwise, and since when."""

    number: str
    open: bool
    since: datetime
    before: str
    after: str


class CaseStays(schemas.Model):
    """An open case that could not move without a choice, and why."""

    number: str
    reasons: list[str]


class Rehearsed(schemas.Model):
    """Both sides of a rehearsal."""

    version: str = Field(examples=["dispute@1f3ac2d4e5b6"])
    open: int
    past: int
    before: Counts
    after: Counts
    differ: list[CaseDiffers]
    stay: list[CaseStays]


@router.post("/processes/rehearse")
def rehearse_process(draft: Draft, visit: Administers) -> Rehearsed:
    """Tell what a changed process would do to every case, open and past; for administrators. Nothing is written."""
    if ADMINISTRATOR not in visit.actor.offices:
        sentence = say("rehearsing a process on all cases is for administrators of the desk")
        raise errors.NotYours(sentence)
    desk = visit.desk
    known = vocabulary.known(desk.record.calendars)
    new = load.load_text(draft.definition, name="the definition", vocabulary=known)
    name, _, beginning = draft.against.rpartition("@")
    against = desk.record.registry.version(name, beginning) if draft.against else None
    found = process_rehearsal.rehearse(desk.record, desk.directory, new, against=against, now=visit.words.now)
    return _said(new, found)


def _said(new: Process, found: Comparison) -> Rehearsed:
    return Rehearsed(
        version=new.version,
        open=found.open,
        past=found.past,
        before=_counts(found.before),
        after=_counts(found.after),
        differ=[
            CaseDiffers(number=one.number, open=one.open, since=one.since, before=one.before, after=one.after)
            for one in found.differ
        ],
        stay=[CaseStays(number=one.number, reasons=list(one.reasons)) for one in found.stay],
    )


def _counts(tally: Tally) -> Counts:
    return Counts(
        mails=tally.mails,
        by_role=dict(tally.by_role),
        by_hour=dict(tally.by_hour),
        at_night=tally.at_night,
        on_days_off=tally.on_days_off,
        escalations=dict(tally.escalations),
        ran_out=dict(tally.ran_out),
        refused=dict(tally.refused),
    )
