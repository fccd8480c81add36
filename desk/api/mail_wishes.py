"""How one wants to be written to, as JSON, and what is decided on mails that are held."""

from __future__ import annotations

from datetime import time

from fastapi import APIRouter
from pydantic import Field

from cases import mail_wishes, resending
from cases.mail_wishes import Wishes
from config.settings import Rhythm
from desk import administration, mail_wishes_form
from desk.api import schemas
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import Administers, AsMyself
from states import errors
from states.said import say
from states.wall_time import Window

_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"

router = APIRouter(prefix="/api", route_class=ApiRoute, responses=schemas.PROBLEMS)


class MailWishes(schemas.Model):
    """How somebody wants to be written to, on their own clock; notices that are served come by themselves anyway."""

    rhythm: Rhythm = Field(description="how the notices come that only tell")
    digest_at: str = Field(examples=["08:00"], pattern=f"^{_TIME}$", description="when what is gathered comes")
    hours: str = Field(examples=["07:00-20:00"], pattern=f"^{_TIME}-({_TIME}|24:00)$")
    every_day: bool = Field(description="whether mails come on days off, too")


class HeldMails(schemas.Model):
    """How many mails were held."""

    mails: int


@router.get("/me/mails", tags=["me"])
def show_mail_wishes(visit: AsMyself) -> MailWishes:
    """Show how one is written to."""
    return _shown(mail_wishes_form.wishes_of(visit))


@router.put("/me/mails", tags=["me"])
def put_mail_wishes(visit: AsMyself, wanted: MailWishes) -> MailWishes:
    """Keep how one wants to be written to."""
    wishes = Wishes(
        rhythm=wanted.rhythm,
        digest_at=time.fromisoformat(wanted.digest_at),
        hours=_window(wanted.hours),
        every_day=wanted.every_day,
    )
    mail_wishes.put(visit.desk.record.engine, visit.person.id, wishes)
    return _shown(wishes)


@router.post("/undelivered/held/release", tags=["administration"], dependencies=ONCE)
def release_held_letters(visit: Administers) -> HeldMails:
    """Let the reminders go that came late all at once, the oldest first and twenty a minute."""
    administration.administering(visit)
    return HeldMails(mails=resending.release_held(visit.desk.record.engine, now=visit.words.now))


@router.post("/undelivered/held/withdraw", tags=["administration"], dependencies=ONCE)
def withdraw_held_letters(visit: Administers) -> HeldMails:
    """Withdraw the reminders that came late all at once."""
    administration.administering(visit)
    return HeldMails(mails=resending.withdraw_held(visit.desk.record.engine, now=visit.words.now))


def _window(text: str) -> Window:
    try:
        return Window.parse(text)
    except errors.DefinitionError:
        raise errors.NeedsMissing(say("write the hours as 07:00-20:00, the first before the last")) from None


def _shown(wishes: Wishes) -> MailWishes:
    return MailWishes(
        rhythm=wishes.rhythm, digest_at=f"{wishes.digest_at:%H:%M}", hours=str(wishes.hours), every_day=wishes.every_day
    )
