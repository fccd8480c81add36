"""The audit of the record, for administrators: every hash and every stored case, checked now."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from cases import ledger
from cases.unit_of_work import reading
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.pages.answers import page

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/audit")
def ask(visit: Administering) -> HTMLResponse:
    """Tell what is checked, and offer to do it now."""
    return page(visit, "audit.html", zone=visit.person.timezone, report=None)


@router.post("/audit")
def check(visit: Administering, _form: Form) -> HTMLResponse:
    """Check the whole record, up to the first break."""
    with reading(visit.desk.record.engine) as connection:
        report = ledger.verify(connection)
    return page(visit, "audit.html", zone=visit.person.timezone, report=report)
