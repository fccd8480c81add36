"""Plans a mail for each reader of a notification: whether it goes, when, and with which others."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases import mail_wishes, notifying, outbox, people
from cases.notifying import Notification
from cases.outbox import MessageState, NewMessage
from notifications import compose, next_step, tasks, when
from notifications.compose import Task
from notifications.room import Mailroom
from notifications.when import Moment, Sort
from states import errors, timers
from states.items import Session
from states.process import MailKind
from states.said import say

log = logging.getLogger(__name__)

GONE = say("its reason is gone")
NOBODY = say("nobody who may read it holds a role that it is addressed to, or wants to hear of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans mails at one instant.

    `calendars` are those of the organisations, by id. While it is `wary`, reminders that come late wait for an
    administrator: too many of them would go out at once.
    """

    room: Mailroom
    now: datetime
    calendars: Mapping[str, str | None]
    wary: bool

    def plan(self, notice: Notification) -> Counter[str]:
        """Turn one notification into a mail for each of its readers, or withdraw it; one that fails is parked.

        Raises `Unavailable` when the record is locked, full or away.
        """
        engine = self.room.record.engine
        try:
            found = tuple(tasks.to_write(self.room, notice))
            live = tuple(task for task in found if not tasks.is_moot(task))
            mails = self._mails(live)
        except errors.Unavailable:
            raise
        except Exception as failure:
            log.exception("notification %s (%s) cannot be told", notice.id, notice.mail)
            notifying.park(engine, notice, error=f"{type(failure).__name__}: {failure}")
            return Counter(parked=1)
        if not mails:
            notifying.cancel(engine, notice, why=GONE if found and not live else NOBODY)
            return Counter(withdrawn=1)
        held = notifying.expand(engine, notice, mails, now=self.now)
        return self._counted(mails) if held else Counter()

    def _mails(self, live: tuple[Task, ...]) -> list[NewMessage]:
        readers = [task.reader.person.id for task in live]
        wishes = mail_wishes.of(self.room.record.engine, readers, custom=self.room.customs.wishes)
        planned = ((task, self._when(task, wishes[task.reader.person.id])) for task in live)
        return [self._mail(task, plan) for task, plan in planned if plan is not None]

    def _when(self, task: Task, wishes: mail_wishes.Wishes) -> when.Plan | None:
        sort, person = sort_of(task), task.reader.person
        name = self.calendars.get(person.organisation_id or "") or task.process.calendar
        moment = Moment(now=self.now, zone=person.timezone, calendar=task.agenda.calendars.get(name))
        many = sort in {Sort.NEWS, Sort.REMINDS} and self._has_many(person, moment)
        plan = when.plan(sort, wishes, moment, until=_until(task), many=many)
        # What belongs into a calendar has to come in a mail of its own.
        invites = bool(task.process.mails[task.notice.mail].invitation)
        return replace(plan, gather=when.Gather.ALONE) if plan and invites else plan

    def _has_many(self, person: people.Person, moment: Moment) -> bool:
        since = when.start_of_day(moment)
        return outbox.written_to(self.room.record.engine, person.id, since=since) >= self.room.customs.daily

    def _mail(self, task: Task, plan: when.Plan) -> NewMessage:
        late = self.wary and is_late(task.notice, self.now)
        return NewMessage(
            person_id=task.reader.person.id,
            address=task.reader.person.email,
            kind=task.kind,
            language=task.reader.person.language,
            message_id=compose.message_id(self.room.letterhead, task),
            sender=self.room.letterhead.sender,
            next_at=plan.at,
            gather=plan.gather,
            state=MessageState.HELD if late else MessageState.QUEUED,
        )

    def _counted(self, mails: list[NewMessage]) -> Counter[str]:
        held = sum(mail.state is MessageState.HELD for mail in mails)
        later = sum(mail.state is MessageState.QUEUED and (mail.next_at or self.now) > self.now for mail in mails)
        return Counter(held=held, deferred=later)


def _until(task: Task) -> datetime | None:
    """Return the date that a mail must not come after: that of the next step, or of the session it is about."""
    coming = next_step.find(task.agenda, task.notice, task.reader.person)
    begins = task.item.begins_at if isinstance(task.item, Session) else None
    dates = (coming.due_at if coming else None, begins)
    return min((one for one in dates if one is not None and one > task.agenda.now), default=None)


def open_planner(room: Mailroom) -> Planner:
    """Return what plans the mails of one beat."""
    engine, now = room.record.engine, room.clock.now()
    late = notifying.late_ones(engine, before=now - when.LATE) + outbox.held_since(engine, now - when.LATE)
    calendars = {body.id: body.calendar for body in room.directory.organisations()}
    return Planner(room=room, now=now, calendars=calendars, wary=late > room.customs.burst)


def is_late(notice: Notification, now: datetime) -> bool:
    """Tell whether a reminder comes so late that something must have held it up."""
    return next_step.is_reminder(notice) and notice.due_at is not None and notice.due_at < now - when.LATE


def moved_to(task: Task) -> datetime | None:
    """Return the later instant that a reminder's date has moved to since it was planned, or None."""
    if not next_step.is_reminder(task.notice):
        return None
    planned = timers.plan(task.process, task.case, task.agenda.calendars)
    at = next((timer.due_at for timer in planned if timer.key == task.notice.timer_key), None)
    return at if at is not None and at > task.agenda.now else None


def sort_of(task: Task) -> Sort:
    """Tell what a mail is to its reader: whoever did the act or lost their part by it is told whatever they wish."""
    mail = task.process.mails[task.notice.mail]
    if mail.urgent:
        return Sort.URGENT
    if next_step.is_reminder(task.notice):
        return Sort.REMINDS
    if mail.kind is MailKind.ACTION:
        return Sort.ASKS
    return Sort.NEWS if compose.is_mutable(task) else Sort.SERVED
