"""The standing committees of the office, for administrators: who sits for which body, and what makes a quorum."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.committees import Committee, Committees
from desk import office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import Administering, person_named
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages.posts import LIST
from states import errors, fields
from states.effects import panels
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from desk.office_forms import Values
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

_NEW = "new"
_FOR = " for "


@router.get("/committees/{committee_id}")
def show(committee_id: str, visit: Administering) -> HTMLResponse:
    """Show a committee, to be changed, or under `new` the form for one."""
    return _form(visit, _found(visit, committee_id)).answer()


@router.post("/committees/{committee_id}")
def put(committee_id: str, visit: Administering, form: Form) -> Response:
    """Put a committee on file."""
    before = _found(visit, committee_id)

    def kept(values: Values) -> Response:
        try:
            Committees(visit.desk.record.engine).put(_read(visit, values, before))
        except errors.Conflict as refusal:
            raise Wrong(refusal.sentence, at="name") from None
        except (errors.Refused, errors.NotFound) as refusal:
            raise Wrong(refusal.sentence, at="members") from None
        return RedirectResponse("/posts?recorded=yes", HTTPStatus.SEE_OTHER)

    return _form(visit, before).keep(form, by=kept)


@router.post("/committees/{committee_id}/remove")
def remove(committee_id: str, visit: Administering, _form: Form) -> RedirectResponse:
    """Take a committee off file; the cases on which it sits keep it."""
    Committees(visit.desk.record.engine).remove(committee_id)
    return RedirectResponse("/posts?recorded=yes", HTTPStatus.SEE_OTHER)


def _found(visit: Visit, committee_id: str) -> Committee | None:
    return None if committee_id == _NEW else Committees(visit.desk.record.engine).find(committee_id)


def _form(visit: Visit, committee: Committee | None) -> OfficeForm:
    return OfficeForm(
        visit=visit,
        title=say("Change a committee") if committee else say("Put a committee on file"),
        button=say("Put it on file"),
        address=f"/committees/{committee.id if committee else _NEW}",
        back=LIST,
        asked=_ASKED,
        people=visit.desk.directory.everyone(),
        initial=_initial(visit, committee) if committee else {"each_body": "yes"},
    )


_ASKED = (
    office_forms.text("name", say("Name")),
    Field(name="chair", type=FieldType.PERSON, label=say("Chair"), help=say("One of the members.")),
    Field(
        name="members",
        type=FieldType.TEXTS,
        label=say("Members"),
        help=say("One a line: an e-mail address, the word for, and the body, like ana@west.example for Mission West."),
    ),
    Field(
        name="alternates",
        type=FieldType.TEXTS,
        label=say("Alternates"),
        required=False,
        help=say("One a line: an e-mail address, the word for, and the address of the member."),
    ),
    Field(name="quorum", type=FieldType.INTEGER, label=say("Quorum"), help=say("How many places must vote.")),
    Field(name="each_body", type=FieldType.YES_NO, label=say("Somebody of every body must vote"), initial=True),
)


def _initial(visit: Visit, committee: Committee) -> dict[str, str]:
    known = visit.desk.directory.people({seat.person for seat in committee.seats})
    address = {one.id: one.email for one in known.values()}
    members = [f"{address[one.person]}{_FOR}{one.body}" for one in committee.seats if not one.alternate_of]
    alternates = [
        f"{address[one.person]}{_FOR}{address[one.alternate_of]}" for one in committee.seats if one.alternate_of
    ]
    return {
        "name": committee.name,
        "chair": committee.chair,
        "members": "\n".join(members),
        "alternates": "\n".join(alternates),
        "quorum": str(committee.quorum),
        "each_body": "yes" if committee.each_body else "no",
    }


def _read(visit: Visit, values: Values, before: Committee | None) -> Committee:
    members = tuple(_line(visit, one) for one in fields.each(values["members"]))
    alternates = tuple(_line(visit, one, both=True) for one in fields.each(values["alternates"]))
    seats, quorum = panels.read_seats(members, alternates), values["quorum"]
    return Committee(
        id=before.id if before else uuid4().hex[:12],
        name=words_of(values["name"]),
        chair=words_of(values["chair"]),
        seats=seats,
        quorum=quorum if isinstance(quorum, int) else 0,
        each_body=values["each_body"] is True,
    )


def _line(visit: Visit, line: str, *, both: bool = False) -> str:
    """Put ids in the place of addresses: of the member, and for an alternate also of whom they stand in for."""
    person, middle, whom = line.partition(_FOR)
    if not middle or not whom.strip():
        field = "alternates" if both else "members"
        raise Wrong(say("“%(line)s” does not name two, with the word for between them", line=line), at=field)
    return f"{person_named(visit, person).id}{_FOR}{person_named(visit, whom).id if both else whom.strip()}"
