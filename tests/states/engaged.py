"""Gives a case what engagement asks for before it may go on: authority, consent, deciders on the map, ground rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from states import roles
from states.case import Case
from states.items import Acceptance, Consent, Item, Mandate, ProcessAgreement, Stakeholder


def with_mandates(case: Case, *, at: datetime, until: datetime | None = None) -> Case:
    """Record full authority for everybody who has a part in a party."""
    mandates = (
        Mandate(
            id=f"mandate of {person} for {party.id}",
            zone=roles.zone_of(roles.LINE, party.id),
            by="c",
            at=at,
            state="recorded",
            party=party.id,
            person=person,
            may="ratify",
            valid_from=at,
            valid_until=until,
        )
        for party in case.parties
        for person in dict.fromkeys(one for held in party.people.values() for one in held)
    )
    return replace(case, items=(*case.items, *mandates))


def ready_to_mediate(case: Case, *, at: datetime) -> Case:
    """Add the consent of every party, its decider, its authority, and one process agreement that all accepted."""
    items: list[Item] = []
    for party in case.parties:
        common: dict[str, Any] = {"zone": roles.SHARED, "by": "c", "at": at}
        items.append(Consent(id=f"consent of {party.id}", state="given", party=party.id, **common))
        decider = f"decider of {party.id}"
        items.append(Stakeholder(id=decider, name=decider, part="decides", side=party.id, state="engaged", **common))
    marks = tuple(Acceptance(party=party.id, person="p", at=at, text_hash="h") for party in case.parties)
    rules = ProcessAgreement(
        id="rules",
        zone=roles.SHARED,
        by="c",
        at=at,
        state="accepted",
        ground_rules="One speaks at a time.",
        confidentiality="What is said stays here.",
        text_hash="h",
        acceptances=marks,
    )
    return with_mandates(replace(case, items=(*case.items, *items, rules)), at=at)
