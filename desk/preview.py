"""Everything that comes in a case if nobody does anything: each step with its mails and to whom they would go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cases import queries
from cases.people import Directory
from desk import file_words, planned_mails
from desk.planned_mails import PlannedMail
from states.events import ItemRecorded
from states.items import Called
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.people import Person
    from cases.queries import Foreseen, Viewer
    from cases.record import Record
    from states.case import Case
    from states.playing import Played
    from states.timers import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingStep:
    """One step in words: the clock and the item it is about, the act by its name and label, or none for a reminder.

    `called` says who is called beside or in place of somebody, and why. `stage` and `tier` are labels where the step
    moves the case; `refused` tells why the act could not be done.
    """

    at: datetime
    key: str
    clock: str
    about: str
    act: str | None
    label: str
    means: str
    called: tuple[str, ...]
    mails: tuple[PlannedMail, ...]
    stage: str | None
    tier: str | None
    refused: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The steps of a case in order, in the time of its process; `more` tells that others follow."""

    case: Case
    zone: str
    steps: tuple[ComingStep, ...]
    more: bool


def of(record: Record, viewer: Viewer, case_ref: str, *, now: datetime, most: int) -> Coming:
    """Put what is foreseen for a viewer into words; raise `NotFound` for a case that is not theirs."""
    found = queries.foreseen(record, viewer, case_ref, now=now, most=most)
    people = Directory(record.engine).people({one for step in found.steps for one in planned_mails.concerned(step)})
    steps = tuple(_step(found, one, one.timer, people) for one in found.steps if one.timer is not None)
    return Coming(case=found.case, zone=found.process.timezone, steps=steps, more=found.more)


def _step(found: Foreseen, one: Played, timer: Timer, people: Mapping[str, Person]) -> ComingStep:
    process, before, after = found.process, one.before, one.after
    rules = {rule.name: rule.task for rule in process.every_deadline()}
    item = before.item(timer.item) if timer.item else None
    names = {person.id: person.name for person in people.values()}
    return ComingStep(
        at=one.at,
        key=timer.key,
        clock=rules.get(timer.deadline, say("The pause")),
        about=file_words.item_line(item, before, names) if item else "",
        act=one.act,
        label=process.triggers[one.act].label if one.act else say("Reminder"),
        means=timer.means,
        called=tuple(file_words.item_line(call, after, names) for call in _calls(found, one)),
        mails=tuple(planned_mails.of(process, one, people)),
        stage=process.stages[after.stage].label if after.stage != before.stage else None,
        tier=process.tiers[after.tier].label if after.tier and after.tier != before.tier else None,
        refused=one.refused,
    )


def _calls(found: Foreseen, one: Played) -> Iterator[Called]:
    """Yield whom a step brings into the case, or into somebody's place, as far as the viewer may read it."""
    changes = (change for event in one.happened for change in event.changes)
    items = (change.item for change in changes if isinstance(change, ItemRecorded))
    calls = (item for item in items if isinstance(item, Called) and one.before.item(item.id) is None)
    for call in calls:
        comes_in = call.instead_of or call.person not in one.before.people
        if call.zone in found.zones and comes_in:
            yield call
