"""Moving running cases to another version of their process: chosen, looked at case by case, done, and taken back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from cases import process_migrations
from cases import unit_of_work as work
from cases.migrator import Migrator, Order
from desk import office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages.answers import page
from states import errors, fields
from states.fields import Field, FieldType
from states.migration import Choice, Fate, Plan
from states.process import SHOWN
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.migrator import Judged
    from cases.process_migrations import Begun
    from desk.office_forms import Values
    from desk.uploads import Given
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

CONFIRM = "confirm"
CHOICES = {
    Choice.KEEP_DUE.value: say("Each clock keeps its date"),
    Choice.KEEP_REMAINING.value: say("Each clock keeps the time it has left"),
    Choice.RECOUNT.value: say("Each clock is counted anew from when it began"),
    Choice.RESTART.value: say("Each clock begins anew"),
    Choice.STOP.value: say("No running clock goes on"),
}
FATES = {
    Fate.MOVES: say("moves"),
    Fate.NEEDS_CHOICE: say("needs a choice"),
    Fate.REFUSED: say("cannot move"),
    Fate.STAYS: say("stays"),
}
_MAPPINGS = ("stages", "tiers", "fields", "roles", "clocks")


@router.get("/processes/{name}/move")
def ask(name: str, visit: Administering) -> HTMLResponse:
    """Show the form that says which cases move, to which version, and how."""
    return _form(visit, name).answer()


@router.post("/processes/{name}/move")
def move(name: str, visit: Administering, form: Form) -> Response:
    """Tell what would become of each case, or move them once that was confirmed."""

    def kept(values: Values) -> Response:
        order = _order(visit, name, values)
        migrator = Migrator(visit.desk.service)
        if CONFIRM not in form:
            return _verdicts(visit, tuple(migrator.look(order)), name=name, typed=form)
        number = migrator.begin(order)
        return _done(visit, tuple(migrator.run(number)), number)

    return _form(visit, name).keep(form, by=kept)


@router.get("/processes/moves/{number}")
def one(number: int, visit: Administering) -> HTMLResponse:
    """Show a move, to be finished or taken back."""
    return _back_form(visit, begun(visit, number)).answer()


@router.post("/processes/moves/{number}")
def take_back(number: int, visit: Administering, form: Form) -> Response:
    """Move back each case that was moved and in which nothing was done since."""

    def kept(values: Values) -> Response:
        migrator = Migrator(visit.desk.service)
        back = migrator.begin_revert(number, actor=visit.actor, reason=words_of(values["reason"]))
        return _done(visit, tuple(migrator.run(back)), back)

    return _back_form(visit, begun(visit, number)).keep(form, by=kept)


@router.post("/processes/moves/{number}/finish")
def finish(number: int, visit: Administering, _form: Form) -> Response:
    """Go on with a move that was interrupted; raise `Conflict` for one that is finished."""
    refuse_finished(visit, number)
    return _done(visit, tuple(Migrator(visit.desk.service).run(number)), number)


def refuse_finished(visit: Visit, number: int) -> None:
    """Raise `Conflict` for a move that has come to every case."""
    if begun(visit, number).ended_at is not None:
        raise errors.Conflict(say("this move is finished already; begin another one for cases that came since"))


def begun(visit: Visit, number: int) -> Begun:
    """Find a move. Raises `NotFound`."""
    with work.reading(visit.desk.record.engine) as connection:
        return process_migrations.find(connection, number)


def _form(visit: Visit, name: str) -> OfficeForm:
    versions = _versions(visit, name)
    pairs = say("One a line, the old name and the new one, like old = new; empty where no name changes.")
    return OfficeForm(
        visit=visit,
        title=say("Move cases to a version"),
        button=say("See what would become of each case"),
        address=f"/processes/{name}/move",
        back=(f"/processes/{name}", name),
        asked=(
            office_forms.choice("to", say("To version"), versions, required=True),
            office_forms.choice("since", say("Only cases of this version"), versions),
            office_forms.choice("timers", say("Running clocks"), CHOICES, required=True),
            office_forms.text("reason", say("Why"), hint=say("Everybody in these cases reads it."), long=True),
            Field(name="closed", type=FieldType.YES_NO, label=say("Closed cases too"), initial=False),
            *(
                Field(name=one, type=FieldType.TEXTS, label=_LABELS[one], required=False, help=pairs)
                for one in _MAPPINGS
            ),
            Field(name="values", type=FieldType.TEXTS, label=say("What new fields hold"), required=False, help=pairs),
        ),
        labels={"to": versions, "since": versions, "timers": CHOICES},
        initial={"to": next(iter(versions), ""), "timers": Choice.KEEP_DUE, "closed": "no"},
        notes=(say("Nothing moves yet. The next page tells of each case whether it moves, and which dates change."),),
    )


_LABELS = {
    "stages": say("Stages with another name"),
    "tiers": say("Tiers with another name"),
    "fields": say("Fields with another name"),
    "roles": say("Parts with another name"),
    "clocks": say("Clocks with another name"),
}


def _back_form(visit: Visit, begun: Begun) -> OfficeForm:
    return OfficeForm(
        visit=visit,
        title=say("Take move %(number)s back", number=begun.id),
        button=say("Take it back"),
        address=f"/processes/moves/{begun.id}",
        back=("/processes", say("Processes")),
        asked=(office_forms.text("reason", say("Why"), hint=say("Everybody in these cases reads it."), long=True),),
        notes=(say("Each case goes back in which nothing was done since; the others stay, and you are told why."),),
    )


def _versions(visit: Visit, name: str) -> dict[str, str]:
    with work.reading(visit.desk.record.engine) as connection:
        found = process_migrations.versions(connection, name)
    if not found:
        raise errors.NotFound(say("there is no such process; the list shows all there are"))
    return {one.hash: f"{name}@{one.hash[:SHOWN]}" for one in found}


def _order(visit: Visit, name: str, values: Values) -> Order:
    since = words_of(values["since"])
    names = {one: _pairs(one, fields.each(values[one])) for one in _MAPPINGS}
    plan = Plan(
        stages=names["stages"],
        tiers=names["tiers"],
        fields=names["fields"],
        roles=names["roles"],
        clocks=names["clocks"],
        values=_pairs("values", fields.each(values["values"])),
        timers=Choice(words_of(values["timers"])),
        closed=values["closed"] is True,
    )
    new = visit.desk.record.registry.version(name, words_of(values["to"]))
    return Order(new=new, from_hash=since or None, plan=plan, actor=visit.actor, reason=words_of(values["reason"]))


def _pairs(field: str, lines: Iterable[str]) -> dict[str, str]:
    """Read lines like “old = new”."""
    found = {}
    for line in lines:
        old, sign, new = line.partition("=")
        if not sign or not old.strip():
            raise Wrong(say("“%(line)s” is no pair; write it like old = new", line=line), at=field)
        found[old.strip()] = new.strip()
    return found


def _verdicts(visit: Visit, judged: tuple[Judged, ...], *, name: str, typed: Given) -> HTMLResponse:
    return _page(visit, judged, name=name, typed=typed, number=None)


def _done(visit: Visit, judged: tuple[Judged, ...], number: int) -> HTMLResponse:
    return _page(visit, judged, name="", typed={}, number=number)


def _page(
    visit: Visit, judged: tuple[Judged, ...], *, name: str, typed: Mapping[str, str], number: int | None
) -> HTMLResponse:
    counts = Counter(one.verdict.fate for one in judged)
    return page(
        visit,
        "process_move.html",
        zone=visit.person.timezone,
        judged=judged,
        counts=[(FATES[fate], counts[fate]) for fate in FATES if counts[fate]],
        fates=FATES,
        moves=counts[Fate.MOVES],
        name=name,
        typed=typed,
        number=number,
    )
