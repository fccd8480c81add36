"""Builds the desk: pages and the HTTP API over one record. Nothing happens at import."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from cases.people import Directory
from cases.record import Record
from cases.service import CaseService
from config.clock import Clock
from config.settings import PORTAL, Settings
from config.settings import read as read_settings
from desk import headers, problems
from desk.access import API, DeclaredRoute, Open
from desk.api import acts as api_acts
from desk.api import bulk as api_bulk
from desk.api import cases as api_cases
from desk.api import checks as api_checks
from desk.api import clocks as api_clocks
from desk.api import committees as api_committees
from desk.api import description
from desk.api import directory as api_directory
from desk.api import emergencies as api_emergencies
from desk.api import files as api_files
from desk.api import health as api_health
from desk.api import incoming as api_incoming
from desk.api import jobs as api_jobs
from desk.api import mail_wishes as api_mail_wishes
from desk.api import mail_wordings as api_mail_wordings
from desk.api import mails as api_mails
from desk.api import me as api_me
from desk.api import mine as api_mine
from desk.api import neutrals as api_neutrals
from desk.api import notebook as api_notebook
from desk.api import oversight as api_oversight
from desk.api import papers as api_papers
from desk.api import people as api_people
from desk.api import pictures as api_pictures
from desk.api import posts as api_posts
from desk.api import process_moves as api_process_moves
from desk.api import process_versions as api_process_versions
from desk.api import processes as api_processes
from desk.api import questions as api_questions
from desk.api import retention as api_retention
from desk.api import search as api_search
from desk.api import served as api_served
from desk.api import tokens as api_tokens
from desk.api import upkeep as api_upkeep
from desk.api import versions as api_versions
from desk.api import ways_in as api_ways_in
from desk.api import webhooks as api_webhooks
from desk.api import working_calendars as api_working_calendars
from desk.pages import (
    absence,
    acts,
    administration,
    bulk,
    calendar,
    calendars,
    case_access,
    cases,
    chain_check,
    committees,
    dead_letters,
    decide,
    decision_link,
    documents,
    emergencies,
    feeds,
    health,
    incoming,
    jobs,
    mail_texts,
    mail_wordings,
    mailbox,
    mails,
    manual,
    my_desk,
    my_mails,
    my_sign_in,
    new_case,
    notebook,
    obligations,
    organisations,
    people,
    people_absence,
    people_forms,
    pictures,
    posts,
    printing,
    process_moves,
    processes,
    prove_again,
    provider,
    reports,
    retention,
    search,
    second_factor,
    served,
    shortlist,
    sign_in,
    tokens,
    turned_away,
    versions,
    views,
    webhooks,
)
from desk.pages.answers import open_page, page
from desk.portal.app import create_portal
from desk.portal.hosts import TwoHosts
from desk.rendering import make_renderer
from desk.routes import methods_here
from desk.visits import Desk, desk_of, visit_of
from desk.words import whole_sentence
from notifications import office
from states import errors
from states.said import say, shaped

if TYPE_CHECKING:
    from starlette.types import ExceptionHandler

log = logging.getLogger(__name__)

_WORTH_PACKING = 500
_PAGES = (
    second_factor,
    provider,
    sign_in,
    prove_again,
    my_mails,
    my_sign_in,
    my_desk,
    search,
    views,
    bulk,
    jobs,
    absence,
    tokens,
    webhooks,
    manual,
    calendar,
    feeds,
    obligations,
    reports,
    new_case,
    cases,
    pictures,
    printing,
    served,
    versions,
    acts,
    decision_link,
    decide,
    documents,
    mails,
    mailbox,
    health,
    incoming,
    shortlist,
    notebook,
    administration,
    people_forms,
    people_absence,
    people,
    organisations,
    posts,
    committees,
    emergencies,
    case_access,
    process_moves,
    processes,
    calendars,
    dead_letters,
    mail_texts,
    mail_wordings,
    retention,
    chain_check,
)
_ANSWERS = (
    api_cases,
    api_acts,
    api_committees,
    api_people,
    api_files,
    api_served,
    api_versions,
    api_mails,
    api_neutrals,
    api_incoming,
    api_notebook,
    api_health,
    api_clocks,
    api_processes,
    api_process_versions,
    api_process_moves,
    api_checks,
    api_me,
    api_papers,
    api_questions,
    api_directory,
    api_posts,
    api_ways_in,
    api_mine,
    api_jobs,
    api_bulk,
    api_oversight,
    api_pictures,
    api_tokens,
    api_webhooks,
    api_emergencies,
    api_working_calendars,
    api_upkeep,
    api_mail_wishes,
    api_mail_wordings,
    api_retention,
    description,
    api_search,
)

static = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@static.get("/static/{name}")
def asset(name: str, desk: Open) -> Response:
    """Answer with a static file; its name holds its hash, so a browser may keep it for ever."""
    found = desk.renderer.assets.get(name)
    if found is None:
        sentence = say("there is no such file")
        raise errors.NotFound(sentence)
    return Response(found.content, media_type=found.media_type, headers=headers.FOREVER)


@static.get(PORTAL)
def portal(_desk: Open) -> Response:
    """Lead whoever leaves out the last stroke to the portal's first page."""
    return RedirectResponse(f"{PORTAL}/", HTTPStatus.SEE_OTHER)


@static.get("/alive")
def alive(_desk: Open) -> Response:
    """Tell whoever supervises the desk that it answers."""
    return Response("alive\n", media_type="text/plain")


def create_app(
    record: Record, service: CaseService, directory: Directory, *, settings: Settings, clock: Clock
) -> FastAPI:
    """Build the desk over a record."""
    app = FastAPI(
        title=f"{settings.mail_from_name}: the desk",
        summary="Cases, acts and messages, exactly as the pages show them.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.desk = desk = Desk(
        record=record,
        service=service,
        directory=directory,
        settings=settings,
        clock=clock,
        renderer=make_renderer(),
    )
    for module in (*_PAGES, *_ANSWERS):
        app.include_router(module.router)
    app.include_router(static)
    app.mount(PORTAL, create_portal(desk))
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    if settings.portal_url:
        app.add_middleware(TwoHosts, portal_url=settings.portal_url)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_PACKING)
    app.add_middleware(headers.SafeHeaders)
    return app


def from_environment() -> FastAPI:
    """Build the desk that the environment describes."""
    at = office.open_office()
    return create_app(at.record, at.service, at.directory, settings=at.settings, clock=at.clock)


def main() -> None:
    """Serve the desk until told to stop; addresses of requests are not logged, because some hold tokens."""
    settings = read_settings()
    uvicorn.run(
        "desk.app:from_environment",
        factory=True,
        host=settings.desk_host,
        port=settings.desk_port,
        access_log=False,
        server_header=False,
        log_level="warning",
    )


def _tell(request: Request, error: errors.ParleyError) -> Response:
    """Turn an error into an answer: a problem for programs, a page in words for people."""
    problem = problems.problem_of(error)
    if _is_program(request):
        return JSONResponse(
            problems.as_json(error), problem.status, problems.headers_of(error), media_type=problems.MEDIA_TYPE
        )
    desk, visit = desk_of(request), visit_of(request)
    sentence = shaped(error.sentence, whole_sentence)
    if visit is None:
        return open_page(
            desk, "signed_out.html", status=problem.status, heading=problem.title, sentence=sentence, how=True
        )
    missing = list(error.missing) if isinstance(error, errors.NeedsMissing) else []
    return page(
        visit,
        "problem.html",
        request=request,
        status=problem.status,
        heading=problem.title,
        sentence=sentence,
        missing=missing,
        back="/",
        back_label=say("Back to my desk"),
    )


def _parley_error(request: Request, error: Exception) -> Response:
    return _tell(request, error if isinstance(error, errors.ParleyError) else errors.ParleyError(str(error)))


async def _signed_out(request: Request, error: Exception) -> Response:
    return _parley_error(request, error) if _is_program(request) else await turned_away.signed_out(request)


def _without_factor(request: Request, error: Exception) -> Response:
    return _parley_error(request, error) if _is_program(request) else turned_away.without_factor(request)


def _without_proof(request: Request, error: Exception) -> Response:
    return _parley_error(request, error) if _is_program(request) else turned_away.without_proof(request)


def _is_program(request: Request) -> bool:
    """Tell whether a program asks, which is answered with problems; people read pages, those of the manual too."""
    path = request.url.path
    return path.startswith(API) and not (path == API or path.startswith(manual.FOR_PEOPLE))


def _unknown_address(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        sentence = say("this address does not take such a request; open the page again")
        return _tell(request, problems.WrongMethod(sentence, allowed=methods_here(request)))
    if isinstance(error, HTTPException) and error.status_code != HTTPStatus.NOT_FOUND:
        return _tell(request, errors.ParleyError(say("this request cannot be answered; open the page again")))
    return _tell(request, errors.NotFound(say("there is no such page, or it is not yours to see")))


def _unreadable(request: Request, error: Exception) -> Response:
    told = error.errors() if isinstance(error, RequestValidationError) else []
    places = (f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg'].lower()}" for one in told)
    sentence = say("the request cannot be read")
    return _tell(request, errors.NeedsMissing(sentence, missing=tuple(places)))


def _unforeseen(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw. The server logs the whole of it, and this answer passes by all other layers."""
    log.error("the desk failed with %s", type(error).__name__)
    sentence = say("the desk could not do this. Nothing was changed; tell the people who run the desk")
    told = {"type": f"{problems.KINDS}{problems.FAILED}", "title": "The desk failed", "status": 500, "detail": sentence}
    if _is_program(request):
        return JSONResponse(told, HTTPStatus.INTERNAL_SERVER_ERROR, headers.FOR_EVERYTHING, problems.MEDIA_TYPE)
    answer = open_page(
        desk_of(request),
        "signed_out.html",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        heading=say("The desk failed"),
        sentence=shaped(sentence, whole_sentence),
        how=False,
    )
    answer.headers.update(headers.FOR_EVERYTHING)
    return answer


_HANDLERS: dict[type[Exception], ExceptionHandler] = {
    errors.ParleyError: _parley_error,
    problems.SignInNeeded: _signed_out,
    problems.FactorNeeded: _without_factor,
    problems.ProofNeeded: _without_proof,
    HTTPException: _unknown_address,
    RequestValidationError: _unreadable,
    Exception: _unforeseen,
}

if __name__ == "__main__":
    main()
