"""Every route of the desk, wherever it was included from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi.routing import APIRoute
from starlette.routing import Match

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def every_route(app: FastAPI) -> Iterator[APIRoute]:
    """Yield every route that answers, those of included routers too."""
    found = [*app.routes]
    while found:
        route = found.pop()
        if isinstance(route, APIRoute):
            yield route
        found += getattr(getattr(route, "original_router", None), "routes", [])


def methods_here(request: Request) -> tuple[str, ...]:
    """List the methods that the address of a request takes."""
    scope = {**request.scope, "method": "GET"}
    here = [route for route in every_route(request.app) if route.matches(scope)[0] is not Match.NONE]
    return tuple(sorted({method for route in here for method in route.methods or ()}))
