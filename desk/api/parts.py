"""What all operations of the API have in common, as the description says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.webhooks import TRIAL, Kind
from desk import problems
from desk.access import API
from states import errors

INFO: Mapping[str, Any] = {
    "title": "Parley",
    "summary": "Disputes between organisations, from notice to closure: whatever the pages do, programs can do.",
    "description": (
        "A program shows a token of its owner's (`/me/tokens`) and may do what the owner may do, narrowed to the "
        "scopes of the token. Whatever is posted and changes something carries an `Idempotency-Key`. Lists come in "
        "pages. What cannot be done is told as `application/problem+json`. Every address is explained at `/api/`."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

TAGS: Mapping[str, str] = {
    "acts": "What a person may do on a case now, what would follow from it, and doing it.",
    "administration": "Mails that reached nobody, the texts of mails, how long data is kept, and the record itself.",
    "calendars": "Working calendars, for administrators.",
    "cases": "Cases listed, shown and opened, with what stands beside them.",
    "clocks": "Whose time it was so far, and what comes if nobody does anything.",
    "committees": "Standing committees.",
    "decisions": "What somebody is asked to decide.",
    "directory": "People and organisations on file, for administrators.",
    "emergencies": "Rooms opened to an administrator in an emergency, when a second person agrees.",
    "files": "Files: uploaded first, then named in an act.",
    "health": "How the clockwork does, for administrators.",
    "jobs": "Long work, and acts on several cases or mails at once.",
    "mails": "How mails fared.",
    "me": "Who asks, their desk, and what is their own at it.",
    "neutrals": "The roster of neutrals, and who could mediate a case.",
    "notebook": "A mediator's own notes.",
    "oversight": "Obligations, figures, and who may see and has seen a case.",
    "papers": "Papers of a case, to print or as PDF.",
    "people": "Absences and deputies.",
    "processes": "Versions of a process, rehearsed before anybody uses them.",
    "search": "Finding entries by their words.",
    "tokens": "The tokens of whoever asks.",
    "webhooks": "Where the programs of whoever asks want to be told of what happens.",
    "versions": "The versions of an agreement, and what differs between them.",
}

SECURITY: Mapping[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "a token of the page `/me/tokens`; each operation lists the scope it needs",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-parley",
        "description": "the session of a signed-in person, from this desk's own pages",
    },
}


def _header(description: str, example: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


HEADERS: Mapping[str, Any] = {
    "Link": _header("the address of the next page, as RFC 8288 has it", '</api/cases?after=W10>; rel="next"'),
    "ETag": _header("what was read, for `If-Match`", '"12-0f5c2a9b4d7e8136a0b9c8d7e6f50413"'),
    "RateLimit": _header("how many requests are left, and for how many seconds", '"minute";r=299;t=60'),
    "Retry-After": _header("in how many seconds to ask again", "17"),
    "WWW-Authenticate": _header("how to sign in", "Bearer"),
    "Idempotent-Replayed": _header("`true` where the request was done before and is only answered again", "true"),
}

PROBLEM_HEADERS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}

PROBLEMS: Mapping[int, tuple[str, errors.ParleyError | None]] = {
    401: (
        "nobody is signed in, or the token is over",
        problems.SignInNeeded("this token is not known, or is over; make another one on the page of your tokens"),
    ),
    403: (
        "the token is not good for it, or the act is for somebody else",
        errors.NotYours("“Admit the case” is for Convener"),
    ),
    404: (
        "no such thing, or not for this person: the two read alike",
        errors.NotFound("there is no such case, or it is not yours to see"),
    ),
    409: (
        "somebody else was first, or the case has moved on",
        errors.Conflict(
            "Marie Keji was first: “Answer the notice” at 2026-11-02 15:00 UTC; look again and decide anew"
        ),
    ),
    412: (
        "it has changed since the version that was asked for",
        problems.ChangedSince("the case has moved since you looked at it: look again and decide anew"),
    ),
    413: (
        "the request is too large",
        problems.TooLarge("the request holds more than 2000000 bytes; send less at a time"),
    ),
    415: (
        "the body is of a kind that is not read here",
        problems.WrongKind("send the body as JSON, with the header content-type: application/json"),
    ),
    422: (
        "something is missing, malformed, or not known here; or the key of the request was used for another one",
        errors.NeedsMissing(
            "“Submit” still needs: an issue is listed (Convener: “Add an issue”)",
            missing=("an issue is listed (Convener: “Add an issue”)",),
        ),
    ),
    429: (
        "too many requests",
        problems.TooOften("this is more than was agreed for a minute; go on in 17 seconds", seconds=17),
    ),
    500: ("the desk failed, and nothing was changed", None),
    503: (
        "the record, or what draws papers, cannot be used just now",
        errors.Unavailable("the record cannot be used just now; nothing of it was kept: try again"),
    ),
}

_HAPPENED: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"type": "string", "enum": [*Kind, TRIAL]},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "description": "empty for a trial",
            "properties": {
                "case_id": {"type": "string"},
                "number": {"type": "string"},
                "version": {"type": "integer"},
                "link": {"type": "string", "format": "uri"},
            },
        },
    },
}

WEBHOOKS: Mapping[str, Any] = {
    "happened": {
        "post": {
            "operationId": "happened",
            "summary": "Something happened",
            "description": (
                "What is sent to a webhook, signed as Standard Webhooks have it: `webhook-id`, `webhook-timestamp`, "
                "`webhook-signature`. It holds no content of a case. Any status from 200 to 299 counts as received."
            ),
            "tags": ["webhooks"],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": _HAPPENED,
                        "example": {
                            "type": Kind.STAGE_ENTERED,
                            "timestamp": "2026-11-02T15:00:00+00:00",
                            "data": {
                                "case_id": "6c49782381c34074a7925098310eda4a",
                                "number": "D-2026-0001",
                                "version": 12,
                                "link": "https://desk.example/cases/D-2026-0001",
                            },
                        },
                    }
                },
            },
            "responses": {"2XX": {"description": "received"}},
        }
    }
}

FAILED: Mapping[str, Any] = {
    "type": f"{API}problems/{problems.FAILED}",
    "title": "The desk failed",
    "status": 500,
    "detail": "the desk could not do this. Nothing was changed; tell the people who run the desk",
}
