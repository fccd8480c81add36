"""Standing committees as JSON, each with what the act of convening it in a case asks for."""

from __future__ import annotations

from fastapi import APIRouter, Response

from cases import roster
from cases.committees import Committee, Committees
from desk import administration
from desk.api import paging, schemas
from desk.api.bounds import ItemId
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsPeople, WritesPeople
from states import errors
from states.effects import panels
from states.said import say

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["committees"], responses=schemas.PROBLEMS)


@router.get("/committees")
def list_committees(visit: ReadsPeople, page: Paging) -> schemas.Committees:
    """List the standing committees, for the registry, administrators and whoever convenes a case."""
    if not roster.may_read(visit.desk.record.engine, visit.actor):
        sentence = say("the committees are for the registry, administrators and conveners")
        raise errors.NotYours(sentence)
    cut = paging.cut(page, Committees(visit.desk.record.engine).all(), key=lambda one: one.id)
    told = [schemas.Committee(id=one.id, **one.inputs()) for one in cut.rows]
    return schemas.Committees(committees=told, next=cut.next)


@router.put("/committees/{committee_id}")
def put_committee(committee_id: ItemId, visit: WritesPeople, seating: schemas.Seating) -> schemas.Committee:
    """Put a committee on file, or replace the one of this id; for administrators."""
    administration.administering(visit)
    kept = Committee(
        id=committee_id,
        name=seating.name,
        chair=seating.chair,
        seats=panels.read_seats(tuple(seating.members), tuple(seating.alternates)),
        quorum=seating.quorum,
        each_body=seating.each_body,
    )
    Committees(visit.desk.record.engine).put(kept)
    return schemas.Committee(id=kept.id, **kept.inputs())


@router.delete("/committees/{committee_id}", status_code=204)
def remove_committee(committee_id: ItemId, visit: WritesPeople) -> Response:
    """Take a committee off file; the cases on which it sits keep it."""
    administration.administering(visit)
    Committees(visit.desk.record.engine).remove(committee_id)
    return Response(status_code=204)
