"""Plays a case by the functions that run real ones: its clocks fire in turn and people act, and nothing is kept.

What comes if nobody does anything is foreseen with it, and past cases are played again under a changed definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from states import agreeing, asking, errors, firing, machine, timers
from states import case as cases
from states.directory import NOTHING_ON_FILE
from states.events import TierEntered

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.directory import Directory
    from states.events import Event
    from states.machine import Act
    from states.process import Process
    from states.timers import Timer

MOST_STEPS = 200
"""How many steps are foreseen of a case: some come back to the same clock for ever."""
MOST_TIMERS = 2000
"""How many timers are looked at, those that do nothing among them."""


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
    """One step of a play: an act or a reminder, when, the case before and after it, and the mails of each act in turn.

    `timer` is the clock's, None for what a person did; `item` is the one that was named. Of what is `refused`, nothing
    comes.
    """

    at: datetime
    before: Case
    after: Case
    act: str | None = None
    timer: Timer | None = None
    item: str | None = None
    told: tuple[agreeing.Telling, ...] = ()
    refused: str | None = None

    @property
    def happened(self) -> tuple[Event, ...]:
        """The events it made."""
        return tuple(event for telling in self.told for event in telling.events)

    @property
    def mails(self) -> tuple[str, ...]:
        """The names of its mails, each once."""
        reminder = self.timer.mail if self.timer is not None else None
        told = (mail for telling in self.told for mail in telling.mails)
        return tuple(dict.fromkeys((reminder, *told) if reminder else told))

    @property
    def gone(self) -> frozenset[str]:
        """The ids of the people who lost their part by it."""
        return self.before.people - self.after.people

    @property
    def climbed(self) -> bool:
        """Tell whether authority moved to another tier."""
        return any(isinstance(change, TierEntered) for event in self.happened for change in event.changes)


class Playing:
    """A case that is played, and the time in it, which never goes back; each step is told as it happens."""

    def __init__(
        self, process: Process, case: Case, around: Around, *, now: datetime, settled: Collection[str] = ()
    ) -> None:
        """Begin with a case as it stands; `settled` are the keys of the timers that are over."""
        self.process = process
        self.case = case
        self._around = around
        self._now = now
        self._settled = set(settled)
        self._withheld: set[tuple[str, datetime]] = set()

    def fire(self, *, until: datetime | None = None, record: Mapping[str, Event] | None = None) -> Iterator[Played]:
        """Fire what is due, in due order, up to an instant, or until the case rests.

        What is due already fires as soon as it can. A timer withheld by its conditions is not asked again, unless it
        gets another date. `record` are the events of timers that fired in reality, by their keys: they are written
        when they were then. Raises `OutsideCalendar` where the working calendars end.
        """
        for _ in range(MOST_TIMERS):
            timer = self._next()
            if timer is None or (until is not None and timer.due_at > until):
                return
            if firing.withheld(self.process, self.case, timer):
                self._withheld.add((timer.key, timer.due_at))
                continue
            self._settled.add(timer.key)
            self._now = max(self._now, _written_at(timer, (record or {}).get(timer.key)))
            yield self._fired(timer)

    def do(self, act: Act) -> Played:
        """Do an act of a person; a refusal is told, not raised."""
        self._now = max(self._now, act.recorded_at)
        return self._done(replace(act, employers=self._around.employers), timer=None)

    def take_over(self, happened: tuple[Event, ...]) -> Played:
        """Let happen what was decided elsewhere, in another case, as it was recorded."""
        before, first = self.case, happened[0]
        self._now = max(self._now, first.recorded_at)
        for event in happened:
            self.case = _as_kept(cases.evolve(self.case, event))
        known = first.trigger in self.process.triggers
        return Played(
            at=first.recorded_at,
            before=before,
            after=self.case,
            act=first.trigger,
            item=_named(before, first.inputs),
            told=agreeing.tellings(self.process, happened) if known else (agreeing.Telling(0, happened, ()),),
        )

    def _next(self) -> Timer | None:
        planned = timers.plan(self.process, self.case, self._around.calendars)
        waiting = (one for one in planned if one.key not in self._settled)
        return next((one for one in waiting if (one.key, one.due_at) not in self._withheld), None)

    def _fired(self, timer: Timer) -> Played:
        if timer.trigger is None:
            return Played(at=self._now, before=self.case, after=self.case, timer=timer, item=timer.item)
        return self._done(firing.act_of(self.process, self.case, timer, recorded_at=self._now), timer=timer)

    def _done(self, act: Act, *, timer: Timer | None) -> Played:
        before, around = self.case, self._around
        try:
            on_file = around.on_file(self.process, before, act)
            asked = replace(act, calendars=around.calendars, directory=on_file)
            after, happened = machine.advance(self.process, before, asked)
        except errors.Refused as refusal:
            refused = str(refusal)
            return Played(
                at=act.recorded_at, before=before, after=before, act=act.trigger, timer=timer, refused=refused
            )
        self.case = _as_kept(after)
        return replace(step(self.process, act, before=before, after=self.case, happened=happened), timer=timer)


def step(process: Process, act: Act, *, before: Case, after: Case, happened: tuple[Event, ...]) -> Played:
    """Tell an act that was decided as a step."""
    return Played(
        at=act.recorded_at,
        before=before,
        after=after,
        act=act.trigger,
        item=_named(before, act.inputs),
        told=agreeing.tellings(process, happened),
    )


def within_calendars(steps: Iterator[Played]) -> Iterator[Played]:
    """Stop where the working calendars end, for nobody has laid down which days are off after that."""
    try:
        yield from steps
    except errors.OutsideCalendar:
        return


def _written_at(timer: Timer, recorded: Event | None) -> datetime:
    return recorded.recorded_at if recorded is not None and recorded.at == timer.due_at else timer.due_at


def _named(case: Case, given: Mapping[str, object]) -> str | None:
    item = asking.item_at_hand(case, given)
    return item.id if item else None


def _as_kept(case: Case) -> Case:
    """Put parts into the order in which the record gives them back, for people are listed in it."""
    parties = tuple(replace(party, people=dict(sorted(party.people.items()))) for party in case.parties)
    return replace(case, roles=dict(sorted(case.roles.items())), parties=parties)
