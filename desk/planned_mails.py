"""Says which mails a step of a case brings and to whom they go, by the rules of the mail room, before one is written.

A mail is for whoever may then read what it is about, as the mail room looks at it, and for those who lost their part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases import notifying, recording
from cases.notifying import Notification
from notifications import routes
from states import roles, zoning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.people import Person
    from notifications.routes import Recipient
    from states.case import Case
    from states.events import Event
    from states.playing import Played
    from states.process import MailKind, Process


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMail:
    """A mail that would be sent: what for, to whom in which part, and why, as the outbox would hold it."""

    name: str
    kind: MailKind
    to: tuple[Recipient, ...]
    notice: Notification
    event: Event | None


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why somebody is written to: the notification as the outbox would hold it, and the event it tells of, if any."""

    notice: Notification
    event: Event | None = None


def of(process: Process, step: Played, people: Mapping[str, Person]) -> Iterator[PlannedMail]:
    """Name each mail of a step with everybody of these people who would get it."""
    for reason in _reasons(process, step):
        name = reason.notice.mail
        readers = (_reader(process, step.after, reason, person) for person in _asked(step, reason, people))
        told = (reader for reader in readers if reader is not None)
        to = tuple(sorted(told, key=lambda one: (one.role == notifying.FORMER, one.part, one.person.name)))
        yield PlannedMail(name=name, kind=process.mails[name].kind, to=to, notice=reason.notice, event=reason.event)


def concerned(step: Played) -> frozenset[str]:
    """Name the people to whom mails of a step may go: who has a part before it or after it, and who did it."""
    return step.before.people | step.after.people | {event.actor for event in step.happened}


def _reasons(process: Process, step: Played) -> Iterator[_Reason]:
    """Make what the outbox would hold: a reminder, or the mails of each act, with the item that they are about."""
    blank = _notification(step)
    timer = step.timer
    if timer is not None and timer.mail is not None:
        yield _Reason(replace(blank, mail=timer.mail, to=timer.to, item=timer.item, due_at=timer.due_at))
    named_by = notifying.named_by(step.before, step.after)
    for telling in step.told:
        item = (step.item if telling.first == 0 else None) or recording.subject(telling.events)
        about = replace(blank, event_id=0, item=item)
        for mail in telling.mails:
            if to := notifying.addressed(process.mails[mail].to, named_by):
                yield _Reason(replace(about, mail=mail, to=to), recording.event_to_tell(telling.events))


def _notification(step: Played) -> Notification:
    return Notification(
        id=0,
        case_id=step.after.id,
        event_id=None,
        occurrence="",
        mail="",
        to=(),
        item=None,
        timer_key=step.timer.key if step.timer is not None else None,
        due_at=None,
        created_at=step.at,
        attempts=0,
        lease_owner="",
        lease_until=step.at,
    )


def _asked(step: Played, reason: _Reason, people: Mapping[str, Person]) -> Iterator[Person]:
    """Yield whom the mail room asks whether a mail is for them."""
    did_it = {reason.event.actor} if reason.event is not None and routes.ACTOR in reason.notice.to else set()
    asked = step.after.people | reason.notice.former | did_it
    yield from (people[one] for one in sorted(asked) if one in people)


def _reader(process: Process, after: Case, reason: _Reason, person: Person) -> Recipient | None:
    """Return somebody as who gets a mail; who cannot read the case or the event is told of their own act or loss."""
    notice, event = reason.notice, reason.event
    zones = roles.mailable(roles.readable_zones(process, after, routes.actor_of(person)))
    did_it = event is not None and event.actor == person.id
    if not zones or (event is not None and event.zone not in zones):
        acted = routes.who_acted(process, notice, person, event.trigger) if event is not None and did_it else None
        return acted or routes.has_left(notice, person)
    readable = tuple(item for item in after.items if item.zone in zones)
    case = replace(after, items=readable, fields=zoning.readable_fields(process, after, zones))
    found = routes.recipient(process, case, notice, person)
    if found is None and event is not None and did_it:
        return routes.did_it(process, case, notice, person, act=event.trigger)
    return found
