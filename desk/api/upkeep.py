"""What administrators look after, as JSON: mails that reached nobody, the texts of mails, and the record itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from cases import ledger, messages, notifying, undelivered, wordings
from cases.unit_of_work import reading
from desk import administration, office_words
from desk.api import mails, paging, schemas
from desk.api.bounds import LARGEST_ID, MOST_OF_ANYTHING, ItemId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import Administers
from desk.pages import dead_letters, mail_texts
from notifications import samples, tongues

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["administration"], responses=schemas.PROBLEMS)


class Undelivered(schemas.Model):
    """A mail that reached nobody: whom it was for, and the last words of their server. Of a case it tells nothing."""

    id: int
    person: str
    address: str
    mail: str = Field(examples=["stage_entered"])
    state: str = Field(examples=["refused"])
    attempts: int
    settled_at: datetime | None
    code: int | None = Field(examples=[550])
    reply: str
    why: schemas.MailWhy | None = Field(description="from what rooms its lines are, without ids")


class UndeliveredList(schemas.Page):
    """A page of the newest hundred of them; `unwritten` counts those that could not even be written."""

    undelivered: list[Undelivered]
    unwritten: int


class WhichMails(schemas.Model):
    """The numbers of the mails that are tried again; null for all of them, and those that could not be written."""

    messages: list[Annotated[int, Field(ge=1, le=LARGEST_ID)]] | None = Field(
        None, min_length=1, max_length=MOST_OF_ANYTHING
    )


class TriedAgain(schemas.Model):
    """How many mails wait to be written or sent again."""

    queued: int


class MailText(schemas.Model):
    """A mail that Parley sends, its subject, and how many of its sentences each language lacks.

    `own` names the languages in which the office words it itself, and `missing_own` counts the parts that it words in
    others and not in this one.
    """

    name: str = Field(examples=["stage_entered"])
    subject: str
    missing: dict[str, int]
    own: list[str]
    missing_own: dict[str, int]


class MailTexts(schemas.Page):
    """A page of them, by name."""

    mails: list[MailText]


class MailInWords(schemas.Model):
    """A mail with invented words in it, in one language."""

    language: str
    subject: str
    text: str
    missing: int


class WholeMailText(schemas.Model):
    """A mail with invented words in it, in every language."""

    name: str
    written: list[MailInWords]


class BrokenAt(schemas.Model):
    """The first place where the record does not hold."""

    number: str
    seq: int
    what: str


class RecordChecked(schemas.Model):
    """What was found; `erased` counts the events whose words were taken away on purpose."""

    consistent: bool
    cases: int
    events: int
    erased: int
    first_break: BrokenAt | None


@router.get("/undelivered")
def list_undelivered(visit: Administers, page: Paging) -> UndeliveredList:
    """List the mails that were refused or given up, the newest first."""
    administration.administering(visit)
    engine = visit.desk.record.engine
    cut = paging.cut(page, undelivered.dead_letters(engine), key=lambda one: -one.id)
    told = [
        Undelivered(
            id=one.id,
            person=one.person_id,
            address=one.address,
            mail=one.mail,
            state=one.state,
            attempts=one.attempts,
            settled_at=one.settled_at,
            code=one.code,
            reply=one.reply,
            why=mails.why_of(messages.reasons_for_keepers(engine, one.id)),
        )
        for one in cut.rows
    ]
    return UndeliveredList(undelivered=told, unwritten=len(notifying.parked(engine)), next=cut.next)


@router.post("/undelivered/retry", dependencies=ONCE)
def retry_letters(visit: Administers, which: WhichMails) -> TriedAgain:
    """Let some of these mails be tried again, or all of them."""
    administration.administering(visit)
    return TriedAgain(queued=dead_letters.queue_again(visit, which.messages))


@router.get("/mail-texts")
def list_mail_texts(visit: Administers, page: Paging) -> MailTexts:
    """List the mails that Parley sends."""
    administration.keeping_texts(visit)
    cut = paging.cut(page, samples.names(), key=str)
    kept = wordings.in_use(visit.desk.record.engine)
    lacking = office_words.missing(kept)
    told = [
        MailText(
            name=name,
            subject=samples.subject(name, visit.words.spoken),
            missing=mail_texts.missing(name),
            own=[one.language for one in kept if one.mail == name],
            missing_own=dict(lacking.get(name, {})),
        )
        for name in cut.rows
    ]
    return MailTexts(mails=told, next=cut.next)


@router.get("/mail-texts/{mail}")
def show_mail_text(mail: ItemId, visit: Administers) -> WholeMailText:
    """Show a mail in every language."""
    administration.keeping_texts(visit)
    own = {one.language: one for one in office_words.of_mail(visit.desk.record, mail)}
    used = {language: own.get(language) for language in tongues.LANGUAGES}
    written = [
        (words, samples.missing(mail, language))
        for language, words in office_words.sampled(visit.desk.record, mail, used).items()
    ]
    return WholeMailText(
        name=mail,
        written=[
            MailInWords(language=words.language, subject=words.subject, text=words.text, missing=missing)
            for words, missing in written
        ],
    )


@router.post("/mail-texts/{mail}/send", status_code=204, dependencies=ONCE)
def send_sample(mail: ItemId, visit: Administers) -> Response:
    """Send a mail with invented words in it to whoever asks, and to nobody else."""
    administration.keeping_texts(visit)
    mail_texts.send_sample(visit, mail)
    return Response(status_code=204)


@router.get("/audit")
def check_record(visit: Administers) -> RecordChecked:
    """Check every hash and every stored case now, up to the first break."""
    administration.administering(visit)
    with reading(visit.desk.record.engine) as connection:
        found = ledger.verify(connection)
    place = found.first_break
    return RecordChecked(
        consistent=found.consistent,
        cases=found.cases,
        events=found.events,
        erased=found.erased,
        first_break=BrokenAt(number=place.number, seq=place.seq, what=place.what) if place else None,
    )
