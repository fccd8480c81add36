"""What would follow, as JSON, before anything is done: of an act on a case, and of a case that is not opened yet."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from desk import rehearsal
from desk.api import schemas
from desk.api.bounds import CaseRef, Trigger
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases
from desk.pages import check_view
from desk.pages.check_view import MailView
from desk.pages.sides_view import Side

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["acts"], responses=schemas.PROBLEMS)


class Recipient(schemas.Model):
    """Somebody who would get a mail, and because of which part in the case."""

    name: str
    part: str = Field(examples=["Representative (Mission West)"])


class MailToCome(schemas.Model):
    """A mail that would go out, in the language of its readers."""

    subject: str
    text: str
    language: str = Field(examples=["fr"])
    asks: bool = Field(description="whether it asks its readers to do something")
    to: list[Recipient]


class ClockToRun(schemas.Model):
    """A clock that would run, until when, and what happens then if nothing is done."""

    label: str
    due_at: datetime
    means: str


class ToSee(schemas.Model):
    """One thing a party would see: what it is, and its words."""

    title: str = Field(examples=["Note"])
    text: str


class SideSees(schemas.Model):
    """What one party would see of the act, and what is kept from it."""

    party: str
    sees: list[ToSee]
    lacks: list[str]


class Checked(schemas.Model):
    """Everything that would follow, in sentences; `version` is that of the case it was weighed on."""

    version: int
    changes: list[str]
    sides: list[SideSees]
    mails: list[MailToCome]
    clocks: list[ClockToRun]
    stopped: list[str]


class Weighing(schemas.Model):
    """The inputs of an act that is only weighed."""

    inputs: schemas.Inputs = Field({}, examples=[{"text": "A note", "zone": "team"}])


@router.post("/cases/{case_ref}/acts/{trigger}/check")
def check_act(case_ref: CaseRef, trigger: Trigger, visit: ReadsCases, weighing: Weighing) -> Checked:
    """Tell what an act would change, who would be written to in which words, and which clocks would run.

    Nothing is recorded. It is refused, with everything that is missing, exactly as the act itself would be.
    """
    intent = rehearsal.Intent(trigger=trigger, inputs=weighing.inputs, at=visit.words.now)
    desk = visit.desk
    found = rehearsal.rehearse_act(desk.record, visit.viewer, case_ref, intent=intent, directory=desk.directory)
    told = check_view.of(found, visit)
    return Checked(
        version=found.before.version,
        changes=list(told.changes),
        sides=[_side(one) for one in told.sides],
        mails=[_mail(one) for one in told.mails],
        clocks=[ClockToRun(label=one.label, due_at=one.due_at, means=one.means) for one in told.clocks],
        stopped=list(told.stopped),
    )


def _side(one: Side) -> SideSees:
    sees = [ToSee(title=thing.title, text=thing.text) for thing in one.sees]
    return SideSees(party=one.name, sees=sees, lacks=list(one.lacks))


def _mail(one: MailView) -> MailToCome:
    return MailToCome(
        subject=one.words.subject,
        text=one.words.text,
        language=one.words.language,
        asks=one.asks,
        to=[Recipient(name=name, part=part) for name, part in one.to],
    )
