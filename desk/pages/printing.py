"""The papers of a case, as pages to print and as PDF; programs with a token may take them too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from config.settings import Proof
from desk import fresh_proof, printing
from desk.access import DeclaredRoute, Signed
from desk.printing import Paper, Press
from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

Zones = Annotated[list[str] | None, Query(alias="zone")]


@router.get("/cases/{case_ref}/print/{kind}.pdf")
def as_pdf(case_ref: str, kind: str, visit: Signed, *, zones: Zones = None, item: str = "") -> Response:
    """Give a paper as PDF; one that takes a whole case along asks for a fresh proof."""
    if kind in printing.OF_A_WHOLE_CASE:
        fresh_proof.ask(visit, Proof.EXPORTS)
    paper = _paper(visit, case_ref, kind, zones=zones, item=item)
    drawn = printing.as_pdf(press_of(visit), paper)
    named = {"content-disposition": f'inline; filename="{paper.file_name}.pdf"'}
    return Response(drawn, media_type="application/pdf", headers=named)


@router.get("/cases/{case_ref}/print/{kind}")
def as_page(case_ref: str, kind: str, visit: Signed, *, zones: Zones = None, item: str = "") -> HTMLResponse:
    """Show a paper, with a choice of the rooms that go into it."""
    return HTMLResponse(_paper(visit, case_ref, kind, zones=zones, item=item).html)


def press_of(visit: Visit) -> Press:
    """Return what papers are made with at this desk."""
    desk = visit.desk
    return Press(
        record=desk.record,
        directory=desk.directory,
        renderer=desk.renderer,
        name=desk.settings.mail_from_name,
        now=visit.words.now,
    )


def _paper(visit: Visit, case_ref: str, kind: str, *, zones: list[str] | None, item: str) -> Paper:
    asked = printing.wanted(kind, zones or (), item)
    return printing.compose(press_of(visit), visit.person, case_ref, asked=asked)
