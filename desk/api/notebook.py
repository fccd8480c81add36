"""The mediator's notebook as JSON, for its author alone."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from cases import notebook
from desk.api import schemas
from desk.api.bounds import LARGEST_VERSION, CaseRef, RowId, Text
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import KeepsNotebook
from desk.visits import Visit

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["notebook"], responses=schemas.PROBLEMS)


class Note(schemas.Model):
    """One note; `version` counts its changes."""

    id: int
    text: str
    written_at: datetime
    changed_at: datetime
    version: int


class Pages(schemas.Model):
    """The signed-in person's own notes on a case, the newest first; `writable` while they mediate it."""

    case: str
    writable: bool
    notes: list[Note]


class Writing(schemas.Model):
    """A new note."""

    text: Text = Field(min_length=1, examples=["Both sides trust the vet."])


class Rewriting(schemas.Model):
    """What a note becomes, and the version that was read."""

    text: Text = Field(min_length=1)
    version: int = Field(ge=1, le=LARGEST_VERSION)


class Deleted(schemas.Model):
    """How many notes are gone for good."""

    deleted: int


@router.get("/cases/{case_ref}/notebook")
def read_notebook(case_ref: CaseRef, visit: KeepsNotebook) -> Pages:
    """Read one's own notes on a case."""
    pages = _own(visit).read(case_ref)
    return Pages(case=pages.number, writable=pages.writable, notes=[_said(note) for note in pages.notes])


@router.post("/cases/{case_ref}/notebook", status_code=201, dependencies=ONCE)
def write_note(case_ref: CaseRef, visit: KeepsNotebook, writing: Writing) -> Note:
    """Add a note."""
    return _said(_own(visit).write(case_ref, writing.text, now=visit.words.now))


@router.delete("/cases/{case_ref}/notebook")
def burn_notebook(case_ref: CaseRef, visit: KeepsNotebook) -> Deleted:
    """Delete all of one's notes on a case for good."""
    return Deleted(deleted=_own(visit).burn(case_ref))


@router.put("/notebook/{note_id}")
def change_note(note_id: RowId, visit: KeepsNotebook, rewriting: Rewriting) -> Note:
    """Change a note."""
    return _said(_own(visit).rewrite(note_id, rewriting.text, seen=rewriting.version, now=visit.words.now))


@router.delete("/notebook/{note_id}", status_code=204)
def delete_note(note_id: RowId, visit: KeepsNotebook) -> Response:
    """Delete one note for good."""
    _own(visit).tear_out(note_id)
    return Response(status_code=204)


def _own(visit: Visit) -> notebook.Notebook:
    return notebook.Notebook(visit.desk.record.engine, visit.actor)


def _said(note: notebook.Note) -> Note:
    return Note(
        id=note.id, text=note.text, written_at=note.written_at, changed_at=note.changed_at, version=note.version
    )
