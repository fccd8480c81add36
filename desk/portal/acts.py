"""Acts at the portal: the forms, the page to read back, the deed and its receipt; the rules are those of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import queries
from config.settings import PORTAL
from desk import entry_words
from desk.access import AtPortal, DeclaredRoute, PortalForm
from desk.pages import act_order, acts
from desk.portal import receipts
from desk.portal.answers import page

if TYPE_CHECKING:
    from cases.queries import CaseFile
    from cases.receipts import Receipt
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
CASES = f"{PORTAL}/cases"


def _receipt_page(visit: Visit, receipt: Receipt) -> str:
    figures = receipts.book(visit.desk.settings, receipt.case_id).number(receipt.events[0])
    return f"{CASES}/{receipt.number}/receipts/{figures}"


DOOR = acts.Door(cases=CASES, page=page, form="act.html", check="check.html", done=_receipt_page)


@router.get("/cases/{case_ref}/acts")
def everything(case_ref: str, visit: AtPortal) -> HTMLResponse:
    """List everything the person may do on the case now, the likeliest first."""
    file = file_of(visit, case_ref)
    first, others = act_order.in_order(file, visit.person.id)
    ready = tuple(one for one in (*first, *others) if act_order.is_ready(one, file))
    waiting = tuple(one for one in others if not act_order.is_ready(one, file) and one.missing)
    return page(visit, "acts.html", case=file.case, zone=file.process.timezone, ready=ready, waiting=waiting)


@router.get("/cases/{case_ref}/acts/{trigger}")
def ask(case_ref: str, trigger: str, visit: AtPortal, request: Request) -> HTMLResponse:
    """Show the form of an act, or at once the page to read back when the act asks for nothing."""
    return acts.begin(acts.find(visit, case_ref, trigger, door=DOOR), request)


@router.post("/cases/{case_ref}/acts/{trigger}/check")
def check(case_ref: str, trigger: str, visit: AtPortal, form: PortalForm) -> HTMLResponse:
    """Read back what was typed and what would follow; nothing is changed."""
    return acts.weigh(acts.find(visit, case_ref, trigger, door=DOOR), form)


@router.post("/cases/{case_ref}/acts/{trigger}")
def do(case_ref: str, trigger: str, visit: AtPortal, form: PortalForm) -> Response:
    """Do the act; sent twice, it is done once."""
    return acts.carry_out(visit, case_ref, trigger, form, door=DOOR)


@router.get("/cases/{case_ref}/receipts/{figures}")
def receipt(case_ref: str, figures: str, visit: AtPortal) -> HTMLResponse:
    """Show what was recorded, with a number to read out on the telephone; it prints on one page."""
    own = receipts.find(visit, case_ref, figures)
    file = file_of(visit, case_ref)
    entry = next((one for one in file.timeline if one.id == own.event_id), None)
    return page(
        visit,
        "receipt.html",
        zone=file.process.timezone,
        case=file.case,
        act=own,
        number=receipts.spelled(figures),
        words_said=entry_words.of(entry, file, visit.words, names_in(visit, file)) if entry else None,
    )


def file_of(visit: Visit, case_ref: str) -> CaseFile:
    """Read a case as the person may see it; raise `NotFound` for one that is not theirs."""
    return queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)


def names_in(visit: Visit, file: CaseFile) -> dict[str, str]:
    """Find the names of everybody whom the person's view of the case names, by id."""
    held = (*file.case.roles.values(), *(who for party in file.case.parties for who in party.people.values()))
    ids = {person for holders in held for person in holders}
    ids |= {person for item in file.case.items for person in item.people}
    return {one.id: one.name for one in visit.desk.directory.people(ids).values()}
