"""Builds the portal: an application of its own, with its own routes and its own words for what goes wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from cases.people import Audience
from config.settings import PORTAL
from desk import headers, problems
from desk.portal import acts, answering, cases, entry, me
from desk.portal.answers import open_page, page
from desk.problems import SignInNeeded
from desk.visits import Desk, desk_of, visit_of
from states import errors
from states.said import say

if TYPE_CHECKING:
    from starlette.types import ExceptionHandler

log = logging.getLogger(__name__)

ROUTERS = (entry.router, cases.router, answering.router, acts.router, me.router)
FAILED = say("This could not be done. Nothing was changed; telephone the desk.")


def create_portal(desk: Desk) -> FastAPI:
    """Build the portal of a desk."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    return app


def _told(request: Request, error: errors.ParleyError) -> Response:
    desk, problem = desk_of(request), problems.problem_of(error)
    if isinstance(error, SignInNeeded):
        wanted = request.url.path if request.method == "GET" else ""
        return entry.door(desk, request, wanted=wanted, status=HTTPStatus.UNAUTHORIZED)
    sentence = error.args[0] if error.args else str(error)
    missing = list(error.missing) if isinstance(error, errors.NeedsMissing) else []
    told: dict[str, Any] = {"heading": problem.title, "sentence": sentence, "missing": missing, "back": f"{PORTAL}/"}
    visit = visit_of(request, Audience.PORTAL)
    if visit is None:
        return open_page(desk, "problem.html", request=request, status=problem.status, **told)
    return page(visit, "problem.html", status=problem.status, **told)


def _parley_error(request: Request, error: Exception) -> Response:
    return _told(request, error if isinstance(error, errors.ParleyError) else errors.ParleyError(str(error)))


def _unknown_address(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code != HTTPStatus.NOT_FOUND:
        return _told(request, errors.ParleyError(say("this address does not take such a request; open the page again")))
    return _told(request, errors.NotFound(say("there is no such page, or it is not yours to see")))


def _unreadable(request: Request, _error: Exception) -> Response:
    return _told(request, errors.Refused(say("the request cannot be read; open the page again")))


def _unforeseen(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw, and tell nothing of it but that nothing was changed."""
    log.error("the portal failed with %s", type(error).__name__)
    told: dict[str, Any] = {"heading": say("This page failed"), "sentence": FAILED, "missing": [], "back": f"{PORTAL}/"}
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    answer = open_page(desk_of(request), "problem.html", request=request, status=status, **told)
    answer.headers.update(headers.FOR_EVERYTHING)
    return answer


_HANDLERS: dict[type[Exception], ExceptionHandler] = {
    errors.ParleyError: _parley_error,
    HTTPException: _unknown_address,
    RequestValidationError: _unreadable,
    Exception: _unforeseen,
}
