"""Standing committees as JSON, each with what the act of convening it in a case asks for."""

from __future__ import annotations

from fastapi import APIRouter

from cases import roster
from cases.committees import Committees
from desk.api import paging, schemas
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsPeople
from states import errors
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
