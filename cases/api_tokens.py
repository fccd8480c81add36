"""Tokens by which programs work for a person: each with a name, an end and what it is good for; kept as hashes alone.

A token never lets a program do what its owner may not do: it narrows the owner's own rights, as they are at the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, delete, func, insert, select, update

from cases import codec, tables, token_hashes
from cases.people import Audience
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import Said, count, say

LONGEST = timedelta(days=366)
LONGEST_NAME = 80
MOST = 20
"""How many tokens of one person may be good at a time."""
PREFIX = "parley_"
"""What every token begins with, so that whoever finds one lying about knows what it is."""

# What a token was last used for is told to the hour: its owner asks whether it is in use, not by whom each minute.
_SEEN_EVERY = timedelta(hours=1)
_table = tables.api_tokens


class Scope(StrEnum):
    """What a token is good for."""

    CASES_READ = "cases:read"
    CASES_ACT = "cases:act"
    CASES_DECIDE = "cases:decide"
    MAILS_READ = "mails:read"
    MAILS_SEND = "mails:send"
    NOTEBOOK = "notebook"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ME = "me"
    WEBHOOKS = "webhooks"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token on file, without its secret; `seen_at` is when it was last used, to the hour."""

    id: int
    person_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    ended_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Tell whether the token lets somebody in."""
        return self.ended_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What a token is to be: its name, what it is good for, and until when."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime


def scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Read what a token is to be good for; raise `NeedsMissing` for what there is not."""
    given = frozenset(names)
    unknown = sorted(given - set(Scope))
    if unknown:
        told = say("a token is good for %(scopes)s, and for no “%(name)s”", scopes=", ".join(Scope), name=unknown[0])
        raise errors.NeedsMissing(told)
    return frozenset(Scope(one) for one in given)


def make(engine: Engine, person_id: str, new: NewToken, *, now: datetime) -> tuple[Token, str]:
    """Put a token on file and return it with its secret, which nobody can tell again.

    Raises `NeedsMissing` with everything that is wrong with what is wanted, and `NotFound` for nobody on file.
    """
    _refuse_wrong(new, now)
    secret = f"{PREFIX}{token_hashes.new()}"
    row = {
        "token_hash": token_hashes.hash_of(secret),
        "person_id": person_id,
        "name": new.name.strip(),
        "scopes": codec.dump(sorted(new.scopes)),
        "created_at": now,
        "expires_at": new.expires_at,
    }
    people = tables.people.c
    good = (_table.c.person_id == person_id, _table.c.ended_at.is_(None), _table.c.expires_at > now)
    with unit_of_work(engine) as work:
        staff = (people.id == person_id, people.active, people.audience == Audience.DESK)
        if work.execute(select(people.id).where(*staff)).one_or_none() is None:
            raise errors.NotFound(
                say("there is nobody at the desk with the id “%(person)s”, or they have left", person=person_id)
            )
        if work.execute(select(func.count()).select_from(_table).where(*good)).scalar_one() >= MOST:
            raise errors.Refused(
                count(
                    "you have %(count)s token already; end one that is no longer used",
                    "you have %(count)s tokens already; end one that is no longer used",
                    count=MOST,
                )
            )
        kept = work.execute(insert(_table).returning(*_table.c), row).one()
    return _token(kept), secret


def of(engine: Engine, person_id: str) -> tuple[Token, ...]:
    """List the tokens of a person, the newest first, those that are over too."""
    wanted = select(_table).where(_table.c.person_id == person_id).order_by(_table.c.id.desc())
    with reading(engine) as connection:
        return tuple(_token(row) for row in connection.execute(wanted))


def end(engine: Engine, person_id: str, token_id: int, *, now: datetime) -> Token:
    """End a token of a person at once; ending it twice changes nothing. Raises `NotFound` where it is not theirs."""
    mine = (_table.c.id == token_id, _table.c.person_id == person_id)
    with unit_of_work(engine) as work:
        work.execute(update(_table).where(*mine, _table.c.ended_at.is_(None)).values(ended_at=now))
        row = work.execute(select(_table).where(*mine)).one_or_none()
    if row is None:
        raise errors.NotFound(say("there is no such token, or it is not yours"))
    return _token(row)


def holder(engine: Engine, secret: str, *, now: datetime) -> Token | None:
    """Find the token that a program shows, if it is good; None for any other, and where its owner has left."""
    people = tables.people
    wanted = (
        select(_table)
        .join(people, people.c.id == _table.c.person_id)
        .where(_table.c.token_hash == token_hashes.hash_of(secret), _table.c.ended_at.is_(None))
        .where(_table.c.expires_at > now, people.c.active, people.c.audience == Audience.DESK)
    )
    with reading(engine) as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    if row.seen_at is None or now - row.seen_at >= _SEEN_EVERY:
        with unit_of_work(engine) as work:
            work.execute(update(_table).where(_table.c.id == row.id).values(seen_at=now))
    return _token(row)


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete the tokens that were over before an instant, and say how many."""
    with unit_of_work(engine) as work:
        return work.execute(
            delete(_table).where(func.coalesce(_table.c.ended_at, _table.c.expires_at) < before)
        ).rowcount


def _refuse_wrong(new: NewToken, now: datetime) -> None:
    missing = tuple(_wrong(new, now))
    if missing:
        raise errors.NeedsMissing(say("the token cannot be made"), missing=missing)


def _wrong(new: NewToken, now: datetime) -> Iterator[Said]:
    if not new.name.strip():
        yield say("give the token a name that says what uses it")
    if len(new.name) > LONGEST_NAME:
        yield say("the name is longer than %(most)s letters; say it shorter", most=LONGEST_NAME)
    if not new.scopes:
        yield say("choose at least one thing that the token is good for")
    if not now < new.expires_at <= now + LONGEST:
        yield say("a token ends on a day to come, within a year")


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        scopes=frozenset(Scope(one) for one in codec.parse(row.scopes)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
    )
