"""What came back by mail for one case: answers to be sorted, people to be telephoned; for those who run it alone."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import queries
from cases.arrivals import Kind, State
from cases.to_sort import Sorting
from desk import file_words, headers, uploads
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from notifications import answers, incoming
from states import errors, roles
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.to_sort import Arrival
    from desk.visits import Visit
    from states.case import Case

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

_HELD = headers.DOWNLOAD_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkept:
    """What was typed and not kept, and why, so that it stands in its form again."""

    place: str
    problem: str
    typed: str


@router.get("/cases/{case_ref}/incoming")
def read(case_ref: str, visit: Signed) -> HTMLResponse:
    """Show what came back."""
    return _page(case_ref, visit)


@router.post("/cases/{case_ref}/incoming/{arrival_id}/file")
def file_answer(case_ref: str, arrival_id: int, visit: Signed, form: Form) -> Response:
    """Put an answer into a room of the case."""
    zone, text = form.get("zone", ""), form.get("text", "")
    return _tried(
        case_ref,
        visit,
        lambda: of(visit).file(case_ref, arrival_id, zone=zone, text=text),
        kept=Unkept(place=f"text-{arrival_id}", problem="", typed=text),
    )


@router.post("/cases/{case_ref}/incoming/{arrival_id}/set-aside")
def set_aside(case_ref: str, arrival_id: int, visit: Signed, form: Form) -> Response:
    """Leave an answer out of the case, with a reason."""
    because = form.get("because", "")
    return _tried(
        case_ref,
        visit,
        lambda: of(visit).set_aside(case_ref, arrival_id, because=because),
        kept=Unkept(place=f"because-{arrival_id}", problem="", typed=because),
    )


@router.post("/cases/{case_ref}/incoming/{arrival_id}/files/{place}/release")
def release(case_ref: str, arrival_id: int, place: int, visit: Signed, form: Form) -> RedirectResponse:
    """Let what was attached be opened, once that was said on purpose."""
    if form.get("sure") != "yes":
        raise errors.Refused(say("tick the box that says you know whom it is from; nothing was released"))
    of(visit).release(case_ref, arrival_id, place)
    return _back(case_ref)


@router.get("/cases/{case_ref}/incoming/{arrival_id}/files/{place}")
def attached(case_ref: str, arrival_id: int, place: int, visit: Signed) -> Response:
    """Give out what was attached and released, as something to save and never to show."""
    return download(visit, case_ref, arrival_id, place)


@router.post("/cases/{case_ref}/unreached/{task_id}")
def reached(case_ref: str, task_id: int, visit: Signed, form: Form) -> Response:
    """Record that somebody was reached by telephone."""
    note = form.get("note", "")
    return _tried(
        case_ref,
        visit,
        lambda: of(visit).reached(case_ref, task_id, note=note, works_again=form.get("works_again") == "yes"),
        kept=Unkept(place=f"note-{task_id}", problem="", typed=note),
    )


def of(visit: Visit) -> Sorting:
    """Return what whoever is signed in may do with what came back."""
    return Sorting(visit.desk.record, visit.desk.service, visit.viewer)


def download(visit: Visit, case_ref: str, arrival_id: int, place: int) -> Response:
    """Answer with a file that was released."""
    file, whole = of(visit).opened(case_ref, arrival_id, place)
    content = answers.attached_bytes(incoming.parse(whole), place)
    # What it is was said by whoever sent it, so nothing is told to open it as that.
    own = {"content-disposition": uploads.as_attachment(file.name or "attachment"), "content-security-policy": _HELD}
    return Response(content, media_type="application/octet-stream", headers=own)


def own_room(case: Case, arrival: Arrival, zones: tuple[str, ...]) -> str:
    """Name the room into which an answer goes unless somebody says otherwise: what its party shares with the team."""
    party = next((one.id for one in roles.parties_of(case, roles.Actor(arrival.person_id))), "")
    line = roles.zone_of(roles.LINE, party)
    return line if party and line in zones else roles.TEAM


def _tried(case_ref: str, visit: Visit, does: Callable[[], object], *, kept: Unkept) -> Response:
    """Do it and go back; what was refused stands in its form again with the reason."""
    try:
        does()
    except (errors.Refused, errors.Conflict) as refusal:
        status = HTTPStatus.CONFLICT if isinstance(refusal, errors.Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        told = refusal.missing[0] if isinstance(refusal, errors.Refused) else refusal.sentence
        return _page(case_ref, visit, unkept=Unkept(place=kept.place, problem=told, typed=kept.typed), status=status)
    return _back(case_ref)


def _page(
    case_ref: str, visit: Visit, *, unkept: Unkept | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HTMLResponse:
    found = of(visit).read(case_ref)
    process, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    zones = [file_words.zone_words(zone, case) for zone in file_words.zones_in_order(found.zones)]
    to_sort = [one for one in found.arrivals if one.state == State.TO_SORT]
    return page(
        visit,
        "incoming.html",
        status=status,
        zone=process.timezone,
        found=found,
        to_sort=to_sort,
        sorted=[one for one in found.arrivals if one.state in {State.FILED, State.SET_ASIDE}],
        automatic=[one for one in found.arrivals if one.kind == Kind.AUTOMATIC],
        strangers=[one for one in found.arrivals if one.kind == Kind.STRANGER],
        zones=zones,
        rooms={one.zone: file_words.zone_words(one.zone, case) for one in found.arrivals if one.zone},
        own_rooms={one.id: own_room(case, one, found.zones) for one in to_sort},
        unkept=unkept,
    )


def _back(case_ref: str) -> RedirectResponse:
    return RedirectResponse(f"/cases/{case_ref}/incoming", HTTPStatus.SEE_OTHER)
