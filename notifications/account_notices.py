"""Queues the mails that tell somebody what was done about their own entry on file, so that nobody does it unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cases import outbox
from cases.emergencies import MAIL
from notifications import compose, mailroom

if TYPE_CHECKING:
    from cases.emergencies import Request
    from cases.outbox import NewMessage
    from cases.people import Person
    from cases.webhooks import Webhook
    from notifications.mailroom import Mailroom

ADDRESS_CHANGED = "address_changed"
CODE_MADE = "code_made"
WAYS_IN_CHANGED = "ways_in_changed"
WEBHOOK_STOPPED = "webhook_stopped"
ANSWER_TAKEN_IN = "answer_taken_in"


def tell_of_new_address(room: Mailroom, before: Person, after: Person) -> None:
    """Tell somebody at their old address that mails go to another one now."""
    _tell(room, before, ADDRESS_CHANGED, occurrence=f"{before.email} {after.email} {room.clock.now().isoformat()}")


def tell_of_new_code(room: Mailroom, person: Person) -> None:
    """Tell somebody that a new personal code was made for them; the code itself never goes by mail."""
    _tell(room, person, CODE_MADE, occurrence=room.clock.now().isoformat())


def room_opened(room: Mailroom, person: Person, request: Request) -> NewMessage:
    """Write to somebody in a case that a room they read was opened to an administrator; it names the number alone."""
    item, now = request.item, room.clock.now()
    notice = compose.CaseNotice(number=request.number, until=item.until)
    occurrence = f"{request.case_id}:{item.id}"
    draft = compose.account_notice(person, MAIL, room.letterhead, occurrence=occurrence, now=now, about=notice)
    return mailroom.new_message(draft, person)


def tell_of_new_ways_in(room: Mailroom, person: Person) -> None:
    """Tell somebody that what they sign in with was changed, in case it was not they who did it."""
    _tell(room, person, WAYS_IN_CHANGED, occurrence=room.clock.now().isoformat())


def answer_taken_in(room: Mailroom, person: Person, number: str) -> NewMessage:
    """Write to somebody that their mail lies with those who run their case: once a day, however much they write."""
    now = room.clock.now()
    about = compose.CaseNotice(number=number, until=None)
    draft = compose.account_notice(
        person, ANSWER_TAKEN_IN, room.letterhead, occurrence=now.date().isoformat(), now=now, about=about
    )
    return mailroom.new_message(replace(draft, answers=True), person)


def webhook_stopped(room: Mailroom, person: Person, webhook: Webhook) -> None:
    """Tell somebody that nothing is sent to a webhook of theirs any more."""
    _tell(room, person, WEBHOOK_STOPPED, occurrence=f"{webhook.id} {room.clock.now().isoformat()}")


def _tell(room: Mailroom, person: Person, mail: str, *, occurrence: str) -> None:
    now = room.clock.now()
    draft = compose.account_notice(person, mail, room.letterhead, occurrence=occurrence, now=now)
    outbox.enqueue(room.record.engine, mailroom.new_message(draft, person), mail=mail, now=now)
