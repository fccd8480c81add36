"""Acts on several cases or mails at once: choosing, one page to check for all, and a job that does each by itself."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import bulk, errands, messages
from cases.jobs import Kind, NewJob, NewLine
from config.settings import Proof
from desk import fresh_proof
from desk.access import DeclaredRoute, Form, Signed
from desk.asked_lists import CasesAsked
from desk.forms import FormMaker
from desk.pages import bulk_lines
from desk.pages.answers import page
from states import errors, machine
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cases.bulk import Chosen, Offer
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
CASE, MAIL, KEY = "case", "mail", "request_key"
_KEY_BYTES = 16


@router.get("/bulk/cases")
def choose(visit: Signed, case: Annotated[list[str] | None, Query()] = None) -> HTMLResponse:
    """Show the chosen cases, and the acts that are open in all of them."""
    chosen = _chosen(visit, case or [])
    return page(visit, "bulk.html", zone=visit.person.timezone, chosen=chosen, offers=bulk.offers(chosen))


@router.get("/bulk/cases/{trigger}")
def ask(trigger: str, visit: Signed, case: Annotated[list[str] | None, Query()] = None) -> HTMLResponse:
    """Show what the act asks for, or at once the page to check when it asks for nothing."""
    chosen = _chosen(visit, case or [])
    offer = bulk.offer(chosen, trigger)
    return _form(visit, chosen, offer) if offer.inputs else _check(visit, chosen, offer, {})


@router.post("/bulk/cases/{trigger}/check")
def check(trigger: str, visit: Signed, form: Form) -> HTMLResponse:
    """Show for each case what would happen, and which cannot; nothing is changed."""
    chosen = _chosen(visit, form.get(CASE, "").splitlines())
    offer = bulk.offer(chosen, trigger)
    if _maker(visit, chosen).problems(offer.inputs, form):
        return _form(visit, chosen, offer, form)
    return _check(visit, chosen, offer, form)


@router.post("/bulk/cases/{trigger}")
def do(trigger: str, visit: Signed, form: Form) -> Response:
    """Ask for the act on each of the cases that were checked; sent twice, it is one job."""
    versions = dict(one.split(" ", 1) for one in form.get(CASE, "").splitlines() if " " in one)
    chosen = _chosen(visit, list(versions))
    kinds = [machine.find_trigger(one.seen.process, trigger) for one in chosen]
    for kind in kinds:
        fresh_proof.ask_for_answer(visit, kind)
    asked = next((one.inputs for one in (each.option(trigger) for each in chosen) if one is not None), {})
    wanted = NewJob(
        kind=Kind.ACTS,
        key=_key(form),
        title=say("%(act)s: several cases", act=kinds[0].label),
        what={"trigger": trigger, "inputs": _maker(visit, chosen).read(asked, form)},
        lines=[NewLine(subject=one.seen.case.id, seen=_version(versions, one)) for one in chosen],
    )
    return _at_work(visit, wanted)


@router.get("/bulk/mails")
def check_mails(visit: Signed, mail: Annotated[list[str] | None, Query()] = None) -> HTMLResponse:
    """Show which of the chosen mails would be tried again, and which not and why."""
    lines = [bulk_lines.of_mail(visit, one) for one in dict.fromkeys(mail or []) if messages.is_id(one)][: bulk.MOST]
    if not lines:
        raise errors.NeedsMissing(say("choose at least one line of the list"))
    return page(
        visit,
        "bulk_check.html",
        act=say("Try again"),
        address="/bulk/mails",
        back="/mails",
        field=MAIL,
        lines=lines,
        answers=(),
        typed={},
        key=secrets.token_urlsafe(_KEY_BYTES),
    )


@router.post("/bulk/mails")
def do_mails(visit: Signed, form: Form) -> Response:
    """Ask for each of the mails to be tried again."""
    chosen = (one.strip() for one in form.get(MAIL, "").splitlines())
    wanted = NewJob(
        kind=Kind.MAILS,
        key=_key(form),
        title=say("Mails to be tried again"),
        what={},
        lines=[NewLine(subject=one) for one in chosen if messages.is_id(one)],
    )
    return _at_work(visit, wanted)


@router.post("/bulk/export")
def export(visit: Signed, form: Form) -> Response:
    """Ask for the whole of a list as a file."""
    fresh_proof.ask(visit, Proof.EXPORTS)
    asked = CasesAsked.model_validate({name: form.get(name, "") for name in CasesAsked.model_fields})
    wanted = NewJob(
        kind=Kind.EXPORT,
        key=_key(form),
        title=say("Export of a list of cases"),
        what={"wanted": errands.wanted_as_kept(asked.wanted(visit.words))},
        lines=[NewLine(subject="cases")],
    )
    return _at_work(visit, wanted)


def _at_work(visit: Visit, wanted: NewJob) -> RedirectResponse:
    """Keep the job, and lead to its page."""
    return RedirectResponse(f"/jobs/{bulk_lines.begin(visit, wanted)}", HTTPStatus.SEE_OTHER)


def _chosen(visit: Visit, refs: Sequence[str]) -> tuple[Chosen, ...]:
    return bulk.choose(
        visit.desk.record, visit.viewer, [one.split()[0] for one in refs if one.strip()], now=visit.words.now
    )


def _maker(visit: Visit, chosen: Sequence[Chosen]) -> FormMaker:
    everyone = {person.id: person for person in visit.desk.directory.everyone()}
    first = chosen[0].seen
    return FormMaker(case=first.case, people=everyone, zone=first.process.timezone, words=visit.words)


def _form(visit: Visit, chosen: Sequence[Chosen], offer: Offer, typed: Mapping[str, str] | None = None) -> HTMLResponse:
    controls = _maker(visit, chosen).controls(offer.inputs, typed)
    problems = [(one.id, one.problem) for one in controls if one.error]
    return page(
        visit,
        "bulk_form.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=chosen[0].seen.process.timezone,
        chosen=chosen,
        act=offer.trigger,
        controls=controls,
        problems=problems,
    )


def _check(visit: Visit, chosen: Sequence[Chosen], offer: Offer, typed: Mapping[str, str]) -> HTMLResponse:
    """Rehearse the act on each case by itself."""
    maker = _maker(visit, chosen)
    return page(
        visit,
        "bulk_check.html",
        act=offer.trigger.label,
        address=f"/bulk/cases/{offer.trigger.name}",
        back="/cases",
        field=CASE,
        lines=[bulk_lines.of_case(visit, one, offer, maker.read(offer.inputs, typed)) for one in chosen],
        answers=[one for one in maker.controls(offer.inputs, typed) if one.value] if offer.inputs else (),
        typed={name: value for name, value in typed.items() if name in offer.inputs},
        key=secrets.token_urlsafe(_KEY_BYTES),
    )


def _key(form: Mapping[str, str]) -> str:
    key = form.get(KEY, "")
    if not key:
        raise errors.Refused(say("the form is not whole, so nothing was changed; choose again from the list"))
    return key


def _version(versions: Mapping[str, str], chosen: Chosen) -> int | None:
    text = versions.get(chosen.seen.case.id, "")
    return int(text) if text.isdecimal() else None
