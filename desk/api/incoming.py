"""What came back by mail for a case, as JSON, for those who run it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from desk.api import schemas
from desk.api.bounds import CaseRef, Line, Name, RowId, Text
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ActsOnCases, ReadsCases
from desk.pages import incoming as incoming_page
from desk.visits import Visit

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["mails"], responses=schemas.PROBLEMS)

Place = Annotated[int, Path(ge=0, le=1000)]


class AttachedFile(schemas.Model):
    """Something attached to an answer: it cannot be opened before somebody released it."""

    place: int
    name: str
    media_type: str
    size: int
    released_at: datetime | None


class CameBack(schemas.Model):
    """A mail that came back: an answer, what a machine wrote, or a stranger's, of which there are no words."""

    id: int
    at: datetime
    kind: str
    state: str
    person: str
    address: str
    subject: str
    words: str
    whole: str
    files: list[AttachedFile]
    settled_at: datetime | None
    settled_by: str
    zone: str | None
    because: str


class Unreached(schemas.Model):
    """Somebody whom mails do not reach, so that they are to be telephoned."""

    id: int
    person: str
    name: str
    telephone: str
    address: str
    since: datetime
    code: str
    said: str


class Incoming(schemas.Model):
    """What came back for a case, the newest first; `zones` are the rooms into which one may file an answer."""

    case: str
    arrivals: list[CameBack]
    to_telephone: list[Unreached]
    zones: list[str]


class Filing(schemas.Model):
    """Into which room an answer goes, and what of it; who wrote it and when stands above it."""

    zone: Name = Field(examples=["team"])
    text: Text = Field(min_length=1, examples=["We can meet on Friday."])


class SettingAside(schemas.Model):
    """Why an answer is left out of the case."""

    because: Line = Field(min_length=1, examples=["They only say thank you."])


class Telephoned(schemas.Model):
    """That somebody was reached by telephone, and whether they say that mails reach them again."""

    note: Text = ""
    works_again: bool = False


@router.get("/cases/{case_ref}/incoming")
def list_incoming(case_ref: CaseRef, visit: ReadsCases) -> Incoming:
    """Read what came back by mail for a case that one runs."""
    return _told(case_ref, visit)


@router.post("/cases/{case_ref}/incoming/{arrival_id}/file", dependencies=ONCE)
def file_incoming(case_ref: CaseRef, arrival_id: RowId, visit: ActsOnCases, filing: Filing) -> Incoming:
    """Put an answer into a room of its case as a note."""
    incoming_page.of(visit).file(case_ref, arrival_id, zone=filing.zone, text=filing.text)
    return _told(case_ref, visit)


@router.post("/cases/{case_ref}/incoming/{arrival_id}/set-aside", dependencies=ONCE)
def set_incoming_aside(case_ref: CaseRef, arrival_id: RowId, visit: ActsOnCases, aside: SettingAside) -> Incoming:
    """Leave an answer out of the case, with a reason."""
    incoming_page.of(visit).set_aside(case_ref, arrival_id, because=aside.because)
    return _told(case_ref, visit)


@router.post("/cases/{case_ref}/incoming/{arrival_id}/files/{place}/release", dependencies=ONCE)
def release_file(case_ref: CaseRef, arrival_id: RowId, place: Place, visit: ActsOnCases) -> Incoming:
    """Let what was attached to an answer be opened by those who run the case."""
    incoming_page.of(visit).release(case_ref, arrival_id, place)
    return _told(case_ref, visit)


@router.get("/cases/{case_ref}/incoming/{arrival_id}/files/{place}", response_class=Response)
def open_attached_file(case_ref: CaseRef, arrival_id: RowId, place: Place, visit: ReadsCases) -> Response:
    """Give out a file that was released."""
    return incoming_page.download(visit, case_ref, arrival_id, place)


@router.post("/cases/{case_ref}/unreached/{task_id}", dependencies=ONCE)
def record_telephoned(case_ref: CaseRef, task_id: RowId, visit: ActsOnCases, done: Telephoned) -> Incoming:
    """Record that somebody whom mails do not reach was reached by telephone."""
    incoming_page.of(visit).reached(case_ref, task_id, note=done.note, works_again=done.works_again)
    return _told(case_ref, visit)


def _told(case_ref: str, visit: Visit) -> Incoming:
    found = incoming_page.of(visit).read(case_ref)
    return Incoming(
        case=found.number,
        arrivals=[
            CameBack(
                **{name: getattr(one, name) for name in CameBack.model_fields if name not in {"person", "files"}},
                person=one.person_id,
                files=[
                    AttachedFile(**{name: getattr(file, name) for name in AttachedFile.model_fields})
                    for file in one.files
                ],
            )
            for one in found.arrivals
        ],
        to_telephone=[
            Unreached(
                **{name: getattr(one.task, name) for name in ("id", "address", "since", "code", "said")},
                person=one.task.person_id,
                name=one.name,
                telephone=one.telephone,
            )
            for one in found.to_telephone
        ],
        zones=list(found.zones),
    )
