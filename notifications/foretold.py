"""Writes a mail that would be sent, before anything has happened: its words, for somebody else to look at first.

It is composed as the mail room will compose it, from what both its reader and whoever looks at it may read: the look of
another person takes out what only the reader may know, and never adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases import notifying, queries
from cases.record import Record
from notifications import compose, next_step, routes, wording
from notifications.compose import Letterhead, Task
from states import roles, zoning
from states.case import Case
from states.events import Event
from states.process import MailKind, Process

UNSEEN = "…"
"""Stands in a mail that is only looked at where its reader gets a secret of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a mail would be written from: the case as it would stand, and the zones of whoever looks at the mail."""

    record: Record
    letterhead: Letterhead
    process: Process
    case: Case
    zones: frozenset[str]
    now: datetime
    names: Mapping[str, str]


def words(
    moment: Moment, notice: notifying.Notification, event: Event | None, reader: routes.Recipient
) -> wording.Words:
    """Put a mail into words for one of its readers; `event` is the act it would tell of, or None for a reminder."""
    process, person = moment.process, reader.person
    own = roles.readable_zones(process, moment.case, routes.actor_of(person))
    zones = roles.mailable(own) & moment.zones
    items = tuple(item for item in moment.case.items if item.zone in zones)
    fields = zoning.readable_fields(process, moment.case, zones)
    case = replace(moment.case, items=items, fields=fields)
    told = event if event is not None and (event.zone in zones or event.actor == person.id) else None
    task = Task(
        notice=notice,
        reader=reader,
        agenda=next_step.Agenda(
            process=process, case=case, calendars=moment.record.calendars, now=moment.now, zones=zones
        ),
        entry=queries.foretold(moment.record, process, case, told) if told is not None else None,
        names=moment.names,
    )
    if task.kind is MailKind.ACTION and compose.decided_in(task) is not None:
        task = replace(task, secret=UNSEEN)
    return compose.in_words(task, moment.letterhead)
