"""Facts about the neutral, the meetings and the offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.conditions.registry import condition
from states.items import Neutral, Offer, Session

if TYPE_CHECKING:
    from states.situation import Situation


@condition("a neutral is proposed", mended_by=("propose_neutral",))
def a_neutral_is_proposed(s: Situation) -> bool:
    """Ask for a name on the table."""
    return s.latest(Neutral, "proposed") is not None


@condition("the neutral stands outside both parties' lines", weighs_inputs=True)
def the_neutral_is_outside_both_lines(s: Situation) -> bool:
    """Refuse a neutral who speaks for a party."""
    return not roles.parties_of(s.case, roles.Actor(s.text("person")))


@condition("fewer than three neutrals have been proposed; now the joint committee appoints")
def the_neutral_may_be_replaced(s: Situation) -> bool:
    """Allow two replacements at most; after that the tiers above name a neutral."""
    above = ("committee", "senior_representative")
    if any(roles.holds(s.process, s.case, s.actor, who=who) for who in above):
        return True
    return len(s.current(Neutral)) <= 2  # noqa: PLR2004 - process.md 4.6: two replacements at most


@condition("a mediator is appointed", mended_by=("confirm_neutral",))
def a_mediator_is_appointed(s: Situation) -> bool:
    """Ask for somebody who may hold sessions."""
    return bool(s.case.roles.get("mediator"))


@condition("no session is open", mended_by=("close_session",))
def no_session_is_open(s: Situation) -> bool:
    """Allow one session at a time."""
    return s.latest(Session, "open") is None


@condition("at least one session with minutes was held", mended_by=("close_session",))
def a_session_was_held(s: Situation) -> bool:
    """Ask that people met before anyone gives up."""
    return any(session.minutes for session in s.current(Session, "closed"))


@condition("with this answer every other party has accepted the offer", weighs_inputs=True)
def this_is_the_last_acceptance(s: Situation) -> bool:
    """Tell whether the act at hand completes the acceptance."""
    offer = s.item(Offer)
    return offer is not None and s.party_ids - {offer.party} <= {*offer.accepted_by, s.party_id}
