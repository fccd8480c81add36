"""Every obligation of a viewer's cases, in the order in which they fall due, with what the viewer may do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from cases import paging, tables, viewer
from cases.paging import PAGE, Page
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import obligations, roles, waiting
from states.case import Case
from states.items import Obligation
from states.process import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One obligation in its case; `mine` tells that the viewer stands for who owes it, `acts` what they may do now."""

    case: Case
    timezone: str
    term: Obligation
    bearer: str
    mine: bool
    acts: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFilter:
    """Which obligations are wanted: in these states, owed by the viewer's side or by others, in one case, by words.

    They fall due at `due_from` or later, and before `due_before`; `words` stand in what is owed, by whom, or its proof.
    """

    states: tuple[str, ...] = ()
    mine: bool | None = None
    case: str | None = None
    words: str = ""
    due_from: datetime | None = None
    due_before: datetime | None = None


def list_owed(
    record: Record, who: Viewer, *, wanted: OwedFilter | None = None, after: str | None = None, limit: int = PAGE
) -> Page[Owed]:
    """List obligations, the soonest first, in pages that go on after the last row of the one before.

    Raises `NotFound` for a case that is unknown or not this viewer's, and for a page that cannot be.
    """
    chosen = wanted or OwedFilter()
    mark = paging.read(after, (datetime, str)) if after else None
    with reading(record.engine) as connection:
        found = [one for seen in _cases(record, who, connection, chosen.case) for one in _of_case(seen, who)]
    fitting = sorted((one for one in found if _fits(one, chosen)), key=_place)
    rest = [one for one in fitting if mark is None or _place(one) > mark]
    last = rest[limit - 1] if len(rest) > limit else None
    return Page(tuple(rest[:limit]), paging.write(_place(last)) if last else None)


def _cases(record: Record, who: Viewer, connection: Connection, case_ref: str | None) -> Iterator[Seen]:
    if case_ref is not None:
        yield viewer.find(record, who, connection, case_ref)
        return
    ids = connection.execute(_with_obligations(who)).scalars().all()
    yield from viewer.see_many(record, who, connection, list(ids))


def _with_obligations(who: Viewer) -> Select[Any]:
    items, parts = tables.items, tables.case_people
    mine = select(parts.c.case_id).where(parts.c.person_id == who.person)
    found = select(items.c.case_id).where(items.c.kind == Obligation.kind, items.c.case_id.in_(mine))
    return found.distinct().order_by(items.c.case_id)


def _of_case(seen: Seen, who: Viewer) -> Iterator[Owed]:
    own = {party.id for party in roles.parties_of(seen.case, who.actor)}
    names = {party.id: party.name for party in seen.case.parties}
    for term in seen.case.all(Obligation):
        # What is only planned, or was taken out of a text, is owed by nobody.
        if term.state in {obligations.LIFE.initial, "removed"}:
            continue
        yield Owed(
            case=seen.case,
            timezone=seen.process.timezone,
            term=term,
            bearer=names.get(term.owner, term.owner),
            mine=term.owner in own,
            acts=waiting.acts_on(seen.process, seen.case, term, who.actor) if seen.case.closed_at is None else (),
        )


def _fits(one: Owed, wanted: OwedFilter) -> bool:
    told = f"{one.term.action} {one.bearer} {one.term.evidence} {one.term.proof}".casefold()
    return (
        (not wanted.states or one.term.state in wanted.states)
        and wanted.mine in {None, one.mine}
        and (wanted.due_from is None or one.term.due_at >= wanted.due_from)
        and (wanted.due_before is None or one.term.due_at < wanted.due_before)
        and all(word in told for word in wanted.words.casefold().split())
    )


def _place(one: Owed) -> tuple[datetime, str]:
    return one.term.due_at, one.term.id
