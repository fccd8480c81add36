"""Finds out what is to be written to whom: each reader of a notification, and the case as they may read it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cases import audience, decision_links, queries, tours
from cases.notifying import Notification
from cases.people import Person
from cases.viewer import Viewer
from notifications import compose, next_step, routes
from notifications.compose import Task
from notifications.room import Mailroom
from states import errors, roles
from states.case import Case
from states.process import MailKind, Process


def to_write(room: Mailroom, notice: Notification) -> Iterator[Task]:
    """Yield what to write to each recipient, from the case as that person may read it now."""
    acted = notice.event_id if routes.ACTOR in notice.to else None
    asked = {*audience.people_in(room.record, notice.case_id, who_did=acted), *notice.former}
    people = room.directory.people(sorted(asked))
    for person in people.values():
        task = task_for(room, notice, person)
        if task is not None:
            yield task


def task_for(room: Mailroom, notice: Notification, person: Person) -> Task | None:
    """Return what to write to a person, from the case as they may read it now; None when it is not for them."""
    viewer = Viewer(routes.actor_of(person), by_mail=True)
    try:
        process, case = queries.case_for(room.record, viewer, notice.case_id)
        entry = None if notice.event_id is None else queries.event(room.record, viewer, notice.event_id)
    except errors.NotFound:
        return _for_who_acted(room, notice, person) or _for_who_left(room, notice, person)
    reader = routes.recipient(process, case, notice, person)
    if reader is None and entry is not None and entry.actor == person.id:
        reader = routes.did_it(process, case, notice, person, act=entry.trigger or "")
    if reader is None:
        return None
    named = case.item(notice.item or "")
    meant = {*(named.people if named else ()), notice.leaver} - {""}
    people = room.directory.people(meant) if meant else {}
    names = {one.id: one.name for one in people.values()}
    agenda = _agenda_of(room, process, case, person)
    leaver = people.get(notice.leaver)
    return Task(notice=notice, reader=reader, agenda=agenda, entry=entry, names=names, leaver=leaver)


def _for_who_acted(room: Mailroom, notice: Notification, person: Person) -> Task | None:
    """Return what to write to somebody who did the act for others, and reads nothing else of the case."""
    if notice.event_id is None or routes.ACTOR not in notice.to:
        return None
    try:
        process, case, entry = queries.own_act(room.record, routes.actor_of(person), notice.event_id)
    except errors.NotFound:
        return None
    reader = routes.who_acted(process, notice, person, entry.trigger or "")
    return (
        None if reader is None else Task(notice=notice, reader=reader, agenda=_agenda(room, process, case), entry=entry)
    )


def _for_who_left(room: Mailroom, notice: Notification, person: Person) -> Task | None:
    """Return what to write to somebody who has just lost their part, and reads nothing of the case any more."""
    reader = routes.has_left(notice, person)
    if reader is None:
        return None
    return Task(notice=notice, reader=reader, agenda=_agenda(room, *queries.cover(room.record, notice.case_id)))


def _agenda(room: Mailroom, process: Process, case: Case) -> next_step.Agenda:
    return next_step.Agenda(process=process, case=case, calendars=room.record.calendars, now=room.clock.now())


def _agenda_of(room: Mailroom, process: Process, case: Case, person: Person) -> next_step.Agenda:
    zones = roles.readable_zones(process, case, routes.actor_of(person))
    return replace(_agenda(room, process, case), zones=roles.mailable(zones))


def is_moot(task: Task) -> bool:
    """Tell whether the reason of a mail is gone."""
    if task.leaver is not None:
        return not tours.still_holds(task.case, task.leaver, task.notice)
    return next_step.is_moot(task.agenda, task.notice, asks=task.kind is MailKind.ACTION)


def with_link(room: Mailroom, task: Task) -> Task:
    """Give a reader who is asked for a decision a link that leads straight to it."""
    item, person, now = compose.decided_in(task), task.reader.person, room.clock.now()
    if task.kind is not MailKind.ACTION or item is None:
        return task
    viewer = Viewer(routes.actor_of(person), by_mail=True)
    asked = queries.asked_of(room.record, viewer, task.case.id, item.id, now=now)
    return replace(task, link=decision_links.new_link(asked, person.id, now=now)) if asked.answers else task
