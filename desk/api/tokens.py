"""The tokens of the signed-in person as JSON: a program keeps its own, and makes none that is good for more."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from cases import api_tokens
from cases.api_tokens import Scope, Token
from config.settings import Proof
from desk import fresh_proof
from desk.api import paging, schemas
from desk.api.bounds import RowId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import AsMyself
from desk.problems import BeyondScope
from desk.visits import Visit
from states.said import say

router = APIRouter(prefix="/api/me", route_class=ApiRoute, tags=["tokens"], responses=schemas.PROBLEMS)


class NewToken(schemas.Model):
    """What a token is to be: who uses it, what it is good for, and until when, a year ahead at most."""

    name: str = Field(min_length=1, max_length=api_tokens.LONGEST_NAME, examples=["Weekly report"])
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope), examples=[["cases:read"]])
    expires_at: AwareDatetime


class KeptToken(schemas.Model):
    """A token on file; `seen_at` is when it was last used, to the hour, and `ended_at` when it was ended."""

    id: int
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    ended_at: datetime | None
    good: bool


class MadeToken(KeptToken):
    """A new token with its secret, which is told this once."""

    secret: str


class Tokens(schemas.Page):
    """A page of tokens, the newest first."""

    tokens: list[KeptToken]


@router.get("/tokens")
def list_tokens(visit: AsMyself, page: Paging) -> Tokens:
    """List one's own tokens, those that are over too; nobody can tell their secrets again."""
    found = paging.cut(page, api_tokens.of(visit.desk.record.engine, visit.person.id), key=lambda one: -one.id)
    return Tokens(tokens=[_said(one, visit) for one in found.rows], next=found.next)


@router.post("/tokens", status_code=201, dependencies=ONCE)
def make_token(visit: AsMyself, wanted: NewToken) -> MadeToken:
    """Make a token; one that is made by a token is good for no more, and for no longer, than that."""
    new = api_tokens.NewToken(name=wanted.name, scopes=frozenset(wanted.scopes), expires_at=wanted.expires_at)
    _refuse_more(visit, new)
    fresh_proof.ask(visit, Proof.ACCESS)
    kept, secret = api_tokens.make(visit.desk.record.engine, visit.person.id, new, now=visit.words.now)
    return MadeToken(**_said(kept, visit).model_dump(), secret=secret)


@router.delete("/tokens/{token_id}")
def end_token(visit: AsMyself, token_id: RowId) -> KeptToken:
    """End a token at once."""
    return _said(api_tokens.end(visit.desk.record.engine, visit.person.id, token_id, now=visit.words.now), visit)


def _refuse_more(visit: Visit, new: api_tokens.NewToken) -> None:
    by = visit.api_token
    if by is not None and (new.scopes - by.scopes or new.expires_at > by.expires_at):
        raise BeyondScope(say("a token makes no other that is good for more or longer; make this one at the desk"))


def _said(one: Token, visit: Visit) -> KeptToken:
    return KeptToken(
        id=one.id,
        name=one.name,
        scopes=sorted(one.scopes),
        created_at=one.created_at,
        expires_at=one.expires_at,
        seen_at=one.seen_at,
        ended_at=one.ended_at,
        good=one.is_good(visit.words.now),
    )
