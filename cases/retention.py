"""For how long each class of data is to be kept: what the office decided, and what would be due for deletion and when.

Nothing is deleted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Select, func, insert, or_, select, update

from cases import tables
from cases.unit_of_work import reading, unit_of_work
from states import errors, roles
from states.said import say

LONGEST_DAYS = 36_525


class DataClass(StrEnum):
    """A class of data with a period of its own."""

    CONFIDENCES = "confidences"
    CASES = "cases"
    MAILS = "mails"
    LOOKS = "looks"


PROPOSED: Mapping[DataClass, int | None] = {
    DataClass.CONFIDENCES: 90,
    DataClass.CASES: None,
    DataClass.MAILS: 30,
    DataClass.LOOKS: 180,
}
"""For how many days each class is kept where the office decided nothing; None for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A class, for how many days it is kept or None for ever, and who decided that when, if anybody did."""

    data: DataClass
    days: int | None
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would be deleted of a class: how many now, how many within thirty days, and when the next after now."""

    now: int
    soon: int
    next_at: datetime | None


SOON = timedelta(days=30)


def periods(engine: Engine) -> tuple[Period, ...]:
    """List every class with its period."""
    kept = tables.retention
    with reading(engine) as connection:
        found = {row["class"]: row for row in connection.execute(select(kept)).mappings()}
    return tuple(
        Period(
            data=one,
            days=found[one]["days"] if one in found else PROPOSED[one],
            changed_by=found[one]["changed_by"] if one in found else None,
            changed_at=found[one]["changed_at"] if one in found else None,
        )
        for one in DataClass
    )


def decide(engine: Engine, data: DataClass, days: int | None, *, by: str, now: datetime) -> None:
    """Keep a class for so many days from now on, or for ever. Raises `Refused` for a span that is none."""
    if days is not None and not 0 < days <= LONGEST_DAYS:
        sentence = say("a period lasts from 1 to %(most)s days; leave it empty to keep for ever", most=LONGEST_DAYS)
        raise errors.Refused(sentence)
    kept = tables.retention
    values = {"days": days, "changed_by": by, "changed_at": now}
    with unit_of_work(engine) as work:
        if not work.execute(update(kept).where(kept.c["class"] == data).values(**values)).rowcount:
            work.execute(insert(kept), {"class": data, **values})


def outlook(engine: Engine, period: Period, *, now: datetime) -> Outlook:
    """Count what a period would delete; of whose data it is nothing is told."""
    if period.days is None:
        return Outlook(now=0, soon=0, next_at=None)
    began, span = _BEGINNINGS[period.data].subquery(), timedelta(days=period.days)
    counted = select(func.count()).select_from(began)
    following = select(func.min(began.c.at, type_=tables.Instant())).where(began.c.at > now - span)
    with reading(engine) as connection:
        due = connection.execute(counted.where(began.c.at <= now - span)).scalar_one()
        soon = connection.execute(counted.where(began.c.at <= now + SOON - span)).scalar_one()
        next_one = connection.execute(following).scalar()
    return Outlook(now=due, soon=soon - due, next_at=next_one + span if next_one else None)


_cases, _items, _mails = tables.cases, tables.items, tables.messages
_closed = select(_cases.c.closed_at.label("at")).where(_cases.c.closed_at.is_not(None))

# From which instant on the period of each thing of a class is counted.
_BEGINNINGS: Mapping[DataClass, Select[Any]] = {
    DataClass.CONFIDENCES: _closed.join(_items, _items.c.case_id == _cases.c.id).where(
        or_(*(_items.c.zone.startswith(f"{kind}:") for kind in roles.OF_A_PARTY))
    ),
    DataClass.CASES: _closed,
    DataClass.MAILS: select(_mails.c.settled_at.label("at")).where(_mails.c.settled_at.is_not(None)),
    DataClass.LOOKS: select(tables.looks.c.at),
}
