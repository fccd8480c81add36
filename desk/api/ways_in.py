"""How people on file get in, as JSON for administrators: a personal code told once, and a link by mail."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import Field

from cases import personal_codes
from desk import administration
from desk.api import schemas
from desk.api.bounds import PersonId
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import WritesPeople
from desk.pages import people

router = APIRouter(prefix="/api/people", route_class=ApiRoute, tags=["directory"], responses=schemas.PROBLEMS)


class MadeCode(schemas.Model):
    """A personal code, told this once, to be handed over by voice or on paper; `reference` names its person with it."""

    code: str = Field(examples=["1234 5678 9012 3456"])
    reference: str = Field(examples=["1234 5678"])


@router.post("/{person}/code", status_code=201, dependencies=ONCE)
def make_code(person: PersonId, visit: WritesPeople) -> MadeCode:
    """Make a new personal code for somebody, who is told by mail that there is one; an older one ends."""
    administration.administering(visit)
    code = people.new_code(visit, person)
    return MadeCode(code=code, reference=personal_codes.reference(visit.desk.record.engine, person))


@router.post("/{person}/link", status_code=204, dependencies=ONCE)
def send_link(person: PersonId, visit: WritesPeople) -> Response:
    """Send somebody a link to sign in, good once, to the address on file; nobody but its owner is shown it."""
    administration.administering(visit)
    people.mail_link(visit, person)
    return Response(status_code=204)
