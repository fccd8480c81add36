"""The papers of a case for programs, as pages of HTML and as PDF."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from config.settings import Proof
from desk import fresh_proof, printing
from desk.api import schemas
from desk.api.bounds import MOST_OF_ANYTHING, CaseRef, Name, Wanted
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases
from desk.pages.printing import press_of
from desk.printing import Kind

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["papers"], responses=schemas.PROBLEMS)

Zones = Annotated[
    list[Name],
    Query(
        alias="zone", max_length=MOST_OF_ANYTHING, description="the rooms that go into it; without any, the shared one"
    ),
]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the paper",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class Form(StrEnum):
    """As what a paper is wanted."""

    HTML = "html"
    PDF = "pdf"


@router.get("/cases/{case_ref}/papers/{kind}", response_class=Response, responses=_FILES)
def print_paper(  # noqa: PLR0913 - what a paper may be asked for
    case_ref: CaseRef,
    kind: Kind,
    visit: ReadsCases,
    *,
    zones: Zones = [],  # noqa: B006 - FastAPI copies it
    item: Wanted = None,
    form: Annotated[Form, Query(alias="format")] = Form.HTML,
) -> Response:
    """Print a paper: the agreement, the file, the closure note, the brief, the handover pack, the proof of service."""
    if kind in printing.OF_A_WHOLE_CASE and form is Form.PDF:
        fresh_proof.ask(visit, Proof.EXPORTS)
    press = press_of(visit)
    paper = printing.compose(press, visit.person, case_ref, asked=printing.wanted(kind, zones, item or ""))
    if form is Form.HTML:
        return Response(paper.html, media_type="text/html")
    named = {"content-disposition": f'attachment; filename="{paper.file_name}.pdf"'}
    return Response(printing.as_pdf(press, paper), media_type="application/pdf", headers=named)
