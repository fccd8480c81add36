"""The office's own words of a mail in one language, for administrators: write, check in every language, use, undo."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import wordings
from desk import framed_mail, headers, office_words
from desk.access import DeclaredRoute, Form
from desk.administration import KeepingTexts
from desk.pages.answers import page
from desk.words import sentence
from notifications import office_texts
from notifications.office_texts import Part
from states import errors
from states.said import say, shaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.wordings import Wording
    from desk.office_words import Checked
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = "/mail-texts/{name}/{language}"
USE, VERSION = "use", "version"
LABELS: Mapping[str, tuple[str, str]] = {
    Part.SUBJECT: (say("Subject"), say("No names and nothing of the matter: it is read on lock screens.")),
    Part.FIRST: (
        say("First line"),
        say("What is asked or told; by when stands behind it by itself. What a mail asks in our words stays below."),
    ),
    Part.CHANGED: (say("What has happened"), say("An empty line begins a new paragraph.")),
}
"""What each part is called, and what to know before one writes it."""


@router.get(PAGE)
def write(name: str, language: str, visit: KeepingTexts, recorded: str = "") -> HTMLResponse:
    """Show the office's words of a mail in a language, with every earlier version."""
    office_words.find(name, language)
    kept = wordings.newest(visit.desk.record.engine, name, language)
    return _page(visit, kept, recorded=bool(recorded))


@router.post(PAGE)
def check(name: str, language: str, visit: KeepingTexts, form: Form) -> Response:
    """Check words and show the mail with them in every language, or put them into use, as the pressed button says."""
    office_words.find(name, language)
    draft = office_words.drafted(name, language, version=_number(form.get(VERSION, "")), texts=form)
    case = form.get(office_words.CASE, "").strip()
    checked = office_words.check(visit, draft, case=case)
    if USE not in form or any(part in LABELS for part, _ in checked.problems):
        return _page(visit, draft, checked=checked, case=case)
    try:
        office_words.keep(visit.desk.record, draft, by=visit.person.id, now=visit.words.now)
    except errors.Conflict as refusal:
        # They are shown the other's words now, and may use their own all the same.
        theirs = wordings.newest(visit.desk.record.engine, name, language)
        return _page(visit, replace(draft, version=theirs.version), checked=checked, case=case, refusal=refusal)
    return RedirectResponse(f"{PAGE.format(name=name, language=language)}?recorded=yes", HTTPStatus.SEE_OTHER)


@router.get(f"{PAGE}/picture")
def picture(name: str, language: str, visit: KeepingTexts, request: Request) -> HTMLResponse:
    """Answer with the HTML of the mail with the words in the address, shut into a sandbox; nothing is kept."""
    office_words.find(name, language)
    draft = office_words.drafted(name, language, version=0, texts=request.query_params)
    case = request.query_params.get(office_words.CASE, "")
    written = office_words.check(visit, draft, case=case).written[language]
    html, sheet = framed_mail.with_sheet(written.html)
    return HTMLResponse(html, headers={"content-security-policy": headers.framed_mail_policy(sheet)})


def _page(  # noqa: PLR0913 - each names one thing that the page shows
    visit: Visit,
    shown: Wording,
    *,
    checked: Checked | None = None,
    case: str = "",
    refusal: errors.Conflict | None = None,
    recorded: bool = False,
) -> HTMLResponse:
    record = visit.desk.record
    problems = list(checked.problems) if checked else []
    if refusal is not None:
        problems.append(("", refusal.sentence))
    answer = page(
        visit,
        "mail_wording.html",
        status=_status(problems, refusal),
        zone=visit.person.timezone,
        name=shown.mail,
        language=shown.language,
        shown=shown,
        labels=LABELS,
        places={part: office_words.places(part) for part in Part},
        problems=[(part, shaped(told, sentence)) for part, told in problems],
        written=checked.written if checked else {},
        tried=urlencode({**shown.texts, office_words.CASE: case}),
        case=case,
        earlier=wordings.history(record.engine, shown.mail, shown.language),
        names={one.id: one.name for one in visit.desk.directory.everyone()},
        recorded=recorded,
    )
    answer.headers["content-security-policy"] = headers.FRAMING_POLICY
    return answer


def _status(problems: list[tuple[str, str]], refusal: errors.Conflict | None) -> HTTPStatus:
    if refusal is not None:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < office_texts.DEEPEST else 0
