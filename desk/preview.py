"""Everything that comes in a case if nobody does anything: each step with its mails and to whom they would go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cases import outbox, queries, recording
from desk import file_words, rehearsal
from desk.rehearsal import PlannedMail
from notifications import routes
from states import agreeing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.people import Directory, Person
    from cases.queries import Foreseen, Viewer
    from cases.record import Record
    from states.case import Case
    from states.process import Process
    from states.simulate import Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingStep:
    """One step in words: the clock and the item it is about, the act by its name and label, or none for a reminder.

    `stage` and `tier` are labels where the step moves the case; `refused` tells why the act could not be done.
    """

    at: datetime
    key: str
    clock: str
    about: str
    act: str | None
    label: str
    means: str
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


def of(  # noqa: PLR0913 - whose view of which case, when, and how far
    record: Record, viewer: Viewer, case_ref: str, *, directory: Directory, now: datetime, most: int
) -> Coming:
    """Put what is foreseen for a viewer into words; raise `NotFound` for a case that is not theirs."""
    found = queries.foreseen(record, viewer, case_ref, now=now, most=most)
    ids = {one for step in found.steps for one in step.after.people}
    people = directory.people(ids)
    steps = tuple(_step(found, one, people) for one in found.steps)
    return Coming(case=found.case, zone=found.process.timezone, steps=steps, more=found.more)


def _step(found: Foreseen, one: Passed, people: Mapping[str, Person]) -> ComingStep:
    process, timer, before, after = found.process, one.timer, one.before, one.after
    rules = {rule.name: rule.task for rule in process.every_deadline()}
    trigger = process.triggers[timer.trigger] if timer.trigger else None
    item = before.item(timer.item) if timer.item else None
    names = {person.id: person.name for person in people.values()}
    return ComingStep(
        at=one.at,
        key=timer.key,
        clock=rules.get(timer.deadline, "The pause"),
        about=file_words.item_line(item, before, names) if item else "",
        act=timer.trigger,
        label=trigger.label if trigger else "Reminder",
        means=timer.means,
        mails=tuple(_mails(found, one, people)),
        stage=process.stages[after.stage].label if after.stage != before.stage else None,
        tier=process.tiers[after.tier].label if after.tier and after.tier != before.tier else None,
        refused=one.refused,
    )


def _mails(found: Foreseen, one: Passed, people: Mapping[str, Person]) -> Iterator[PlannedMail]:
    """Name each mail with everybody who would get it, as far as the viewer may know."""
    process = found.process
    for notice in _notices(process, one):
        told = (
            routes.recipient(process, rehearsal.as_read_by(process, one.after, person), notice, person)
            for person in people.values()
            if person.id in one.after.people
        )
        to = tuple(sorted((got for got in told if got is not None), key=lambda got: (got.part, got.person.name)))
        yield PlannedMail(name=notice.mail, kind=process.mails[notice.mail].kind, to=to)


def _notices(process: Process, one: Passed) -> Iterator[outbox.Notification]:
    """Make the notifications that the step would leave: its reminder, or the mails of its act, each on its subject."""
    timer = one.timer
    if timer.mail is not None:
        notice = rehearsal.notice_of(one.after, timer.mail, at=one.at, item=timer.item)
        yield replace(notice, to=timer.to, timer_key=timer.key)
    for telling in agreeing.tellings(process, one.happened):
        item = (timer.item if telling.first == 0 else None) or recording.subject(telling.events)
        for mail in telling.mails:
            yield rehearsal.notice_of(one.after, mail, at=one.at, item=item)
