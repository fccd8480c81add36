"""Facts about the offers on the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Offer

if TYPE_CHECKING:
    from states.situation import Situation


@condition("with this answer every other party has accepted the offer", weighs_inputs=True)
def this_is_the_last_acceptance(s: Situation) -> bool:
    """Tell whether the act at hand completes the acceptance."""
    offer = s.item(Offer)
    return offer is not None and s.party_ids - {offer.party} <= {*offer.accepted_by, s.party_id}
