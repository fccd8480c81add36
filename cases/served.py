"""Proof of service: each notice of a case with whom it was brought to, how, when, as which bytes and with which answer.

Those who run a case read it of every notice about what they may read. Everybody else reads it of the mails to
themselves, and of a formal notice about what all parties share when it counts as served on each side: that is what the
sides must be able to rely on against each other. Of who did not answer, from which address and why, the other side
learns nothing, and of a notice about anything else not even that there was one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from cases import codec, counted, served_rows, viewer
from cases.counted import REFUTED, Otherwise
from cases.messages import Delivery
from cases.outbox import CAME_BACK, MessageState
from cases.record import Record
from cases.served_rows import Found
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import deemed_service, roles
from states.calendar import Calendar
from states.case import Case, Party
from states.process import Deadline, Process, RoleScope
from states.roles import SHARED
from states.said import word

ACCEPTED, UNKNOWN = "accepted", "unknown"
"""The outcomes of a try after which the mail server has the mail, or may have it."""


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
        ways = (self.taken_at, self.looked_at, *(one.at for one in self.otherwise if one.state != REFUTED))
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

    `about` names the act, or what a reminder reminds of. `sides` are those of a formal notice about what all parties
    share; `apart` tells that they were told too far apart.
    """

    id: int
    mail: str
    about: str
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
    zones: frozenset[str]
    runs_it: bool
    notices: tuple[Notice, ...]


def of_case(record: Record, who: Viewer, case_ref: str) -> Proof:
    """Read the proof of service of a case; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        notices = tuple(notices_of(record, who, connection, seen))
    return Proof(
        process=seen.process,
        case=seen.case,
        head=seen.head,
        zones=seen.zones,
        runs_it=seen.reads_team,
        notices=notices,
    )


def notices_of(
    record: Record, who: Viewer, connection: Connection, seen: Seen, *, only: Collection[int] | None = None
) -> Iterator[Notice]:
    """Yield the notices of a case that a viewer may know of, oldest first; `only` some of them, without hashes."""
    found = served_rows.read(connection, seen.case, only=only)
    for _, group in groupby(found.mails, key=lambda row: int(row.notice)):
        notice = _notice(who, seen, tuple(group), found, record.calendars)
        if notice is not None:
            yield notice


def can_be_told(party: Party, reachable: frozenset[str]) -> bool:
    """Tell whether a mail can be sent to anybody of a party."""
    return any(person in reachable for held in party.people.values() for person in held)


def _notice(
    who: Viewer, seen: Seen, rows: Sequence[Row[Any]], found: Found, calendars: Mapping[str, Calendar]
) -> Notice | None:
    first, mail = rows[0], seen.process.mails.get(rows[0].mail)
    formal = mail is not None and mail.formal
    known = seen.may_read(first.event_zone, first.item_zone, _clock_zone(seen.process, first))
    people = tuple(_addressee(seen, row, found, calendars) for row in rows)
    mine = (one for one in people if one.person == who.person and (known or one.state == MessageState.SENT))
    shown = people if known and seen.reads_team else tuple(mine)
    sides = tuple(_sides(seen, first, people, found)) if formal and known and _is_open(seen.process, first) else ()
    if not (shown or sides):
        return None
    told = {one.party: one.told_at for one in sides}
    return Notice(
        id=first.notice,
        mail=first.mail,
        about=_about(seen.process, first),
        subject=shown[0].subject if shown else "",
        formal=formal,
        reminder=first.timer_key is not None and first.event_id is None,
        at=first.notice_at,
        addressees=shown,
        sides=sides,
        apart=deemed_service.apart(seen.process, told, calendar=calendars[seen.process.calendar]),
    )


def _about(process: Process, row: Row[Any]) -> str:
    if row.trigger is not None:
        return process.triggers[row.trigger].label if row.trigger in process.triggers else word(row.trigger)
    clock = _clock(process, row)
    return clock.task if clock else word(row.mail)


def _clock(process: Process, row: Row[Any]) -> Deadline | None:
    name, _, _ = (row.timer_key or "").partition(":")
    return next((rule for rule in process.every_deadline() if rule.name == name), None)


def _clock_zone(process: Process, row: Row[Any]) -> str | None:
    """Return who may see the clock that a reminder speaks of; None for a notice that no clock asked for."""
    if row.timer_key is None or row.event_id is not None:
        return None
    clock = _clock(process, row)
    return clock.zone if clock else roles.TEAM


def _is_open(process: Process, row: Row[Any]) -> bool:
    """Tell whether a notice is about nothing but what all parties share, so that each side may know of the other's."""
    zones = {row.event_zone, row.item_zone, _clock_zone(process, row)} - {None}
    about_something_hidden = row.item is not None and row.item_zone is None
    return zones == {SHARED} and not about_something_hidden


def _sides(seen: Seen, first: Row[Any], people: Iterable[Addressee], found: Found) -> Iterator[Side]:
    """List the parties a notice was written to, and those it is for by their roles in which nobody can be reached.

    Whoever came into the case after it was not told of it then, and whom it was withdrawn from need not be any more.
    """
    told = [one for one in people if one.state != MessageState.CANCELLED]
    named = {one.id for who in _to(seen.process, first) for one in _parties_of(seen.process, seen.case, who)}
    for party in seen.case.parties:
        mine = [one for one in told if one.party == party.id]
        if mine or (party.id in named and not can_be_told(party, found.reachable)):
            yield Side(
                party=party.id,
                name=party.name,
                # When exactly somebody of the other side read what, only those who run the case know.
                told_at=_first(one.told_at for one in mine) if seen.reads_team else None,
                counts_at=_first(one.counts_at for one in mine),
            )


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _to(process: Process, row: Row[Any]) -> tuple[str, ...]:
    return tuple(codec.parse(row.to)) or process.mails[row.mail].to


def _parties_of(process: Process, case: Case, who: str) -> Iterable[Party]:
    """List the parties through which a role is told; one on the item at hand says of whom only as that stood then."""
    prefix, role = roles.split(who)
    held = process.roles.get(role)
    of_parties = held is not None and held.scope is RoleScope.PARTY and prefix not in roles.ITEM_PREFIXES
    return roles.narrowed(case, prefix, None) if of_parties else ()


def _taken(tries: Sequence[Delivery]) -> Delivery | None:
    """Find the try by which the mail server took a mail for good: what came back later was not brought to anybody."""
    heard = [one for one in tries if one.outcome in {ACCEPTED, CAME_BACK}]
    back = max((place for place, one in enumerate(heard) if one.outcome == CAME_BACK), default=-1)
    return next(iter(heard[back + 1 :]), None)


def _addressee(seen: Seen, row: Row[Any], found: Found, calendars: Mapping[str, Calendar]) -> Addressee:
    went_in = row.carried_by or row.id
    tries = found.tries.get(went_in, ())
    taken = _taken(tries)
    last = taken or (tries[-1] if tries else None)
    otherwise = tuple(counted.otherwise(seen.case, str(row.id), row.person_id))
    looked_at = next((at for at in found.looks.get(row.person_id, ()) if at >= row.created_at), None)
    party = next((one.id for one in roles.parties_of(seen.case, roles.Actor(row.person_id))), "")
    calendar = deemed_service.calendar_of(seen.process, seen.case, party, calendars)
    ways = counted.Ways(taken_at=taken.at if taken else None, looked_at=looked_at, otherwise=otherwise)
    counts_at, method = counted.first(seen.process, ways, calendar=calendar)
    sha256, size = found.hashed.get(went_in, (None, 0))
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
        taken_at=ways.taken_at,
        code=last.code if last else None,
        reply=last.reply if last else "",
        tries=tries,
        perhaps_twice=sum(one.outcome in {ACCEPTED, UNKNOWN} for one in tries) > 1,
        otherwise=otherwise,
        looked_at=looked_at,
        counts_at=counts_at,
        method=method,
    )
