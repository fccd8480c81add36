"""Facts about acts that wait for the agreement of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import agreeing
from states.conditions.registry import condition
from states.items import Proposal

if TYPE_CHECKING:
    from states.situation import Situation


@condition("the proposal waits for the answer of this person, who has not agreed before", weighs_inputs=True)
def the_proposal_waits_for_them(s: Situation) -> bool:
    """Let nobody approve their own act, and no party agree twice."""
    proposal = s.item(Proposal)
    return proposal is not None and agreeing.waits_for(s, proposal)


@condition("this person, or their party, proposed it or agreed to it", weighs_inputs=True)
def the_proposal_is_theirs_to_take_back(s: Situation) -> bool:
    """Let nobody take back what others said."""
    proposal = s.item(Proposal)
    return proposal is not None and agreeing.may_take_back(s, proposal)
