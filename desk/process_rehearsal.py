"""Rehearses a changed process: what would come, or would have come, in every case under it and as things are.

Open cases are played on for ninety days as if nobody did anything, past ones again with people acting when they did.
The very functions that run real cases do it, and nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cases import directory as on_file
from cases import ledger, migrator, process_migrations, repository
from cases.unit_of_work import reading
from desk import planned_mails
from states import errors, migrating, playing, replaying
from states.migration import Fate, Migration, Plan
from states.playing import Around, Played, Playing
from states.timers import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.people import Directory, Person
    from cases.record import Record
    from states.calendar import Calendar
    from states.case import Case
    from states.events import Event
    from states.migration import Standing
    from states.process import Process

NIGHT_BEGINS, NIGHT_ENDS = 20, 6
"""Between these hours of the reader's own day a mail comes at night."""
AHEAD = timedelta(days=90)
"""How far open cases are played on: some come back to the same clock for ever."""
_NOBODY = "nobody"


@dataclass(slots=True)
class Tally:
    """What came of all cases under one definition; roles, tiers, clocks and acts are counted by their labels.

    `mails` counts one for each reader; `by_hour` is the hour of the reader's own day. `ran_out` are the clocks that did
    an act, `refused` the acts of people that the definition would not have allowed.
    """

    mails: int = 0
    by_role: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    at_night: int = 0
    on_days_off: int = 0
    escalations: Counter[str] = field(default_factory=Counter)
    ran_out: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Differs:
    """A case that would go otherwise: since when, and what there is as it is and under the change."""

    number: str
    open: bool
    since: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stays:
    """An open case that could not move to the changed process as it is, and why."""

    number: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both sides of a rehearsal, and the cases that differ; those that could not move count as they are on both."""

    open: int
    past: int
    before: Tally
    after: Tally
    differ: tuple[Differs, ...]
    stay: tuple[Stays, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    record: Record
    standing: Callable[[Case], Standing]
    history: Callable[[str], tuple[Event, ...]]
    people: Mapping[str, Person]
    calendars: Mapping[str, str]
    around: Around
    now: datetime


def rehearse(
    record: Record, directory: Directory, new: Process, *, against: Process | None = None, now: datetime
) -> Comparison:
    """Compare a changed process with the versions that its cases run on, or with one version for all of them."""
    people = {person.id: person for person in directory.everyone()}
    offices = {one.id: one.calendar for one in directory.organisations()}
    employers = {one.id: one.organisation_id for one in people.values() if one.organisation_id}
    before, after = Tally(), Tally()
    differ: list[Differs] = []
    stay: list[Stays] = []
    counts = Counter[bool]()
    with reading(record.engine) as connection:
        look = _Look(
            record=record,
            standing=partial(migrator.standing, connection),
            history=partial(ledger.history, connection),
            people=people,
            calendars={of: offices[body] or "" for of, body in employers.items() if body in offices},
            around=Around(calendars=record.calendars, employers=employers, on_file=on_file.for_many(connection)),
            now=now,
        )
        for case_id in process_migrations.of_process(connection, new.name):
            case = repository.load(connection, case_id).case
            old = against or record.registry.get(case.process)
            sides = _past(look, case, old, new) if case.closed_at else _open(look, case, old, new, stay)
            counts[case.closed_at is None] += 1
            for tally, side in zip((before, after), sides, strict=True):
                _count(tally, look, side)
            if (found := _difference(case, *(side.steps for side in sides))) is not None:
                differ.append(found)
    return Comparison(
        open=counts[True], past=counts[False], before=before, after=after, differ=tuple(differ), stay=tuple(stay)
    )


Steps = tuple[Played, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    process: Process
    steps: Steps


def _past(look: _Look, case: Case, old: Process, new: Process) -> tuple[_Side, ...]:
    """Play a past case again under both."""
    history = look.history(case.id)
    if not history[0].changes:
        # The words of its record were erased: there is nothing to play again.
        return _Side(old, ()), _Side(new, ())
    again = ((one, replaying.again(one, history, look.around, until=look.now)) for one in (old, new))
    return tuple(_Side(process, tuple(playing.within_calendars(steps))) for process, steps in again)


def _open(look: _Look, case: Case, old: Process, new: Process, stay: list[Stays]) -> tuple[_Side, ...]:
    """Play an open case on under both, from where it stands; one that could not move goes on as it is."""
    standing = look.standing(case)
    first = _played_on(look, case, old, standing)
    move = Migration(
        id=0, old=old, new=new, plan=Plan(), calendars=look.record.calendars, at=look.now, by="", reason="A rehearsal"
    )
    if old.hash == new.hash:
        return first, first
    verdict = migrating.judge(move, standing)
    if verdict.fate is not Fate.MOVES or verdict.after is None:
        stay.append(Stays(case.number, verdict.reasons))
        return first, first
    return first, _played_on(look, verdict.after, new, standing)


def _played_on(look: _Look, case: Case, process: Process, standing: Standing) -> _Side:
    play = Playing(process, case, look.around, now=look.now, settled=standing.settled)
    return _Side(process, tuple(playing.within_calendars(play.fire(until=look.now + AHEAD))))


def _difference(case: Case, first: Steps, second: Steps) -> Differs | None:
    told = [[(one.at, one.act or (one.timer.mail if one.timer else "")) for one in side] for side in (first, second)]
    if told[0] == told[1]:
        return None
    place = next((at for at, pair in enumerate(zip(*told, strict=False)) if pair[0] != pair[1]), min(map(len, told)))
    next_ones = [side[place] for side in told if place < len(side)]
    words = [_words(side) for side in (first, second)]
    return Differs(case.number, case.closed_at is None, min(at for at, _ in next_ones), *words)


def _words(steps: Steps) -> str:
    """Say how much there is, and where it ends."""
    reminders = sum(one.timer is not None and one.timer.action is Action.REMIND for one in steps)
    refused = sum(one.refused is not None for one in steps)
    end = f", at “{steps[-1].after.stage}” in the end" if steps else ""
    more = f", {refused} refused" if refused else ""
    return f"{len(steps) - reminders - refused} acts, {reminders} reminders{more}{end}"


def _count(tally: Tally, look: _Look, side: _Side) -> None:
    process = side.process
    labels = {rule.name: rule.label for rule in process.every_deadline()}
    for one in side.steps:
        if one.refused is not None:
            trigger = process.triggers.get(one.act or "")
            tally.refused[trigger.label if trigger else one.act or ""] += 1
        if one.timer is not None and one.happened:
            tally.ran_out[labels.get(one.timer.deadline, "The pause")] += 1
        if one.climbed and one.after.tier:
            tally.escalations[process.tiers[one.after.tier].label] += 1
        _count_readers(tally, look, process, one=one)


def _count_readers(tally: Tally, look: _Look, process: Process, *, one: Played) -> None:
    for told in (to for mail in planned_mails.of(process, one, look.people) for to in mail.to):
        local = one.at.astimezone(ZoneInfo(told.person.timezone))
        tally.mails += 1
        tally.by_role[process.roles[told.role].label if told.role in process.roles else told.part or _NOBODY] += 1
        tally.by_hour[local.hour] += 1
        tally.at_night += local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS
        tally.on_days_off += _is_day_off(_calendar(look, process, told.person), one.at)


def _calendar(look: _Look, process: Process, person: Person) -> Calendar:
    return look.record.calendars[look.calendars.get(person.id) or process.calendar]


def _is_day_off(calendar: Calendar, at: datetime) -> bool:
    try:
        return not calendar.is_working_day(at.astimezone(calendar.zone).date())
    except errors.OutsideCalendar:
        return False
