"""One-time links, and the sessions that open once somebody has proved who they are; no token is kept in the clear.

Looking at a link never uses it up, because mail scanners look at every link: the desk shows a button, and only
pressing it calls `take_link`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, select, update

from cases import sessions, tables, token_hashes
from cases.people import Audience
from cases.sessions import Means, Start
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import Said, say

LIFETIME = timedelta(minutes=30)
IDLE, LONGEST = sessions.IDLE, sessions.LONGEST
SIGN_IN = "sign in"

_links = tables.links


def make_link(engine: Engine, person_id: str, *, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return the token of a new link for one of the desk's people, good once and until `now + lifetime`."""
    token = token_hashes.new()
    row = {
        "token_hash": token_hashes.hash_of(token),
        "person_id": person_id,
        "purpose": SIGN_IN,
        "expires_at": now + lifetime,
        "created_at": now,
    }
    with unit_of_work(engine) as work:
        if _door_of(work, person_id) is not Audience.DESK:
            told = say("there is no person “%(person)s” on file who may sign in at the desk", person=person_id)
            raise errors.NotFound(told)
        work.execute(insert(_links), row)
    return token


def was_sent_link(engine: Engine, person_id: str, *, since: datetime) -> bool:
    """Tell whether a link was made for somebody since an instant, so that nobody floods their mailbox."""
    recent = (_links.c.person_id == person_id, _links.c.purpose == SIGN_IN, _links.c.created_at > since)
    with reading(engine) as connection:
        return connection.execute(select(_links.c.id).where(*recent).limit(1)).first() is not None


def take_link(engine: Engine, token: str, *, now: datetime) -> str:
    """Use up a link and return the id of its person.

    Raises `NotFound` when the link was used before, has expired, or never was.
    """
    with unit_of_work(engine) as work:
        person = _take(work, token, now)
    if person is None:
        raise errors.NotFound(_why_not(engine, token))
    return person


def use_link(engine: Engine, token: str, *, now: datetime) -> str:
    """Use up a link and return the token of the session it opens, for whoever needs no second factor.

    Raises `NotFound` when the link was used before, has expired, or never was.
    """
    with unit_of_work(engine) as work:
        person = _take(work, token, now)
        if person is not None:
            return sessions.begin(work, person, Audience.DESK, start=Start(means=Means.LINK), now=now)
    raise errors.NotFound(_why_not(engine, token))


def begin_session(engine: Engine, person_id: str, *, start: Start | None = None, now: datetime) -> str:
    """Return the token of a new session for somebody who has proved who they are, at the door of their audience.

    Raises `NotFound` for nobody on file, or somebody who left.
    """
    with unit_of_work(engine) as work:
        audience = _door_of(work, person_id)
        if audience is None:
            raise errors.NotFound(say("there is no person “%(person)s” on file who may sign in", person=person_id))
        return sessions.begin(work, person_id, audience, start=start or Start(), now=now)


def session_person(
    engine: Engine, token: str, *, now: datetime, idle: timedelta = IDLE, audience: Audience = Audience.DESK
) -> str | None:
    """Return the id of the person signed in at a door with this session token, or None when it is over."""
    session = sessions.find(engine, token, now=now, idle=idle, audience=audience)
    return session.person_id if session else None


def end_session(engine: Engine, token: str, *, now: datetime) -> None:
    """Sign out; ending a session twice changes nothing."""
    sessions.end(engine, token, now=now)


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete links and sessions that expired before an instant, and say how many."""
    with unit_of_work(engine) as work:
        gone = (work.execute(delete(table).where(table.c.expires_at < before)) for table in _EXPIRING)
        return sum(result.rowcount for result in gone)


_EXPIRING = (tables.links, tables.sessions)


def _take(work: Connection, token: str, now: datetime) -> str | None:
    take = update(_links).where(*_still_good(token, now)).values(used_at=now).returning(_links.c.person_id)
    used: str | None = work.execute(take).scalar_one_or_none()
    return used if used is not None and _door_of(work, used) is Audience.DESK else None


def _still_good(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        _links.c.token_hash == token_hashes.hash_of(token),
        _links.c.purpose == SIGN_IN,
        _links.c.used_at.is_(None),
        _links.c.expires_at > now,
    )


def _door_of(connection: Connection, person_id: str) -> Audience | None:
    """Find by which door a person comes in; None for nobody on file, or somebody who left."""
    people = tables.people.c
    wanted = select(people.audience).where(people.id == person_id, people.active)
    found = connection.execute(wanted).scalar_one_or_none()
    return Audience(found) if found else None


def _why_not(engine: Engine, token: str) -> Said:
    """Say what became of a link to whoever holds it; nobody else can ask."""
    with reading(engine) as connection:
        link: Row[Any] | None = connection.execute(
            select(_links.c.used_at).where(_links.c.token_hash == token_hashes.hash_of(token))
        ).one_or_none()
    if link is None:
        return say("this link is not one of ours; check that it was copied whole, or ask the desk for a new one")
    if link.used_at is None:
        return say("this link has expired; ask the desk for a new one")
    return say(
        "this link has been used, on %(used)s; ask the desk for a new one, and tell it if that was not you",
        used=link.used_at,
    )
