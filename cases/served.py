"""Proof of service: each notice of a case with whom it was brought to, how, when, as which bytes and with which answer.

Those who run a case read it of every notice about what they may read. Everybody else reads it of the mails to
themselves, and of a formal notice about what all parties share when it counts as served on each side: that is what the
sides must be able to rely on against each other. Of who did not answer, from which address and why, the other side
learns nothing, and of a notice about anything else not even that there was one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from cases import codec, messages, tables, viewer
from cases.looks import Kind
from cases.messages import Delivery
from cases.outbox import MessageState
from cases.record import Record
from cases.tables import NotificationState
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import deemed_service, errors, roles
from states.case import Case, Party
from states.items import Service
from states.process import Process, RoleScope
from states.roles import SHARED

ACCEPTED, UNKNOWN = "accepted", "unknown"
"""The outcomes of a try after which the mail server has the mail, or may have it."""
_CONFIRMED, _REFUTED = "confirmed", "refuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A declaration that somebody was told otherwise than by mail: by whom, when, how, and when it counts."""

    item: str
    by: str
    at: datetime
    method: str
    counts_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """One person a notice was written to, and everything that shows whether it reached them.

    `taken_at` is when the mail server took the mail, with its `code` and `reply`. `sha256` is of the mail's bytes, None
    before they are written. `looked_at` is when they first looked at the case after it was written, and `counts_at`
    when it counts as served on them, by its `method`.
    """

    message: int
    person: str
    name: str
    party: str
    address: str
    language: str
    subject: str
    state: str
    header_id: str
    sha256: str | None
    size: int
    written_at: datetime
    tried_at: datetime | None
    taken_at: datetime | None
    code: int | None
    reply: str
    tries: tuple[Delivery, ...]
    perhaps_twice: bool
    otherwise: tuple[Otherwise, ...]
    looked_at: datetime | None
    counts_at: datetime | None
    method: str

    @property
    def told_at(self) -> datetime | None:
        """When they were first told, by whichever way."""
        ways = (self.taken_at, self.looked_at, *(one.at for one in self.otherwise if one.state != _REFUTED))
        return min((at for at in ways if at is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A party that a notice is addressed to: when it was first told and since when it counts as served, if it does."""

    party: str
    name: str
    told_at: datetime | None
    counts_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice: the mail of an act or a reminder, to whom it went, and how the sides stand.

    `sides` are those of a formal notice about what all parties share, `apart` tells that they were told too far apart.
    """

    id: int
    mail: str
    subject: str
    formal: bool
    reminder: bool
    at: datetime
    addressees: tuple[Addressee, ...]
    sides: tuple[Side, ...]
    apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The proof of service of a case as one viewer may read it, oldest notice first."""

    process: Process
    case: Case
    head: str
    runs_it: bool
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a case that a proof is made of."""

    tries: Mapping[int, tuple[Delivery, ...]]
    bytes: Mapping[int, tuple[str, int]]
    looks: Mapping[str, tuple[datetime, ...]]


def of_case(record: Record, who: Viewer, case_ref: str) -> Proof:
    """Read the proof of service of a case; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        rows = connection.execute(_messages(seen.case.id)).all()
        found = _Found(
            tries=_tries(connection, seen.case.id),
            bytes=_bytes(connection, seen.case.id),
            looks=_looks(connection, seen.case.id),
        )
    notices = (
        _notice(record, who, seen, tuple(group), found) for _, group in groupby(rows, key=lambda row: row.notice)
    )
    return Proof(
        process=seen.process,
        case=seen.case,
        head=seen.head,
        runs_it=seen.reads_team,
        notices=tuple(one for one in notices if one is not None),
    )


def _messages(case_id: str) -> Select[Any]:
    kept, notices, events, items = tables.messages, tables.notifications, tables.events, tables.items
    columns = [column for column in kept.c if column.name not in {"content", "sender"}]
    return (
        select(
            *columns,
            notices.c.id.label("notice"),
            notices.c.to,
            notices.c.item,
            notices.c.timer_key,
            notices.c.event_id,
            notices.c.created_at.label("notice_at"),
            tables.people.c.name.label("person_name"),
            events.c.zone.label("event_zone"),
            items.c.zone.label("item_zone"),
        )
        .join(notices, notices.c.id == kept.c.notification_id)
        .join(tables.people, tables.people.c.id == kept.c.person_id)
        .outerjoin(events, events.c.id == notices.c.event_id)
        .outerjoin(items, and_(items.c.case_id == notices.c.case_id, items.c.id == notices.c.item))
        .where(kept.c.case_id == case_id)
        .order_by(notices.c.id, kept.c.id)
    )


def _tries(connection: Connection, case_id: str) -> dict[int, tuple[Delivery, ...]]:
    kept, of = tables.deliveries.c, tables.messages.c
    wanted = select(kept.message_id, kept.at, kept.outcome, kept.code, kept.reply).join(
        tables.messages, of.id == kept.message_id
    )
    rows = connection.execute(wanted.where(of.case_id == case_id).order_by(kept.message_id, kept.id))
    return {
        message: tuple(Delivery(at=one.at, outcome=one.outcome, code=one.code, reply=one.reply) for one in group)
        for message, group in groupby(rows, key=lambda row: int(row.message_id))
    }


def _bytes(connection: Connection, case_id: str) -> dict[int, tuple[str, int]]:
    """Hash the bytes of each mail that is written, and count them."""
    kept = tables.messages.c
    rows = connection.execute(select(kept.id, kept.content).where(kept.case_id == case_id, kept.content.is_not(None)))
    return {row.id: (hashlib.sha256(row.content).hexdigest(), len(row.content)) for row in rows}


def _looks(connection: Connection, case_id: str) -> dict[str, tuple[datetime, ...]]:
    kept = tables.looks.c
    wanted = select(kept.person_id, kept.at).where(kept.case_id == case_id, kept.kind == Kind.CASE)
    rows = connection.execute(wanted.order_by(kept.person_id, kept.at))
    return {person: tuple(row.at for row in group) for person, group in groupby(rows, key=lambda row: row.person_id)}


def _notice(record: Record, who: Viewer, seen: Seen, rows: Sequence[Row[Any]], found: _Found) -> Notice | None:
    first, mail = rows[0], seen.process.mails.get(rows[0].mail)
    formal = mail is not None and mail.formal
    known = _may_know(seen, first)
    people = tuple(_addressee(record, seen, row, found) for row in rows if row.state != MessageState.CANCELLED)
    shown = tuple(one for one in people if known and (seen.reads_team or one.person == who.person))
    sides = tuple(_sides(seen, first, people)) if formal and known and is_open(seen.process, first) else ()
    if not (shown or (sides and roles.parties_of(seen.case, who.actor))):
        return None
    told = {one.party: one.told_at for one in sides}
    calendar = record.calendars[seen.process.calendar]
    return Notice(
        id=first.notice,
        mail=first.mail,
        subject=first.subject if shown else "",
        formal=formal,
        reminder=first.timer_key is not None and first.event_id is None,
        at=first.notice_at,
        addressees=shown,
        sides=sides,
        apart=deemed_service.apart(seen.process, told, calendar=calendar),
    )


def _may_know(seen: Seen, row: Row[Any]) -> bool:
    clock = clock_zone(seen.process, row)
    return seen.may_read(row.event_zone, row.item_zone, clock)


def clock_zone(process: Process, row: Row[Any]) -> str | None:
    """Return who may see the clock that a reminder speaks of; None for a notice that no clock asked for."""
    if row.timer_key is None or row.event_id is not None:
        return None
    name, _, _ = row.timer_key.partition(":")
    return next((rule.zone for rule in process.every_deadline() if rule.name == name), roles.TEAM)


def is_open(process: Process, row: Row[Any]) -> bool:
    """Tell whether a notice is about nothing but what all parties share, so that each side may know of the other's."""
    zones = {row.event_zone, row.item_zone, clock_zone(process, row)} - {None}
    about_something_hidden = row.item is not None and row.item_zone is None
    return zones <= {SHARED} and not about_something_hidden


def _sides(seen: Seen, first: Row[Any], people: Iterable[Addressee]) -> Iterator[Side]:
    """List the parties that a notice is addressed to by their roles, and those whose people it was written to."""
    by_party = {party: [one for one in people if one.party == party] for party in sorted({one.party for one in people})}
    for party in addressed(seen.process, seen.case, first, frozenset(by_party) - {""}):
        mine = by_party.get(party.id, [])
        yield Side(
            party=party.id,
            name=party.name,
            told_at=min((one.told_at for one in mine if one.told_at is not None), default=None),
            counts_at=min((one.counts_at for one in mine if one.counts_at is not None), default=None),
        )


def addressed(process: Process, case: Case, row: Row[Any], written_to: frozenset[str]) -> tuple[Party, ...]:
    """List the parties of a case that a notice is for: by the roles it goes to, or because somebody there got a mail.

    A role on the item at hand, such as `owner`, says of whom only as the item stood then, so the mails alone tell.
    """
    to = codec.parse(row.to) or process.mails[row.mail].to
    named = {party.id for who in to for party in _parties_of(process, case, who)}
    return tuple(one for one in case.parties if one.id in written_to or (one.id in named and one.left_at is None))


def _parties_of(process: Process, case: Case, who: str) -> Iterable[Party]:
    prefix, role = roles.split(who)
    held = process.roles.get(role)
    if held is None or held.scope is not RoleScope.PARTY or prefix in roles.ITEM_PREFIXES:
        return ()
    # A party in which nobody holds the part of a senior or a manager is told through its other people.
    return (one for one in roles.narrowed(case, prefix, None) if one.people.get(role))


def party_of(case: Case, person: str) -> str:
    """Return the party for which somebody stands, or an empty text."""
    return next((one.id for one in roles.parties_of(case, roles.Actor(person))), "")


def _addressee(record: Record, seen: Seen, row: Row[Any], found: _Found) -> Addressee:
    tries, party = found.tries.get(row.id, ()), party_of(seen.case, row.person_id)
    taken = next((one for one in tries if one.outcome == ACCEPTED), None)
    last = taken or (tries[-1] if tries else None)
    otherwise = tuple(_otherwise(seen, row))
    looked_at = next((at for at in found.looks.get(row.person_id, ()) if at >= row.created_at), None)
    counted = _counted(record, seen, party, taken_at=taken.at if taken else None, looked_at=looked_at)
    counted += [(one.counts_at, one.method) for one in otherwise if one.counts_at and one.state != _REFUTED]
    counts_at, method = min(counted, default=(None, ""))
    sha256, size = found.bytes.get(row.id, (None, 0))
    return Addressee(
        message=row.id,
        person=row.person_id,
        name=row.person_name,
        party=party,
        address=row.address,
        language=row.language,
        subject=row.subject,
        state=row.state,
        header_id=row.message_id,
        sha256=sha256,
        size=size,
        written_at=row.created_at,
        tried_at=tries[0].at if tries else None,
        taken_at=taken.at if taken else None,
        code=last.code if last else None,
        reply=last.reply if last else "",
        tries=tries,
        perhaps_twice=sum(one.outcome in {ACCEPTED, UNKNOWN} for one in tries) > 1,
        otherwise=otherwise,
        looked_at=looked_at,
        counts_at=counts_at,
        method=method,
    )


def _otherwise(seen: Seen, row: Row[Any]) -> Iterator[Otherwise]:
    """Find the declarations that this very mail was brought to its reader; one by a party counts once confirmed."""
    for one in seen.case.all(Service):
        if one.mail == str(row.id) and one.person == row.person_id and (not one.declared_by or one.state == _CONFIRMED):
            yield Otherwise(
                item=one.id, by=one.by, at=one.served_at, method=one.method, counts_at=one.deemed_at, state=one.state
            )


def _counted(
    record: Record, seen: Seen, party: str, *, taken_at: datetime | None, looked_at: datetime | None
) -> list[tuple[datetime, str]]:
    """Say when a mail that was taken, and a look at the case, count as service, by the recipient's calendar."""
    rule = seen.process.service
    if rule is None:
        return []
    calendar = deemed_service.calendar_of(seen.process, seen.case, party, record.calendars)
    found = []
    for method, at in ((rule.mail, taken_at), (rule.desk, looked_at)):
        counts_at = _within(seen.process, method, at, calendar) if at is not None and method else None
        found += [(counts_at, method)] if counts_at else []
    return found


def _within(process: Process, method: str, at: datetime, calendar: Any) -> datetime | None:  # noqa: ANN401
    try:
        return deemed_service.counts_at(process, method, at, calendar=calendar)
    except errors.OutsideCalendar:
        return None
