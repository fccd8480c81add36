"""How the time of a case was spent: whose clock it was, told alike to everybody who reads what all parties share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cases import ledger, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, roles, stretches, whose_clock
from states.case import Case
from states.items import Link
from states.process import Process
from states.said import both, say
from states.stretches import Holder, Who
from states.whose_clock import RanOut

_LABELS = {
    Who.STAY: say("Agreed pause"),
    Who.DAYS_OFF: say("Holidays and days off"),
    Who.OUTAGE: say("The desk stood still"),
    Who.NOBODY: say("Nobody had a duty"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShare:
    """The time of one holder: all of it but days off, the working time in it, and its part of the whole in percent."""

    who: Who
    names: tuple[str, ...]
    label: str
    elapsed: timedelta
    working: timedelta
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDuty:
    """A clock that ran out before the act came, and whose it was; `first_due_at` is the date before any extension."""

    label: str
    who: str
    first_due_at: datetime
    due_at: datetime
    ran_out_at: datetime
    ended_at: datetime | None
    late_by: timedelta

    @property
    def extended(self) -> bool:
        """Tell whether the clock got a later date."""
        return self.due_at != self.first_due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpent:
    """The time of a case from its opening until it was looked at, or closed, but for the time it was closed between."""

    since: datetime
    until: datetime
    elapsed: timedelta
    shares: tuple[TimeShare, ...]
    late: tuple[LateDuty, ...]


def time_spent(record: Record, who: Viewer, case_ref: str, *, now: datetime) -> TimeSpent:
    """Tell whose clock it was in a case; raise `NotFound` for one that is unknown or not this viewer's."""
    spent = time_known(record, who, case_ref, now=now)
    if spent is None:
        raise errors.NotFound(say("how the time was spent is told to those who read what all parties share"))
    return spent


def time_known(record: Record, who: Viewer, case_ref: str, *, now: datetime) -> TimeSpent | None:
    """Tell it, or None for who does not read what all parties share, and where the opening of the case was erased."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        return _of(record, connection, seen, now=now)


def _of(record: Record, connection: Connection, seen: Seen, *, now: datetime) -> TimeSpent | None:
    if roles.SHARED not in seen.zones:
        return None
    case, process = seen.case, seen.process
    held = {one.id for one in case.items if one.zone == roles.SHARED and not isinstance(one, Link)}
    history = tuple(stretches.shared_part(ledger.history(connection, case.id, zone=roles.SHARED), held=held))
    if not history or not history[0].changes:
        return None
    found = whose_clock.account(record.registry.get, history, record.calendars, until=case.closed_at or now)
    whole = found.elapsed or timedelta.resolution
    return TimeSpent(
        since=found.since,
        until=found.until,
        elapsed=found.elapsed,
        shares=tuple(
            TimeShare(
                who=one.holder.who,
                names=one.holder.names,
                label=label(process, case, one.holder),
                elapsed=one.elapsed,
                working=one.working,
                percent=100 * (one.elapsed / whole),
            )
            for one in found.shares
        ),
        late=tuple(_late(process, case, found.ran_out)),
    )


def label(process: Process, case: Case, holder: Holder) -> str:
    """Name the holder of a share: parties and roles by what they are called."""
    match holder.who:
        case Who.PARTY:
            named = {party.id: party.name for party in case.parties}
            told = both(named.get(one, one) for one in holder.names)
            return say("%(parties)s, asked together", parties=told) if len(holder.names) > 1 else told
        case Who.ROLE:
            return roles.label(process, holder.names[0])
        case Who.TIER:
            tier = process.tiers.get(holder.names[0])
            return tier.label if tier else holder.names[0]
    return _LABELS[holder.who]


def _late(process: Process, case: Case, ran_out: tuple[RanOut, ...]) -> Iterator[LateDuty]:
    for one in ran_out:
        yield LateDuty(
            label=one.label,
            who=label(process, case, one.holder) if one.holder else one.duty,
            first_due_at=one.first_due_at,
            due_at=one.due_at,
            ran_out_at=one.ran_out_at,
            ended_at=one.ended_at,
            late_by=one.late_by,
        )
