"""Writes what was decided, all of it in the one transaction it is given: case, events, timers and notifications."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, insert, select

from cases import (
    armed,
    codec,
    finding,
    ledger,
    listing,
    marking,
    notifying,
    places,
    repository,
    tables,
    webhook_outbox,
)
from cases.tables import NotificationState
from states import agreeing, asking, roles, timers
from states.calendar import Calendar
from states.case import Case
from states.events import Event, ItemRecorded
from states.items import Called, Item, Link
from states.process import CLOCK, Process
from states.said import say
from states.timers import OpenDeadline, Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A case as it was left, the events that led there, and their places in the feed of all cases."""

    case: Case
    events: tuple[Event, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A case as an act leaves it, with the clocks that then run on it and the timers that follow."""

    case: Case
    running: tuple[OpenDeadline, ...]
    plan: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One transaction's pen: where to write, under which definition and calendars, and when."""

    connection: Connection
    process: Process
    now: datetime
    calendars: Mapping[str, Calendar] = field(repr=False)

    def opened(self, case: Case, happened: tuple[Event, ...]) -> Recorded:
        """Write a new case."""
        rows, head = ledger.chain(case.id, happened, after=0, head=ledger.GENESIS)
        standing = self._standing(case)
        repository.add(self.connection, case, head=head, due_at=self._due_at(standing), now=self.now)
        marking.keep(self.connection, None, case)
        places.keep(self.connection, case.id, happened, process_hash=case.process)
        told = agreeing.Telling(first=0, events=happened, mails=self.process.opening_mails)
        return self._found_by(None, self._follow(standing, rows, told=(told,)))

    def moved(
        self, stored: repository.Stored, after: Case, happened: tuple[Event, ...], *, inputs: Mapping[str, object]
    ) -> Recorded:
        """Write what an act made of a case; raises `LostRace` when the case has moved meanwhile."""
        before = stored.case
        rows, head = ledger.chain(after.id, happened, after=before.version, head=stored.head)
        standing = self._standing(after)
        hot = {"head": head, "due_at": self._due_at(standing), "updated_at": self.now}
        if not repository.change(self.connection, before, after, hot=hot):
            raise armed.LostRace(say("others were changing this case at the same moment; try once more"))
        marking.keep(self.connection, before, after)
        places.keep(self.connection, after.id, happened, process_hash=before.process)
        named = asking.item_at_hand(before, inputs)
        told = agreeing.tellings(self.process, happened)
        named_by = notifying.named_by(before, after)
        item = _told_of(named, happened) if named else None
        return self._found_by(before, self._follow(standing, rows, told=told, item=item, named_by=named_by))

    def migrated(self, stored: repository.Stored, after: Case, happened: tuple[Event, ...], *, tells: bool) -> None:
        """Write that a case moved to this pen's process; those concerned are told where a date of theirs has moved."""
        rows, head = ledger.chain(after.id, happened, after=stored.case.version, head=stored.head)
        standing = self._standing(after)
        hot = {"head": head, "due_at": self._due_at(standing), "updated_at": self.now}
        if not repository.change(self.connection, stored.case, after, hot=hot):
            raise armed.LostRace(say("others were changing this case at the same moment; try once more"))
        places.keep(self.connection, after.id, happened, process_hash=stored.case.process)
        mails = self.process.change_mails if tells else ()
        self._follow(standing, rows, told=(agreeing.Telling(first=0, events=happened, mails=mails),))
        # Under another definition other words may count.
        finding.renew(self.connection, self.process, after)

    def beside(self, stored: repository.Stored, after: Case, happened: Event) -> None:
        """Write what was done about a case by no act of its process; its clocks go on, and it sends no mail."""
        rows, head = ledger.chain(after.id, (happened,), after=stored.case.version, head=stored.head)
        standing = self._standing(after)
        hot = {"head": head, "due_at": self._due_at(standing), "updated_at": self.now}
        if not repository.change(self.connection, stored.case, after, hot=hot):
            raise armed.LostRace(say("others were changing this case at the same moment; try once more"))
        self._follow(standing, rows, told=(agreeing.Telling(first=0, events=(happened,), mails=()),))

    def reminded(self, case: Case, timer: Timer) -> None:
        """Ask for a reminder to be written."""
        row = {"occurrence": f"{case.id}:{timer.key}", "mail": timer.mail, "to": codec.dump(timer.to)}
        self._notify([self._notification(case) | row | {"item": timer.item} | _timed(timer)])

    def _follow(
        self,
        standing: _Standing,
        rows: Sequence[dict[str, Any]],
        *,
        told: tuple[agreeing.Telling, ...],
        item: str | None = None,
        named_by: Mapping[str, frozenset[str]] = MappingProxyType({}),
    ) -> Recorded:
        """Write everything that follows from the case as it now stands.

        `item` is the one that the request named, `named_by` are those to whom only the act leads.
        """
        case = standing.case
        ids = ledger.append(self.connection, rows)
        armed.arm(self.connection, case.id, standing.plan)
        happened = [event for telling in told for event in telling.events]
        by = listing.Clocks(self.process, self.calendars)
        listing.keep(self.connection, by, case, happened=happened, running=standing.running)
        webhook_outbox.ask(self.connection, self.process, case, dict(zip(ids, happened, strict=True)), now=self.now)
        for telling in told:
            told_of = telling.first + telling.events.index(event_to_tell(telling.events))
            about = self._notification(case) | {
                "event_id": ids[told_of],
                "item": (item if telling.first == 0 else None) or subject(telling.events),
                "timer_key": telling.events[0].timer,
            }
            seq = rows[telling.first]["seq"]
            self._notify(
                [
                    about | {"occurrence": f"{case.id}:{seq}:{mail}", "mail": mail} | {"to": codec.dump(to)}
                    for mail in telling.mails
                    if (to := notifying.addressed(self.process.mails[mail].to, named_by))
                ]
            )
        return Recorded(case=case, events=tuple(one for telling in told for one in telling.events), ids=ids)

    def _found_by(self, before: Case | None, recorded: Recorded) -> Recorded:
        """Let the case be found by what was just recorded."""
        happened = dict(zip(recorded.ids, recorded.events, strict=True))
        finding.keep(self.connection, self.process, before, recorded.case, happened=happened)
        return recorded

    def _standing(self, case: Case) -> _Standing:
        """Count the clocks of a case, once for all that is written of them."""
        running = timers.open_deadlines(self.process, case, self.calendars)
        return _Standing(case=case, running=running, plan=timers.planned(self.process, case, running))

    def _due_at(self, standing: _Standing) -> datetime | None:
        """Return when something will happen by itself to a case; None when nothing will."""
        return next_act_at(standing.plan, now=self.now)

    def _notification(self, case: Case) -> dict[str, Any]:
        return {
            "case_id": case.id,
            "event_id": None,
            "timer_key": None,
            "due_at": None,
            "created_at": self.now,
            "state": NotificationState.QUEUED,
        }

    def _notify(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(insert(tables.notifications), rows)


def next_act_at(plan: Iterable[Timer], *, now: datetime, over: Collection[str] = ()) -> datetime | None:
    """Find when the clock will next act, as everybody in the case may know; what is `over` does not act again."""
    acts = (timer for timer in plan if timer.action is timers.Action.FIRE and timer.zone == roles.SHARED)
    return next((timer.due_at for timer in acts if timer.due_at > now and timer.key not in over), None)


def _timed(timer: Timer) -> dict[str, Any]:
    return {"timer_key": timer.key, "due_at": timer.due_at}


def event_to_tell(happened: Sequence[Event]) -> Event:
    """Return the event of an act that mails tell of: the first that is not private to a party, as no mail is."""
    zones = roles.mailable(frozenset(event.zone for event in happened))
    return next((event for event in happened if event.zone in zones), happened[0])


def items_of(event: Event) -> tuple[Item, ...]:
    """List the items that an event put on file."""
    return tuple(change.item for change in event.changes if isinstance(change, ItemRecorded))


def _told_of(named: Item, happened: Iterable[Event]) -> str:
    """Name what a request was about, or what it put in its place, such as an offer that answers another one."""
    changes = (change for event in happened for change in event.changes)
    recorded = (change.item for change in changes if isinstance(change, ItemRecorded))
    instead = (item for item in recorded if item.kind == named.kind and getattr(item, "answers", "") == named.id)
    return next(instead, named).id


def subject(happened: Iterable[Event]) -> str | None:
    """Name the item that mails about an act tell of, the first it records: a link only when it did nothing else.

    A mail is for those alone who may read its subject, and few may read a link, or whom the act called and why.
    """
    changes = [change for event in happened for change in event.changes]
    recorded = [change.item for change in changes if isinstance(change, ItemRecorded)]
    zones = roles.mailable(frozenset(item.zone for item in recorded))
    recorded = [item for item in recorded if item.zone in zones]
    about = next((item for item in recorded if not isinstance(item, Link | Called)), None)
    if about is None and recorded and len(recorded) == len(changes):
        about = next(iter(recorded), None)
    return about.id if about else None


def who_was_first(connection: Connection, process: Process, case_id: str, *, zones: Collection[str], since: int) -> str:
    """Tell who did what to a case since the entry of this number in some zones, as far as it lies in these."""
    kept = tables.events
    facts = select(kept.c.trigger, kept.c.actor, kept.c.at, tables.people.c.name)
    joined = facts.outerjoin_from(kept, tables.people, tables.people.c.id == kept.c.actor)
    later = joined.where(kept.c.case_id == case_id, kept.c.zone.in_(zones)).order_by(kept.c.seq).offset(since)
    *_, row = (None, *connection.execute(later))
    if row is None:
        return say("the case has moved since you looked at it: look again and decide anew")
    label = process.triggers[row.trigger].label if row.trigger in process.triggers else row.trigger
    who = say("the clock") if row.actor == CLOCK else row.name or row.actor
    return say("%(who)s was first: “%(act)s” at %(when)s; look again and decide anew", who=who, act=label, when=row.at)
