"""When I am away, and who stands in for me: said, seen and taken back by the person alone.

It changes no case, so there is no page to check it on first; whatever was said is taken back by one button.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import deputies
from cases.deputies import Deputies
from desk import forms
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from states import errors, fields, wall_time
from states.directory import Away, Delegation
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.deputies import Kept
    from cases.people import Person
    from desk.forms import Control
    from desk.uploads import Given
    from desk.visits import Visit
    from states.whom_to_ask import StandIn

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADDRESS = "/me/absence"
SINCE, UNTIL, DEPUTY, SCOPE = "since", "until", "deputy", "scope"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on file on which I am away, whether they have begun, and who would be asked for whatever nobody is named."""

    days: Away
    begun: bool
    found: StandIn | None


@router.get(ADDRESS)
def read(visit: Signed, recorded: str = "") -> HTMLResponse:
    """Show what is on file of me, and the form to say when I am away."""
    return _page(visit, recorded=bool(recorded))


@router.post(ADDRESS)
def go_away(visit: Signed, form: Form) -> Response:
    """Record when I am away, and the deputy for those days if one is named: both or neither."""
    asked = _asked(visit)
    problems = _forms(visit).problems(asked, form)
    if not problems:
        days, deputy = _said(visit, form)
        try:
            Deputies(visit.desk.record.engine).go_away(visit.person.id, days, deputy=deputy)
        except (errors.Refused, errors.NotFound) as refusal:
            place = UNTIL if days.until < days.since else DEPUTY
            problems = {place: refusal.sentence}
    if problems:
        return _page(visit, typed=form, problems=problems)
    return _back()


@router.post("/me/absence/{since}/back")
def come_back(visit: Signed, since: date, _form: Form) -> RedirectResponse:
    """Take days back that have not begun; end those that have, so that I count as back from today."""
    Deputies(visit.desk.record.engine).come_back(visit.person.id, max(since, _today(visit)))
    return _back()


@router.post("/me/deputies/{deputy_id}/end")
def end_deputy(visit: Signed, deputy_id: str, _form: Form) -> RedirectResponse:
    """Let somebody no longer stand in for me."""
    kept = Deputies(visit.desk.record.engine)
    deputies.refuse_others(visit.actor, kept.kept(deputy_id).delegation.person)
    kept.end(deputy_id)
    return _back()


def days_away(visit: Visit) -> tuple[Away, ...]:
    """List the days on which whoever is signed in is away, now or later."""
    today = _today(visit)
    return tuple(one for one in Deputies(visit.desk.record.engine).absences(visit.person.id) if one.until >= today)


def _page(
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    recorded: bool = False,
) -> HTMLResponse:
    known, controls = visit.desk.directory, _controls(visit, typed, problems or {})
    named = Deputies(visit.desk.record.engine).all(visit.person.id)
    people = known.people([one.delegation.deputy for one in named])
    return page(
        visit,
        "absence.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=visit.person.timezone,
        controls=controls,
        problems=[(one.id, one.problem) for one in controls if one.error],
        recorded=recorded,
        absences=tuple(_absences(visit)),
        named=[_Named(one, people[one.delegation.deputy].name, scopes(visit)) for one in named if _lasts(visit, one)],
        leaves_on=visit.person.leaves_on,
        name_of={one.id: one.name for one in _colleagues(visit)},
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """A deputy as the page shows it; `scopes` gives the label of each tier."""

    kept: Kept
    name: str
    scopes: Mapping[str, str]

    @property
    def scope(self) -> list[str]:
        """What they stand in for; nothing for everything."""
        return [self.scopes.get(one, one) for one in sorted(self.kept.delegation.scope)]


def _lasts(visit: Visit, one: Kept) -> bool:
    return one.delegation.until is None or one.delegation.until >= _today(visit)


def _absences(visit: Visit) -> Iterator[Absence]:
    kept, zone = Deputies(visit.desk.record.engine), wall_time.find_zone(visit.person.timezone)
    for days in days_away(visit):
        begins = max(wall_time.at_local(days.since, time.min, zone), visit.words.now)
        found = kept.found(visit.person.id, begins)
        yield Absence(days, begun=begins == visit.words.now, found=found)


def _asked(visit: Visit) -> dict[str, Field]:
    mine = visit.words.zone(visit.person.timezone)
    for_all = say("Nothing ticked means for everything.")
    who = say("Of your own organisation. Name nobody, and the next of your post is asked, then your manager.")
    asked = (
        Field(name=SINCE, type=FieldType.DATE, label=say("First day away"), help=mine),
        Field(name=UNTIL, type=FieldType.DATE, label=say("Last day away")),
        Field(name=DEPUTY, type=FieldType.PERSON, label=say("Who stands in for you"), required=False, help=who),
        Field(
            name=SCOPE,
            type=FieldType.CHOICES,
            label=say("What they stand in for"),
            choices=tuple(scopes(visit)),
            required=False,
            help=for_all,
        ),
    )
    return {one.name: one for one in asked}


def _controls(visit: Visit, typed: Mapping[str, str] | None, problems: Mapping[str, str]) -> tuple[Control, ...]:
    labels = scopes(visit)
    made = _forms(visit).controls(_asked(visit), typed)
    spelled = (
        replace(one, options=tuple(replace(option, label=labels[option.value]) for option in one.options))
        if one.name == SCOPE
        else one
        for one in made
    )
    return tuple(replace(one, error=problems.get(one.name, "")) for one in spelled)


def _forms(visit: Visit) -> forms.FormMaker:
    return forms.of_no_case(_colleagues(visit), zone=visit.person.timezone, words=visit.words)


def _colleagues(visit: Visit) -> list[Person]:
    me = visit.person
    everyone = visit.desk.directory.everyone()
    return [one for one in everyone if one.id != me.id and one.organisation_id == me.organisation_id]


def scopes(visit: Visit) -> dict[str, str]:
    """Name what a deputy may be named for: the tiers of the processes in use, each by its label."""
    registry = visit.desk.record.registry
    tiers = (tier for name in registry.names() for tier in registry.current(name).tiers.values())
    return {tier.name: say("%(label)s (%(name)s)", label=tier.label, name=tier.name) for tier in tiers}


def _said(visit: Visit, form: Given) -> tuple[Away, Delegation | None]:
    """Read a form without problems."""
    asked, raw = _asked(visit), _forms(visit).read(_asked(visit), form)
    values = {name: fields.read(field, raw.get(name)) for name, field in asked.items()}
    since, until = (date.fromisoformat(str(values[name])) for name in (SINCE, UNTIL))
    deputy, scope = values[DEPUTY], fields.each(values[SCOPE])
    if not deputy:
        return Away(since, until), None
    named = Delegation(person=visit.person.id, deputy=str(deputy), scope=frozenset(scope), since=since, until=until)
    return Away(since, until), named


def _today(visit: Visit) -> date:
    return visit.words.now.astimezone(wall_time.find_zone(visit.person.timezone)).date()


def _back() -> RedirectResponse:
    return RedirectResponse(f"{ADDRESS}?recorded=yes", HTTPStatus.SEE_OTHER)
