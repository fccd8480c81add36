"""Says by which of the ways that a mail's reader was told it counts as served first."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from states import deemed_service, errors
from states.calendar import Calendar
from states.case import Case
from states.items import Service
from states.process import Process

CONFIRMED, REFUTED = "confirmed", "refuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A declaration that somebody was told otherwise than by mail: by whom, when, how, and when it counts."""

    item: str
    by: str
    at: datetime
    method: str
    counts_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """When somebody was told of a notice: by a mail that was taken, a look at the case, or otherwise."""

    taken_at: datetime | None
    looked_at: datetime | None
    otherwise: tuple[Otherwise, ...]


def otherwise(case: Case, mail: str, person: str) -> Iterator[Otherwise]:
    """Find the declarations that this very mail was brought to its reader; one by a party counts once confirmed."""
    for one in case.all(Service):
        if one.mail == mail and one.person == person and (not one.declared_by or one.state == CONFIRMED):
            yield Otherwise(
                item=one.id, by=one.by, at=one.served_at, method=one.method, counts_at=one.deemed_at, state=one.state
            )


def first(process: Process, ways: Ways, *, calendar: Calendar) -> tuple[datetime | None, str]:
    """Return when a notice counts as served at the earliest, by the recipient's calendar, and by which method."""
    declared = ((one.counts_at, one.method) for one in ways.otherwise if one.counts_at and one.state != REFUTED)
    return min([*declared, *_by_itself(process, ways, calendar)], default=(None, ""))


def _by_itself(process: Process, ways: Ways, calendar: Calendar) -> Iterator[tuple[datetime, str]]:
    rule = process.service
    for method, at in ((rule.mail, ways.taken_at), (rule.desk, ways.looked_at)) if rule else ():
        if not method or at is None:
            continue
        with contextlib.suppress(errors.OutsideCalendar):
            counts_at = deemed_service.counts_at(process, method, at, calendar=calendar)
            if counts_at is not None:
                yield counts_at, method
