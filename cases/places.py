"""Keeps where each case has stood, stage by stage and tier by tier, in the transaction that moves the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, bindparam, exists, func, insert, select, update

from cases import ledger, repository, tables
from cases import unit_of_work as work
from states.case import Case
from states.events import CaseOpened, Change, Event, ProcessMigrated, StageEntered, TierEntered


class Scope(StrEnum):
    """What a place is: a stage of the process, or a tier of the ladder beside it."""

    STAGE = "stage"
    TIER = "tier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a case stood: a stage or a tier by its name under a definition, and the act that led there.

    `zone` is that of the act's event: who may not read it is not told of the act. `until` is None while it lasts.
    """

    scope: Scope
    name: str
    process_hash: str
    trigger: str
    zone: str
    since: datetime
    until: datetime | None = None


_places = tables.case_places
# "of", "what", "now", "named" and "under" are not columns.
_here = (_places.c.case_id == bindparam("of"), _places.c.scope == bindparam("what"), _places.c.until.is_(None))
_leave = update(_places).where(*_here).values(until=bindparam("now", type_=tables.Instant))
_name_anew = update(_places).where(*_here).values(name=bindparam("named"), process_hash=bindparam("under"))
_earlier = _places.alias()
_next_round = select(func.coalesce(func.max(_earlier.c.round), 0) + 1).where(
    _earlier.c.case_id == bindparam("of"), _earlier.c.scope == bindparam("what")
)
_arrive = insert(_places).values(round=_next_round.scalar_subquery())


def keep(connection: Connection, case_id: str, happened: Iterable[Event], *, process_hash: str) -> None:
    """Write down where events led a case, which ran under a definition before them."""
    for event in happened:
        for change in event.changes:
            if isinstance(change, ProcessMigrated):
                process_hash = change.after
                _migrate(connection, case_id, event, change)
            for scope, name, since in _entered(change):
                place = Place(
                    scope=scope,
                    name=name,
                    process_hash=process_hash,
                    trigger=event.trigger,
                    zone=event.zone,
                    since=since,
                )
                _enter(connection, case_id, place)


def of_case(connection: Connection, case_id: str, scope: Scope = Scope.STAGE) -> tuple[Place, ...]:
    """List the stages or tiers that a case has been at, in their order."""
    mine = select(_places).where(_places.c.case_id == case_id, _places.c.scope == scope)
    rows = connection.execute(mine.order_by(_places.c.round)).mappings()
    return tuple(Place(**{name: row[name] for name in Place.__slots__}) for row in rows)


def catch_up(engine: Engine, *, limit: int = 500) -> int:
    """Write down the places of cases that were opened before there were any; return of how many."""
    placed = exists().where(_places.c.case_id == tables.cases.c.id)
    with work.reading(engine) as connection:
        bare = list(connection.execute(select(tables.cases.c.id).where(~placed).limit(limit)).scalars())
    for case_id in bare:
        with work.unit_of_work(engine) as connection:
            _keep_all(connection, repository.load(connection, case_id, lock=True).case)
    return len(bare)


def _keep_all(connection: Connection, case: Case) -> None:
    """Write down the whole way of a case; where the words of its opening were erased, where it stands alone."""
    history = ledger.history(connection, case.id)
    opening = next((change for change in history[0].changes if isinstance(change, CaseOpened)), None)
    if opening is not None:
        keep(connection, case.id, history, process_hash=opening.case.process)
        return
    here = Place(
        scope=Scope.STAGE,
        name=case.stage,
        process_hash=case.process,
        trigger=history[-1].trigger,
        zone=history[-1].zone,
        since=case.stage_since,
    )
    _enter(connection, case.id, here)


def _entered(change: Change) -> Iterator[tuple[Scope, str, datetime]]:
    match change:
        case CaseOpened(case=opened):
            yield Scope.STAGE, opened.stage, opened.stage_since
            if opened.tier is not None:
                yield Scope.TIER, opened.tier, opened.tier_since or opened.opened_at
        case StageEntered(stage=name, at=at):
            yield Scope.STAGE, name, at
        case TierEntered(tier=name, at=at):
            yield Scope.TIER, name, at


def _enter(connection: Connection, case_id: str, place: Place) -> None:
    here = {"of": case_id, "what": place.scope}
    connection.execute(_leave, here | {"now": place.since})
    facts = {name: getattr(place, name) for name in Place.__slots__}
    connection.execute(_arrive, here | facts | {"case_id": case_id})


def _migrate(connection: Connection, case_id: str, event: Event, change: ProcessMigrated) -> None:
    """Name the places where a case stands as the other version of its process does."""
    for scope, name in ((Scope.STAGE, change.stage), (Scope.TIER, change.tier)):
        here = {"of": case_id, "what": scope}
        if name is None:
            connection.execute(_leave, here | {"now": change.at})
            continue
        named = connection.execute(_name_anew, here | {"named": name, "under": change.after})
        if named.rowcount == 0:
            place = Place(
                scope=scope,
                name=name,
                process_hash=change.after,
                trigger=event.trigger,
                zone=event.zone,
                since=change.tier_since or change.at,
            )
            _enter(connection, case_id, place)
