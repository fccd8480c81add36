"""The mail room: plans the mails that are wanted, writes each when its time has come, and hands it to the relay."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from cases import addresses, gathering, mail_reasons, mail_wishes, notifying, outbox, reachability
from cases.decision_links import NewLink
from cases.notifying import Notification
from cases.outbox import Message, MessageState
from cases.people import Person
from notifications import compose, digests, mime, planning, retry, tasks, transport, why
from notifications.compose import Task
from notifications.pace import WINDOW, Pace
from notifications.room import Mailroom, open_mailroom
from notifications.transport import Envelope, Receipt
from states import errors
from states.process import MailKind
from states.reach import Reach
from states.said import say

__all__ = ["Counts", "Mailroom", "deliver_due", "new_message", "open_mailroom"]

log = logging.getLogger(__name__)

SPARE = timedelta(seconds=90)
"""A message is not begun when less than this is left of its lease: somebody else might begin it as well."""
LATER = timedelta(minutes=1)
NOT_YOURS = say("the recipient has left, or no longer has the part because of which it was written")
UNREACHABLE = say("mails do not reach this address any more, and this one asks for nothing")
CHANGED = say("what it carries has changed since it was written; each message goes by itself")

_COUNTED_AS = {
    MessageState.SENT: "sent",
    MessageState.RETRY: "retried",
    MessageState.UNKNOWN: "unknown",
    MessageState.REFUSED: "refused",
    MessageState.PARKED: "parked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one beat did: notifications withdrawn or kept for a person, and what became of each mail.

    `deferred` mails wait for their reader's hours, `held` ones for an administrator, and `carried` ones go in others.
    """

    withdrawn: int = 0
    deferred: int = 0
    held: int = 0
    carried: int = 0
    written: int = 0
    sent: int = 0
    retried: int = 0
    unknown: int = 0
    refused: int = 0
    cancelled: int = 0
    parked: int = 0
    put_off: int = 0
    untried: int = 0


def deliver_due(room: Mailroom, *, limit: int = 200, owner: str) -> Counts:
    """Plan a mail for every reason that holds, send every mail that is due, and say what was done: the heartbeat."""
    done: Counter[str] = Counter()
    planner = planning.open_planner(room)
    for notice in _taken_up(room, limit=limit, owner=owner):
        try:
            done += planner.plan(notice)
        except errors.Unavailable:
            notifying.give_back(room.record.engine, notice)
            raise
    done["carried"] += digests.gather(room)
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


def new_message(draft: mime.Draft, person: Person) -> outbox.NewMessage:
    """Return a finished mail as it is queued for its one reader."""
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


async def _send(room: Mailroom, due: tuple[Message, ...]) -> Counter[str]:
    """Send in order; what a broken run leaves untried is put back."""
    done: Counter[str] = Counter()
    waiting = {message.message_id: message for message in due}
    async for envelope, receipt in transport.send_all(room.transport(), _envelopes(room, waiting, done)):
        done[_settle(room, waiting.pop(envelope.message_id), receipt)] += 1
    for message in waiting.values():
        _put_back(room, message)
    return done + Counter(untried=len(waiting))


def _envelopes(room: Mailroom, waiting: dict[str, Message], done: Counter[str]) -> Iterator[Envelope]:
    """Yield each message when its turn comes, in the words that hold then; one whose reason is gone is withdrawn.

    One that is over the limit of its domain, or of all, is put off to a moment of its own and not counted as tried.
    """
    pace = _pace(room)
    for key, message in tuple(waiting.items()):
        now = room.clock.now()
        if now + SPARE > message.lease_until:
            return
        until = pace.ask(addresses.domain(message.address), now=now)
        if until is not None:
            outbox.put_off(room.record.engine, waiting.pop(key), until=until)
            done["put_off"] += 1
            continue
        try:
            envelope = _ready(room, message)
        except errors.Unavailable:
            raise
        except _Over as over:
            done[over.counted_as] += 1
            del waiting[key]
        except Exception as failure:
            log.exception("message %s (%s) cannot be written", message.id, message.mail)
            _end(room, message, MessageState.PARKED, why=f"{type(failure).__name__}: {failure}")
            done["parked"] += 1
            del waiting[key]
        else:
            done["written"] += message.content is None
            yield envelope


def _pace(room: Mailroom) -> Pace:
    """Begin where the last minute left off, whichever worker sent then."""
    if room.limits is None:
        return Pace(None)
    since = room.clock.now() - WINDOW
    return Pace(room.limits, outbox.tried_since(room.record.engine, since, at_most=room.limits.to_all))


class _Over(Exception):
    """A message does not go now, and has been dealt with; `counted_as` says how."""

    def __init__(self, counted_as: str) -> None:
        super().__init__(counted_as)
        self.counted_as = counted_as


def _ready(room: Mailroom, message: Message) -> Envelope:
    """Ask of a message what was asked when it was planned, write it if it is not yet, and return it as it goes."""
    person = room.directory.people([message.person_id]).get(message.person_id)
    if person is None or not person.active:
        raise _withdrawn(room, message, NOT_YOURS)
    if message.mail in digests.CARRIERS and message.notification_id is None:
        return _ready_carrier(room, message, person)
    notice = notifying.reason(room.record.engine, message.notification_id)
    if notice is None:
        return _envelope(message, message.content or b"")
    task = _asked_again(room, message, notice, person)
    if message.content is not None:
        return _envelope(message, message.content)
    task = tasks.with_link(room, task)
    draft = compose.compose(task, room.letterhead)
    if compose.is_mutable(task):
        draft = replace(draft, unsubscribe_url=_ending(room, person))
    return _written(room, message, draft, link=task.link)


def _asked_again(room: Mailroom, message: Message, notice: Notification, person: Person) -> Task:
    task = tasks.task_for(room, notice, person)
    if task is None:
        raise _withdrawn(room, message, NOT_YOURS)
    if tasks.is_moot(task):
        raise _withdrawn(room, message, planning.GONE)
    if compose.is_mutable(task) and not _takes_mail(room, message, person):
        raise _withdrawn(room, message, UNREACHABLE)
    moved = None if message.content else planning.moved_to(task)
    if moved is not None:
        outbox.put_off(room.record.engine, message, until=moved)
        raise _Over("deferred")
    return task


def _takes_mail(room: Mailroom, message: Message, person: Person) -> bool:
    """Tell whether mails reach the address to which this one goes: that of now, unless it is in words already."""
    address = person.email if message.content is None else message.address
    found = reachability.read_state(room.record.engine, person.id, address, now=room.clock.now())
    return found is not Reach.UNREACHABLE


def _ready_carrier(room: Mailroom, message: Message, person: Person) -> Envelope:
    """Write what a mail carries from what still holds; a written one whose parts no longer all hold does not go."""
    engine, now = room.record.engine, room.clock.now()
    found = {part: _task_of(room, part, person) for part in _in_time(room, message, person)}
    live = {part: task for part, task in found.items() if task is not None}
    gone = [part for part in found if part not in live]
    if gone:
        gathering.drop(engine, gone, why=planning.GONE, now=now)
    if message.content is not None and not gone:
        return _envelope(message, message.content)
    if message.content is not None or len(live) < 2:  # noqa: PLR2004 - one alone needs no other mail to carry it
        gathering.let_go(engine, message.id, now=now)
        raise _withdrawn(room, message, CHANGED)
    draft = digests.in_words(tuple(live.values()), room.letterhead, mail=message.mail, message_id=message.message_id)
    if draft.kind == MailKind.NOTICE:
        if not _takes_mail(room, message, person):
            gathering.let_go(engine, message.id, now=now)
            raise _withdrawn(room, message, UNREACHABLE)
        draft = replace(draft, unsubscribe_url=_ending(room, person))
    told = ((part, why.told(task, compose.letter(task, room.letterhead), draft.text)) for part, task in live.items())
    outbox.keep_reasons(engine, {part.id: mail_reasons.dump(one) for part, one in told})
    return _written(room, message, draft)


def _in_time(room: Mailroom, message: Message, person: Person) -> Iterator[gathering.Part]:
    """Yield what a mail carries, without the reminders whose date has moved since, unless it is written already."""
    for part in gathering.parts(room.record.engine, message.id):
        task = None if message.content else _task_of(room, part, person)
        moved = planning.moved_to(task) if task else None
        if moved is None:
            yield part
        else:
            gathering.put_off(room.record.engine, part, until=moved)


def _task_of(room: Mailroom, part: gathering.Part, person: Person) -> Task | None:
    notice = notifying.reason(room.record.engine, part.notification_id)
    task = tasks.task_for(room, notice, person) if notice else None
    return None if task is None or tasks.is_moot(task) else task


def _written(room: Mailroom, message: Message, draft: mime.Draft, *, link: NewLink | None = None) -> Envelope:
    words = outbox.Written(
        address=addresses.one_address(draft.to),
        language=draft.language,
        subject=draft.subject,
        sender=draft.sender,
        reply_to=draft.reply_to,
        content=mime.build(draft),
        reasons=mail_reasons.dump(draft.reasons),
        link=link,
    )
    if not outbox.put_in_words(room.record.engine, message, words):
        raise _Over("untried")
    return _envelope(replace(message, address=words.address, sender=words.sender), words.content)


def _envelope(message: Message, content: bytes) -> Envelope:
    return Envelope(message_id=message.message_id, sender=message.sender, recipient=message.address, content=content)


def _ending(room: Mailroom, person: Person) -> str:
    return room.letterhead.ending_url(mail_wishes.token(room.record.engine, person.id), person)


def _withdrawn(room: Mailroom, message: Message, why: str) -> _Over:
    _end(room, message, MessageState.CANCELLED, why=why)
    return _Over("cancelled")


def _end(room: Mailroom, message: Message, state: MessageState, *, why: str) -> None:
    ended = outbox.Attempt(state=state, outcome=state, reply=why)
    outbox.settle(room.record.engine, message, attempt=ended, now=room.clock.now())


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
