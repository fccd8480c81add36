"""Which zone an act speaks in, its changes as events each in the zone of its readers, and the fields a reader sees."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from states import events, roles
from states.effects import EFFECTS
from states.events import Event
from states.items import Called
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from states.case import Case
    from states.events import Change
    from states.fields import Value
    from states.machine import Act
    from states.process import Process, Trigger
    from states.situation import Situation


def zone_of_act(situation: Situation, trigger: Trigger) -> tuple[str, tuple[str, ...]]:
    """Return the zone in which this act is recorded, and what is missing to know it."""
    if trigger.zone.startswith(roles.OWN):
        party, kind = situation.party, trigger.zone.removeprefix(roles.OWN)
        return (roles.zone_of(kind, party.id), ()) if party else (roles.TEAM, (say("say for which party"),))
    if trigger.zone == "chosen":
        return situation.text("zone") or roles.TEAM, ()
    return trigger.zone, ()


def by_zone(trigger: Trigger, act: Act, situation: Situation, changes: tuple[Change, ...]) -> tuple[Event, ...]:
    """Put the changes into events by zone: the act's own with what was said, then what everybody may see."""
    own_zone, process = _narrowed(situation.zone, changes), situation.process
    first = [change for change in changes if _zone_of(process, change) == own_zone]
    others = [change for change in changes if _zone_of(process, change) != own_zone]
    common = Event(
        trigger=trigger.name,
        actor=act.actor.person,
        at=act.at,
        recorded_at=act.recorded_at,
        zone=own_zone,
        timer=act.timer,
        on_behalf_of=_on_behalf_of(trigger, situation),
    )
    given = {name: value for name, value in (situation.inputs or {}).items() if value is not None}
    own = replace(common, inputs=given, changes=tuple(first))
    zones = dict.fromkeys(_zone_of(process, change) for change in others)
    rest = (
        replace(common, zone=zone, changes=tuple(one for one in others if _zone_of(process, one) == zone))
        for zone in zones
    )
    return (own, *rest)


def _on_behalf_of(trigger: Trigger, situation: Situation) -> str | None:
    """Name the party the team acted for, where an act is a party's and the actor speaks for none."""
    for_a_party = any(EFFECTS[name].for_a_party for name in trigger.does)
    return situation.party_id or None if for_a_party and situation.party not in situation.speaks_for else None


def _narrowed(act_zone: str, changes: tuple[Change, ...]) -> str:
    """Say who may read what was said in an act: no more people than may read the item it was said about."""
    if act_zone != roles.SHARED:
        return act_zone
    items = (change.item for change in changes if isinstance(change, events.ItemRecorded))
    # Whom a tier calls is not what was said in the act.
    zones = (item.zone for item in items if not isinstance(item, Called))
    return next((zone for zone in zones if zone != roles.SHARED), act_zone)


def _zone_of(process: Process, change: Change) -> str:
    """An item's change belongs to the item's zone, fields to theirs; what moves the case is for everybody in it."""
    if isinstance(change, events.ItemRecorded):
        return change.item.zone
    if isinstance(change, events.FieldsSet):
        return next(process.fields[name].zone for name in change.values)
    return roles.SHARED


def fields_set(process: Process, values: Mapping[str, Value]) -> Iterator[Change]:
    """Set fields of the case, those of each zone apart from the others."""

    def zone_of(name: str) -> str:
        return process.fields[name].zone

    for _, names in itertools.groupby(sorted(values, key=zone_of), key=zone_of):
        yield events.FieldsSet({name: values[name] for name in names})


def readable_fields(process: Process, case: Case, zones: Collection[str]) -> dict[str, Value]:
    """Return the fields of a case that lie in one of these zones; what an earlier version alone knew is not shown."""
    known = process.fields
    return {name: value for name, value in case.fields.items() if name in known and known[name].zone in zones}
