"""Rooms opened in an emergency, as JSON: asked for by an administrator, answered by a second person, and shut again.

Of a case nothing is told here but its number; what is in the room is read on the pages of the desk alone.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import emergencies
from cases.api_tokens import Scope
from cases.emergencies import Emergencies, Request, Wanted
from config.settings import Proof
from desk import administration, fresh_proof
from desk.api import paging, schemas
from desk.api.bounds import ItemId, Line, Name
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ActsOnCases, Administers, refuse_without
from desk.pages import emergencies as pages
from states.emergencies import LONGEST_HOURS

router = APIRouter(prefix="/api/emergencies", route_class=ApiRoute, tags=["emergencies"], responses=schemas.PROBLEMS)


class RoomWanted(schemas.Model):
    """Which room of which case is to be opened to whoever asks, why, and for how many hours."""

    case: Name = Field(examples=["D-2026-0042"])
    room: Name = Field(examples=["caucus:A"])
    reason: Line = Field(min_length=1, examples=["Somebody is in danger, and the mediator cannot be reached."])
    hours: int = Field(ge=1, le=LONGEST_HOURS)


class RoomAsked(RoomWanted):
    """A request: `state` is `asked`, `open` until an instant, `refused`, `withdrawn` or `ended`."""

    case_id: str
    id: str
    state: str = Field(examples=["asked"])
    by: str
    at: datetime
    answered_by: str | None
    until: datetime | None
    ended_by: str | None


class RoomsAsked(schemas.Page):
    """A page of requests, the newest first."""

    requests: list[RoomAsked]


@router.get("")
def list_emergencies(visit: Administers, page: Paging) -> RoomsAsked:
    """List every request there was, for administrators and the head of office."""
    pages.seconding(visit)
    found = emergencies.requests(visit.desk.record.engine)
    cut = paging.cut(page, found, key=lambda one: (-one.item.at.timestamp(), one.item.id))
    return RoomsAsked(requests=[_said(one) for one in cut.rows], next=cut.next)


@router.post("", status_code=201, dependencies=ONCE)
def ask_for_room(visit: Administers, wanted: RoomWanted) -> RoomAsked:
    """Ask for a room; nothing is open until a second person agrees."""
    administration.administering(visit)
    fresh_proof.ask(visit, Proof.ACCESS)
    asked = Wanted(case_ref=wanted.case, room=wanted.room, reason=wanted.reason, hours=wanted.hours)
    return _said(Emergencies(visit.desk.service).ask(asked, visit.actor))


@router.post("/{case_id}/{item_id}/agree", dependencies=ONCE)
def agree_to_room(case_id: ItemId, item_id: ItemId, visit: Administers) -> RoomAsked:
    """Open a room as the second person; the case team and whoever's room it is are told at once.

    It is a decision: it takes a token that is good for `cases:decide` as well.
    """
    pages.seconding(visit)
    refuse_without(Scope.CASES_DECIDE, visit)
    fresh_proof.ask(visit, Proof.ACCESS)
    opened = Emergencies(visit.desk.service).agree(case_id, item_id, visit.actor, letters=pages.letters(visit))
    return _said(opened)


@router.post("/{case_id}/{item_id}/refuse", dependencies=ONCE)
def refuse_room(case_id: ItemId, item_id: ItemId, visit: Administers) -> RoomAsked:
    """Leave a room shut, or withdraw one's own request."""
    pages.seconding(visit)
    return _said(Emergencies(visit.desk.service).refuse(case_id, item_id, visit.actor))


@router.post("/{case_id}/{item_id}/end", dependencies=ONCE)
def shut_room(case_id: ItemId, item_id: ItemId, visit: ActsOnCases) -> RoomAsked:
    """Shut a room before its time: as one of those who open rooms, or as whoever runs the case."""
    return _said(Emergencies(visit.desk.service).end(case_id, item_id, visit.actor))


def _said(one: Request) -> RoomAsked:
    item = one.item
    return RoomAsked(
        case_id=one.case_id,
        case=one.number,
        id=item.id,
        room=item.room,
        reason=item.reason,
        hours=item.hours,
        state=item.state,
        by=item.by,
        at=item.at,
        answered_by=item.answered_by or None,
        until=item.until,
        ended_by=item.ended_by or None,
    )
