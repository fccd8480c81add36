"""Facts about who mediates: the name on the table, what was disclosed, objected and ruled, and who may appoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.conditions import ladder
from states.conditions.registry import condition
from states.effects import neutrals
from states.items import Neutral

if TYPE_CHECKING:
    from states.situation import Situation

MOST_NAMES = 3
"""How many neutrals are put before the parties before the tiers above appoint: one, and two replacements."""


@condition("a neutral is proposed", mended_by=("name_neutral", "disclose"))
def a_neutral_is_proposed(s: Situation) -> bool:
    """Ask for a name on the table."""
    return s.latest(Neutral, "proposed") is not None


@condition("a neutral was asked, and has not been put before the parties yet", mended_by=("name_neutral",))
def a_neutral_was_asked(s: Situation) -> bool:
    """Ask for a name that waits for its disclosure."""
    return s.latest(Neutral, neutrals.LIFE.initial) is not None


@condition("the neutral stands outside both parties' lines", weighs_inputs=True)
def the_neutral_is_outside_both_lines(s: Situation) -> bool:
    """Refuse a neutral who speaks for a party."""
    return not roles.parties_of(s.case, roles.Actor(s.text("person")))


@condition(
    "fewer than three neutrals have been proposed; now the joint committee appoints", mended_by=("appoint_neutral",)
)
def the_neutral_may_be_replaced(s: Situation) -> bool:
    """Allow two replacements at most; after that the tiers above name a neutral."""
    return len(s.current(Neutral)) < MOST_NAMES


@condition("the matter has reached this person's tier, or three neutrals have been proposed")
def the_appointment_is_theirs(s: Situation) -> bool:
    """Let the tiers above appoint where they were asked, or where the parties' own choice is used up."""
    return ladder.the_matter_has_reached_their_tier.holds(s) or len(s.current(Neutral)) >= MOST_NAMES


@condition("this party has not objected to this neutral before; a ruling is made once", weighs_inputs=True)
def the_party_has_not_objected(s: Situation) -> bool:
    """Hear each party's objection to a name once."""
    proposed = s.latest(Neutral, "proposed")
    return proposed is not None and s.party_id not in proposed.objected_by


@condition("this party has not accepted the neutral yet", weighs_inputs=True, once=True)
def the_party_has_not_accepted(s: Situation) -> bool:
    """Count a yes once."""
    proposed = s.latest(Neutral, "proposed")
    return proposed is not None and s.party_id not in proposed.accepted_by


@condition("with this answer every party has accepted the neutral", weighs_inputs=True)
def every_party_accepts_the_neutral(s: Situation) -> bool:
    """Tell whether the act at hand is the last yes."""
    proposed = s.latest(Neutral, "proposed")
    return proposed is not None and s.party_ids <= {*proposed.accepted_by, s.party_id}


@condition("the objection is sustained", weighs_inputs=True)
def the_objection_is_sustained(s: Situation) -> bool:
    """Tell whether the ruling at hand takes the name off the table."""
    return s.text("ruling") == neutrals.SUSTAINED


@condition("whoever rules is not the neutral that was objected to, and stands for no party that objected")
def nobody_rules_on_themselves(s: Situation) -> bool:
    """Refuse a ruling in one's own matter, or in that of the party one stands for."""
    challenged = s.latest(Neutral, "challenged")
    if challenged is None:
        return True
    mine = {party.id for party in roles.parties_of(s.case, s.actor)}
    return challenged.person != s.actor.person and mine.isdisjoint(challenged.objected_by)


@condition("nobody appoints themselves", weighs_inputs=True)
def nobody_appoints_themselves(s: Situation) -> bool:
    """Refuse an appointment of the one who makes it."""
    return s.text("person") != s.actor.person


@condition("a mediator is appointed", mended_by=("accept_neutral", "appoint_neutral"))
def a_mediator_is_appointed(s: Situation) -> bool:
    """Ask for somebody who may hold sessions."""
    return bool(s.case.roles.get("mediator"))
