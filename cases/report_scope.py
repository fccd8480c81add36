"""Which cases a report counts: those of which its viewer reads what all parties share, or for an office all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, or_, select

from cases import tables
from cases.record import Record
from cases.viewer import Viewer
from states import errors, roles
from states.process import Process, RoleScope
from states.said import say

FEW = 5
"""Numbers below this are not told to who has no part in the cases."""
OFFICES = frozenset({"administrator", "registry"})
"""Who is shown all cases together, in numbers that tell of no single one."""

_cases, _parts, _people = tables.cases, tables.case_people, tables.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a report is asked for; None takes all. `process` is a name, `office` and `organisation` are ids.

    The office is where those who run the case work, the organisation is that of a party. `everything` asks for the
    cases of everybody.
    """

    since: datetime | None = None
    until: datetime | None = None
    process: str | None = None
    office: str | None = None
    organisation: str | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a report may be narrowed to: the processes, offices and organisations of the cases it counts, by label."""

    first_at: datetime | None
    processes: Mapping[str, str]
    offices: Mapping[str, str]
    organisations: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the record: whose, through which connection, and when."""

    record: Record
    connection: Connection
    who: Viewer
    now: datetime


def may_ask_for_everything(who: Viewer) -> bool:
    """Tell whether somebody is shown the cases of everybody."""
    return bool(who.actor.offices & OFFICES)


def counted(look: Look, wanted: Wanted, *, zone: str = roles.SHARED) -> Select[Any]:
    """Select the ids of the cases that count: all that are asked for, as far as the viewer reads this zone of them.

    Raises `NotFound` when the cases of everybody are asked for by somebody who has no office.
    """
    if wanted.everything and not may_ask_for_everything(look.who):
        raise errors.NotFound(say("only administrators and the registry are shown the cases of everybody"))
    found = select(_cases.c.id)
    if not wanted.everything:
        found = found.where(_readable(look, zone))
    if wanted.process is not None:
        kept = tables.processes
        found = found.where(_cases.c.process_hash.in_(select(kept.c.hash).where(kept.c.name == wanted.process)))
    if wanted.office is not None:
        found = found.where(_with_people_of(wanted.office, _parts.c.party_id == "", _runs(look)))
    if wanted.organisation is not None:
        found = found.where(_with_people_of(wanted.organisation, _parts.c.party_id != ""))
    return found.correlate(None)


def choices(look: Look, *, everything: bool) -> Choices:
    """List what a report may be narrowed to; of the cases of everybody, no body that is in a few of them alone."""
    ids, connection, least = counted(look, Wanted(everything=everything)), look.connection, FEW if everything else 1
    return Choices(
        first_at=connection.execute(select(func.min(_cases.c.opened_at)).where(_cases.c.id.in_(ids))).scalar(),
        processes={one.name: one.title for one in sorted(_processes(look, ids), key=lambda one: one.title)},
        offices=_organisations(connection, ids, _parts.c.party_id == "", _runs(look), least=least),
        organisations=_organisations(connection, ids, _parts.c.party_id != "", least=least),
    )


def _organisations(connection: Connection, ids: Select[Any], *which: ColumnElement[bool], least: int) -> dict[str, str]:
    known = tables.organisations
    found = (
        select(known.c.id, known.c.name)
        .join(_people, _people.c.organisation_id == known.c.id)
        .join(_parts, _parts.c.person_id == _people.c.id)
        .join(_cases, _cases.c.id == _parts.c.case_id)
        .where(_parts.c.case_id.in_(ids), *which)
        .group_by(known.c.id, known.c.name)
        .having(func.count(_parts.c.case_id.distinct()) >= least)
        .order_by(known.c.name)
    )
    return {row.id: row.name for row in connection.execute(found)}


def _with_people_of(organisation: str, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    of_them = select(_people.c.id).where(_people.c.organisation_id == organisation)
    return exists().where(_parts.c.case_id == _cases.c.id, _parts.c.person_id.in_(of_them), *which)


def _readable(look: Look, zone: str) -> ColumnElement[bool]:
    """Spell who reads a zone as the roles that do, in each definition that the viewer's cases follow."""
    mine = select(_parts.c.case_id).where(_parts.c.person_id == look.who.person)
    return or_(false(), *(_reads(process, look.who, zone) for process in _processes(look, mine)))


def _reads(process: Process, who: Viewer, zone: str) -> ColumnElement[bool]:
    reading = [role for role in process.roles.values() if zone in role.reads]
    of_case = [role.name for role in reading if role.scope is RoleScope.CASE]
    of_party = [role.name for role in reading if role.scope is RoleScope.PARTY]
    side, _ = roles.split(process.stages[process.initial].duty or "")
    # What one side still writes alone counts for no party: the other is not to know of it.
    begun = _cases.c.stage != process.initial if side in roles.SIDES else _cases.c.id.is_not(None)
    held = or_(_parts.c.role.in_(of_case), and_(_parts.c.role.in_(of_party), begun))
    part = exists().where(_parts.c.case_id == _cases.c.id, _parts.c.person_id == who.person, held)
    return and_(_cases.c.process_hash == process.hash, part)


def _runs(look: Look) -> ColumnElement[bool]:
    """Tell by their roles who runs a case: those who read what the case team keeps for itself."""
    teams = {one.hash: _team(one) for one in _processes(look, select(_cases.c.id))}
    return or_(
        false(), *(and_(_cases.c.process_hash == hash_, _parts.c.role.in_(names)) for hash_, names in teams.items())
    )


def _team(process: Process) -> list[str]:
    return [one.name for one in process.roles.values() if one.scope is RoleScope.CASE and roles.TEAM in one.reads]


def _processes(look: Look, ids: Select[Any]) -> Iterator[Process]:
    used = select(_cases.c.process_hash).where(_cases.c.id.in_(ids)).distinct()
    return (look.record.registry.get(hash_) for hash_ in look.connection.execute(used).scalars())
