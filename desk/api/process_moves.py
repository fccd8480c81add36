"""Moves of running cases to another version of their process, as JSON: weighed, done, finished, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from cases import process_migrations
from cases import unit_of_work as work
from cases.migrator import Judged, Migrator, Order
from desk import administration
from desk.api import paging, schemas
from desk.api.bounds import MOST_OF_ANYTHING, Line, Name, RowId
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import Administers
from desk.pages import process_moves as pages
from desk.visits import Visit
from states import roles
from states.migration import Choice, Fate, Plan

router = APIRouter(prefix="/api/process-moves", route_class=ApiRoute, tags=["processes"], responses=schemas.PROBLEMS)

Names = Annotated[dict[Name, Line], Field(max_length=MOST_OF_ANYTHING)]
Reason = Annotated[Line, Field(min_length=1, description="everybody in these cases reads it")]


class MoveWanted(schemas.Model):
    """Which cases move, to which version and why; names that change stand as the old one and the new one.

    `values` are what new fields hold. `timers` says how running clocks go on, and `by_clock` for some otherwise. With
    `closed`, closed cases move too.
    """

    process: Name = Field(examples=["dispute"])
    to: Name = Field(description="the beginning of a version's hash", examples=["1f3ac2d4e5b6"])
    since: Name | None = Field(None, description="only cases of this version; null for all others")
    reason: Reason = Field(examples=["The north office answers slower than the plan assumed."])
    timers: Choice = Choice.KEEP_DUE
    by_clock: Annotated[dict[Name, Choice], Field(max_length=MOST_OF_ANYTHING)] = Field({})
    closed: bool = False
    stages: Names = Field({})
    tiers: Names = Field({})
    fields: Names = Field({})
    roles: Names = Field({})
    clocks: Names = Field({})
    values: Names = Field({})


class Back(schemas.Model):
    """Why a move is taken back."""

    reason: Reason = Field(examples=["It was too early."])


class DateChanges(schemas.Model):
    """A date that all parties read and that changes with the move; null where it does not run."""

    clock: str
    before: datetime | None
    after: datetime | None


class CaseMoves(schemas.Model):
    """What becomes, or became, of one case: from which version it comes, and why it stays where it does."""

    number: str = Field(examples=["D-2026-0042"])
    before: str
    fate: Fate
    reasons: list[str]
    dates: list[DateChanges]


class MoveWeighed(schemas.Model):
    """What would become of each case."""

    cases: list[CaseMoves]


class MoveLine(schemas.Model):
    """A move: `reverts` names the one that it takes back, and it is unfinished until `ended_at` is set."""

    number: int
    process: str
    since: str | None
    to: str
    reason: str
    by: str
    begun_at: datetime
    ended_at: datetime | None
    reverts: int | None
    moved: int


class Moves(schemas.Page):
    """A page of moves, the newest first."""

    moves: list[MoveLine]


class MoveDone(MoveLine):
    """A move with what became of each case that it came to just now."""

    cases: list[CaseMoves]


@router.get("")
def list_moves(visit: Administers, page: Paging) -> Moves:
    """List all moves there were."""
    administration.administering(visit)
    cut = paging.cut(page, _lines(visit), key=lambda one: -one.number)
    return Moves(moves=list(cut.rows), next=cut.next)


@router.get("/{number}")
def show_move(number: RowId, visit: Administers) -> MoveLine:
    """Show a move, and how many cases it has moved so far."""
    administration.administering(visit)
    return _line(visit, number)


@router.post("/check")
def check_move(visit: Administers, wanted: MoveWanted) -> MoveWeighed:
    """Tell what would become of each case, and which dates would change; nothing is recorded."""
    administration.administering(visit)
    return MoveWeighed(cases=_told(Migrator(visit.desk.service).look(_order(visit, wanted))))


@router.post("", status_code=201, dependencies=ONCE)
def move_cases(visit: Administers, wanted: MoveWanted) -> MoveDone:
    """Move the cases, each by itself; one that was interrupted goes on when it is asked for again."""
    administration.administering(visit)
    migrator = Migrator(visit.desk.service)
    return _done(visit, migrator, migrator.begin(_order(visit, wanted)))


@router.post("/{number}/finish", dependencies=ONCE)
def finish_move(number: RowId, visit: Administers) -> MoveDone:
    """Go on with a move that was interrupted."""
    administration.administering(visit)
    pages.refuse_finished(visit, number)
    return _done(visit, Migrator(visit.desk.service), number)


@router.post("/{number}/revert", status_code=201, dependencies=ONCE)
def revert_move(number: RowId, visit: Administers, back: Back) -> MoveDone:
    """Move back each case that was moved and in which nothing was done since; it is a move of its own."""
    administration.administering(visit)
    migrator = Migrator(visit.desk.service)
    return _done(visit, migrator, migrator.begin_revert(number, actor=visit.actor, reason=back.reason))


def _order(visit: Visit, wanted: MoveWanted) -> Order:
    registry = visit.desk.record.registry
    plan = Plan(
        stages=wanted.stages,
        tiers=wanted.tiers,
        fields=wanted.fields,
        roles=wanted.roles,
        clocks=wanted.clocks,
        values=wanted.values,
        timers=wanted.timers,
        by_clock=wanted.by_clock,
        closed=wanted.closed,
    )
    return Order(
        new=registry.version(wanted.process, wanted.to),
        from_hash=registry.version(wanted.process, wanted.since).hash if wanted.since else None,
        plan=plan,
        actor=visit.actor,
        reason=wanted.reason,
    )


def _done(visit: Visit, migrator: Migrator, number: int) -> MoveDone:
    cases = _told(migrator.run(number))
    return MoveDone(**_line(visit, number).model_dump(), cases=cases)


def _told(judged: Iterable[Judged]) -> list[CaseMoves]:
    return [
        CaseMoves(
            number=one.number,
            before=one.before,
            fate=one.verdict.fate,
            reasons=list(one.verdict.reasons),
            dates=[
                DateChanges(clock=date.clock, before=date.before, after=date.after)
                for date in one.verdict.dates
                if date.zone == roles.SHARED
            ],
        )
        for one in judged
    ]


def _line(visit: Visit, number: int) -> MoveLine:
    pages.begun(visit, number)
    return next(one for one in _lines(visit) if one.number == number)


def _lines(visit: Visit) -> list[MoveLine]:
    with work.reading(visit.desk.record.engine) as connection:
        found = process_migrations.listed(connection)
    return [
        MoveLine(
            number=one.id,
            process=one.process,
            since=one.from_hash,
            to=one.to_hash,
            reason=one.reason,
            by=one.actor,
            begun_at=one.begun_at,
            ended_at=one.ended_at,
            reverts=one.reverts,
            moved=moved,
        )
        for one, moved in ((each.migration, each.moved) for each in found)
    ]
