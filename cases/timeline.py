"""The timeline of a case for a viewer: what happened, in words, from the events in readable zones alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from cases import inputs, ledger, own_record, people, tables
from cases.messages import MessageRow
from cases.outbox import MessageState
from cases.viewer import Seen
from states import agreeing, emergencies, events, fields, file_ref, notices, roles
from states.events import Change, Event
from states.fields import Field, FieldType, Value
from states.items import Ballot, Decision, Item, Proposal, Question
from states.migration import MIGRATING
from states.process import Process, Stage, Tier
from states.said import listed, say, word

OPENED = say("Case opened")
MIGRATED = say("Moved to another version of the process")
REMINDED = say("Reminder sent")
_NOTHING_SAID: tuple[Value, ...] = (None, "", ())


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said in an act: what it is, and its value, ready to be shown in the reader's own way."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the timeline.

    `id` and `seq`, its place among those that the viewer may read, are None for what is not an event, such as a
    reminder. `items` are the items it recorded, as they
    were then; `stage` and `tier` are labels where it moved the case; `timer` names the clock that did it.
    """

    at: datetime
    recorded_at: datetime
    label: str
    zone: str
    id: int | None = None
    seq: int | None = None
    trigger: str | None = None
    actor: str | None = None
    actor_name: str = ""
    actor_role: str = ""
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    stage: str | None = None
    tier: str | None = None
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as read for a viewer, with its place among those that they may read."""

    id: int
    seq: int
    event: Event


def read_events(connection: Connection, seen: Seen, *also: ColumnElement[bool]) -> tuple[Happened, ...]:
    """Read the events of a case in the viewer's zones, oldest first; the others are not even fetched."""
    kept, bodies = tables.events, tables.event_bodies
    wanted = (
        select(kept, bodies.c.body, bodies.c.salt, own_record.numbered(seen.case.id, seen.zones).label("place"))
        .outerjoin(bodies, bodies.c.event_id == kept.c.id)
        .where(kept.c.case_id == seen.case.id, kept.c.zone.in_(seen.zones), *also)
        .order_by(kept.c.seq)
    )
    found = (Happened(row.id, row.place, ledger.read_event(row)) for row in connection.execute(wanted))
    held = frozenset(item.id for item in seen.case.items)
    return tuple(told for happened in found if (told := _told(seen, happened, held)))


def as_told(seen: Seen, event: Event) -> tuple[Happened, ...]:
    """Return an event that is not in the record, as far as the viewer would be told of it: once, or not at all."""
    told = _told(seen, Happened(0, 0, event), frozenset(item.id for item in seen.case.items))
    return (told,) if told is not None else ()


def entries(connection: Connection, seen: Seen, happened: Sequence[Happened]) -> tuple[Entry, ...]:
    """Put events into words."""
    names = people.names(connection, _people_named(seen.process, happened))
    return tuple(_entry(seen, one, names) for one in happened)


def reminders(messages: Iterable[MessageRow]) -> Iterator[Entry]:
    """Make an entry of each reminder that was sent, naming everybody it went to."""
    sent: dict[int | None, list[MessageRow]] = {}
    for message in messages:
        if message.reminder and message.state == MessageState.SENT:
            sent.setdefault(message.notification_id, []).append(message)
    for together in sent.values():
        at = min(message.settled_at or message.created_at for message in together)
        names = tuple(message.person_name for message in together)
        yield Entry(at=at, recorded_at=at, label=REMINDED, zone=roles.TEAM, lines=(Line(say("To"), names),))


def merged(*parts: Iterable[Entry]) -> tuple[Entry, ...]:
    """Put entries of several sources into the order in which they were recorded."""
    return tuple(sorted((entry for part in parts for entry in part), key=lambda entry: entry.recorded_at))


def _entry(seen: Seen, happened: Happened, names: Mapping[str, str]) -> Entry:
    event, process = happened.event, seen.process
    stages = [change.stage for change in event.changes if isinstance(change, events.StageEntered)]
    tiers = [change.tier for change in event.changes if isinstance(change, events.TierEntered)]
    return Entry(
        id=happened.id,
        seq=happened.seq,
        at=event.at,
        recorded_at=event.recorded_at,
        label=label(process, event),
        zone=event.zone,
        trigger=event.trigger,
        actor=event.actor,
        actor_name=names.get(event.actor, event.actor),
        actor_role=_role(seen, event),
        lines=tuple(_lines(seen, event, names)),
        items=recorded(seen, event),
        stage=_label_of(process.stages, stages),
        tier=_label_of(process.tiers, tiers),
        timer=event.timer,
    )


def _label_of(known: Mapping[str, Stage] | Mapping[str, Tier], entered: Sequence[str]) -> str | None:
    """Spell where an event led; by its name alone where only an earlier version of the process knows it."""
    if not entered:
        return None
    return known[entered[-1]].label if entered[-1] in known else entered[-1]


def recorded(seen: Seen, event: Event) -> tuple[Item, ...]:
    """List the items an event put on file, as they were then, as far as the viewer may read them."""
    return tuple(item for change in event.changes for item in _items(change) if item.zone in seen.zones)


def _told(seen: Seen, happened: Happened, held: frozenset[str]) -> Happened | None:
    """Return as much of an event as may be known: nothing of what only concerns items out of the viewer's sight.

    An item that has moved to a narrower zone is out of sight with all its earlier versions, and so are the words of
    the acts that recorded them.
    """
    event = happened.event
    changes = tuple(change for change in event.changes if not _is_out_of_sight(change, held))
    if len(changes) < len(event.changes):
        return replace(happened, event=replace(event, inputs={}, changes=changes)) if changes else None
    asked = inputs.of_act(seen.process, event.trigger)
    about = (value for name, value in event.inputs.items() if name in asked and asked[name].type.one is FieldType.ITEM)
    return happened if changes or all(one in held for value in about for one in fields.each(value)) else None


def _is_out_of_sight(change: Change, held: frozenset[str]) -> bool:
    return isinstance(change, events.ItemRecorded) and change.item.id not in held


def label(process: Process, event: Event) -> str:
    """Name what an event was, in the words of the process."""
    if event.trigger == notices.OPENING:
        return OPENED
    if event.trigger == MIGRATING:
        return MIGRATED
    if event.trigger in emergencies.LABELS:
        return emergencies.LABELS[event.trigger]
    label = process.triggers[event.trigger].label if event.trigger in process.triggers else event.trigger
    asked = agreeing.proposal_in((event,))
    if asked is None:
        return label
    return (
        say("Put to the vote: %(act)s", act=label) if isinstance(asked, Ballot) else say("Proposed: %(act)s", act=label)
    )


def _role(seen: Seen, event: Event) -> str:
    """Name the part the person has in the case and the party it is for, or the party that was acted for."""
    part, behalf = _part(seen, event), seen.case.party(event.on_behalf_of or "")
    return say("%(role)s, for %(party)s", role=part, party=behalf.name) if behalf else part


def _part(seen: Seen, event: Event) -> str:
    for party in seen.case.parties:
        held = [role for role, holders in party.people.items() if event.actor in holders]
        if held:
            role = next((one for one in held if one in _asked_as(seen, event)), held[0])
            return say("%(role)s, %(party)s", role=roles.label(seen.process, role), party=party.name)
    own = (role for role, holders in seen.case.roles.items() if event.actor in holders)
    return next((roles.label(seen.process, role) for role in own), "")


def _asked_as(seen: Seen, event: Event) -> frozenset[str]:
    """Name the roles of the tier that an event answers for; whoever holds several parts was asked in one of these."""
    items = recorded(seen, event)
    tiers = {one.tier for one in items if isinstance(one, Decision)}
    known = seen.process.triggers
    if any(isinstance(one, Proposal) and one.act in known and known[one.act].answers for one in items):
        tiers.update([one.tier for one in seen.case.all(Question) if one.at <= event.at][-1:])
    return frozenset(role for tier in tiers & set(seen.process.tiers) for role in seen.process.tiers[tier].roles)


def _items(change: Change) -> tuple[Item, ...]:
    if isinstance(change, events.ItemRecorded):
        return (change.item,)
    return change.case.items if isinstance(change, events.CaseOpened) else ()


def _lines(seen: Seen, event: Event, names: Mapping[str, str]) -> Iterator[Line]:
    """List what was said, in the order in which it was asked for."""
    for field in inputs.of_act(seen.process, event.trigger).values():
        value = event.inputs.get(field.name)
        if value in _NOTHING_SAID or field.type.one in {FieldType.ITEM, FieldType.SEAL}:
            continue
        yield Line(field.label, _named(seen, field, value, names))
    for change in event.changes:
        if isinstance(change, events.DueMoved):
            yield from _moved(change)


def _moved(change: events.DueMoved) -> Iterator[Line]:
    """Tell of each date what it was and is now; one that only runs beside is told once."""
    for one in change.dates:
        if one.after == one.before:
            yield Line(say("%(date)s (stays)", date=say(one.label)), one.before)
        else:
            yield Line(say("%(date)s (before)", date=say(one.label)), one.before)
            yield Line(say("%(date)s (now)", date=say(one.label)), one.after or say("is not sent any more"))


def _named(seen: Seen, field: Field, value: Value, names: Mapping[str, str]) -> Value:
    """Put names in the place of the ids of parties and people, and of words of the definition."""
    if field.type.one is FieldType.PARTY:
        found = {party.id: party.name for party in seen.case.parties}
        return listed(found.get(one, one) for one in fields.each(value))
    if field.type.one is FieldType.PERSON:
        return listed(names.get(one, one) for one in fields.each(value))
    if field.type is FieldType.FILE:
        return file_ref.parse(str(value)).name
    if field.type.one is FieldType.CHOICE:
        return listed(_spelled(seen.process, one) for one in fields.each(value))
    return value


def _spelled(process: Process, chosen: str) -> str:
    """Spell what was chosen: a part or a clause by what it is called."""
    if chosen in process.clauses:
        return process.clauses[chosen].title
    return roles.label(process, chosen) if chosen in process.roles else word(chosen)


def _people_named(process: Process, happened: Iterable[Happened]) -> set[str]:
    """Collect everybody an event names: who acted, and whom its inputs mean."""
    found = set()
    for one in happened:
        asked = inputs.of_act(process, one.event.trigger)
        found.add(one.event.actor)
        found |= {
            person
            for name, value in one.event.inputs.items()
            if name in asked and asked[name].type.one is FieldType.PERSON
            for person in fields.each(value)
        }
    return found
