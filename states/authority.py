"""Who may bind a party, read from the register of authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.items import Mandate

if TYPE_CHECKING:
    from states.situation import Situation


def mandates(s: Situation, party: str, wanted: str, *, person: str = "") -> list[Mandate]:
    """List authority of at least a grade; that of somebody who no longer stands for the party has lapsed with it."""
    found = s.case.party(party)
    theirs = {one for held in found.people.values() for one in held} if found else set()
    wanted_of = theirs & {person} if person else theirs
    return [one for one in s.case.all(Mandate) if one.party == party and one.person in wanted_of and one.covers(wanted)]


def held(s: Situation, wanted: str) -> list[Mandate]:
    """List the authority of whoever acts, for the party they act for, that is valid now; the widest stands last."""
    mine = mandates(s, s.party_id, wanted, person=s.actor.person) if s.party else []
    valid = (one for one in mine if one.valid(s.at))
    return sorted(valid, key=lambda one: (one.amount is None, one.amount or 0))
