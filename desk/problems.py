"""What each error of the tree is at a front door: one table for the HTTP answers, the pages and the exit codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


class SignInNeeded(errors.ParleyError):
    """Nobody is signed in, and the page or answer is for signed-in people."""


class FactorNeeded(errors.ParleyError):
    """Somebody is signed in with one factor, and two are required."""


class ProofNeeded(errors.ParleyError):
    """What somebody asks for needs a proof of who they are that is fresher than their signing in."""


class ForeignForm(errors.ParleyError):
    """A form or request that did not come from this desk, or outlived the visit it was made for."""


class BeyondScope(errors.ParleyError):
    """A program asked for what its token is not good for."""


class WrongMethod(errors.ParleyError):
    """The address is there, and does not take such a request; `allowed` lists what it takes."""

    def __init__(self, sentence: str, *, allowed: tuple[str, ...]) -> None:
        """Keep the sentence and the methods that the address takes."""
        super().__init__(sentence)
        self.allowed = allowed


class WrongKind(errors.ParleyError):
    """The body of a request is of a kind that the address does not read."""


class TooLarge(errors.ParleyError):
    """A request holds more than one may hold."""


class TooOften(errors.ParleyError):
    """Somebody asks more often than was agreed; `seconds` says how long to wait."""

    def __init__(self, sentence: str, *, seconds: int) -> None:
        """Keep the sentence and the wait."""
        super().__init__(sentence)
        self.seconds = seconds


class ChangedSince(errors.Conflict):
    """What was asked for by `If-Match` is no longer as it was."""


class NoPdf(errors.ParleyError):
    """What draws PDFs is not on this machine; the page itself is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error is told: the HTTP status, the heading of its page, and the exit code of the command line."""

    status: HTTPStatus
    title: str
    exit_code: int


PROBLEMS: Mapping[type[errors.ParleyError], Problem] = {
    errors.ParleyError: Problem(HTTPStatus.BAD_REQUEST, say("This could not be done"), 1),
    SignInNeeded: Problem(HTTPStatus.UNAUTHORIZED, say("Please sign in"), 8),
    FactorNeeded: Problem(HTTPStatus.FORBIDDEN, say("A second factor is needed"), 8),
    ProofNeeded: Problem(HTTPStatus.FORBIDDEN, say("Please prove once more who you are"), 8),
    ForeignForm: Problem(HTTPStatus.FORBIDDEN, say("This form cannot be used any more"), 8),
    BeyondScope: Problem(HTTPStatus.FORBIDDEN, say("This token is not good for it"), 8),
    WrongMethod: Problem(HTTPStatus.METHOD_NOT_ALLOWED, say("This address takes no such request"), 2),
    WrongKind: Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, say("This kind of body is not read here"), 2),
    TooLarge: Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, say("This is too large"), 2),
    TooOften: Problem(HTTPStatus.TOO_MANY_REQUESTS, say("Too many requests"), 9),
    ChangedSince: Problem(HTTPStatus.PRECONDITION_FAILED, say("It has changed since"), 5),
    NoPdf: Problem(HTTPStatus.SERVICE_UNAVAILABLE, say("No PDF can be made here"), 1),
    errors.Refused: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, say("Something is missing"), 3),
    errors.NotYours: Problem(HTTPStatus.FORBIDDEN, say("This act is for somebody else"), 3),
    errors.NotFromHere: Problem(HTTPStatus.CONFLICT, say("The case has moved on"), 3),
    errors.NotFound: Problem(HTTPStatus.NOT_FOUND, say("There is nothing here"), 4),
    errors.Conflict: Problem(HTTPStatus.CONFLICT, say("Somebody else was first"), 5),
    errors.KeyReused: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, say("This key was used for something else"), 5),
    errors.DefinitionError: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, say("The definition cannot be used"), 6),
    errors.OutsideCalendar: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, say("The calendar does not reach that far"), 6),
    errors.Unavailable: Problem(HTTPStatus.SERVICE_UNAVAILABLE, say("The record cannot be used just now"), 9),
    errors.BrokenFile: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, say("The file cannot be given out"), 7),
    errors.BrokenRecord: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, say("The record is broken"), 7),
}


def problem_of(error: errors.ParleyError) -> Problem:
    """Find how an error is told: by its own class, else by the nearest one above it in the tree."""
    return of_kind(type(error))


def of_kind(kind: type[errors.ParleyError]) -> Problem:
    """Find how a kind of error is told."""
    return next(PROBLEMS[one] for one in kind.__mro__ if one in PROBLEMS)


KINDS = "/api/problems/"
"""Where the kinds of problems are explained, each at an address of its own."""
FAILED = "failed"


def name_of(kind: type[errors.ParleyError]) -> str:
    """Name a kind of error as its address does: `NeedsMissing` is `needs-missing`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def headers_of(error: errors.ParleyError) -> dict[str, str]:
    """Return the headers that go with an error: how to sign in, when to come again, what the address takes."""
    match error:
        case SignInNeeded():
            return {"www-authenticate": "Bearer"}
        case TooOften():
            return {"retry-after": str(error.seconds)}
        case WrongMethod():
            return {"allow": ", ".join(error.allowed)}
        case errors.Unavailable() | errors.UnderWay():
            return {"retry-after": "1"}
    return {}


def as_json(error: errors.ParleyError) -> dict[str, object]:
    """Return an error as a problem of RFC 9457; `missing` lists everything that stands in the way of an act."""
    problem = problem_of(error)
    told: dict[str, object] = {
        "type": f"{KINDS}{name_of(type(error))}",
        "title": problem.title,
        "status": problem.status.value,
        "detail": str(error),
    }
    return {**told, "missing": list(error.missing)} if isinstance(error, errors.Refused) else told
