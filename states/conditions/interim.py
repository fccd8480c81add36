"""Facts about the rules for the meantime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Interim

if TYPE_CHECKING:
    from states.situation import Situation


@condition("this party has not accepted the rule yet", weighs_inputs=True)
def the_party_has_not_accepted_the_rule(s: Situation) -> bool:
    """Count a yes once."""
    interim = s.item(Interim)
    return interim is None or s.party_id not in interim.accepted_by


@condition("the date on which the rule ends still lies ahead; propose a new one", weighs_inputs=True)
def the_rule_is_not_over(s: Situation) -> bool:
    """Refuse to put a rule in force that is over."""
    interim = s.item(Interim)
    return interim is None or interim.expires_at > s.at
