"""The mediator's notebook: a page for its author alone."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.notebook import Notebook
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from states import errors
from states.said import say

if TYPE_CHECKING:
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkept:
    """Words that were typed and not kept, and why: for a new note, or for the `note` that they were to change."""

    text: str
    problem: str
    note: int | None = None

    @property
    def place(self) -> str:
        """The field in which they stand again."""
        return "text" if self.note is None else f"text-{self.note}"


@router.get("/cases/{case_ref}/notebook")
def read(case_ref: str, visit: Signed) -> HTMLResponse:
    """Show one's own notes on a case."""
    return _page(case_ref, visit)


@router.post("/cases/{case_ref}/notebook")
def write(case_ref: str, visit: Signed, form: Form) -> Response:
    """Add a note."""
    text = form.get("text", "")
    try:
        of(visit).write(case_ref, text, now=visit.words.now)
    except errors.NeedsMissing as refusal:
        unkept = Unkept(text=text, problem=refusal.sentence)
        return _page(case_ref, visit, unkept=unkept, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back(case_ref)


@router.post("/cases/{case_ref}/notebook/burn")
def burn(case_ref: str, visit: Signed, form: Form) -> RedirectResponse:
    """Delete all of one's notes on a case for good, once that was said on purpose."""
    _refuse_unsure(form)
    of(visit).burn(case_ref)
    return _back(case_ref) if of(visit).is_kept(case_ref) else RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.post("/cases/{case_ref}/notebook/{note_id}")
def rewrite(case_ref: str, note_id: int, visit: Signed, form: Form) -> Response:
    """Change a note."""
    seen, text = form.get("version", ""), form.get("text", "")
    if not seen.isdecimal():
        sentence = say("the form is not whole, so nothing was changed; open the notebook again")
        raise errors.Refused(sentence)
    try:
        of(visit).rewrite(note_id, text, seen=int(seen), now=visit.words.now)
    except (errors.NeedsMissing, errors.Conflict) as refusal:
        unkept = Unkept(text=text, problem=refusal.sentence, note=note_id)
        changed = isinstance(refusal, errors.Conflict)
        status = HTTPStatus.CONFLICT if changed else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(case_ref, visit, unkept=unkept, status=status)
    return _back(case_ref)


@router.post("/cases/{case_ref}/notebook/{note_id}/tear-out")
def tear_out(case_ref: str, note_id: int, visit: Signed, form: Form) -> RedirectResponse:
    """Delete one note for good, once that was said on purpose."""
    _refuse_unsure(form)
    of(visit).tear_out(note_id)
    return _back(case_ref)


def of(visit: Visit) -> Notebook:
    """Open the notebook of whoever is signed in."""
    return Notebook(visit.desk.record.engine, visit.actor)


def _page(
    case_ref: str, visit: Visit, *, unkept: Unkept | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HTMLResponse:
    pages, zone = of(visit).read(case_ref), visit.person.timezone
    return page(visit, "notebook.html", status=status, zone=zone, pages=pages, unkept=unkept)


def _refuse_unsure(form: Form) -> None:
    if form.get("sure") != "yes":
        sentence = say("tick the box that says the notes are to be deleted for good; nothing was deleted")
        raise errors.Refused(sentence)


def _back(case_ref: str) -> RedirectResponse:
    return RedirectResponse(f"/cases/{case_ref}/notebook", HTTPStatus.SEE_OTHER)
