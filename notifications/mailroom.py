"""The mail room: turns what the outbox holds into finished mails, and hands them to the relay, each at least once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from cases import addresses, audience, decision_links, notifying, outbox, queries, reachability, tours
from cases.notifying import Notification
from cases.people import Directory, Person
from cases.record import Record
from cases.viewer import Viewer
from cases.wordings import Wordings
from config.clock import Clock
from config.settings import Settings
from notifications import compose, from_settings, mime, next_step, retry, routes, transport
from notifications.compose import Letterhead, Task
from notifications.pace import WINDOW, Limits, Pace
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope, Receipt, Transport
from states import errors, roles
from states.case import Case
from states.process import MailKind, Process
from states.reach import Reach
from states.said import say

log = logging.getLogger(__name__)

SPARE = timedelta(seconds=90)
"""A message is not begun when less than this is left of its lease: somebody else might begin it as well."""
LATER = timedelta(minutes=1)
GONE = say("its reason is gone")
NOBODY = say("nobody who may read it holds a role that it is addressed to")
NOT_YOURS = say("the recipient has left, or no longer has the part because of which it was written")
UNREACHABLE = say("mails do not reach this address any more, and this one asks for nothing")

_COUNTED_AS = {
    outbox.MessageState.SENT: "sent",
    outbox.MessageState.RETRY: "retried",
    outbox.MessageState.UNKNOWN: "unknown",
    outbox.MessageState.REFUSED: "refused",
    outbox.MessageState.PARKED: "parked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Everything needed to tell people: the record, who they are, how letters look, the way to the relay, the time."""

    record: Record
    directory: Directory
    letterhead: Letterhead
    transport: Callable[[], Transport]
    clock: Clock
    limits: Limits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one beat did: mails written, notifications withdrawn or kept for a person, and what became of each mail."""

    written: int = 0
    withdrawn: int = 0
    sent: int = 0
    retried: int = 0
    unknown: int = 0
    refused: int = 0
    cancelled: int = 0
    parked: int = 0
    put_off: int = 0
    untried: int = 0


def open_mailroom(record: Record, settings: Settings, *, clock: Clock) -> Mailroom:
    """Return the mail room of an installation; without a mail server in the settings, mail goes to its own mailbox."""
    relay = from_settings.relay(settings)
    return Mailroom(
        record=record,
        directory=Directory(record.engine),
        letterhead=from_settings.letterhead(settings, Wordings(record.engine)),
        transport=lambda: SmtpTransport(relay),
        clock=clock,
        limits=from_settings.limits(settings),
    )


def deliver_due(room: Mailroom, *, limit: int = 200, owner: str) -> Counts:
    """Write every mail whose reason still holds, send every mail that is due, and say what was done: the heartbeat."""
    done: Counter[str] = Counter()
    for notice in _taken_up(room, limit=limit, owner=owner):
        try:
            done += write(room, notice)
        except errors.Unavailable:
            notifying.give_back(room.record.engine, notice)
            raise
    due = outbox.claim_messages(room.record.engine, now=room.clock.now(), limit=limit, owner=owner)
    if due:
        done += asyncio.run(_send(room, due))
    return Counts(**done)


def _taken_up(room: Mailroom, *, limit: int, owner: str) -> Iterator[Notification]:
    """Claim one notification after the other: a worker that dies has one in hand, and no other is blamed for it."""
    for _ in range(limit):
        claimed = notifying.claim(room.record.engine, now=room.clock.now(), limit=1, owner=owner)
        if not claimed:
            return
        yield from claimed


def write(room: Mailroom, notice: Notification) -> Counter[str]:
    """Turn one notification into a mail for each of its recipients, or withdraw it; one that fails is parked.

    Raises `Unavailable` when the record is locked, full or away.
    """
    engine = room.record.engine
    try:
        tasks = tuple(_tasks(room, notice))
        live = tuple(task for task in tasks if not _is_moot(task))
        mails = [_mail(room, _with_link(room, task)) for task in live]
    except errors.Unavailable:
        raise
    except Exception as failure:
        log.exception("notification %s (%s) cannot be written", notice.id, notice.mail)
        notifying.park(engine, notice, error=f"{type(failure).__name__}: {failure}")
        return Counter(parked=1)
    if not mails:
        notifying.cancel(engine, notice, why=GONE if tasks else NOBODY)
        return Counter(withdrawn=1)
    held = notifying.expand(engine, notice, mails, now=room.clock.now())
    return Counter(written=len(mails) if held else 0)


def _with_link(room: Mailroom, task: Task) -> Task:
    """Give a reader who is asked for a decision a link that leads straight to it."""
    item, person, now = compose.decided_in(task), task.reader.person, room.clock.now()
    if task.kind is not MailKind.ACTION or item is None:
        return task
    viewer = Viewer(routes.actor_of(person), by_mail=True)
    asked = queries.asked_of(room.record, viewer, task.case.id, item.id, now=now)
    return replace(task, link=decision_links.new_link(asked, person.id, now=now)) if asked.answers else task


def _mail(room: Mailroom, task: Task) -> outbox.NewMessage:
    draft = compose.compose(task, room.letterhead)
    return replace(new_message(draft, task.reader.person), link=task.link)


def _tasks(room: Mailroom, notice: Notification) -> Iterator[Task]:
    """Yield what to write to each recipient, from the case as that person may read it now."""
    acted = notice.event_id if routes.ACTOR in notice.to else None
    asked = {*audience.people_in(room.record, notice.case_id, who_did=acted), *notice.former}
    people = room.directory.people(sorted(asked))
    for person in people.values():
        task = _task_for(room, notice, person)
        if task is not None:
            yield task


def _task_for(room: Mailroom, notice: Notification, person: Person) -> Task | None:
    viewer = Viewer(routes.actor_of(person), by_mail=True)
    try:
        process, case = queries.case_for(room.record, viewer, notice.case_id)
        entry = None if notice.event_id is None else queries.event(room.record, viewer, notice.event_id)
    except errors.NotFound:
        return _task_for_who_acted(room, notice, person) or _task_for_who_left(room, notice, person)
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


def _task_for_who_acted(room: Mailroom, notice: Notification, person: Person) -> Task | None:
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


def _task_for_who_left(room: Mailroom, notice: Notification, person: Person) -> Task | None:
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


def _is_moot(task: Task) -> bool:
    if task.leaver is not None:
        return not tours.still_holds(task.case, task.leaver, task.notice)
    return next_step.is_moot(task.agenda, task.notice, asks=task.kind is MailKind.ACTION)


def new_message(draft: mime.Draft, person: Person) -> outbox.NewMessage:
    """Return a mail as it is queued for its one reader."""
    return outbox.NewMessage(
        person_id=person.id,
        address=addresses.one_address(draft.to),
        kind=draft.kind,
        language=draft.language,
        subject=draft.subject,
        message_id=draft.message_id,
        sender=draft.sender,
        reply_to=draft.reply_to,
        content=mime.build(draft),
    )


async def _send(room: Mailroom, due: tuple[outbox.Message, ...]) -> Counter[str]:
    """Send in order over one connection; what a broken run leaves untried is put back."""
    done: Counter[str] = Counter()
    waiting = {message.message_id: message for message in due}
    async for envelope, receipt in transport.send_all(room.transport(), _envelopes(room, waiting, done)):
        done[_settle(room, waiting.pop(envelope.message_id), receipt)] += 1
    for message in waiting.values():
        _put_back(room, message)
    return done + Counter(untried=len(waiting))


def _envelopes(room: Mailroom, waiting: dict[str, outbox.Message], done: Counter[str]) -> Iterator[Envelope]:
    """Yield each message when its turn comes, and withdraw the one whose reason or recipient is gone meanwhile.

    One that is over the limit of its domain, or of all, is put off to a moment of its own and not counted as tried.
    """
    pace = _pace(room)
    for key, message in tuple(waiting.items()):
        now = room.clock.now()
        if now + SPARE > message.lease_until:
            return
        why_not = _why_not(room, message)
        until = pace.ask(addresses.domain(message.address), now=now) if why_not is None else None
        if until is not None:
            outbox.put_off(room.record.engine, waiting.pop(key), until=until)
            done["put_off"] += 1
            continue
        if why_not is None:
            yield Envelope(message_id=key, sender=message.sender, recipient=message.address, content=message.content)
            continue
        outbox.cancel_message(room.record.engine, waiting.pop(key), why=why_not, now=now)
        done["cancelled"] += 1


def _pace(room: Mailroom) -> Pace:
    """Begin where the last minute left off, whichever worker sent then."""
    if room.limits is None:
        return Pace(None)
    since = room.clock.now() - WINDOW
    return Pace(room.limits, outbox.tried_since(room.record.engine, since, at_most=room.limits.to_all))


def _why_not(room: Mailroom, message: outbox.Message) -> str | None:
    """Ask of a finished mail again what was asked when it was written; None when it may go."""
    person = room.directory.people([message.person_id]).get(message.person_id)
    if person is None or not person.active:
        return NOT_YOURS
    notice = notifying.reason(room.record.engine, message)
    if notice is None:
        return None
    task = _task_for(room, notice, person)
    if task is None:
        return NOT_YOURS
    if _is_moot(task):
        return GONE
    return UNREACHABLE if _is_courtesy(task) and not _takes_mail(room, message) else None


def _is_courtesy(task: Task) -> bool:
    return task.kind is MailKind.NOTICE and not task.process.mails[task.notice.mail].formal


def _takes_mail(room: Mailroom, message: outbox.Message) -> bool:
    now = room.clock.now()
    found = reachability.read_state(room.record.engine, message.person_id, message.address, now=now)
    return found is not Reach.UNREACHABLE


def _settle(room: Mailroom, message: outbox.Message, receipt: Receipt) -> str:
    """Write down what became of a message, and say how it is counted."""
    now = room.clock.now()
    decision = retry.decide(receipt, attempt=message.attempts, first_at=message.first_at, now=now)
    if decision.alarm:
        log.error("the mail server refuses to work for us: %s %s", receipt.code, receipt.reply)
    attempt = outbox.Attempt(
        state=decision.state,
        outcome=receipt.outcome,
        next_at=decision.next_at,
        code=receipt.code,
        reply=receipt.reply,
    )
    outbox.settle(room.record.engine, message, attempt=attempt, now=now)
    return _COUNTED_AS[decision.state]


def _put_back(room: Mailroom, message: outbox.Message) -> None:
    outbox.put_off(room.record.engine, message, until=room.clock.now() + LATER)
