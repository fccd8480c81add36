"""The versions of an agreement as JSON, and what differs between two of them."""

from __future__ import annotations

from fastapi import APIRouter

from cases import queries, versions
from desk.api import said, schemas
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["versions"], responses=schemas.PROBLEMS)


@router.get("/cases/{case_ref}/versions")
def list_versions(case_ref: str, visit: ReadsCases) -> list[schemas.Version]:
    """List the versions of every agreement of a case that the signed-in person may read, oldest first."""
    return [said.version(one) for one in queries.versions(visit.desk.record, visit.viewer, case_ref)]


@router.get("/cases/{case_ref}/versions/{before}/{after}")
def compare_versions(case_ref: str, before: int, after: int, visit: ReadsCases) -> schemas.Difference:
    """Tell what differs between two versions, word by word and term by term."""
    found = queries.versions(visit.desk.record, visit.viewer, case_ref)
    return said.difference(versions.difference(*versions.pair(found, before=before, after=after)))
