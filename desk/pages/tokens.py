"""My tokens: by which programs work for me, each good for what I chose, until a day I chose, and ended by one button.

A token is shown once, on the page that answers the form. The same form sent again shows the same token.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import api_tokens
from cases.api_tokens import NewToken, Scope, Token
from config.settings import Proof
from desk import forms, fresh_proof, made_once
from desk.access import DeclaredRoute, Form, Signed
from desk.api.scopes import GOOD_FOR
from desk.pages.answers import page
from states import errors, fields, wall_time
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.forms import Control
    from desk.uploads import Given
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

ADDRESS = "/me/tokens"
NAME, SCOPES, UNTIL = "name", "scopes", "until"
USUAL = timedelta(days=90)


@router.get(ADDRESS)
def read_tokens(visit: Signed, ended: str = "") -> HTMLResponse:
    """Show my tokens and the form for another one."""
    return _page(visit, ended=bool(ended))


@router.post(ADDRESS)
def make_token(visit: Signed, form: Form) -> HTMLResponse:
    """Make a token and show it this once."""
    fresh_proof.ask(visit, Proof.ACCESS)
    problems = _forms(visit).problems(_asked(visit), form)
    if not problems:
        try:
            return _page(visit, made=made_once.by_form(visit, form, ADDRESS, lambda: _made(visit, form)))
        except errors.Refused as refusal:
            problems = {UNTIL: refusal.missing[0]}
    return _page(visit, typed=form, problems=problems)


@router.post("/me/tokens/{token_id}/end")
def end_token(visit: Signed, token_id: int, _form: Form) -> Response:
    """End a token at once."""
    api_tokens.end(visit.desk.record.engine, visit.person.id, token_id, now=visit.words.now)
    return RedirectResponse(f"{ADDRESS}?ended=yes", HTTPStatus.SEE_OTHER)


def _made(visit: Visit, form: Given) -> str:
    """Make the token that a form asks for, and return its secret."""
    _, secret = api_tokens.make(visit.desk.record.engine, visit.person.id, _said(visit, form), now=visit.words.now)
    return secret


def _page(
    visit: Visit,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    made: str = "",
    ended: bool = False,
) -> HTMLResponse:
    controls, now = _controls(visit, typed, problems or {}), visit.words.now
    kept = api_tokens.of(visit.desk.record.engine, visit.person.id)
    return page(
        visit,
        "tokens.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=visit.person.timezone,
        controls=controls,
        problems=[(one.id, one.problem) for one in controls if one.error],
        made=made,
        ended=ended,
        good=[one for one in kept if one.is_good(now)],
        over=[one for one in kept if not one.is_good(now)],
        good_for=good_for,
        once=made_once.key(),
    )


def good_for(token: Token) -> list[str]:
    """Say what a token is good for, in the order in which it is chosen."""
    return [words for scope, words in GOOD_FOR.items() if scope in token.scopes]


def _asked(visit: Visit) -> dict[str, Field]:
    asked = (
        Field(
            name=NAME,
            type=FieldType.TEXT,
            label=say("What will use it"),
            help=say("A name by which you know it again, such as “weekly report”."),
        ),
        Field(
            name=SCOPES,
            type=FieldType.CHOICES,
            label=say("What it may do"),
            choices=tuple(Scope),
            help=say("Never more than you may do yourself."),
        ),
        Field(
            name=UNTIL,
            type=FieldType.DATE,
            label=say("Last day"),
            help=visit.words.zone(visit.person.timezone),
        ),
    )
    return {one.name: one for one in asked}


def _controls(visit: Visit, typed: Mapping[str, str] | None, problems: Mapping[str, str]) -> tuple[Control, ...]:
    filled_in = {UNTIL: (visit.words.now + USUAL).date().isoformat()}
    made = _forms(visit).controls(_asked(visit), typed, filled_in=filled_in)
    spelled = (
        replace(one, options=tuple(replace(option, label=GOOD_FOR[Scope(option.value)]) for option in one.options))
        if one.name == SCOPES
        else one
        for one in made
    )
    return tuple(replace(one, error=problems.get(one.name, "")) for one in spelled)


def _forms(visit: Visit) -> forms.FormMaker:
    return forms.of_no_case([], zone=visit.person.timezone, words=visit.words)


def _said(visit: Visit, form: Given) -> NewToken:
    """Read a form without problems; the last day counts whole, in the reader's own zone."""
    asked, raw = _asked(visit), _forms(visit).read(_asked(visit), form)
    values = {name: fields.read(field, raw.get(name)) for name, field in asked.items()}
    after = date.fromisoformat(str(values[UNTIL])) + timedelta(days=1)
    return NewToken(
        name=str(values[NAME]),
        scopes=frozenset(Scope(one) for one in fields.each(values[SCOPES])),
        expires_at=wall_time.at_local(after, time.min, wall_time.find_zone(visit.person.timezone)),
    )
