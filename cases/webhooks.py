"""Webhooks: where a person's programs want to be told that something happened, and of what kinds.

What is told holds no content of a case, and only what its owner may read then. The secret that signs it is derived from
the office's own (`notifications.signatures`), so the record holds none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, insert, literal, select, update

from cases import codec, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors, events
from states.events import Change, Event
from states.items import Link
from states.roles import Actor
from states.said import Said, count, say

MOST = 10
"""How many webhooks of one person may be told at a time."""
BOTH = timedelta(days=1)
"""For how long after a rotation the old secret signs as well."""

_table = tables.webhooks
_listening = (
    select(_table, tables.people.c.offices)
    .join(tables.people, tables.people.c.id == _table.c.person_id)
    .where(_table.c.stopped_at.is_(None), _table.c.ended_at.is_(None), tables.people.c.active)
    .where(_table.c.person_id.in_(bindparam("people", expanding=True)) | (tables.people.c.offices != "[]"))
)


class Kind(StrEnum):
    """What kind of thing happened."""

    CASE_OPENED = "case.opened"
    STAGE_ENTERED = "case.stage_entered"
    TIER_ENTERED = "case.tier_entered"
    PAUSED = "case.paused"
    RESUMED = "case.resumed"
    CLOSED = "case.closed"
    REOPENED = "case.reopened"
    FILED = "case.filed"
    PEOPLE_CHANGED = "case.people_changed"
    DATES_CHANGED = "case.dates_changed"


TRIAL = "trial"
"""The kind of what is sent only to see whether it arrives."""

_KIND_OF = {
    events.CaseOpened: Kind.CASE_OPENED,
    events.StageEntered: Kind.STAGE_ENTERED,
    events.TierEntered: Kind.TIER_ENTERED,
    events.StayBegun: Kind.PAUSED,
    events.StayEnded: Kind.RESUMED,
    events.CaseClosed: Kind.CLOSED,
    events.CaseReopened: Kind.REOPENED,
    events.ItemRecorded: Kind.FILED,
    events.PartyChanged: Kind.PEOPLE_CHANGED,
    events.RoleAssigned: Kind.PEOPLE_CHANGED,
    events.DueMoved: Kind.DATES_CHANGED,
    events.ClocksAgreed: Kind.DATES_CHANGED,
}


def kinds_of(event: Event, zones: frozenset[str]) -> tuple[Kind, ...]:
    """Name the kinds of what an event changed, each once, as far as somebody may know who reads these zones."""
    seen = (
        change for change in event.changes if not isinstance(change, events.ItemRecorded) or _is_told(change, zones)
    )
    return tuple(dict.fromkeys(_KIND_OF[type(change)] for change in seen if type(change) in _KIND_OF))


def _is_told(change: Change, zones: frozenset[str]) -> bool:
    """Tell whether a change is told of: whether a link may be known hangs on the other case, so none is."""
    if not isinstance(change, events.ItemRecorded):
        return True
    return change.item.zone in zones and not isinstance(change.item, Link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook on file. `failing_since` is the first of the failures since it last worked; `version` counts changes.

    `rotation` says which secret signs, and until `both_until` the one before signs too.
    """

    id: int
    person_id: str
    url: str
    kinds: frozenset[Kind]
    rotation: int
    both_until: datetime | None
    version: int
    created_at: datetime
    failing_since: datetime | None
    stopped_at: datetime | None
    stopped_because: str | None
    ended_at: datetime | None

    @property
    def is_told(self) -> bool:
        """Tell whether anything is sent to it."""
        return self.stopped_at is None and self.ended_at is None

    def rotations(self, now: datetime) -> tuple[int, ...]:
        """List which secrets sign now, the newest first."""
        both = self.both_until is not None and now < self.both_until
        return (self.rotation, self.rotation - 1) if both else (self.rotation,)


def make(engine: Engine, person_id: str, *, url: str, kinds: frozenset[Kind], now: datetime) -> Webhook:
    """Put a webhook on file; raise `NeedsMissing` without a kind, and `Refused` for one too many."""
    _refuse_nothing(kinds)
    row = {"person_id": person_id, "url": url, "kinds": codec.dump(sorted(kinds)), "created_at": now}
    with unit_of_work(engine) as work:
        standing = select(func.count()).select_from(_table)
        if (
            work.execute(standing.where(_table.c.person_id == person_id, _table.c.ended_at.is_(None))).scalar_one()
            >= MOST
        ):
            raise errors.Refused(
                count(
                    "you have %(count)s webhook already; end one that is no longer used",
                    "you have %(count)s webhooks already; end one that is no longer used",
                    count=MOST,
                )
            )
        return _webhook(work.execute(insert(_table).returning(*_table.c), row).one())


def of(engine: Engine, person_id: str | None = None) -> tuple[Webhook, ...]:
    """List the webhooks of a person, or of everybody, the newest first, those that have ended too."""
    wanted = select(_table).order_by(_table.c.id.desc())
    if person_id is not None:
        wanted = wanted.where(_table.c.person_id == person_id)
    with reading(engine) as connection:
        return tuple(_webhook(row) for row in connection.execute(wanted))


def find(engine: Engine, person_id: str, webhook_id: int) -> Webhook:
    """Find a webhook of a person; raise `NotFound` where there is none, or it is not theirs."""
    with reading(engine) as connection:
        return _find(connection, person_id, webhook_id)


def get(engine: Engine, webhook_id: int) -> Webhook:
    """Find a webhook, whoever's it is."""
    with reading(engine) as connection:
        return _webhook(connection.execute(select(_table).where(_table.c.id == webhook_id)).one())


def change(engine: Engine, before: Webhook, *, url: str, kinds: frozenset[Kind]) -> Webhook:
    """Let a webhook lead elsewhere or tell of other kinds; raise `Conflict` where it was changed meanwhile."""
    _refuse_nothing(kinds)
    return _change(engine, before, url=url, kinds=codec.dump(sorted(kinds)))


def rotate(engine: Engine, before: Webhook, *, now: datetime) -> Webhook:
    """Sign with a new secret from now on, and for a day with the old one too."""
    return _change(engine, before, rotation=before.rotation + 1, both_until=now + BOTH)


def resume(engine: Engine, before: Webhook) -> Webhook:
    """Tell a webhook again that was stopped, of what happens from now on."""
    return _change(engine, before, stopped_at=None, stopped_because=None, failing_since=None)


def end(engine: Engine, before: Webhook, *, now: datetime) -> Webhook:
    """End a webhook for good."""
    return _change(engine, before, ended_at=before.ended_at or now)


def stop(engine: Engine, webhook: Webhook, *, because: str, now: datetime) -> bool:
    """Stop telling a webhook that fails; tell whether it was told until now."""
    values = {"stopped_at": now, "stopped_because": because}
    with unit_of_work(engine) as work:
        running = (_table.c.id == webhook.id, _table.c.stopped_at.is_(None), _table.c.ended_at.is_(None))
        return work.execute(update(_table).where(*running).values(**values)).rowcount == 1


def listening(connection: Connection, people: frozenset[str]) -> Iterator[tuple[Webhook, Actor]]:
    """Yield every webhook of these people, and of holders of offices, that may be told something, with whose it is."""
    for row in connection.execute(_listening, {"people": sorted(people)}):
        yield _webhook(row), Actor(row.person_id, frozenset(codec.parse(row.offices)))


def fared(connection: Connection, webhook_id: int, *, well: bool, now: datetime) -> None:
    """Note whether a webhook worked just now."""
    mine = update(_table).where(_table.c.id == webhook_id)
    since = None if well else func.coalesce(_table.c.failing_since, literal(now, tables.Instant()))
    connection.execute(mine.values(failing_since=since))


def _find(connection: Connection, person_id: str, webhook_id: int) -> Webhook:
    mine = (_table.c.id == webhook_id, _table.c.person_id == person_id)
    row = connection.execute(select(_table).where(*mine)).one_or_none()
    if row is None:
        raise errors.NotFound(say("there is no such webhook, or it is not yours"))
    return _webhook(row)


def _change(engine: Engine, before: Webhook, **values: object) -> Webhook:
    same = (_table.c.id == before.id, _table.c.version == before.version)
    with unit_of_work(engine) as work:
        done = work.execute(update(_table).where(*same).values(version=before.version + 1, **values))
        if done.rowcount != 1:
            raise errors.Conflict(say("the webhook was changed meanwhile; look again and decide anew"))
        return _find(work, before.person_id, before.id)


def _refuse_nothing(kinds: frozenset[Kind]) -> None:
    if not kinds:
        nothing: Said = say("choose at least one kind of thing to be told of")
        raise errors.NeedsMissing(nothing)


def _webhook(row: Row[Any]) -> Webhook:
    known = {name: getattr(row, name) for name in Webhook.__slots__ if name != "kinds"}
    return Webhook(**known, kinds=frozenset(Kind(one) for one in codec.parse(row.kinds)))
