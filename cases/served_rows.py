"""Reads from the record what a proof of service is made of: mails with their reasons, tries, hashes, and looks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from cases import tables
from cases.looks import Kind
from cases.messages import Delivery
from states.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The mails of a case in the order of their notices, and by their numbers the tries, hashes and sizes of each.

    `looks` are when each person looked at the case, `reachable` the people of the case to whom mails can go.
    """

    mails: Sequence[Row[Any]]
    tries: Mapping[int, tuple[Delivery, ...]]
    looks: Mapping[str, tuple[datetime, ...]]
    reachable: frozenset[str]
    hashed: Mapping[int, tuple[str, int]] = field(default_factory=dict)


def read(connection: Connection, case: Case, *, only: Collection[int] | None = None) -> Found:
    """Read everything about the mails of a case, or without their hashes about those of `only` some notices."""
    wanted = _mails(case.id)
    if only is not None:
        wanted = wanted.where(tables.notifications.c.id.in_(tuple(only)))
    return Found(
        mails=connection.execute(wanted).all(),
        tries=_tries(connection, case.id),
        looks=_looks(connection, case.id),
        reachable=reachable(connection, case.people),
        hashed=_hashed(connection, case.id) if only is None else {},
    )


def reachable(connection: Connection, people: Collection[str]) -> frozenset[str]:
    """Find which of these people a mail can be sent to: who has not left, and has an address."""
    kept = tables.people.c
    wanted = select(kept.id).where(kept.id.in_(tuple(people)), kept.active, kept.email != "")
    return frozenset(connection.execute(wanted).scalars()) if people else frozenset()


def _mails(case_id: str) -> Select[Any]:
    kept, notices, events, items = tables.messages, tables.notifications, tables.events, tables.items
    columns = [column for column in kept.c if column.name not in {"content", "sender", "reasons"}]
    return (
        select(
            *columns,
            notices.c.id.label("notice"),
            notices.c.to,
            notices.c.item,
            notices.c.timer_key,
            notices.c.event_id,
            notices.c.created_at.label("notice_at"),
            tables.people.c.name.label("person_name"),
            events.c.zone.label("event_zone"),
            events.c.trigger,
            items.c.zone.label("item_zone"),
        )
        .join(notices, notices.c.id == kept.c.notification_id)
        .join(tables.people, tables.people.c.id == kept.c.person_id)
        .outerjoin(events, events.c.id == notices.c.event_id)
        .outerjoin(items, and_(items.c.case_id == notices.c.case_id, items.c.id == notices.c.item))
        .where(kept.c.case_id == case_id)
        .order_by(notices.c.id, kept.c.id)
    )


def _tries(connection: Connection, case_id: str) -> dict[int, tuple[Delivery, ...]]:
    kept = tables.deliveries.c
    wanted = select(kept.message_id, kept.at, kept.outcome, kept.code, kept.reply)
    rows = connection.execute(wanted.where(kept.message_id.in_(_in_which(case_id))).order_by(kept.message_id, kept.id))
    return {
        message: tuple(Delivery(at=one.at, outcome=one.outcome, code=one.code, reply=one.reply) for one in group)
        for message, group in groupby(rows, key=lambda row: int(row.message_id))
    }


def _hashed(connection: Connection, case_id: str) -> dict[int, tuple[str, int]]:
    """Hash the bytes of each mail that is written, and count them."""
    kept = tables.messages.c
    wanted = select(kept.id, kept.content).where(kept.id.in_(_in_which(case_id)), kept.content.is_not(None))
    rows = connection.execute(wanted)
    return {row.id: (hashlib.sha256(row.content).hexdigest(), len(row.content)) for row in rows}


def _in_which(case_id: str) -> Select[Any]:
    """Select the mails of a case, and those in which some of them went out."""
    kept = tables.messages.c
    return select(func.coalesce(kept.carried_by, kept.id)).where(kept.case_id == case_id)


def _looks(connection: Connection, case_id: str) -> dict[str, tuple[datetime, ...]]:
    kept = tables.looks.c
    wanted = select(kept.person_id, kept.at).where(kept.case_id == case_id, kept.kind == Kind.CASE)
    rows = connection.execute(wanted.order_by(kept.person_id, kept.at))
    return {who: tuple(row.at for row in group) for who, group in groupby(rows, key=lambda row: str(row.person_id))}
