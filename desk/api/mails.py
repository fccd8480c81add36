"""Mails as JSON, and the description of the whole API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from cases import queries
from cases.queries import MessageFilter
from desk.access import DeclaredRoute, Signed
from desk.api import said, schemas
from desk.api.cases import MOST

router = APIRouter(prefix="/api", route_class=DeclaredRoute, tags=["mails"], responses=schemas.PROBLEMS)


@router.get("/messages")
def list_messages(
    visit: Signed,
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


@router.get("/openapi.json", include_in_schema=False)
def description(_visit: Signed, request: Request) -> JSONResponse:
    """Describe the API, for signed-in people only."""
    described: dict[str, Any] = request.app.openapi()
    return JSONResponse(described)
