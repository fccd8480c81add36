"""Queues the mails that no case asked for: a link to sign in, or one in the place of a link that has expired."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases import decision_links, outbox, queries
from cases.decision_links import Link
from cases.people import Person
from cases.viewer import Viewer
from notifications import compose, mailroom, routes
from notifications.mailroom import Mailroom
from states import errors


def send_sign_in_link(room: Mailroom, person: Person, link: str, *, until: datetime) -> None:
    """Queue the mail that takes a one-time link to its owner."""
    now = room.clock.now()
    draft = compose.sign_in(person, link, room.letterhead, until=until, now=now)
    outbox.enqueue(room.record.engine, mailroom.new_message(draft, person), mail=compose.SIGN_IN, now=now)


def send_fresh_link(room: Mailroom, old: Link) -> bool:
    """Queue a link in the place of an expired one, to the address on file, once; tell whether that was still wanted."""
    now, person = room.clock.now(), room.directory.person(old.person_id)
    try:
        asked = queries.asked_of(
            room.record, Viewer(routes.actor_of(person), by_mail=True), old.case_id, old.item_id, now=now
        )
    except errors.NotFound:
        return False
    if not asked.answers:
        return False
    new = decision_links.new_link(asked, person.id, now=now)
    draft = compose.fresh_link(person, new, room.letterhead, instead_of=old, now=now)
    message = replace(mailroom.new_message(draft, person), link=new)
    return outbox.enqueue(room.record.engine, message, mail=compose.FRESH_LINK, instead_of=old, now=now)
