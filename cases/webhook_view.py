"""What may be told to a webhook, and what was: read with the eyes of its owner, as they may read then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from cases import tables, timeline, viewer, webhook_outbox, webhooks
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from cases.webhook_outbox import Delivery, State, Try
from cases.webhooks import Webhook
from states import errors

_events, _rows, _tries = tables.events, tables.webhook_deliveries, tables.webhook_tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What may be told of an event: which case, at which version, and when it happened."""

    case_id: str
    number: str
    version: int
    at: datetime


def told_of(record: Record, webhook: Webhook, who: Viewer, delivery: Delivery) -> Told | None:
    """Read what may be told of an event to a webhook's owner; None where that is nothing (any more)."""
    with reading(record.engine) as connection:
        of_case = connection.execute(select(_events.c.case_id).where(_events.c.id == delivery.event_id)).scalar()
        try:
            seen = viewer.find(record, who, connection, of_case or "")
        except errors.NotFound:
            return None
        found = timeline.read_events(connection, seen, _events.c.id == delivery.event_id)
    kinds = webhooks.kinds_of(found[0].event, seen.zones) if found else ()
    if delivery.kind not in kinds or delivery.kind not in webhook.kinds:
        return None
    return Told(case_id=seen.case.id, number=seen.case.number, version=found[0].seq, at=found[0].event.recorded_at)


def of_webhook(
    engine: Engine, webhook: Webhook, *, before: int | None = None, limit: int
) -> tuple[tuple[Delivery, tuple[Try, ...]], ...]:
    """List what was told to a webhook, the newest first, with every try; `before` is the id of a delivery.

    What was withdrawn, because its owner may not read of it any more, is not listed.
    """
    mine = (_rows.c.webhook_id == webhook.id, _rows.c.state != State.WITHDRAWN)
    wanted = select(_rows).where(*mine).order_by(_rows.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(_rows.c.id < before)
    with reading(engine) as connection:
        found = [webhook_outbox.read(row) for row in connection.execute(wanted)]
        of_these = _tries.c.delivery_id.in_([one.id for one in found])
        tries: dict[int, list[Try]] = {one.id: [] for one in found}
        for row in connection.execute(select(_tries).where(of_these).order_by(_tries.c.id)):
            tries[row.delivery_id].append(Try(at=row.at, status=row.status, words=row.words))
    return tuple((one, tuple(tries[one.id])) for one in found)


def replay_since(record: Record, webhook: Webhook, who: Viewer, *, since: datetime, now: datetime) -> int:
    """Tell everything once more that its owner may read and that happened since; say how much that is.

    What happened while the webhook was stopped, or before it was made, is told too.
    """
    recent = _events.c.recorded_at >= since
    with reading(record.engine) as connection:
        ids = connection.execute(select(_events.c.case_id).where(recent).distinct()).scalars().all()
        happened = {
            one.id: tuple(kind for kind in webhooks.kinds_of(one.event, seen.zones) if kind in webhook.kinds)
            for seen in viewer.see_many(record, who, connection, sorted(ids))
            for one in timeline.read_events(connection, seen, recent)
        }
    return webhook_outbox.queue_again(record.engine, webhook, happened, now=now)
