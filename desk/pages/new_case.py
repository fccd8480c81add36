"""Opening a case: a form, a page that shows what the case looks like before anything is recorded, and the deed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import opening, queries
from desk import forms, importing, intake
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from desk.words import sentence
from states import errors, marks
from states.case import Side
from states.fields import Field, FieldType
from states.process import RoleScope, Urgency
from states.said import say, shaped, under

if TYPE_CHECKING:
    from cases.commands import OpenCase
    from desk.forms import FormMaker
    from desk.visits import Visit
    from states.process import Process, Role

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
KEY, CHANGE, PROCESS = "request_key", "change", "process"
ADD, FURTHER = "add", "further_parties"
"""The button that asks for one party more, and how many are asked for beyond the two sides."""
_KEY_BYTES = 16
_SIDES = (Side.INITIATING, Side.RESPONDING)
_MOST_FURTHER = 18
# What a case begins with beyond its required fields, where the process has such a field.
_CONTESTED = (marks.ASSET, marks.PLACE, marks.FROM, marks.UNTIL)
_NEEDED_PARTS = frozenset({"representative"})


@dataclass(frozen=True, slots=True)
class _Opening:
    """A case of one process that a person is about to open."""

    visit: Visit
    process: Process
    further: int = 0

    @property
    def forms(self) -> FormMaker:
        """The maker of the form, over a case that is not there yet."""
        everyone = self.visit.desk.directory.everyone()
        return forms.of_no_case(everyone, zone=self.process.timezone, words=self.visit.words)

    @property
    def asked(self) -> dict[str, Field]:
        """Everything the form asks for, by name."""
        return {field.name: field for field in _asked(self.process, self.further)}

    def command(self, typed: Mapping[str, str], *, key: str) -> OpenCase:
        """Read the form as the request to open a case; raise `NeedsMissing` with everything that is wrong."""
        desk = self.visit.desk
        said = self.forms.read(self.asked, typed)
        issues = said.pop("issues", "").splitlines()
        said = _with_sides(said, self.further)
        columns = {importing.column_name(name): value for name, value in said.items()} | {"issues": issues}
        known = intake.on_file(desk.directory.everyone(), desk.directory.organisations())
        told = importing.entry("the form", columns)
        request_key = f"desk:{self.visit.person.id}:{key}"
        return intake.command(told, self.process, known=known, actor=self.visit.actor, key=request_key)


@router.get("/cases/new")
def ask(visit: Signed, request: Request, *, process: str = "") -> HTMLResponse:
    """Show the form of a new case, or first the processes to choose from."""
    registry = visit.desk.record.registry
    if process not in registry.names():
        offered = [registry.current(name) for name in registry.names()]
        return page(visit, "new_case_process.html", request=request, processes=offered)
    return _form(_Opening(visit, registry.current(process)))


@router.post("/cases/new/check")
def check(visit: Signed, form: Form) -> HTMLResponse:
    """Show what the new case looks like, or what is wrong with the form; nothing is recorded."""
    doing = _find(visit, form)
    if ADD in form:
        return _form(replace(doing, further=min(doing.further + 1, _MOST_FURTHER)), form, [])
    if CHANGE in form or doing.forms.problems(doing.asked, form):
        return _form(doing, form)
    try:
        command = doing.command(form, key=uuid4().hex)
        draft = opening.draft(command, doing.process, now=visit.words.now)
    except errors.NeedsMissing as refusal:
        return _form(doing, form, [("", one) for one in refusal.missing])
    except errors.NotYours as refusal:
        return _form(doing, form, [("", shaped(refusal.sentence, sentence))])
    return page(
        visit,
        "new_case_check.html",
        zone=doing.process.timezone,
        process=doing.process,
        answers=[one for one in doing.forms.controls(doing.asked, form) if one.value],
        typed={name: value for name, value in form.items() if name in {*doing.asked, FURTHER}},
        key=secrets.token_urlsafe(_KEY_BYTES),
        found=queries.similar(visit.desk.record, visit.viewer, draft, now=visit.words.now),
    )


@router.post("/cases/new")
def do(visit: Signed, form: Form) -> Response:
    """Open the case; sent twice, it is opened once."""
    doing, key = _find(visit, form), form.get(KEY, "")
    if not key:
        not_whole = say("the form is not whole, so nothing was recorded; begin again from the list of cases")
        raise errors.Refused(not_whole)
    try:
        receipt = visit.desk.service.open(doing.command(form, key=key))
    except errors.NeedsMissing as refusal:
        return _form(doing, form, [("", one) for one in refusal.missing])
    except errors.NotYours as refusal:
        return _form(doing, form, [("", shaped(refusal.sentence, sentence))])
    try:
        queries.case_for(visit.desk.record, visit.viewer, receipt.case_id)
    except errors.NotFound:
        return page(visit, "new_case_opened.html", number=receipt.number)
    return RedirectResponse(f"/cases/{receipt.number}?recorded=1", HTTPStatus.SEE_OTHER)


def _find(visit: Visit, form: Mapping[str, str]) -> _Opening:
    told = form.get(FURTHER, "")
    further = min(int(told), _MOST_FURTHER) if told.isdecimal() else 0
    return _Opening(visit, visit.desk.record.registry.current(form.get(PROCESS, "")), further)


def _form(
    doing: _Opening, typed: Mapping[str, str] | None = None, problems: list[tuple[str, str]] | None = None
) -> HTMLResponse:
    """Show the form with what was typed; problems of the fields stand where none other are given."""
    controls = doing.forms.controls(doing.asked, typed)
    if typed is not None and ADD in typed:
        controls = tuple(replace(one, error="") for one in controls)
    if problems is None and typed is not None and CHANGE not in typed:
        problems = [(one.id, one.problem) for one in controls if one.error]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return page(
        doing.visit,
        "new_case.html",
        status=status,
        zone=doing.process.timezone,
        process=doing.process,
        controls=controls,
        further=doing.further,
        more=doing.further < _MOST_FURTHER and any(one.name.endswith("_party") for one in controls),
        problems=problems or [],
    )


def _asked(process: Process, further: int) -> Iterator[Field]:
    """List what the form asks for: the matter, the parties with their people, who runs it, and the process's own."""
    yield Field(name="title", type=FieldType.TEXT, label=say("What the dispute is about, in a line"))
    issues = say("Questions in dispute, one a line")
    yield Field(
        name="issues", type=FieldType.TEXTS, label=issues, help=say("Each as a question that could be answered.")
    )
    urgency = FieldType.CHOICE
    yield Field(name="urgency", type=urgency, label=say("Urgency"), choices=tuple(Urgency), initial=Urgency.U3)
    parts = [role for role in process.roles.values() if role.scope is RoleScope.PARTY]
    for side in _SIDES if parts else ():
        yield Field(name=f"{side}_party", type=FieldType.TEXT, label=_of_side(side), help=_BODY)
        for role in parts:
            label, needed = under(_of_side(side), role.label), role.name in _NEEDED_PARTS
            yield Field(name=f"{side}_{role.name}", type=FieldType.PERSON, label=label, required=needed)
    for place in _places(further) if parts else ():
        yield from _further_party(place, parts)
    for role in process.roles.values():
        if role.scope is RoleScope.CASE and role.name == "convener":
            yield Field(name=role.name, type=FieldType.PERSON, label=role.label, required=False)
    yield from (field for field in process.fields.values() if field.required or field.name in _CONTESTED)


def _of_side(side: Side) -> str:
    return say("Initiating party") if side is Side.INITIATING else say("Responding party")


def _places(further: int) -> range:
    """Count the parties beyond the two sides: the third, the fourth, and so on."""
    return range(len(_SIDES) + 1, len(_SIDES) + 1 + further)


def _further_party(place: int, parts: Iterable[Role]) -> Iterator[Field]:
    """List what is asked of one more party; left empty, there is none."""
    party, side = f"party_{place}", FieldType.CHOICE
    name = say("Party %(number)s", number=place)
    yield Field(name=f"{party}_name", type=FieldType.TEXT, label=name, required=False, help=_FURTHER_BODY)
    label = say("Party %(number)s: side; “joined” stands with neither", number=place)
    yield Field(name=f"{party}_side", type=side, label=label, choices=tuple(Side), initial=Side.JOINED)
    for role in parts:
        held = under(name, role.label)
        yield Field(name=f"{party}_{role.name}", type=FieldType.PERSON, label=held, required=False)


def _with_sides(said: Mapping[str, str], further: int) -> dict[str, str]:
    """Give what was said of each further party the names that the side it stands on has for it."""
    told = dict(said)
    for place in _places(further):
        prefix = f"party_{place}_"
        side = told.pop(f"{prefix}side", Side.JOINED)
        for name in [one for one in told if one.startswith(prefix)]:
            part = name.removeprefix(prefix)
            told[f"{side}_{'party' if part == 'name' else part}_{place}"] = told.pop(name)
    return told


_FURTHER_BODY = say("Leave everything about it empty if there is no such party.")
_BODY = say("The name of an organisation on file, or of a body that is none.")
