"""The page on which somebody decides what was put to them: what is asked, the answers open to them, and the receipt."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import decision_links, queries
from cases.commands import ActOnCase
from config.settings import Proof
from desk import fresh_proof
from desk.access import DeclaredRoute, Proven, ProvenForm
from desk.pages import decision_view
from desk.pages.answers import page
from desk.words import sentence
from states import errors
from states.effects import passing_on
from states.said import say, shaped

if TYPE_CHECKING:
    from cases.queries import Asked
    from cases.receipts import Receipt
    from desk.pages.decision_view import Answer
    from desk.uploads import Given
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
log = logging.getLogger(__name__)

CHOICE, VERSION, REASON = "choice", "asked_version", "not_mine_reason"
TRIES = 5
NO_CHOICE = say("Choose an answer; none is chosen for you")
CHANGED = say("What is asked has changed since you opened this page, so nothing was recorded; read it as it stands now")


@router.get("/decide/{case_id}/{item_id}")
def ask(case_id: str, item_id: str, visit: Proven, recorded: str = "") -> HTMLResponse:
    """Show what is asked with no answer chosen, or what was answered, when and by whom."""
    asked = _asked(visit, case_id, item_id)
    return _page(visit, asked, recorded=bool(recorded) and bool(decision_view.own(asked, visit)))


@router.post("/decide/{case_id}/{item_id}")
def decide(case_id: str, item_id: str, visit: Proven, form: ProvenForm) -> Response:
    """Record the answer that was chosen; sent twice, it is recorded once."""
    asked = _asked(visit, case_id, item_id)
    if _is_of_something_else(visit, asked):
        return _page(visit, asked, form, status=HTTPStatus.CONFLICT)
    if not asked.answers or form.get(VERSION) != asked.version:
        return _overtaken(visit, asked, form)
    answer = next((one for one in decision_view.answers(asked, visit, form) if one.name == form.get(CHOICE)), None)
    problems = _problems(asked, answer)
    if not problems:
        fresh_proof.ask(visit, Proof.DECISIONS)
    if answer is not None and not problems:
        try:
            _record(visit, asked, answer, form)
        except errors.NeedsMissing as refusal:
            problems = [("", shaped(one, sentence)) for one in refusal.missing]
        except errors.Conflict:
            return _overtaken(visit, _asked(visit, case_id, item_id), form)
    if problems:
        return _page(visit, asked, form, problems=problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _receipt(asked)


@router.post("/decide/{case_id}/{item_id}/not-mine")
def pass_on(case_id: str, item_id: str, visit: Proven, form: ProvenForm) -> HTMLResponse:
    """Revoke the links of somebody who says that this is not for them, and tell those who run the case."""
    told = passed_on(visit, _asked(visit, case_id, item_id), reason=form.get(REASON, ""))
    return page(visit, "passed_on.html", told=told)


def passed_on(visit: Visit, asked: Asked, *, reason: str) -> bool:
    """Let somebody go who was asked by mistake; tell whether those who run the case hear of it."""
    act = passing_on.act_of(asked.process)
    if act is not None and asked.answers:
        said = {"question": decision_view.line(asked), "reason": reason.strip()}
        command = ActOnCase(
            case_id=asked.case.id,
            trigger=act.name,
            actor=visit.actor,
            key=f"pass on:{visit.person.id}:{asked.item.id}:{asked.version}",
            inputs={name: value for name, value in said.items() if value},
        )
        visit.desk.service.act(command)
    decision_links.revoke(visit.desk.record.engine, visit.person.id, asked.item.id, now=visit.words.now)
    return act is not None


def _asked(visit: Visit, case_id: str, item_id: str) -> Asked:
    return queries.asked_of(visit.desk.record, visit.viewer, case_id, item_id, now=visit.desk.clock.now())


def _is_of_something_else(visit: Visit, asked: Asked) -> bool:
    """Tell whether somebody came by a link for what was asked before: with what is asked now it is no longer good."""
    return visit.link is not None and bool(asked.answers) and visit.link.item_version != asked.version


def _record(visit: Visit, asked: Asked, answer: Answer, form: Given) -> Receipt:
    """Do the act on what was read: whatever else happens on the case meanwhile, it must still be asked like this."""
    for _ in range(TRIES):
        seen = asked.case.version
        source = visit.link.token_hash if visit.link else visit.person.id
        command = ActOnCase(
            case_id=asked.case.id,
            trigger=answer.name,
            actor=visit.actor,
            key=f"decide:{source}:{asked.item.id}:{asked.version}:{seen}",
            inputs=decision_view.inputs(asked, visit, answer, form),
            expected_version=seen,
        )
        try:
            return visit.desk.service.act(command)
        except errors.KeyReused:
            raise
        except errors.Conflict:
            before, asked = asked, _asked(visit, asked.case.id, asked.item.id)
            if asked.version != before.version or answer.name not in {one.trigger.name for one in asked.answers}:
                raise
    raise errors.Conflict(say("others were changing this case at the same moment; try once more"))


def _problems(asked: Asked, answer: Answer | None) -> list[tuple[str, str]]:
    """Name what is missing of a form, each with the place to mend it."""
    if answer is None:
        log.warning("a decision was posted without a choice on case %s: automated?", asked.case.id)
        return [("choice", NO_CHOICE)]
    return [(one.id, one.problem) for one in answer.controls if one.error]


def _overtaken(visit: Visit, asked: Asked, form: Given) -> Response:
    """Answer somebody who sent the same twice, whom another was quicker than, or who read what has changed since."""
    if asked.answers:
        return _page(visit, asked, form, problems=[("", CHANGED)], status=HTTPStatus.CONFLICT)
    if decision_view.own(asked, visit, trigger=form.get(CHOICE, "")):
        return _receipt(asked)
    return _page(visit, asked, status=HTTPStatus.CONFLICT, late=True)


def _receipt(asked: Asked) -> Response:
    return RedirectResponse(f"{decision_view.address(asked, asked.item)}?recorded=yes", HTTPStatus.SEE_OTHER)


def _page(
    visit: Visit,
    asked: Asked,
    form: Given | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **told: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    """Show the question; `told` are the problems of a form, and whether something was `recorded` or came too `late`.

    By a link for what was asked before, nothing can be answered.
    """
    changed = _is_of_something_else(visit, asked)
    shown: dict[str, Any] = {
        "asked": asked,
        "view": decision_view.of(asked, visit),
        "brief": decision_view.brief_of(asked, visit),
        "answers": () if changed else decision_view.answers(asked, visit, form),
        "chosen": form.get(CHOICE, "") if form else "",
        "address": decision_view.address(asked, asked.item),
        "changed": changed,
        "problems": (),
        "recorded": False,
        "late": False,
    }
    return page(visit, "decide.html", status=status, zone=asked.process.timezone, **shown | told)
