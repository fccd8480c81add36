"""Saved views: keeping a list under a name, and looking after what was kept."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.saved_views import SavedViews
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from states import errors

if TYPE_CHECKING:
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
PAGE = "/me/views"


@router.get(PAGE)
def views(visit: Signed) -> HTMLResponse:
    """Show one's own views."""
    return _page(visit)


@router.post(PAGE)
def add(visit: Signed, form: Form) -> Response:
    """Keep the list that was looked at."""
    name, address = form.get("name", ""), form.get("address", "")
    try:
        view = of(visit).add(name, address)
    except errors.NeedsMissing as refusal:
        return _page(visit, name=name, address=address, problem=refusal.missing[0])
    return RedirectResponse(view.address, HTTPStatus.SEE_OTHER)


@router.post("/me/views/{view_id}")
def change(view_id: str, visit: Signed, form: Form) -> Response:
    """Rename a view, forget it, or let the desk begin at it."""
    mine = of(visit)
    try:
        match form.get("do", ""):
            case "delete":
                mine.remove(view_id)
            case "start":
                mine.begin_at(view_id)
            case "end":
                mine.begin_at(None)
            case _:
                mine.rename(view_id, form.get("name", ""))
    except errors.NeedsMissing as refusal:
        return _page(visit, problem=refusal.missing[0], wrong=view_id, name=form.get("name", ""))
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def of(visit: Visit) -> SavedViews:
    """Open the views of the person who is signed in."""
    return SavedViews(visit.desk.record.engine, visit.person.id)


def _page(visit: Visit, *, name: str = "", address: str = "", problem: str = "", wrong: str = "") -> HTMLResponse:
    return page(
        visit,
        "views.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
        views=of(visit).every(),
        name=name,
        address=address,
        problem=problem,
        wrong=wrong,
    )
