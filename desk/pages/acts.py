"""Doing an act: a form, a page to check before anything is done, and the deed itself.

The desk and the portal are two doors to the same acts: their pages differ, and the rules do not.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import queries, sight
from cases.commands import ActOnCase
from desk import fresh_proof, rehearsal, uploads
from desk.access import DeclaredRoute, Form, Signed
from desk.forms import FormMaker
from desk.pages import agreement_view, check_view, duties, one_by_one
from desk.pages.answers import page
from desk.words import sentence
from states import asking, errors, machine
from states.fields import FieldType
from states.said import say, shaped, under

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cases.deadline_view import DeadlineView
    from cases.queries import CaseFile
    from cases.receipts import Receipt
    from desk.forms import Control
    from desk.visits import Visit
    from states.machine import Option

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
KEY, VERSION = "request_key", "seen_version"
_KEY_BYTES = 16
_Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """By which door acts are done: where its cases lie, how it makes a page, and the templates it shows.

    `done` gives the address that follows an act, by its receipt.
    """

    cases: str
    page: Callable[..., HTMLResponse]
    form: str
    check: str
    done: Callable[[Visit, Receipt], str]


def _recorded(_visit: Visit, receipt: Receipt) -> str:
    return f"/cases/{receipt.number}?recorded={next(iter(receipt.entries), 0)}"


DESK = Door(cases="/cases", page=page, form="act.html", check="check.html", done=_recorded)


@dataclass(frozen=True, slots=True)
class Doing:
    """An act that a person is about to do on a case."""

    visit: Visit
    file: CaseFile
    option: Option
    door: Door = DESK

    @property
    def forms(self) -> FormMaker:
        """The maker of this act's form."""
        everyone = {person.id: person for person in self.visit.desk.directory.everyone()}
        zone = self.file.process.timezone
        takes = self.visit.desk.record.files.takes
        return FormMaker(case=self.file.case, people=everyone, zone=zone, words=self.visit.words, files=takes)

    @property
    def address(self) -> str:
        """Where the act is done."""
        return f"{self.door.cases}/{self.file.case.number}/acts/{self.option.trigger.name}"

    @property
    def seen(self) -> str:
        """What the case is as it is shown, to which the act is held."""
        return sight.tag(self.file.version, sight.mark(self.file.process, self.file.case, self.visit.actor))

    @property
    def duties(self) -> tuple[DeadlineView, ...]:
        """What waits for the person and may be answered by the act."""
        return duties.answered_by(self.file, self.option, person=self.visit.person.id)


@router.get("/cases/{case_ref}/acts/{trigger}")
def ask(case_ref: str, trigger: str, visit: Signed, request: Request) -> HTMLResponse:
    """Show the first question of an act, or at once the page to check when the act asks for nothing.

    What the address says after its question mark is filled in, and sent by nobody but the person; `whole` there asks
    for all questions on one page.
    """
    return begin(find(visit, case_ref, trigger), request)


@router.post("/cases/{case_ref}/acts/{trigger}/check")
def check(case_ref: str, trigger: str, visit: Signed, form: Form) -> HTMLResponse:
    """Show the next question, what the act would do, or what is wrong with the form; nothing is changed."""
    return weigh(find(visit, case_ref, trigger), form)


@router.post("/cases/{case_ref}/acts/{trigger}")
def do(case_ref: str, trigger: str, visit: Signed, form: Form) -> Response:
    """Do the act; sent twice, it is done once."""
    return carry_out(visit, case_ref, trigger, form)


def begin(doing: Doing, request: Request) -> HTMLResponse:
    """Answer whoever chose an act: with its form, or the page to check where it asks for nothing."""
    if doing.option.ready and not doing.option.inputs:
        return _check(doing, {})
    filled_in = {name: "\n".join(request.query_params.getlist(name)) for name in request.query_params}
    controls = doing.forms.controls(doing.option.inputs, filled_in=filled_in)
    return _form(doing, controls, question=None if "whole" in filled_in else one_by_one.first(controls))


def weigh(doing: Doing, form: Form) -> HTMLResponse:
    """Answer a form that was sent to be checked: with the next question, what would follow, or what is wrong."""
    controls = doing.forms.controls(doing.option.inputs, form)
    if form.refused:
        return _form(doing, controls, _refused(doing, form), question=_sent_from(controls, form))
    if form.get(one_by_one.CHANGE) == one_by_one.WHOLE:
        return _form(doing, controls, [])
    wrong = {one.name for one in controls if one.error}
    turn = one_by_one.next_after(one_by_one.visible(controls), form, wrong=wrong)
    return _check(doing, form) if turn is None else _ask_one(doing, controls, form, turn)


def carry_out(visit: Visit, case_ref: str, trigger: str, form: Form, *, door: Door = DESK) -> Response:
    """Do an act that was checked, and lead on to what was recorded."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    key, seen = form.get(KEY, ""), sight.read(form.get(VERSION, ""))
    if not key or seen is None:
        not_whole = say("the form is not whole, so nothing was changed; open the act again from the case")
        raise errors.Refused(not_whole)
    kind = machine.find_trigger(file.process, trigger)
    fresh_proof.ask_for_answer(visit, kind)
    asked = asking.asked(file.process, file.case, kind, visit.actor)
    maker = Doing(visit, file, machine.Option(trigger=kind, inputs=asked, missing=()), door)
    command = ActOnCase(
        case_id=file.case.id,
        trigger=trigger,
        actor=visit.actor,
        key=f"desk:{visit.person.id}:{key}",
        inputs=maker.forms.read(asked, form),
        expected_version=seen[0],
        expected_sight=seen[1],
    )
    try:
        receipt = visit.desk.service.act(command)
    except errors.NeedsMissing as refusal:
        return _whole_form(maker, form, [("", one) for one in refusal.missing])
    except errors.Conflict as conflict:
        return _check_anew(maker, form, conflict=conflict)
    return RedirectResponse(door.done(visit, receipt), HTTPStatus.SEE_OTHER)


def find(visit: Visit, case_ref: str, trigger: str, *, door: Door = DESK) -> Doing:
    """Find an act that is open to somebody; raise `NotFound` where it is not, whatever the reason."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    option = next((one for one in file.options if one.trigger.name == trigger), None)
    if option is None:
        not_open = say("this act is not open to you on this case now; the case page shows those that are")
        raise errors.NotFound(not_open)
    return Doing(visit, file, option, door)


def _check_anew(tried: Doing, form: Form, *, conflict: errors.Conflict) -> HTMLResponse:
    """Show once more what the act would do, with what was typed, to somebody whom another was quicker than."""
    try:
        doing = find(tried.visit, tried.file.case.id, tried.option.trigger.name, door=tried.door)
    except errors.NotFound:
        raise conflict from None
    return _check(doing, form, conflict=conflict)


def _refused(doing: Doing, form: Form) -> _Errors:
    """Tell of each file that was not kept, at its field."""
    asked = doing.option.inputs
    of_files = [name for name, field in asked.items() if field.type is FieldType.FILE]
    told = {name: form.refused.get(name, form.refused.get(uploads.ANY, "")) for name in of_files}
    return [(f"field-{name}", under(asked[name].label, why)) for name, why in told.items() if why]


def _asks_for_a_clause(doing: Doing) -> bool:
    """Tell whether the act takes a clause of the library; other acts name the clause of a paper in words."""
    asked = doing.option.inputs.get("clause")
    return asked is not None and asked.type is FieldType.CHOICE


def _sent_from(controls: Sequence[Control], form: Mapping[str, str]) -> one_by_one.Question | None:
    """Find the question whose page was sent; None for a form that asks for everything."""
    name = form.get(one_by_one.ASKED)
    if name not in one_by_one.visible(controls):
        return None
    return one_by_one.question(controls, name, revised=one_by_one.REVISED in form)


def _ask_one(doing: Doing, controls: Sequence[Control], form: Mapping[str, str], name: str) -> HTMLResponse:
    """Show one question; what is wrong is told of the one that was sent, and of no other that was not yet asked."""
    sent = form.get(one_by_one.ASKED) == name
    revised = one_by_one.CHANGE in form or one_by_one.REVISED in form
    shown = controls if sent else [replace(one, error="") for one in controls]
    return _form(doing, shown, question=one_by_one.question(shown, name, revised=revised))


def _form(
    doing: Doing,
    controls: Sequence[Control],
    problems: _Errors | None = None,
    *,
    question: one_by_one.Question | None = None,
) -> HTMLResponse:
    """Show one question of an act or all of them; the problems are those given, or else those of what is shown."""
    lacking = doing.forms.nothing_to_choose(doing.option.inputs)
    if problems is None:
        shown = controls if question is None else [question.control]
        problems = [(one.id, one.problem) for one in shown if one.error]
    return doing.door.page(
        doing.visit,
        doing.door.form,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=doing.file.process.timezone,
        case=doing.file.case,
        act=doing.option.trigger,
        missing=doing.option.missing or [shaped(one, sentence) for one in lacking],
        address=doing.address,
        duties=doing.duties,
        controls=controls,
        question=question,
        clauses=doing.file.process.clauses.values() if _asks_for_a_clause(doing) else (),
        sealed=agreement_view.sealed(doing.forms.sealed(doing.option.inputs), doing.file, doing.visit),
        problems=problems,
    )


def _whole_form(doing: Doing, typed: Mapping[str, str], problems: _Errors | None = None) -> HTMLResponse:
    """Show all questions with what was typed, for something that is wrong with more than one of them."""
    return _form(doing, doing.forms.controls(doing.option.inputs, typed), problems)


def _check(doing: Doing, typed: Mapping[str, str], *, conflict: errors.Conflict | None = None) -> HTMLResponse:
    """Rehearse the act and show what would follow; a refusal leads back to the form."""
    visit, asked = doing.visit, doing.option.inputs
    if doing.forms.problems(asked, typed):
        return _whole_form(doing, typed)
    intent = rehearsal.Intent(
        trigger=doing.option.trigger.name, inputs=doing.forms.read(asked, typed), at=visit.words.now
    )
    desk = visit.desk
    try:
        rehearsed = rehearsal.rehearse_act(
            desk.record, visit.viewer, doing.file.case.id, intent=intent, directory=desk.directory
        )
    except errors.NeedsMissing as refusal:
        return _whole_form(doing, typed, [("", one) for one in refusal.missing])
    return doing.door.page(
        visit,
        doing.door.check,
        status=HTTPStatus.CONFLICT if conflict else HTTPStatus.OK,
        conflict=conflict,
        zone=doing.file.process.timezone,
        case=doing.file.case,
        act=doing.option.trigger,
        address=doing.address,
        duties=doing.duties,
        answers=[one for one in doing.forms.controls(asked, typed) if one.value],
        typed={name: value for name, value in typed.items() if name in asked},
        key=secrets.token_urlsafe(_KEY_BYTES),
        version=doing.seen,
        check=check_view.of(rehearsed, visit),
    )
