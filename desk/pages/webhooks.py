"""My webhooks: which programs are told that something happened, whether it arrives, and telling it once more.

The secret that signs is shown once, on the page that answers the form that made it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import webhook_outbox, webhook_view, webhooks
from cases.webhook_outbox import State
from cases.webhooks import Kind
from desk import forms, made_once, own_webhooks
from desk.access import DeclaredRoute, Form, Signed
from desk.pages.answers import page
from states import errors, fields, wall_time
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.webhooks import Webhook
    from desk.forms import Control
    from desk.uploads import Given
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADDRESS = "/me/webhooks"
URL, KINDS, SINCE = "url", "kinds", "since"
SHOWN = 10
"""How many of the things that were told a page shows."""
KINDS_IN_WORDS = {
    Kind.CASE_OPENED: say("Opened"),
    Kind.STAGE_ENTERED: say("Stage"),
    Kind.TIER_ENTERED: say("Tier"),
    Kind.PAUSED: say("Paused"),
    Kind.RESUMED: say("Goes on"),
    Kind.CLOSED: say("Closed"),
    Kind.REOPENED: say("Opened again"),
    Kind.FILED: say("On file"),
    Kind.PEOPLE_CHANGED: say("People"),
    Kind.DATES_CHANGED: say("Dates"),
}
STATES = {
    State.QUEUED: (say("Waiting"), ""),
    State.SENDING: (say("Being sent"), ""),
    State.RETRY: (say("Waiting"), "warn"),
    State.SENT: (say("Delivered"), "ok"),
    State.GIVEN_UP: (say("Not delivered"), "bad"),
}


@router.get(ADDRESS)
def every(visit: Signed) -> HTMLResponse:
    """Show my webhooks and the form for another one."""
    return _list(visit)


@router.post(ADDRESS)
def make(visit: Signed, form: Form) -> HTMLResponse:
    """Make a webhook and show its secret this once."""
    problems = _forms(visit).problems(_asked(), form)
    if not problems:
        try:
            made = made_once.by_form(visit, form, ADDRESS, lambda: _made(visit, form))
        except errors.Refused as refusal:
            problems = {URL: refusal.sentence}
        else:
            return _with_secret(visit, own_webhooks.find(visit, int(made)))
    return _list(visit, typed=form, problems=problems)


@router.get(f"{ADDRESS}/{{webhook_id}}")
def one(webhook_id: int, visit: Signed, recorded: str = "") -> HTMLResponse:
    """Show a webhook and what was told to it."""
    return _one(visit, own_webhooks.find(visit, webhook_id), recorded=bool(recorded))


@router.post(f"{ADDRESS}/{{webhook_id}}/secret")
def renew(webhook_id: int, visit: Signed, _form: Form) -> HTMLResponse:
    """Sign with a new secret, and show it this once."""
    return _with_secret(visit, own_webhooks.renew(visit, webhook_id))


@router.post(f"{ADDRESS}/{{webhook_id}}/trial")
def send_trial(webhook_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Send something that tells of nothing, to see whether it arrives."""
    webhook_outbox.trial(visit.desk.record.engine, own_webhooks.standing(visit, webhook_id), now=visit.words.now)
    return _back(webhook_id)


@router.post(f"{ADDRESS}/{{webhook_id}}/resume")
def resume(webhook_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Go on telling a webhook that was stopped because it failed."""
    webhooks.resume(visit.desk.record.engine, own_webhooks.standing(visit, webhook_id))
    return _back(webhook_id)


@router.post(f"{ADDRESS}/{{webhook_id}}/end")
def end(webhook_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """End a webhook for good."""
    webhooks.end(visit.desk.record.engine, own_webhooks.find(visit, webhook_id), now=visit.words.now)
    return RedirectResponse(ADDRESS, HTTPStatus.SEE_OTHER)


@router.post(f"{ADDRESS}/{{webhook_id}}/deliveries/{{delivery_id}}/replay")
def replay(webhook_id: int, delivery_id: int, visit: Signed, _form: Form) -> RedirectResponse:
    """Tell one thing once more."""
    found = own_webhooks.standing(visit, webhook_id)
    webhook_outbox.replay(visit.desk.record.engine, found, delivery_id, now=visit.words.now)
    return _back(webhook_id)


@router.post(f"{ADDRESS}/{{webhook_id}}/replay", response_model=None)
def replay_since(webhook_id: int, visit: Signed, form: Form) -> HTMLResponse | RedirectResponse:
    """Tell everything once more that happened since a day."""
    found, problems = own_webhooks.find(visit, webhook_id), _forms(visit).problems(_again(), form)
    if not problems:
        day = date.fromisoformat(str(_forms(visit).read(_again(), form)[SINCE]))
        since = wall_time.at_local(day, time.min, wall_time.find_zone(visit.person.timezone))
        try:
            own_webhooks.replay_since(visit, webhook_id, since)
        except errors.NeedsMissing as refusal:
            problems = {SINCE: refusal.sentence}
        else:
            return _back(webhook_id)
    return _one(visit, found, typed=form, problems=problems)


def _made(visit: Visit, form: Given) -> str:
    raw = _forms(visit).read(_asked(), form)
    values = {name: fields.read(field, raw.get(name)) for name, field in _asked().items()}
    kinds = frozenset(Kind(one) for one in fields.each(values[KINDS]))
    return str(own_webhooks.make(visit, url=str(values[URL]), kinds=kinds).id)


def _list(
    visit: Visit, *, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] | None = None
) -> HTMLResponse:
    kept = webhooks.of(visit.desk.record.engine, visit.person.id)
    controls = _controls(visit, _asked(), typed, problems)
    return page(
        visit,
        "webhooks.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=visit.person.timezone,
        told=[one for one in kept if one.ended_at is None],
        over=[one for one in kept if one.ended_at is not None],
        controls=[_spelled(one) for one in controls],
        problems=[(one.id, one.problem) for one in controls if one.error],
        once=made_once.key(),
    )


def _one(
    visit: Visit,
    found: Webhook,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    **shown: Any,  # noqa: ANN401 - what the template shows
) -> HTMLResponse:
    """Show a webhook; `shown` is its `secret`, which is told this once, and whether something was `recorded`."""
    controls = _controls(visit, _again(), typed, problems)
    told: dict[str, Any] = {"secret": "", "recorded": False} | shown
    return page(
        visit,
        "webhook.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=visit.person.timezone,
        hook=found,
        rows=webhook_view.of_webhook(visit.desk.record.engine, found, limit=SHOWN),
        states=STATES,
        controls=controls,
        problems=[(one.id, one.problem) for one in controls if one.error],
        **told,
    )


def _with_secret(visit: Visit, found: Webhook) -> HTMLResponse:
    return _one(visit, found, secret=own_webhooks.secret(visit, found))


def _asked() -> dict[str, Field]:
    asked = (
        Field(
            name=URL,
            type=FieldType.TEXT,
            label=say("Its address"),
            help=say("Over https, and never into a private network."),
        ),
        Field(name=KINDS, type=FieldType.CHOICES, label=say("What it is told of"), choices=tuple(Kind)),
    )
    return {one.name: one for one in asked}


def _again() -> dict[str, Field]:
    return {SINCE: Field(name=SINCE, type=FieldType.DATE, label=say("Tell again what happened since"))}


def _controls(
    visit: Visit, asked: Mapping[str, Field], typed: Mapping[str, str] | None, problems: Mapping[str, str] | None
) -> tuple[Control, ...]:
    made, wrong = _forms(visit).controls(asked, typed), problems or {}
    return tuple(replace(one, error=wrong.get(one.name, "")) for one in made)


def _spelled(one: Control) -> Control:
    """Put the kinds in words, each with the name by which programs know it."""
    if one.name != KINDS:
        return one
    options = (replace(each, label=KINDS_IN_WORDS[Kind(each.value)], hint=each.value) for each in one.options)
    return replace(one, options=tuple(options))


def _forms(visit: Visit) -> forms.FormMaker:
    return forms.of_no_case([], zone=visit.person.timezone, words=visit.words)


def _back(webhook_id: int) -> RedirectResponse:
    return RedirectResponse(f"{ADDRESS}/{webhook_id}?recorded=yes", HTTPStatus.SEE_OTHER)
