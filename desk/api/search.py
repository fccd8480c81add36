"""Finding entries by their words, as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cases import queries
from cases.queries import SearchFilter
from desk.api import said, schemas
from desk.api.bounds import LONGEST_LINE, Wanted
from desk.api.paging import Paging
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["search"], responses=schemas.PROBLEMS)


@router.get("/search")
def search(
    visit: ReadsCases,
    *,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_LINE,
            description="words, “phrases”, beginnings* and -words",
            examples=['pump "wells in May"'],
        ),
    ],
    case: Annotated[Wanted, Query(description="only in the case of this number or id")] = None,
    page: Paging,
) -> schemas.FoundList:
    """Find the entries that hold all these words, among those the signed-in person may read."""
    wanted = SearchFilter(words=q, case=case)
    found = queries.search(visit.desk.record, visit.viewer, wanted, after=page.after, limit=page.limit)
    return schemas.FoundList(found=[said.found(one) for one in found.rows], next=page.link(found.next))
