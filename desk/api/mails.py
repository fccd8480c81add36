"""Mails as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from cases import queries
from cases.queries import MessageFilter
from desk.api import said, schemas
from desk.api.cases import MOST
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsMails

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["mails"], responses=schemas.PROBLEMS)


@router.get("/messages")
def list_messages(
    visit: ReadsMails,
    *,
    state: str | None = None,
    case: str | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 25,
) -> schemas.MessageList:
    """List the mails the signed-in person may know of, the newest first."""
    wanted = MessageFilter(state=state, case=case)
    found = queries.list_messages(visit.desk.record, visit.viewer, wanted=wanted, after=after, limit=limit)
    return schemas.MessageList(messages=[said.message(row) for row in found.rows], next=found.next)
