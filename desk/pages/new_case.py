"""Opening a case: a form, a page that shows what the case looks like before anything is recorded, and the deed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import opening, queries
from desk import importing, intake
from desk.access import DeclaredRoute, Form, Signed
from desk.forms import FormMaker
from desk.pages.answers import page
from states import errors, marks
from states.case import Case, Side
from states.fields import Field, FieldType
from states.process import RoleScope, Urgency

if TYPE_CHECKING:
    from cases.commands import OpenCase
    from desk.access import Visit
    from states.process import Process

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
KEY, CHANGE, PROCESS = "request_key", "change", "process"
_KEY_BYTES = 16
_SIDES = (Side.INITIATING, Side.RESPONDING)
# What a case begins with beyond its required fields, where the process has such a field.
_CONTESTED = (marks.ASSET, marks.PLACE, marks.FROM, marks.UNTIL)
_NEEDED_PARTS = frozenset({"representative"})


@dataclass(frozen=True, slots=True)
class _Opening:
    """A case of one process that a person is about to open."""

    visit: Visit
    process: Process

    @property
    def forms(self) -> FormMaker:
        """The maker of the form, over a case that is not there yet."""
        now = self.visit.words.now
        empty = Case(
            id=opening.UNOPENED,
            number="",
            process=self.process.hash,
            title="",
            stage=self.process.initial,
            stage_since=now,
            opened_at=now,
        )
        everyone = {person.id: person for person in self.visit.desk.directory.everyone()}
        return FormMaker(case=empty, people=everyone, zone=self.process.timezone, words=self.visit.words)

    @property
    def asked(self) -> dict[str, Field]:
        """Everything the form asks for, by name."""
        return {field.name: field for field in _asked(self.process)}

    def command(self, typed: Mapping[str, str], *, key: str) -> OpenCase:
        """Read the form as the request to open a case; raise `NeedsMissing` with everything that is wrong."""
        desk = self.visit.desk
        said = self.forms.read(self.asked, typed)
        issues = said.pop("issues", "").splitlines()
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
    if CHANGE in form or doing.forms.problems(doing.asked, form):
        return _form(doing, form)
    try:
        command = doing.command(form, key=uuid4().hex)
        draft = opening.draft(command, doing.process, now=visit.words.now)
    except errors.NeedsMissing as refusal:
        return _form(doing, form, [("", sentence) for sentence in refusal.missing])
    return page(
        visit,
        "new_case_check.html",
        zone=doing.process.timezone,
        process=doing.process,
        answers=[one for one in doing.forms.controls(doing.asked, form) if one.value],
        typed={name: value for name, value in form.items() if name in doing.asked},
        key=secrets.token_urlsafe(_KEY_BYTES),
        found=queries.similar(visit.desk.record, visit.viewer, draft, now=visit.words.now),
    )


@router.post("/cases/new")
def do(visit: Signed, form: Form) -> Response:
    """Open the case; sent twice, it is opened once."""
    doing, key = _find(visit, form), form.get(KEY, "")
    if not key:
        sentence = "the form is not whole, so nothing was recorded; begin again from the list of cases"
        raise errors.Refused(sentence)
    try:
        receipt = visit.desk.service.open(doing.command(form, key=key))
    except errors.NeedsMissing as refusal:
        return _form(doing, form, [("", sentence) for sentence in refusal.missing])
    try:
        queries.case_for(visit.desk.record, visit.viewer, receipt.case_id)
    except errors.NotFound:
        return page(visit, "new_case_opened.html", number=receipt.number)
    return RedirectResponse(f"/cases/{receipt.number}?recorded=1", HTTPStatus.SEE_OTHER)


def _find(visit: Visit, form: Mapping[str, str]) -> _Opening:
    return _Opening(visit, visit.desk.record.registry.current(form.get(PROCESS, "")))


def _form(
    doing: _Opening, typed: Mapping[str, str] | None = None, problems: list[tuple[str, str]] | None = None
) -> HTMLResponse:
    """Show the form with what was typed; problems of the fields stand where none other are given."""
    controls = doing.forms.controls(doing.asked, typed)
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
        problems=problems or [],
    )


def _asked(process: Process) -> Iterator[Field]:
    """List what the form asks for: the matter, both sides with their people, who runs it, and the process's own."""
    yield Field(name="title", type=FieldType.TEXT, label="What the dispute is about, in a line")
    issues = "Questions in dispute, one a line"
    yield Field(name="issues", type=FieldType.TEXTS, label=issues, help="Each as a question that could be answered.")
    urgency = FieldType.CHOICE
    yield Field(name="urgency", type=urgency, label="Urgency", choices=tuple(Urgency), initial=Urgency.U3)
    parts = [role for role in process.roles.values() if role.scope is RoleScope.PARTY]
    for side in _SIDES if parts else ():
        yield Field(name=f"{side}_party", type=FieldType.TEXT, label=f"{side.capitalize()} party", help=_BODY)
        for role in parts:
            label, needed = f"{side.capitalize()} party: {role.label}", role.name in _NEEDED_PARTS
            yield Field(name=f"{side}_{role.name}", type=FieldType.PERSON, label=label, required=needed)
    for role in process.roles.values():
        if role.scope is RoleScope.CASE and role.name == "convener":
            yield Field(name=role.name, type=FieldType.PERSON, label=role.label, required=False)
    yield from (field for field in process.fields.values() if field.required or field.name in _CONTESTED)


_BODY = "The name of an organisation on file, or of a body that is none."
