"""The versions of an agreement as JSON, and what differs between two of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from cases import queries, versions
from desk.api import paging, said, schemas
from desk.api.bounds import LARGEST_ID, CaseRef
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["versions"], responses=schemas.PROBLEMS)


VersionNumber = Annotated[int, Path(ge=0, le=LARGEST_ID)]


@router.get("/cases/{case_ref}/versions")
def list_versions(case_ref: CaseRef, visit: ReadsCases, page: Paging) -> schemas.Versions:
    """List the versions of every agreement of a case that the signed-in person may read, oldest first."""
    found = queries.versions(visit.desk.record, visit.viewer, case_ref)
    cut = paging.cut(page, found, key=lambda one: one.number)
    return schemas.Versions(versions=[said.version(one) for one in cut.rows], next=cut.next)


@router.get("/cases/{case_ref}/versions/{before}/{after}")
def compare_versions(
    case_ref: CaseRef, before: VersionNumber, after: VersionNumber, visit: ReadsCases
) -> schemas.Difference:
    """Tell what differs between two versions, word by word and term by term."""
    found = queries.versions(visit.desk.record, visit.viewer, case_ref)
    return said.difference(versions.difference(*versions.pair(found, before=before, after=after)))
