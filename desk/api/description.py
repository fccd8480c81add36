"""The description of the whole API, as OpenAPI 3.1, for signed-in people and the programs they gave a token to."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Security
from fastapi.responses import JSONResponse

from desk.access import DeclaredRoute, Visit, by_token

router = APIRouter(prefix="/api", route_class=DeclaredRoute, include_in_schema=False)

Anybody = Annotated[Visit, Security(by_token)]


@router.get("/openapi.json")
def describe_api(_visit: Anybody, request: Request) -> JSONResponse:
    """Describe the API."""
    described: dict[str, Any] = request.app.openapi()
    return JSONResponse(described)
