"""How clocks, promises and mails fared over many cases: answered in time or not, kept or broken, delivered or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from cases import armed, outbox, repository, tables
from cases.places import Scope
from cases.reports import Basis, Number
from cases.tables import TimerState
from states import later_dates, roles
from states.items import Agreement, Item, Obligation
from states.process import Deadline
from states.timers import Action

LASTING = (timedelta(days=30), timedelta(days=90), timedelta(days=180))
"""After how long it is asked whether an agreement was kept."""

_WAITING = frozenset({"queued", "sending", "retry", "unknown", "held", "carried"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTime:
    """How many clocks of one kind ended before they ran out, and how many ran out first."""

    process: str
    duty: str
    in_time: Number
    ran_out: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """Of the agreements in force for at least so long, how many were kept so long, and how many were not."""

    after: timedelta
    kept: Number
    broken: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """How agreements lasted: those that came into force, what became of their promises, and cases that began again."""

    lasted: tuple[Lasted, ...]
    agreements: Number
    verified: Number
    breached: Number
    reopened: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How the mails to one domain fared."""

    domain: str
    sent: Number
    waiting: Number
    undelivered: Number


def on_time(on: Basis) -> tuple[OnTime, ...]:
    """Tell how many of the clocks that were due in the window ended in time."""
    ended = _ended_clocks(on)
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (hash_, name, _, _), ran_out in ended.items():
        process = on.process(hash_)
        rule = next((one for one in process.every_deadline() if one.name == name), None)
        if rule is not None and _asks_something(rule):
            counts[process.title, rule.task][ran_out] += 1
    rows = ((key, on.together(*found)) for key, found in counts.items())
    return tuple(
        OnTime(process=process, duty=duty, in_time=in_time, ran_out=ran_out)
        for (process, duty), (in_time, ran_out) in sorted(rows, key=lambda row: row[0])
    )


def _ended_clocks(on: Basis) -> dict[tuple[str, str, str, str], bool]:
    """Name each clock that ended, by definition, rule, case and occurrence, and tell whether it ran out first."""
    kept, items = tables.timers, tables.items
    fired = and_(kept.c.state == TimerState.FIRED, kept.c.action == Action.FIRE)
    gone = and_(kept.c.state == TimerState.CANCELLED, kept.c.error == armed.NOT_PLANNED)
    found = (
        select(tables.cases.c.process_hash, kept.c.deadline, kept.c.case_id, kept.c.key, kept.c.state)
        .join(tables.cases, tables.cases.c.id == kept.c.case_id)
        .outerjoin(items, and_(items.c.case_id == kept.c.case_id, items.c.id == kept.c.item))
        .where(kept.c.case_id.in_(on.ids), or_(fired, gone), on.within(kept.c.due_at))
        .where(or_(items.c.zone.is_(None), items.c.zone == roles.SHARED))
    )
    ended: dict[tuple[str, str, str, str], bool] = {}
    for row in on.connection.execute(found):
        occurrence = later_dates.base_of(row.key.rpartition(":")[0])
        clock = (row.process_hash, row.deadline, row.case_id, occurrence)
        ended[clock] = ended.get(clock, False) or row.state == TimerState.FIRED
    return ended


def _asks_something(rule: Deadline) -> bool:
    """Tell whether a clock gives time for something that all may know of; one of no length acts by itself."""
    at_once = bool(rule.spans) and not any(span.amount for span in rule.spans.values())
    return rule.zone == roles.SHARED and not at_once


def durability(on: Basis) -> Durability:
    """Tell how the agreements that came into force in the window lasted."""
    held: dict[str, list[Item]] = defaultdict(list)
    for case_id, item in _kept_items(on):
        held[case_id].append(item)
    again = _reopenings(on)
    in_force = [(case_id, since) for case_id, found in held.items() for since in _begun(on, found)]
    ends = [(since, _first_end(since, held[case_id], again.get(case_id, ()))) for case_id, since in in_force]
    counted = {case_id for case_id, _ in in_force}
    terms = [one for case_id in counted for one in held[case_id] if isinstance(one, Obligation)]
    return Durability(
        lasted=tuple(_lasted(on, after, ends) for after in LASTING),
        agreements=on.told(len(in_force))[0],
        verified=on.told(sum(one.state == "verified" for one in terms))[0],
        breached=on.told(sum(one.broken_at is not None for one in terms))[0],
        reopened=on.told(sum(bool(again.get(case_id)) for case_id in counted))[0],
    )


def _begun(on: Basis, found: Iterable[Item]) -> Iterator[datetime]:
    """Tell when agreements came into force in the window; one that amends another only goes on with it."""
    for one in found:
        if isinstance(one, Agreement) and one.in_force_at is not None and not one.amends:
            since = one.in_force_at
            if since < on.until and (on.since is None or since >= on.since):
                yield since


def _first_end(since: datetime, held: Iterable[Item], again: Iterable[datetime]) -> datetime | None:
    """Find when an agreement first failed: a promise was broken, or the case began again."""
    broken = (one.broken_at for one in held if isinstance(one, Obligation) and one.broken_at is not None)
    return min((at for at in (*broken, *again) if at >= since), default=None)


def _lasted(on: Basis, after: timedelta, ends: Iterable[tuple[datetime, datetime | None]]) -> Lasted:
    old_enough = [(since, end) for since, end in ends if since + after <= on.now]
    broken = sum(end is not None and end < since + after for since, end in old_enough)
    kept, not_kept = on.together(len(old_enough) - broken, broken)
    return Lasted(after=after, kept=kept, broken=not_kept)


def _kept_items(on: Basis) -> Iterator[tuple[str, Item]]:
    """Read the agreements of the cases, and what was promised, as far as all parties share it."""
    items = tables.items
    kinds = (Agreement.kind, Obligation.kind)
    found = select(items.c.case_id, items.c.kind, items.c.data).where(
        items.c.case_id.in_(on.ids), items.c.kind.in_(kinds), items.c.zone == roles.SHARED
    )
    for row in on.connection.execute(found):
        yield row.case_id, repository.read_item(row.kind, row.data)


def _reopenings(on: Basis) -> dict[str, list[datetime]]:
    """Tell when cases left a stage in which they had ended."""
    kept = tables.case_places
    found = select(kept.c.case_id, kept.c.process_hash, kept.c.name, kept.c.until).where(
        kept.c.case_id.in_(on.ids), kept.c.scope == Scope.STAGE, kept.c.until.is_not(None)
    )
    again: dict[str, list[datetime]] = defaultdict(list)
    for row in on.connection.execute(found):
        stage = on.process(row.process_hash).stages.get(row.name)
        if stage is not None and stage.final:
            again[row.case_id].append(row.until)
    return again


def deliveries(on: Basis) -> tuple[Delivered, ...]:
    """Count how the mails fared that were written in the window, by the domain of their readers.

    Of one's own cases those count that tell of what the case team may read.
    """
    mails, notices, events, items = tables.messages, tables.notifications, tables.events, tables.items
    open_to_team = (roles.SHARED, roles.TEAM)
    found = (
        select(mails.c.address, mails.c.state, func.count().label("mails"))
        .outerjoin(notices, notices.c.id == mails.c.notification_id)
        .outerjoin(events, events.c.id == notices.c.event_id)
        .outerjoin(items, and_(items.c.case_id == notices.c.case_id, items.c.id == notices.c.item))
        .where(mails.c.case_id.in_(on.ids), on.within(mails.c.created_at))
        .where(or_(events.c.zone.is_(None), events.c.zone.in_(open_to_team)))
        .where(or_(items.c.zone.is_(None), items.c.zone.in_(open_to_team)))
        .group_by(mails.c.address, mails.c.state)
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in on.connection.execute(found):
        place = _fate(row.state)
        if place is not None:
            counts[row.address.rpartition("@")[2].lower()][place] += row.mails
    rows = ((domain, on.together(*found)) for domain, found in sorted(counts.items()))
    return tuple(
        Delivered(domain=domain, sent=sent, waiting=waiting, undelivered=dead) for domain, (sent, waiting, dead) in rows
    )


def _fate(state: str) -> int | None:
    if state == outbox.MessageState.SENT:
        return 0
    if state in _WAITING:
        return 1
    return 2 if state in outbox.DEAD else None
