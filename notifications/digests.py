"""Puts together what waits for one reader: the reminders of a case, and what comes in the rhythm they chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from cases import gathering
from cases.gathering import Waiting
from cases.outbox import NewMessage
from notifications import compose, mime, next_step, own_words, wording
from notifications.compose import Letterhead, Occasion, Task
from notifications.room import Mailroom
from notifications.when import Gather
from states.process import MailKind

REMINDERS = "reminders"
"""The mail that carries the reminders of one case."""
NEWS = "digest"
"""The mail that carries what was gathered from several cases."""
CARRIERS = (REMINDERS, NEWS)


def gather(room: Mailroom) -> int:
    """Let what waits for the same reader go out as one mail; tell how many messages are carried by others now."""
    now = room.clock.now()
    found = gathering.waiting(room.record.engine, now=now)
    carried = 0
    for _, group in groupby(sorted(found, key=_together), key=_together):
        parts = _newest(room, tuple(group))
        if len(parts) > 1 and _carry(room, parts):
            carried += len(parts)
    return carried


def _together(one: Waiting) -> tuple[str, str, str]:
    of_case = one.gather == Gather.CASE
    return (one.person_id, one.gather, (one.case_id or "") if of_case else "")


def _newest(room: Mailroom, group: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """Keep of the reminders of one clock the newest alone, and withdraw those before it."""
    newest = {one.clock: one for one in group if one.clock}
    kept = tuple(one for one in group if not one.clock or newest[one.clock] is one)
    old = [one for one in group if one not in kept]
    if old:
        gathering.drop(room.record.engine, old, why=gathering.ANOTHER, now=room.clock.now())
    return kept


def _carry(room: Mailroom, parts: Sequence[Waiting]) -> bool:
    now, one = room.clock.now(), parts[0]
    person = room.directory.person(one.person_id)
    of_case = one.gather == Gather.CASE
    carrier = NewMessage(
        person_id=person.id,
        address=person.email,
        kind=MailKind.ACTION if of_case else MailKind.NOTICE,
        language=person.language,
        message_id=mime.message_id(
            room.letterhead.secret, "carrier", *(part.message_id for part in parts), domain=room.letterhead.domain
        ),
        sender=room.letterhead.sender,
        next_at=now,
    )
    return gathering.carry(room.record.engine, parts, carrier, mail=REMINDERS if of_case else NEWS, now=now)


def in_words(tasks: Sequence[Task], letterhead: Letterhead, *, mail: str, message_id: str) -> mime.Draft:
    """Return the one mail that tells a reader all of this; what leads it is what is asked and due soonest."""
    tasks = sorted(tasks, key=_due)
    one = tasks[0]
    person, voice = one.reader.person, one.voice
    told = [(task.notice.mail, compose.letter(task, letterhead)) for task in tasks]
    lead = next((letter for _, letter in told if letter.asks and letter.due), told[0][1])
    of_case = mail == REMINDERS
    whole = replace(
        lead,
        url=letterhead.case_url(one.case.number, person) if of_case else letterhead.home(person),
        decides=False,
        asks=any(letter.asks for _, letter in told),
        details=tuple(
            wording.Fact(
                voice.headline(name, letter, own_words.usable(letterhead.worded(name, voice.language), letter)),
                voice.entry(_bare(letter) if of_case else letter),
            )
            for name, letter in told
        ),
        count=len(told),
        act="",
        meant="",
    )
    if not of_case:
        whole = replace(_bare(whole), role="")
    kind = MailKind.ACTION if whole.asks else MailKind.NOTICE
    thread = one.case.id if of_case else NEWS
    occasion = Occasion(
        occurrence="", thread=thread, kind=kind, at=one.agenda.now, of_case=of_case, identity=message_id
    )
    words = own_words.render(voice, mail, whole, letterhead.worded(mail, voice.language))
    return compose.draft(letterhead, person, words, occasion)


def _due(task: Task) -> datetime:
    """Return by when a mail asks for something; what asks for nothing comes after all that does."""
    coming = next_step.find(task.agenda, task.notice, task.reader.person) if task.kind is MailKind.ACTION else None
    return coming.due_at if coming else datetime.max.replace(tzinfo=UTC)


def _bare(letter: wording.Letter) -> wording.Letter:
    """Take out of a letter which case it is about."""
    return replace(letter, number="", title="", stage="", tier="", ended="")
