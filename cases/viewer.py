"""The one filter between the record and whoever looks: what is not in a readable zone does not leave this room.

Every read of a case goes through `see`. Somebody who may read nothing of a case is told the same as for a case that
does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from cases import directory, own_record, repository, tables
from cases.record import Record
from cases.repository import Stored
from states import errors, firing, machine, roles, timers, zoning
from states.case import Case
from states.effects import neutrals
from states.items import Handover, Link, Neutral
from states.machine import Option
from states.process import Process
from states.roles import Actor
from states.timers import OpenDeadline

UNKNOWN = repository.UNKNOWN

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and whether at a page or `by_mail`, which never carries what is private to a party.

    `only` narrows what they read to some of their zones, for a paper that is to be handed on. `opened` names by the id
    of a case the rooms that are open to them in an emergency.
    """

    actor: Actor
    by_mail: bool = False
    only: frozenset[str] | None = None
    opened: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    @property
    def person(self) -> str:
        """The viewer's id."""
        return self.actor.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as one viewer may see it: `case` holds only the items and fields of the readable `zones`.

    Its version counts the entries that they may read, which `head` seals; of many cases read at once neither is told.
    """

    process: Process
    case: Case
    zones: frozenset[str]
    roles: frozenset[str]
    head: str

    def may_read(self, *zones: str | None) -> bool:
        """Tell whether all these zones are readable; None stands for what lies in no zone of its own."""
        return all(zone is None or zone in self.zones for zone in zones)

    @property
    def reads_team(self) -> bool:
        """Tell whether the viewer belongs to those who run the case."""
        return roles.TEAM in self.zones


def see(record: Record, viewer: Viewer, connection: Connection, stored: Stored) -> Seen | None:
    """Return what the viewer may see of a case, or None when that is nothing."""
    process, case = record.registry.get(stored.case.process), stored.case
    zones = _zones(process, case, viewer)
    if not zones:
        return None
    hidden = _hidden_links(record, viewer, connection, case)
    return Seen(
        process=process,
        case=replace(
            case,
            items=tuple(one for one in case.items if one.zone in zones and one.id not in hidden),
            roles=_parts(case, zones),
            fields=zoning.readable_fields(process, case, zones),
            # When people were heard of tells of what they did in confidence.
            contacts=case.contacts if roles.TEAM in zones else {},
            version=0,
        ),
        zones=zones,
        roles=roles.roles_of(process, case, viewer.actor),
        head="",
    )


def counted(viewer: Viewer, connection: Connection, seen: Seen, *, whole: Case) -> Seen:
    """Return what was seen of a case with how many entries the viewer may read, and their seal.

    What is open to them for an emergency alone is not counted, unless they read nothing else: they act without it.
    """
    own = seen.zones & roles.readable_zones(seen.process, whole, viewer.actor)
    kept = own_record.of(connection, whole.id, own or seen.zones)
    return replace(seen, case=replace(seen.case, version=kept.version), head=kept.seal)


def _zones(process: Process, case: Case, viewer: Viewer) -> frozenset[str]:
    zones = roles.readable_zones(process, case, viewer.actor) | viewer.opened.get(case.id, frozenset())
    if viewer.by_mail:
        zones = roles.mailable(zones)
    return zones if viewer.only is None else zones & viewer.only


def _parts(case: Case, zones: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Name who holds which part, but for whoever is only asked, where this viewer does not read of it."""
    parts = dict(case.roles)
    if roles.NOMINEE not in zones:
        named = {one.person for one in case.all(Neutral) if one.zone in zones}
        parts[neutrals.NOMINEE] = tuple(one for one in parts.get(neutrals.NOMINEE, ()) if one in named)
    offered = {one.successor for one in case.all(Handover) if one.zone in zones}
    parts[roles.SUCCESSOR] = tuple(one for one in parts.get(roles.SUCCESSOR, ()) if one in offered)
    return {role: people for role, people in parts.items() if people or role in case.roles}


def _hidden_links(record: Record, viewer: Viewer, connection: Connection, case: Case) -> frozenset[str]:
    """Name the links to cases of which the viewer may read nothing: even the number of such a case is not theirs.

    What is handed on may come to somebody who may read nothing of the other case, so it holds no link at all.
    """
    links = case.all(Link)
    if not links or viewer.only is not None:
        return frozenset(link.id for link in links)
    others = repository.load_many(connection, sorted({link.other for link in links}))
    seen = {other.case.id for other in others if _zones(record.registry.get(other.case.process), other.case, viewer)}
    return frozenset(link.id for link in links if link.other not in seen)


def find(record: Record, viewer: Viewer, connection: Connection, case_ref: str) -> Seen:
    """See one case by its id or number; raise `NotFound` for one that is unknown or not this viewer's."""
    stored = _load(connection, case_ref)
    seen = see(record, viewer, connection, stored)
    if seen is None:
        raise errors.NotFound(UNKNOWN)
    return counted(viewer, connection, seen, whole=stored.case)


def see_many(record: Record, viewer: Viewer, connection: Connection, case_ids: Sequence[str]) -> Iterator[Seen]:
    """See several cases in the order of their ids; those that are not this viewer's are left out."""
    for start in range(0, len(case_ids), _BATCH):
        for stored in repository.load_many(connection, case_ids[start : start + _BATCH]):
            seen = see(record, viewer, connection, stored)
            if seen is not None:
                yield seen


def deadlines(record: Record, seen: Seen) -> tuple[OpenDeadline, ...]:
    """List the clocks that ask something of somebody, as far as the viewer may see, soonest first."""
    running = timers.seen_in(seen.zones, timers.open_deadlines(seen.process, seen.case, record.calendars))
    return tuple(one for one in running if firing.is_asked(seen.process, seen.case, one))


def options(record: Record, viewer: Viewer, connection: Connection, seen: Seen, *, now: datetime) -> tuple[Option, ...]:
    """List the acts the viewer has now; they are weighed on the whole case, as the act itself will be."""
    whole = repository.load(connection, seen.case.id).case
    on_file = directory.of_case(connection, whole)
    return machine.permitted(record.registry.get(whole.process), whole, viewer.actor, now, directory=on_file)


def _load(connection: Connection, case_ref: str) -> Stored:
    wanted = select(tables.cases.c.id).where(or_(tables.cases.c.id == case_ref, tables.cases.c.number == case_ref))
    case_id = connection.execute(wanted).scalar()
    if case_id is None:
        raise errors.NotFound(UNKNOWN)
    return repository.load(connection, case_id)
