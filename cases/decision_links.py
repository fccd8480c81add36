"""Links in mails that ask for a decision: each names one question to one person, and proves nothing about its holder.

Of a token only the SHA-256 is kept. Looking at a link changes nothing; whoever proves to be its person gets a visit of
ten minutes that is good for this question alone. A link to what is asked in other words now, or of somebody else, needs
no revoking: it is weighed anew whenever it is used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from cases import tables, token_hashes
from cases.unit_of_work import reading, unit_of_work

if TYPE_CHECKING:
    # The record of mails keeps links, and what is asked is read through all of the record.
    from cases.asked import Asked

LONGEST = timedelta(days=14)
VISIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link is for: one person's decision on one item of a case, as it was asked when the link was made."""

    token_hash: str
    person_id: str
    case_id: str
    item_id: str
    item_version: str
    expires_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is to be kept together with the mail that carries its token."""

    token: str
    link: Link


def new_link(asked: Asked, person_id: str, *, now: datetime) -> NewLink:
    """Make a link for somebody who is asked; it is good until what is asked is due, and 14 days at most."""
    token = token_hashes.new(token_hashes.FOR_AN_ADDRESS)
    link = Link(
        token_hash=token_hashes.hash_of(token),
        person_id=person_id,
        case_id=asked.case.id,
        item_id=asked.item.id,
        item_version=asked.version,
        expires_at=min(_due_at(asked, now), now + LONGEST),
        created_at=now,
    )
    return NewLink(token, link)


def _due_at(asked: Asked, now: datetime) -> datetime:
    """Return when silence next means something; what is overdue without an end may be answered still."""
    deadline = asked.deadline
    if deadline is None:
        return now + LONGEST
    dates = [deadline.due_at, *([deadline.consequence.at] if deadline.consequence else [])]
    return min((one for one in dates if one > now), default=now + LONGEST)


def keep(work: Connection, made: NewLink) -> None:
    """Write a link down within the transaction that queues its mail."""
    work.execute(insert(tables.decision_links), asdict(made.link))


def find(engine: Engine, token: str) -> Link | None:
    """Find what a link is for, expired or not; None for one that is unknown, revoked, or of somebody who left."""
    return _find(engine, tables.decision_links.c.token_hash == token_hashes.hash_of(token))


def begin_visit(engine: Engine, link: Link, *, now: datetime) -> str:
    """Return the token of a visit for whoever proved to be the person of a link."""
    token = token_hashes.new()
    row = {
        "token_hash": token_hashes.hash_of(token),
        "link_hash": link.token_hash,
        "created_at": now,
        "expires_at": now + VISIT,
    }
    with unit_of_work(engine) as work:
        work.execute(insert(tables.decision_visits), row)
    return token


def visited(engine: Engine, token: str, *, now: datetime) -> Link | None:
    """Return the link a visit was begun with; None when the visit is over."""
    visits = tables.decision_visits.c
    mine = select(visits.link_hash).where(visits.token_hash == token_hashes.hash_of(token), visits.expires_at > now)
    return _find(engine, tables.decision_links.c.token_hash.in_(mine))


def revoke(engine: Engine, person_id: str, item_id: str, *, now: datetime) -> None:
    """Revoke every link of a person to an item, and with them the visits they opened."""
    links = tables.decision_links
    theirs = (links.c.person_id == person_id, links.c.item_id == item_id, links.c.revoked_at.is_(None))
    with unit_of_work(engine) as work:
        work.execute(update(links).where(*theirs).values(revoked_at=now))


def renew(work: Connection, link: Link, *, now: datetime) -> bool:
    """Note that a fresh link takes the place of an expired one; tell whether that had not been done before."""
    links = tables.decision_links
    first = (links.c.token_hash == link.token_hash, links.c.renewed_at.is_(None))
    return work.execute(update(links).where(*first).values(renewed_at=now)).rowcount == 1


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete visits and links that expired before an instant, and say how many."""
    links, visits = tables.decision_links, tables.decision_visits
    old = select(links.c.token_hash).where(links.c.expires_at < before)
    with unit_of_work(engine) as work:
        gone = work.execute(delete(visits).where((visits.c.expires_at < before) | visits.c.link_hash.in_(old))).rowcount
        return gone + work.execute(delete(links).where(links.c.expires_at < before)).rowcount


def _find(engine: Engine, which: ColumnElement[bool]) -> Link | None:
    links, people = tables.decision_links, tables.people
    wanted = (
        select(*(links.c[name] for name in Link.__slots__))
        .join(people, people.c.id == links.c.person_id)
        .where(which, links.c.revoked_at.is_(None), people.c.active)
    )
    with reading(engine) as connection:
        row: Any = connection.execute(wanted).mappings().one_or_none()
    return Link(**row) if row else None
