"""Who somebody is at another provider: the provider's address and its own name for them, and nothing else.

An e-mail address is no identity: whoever gets it next would get in.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, delete, exc, insert, select

from cases import tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say

_rows = tables.identities


def link(engine: Engine, person_id: str, *, issuer: str, subject: str, now: datetime) -> None:
    """Link an identity to somebody; raise `Conflict` where it is linked already."""
    row = {"issuer": issuer, "subject": subject, "person_id": person_id, "linked_at": now}
    try:
        with unit_of_work(engine) as work:
            work.execute(insert(_rows), row)
    except exc.IntegrityError:
        raise errors.Conflict(say("this account is linked already, to you or to somebody else")) from None


def find(engine: Engine, *, issuer: str, subject: str) -> str | None:
    """Find the id of the person an identity is linked to, who may still sign in."""
    people = tables.people
    wanted = (
        select(_rows.c.person_id)
        .join(people, people.c.id == _rows.c.person_id)
        .where(_rows.c.issuer == issuer, _rows.c.subject == subject, people.c.active)
    )
    with reading(engine) as connection:
        found: str | None = connection.execute(wanted).scalar_one_or_none()
    return found


def linked_at(engine: Engine, person_id: str, *, issuer: str) -> datetime | None:
    """Say since when somebody's account at a provider is linked."""
    mine = (_rows.c.person_id == person_id, _rows.c.issuer == issuer)
    with reading(engine) as connection:
        return connection.execute(select(_rows.c.linked_at).where(*mine).order_by(_rows.c.linked_at)).scalars().first()


def unlink(engine: Engine, person_id: str, *, issuer: str) -> None:
    """Take back the link of somebody's accounts at a provider."""
    with unit_of_work(engine) as work:
        work.execute(delete(_rows).where(_rows.c.person_id == person_id, _rows.c.issuer == issuer))
