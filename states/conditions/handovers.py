"""Facts about a handover: whose part it is, who may take it, and for whom the offer waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import handing_over, roles
from states.conditions.registry import condition
from states.items import Handover

if TYPE_CHECKING:
    from states.situation import Situation

_CONVENER = "convener"
_OF_A_PARTY = ("representative", "senior_representative", "area_manager")


@condition(
    "the part is held by whoever hands it over; the convener may offer it for its only holder", weighs_inputs=True
)
def the_part_is_theirs_to_hand_over(s: Situation) -> bool:
    """Let people hand over what they hold, and the convener what somebody else holds alone."""
    role = s.text("part")
    party = s.party_id if role in _OF_A_PARTY else None
    before = handing_over.predecessor(s, role, party=party)
    return bool(before) and (before == s.actor.person or roles.holds(s.process, s.case, s.actor, who=_CONVENER))


@condition(
    "the successor has no other part in the case, none is offered to them already, and no other party employs them",
    weighs_inputs=True,
)
def the_successor_is_free(s: Situation) -> bool:
    """Let nobody stand on two sides of a case by way of a handover."""
    handover = s.item(Handover)
    successor = handover.successor if handover else s.text("person")
    waiting = {one.successor for one in s.case.all(Handover, "offered") if one != handover}
    others = {role: held for role, held in s.case.roles.items() if role != roles.SUCCESSOR}
    parts = {one for held in others.values() for one in held}
    parts |= {one for party in s.case.parties for held in party.people.values() for one in held}
    party = handover.party if handover else s.party_id if s.text("part") in _OF_A_PARTY else None
    bodies = {one.organisation for one in s.case.parties if one.id != party and one.organisation}
    return successor not in parts | waiting and s.employers.get(successor) not in bodies


@condition("the handover is offered to you", weighs_inputs=True)
def the_handover_is_for_them(s: Situation) -> bool:
    """Let the successor alone answer."""
    handover = s.item(Handover)
    return handover is not None and handover.successor == s.actor.person


@condition("the handover is offered to you, and its part is still held by whoever offered it", weighs_inputs=True)
def the_handover_is_theirs(s: Situation) -> bool:
    """Let the successor alone answer, as long as there is something to take over."""
    handover = s.item(Handover)
    if handover is None or handover.successor != s.actor.person:
        return False
    return handover.predecessor in handing_over.holders(s.case, handover.role, party=handover.party)
