"""One-time links and the sessions they open; of both only the SHA-256 is kept, never the token itself.

Looking at a link never uses it up, because mail scanners look at every link: the desk shows a button, and only
pressing it calls `use_link`.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from cases import tables
from cases.people import Audience
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say

LIFETIME = timedelta(minutes=30)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SIGN_IN = "sign in"

_TOKEN_BYTES = 32
# A page is read more often than it is worth writing down that somebody is still there.
_SEEN_EVERY = timedelta(minutes=1)


def make_link(engine: Engine, person_id: str, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return the token of a new link for one of the desk's people, good once and until `now + lifetime`."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {
        "token_hash": _hash(token),
        "person_id": person_id,
        "purpose": SIGN_IN,
        "expires_at": now + lifetime,
        "created_at": now,
    }
    with unit_of_work(engine) as work:
        if _door_of(work, person_id) is not Audience.DESK:
            sentence = say("there is no person “%(person)s” on file who may sign in at the desk", person=person_id)
            raise errors.NotFound(sentence)
        work.execute(insert(tables.links), row)
    return token


def use_link(engine: Engine, token: str, *, now: datetime) -> str:
    """Use up a link and return the token of the session it opens at the desk.

    Raises `NotFound` when the link was used before, has expired, or never was.
    """
    links = tables.links
    still_good = (links.c.token_hash == _hash(token), links.c.purpose == SIGN_IN, links.c.used_at.is_(None))
    take = update(links).where(*still_good, links.c.expires_at > now).values(used_at=now)
    with unit_of_work(engine) as work:
        used = work.execute(take.returning(links.c.person_id)).scalar_one_or_none()
        if used is not None and _door_of(work, used) is Audience.DESK:
            return _begin_session(work, used, Audience.DESK, now)
    raise errors.NotFound(_why_not(engine, token))


def begin_session(engine: Engine, person_id: str, *, now: datetime) -> str:
    """Return the token of a new session for somebody who has proved who they are, at the door of their audience.

    Raises `NotFound` for nobody on file, or somebody who left.
    """
    with unit_of_work(engine) as work:
        audience = _door_of(work, person_id)
        if audience is None:
            raise errors.NotFound(say("there is no person “%(person)s” on file who may sign in", person=person_id))
        return _begin_session(work, person_id, audience, now)


def session_person(
    engine: Engine, token: str, *, now: datetime, idle: timedelta = IDLE, audience: Audience = Audience.DESK
) -> str | None:
    """Return the id of the person signed in at a door with this session token, or None when it is over.

    A session ends after `idle` without a page, after 12 hours, when it is ended, and when the person leaves or comes in
    by another door.
    """
    sessions, people = tables.sessions, tables.people
    wanted = (
        select(sessions.c.person_id, sessions.c.seen_at)
        .join(people, people.c.id == sessions.c.person_id)
        .where(sessions.c.token_hash == _hash(token), sessions.c.ended_at.is_(None), people.c.active)
        .where(sessions.c.expires_at > now, sessions.c.seen_at > now - idle)
        .where(sessions.c.audience == audience, people.c.audience == audience)
    )
    with reading(engine) as connection:
        session = connection.execute(wanted).one_or_none()
    if session is None:
        return None
    if now - session.seen_at >= _SEEN_EVERY:
        _write(engine, token, seen_at=now)
    return str(session.person_id)


def end_session(engine: Engine, token: str, *, now: datetime) -> None:
    """Sign out; ending a session twice changes nothing."""
    _write(engine, token, ended_at=now)


def end_all(engine: Engine, person_id: str, *, now: datetime) -> int:
    """Sign somebody out wherever they are signed in, and say of how many sessions."""
    sessions = tables.sessions
    theirs = (sessions.c.person_id == person_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
    with unit_of_work(engine) as work:
        return work.execute(update(sessions).where(*theirs).values(ended_at=now)).rowcount


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete links and sessions that expired before an instant, and say how many."""
    with unit_of_work(engine) as work:
        gone = (work.execute(delete(table).where(table.c.expires_at < before)) for table in _EXPIRING)
        return sum(result.rowcount for result in gone)


_EXPIRING = (tables.links, tables.sessions)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _door_of(connection: Connection, person_id: str) -> Audience | None:
    """Find by which door a person comes in; None for nobody on file, or somebody who left."""
    people = tables.people.c
    wanted = select(people.audience).where(people.id == person_id, people.active)
    found = connection.execute(wanted).scalar_one_or_none()
    return Audience(found) if found else None


def _begin_session(work: Connection, person_id: str, audience: Audience, now: datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {
        "token_hash": _hash(token),
        "person_id": person_id,
        "audience": audience,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + LONGEST,
    }
    work.execute(insert(tables.sessions), row)
    return token


def _write(engine: Engine, token: str, **values: datetime) -> None:
    sessions = tables.sessions
    change = update(sessions).where(sessions.c.token_hash == _hash(token), sessions.c.ended_at.is_(None))
    with unit_of_work(engine) as work:
        work.execute(change.values(**values))


def _why_not(engine: Engine, token: str) -> str:
    """Say what became of a link to whoever holds it; nobody else can ask."""
    with reading(engine) as connection:
        link: Row[Any] | None = connection.execute(
            select(tables.links.c.used_at).where(tables.links.c.token_hash == _hash(token))
        ).one_or_none()
    if link is None:
        return say("this link is not one of ours; check that it was copied whole, or ask the desk for a new one")
    if link.used_at is None:
        return say("this link has expired; ask the desk for a new one")
    return say(
        "this link has been used, on %(used)s; ask the desk for a new one, and tell it if that was not you",
        used=link.used_at,
    )
