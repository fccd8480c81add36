"""Searching: what the signed-in person may read, found by the words in it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import queries, search_words
from cases.findable import Source
from cases.queries import SearchFilter
from desk import file_words
from desk.access import DeclaredRoute, Signed
from desk.pages import notebook
from desk.pages.answers import page
from states import errors
from states.said import say

if TYPE_CHECKING:
    from datetime import datetime

    from cases.paging import Page
    from cases.queries import Found
    from cases.search_words import Part
    from desk.file_words import ZoneWords
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was found: what it is, in which case and room, and an excerpt of it."""

    number: str
    title: str
    address: str
    what: str
    zone: ZoneWords | None
    at: datetime
    excerpt: tuple[Part, ...]


@router.get("/search")
def search(visit: Signed, request: Request, *, q: str = "", case: str = "", after: str = "") -> HTMLResponse:
    """Show what holds the words, or how to look for some."""
    said = {name: value for name, value in {"q": q, "case": case}.items() if value}
    problem, lines, mark = "", [], None
    try:
        found = _found(visit, q, case, after) if q.strip() else None
        lines = [_line(one) for one in found.rows] if found else []
        mark = found.next if found else None
    except errors.NeedsMissing as refusal:
        problem = refusal.missing[0]
    notes = _in_notebook(visit, q) if q.strip() and not problem and not case and not after else []
    return page(
        visit,
        "search.html",
        request=request,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        zone=visit.person.timezone,
        asked=q,
        case=case,
        problem=problem,
        lines=lines,
        notes=notes,
        next=f"/search?{urlencode(said | {'after': mark})}" if mark else "",
    )


def _found(visit: Visit, words: str, case: str, after: str) -> Page[Found]:
    wanted = SearchFilter(words=words, case=case.strip() or None)
    return queries.search(visit.desk.record, visit.viewer, wanted, after=after or None)


def _line(found: Found) -> Line:
    case = found.seen.case
    place = f"?everything=yes#entry-{found.seq}" if found.seq else "#file" if found.item else ""
    return Line(
        number=case.number,
        title=case.title,
        address=f"/cases/{case.number}{place}",
        what=_what(found),
        zone=file_words.zone_words(found.zone, case) if found.zone else None,
        at=found.at,
        excerpt=found.excerpt,
    )


def _what(found: Found) -> str:
    if found.item is not None:
        return file_words.item_title(found.item)
    if found.act:
        return say("Said in: %(act)s", act=found.act)
    return _PLACES[found.source]


_PLACES = {
    Source.CASE: say("The case itself"),
    Source.PARTY: say("A party of the case"),
    Source.FIELDS: say("Recorded on the case"),
}


def _in_notebook(visit: Visit, words: str) -> list[Line]:
    """Look through the person's own notes, which no index knows."""
    asked = search_words.parse(words)
    return [
        Line(
            number=number,
            title="",
            address=f"/cases/{number}/notebook",
            what=say("In your notebook"),
            zone=None,
            at=note.written_at,
            excerpt=asked.excerpt((note.text,)),
        )
        for number, note in notebook.of(visit).look_for(asked)
    ]
