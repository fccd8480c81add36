"""What a handover means: who may hand over which part, where it is read, and the case once the successor has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.events import PartyChanged, RoleAssigned
from states.items import Handover
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case
    from states.events import Change
    from states.process import Process
    from states.situation import Situation

LIFE = Lifecycle(
    Handover,
    initial="offered",
    moves=(
        ("accept", ("offered",), "accepted"),
        ("decline", ("offered",), "declined"),
        ("lapse", ("offered",), "lapsed"),
    ),
)


def predecessor(s: Situation, role: str, *, party: str | None) -> str:
    """Name who hands a part over: the actor who holds it, else its only holder; empty when that is not plain."""
    held = holders(s.case, role, party=party)
    if s.actor.person in held:
        return s.actor.person
    return held[0] if len(held) == 1 else ""


def holders(case: Case, role: str, *, party: str | None) -> tuple[str, ...]:
    """List who holds a part of a party, or of the case."""
    whose = case.party(party or "")
    return whose.people.get(role, ()) if whose else case.roles.get(role, ())


def zone_of(process: Process, role: str, *, party: str | None) -> str:
    """Name the narrowest zone that both the holder of a part and the case team read."""
    reads = process.roles[role].reads
    if party is not None and f"{roles.OWN}{roles.LINE}" in reads:
        return roles.zone_of(roles.LINE, party)
    return next((zone for zone in (roles.TEAM, roles.SENIORS) if zone in reads), roles.SHARED)


def handed_over(case: Case, handover: Handover) -> Iterator[Change]:
    """Put the successor in the place of the predecessor, in that part alone."""
    held = holders(case, handover.role, party=handover.party)
    now = tuple(dict.fromkeys(handover.successor if one == handover.predecessor else one for one in held))
    party = case.party(handover.party or "")
    if party is None:
        yield RoleAssigned(handover.role, now)
    else:
        yield PartyChanged(replace(party, people={**party.people, handover.role: now}))


def settled(case: Case, handover: Handover) -> Change:
    """Let the successor wait for this handover no more."""
    others = {one.successor for one in case.all(Handover, LIFE.initial) if one.id != handover.id}
    waiting = (one for one in case.roles.get(roles.SUCCESSOR, ()) if one != handover.successor or one in others)
    return RoleAssigned(roles.SUCCESSOR, tuple(waiting))
