"""What a browser has begun and must finish itself within minutes: a second factor, a passkey, a trip to a provider.

The browser holds a token, of which only the SHA-256 is kept here. What is finished is gone: nothing is finished twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from cases import codec, tables, token_hashes
from cases.unit_of_work import reading, unit_of_work

LIFETIME = timedelta(minutes=10)
TRIES = 5

_rows = tables.begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Something begun: for what, by whom if that is known, and what must be remembered until it is finished."""

    token_hash: str
    purpose: str
    person_id: str | None
    payload: Mapping[str, str]


def begin(
    engine: Engine,
    purpose: str,
    *,
    person_id: str | None = None,
    payload: Mapping[str, str] | None = None,
    now: datetime,
) -> str:
    """Note what a browser begins; return the token by which it goes on."""
    token = token_hashes.new()
    row = {
        "token_hash": token_hashes.hash_of(token),
        "purpose": purpose,
        "person_id": person_id,
        "payload": codec.dump(dict(payload or {})),
        "tries_left": TRIES,
        "expires_at": now + LIFETIME,
    }
    with unit_of_work(engine) as work:
        work.execute(insert(_rows), row)
    return token


def find(engine: Engine, token: str, purpose: str, *, now: datetime) -> Begun | None:
    """Find what was begun with a token for a purpose; None when it is finished or over, or its tries are spent."""
    going = (_rows.c.purpose == purpose, _rows.c.expires_at > now, _rows.c.tries_left > 0)
    with reading(engine) as connection:
        row = connection.execute(
            select(_rows).where(_rows.c.token_hash == token_hashes.hash_of(token), *going)
        ).one_or_none()
    if row is None:
        return None
    return Begun(token_hash=row.token_hash, purpose=purpose, person_id=row.person_id, payload=codec.parse(row.payload))


def take_try(engine: Engine, one: Begun) -> bool:
    """Take one of the tries to finish something, before it is looked at; tell whether one was left."""
    left = (_rows.c.token_hash == one.token_hash, _rows.c.tries_left > 0)
    with unit_of_work(engine) as work:
        return work.execute(update(_rows).where(*left).values(tries_left=_rows.c.tries_left - 1)).rowcount == 1


def finish(engine: Engine, one: Begun) -> bool:
    """End what was begun; tell whether nobody had ended it before."""
    with unit_of_work(engine) as work:
        return work.execute(delete(_rows).where(_rows.c.token_hash == one.token_hash)).rowcount == 1


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete what was begun and never finished, and say how much."""
    with unit_of_work(engine) as work:
        return work.execute(delete(_rows).where(_rows.c.expires_at < before)).rowcount
