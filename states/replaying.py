"""Replays a case under a definition by the functions that run real cases: what its clocks do, and what came of it.

A past case is played again from its opening: people act when they did, and the clocks as this definition has them. An
open case is played on from where it stands, as if nobody did anything. Nothing is kept.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from states import agreeing, asking, errors, firing, machine, roles, structure, timers
from states import case as cases
from states.directory import NOTHING_ON_FILE
from states.events import CaseOpened, TierEntered
from states.fields import FieldType
from states.joined import partners
from states.machine import Act
from states.migration import MIGRATING
from states.notices import OPENING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.directory import Directory
    from states.events import Event
    from states.process import Process
    from states.timers import Timer

MOST_STEPS = 200
"""How many timers are fired of a case that comes back to the same clock for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What acts are weighed with beside the case: working calendars, each person's organisation, and what is on file.

    `on_file` finds what an act asks the directory about people, as it stands today.
    """

    calendars: Mapping[str, Calendar]
    employers: Mapping[str, str] = field(default_factory=dict)
    on_file: Callable[[Process, Case, Act], Directory] = lambda *_: NOTHING_ON_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One thing that happened in a replay: an act or a reminder, when, the case before and after it, and its mails.

    `timer` is the clock's, None for what a person did; `mails` are those of each act in turn, with its events. Of what
    is `refused`, nothing comes.
    """

    at: datetime
    before: Case
    after: Case
    act: str | None = None
    timer: Timer | None = None
    told: tuple[agreeing.Telling, ...] = ()
    refused: str | None = None

    @property
    def happened(self) -> tuple[Event, ...]:
        """The events it made."""
        return tuple(event for telling in self.told for event in telling.events)

    @property
    def climbed(self) -> bool:
        """Tell whether authority moved to another tier."""
        return any(isinstance(change, TierEntered) for event in self.happened for change in event.changes)


class Replay:
    """A case that is played: it fires what is due and does what people did, each step told as it happens."""

    def __init__(self, process: Process, case: Case, around: Around, *, settled: Collection[str] = ()) -> None:
        """Begin with a case as it stands; `settled` are the keys of the timers that are over."""
        self.process = process
        self.case = case
        self._around = around
        self._settled = set(settled)
        self._withheld: set[tuple[str, datetime]] = set()

    def fire(
        self,
        *,
        until: datetime | None = None,
        now: datetime | None = None,
        record: Mapping[str, Event] | None = None,
    ) -> Iterator[Played]:
        """Fire what is due, in due order, up to an instant, or until the case rests.

        What is due before `now` fires as soon as it can. `record` are the events of timers that fired in reality, by
        their keys: they are written when they were then.
        """
        for _ in range(MOST_STEPS):
            timer = self._next()
            if timer is None or (until is not None and timer.due_at > until):
                return
            if firing.withheld(self.process, self.case, timer):
                self._withheld.add((timer.key, timer.due_at))
                continue
            self._settled.add(timer.key)
            recorded = (record or {}).get(timer.key)
            at = recorded.recorded_at if recorded is not None and recorded.at == timer.due_at else timer.due_at
            yield self._fired(timer, at=max(now or at, at))

    def do(self, act: Act) -> Played:
        """Do an act of a person; a refusal is told, not raised."""
        return self._done(act, timer=None)

    def take_over(self, happened: tuple[Event, ...]) -> Played:
        """Let happen what was decided elsewhere, in another case, as it was recorded."""
        before = self.case
        for event in happened:
            self.case = _as_kept(cases.evolve(self.case, event))
        first = happened[0]
        known = first.trigger in self.process.triggers
        told = agreeing.tellings(self.process, happened) if known else (agreeing.Telling(0, happened, ()),)
        return Played(at=first.recorded_at, before=before, after=self.case, act=first.trigger, told=told)

    def _next(self) -> Timer | None:
        planned = timers.plan(self.process, self.case, self._around.calendars)
        waiting = (one for one in planned if one.key not in self._settled)
        return next((one for one in waiting if (one.key, one.due_at) not in self._withheld), None)

    def _fired(self, timer: Timer, *, at: datetime) -> Played:
        if timer.trigger is None:
            return Played(at=at, before=self.case, after=self.case, timer=timer)
        return self._done(firing.act_of(self.process, self.case, timer, recorded_at=at), timer=timer)

    def _done(self, act: Act, *, timer: Timer | None) -> Played:
        before, around = self.case, self._around
        try:
            asked = replace(
                act,
                calendars=around.calendars,
                employers=around.employers,
                directory=around.on_file(self.process, before, act),
            )
            after, happened = machine.advance(self.process, before, asked)
        except errors.Refused as refusal:
            return Played(
                at=act.recorded_at, before=before, after=before, act=act.trigger, timer=timer, refused=str(refusal)
            )
        self.case = _as_kept(after)
        told = agreeing.tellings(self.process, happened)
        return Played(at=act.recorded_at, before=before, after=self.case, act=act.trigger, timer=timer, told=told)


def _as_kept(case: Case) -> Case:
    """Put parts into the order in which the record gives them back, for people are listed in it."""
    parties = tuple(replace(party, people=dict(sorted(party.people.items()))) for party in case.parties)
    return replace(case, roles=dict(sorted(case.roles.items())), parties=parties)


def again(process: Process, history: Sequence[Event], around: Around, *, until: datetime) -> Iterator[Played]:
    """Play a case again from its recorded events, up to an instant."""
    opening = _opened(process, history[0])
    case = cases.replay((opening,))
    told = (agreeing.Telling(first=0, events=(opening,), mails=process.opening_mails),)
    yield Played(at=opening.recorded_at, before=case, after=case, act=OPENING, told=told)
    replay = Replay(process, case, around)
    record = {event.timer: event for event in history if event.timer is not None}
    for place, happened in _by_people(history):
        yield from replay.fire(until=happened[0].recorded_at, record=record)
        # As it was then: what is put on file gets the ids by which later acts name it.
        replay.case = replace(replay.case, version=place)
        if _decided_elsewhere(process, replay.case, happened[0]):
            yield replay.take_over(happened)
        else:
            yield replay.do(_act(process, happened[0]))
    yield from replay.fire(until=until, record=record)


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
