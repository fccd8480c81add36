"""The versions of an agreement, and what differs between two of them, word by word."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from cases import queries, versions
from desk import file_words, version_words
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/cases/{case_ref}/versions")
def show_versions(case_ref: str, visit: Signed, *, before: int | None = None, after: int | None = None) -> HTMLResponse:
    """List the versions of a case's agreements and compare two of them."""
    process, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    found = queries.versions(visit.desk.record, visit.viewer, case_ref)
    chosen = versions.pair(found, before=before, after=after)
    known = visit.desk.directory.people(file_words.may_be_people(*((one.agreement, one.terms) for one in chosen)))
    names = {person.id: person.name for person in known.values()}
    spell = version_words.speller(case, visit.words, process.timezone, names)
    return page(
        visit,
        "versions.html",
        zone=process.timezone,
        case=case,
        versions=found,
        difference=versions.difference(*chosen, spell=spell),
        part=version_words.part,
    )
