"""Standing committees as JSON, each with what the act of convening it in a case asks for."""

from __future__ import annotations

from fastapi import APIRouter

from cases import roster
from cases.committees import Committees
from desk.access import DeclaredRoute, Signed
from desk.api import schemas
from states import errors

router = APIRouter(prefix="/api", route_class=DeclaredRoute, tags=["committees"], responses=schemas.PROBLEMS)


@router.get("/committees")
def list_committees(visit: Signed) -> list[schemas.Committee]:
    """List the standing committees, for the registry, administrators and whoever convenes a case."""
    if not roster.may_read(visit.desk.record.engine, visit.actor):
        sentence = "the committees are for the registry, administrators and conveners"
        raise errors.NotYours(sentence)
    return [schemas.Committee(id=one.id, **one.inputs()) for one in Committees(visit.desk.record.engine).all()]
