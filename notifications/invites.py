"""Invites to sessions: the part of a mail by which its reader's calendar takes one in, moves it, or lets it go.

Each person has an id of their own for each session, so that the calendars of two who meet cannot be matched.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from notifications import ics, mime, quotes
from states.items import Obligation, Session
from states.process import Invitation
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notifications.compose import Letterhead, Task

CANCELLED, PLANNED = "cancelled", "planned"


def part(task: Task, letterhead: Letterhead) -> bytes:
    """Return what the mail carries for its reader's calendar, or nothing where it is about no session with a date.

    It tells how the session stands now, whatever the act of the mail was: a mail that comes late never moves it back.
    """
    session, sends = meeting(task), task.process.mails[task.notice.mail].invitation
    if session is None or session.begins_at is None or sends is None or not _still_says(sends, session):
        return b""
    person, what = task.reader.person, task.voice.tell(say("Session"))
    asks = sends is Invitation.SENT
    invited = ics.Invitation(
        method=ics.Method.REQUEST if asks else ics.Method.CANCEL,
        uid=uid(letterhead, session, person.id),
        sequence=session.sequence,
        summary=task.voice.tell(say("%(number)s: %(what)s", number=task.case.number, what=what)),
        at=session.begins_at,
        written_at=task.agenda.now,
        organizer=letterhead.address,
        attendee=person.email,
        url=letterhead.case_url(task.case.number, person),
        place=quotes.calm(session.place) if asks else "",
        called_off=session.state == CANCELLED,
    )
    return ics.invitation(invited, product="Parley")


def meeting(task: Task) -> Session | None:
    """Return the session that a mail is about, or at which its obligation is met about, if its reader may see it."""
    item = task.item
    if isinstance(item, Obligation):
        item = task.case.item(item.session)
    return item if isinstance(item, Session) else None


def uid(letterhead: Letterhead, session: Session, person_id: str) -> str:
    """Name a session in the calendar of one person: the same for ever, and nothing to be read from it.

    A session that joined cases hold together is one in the calendar of whoever has a part in several of them.
    """
    held = session.shared_id or session.id
    return mime.message_id(letterhead.secret, "session", held, person_id, domain=letterhead.domain)


def whose(letterhead: Letterhead, session: Session, people: Iterable[str], reply: ics.Reply) -> str | None:
    """Find who of these people was sent the invitation that a reply answers; nobody else could know its id."""
    answered = reply.uid.encode(errors="replace")
    return next((one for one in people if hmac.compare_digest(uid(letterhead, session, one).encode(), answered)), None)


def _still_says(sends: Invitation, session: Session) -> bool:
    """Tell whether a mail may touch the calendar as the session stands: what is past or called off asks nobody."""
    return session.state == PLANNED if sends is Invitation.SENT else session.state in {CANCELLED, PLANNED}
