"""A person's own cases at the portal: the list, the first page of a case, its rooms, dates, history, papers, people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import queries
from desk import printing, uploads
from desk.access import AtPortal, DeclaredRoute
from desk.pages import act_order
from desk.pages.printing import press_of
from desk.portal import case_view
from desk.portal.acts import CASES, file_of, names_in
from desk.portal.answers import page
from states.effects import asking_team

if TYPE_CHECKING:
    from cases.queries import CaseFile
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADD_FILE = "add_document"
SHOWN = 20


@router.get("/")
def home(visit: AtPortal) -> Response:
    """Lead straight to the one case of a person, or list several."""
    rows = queries.list_cases(visit.desk.record, visit.viewer, wanted=queries.CaseFilter()).rows
    if len(rows) == 1:
        return RedirectResponse(f"{CASES}/{rows[0].number}", 303)
    return page(visit, "cases.html", zone=visit.person.timezone, rows=rows)


@router.get("/cases")
def several(visit: AtPortal) -> Response:
    """List the cases of a person, as the first page does."""
    return home(visit)


@router.get("/cases/{case_ref}")
def one(case_ref: str, visit: AtPortal) -> HTMLResponse:
    """Show what is asked of the person, where the case stands, and what was new."""
    file = file_of(visit, case_ref)
    return _of_case(visit, file, "case.html", here="", view=case_view.overview(file, visit))


@router.get("/cases/{case_ref}/file")
def rooms(case_ref: str, visit: AtPortal, room: str = "") -> HTMLResponse:
    """Show what one room holds; the person's rooms are chosen above it."""
    file = file_of(visit, case_ref)
    found = case_view.rooms(file, visit)
    shown = next((one for one in found if one.zone.name == room), found[0])
    return _of_case(visit, file, "file.html", here="file", rooms=found, shown=shown)


@router.get("/cases/{case_ref}/dates")
def dates(case_ref: str, visit: AtPortal) -> HTMLResponse:
    """Show every date that is coming, and what silence means at each."""
    file = file_of(visit, case_ref)
    return _of_case(visit, file, "dates.html", here="dates", days=case_view.days(file, visit))


@router.get("/cases/{case_ref}/history")
def history(case_ref: str, visit: AtPortal, *, everything: bool = False) -> HTMLResponse:
    """Tell what happened, newest first, in the rooms the person reads."""
    file = file_of(visit, case_ref)
    all_entries = case_view.entries(file, visit, names_in(visit, file))
    shown = all_entries if everything else all_entries[:SHOWN]
    return _of_case(visit, file, "history.html", here="history", entries=shown, more=len(all_entries) > len(shown))


@router.get("/cases/{case_ref}/documents")
def documents(case_ref: str, visit: AtPortal) -> HTMLResponse:
    """List the documents with their size, the papers to print, and the way to send one."""
    file = file_of(visit, case_ref)
    kept = [item for item in file.case.items if item.kind == "document"]
    papers = [one for one in printing.offered(file) if one.zones <= file.zones]
    return _of_case(
        visit, file, "documents.html", here="documents", kept=kept, papers=papers, may_add=_may(file, ADD_FILE)
    )


@router.get("/cases/{case_ref}/documents/{document_id}")
def document(case_ref: str, document_id: str, visit: AtPortal, request: Request) -> Response:
    """Give out the file of a document to those who may read the document."""
    return uploads.download(visit, request, case_ref, document_id)


@router.get("/cases/{case_ref}/print/{kind}.pdf")
def paper(
    case_ref: str,
    kind: str,
    visit: AtPortal,
    *,
    zone: Annotated[list[str] | None, Query()] = None,
    item: str = "",
) -> Response:
    """Give a paper of the case as PDF."""
    press = press_of(visit)
    made = printing.compose(press, visit.person, case_ref, asked=printing.wanted(kind, zone or (), item))
    named = {"content-disposition": f'inline; filename="{made.file_name}.pdf"'}
    return Response(printing.as_pdf(press, made), media_type="application/pdf", headers=named)


@router.get("/cases/{case_ref}/contact")
def contact(case_ref: str, visit: AtPortal) -> HTMLResponse:
    """Say whom to telephone, who is who, and offer to ask those who run the case."""
    file = file_of(visit, case_ref)
    act = asking_team.act_of(file.process)
    return _of_case(
        visit,
        file,
        "contact.html",
        here="contact",
        people=case_view.people(file, visit),
        asking=act.name if act and _may(file, act.name) else "",
    )


def _of_case(
    visit: Visit,
    file: CaseFile,
    template: str,
    *,
    here: str,
    **content: Any,  # noqa: ANN401 - a template's own
) -> HTMLResponse:
    """Make a page of a case, with the way to its other pages."""
    return page(visit, template, zone=file.process.timezone, case=file.case, here=here, **content)


def _may(file: CaseFile, trigger: str) -> bool:
    return any(one.trigger.name == trigger and act_order.is_ready(one, file) for one in file.options)
