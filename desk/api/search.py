"""Finding entries by their words, as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cases import queries
from cases.queries import SearchFilter
from desk.api import said, schemas
from desk.api.cases import MOST
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["search"], responses=schemas.PROBLEMS)


@router.get("/search")
def search(
    visit: ReadsCases,
    *,
    q: Annotated[str, Query(description="words, “phrases”, beginnings* and -words", examples=['pump "wells in May"'])],
    case: Annotated[str | None, Query(description="only in the case of this number or id")] = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 25,
) -> schemas.FoundList:
    """Find the entries that hold all these words, among those the signed-in person may read."""
    wanted = SearchFilter(words=q, case=case)
    page = queries.search(visit.desk.record, visit.viewer, wanted, after=after, limit=limit)
    return schemas.FoundList(found=[said.found(one) for one in page.rows], next=page.next)
