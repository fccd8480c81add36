"""What each error of the tree is at a front door: one table for the HTTP answers, the pages and the exit codes."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from states import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


class SignInNeeded(errors.ParleyError):
    """Nobody is signed in, and the page or answer is for signed-in people."""


class ForeignForm(errors.ParleyError):
    """A form or request that did not come from this desk, or outlived the visit it was made for."""


class NoPdf(errors.ParleyError):
    """What draws PDFs is not on this machine; the page itself is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error is told: the HTTP status, the heading of its page, and the exit code of the command line."""

    status: HTTPStatus
    title: str
    exit_code: int


PROBLEMS: Mapping[type[errors.ParleyError], Problem] = {
    errors.ParleyError: Problem(HTTPStatus.BAD_REQUEST, "This could not be done", 1),
    SignInNeeded: Problem(HTTPStatus.UNAUTHORIZED, "Please sign in", 8),
    ForeignForm: Problem(HTTPStatus.FORBIDDEN, "This form cannot be used any more", 8),
    NoPdf: Problem(HTTPStatus.SERVICE_UNAVAILABLE, "No PDF can be made here", 1),
    errors.Refused: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Something is missing", 3),
    errors.NotYours: Problem(HTTPStatus.FORBIDDEN, "This act is for somebody else", 3),
    errors.NotFromHere: Problem(HTTPStatus.CONFLICT, "The case has moved on", 3),
    errors.NotFound: Problem(HTTPStatus.NOT_FOUND, "There is nothing here", 4),
    errors.Conflict: Problem(HTTPStatus.CONFLICT, "Somebody else was first", 5),
    errors.DefinitionError: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The definition cannot be used", 6),
    errors.OutsideCalendar: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The calendar does not reach that far", 6),
    errors.Unavailable: Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The record cannot be used just now", 9),
    errors.BrokenFile: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The file cannot be given out", 7),
    errors.BrokenRecord: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The record is broken", 7),
}


def problem_of(error: errors.ParleyError) -> Problem:
    """Find how an error is told: by its own class, else by the nearest one above it in the tree."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)


def as_json(error: errors.ParleyError) -> dict[str, object]:
    """Return an error as a problem of RFC 9457; `missing` lists everything that stands in the way of an act."""
    problem = problem_of(error)
    told: dict[str, object] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status.value,
        "detail": str(error),
    }
    return {**told, "missing": list(error.missing)} if isinstance(error, errors.Refused) else told
