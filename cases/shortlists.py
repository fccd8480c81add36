"""The shortlist of neutrals for one case, for those who appoint: the roster, ranked on what the viewer may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, or_, select

from cases import repository, roster, tables, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states import errors, shortlist
from states.case import Case
from states.process import Process
from states.shortlist import Asked, Ranking

APPOINTING = frozenset({"convener", "committee"})
REGISTRY = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """Who could mediate a case in the days from `since` to `until`, and who could not; `case` as the viewer reads it.

    `parties` counts those whose language was asked for.
    """

    process: Process
    case: Case
    since: date
    until: date
    parties: int
    ranking: Ranking


def sees_shortlist(who: Viewer, parts: Iterable[str]) -> bool:
    """Tell whether somebody with these parts in a case may see its shortlist."""
    return bool(APPOINTING & set(parts)) or REGISTRY in who.actor.offices


def shortlist_for(
    record: Record, who: Viewer, case_ref: str, *, now: datetime, asked: Asked = shortlist.NOTHING_MORE
) -> Shortlist:
    """Rank the roster for a case. Raises `NotFound` for everybody but its convener, its committee and the registry."""
    with reading(record.engine) as connection:
        process, case = _case(record, who, connection, case_ref)
        since, until = shortlist.planned_days(process, case, record.calendars, now=now)
        speak = _languages(connection, case)
        wanted = shortlist.wanted_by(case, asked, speak=speak, since=since, until=until)
        ranking = shortlist.rank(roster.candidates(connection, without=case.id), wanted)
    parties = sum(bool(languages) for languages in wanted.languages)
    return Shortlist(process=process, case=case, since=since, until=until, parties=parties, ranking=ranking)


def _case(record: Record, who: Viewer, connection: Connection, case_ref: str) -> tuple[Process, Case]:
    """Find the case as the viewer may read it; the registry, which reads no file, gets it without anything on file."""
    wanted = select(tables.cases.c.id).where(or_(tables.cases.c.id == case_ref, tables.cases.c.number == case_ref))
    case_id = connection.execute(wanted).scalar()
    if case_id is None:
        raise errors.NotFound(viewer.UNKNOWN)
    stored = repository.load(connection, case_id)
    seen = viewer.see(record, who, connection, stored)
    if not sees_shortlist(who, seen.roles if seen else ()):
        raise errors.NotFound(viewer.UNKNOWN)
    if seen is None:
        return record.registry.get(stored.case.process), replace(stored.case, items=())
    return seen.process, seen.case


def _languages(connection: Connection, case: Case) -> dict[str, str]:
    """Find the language of each person of the parties."""
    people = tables.people
    ids = {person for party in case.parties for holders in party.people.values() for person in holders}
    rows = connection.execute(select(people.c.id, people.c.language).where(people.c.id.in_(ids)))
    return {row.id: row.language for row in rows}
