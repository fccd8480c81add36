"""Sessions: who is signed in, at which door, on what device and since when; of their tokens only hashes are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, insert, select, update

from cases import tables, token_hashes
from cases.people import Audience
from cases.unit_of_work import reading, unit_of_work

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)

# A page is read more often than it is worth writing down that somebody is still there.
_SEEN_EVERY = timedelta(minutes=1)
_rows, _people = tables.sessions, tables.people


class Means(StrEnum):
    """What somebody signed in with, or proved themselves with since."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - the name of a means, not a secret
    CODE = "code"
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery code"
    PROVIDER = "provider"

    @property
    def is_second(self) -> bool:
        """Tell whether it is more than one thing that somebody could find out."""
        return self in {Means.TOTP, Means.PASSKEY, Means.RECOVERY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser or program that is signed in as somebody.

    `means` says what they signed in with, and `proved_at` when they last proved who they are.
    """

    id: int
    person_id: str
    audience: Audience
    device: str
    means: Means
    created_at: datetime
    seen_at: datetime
    proved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a session begins: by what means, on which device, and how long it lasts at most."""

    means: Means = Means.LINK
    device: str = ""
    longest: timedelta = LONGEST


def begin(work: Connection, person_id: str, audience: Audience, *, start: Start, now: datetime) -> str:
    """Begin a session within a transaction; return its token."""
    token = token_hashes.new()
    row = {
        "token_hash": token_hashes.hash_of(token),
        "person_id": person_id,
        "audience": audience,
        "device": start.device,
        "means": start.means,
        "proved_at": now,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + start.longest,
    }
    work.execute(insert(_rows), row)
    return token


def find(
    engine: Engine, token: str, *, now: datetime, idle: timedelta = IDLE, audience: Audience = Audience.DESK
) -> Session | None:
    """Find the session of a token at a door; None when it is over.

    A session ends after `idle` without a page, at its longest, when it is ended, and when the person leaves or comes
    in by another door.
    """
    going = (_is_going(now, idle), _rows.c.audience == audience, _people.c.audience == audience)
    with reading(engine) as connection:
        row = connection.execute(
            _wanted().where(_rows.c.token_hash == token_hashes.hash_of(token), *going)
        ).one_or_none()
    if row is None:
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        _change(engine, token, seen_at=now)
    return _as_session(row)


def lapsed(engine: Engine, token: str, *, audience: Audience = Audience.DESK) -> Session | None:
    """Find the session of a token that was not ended on purpose, whether or not it has become too old."""
    kept = (_rows.c.token_hash == token_hashes.hash_of(token), _rows.c.ended_at.is_(None), _people.c.active)
    here = (_rows.c.audience == audience, _people.c.audience == audience)
    with reading(engine) as connection:
        row = connection.execute(_wanted().where(*kept, *here)).one_or_none()
    return _as_session(row) if row else None


def going(engine: Engine, person_id: str, *, now: datetime, idle: timedelta = IDLE) -> tuple[Session, ...]:
    """List where somebody is signed in, the latest first."""
    wanted = _wanted().where(_rows.c.person_id == person_id, _is_going(now, idle))
    with reading(engine) as connection:
        return tuple(_as_session(row) for row in connection.execute(wanted.order_by(_rows.c.seen_at.desc())))


def renew(engine: Engine, token: str, *, means: Means, now: datetime) -> str | None:
    """Note by what means somebody has proved anew who they are.

    Returns the session's new token, or None when it is over.
    """
    new = token_hashes.new()
    changed = _change(engine, token, token_hash=token_hashes.hash_of(new), means=means, proved_at=now, seen_at=now)
    return new if changed else None


def end(engine: Engine, token: str, *, now: datetime) -> None:
    """End a session; ending it twice changes nothing."""
    _change(engine, token, ended_at=now)


def end_one(engine: Engine, person_id: str, session_id: int, *, now: datetime) -> None:
    """End one of somebody's own sessions."""
    _end(engine, _rows.c.person_id == person_id, _rows.c.id == session_id, now=now)


def end_others(engine: Engine, person_id: str, *, but: str, now: datetime) -> int:
    """End all of somebody's sessions but that of a token, and say how many."""
    return _end(engine, _rows.c.person_id == person_id, _rows.c.token_hash != token_hashes.hash_of(but), now=now)


def end_all(engine: Engine, person_id: str | None = None, *, now: datetime) -> int:
    """End all sessions of somebody, or of everybody, and say how many."""
    return _end(engine, *([] if person_id is None else [_rows.c.person_id == person_id]), now=now)


def _wanted() -> Select[Any]:
    columns = (_rows.c[name] for name in Session.__slots__)
    return select(*columns).join(_people, _people.c.id == _rows.c.person_id)


def _is_going(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    in_time = (_rows.c.expires_at > now) & (_rows.c.seen_at > now - idle)
    return _rows.c.ended_at.is_(None) & _people.c.active & in_time


def _as_session(row: Row[Any]) -> Session:
    known = {name: getattr(row, name) for name in Session.__slots__}
    return Session(**{**known, "audience": Audience(row.audience), "means": Means(row.means or Means.LINK)})


def _change(engine: Engine, token: str, **values: object) -> bool:
    change = update(_rows).where(_rows.c.token_hash == token_hashes.hash_of(token), _rows.c.ended_at.is_(None))
    with unit_of_work(engine) as work:
        return work.execute(change.values(**values)).rowcount == 1


def _end(engine: Engine, *which: ColumnElement[bool], now: datetime) -> int:
    ended = update(_rows).where(_rows.c.ended_at.is_(None), _rows.c.expires_at > now, *which).values(ended_at=now)
    with unit_of_work(engine) as work:
        return work.execute(ended).rowcount
