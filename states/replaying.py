"""Plays a past case again from its record: people act when they did, and the clocks as a definition has them."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from states import agreeing, asking, roles, structure
from states import case as cases
from states.events import CaseOpened
from states.fields import FieldType
from states.joined import partners
from states.machine import Act
from states.migration import MIGRATING
from states.notices import OPENING
from states.playing import Played, Playing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from states.case import Case
    from states.events import Event
    from states.playing import Around
    from states.process import Process


def again(process: Process, history: Sequence[Event], around: Around, *, until: datetime) -> Iterator[Played]:
    """Play a case again from its recorded events, up to an instant."""
    opening = _opened(process, history[0])
    case = cases.replay((opening,))
    told = (agreeing.Telling(first=0, events=(opening,), mails=process.opening_mails),)
    yield Played(at=opening.recorded_at, before=case, after=case, act=OPENING, told=told)
    play = Playing(process, case, around, now=opening.recorded_at)
    record = {event.timer: event for event in history if event.timer is not None}
    for place, happened in _by_people(history):
        yield from play.fire(until=happened[0].recorded_at, record=record)
        # As it was then: what is put on file gets the ids by which later acts name it.
        play.case = replace(play.case, version=place)
        if _decided_elsewhere(process, play.case, happened[0]):
            yield play.take_over(happened)
        else:
            yield play.do(_act(process, happened[0]))
    yield from play.fire(until=until, record=record)


def _opened(process: Process, opening: Event) -> Event:
    """Open the case under this definition as it was opened then."""
    begun = next(change.case for change in opening.changes if isinstance(change, CaseOpened))
    tier = next(iter(process.tiers), None)
    case = replace(
        begun,
        process=process.hash,
        stage=process.initial,
        tier=tier,
        tier_since=opening.at if tier else None,
        tier_round=1 if tier else 0,
        owner=process.stages[process.initial].duty,
        fields={**{name: field.initial for name, field in process.fields.items()}, **begun.fields},
    )
    return replace(opening, changes=(CaseOpened(case), *structure.clocks(process, case, OPENING, opening.at)))


def _by_people(history: Sequence[Event]) -> Iterator[tuple[int, tuple[Event, ...]]]:
    """Yield what each act of a person recorded, with the number of events before it; a move to a version is no act."""
    left = deque(enumerate(history))
    left.popleft()
    while left:
        place, event = left.popleft()
        together = [event]
        while left and _belongs(together, left[0][1]):
            together.append(left.popleft()[1])
        if event.timer is None and event.trigger != MIGRATING:
            yield place, tuple(together)


def _belongs(together: Sequence[Event], event: Event) -> bool:
    """Tell whether an event comes of the same act: in another zone, or because the act was the last yes to another."""
    last = together[-1]
    if (event.at, event.recorded_at, event.timer) != (last.at, last.recorded_at, last.timer):
        return False
    carried_out = agreeing.completed(together)
    if carried_out is not None and event.trigger == carried_out.act:
        return True
    zones = {one.zone for one in together if one.trigger == event.trigger}
    same = (event.trigger, event.actor) == (last.trigger, last.actor)
    return same and not event.inputs and event.zone not in zones


def _decided_elsewhere(process: Process, case: Case, event: Event) -> bool:
    """Tell whether an act was decided with another case beside it, which is not at hand in a replay."""
    trigger = process.triggers.get(event.trigger)
    if event.actor == roles.SYSTEM or trigger is None:
        return event.actor == roles.SYSTEM
    together = trigger.shared_with is not None and bool(partners(case))
    asked = asking.asked(process, case, trigger, roles.Actor(event.actor)).values()
    return together or trigger.opens or any(field.type is FieldType.CASE for field in asked)


def _act(process: Process, event: Event) -> Act:
    """Make the act of which an event tells; offices held then are not on record and taken to have been held."""
    offices = frozenset(name for name, role in process.roles.items() if role.scope == "office")
    return Act(
        trigger=event.trigger,
        actor=roles.Actor(event.actor, offices),
        at=event.at,
        recorded_at=event.recorded_at,
        inputs=event.inputs,
    )
