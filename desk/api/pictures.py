"""What the pictures of a case show, as JSON: the way it took, what is coming, who matters, and why the issues arose."""

from __future__ import annotations

from fastapi import APIRouter

from cases import queries
from desk.api import schemas
from desk.api.bounds import CaseRef
from desk.api.oversight import Figures, figures
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsCases
from desk.pages import case_pictures

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["oversight"], responses=schemas.PROBLEMS)


class Pictures(schemas.Model):
    """The table of each picture: `stages`, `dates`, `stakeholders` and `causes`, those that have something to show."""

    pictures: list[Figures]


@router.get("/cases/{case_ref}/pictures")
def show_pictures(case_ref: CaseRef, visit: ReadsCases) -> Pictures:
    """Show the tables of a case's pictures, with instants as the person reads them."""
    way = queries.way(visit.desk.record, visit.viewer, case_ref)
    return Pictures(pictures=[figures(one) for one in case_pictures.sheets(visit, way)])
