"""Before the tour of somebody with a part in an open case ends, that is told there, so that the part is handed over.

The heartbeat of the follow-ups looks. A mail is asked for under a key that only this person, last day and case have,
so it is written once however often and from wherever one looks, and again when another last day is put on file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, exists, literal, select

from cases import codec, notifying, tables
from cases import unit_of_work as work
from cases.notifying import Notification
from cases.people import Person
from cases.service import CaseService
from cases.tables import NotificationState
from states import tours
from states.case import Case

_ONE_DAY = timedelta(days=1)
_cases, _parts, _people = tables.cases, tables.case_people, tables.people


def tell(service: CaseService) -> int:
    """Ask for a mail wherever somebody with a part leaves soon and that was not told yet; return for how many."""
    now = service.clock.now()
    with work.reading(service.engine) as connection:
        untold = connection.execute(_untold(now)).all()
    wanted = [asked for row in untold if (asked := _asked(service, row, now)) is not None]
    if not wanted:
        return 0
    with work.unit_of_work(service.engine) as connection:
        return sum(notifying.ask_once(connection, asked) for asked in wanted)


def still_holds(case: Case, person: Person, notice: Notification) -> bool:
    """Tell whether a mail about the end of a tour still has its reason: the same last day, and a part that is held."""
    if person.leaves_on is None or notice.occurrence != _occurrence(case.id, person.id, person.leaves_on.isoformat()):
        return False
    return any(tours.parts(case, person.id))


def _occurrence(case_id: str, person: str, last_day: str) -> str:
    return f"{case_id}:tour:{person}:{last_day}"


def _untold(now: datetime) -> Select[Any]:
    """Select the parts in open cases of people whose last day is not over everywhere, and was not told of yet."""
    key = _cases.c.id + literal(":tour:") + _people.c.id + literal(":") + _people.c.leaves_on
    told = exists().where(tables.notifications.c.occurrence == key)
    return (
        select(
            _cases.c.id.label("case_id"),
            _cases.c.process_hash,
            _people.c.id.label("person"),
            _people.c.leaves_on,
            _people.c.timezone,
            tables.organisations.c.calendar,
        )
        .join(_parts, _parts.c.case_id == _cases.c.id)
        .join(_people, _people.c.id == _parts.c.person_id)
        .outerjoin(tables.organisations, tables.organisations.c.id == _people.c.organisation_id)
        .where(_cases.c.closed_at.is_(None), _people.c.active, _parts.c.role.not_in(tours.WAITING), ~told)
        .where(_people.c.leaves_on >= (now.date() - _ONE_DAY).isoformat())
        .distinct()
        .order_by(_people.c.leaves_on, _cases.c.id, _people.c.id)
    )


def _asked(service: CaseService, row: Row[Any], now: datetime) -> Mapping[str, Any] | None:
    """Return the mail to ask for, or None where the case tells nothing of tours, or it is not yet time or too late."""
    process = service.registry.get(row.process_hash)
    if process.tours is None:
        return None
    last_day, calendars = date.fromisoformat(row.leaves_on), service.calendars
    calendar = calendars[row.calendar if row.calendar in calendars else process.calendar]
    ends_at = tours.ends_at(last_day, row.timezone)
    if not tours.told_from(process.tours, last_day, timezone=row.timezone, calendar=calendar) <= now < ends_at:
        return None
    return {
        "case_id": row.case_id,
        "occurrence": _occurrence(row.case_id, row.person, row.leaves_on),
        "mail": process.tours.mail,
        "to": codec.dump(notifying.about_leaver(process.mails[process.tours.mail].to, row.person)),
        "due_at": ends_at,
        "created_at": now,
        "state": NotificationState.QUEUED,
    }
