"""Equal notice: which formal notices reached one side of a case and not the other in time, so that somebody telephones.

Only what all parties share counts, never what one of them is told alone, and a warning goes to those who run the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from cases import repository, served, served_rows, tables, viewer
from cases.outbox import MessageState
from cases.record import Record
from cases.served import Notice
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import deemed_service, roles
from states.calendar import Calendar

_SETTLED = (MessageState.SENT, MessageState.CANCELLED)
_ALL = frozenset({roles.SHARED, roles.TEAM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """A party that lacks a notice, or all of them where `notice` is None because nobody there can be reached.

    `since` is when the time for equal notice was over, None where it never reaches them; `zone` is the time zone of the
    case, and `mail` one of those that did not reach the party.
    """

    case_id: str
    number: str
    zone: str
    party: str
    notice: Notice | None = None
    since: datetime | None = None
    mail: int | None = None


def of_case(record: Record, who: Viewer, case_ref: str, *, now: datetime) -> tuple[Unequal, ...]:
    """List what some side of a case lacks; nothing for whoever does not run it. Raises `NotFound`."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        return among(record, who, connection, [seen], now=now)


def among(
    record: Record, who: Viewer, connection: Connection, cases: Iterable[Seen], *, now: datetime
) -> tuple[Unequal, ...]:
    """List what some side of these cases lacks, as far as the viewer runs them."""
    mine = {one.case.id: one for one in cases if one.reads_team}
    unsent = _unsent(connection, among=tuple(mine))
    can_be = served_rows.reachable(connection, {person for one in mine.values() for person in one.case.people})
    found: list[Unequal] = []
    for case_id, seen in mine.items():
        found += _unreachable(seen, can_be)
        if case_id in unsent:
            calendar = record.calendars[seen.process.calendar]
            for notice in served.notices_of(record, who, connection, seen, only=unsent[case_id]):
                found += _lacking(seen, notice, calendar=calendar, now=now)
    return tuple(found)


def count(record: Record, *, now: datetime) -> int:
    """Count the notices that some side lacks, of all cases and without telling of which."""
    watcher = Viewer(roles.THE_SYSTEM)
    with reading(record.engine) as connection:
        stored = repository.load_many(connection, sorted(_unsent(connection)))
        seen = [
            Seen(process=record.registry.get(one.case.process), case=one.case, zones=_ALL, roles=frozenset(), head="")
            for one in stored
        ]
        found = among(record, watcher, connection, seen, now=now)
    return sum(one.notice is not None for one in found)


def _unsent(connection: Connection, among: Sequence[str] | None = None) -> dict[str, set[int]]:
    """Find the notices of these cases, or of all, of which some mail has not left, by case."""
    kept = tables.messages.c
    wanted = select(kept.case_id, kept.notification_id).where(
        kept.state.not_in(_SETTLED), kept.notification_id.is_not(None)
    )
    found: dict[str, set[int]] = {}
    for case_id, notice in connection.execute(wanted if among is None else wanted.where(kept.case_id.in_(among))):
        found.setdefault(case_id, set()).add(notice)
    return found


def _unreachable(seen: Seen, can_be: frozenset[str]) -> Iterator[Unequal]:
    """Name the parties of an open case in which nobody can be reached at all."""
    for party in seen.case.parties if seen.case.closed_at is None else ():
        if party.decides and not served.can_be_told(party, can_be):
            yield _of(seen, party.name)


def _lacking(seen: Seen, notice: Notice, *, calendar: Calendar, now: datetime) -> Iterator[Unequal]:
    """Name the sides that a notice has not reached in time, though another one was."""
    told, names = {one.party: one.told_at for one in notice.sides}, {one.party: one.name for one in notice.sides}
    for one in deemed_service.lacking(seen.process, told, unreachable=frozenset(), calendar=calendar, now=now):
        mail = next((mail.message for mail in notice.addressees if mail.party == one.party), None)
        yield replace(_of(seen, names[one.party]), notice=notice, since=one.since, mail=mail)


def _of(seen: Seen, party: str) -> Unequal:
    return Unequal(case_id=seen.case.id, number=seen.case.number, zone=seen.process.timezone, party=party)
