"""The texts of mails, for administrators: each in six languages, what is not translated, and a test mail."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import wordings
from desk import office_words
from desk.access import DeclaredRoute, Form
from desk.administration import KeepingTexts
from desk.pages.answers import page
from desk.visits import Visit
from notifications import mailroom, own_words, samples, tongues

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = "/mail-texts"


@router.get(PAGE)
def all_of_them(visit: KeepingTexts, request: Request) -> HTMLResponse:
    """List the mails, each with its subject and with how many sentences each language lacks."""
    kept = wordings.in_use(visit.desk.record.engine)
    own, lacking = {(one.mail, one.language): one for one in kept}, office_words.missing(kept)
    rows = [
        (
            name,
            samples.subject(name, visit.words.spoken),
            missing(name),
            [own[name, language] for language in tongues.LANGUAGES if (name, language) in own],
            lacking.get(name, {}),
        )
        for name in samples.names()
    ]
    return page(
        visit,
        "mail_texts.html",
        request=request,
        zone=visit.person.timezone,
        rows=rows,
        missing=sum(sum(counts.values()) for _, _, counts, _, _ in rows),
        missing_own=sum(sum(counts.values()) for counts in lacking.values()),
    )


@router.get(f"{PAGE}/{{name}}")
def one(name: str, visit: KeepingTexts, sent: str = "") -> HTMLResponse:
    """Show one mail with invented words in it, in every language."""
    own = {one.language: one for one in office_words.of_mail(visit.desk.record, name)}
    used = {language: own.get(language) for language in tongues.LANGUAGES}
    written = [
        (language, words, samples.missing(name, language))
        for language, words in office_words.sampled(visit.desk.record, name, used).items()
    ]
    return page(
        visit,
        "mail_text.html",
        zone=visit.person.timezone,
        name=name,
        written=written,
        own=own,
        lacking=office_words.missing(own.values()).get(name, {}),
        guarded=office_words.GUARDED,
        may_change=own_words.may_be_changed(name),
        number=samples.NUMBER,
        sent=bool(sent),
    )


@router.post(f"{PAGE}/{{name}}/send")
def send(name: str, visit: KeepingTexts, _form: Form) -> RedirectResponse:
    """Send the mail with invented words in it to whoever is signed in, and to nobody else."""
    send_sample(visit, name)
    return RedirectResponse(f"{PAGE}/{name}?sent=yes", HTTPStatus.SEE_OTHER)


def send_sample(visit: Visit, name: str) -> None:
    """Send a mail with invented words in it to whoever asks."""
    desk = visit.desk
    samples.send(mailroom.open_mailroom(desk.record, desk.settings, clock=desk.clock), visit.person, name)


def missing(name: str) -> dict[str, int]:
    """Count the sentences of a mail that each language lacks, where it lacks any."""
    counts = {language: samples.missing(name, language) for language in tongues.LANGUAGES}
    return {language: count for language, count in counts.items() if count}
