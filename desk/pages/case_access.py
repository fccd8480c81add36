"""Access to one case: who may see which rooms and why, and who looked when."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from cases import looks, queries
from cases.looks import Kind
from config.settings import Proof
from desk import csv_files, file_words, fresh_proof
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page
from desk.words import as_utc
from states.items import BreakGlass
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

KINDS = {
    Kind.CASE: say("The case"),
    Kind.BRIEF: say("The brief of a decision"),
    Kind.DOCUMENT: say("A document"),
    Kind.EXPORT: say("A paper or an export"),
    Kind.NOTEBOOK: say("Their own notebook"),
    Kind.NOTEBOOK_EXPORT: say("An export of their own notebook"),
}
PAGE = 25


@router.get("/cases/{case_ref}/access")
def access(case_ref: str, visit: Signed, before: int = 0) -> HTMLResponse:
    """Show who may see what of a case, and who looked; `before` goes on after that many looks."""
    desk = visit.desk
    process, case = queries.case_for(desk.record, visit.viewer, case_ref)
    looked = looks.of_case(desk.record, visit.viewer, case_ref)
    begin = max(before, 0)
    readers = looks.readers(desk.record, visit.viewer, case_ref, now=visit.words.now)
    rooms = file_words.zones_in_order({room for one in readers for room in one.rooms})
    return page(
        visit,
        "case_access.html",
        zone=process.timezone,
        case=case,
        rooms={zone: file_words.zone_words(zone, case) for zone in rooms},
        readers=readers,
        looked=looked[begin : begin + PAGE],
        kinds=KINDS,
        next=begin + PAGE if len(looked) > begin + PAGE else 0,
        open_rooms=[one for one in case.all(BreakGlass) if one.lets_in(one.by, visit.words.now)],
    )


@router.get("/cases/{case_ref}/access.csv")
def access_csv(case_ref: str, visit: Signed) -> Response:
    """Answer with everybody who looked, as a table to be saved."""
    fresh_proof.ask(visit, Proof.EXPORTS)
    found = looks.of_case(visit.desk.record, visit.viewer, case_ref)
    columns = (say("When (UTC)"), say("Who"), say("What"), say("In an emergency"))
    rows = ((as_utc(one.at), one.name, KINDS[one.kind], say("Yes") if one.opened else say("No")) for one in found)
    return csv_files.answer("access", columns, rows, visit.words)
