"""Queues the mails that tell somebody what was done about their own entry on file, so that nobody does it unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import outbox
from notifications import compose, mailroom

if TYPE_CHECKING:
    from cases.people import Person
    from notifications.mailroom import Mailroom

ADDRESS_CHANGED = "address_changed"
CODE_MADE = "code_made"


def tell_of_new_address(room: Mailroom, before: Person, after: Person) -> None:
    """Tell somebody at their old address that mails go to another one now."""
    _tell(room, before, ADDRESS_CHANGED, occurrence=f"{before.email} {after.email} {room.clock.now().isoformat()}")


def tell_of_new_code(room: Mailroom, person: Person) -> None:
    """Tell somebody that a new personal code was made for them; the code itself never goes by mail."""
    _tell(room, person, CODE_MADE, occurrence=room.clock.now().isoformat())


def _tell(room: Mailroom, person: Person, mail: str, *, occurrence: str) -> None:
    now = room.clock.now()
    draft = compose.account_notice(person, mail, room.letterhead, occurrence=occurrence, now=now)
    outbox.enqueue(room.record.engine, mailroom.new_message(draft, person), mail=mail, now=now)
