"""The page of obligations: who owes what in one's cases, until when, what proves it, and what to do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from cases import queries
from cases.queries import OwedFilter
from desk import csv_files
from desk.access import DeclaredRoute, Signed
from desk.asked_lists import EVERY, ObligationsAsked
from desk.pages import case_view
from desk.pages.answers import page
from states import errors, obligations
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.queries import Owed
    from desk.drawing.sheet import Cell
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

MOST = 5000
"""How many obligations one file holds at most."""
STATES = {
    "due": say("due"),
    "replanned": say("replanned"),
    "reported": say("reported as done"),
    "provisional": say("accepted for now"),
    "missed": say("missed"),
    "contested": say("contested"),
    "reconvened": say("talked about again"),
    "verified": say("verified"),
    "waived": say("waived"),
    "failed": say("failed"),
    "replaced": say("replaced"),
    "corrected": say("corrected"),
}
_COLUMNS = (say("Obligation"), say("Case"), say("Owed by"), say("Due"), say("State"), say("Evidence"))


def chosen_of(asked: Annotated[ObligationsAsked, Query()]) -> ObligationsAsked:
    """Read the filters in the address; raise `NotFound` for one that is not offered."""
    if asked.state not in {"", EVERY, *STATES} or asked.whose not in {"", "mine", "others"}:
        raise errors.NotFound(say("there is no such filter; choose again on the page of obligations"))
    return asked


Chosen = Annotated[ObligationsAsked, Depends(chosen_of)]


@router.get("/obligations")
def read(visit: Signed, request: Request, chosen: Chosen) -> HTMLResponse:
    """List the obligations of the signed-in person's cases, the soonest first; those still owed unless asked."""
    wanted, problem = OwedFilter(states=obligations.OPEN), ""
    try:
        wanted = chosen.wanted(visit.words)
    except errors.NeedsMissing as refusal:
        problem = refusal.missing[0]
    found = queries.list_owed(visit.desk.record, visit.viewer, wanted=wanted, after=chosen.after or None)
    said = chosen.said
    return page(
        visit,
        "obligations.html",
        request=request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        zone=visit.person.timezone,
        rows=found.rows,
        next=f"/obligations?{urlencode(said | {'after': found.next})}" if found.next else "",
        file=f"/obligations.csv?{urlencode(said)}" if said else "/obligations.csv",
        asked=chosen,
        problem=problem,
        states=STATES,
        offered={EVERY: say("All")} | STATES,
        tone_of=case_view.tone_of,
        settled=obligations.LIFE.final,
    )


@router.get("/obligations.csv")
def table(visit: Signed, chosen: Chosen) -> Response:
    """Answer with the same as a file."""
    found = queries.list_owed(visit.desk.record, visit.viewer, wanted=chosen.wanted(visit.words), limit=MOST)
    return csv_files.answer("obligations", _COLUMNS, _rows(found.rows, visit), visit.words)


def _rows(found: Iterable[Owed], visit: Visit) -> Iterable[tuple[Cell, ...]]:
    for one in found:
        due = visit.words.stamp(one.term.due_at, one.timezone)
        state = STATES.get(one.term.state, one.term.state)
        yield one.term.action, one.case.number, one.bearer, due, state, one.term.evidence
