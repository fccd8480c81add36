"""The list of cases, the page of one case, and the drawing of its process."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import queries
from cases.queries import CaseFilter
from desk import file_words, headers, spent_words
from desk.access import DeclaredRoute, Signed, Visit
from desk.pages import case_view
from desk.pages.answers import page
from states import draw
from states.layout import Marks

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/cases")
def cases(  # noqa: PLR0913 - the filters of the page, each a word in its address
    visit: Signed,
    request: Request,
    *,
    words: str = "",
    phase: str = "",
    stage: str = "",
    urgency: str = "",
    open: str = "",  # noqa: A002 - the word in the address
    after: str = "",
) -> HTMLResponse:
    """List the cases in which the signed-in person has a part."""
    chosen = {"words": words, "phase": phase, "stage": stage, "urgency": urgency, "open": open}
    wanted = CaseFilter(
        stage=stage or None,
        phase=phase or None,
        urgency=urgency or None,
        words=words or None,
        open_only={"yes": True, "no": False}.get(open),
    )
    found = queries.list_cases(visit.desk.record, visit.viewer, wanted=wanted, after=after or None)
    said = {name: value for name, value in chosen.items() if value}
    return page(
        visit,
        "cases.html",
        request=request,
        zone=visit.person.timezone,
        rows=found.rows,
        next=f"/cases?{urlencode(said | {'after': found.next})}" if found.next else "",
        chosen=chosen,
        filtered=bool(said),
        phases=_phases(visit),
        urgencies=file_words.URGENCIES,
    )


@router.get("/cases/{case_ref}")
def case(case_ref: str, visit: Signed, *, zone: str = "", everything: bool = False, recorded: int = 0) -> HTMLResponse:
    """Show one case; `zone` narrows the timeline, `everything` shows all of it, `recorded` is the entry just made."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    shown = case_view.of(file, visit, zone=zone, everything=everything, recorded=recorded)
    contested = queries.contested(visit.desk.record, visit.viewer, case_ref)
    return page(
        visit,
        "case.html",
        zone=file.process.timezone,
        file=file,
        case=file.case,
        view=shown,
        contested=contested,
        spent=queries.time_known(visit.desk.record, visit.viewer, case_ref, now=visit.words.now),
        spans=spent_words,
    )


@router.get("/cases/{case_ref}/process.svg")
def drawing(case_ref: str, visit: Signed) -> Response:
    """Draw the process of a case with the stage where it stands."""
    process, found = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    rtl = visit.words.direction == "rtl"
    picture = draw.svg(process, marks=Marks(current=found.stage), rtl=rtl, tell=visit.words.tell)
    policy = {"content-security-policy": headers.DRAWING_POLICY}
    return Response(picture, media_type="image/svg+xml", headers=policy)


def _phases(visit: Visit) -> dict[str, str]:
    """Collect the phases of the processes on offer."""
    registry = visit.desk.record.registry
    return {name: label for process in registry.names() for name, label in registry.current(process).phases.items()}
