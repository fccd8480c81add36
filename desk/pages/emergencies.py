"""Rooms opened in an emergency: an administrator asks, a second person answers, and everybody whose room it is hears.

Of the case nothing is told here but the number that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import emergencies, reference
from cases.emergencies import SECOND_PERSONS, Emergencies, Wanted
from config.settings import Proof
from desk import fresh_proof, office_forms
from desk.access import DeclaredRoute, Form, Signed
from desk.administration import Administering
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages.answers import page
from desk.visits import Visit
from notifications import account_notices, mailroom
from states import emergencies as rules
from states import errors, roles
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.emergencies import Letters
    from cases.emergencies import Request as Asked
    from desk.office_forms import Values

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = "/emergencies"
LIST = (PAGE, say("Rooms opened in an emergency"))
ROOMS = {
    roles.SHARED: say("What all parties share"),
    roles.TEAM: say("The room of the mediation team"),
    roles.SENIORS: say("The room of the seniors"),
    roles.CAUCUS: say("What a party tells the mediator alone"),
    roles.LINE: say("What a party and the case team tell each other"),
}
STATES = {
    "asked": say("Waits for a second person"),
    "open": say("Open"),
    "refused": say("Refused"),
    "withdrawn": say("Withdrawn"),
    "ended": say("Shut"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as the page shows it, and what the reader may do about it."""

    asked: Asked
    room: str
    state: str
    by: str
    answered_by: str
    may_answer: bool
    may_end: bool
    mine: bool


def seconding(visit: Signed) -> Visit:
    """Let administrators and the head of office use the route. Raises `NotYours`."""
    if not visit.actor.offices & SECOND_PERSONS:
        raise errors.NotYours(say("this page is for administrators of the desk and the head of office"))
    return visit


Seconding = Annotated[Visit, Depends(seconding)]


@router.get(PAGE)
def all_of_them(visit: Seconding, request: Request, recorded: str = "") -> HTMLResponse:
    """List the requests: those that wait, the rooms that are open, and what there was."""
    found = emergencies.requests(visit.desk.record.engine)
    names = emergencies.names_of(visit.desk.record.engine, found)
    shown = [_shown(visit, one, names) for one in found]
    return page(
        visit,
        "emergencies.html",
        request=request,
        zone=visit.person.timezone,
        shown=sorted(shown, key=lambda one: not (one.may_answer or one.may_end)),
        recorded=bool(recorded),
    )


@router.get(f"{PAGE}/ask")
def form(visit: Administering) -> HTMLResponse:
    """Show the form to ask for a room."""
    return _form(visit).answer()


@router.post(f"{PAGE}/ask")
def ask(visit: Administering, form: Form) -> Response:
    """Ask for a room; nothing is open until a second person agrees."""
    fresh_proof.ask(visit, Proof.ACCESS)

    def kept(values: Values) -> Response:
        kind, party, hours = words_of(values["room"]), words_of(values["party"]), values["hours"]
        if kind in rules.OF_A_PARTY and not party:
            raise Wrong(say("name the party whose room it is"), at="party")
        wanted = Wanted(
            case_ref=words_of(values["case"]),
            room=roles.zone_of(kind, party) if kind in rules.OF_A_PARTY else kind,
            reason=words_of(values["reason"]),
            hours=hours if isinstance(hours, int) else 0,
        )
        try:
            reference.case_id(visit.desk.record.engine, wanted.case_ref)
        except errors.NotFound as refusal:
            raise Wrong(refusal.sentence, at="case") from None
        try:
            Emergencies(visit.desk.service).ask(wanted, visit.actor)
        except errors.NotFound as refusal:
            raise Wrong(refusal.sentence, at="party") from None
        except errors.NeedsMissing as refusal:
            raise Wrong(refusal.missing[0], at="hours") from None
        return _back()

    return _form(visit).keep(form, by=kept)


@router.post(f"{PAGE}/{{case_id}}/{{item_id}}/agree")
def agree(case_id: str, item_id: str, visit: Seconding, _form: Form) -> RedirectResponse:
    """Open a room as the second person; the case team and whoever's room it is are told at once."""
    fresh_proof.ask(visit, Proof.ACCESS)
    Emergencies(visit.desk.service).agree(case_id, item_id, visit.actor, letters=letters(visit))
    return _back()


@router.post(f"{PAGE}/{{case_id}}/{{item_id}}/refuse")
def refuse(case_id: str, item_id: str, visit: Seconding, _form: Form) -> RedirectResponse:
    """Leave a room shut, or withdraw one's own request."""
    Emergencies(visit.desk.service).refuse(case_id, item_id, visit.actor)
    return _back()


@router.post(f"{PAGE}/{{case_id}}/{{item_id}}/end")
def end(case_id: str, item_id: str, visit: Signed, _form: Form) -> RedirectResponse:
    """Shut a room before its time: as one of those who open rooms, or as whoever runs the case."""
    request = Emergencies(visit.desk.service).end(case_id, item_id, visit.actor)
    if visit.actor.offices & SECOND_PERSONS:
        return _back()
    return RedirectResponse(f"/cases/{request.number}/access", HTTPStatus.SEE_OTHER)


def letters(visit: Visit) -> Letters:
    """Write the mails that tell people of a room that was opened."""
    room = mailroom.open_mailroom(visit.desk.record, visit.desk.settings, clock=visit.desk.clock)
    return lambda request, readers: [account_notices.room_opened(room, one, request) for one in readers]


def _shown(visit: Visit, one: Asked, names: Mapping[str, str]) -> Shown:
    item, now = one.item, visit.words.now
    kind, _, party = item.room.partition(":")
    over = item.state == "open" and item.until is not None and item.until <= now
    return Shown(
        asked=one,
        room=say("%(room)s: %(party)s", room=ROOMS[kind], party=party) if party else ROOMS[kind],
        state=STATES["ended" if over else item.state],
        by=names.get(item.by, item.by),
        answered_by=names.get(item.answered_by, ""),
        may_answer=item.state == "asked",
        may_end=item.state == "open" and not over,
        mine=item.by == visit.person.id,
    )


def _form(visit: Visit) -> OfficeForm:
    reason = say("The case team and the party concerned will read it. Write nothing that they may not know.")
    party = say("Only for the room of one party: its name, or the letter it has in the case.")
    return OfficeForm(
        visit=visit,
        title=say("Ask for a room to be opened"),
        button=say("Ask a second person"),
        address=f"{PAGE}/ask",
        back=LIST,
        asked=(
            office_forms.text("case", say("Case number")),
            office_forms.choice("room", say("Which room"), ROOMS, required=True),
            office_forms.text("party", say("Party"), required=False, hint=party),
            office_forms.text("reason", say("Why it cannot wait"), hint=reason, long=True),
            Field(name="hours", type=FieldType.INTEGER, label=say("For how many hours"), help=say("24 at most.")),
        ),
        labels={"room": ROOMS},
        notes=(
            say("Use this in an emergency alone, such as a danger while nobody of the case team answers."),
            say("A second person must agree. Then the case team and the party whose room it is are told by mail."),
            say("What is private to a party, and the notebooks of mediators, are opened to nobody."),
        ),
    )


def _back() -> RedirectResponse:
    return RedirectResponse(f"{PAGE}?recorded=yes", HTTPStatus.SEE_OTHER)
