"""Effects of offers: made, answered, countered, withdrawn, lapsed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Offer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(text("text", "Terms offered"))
def make_offer(s: Situation) -> Iterator[Change]:
    """Put terms on the table; a mediator's own proposal comes from no party."""
    yield recorded(s, Offer, party=s.party_id or None, text=s.text("text"))


@effect(one_of(Offer, "Offer", "open"), for_a_party=True)
def accept_offer(s: Situation) -> Iterator[Change]:
    """Record a party's acceptance; the last one settles the offer."""
    offer = s.item(Offer)
    if offer is None:
        return
    accepted = tuple(dict.fromkeys((*offer.accepted_by, s.party_id)))
    settled = s.party_ids - {offer.party} <= set(accepted)
    yield ItemRecorded(replace(offer, accepted_by=accepted, state="accepted" if settled else "open"))


@effect(one_of(Offer, "Offer", "open"), text("reason", "Reason", required=False), for_a_party=True)
def reject_offer(s: Situation) -> Iterator[Change]:
    """Record a party's no; the offer is off the table."""
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(replace(offer, rejected_by=(*offer.rejected_by, s.party_id), state="rejected"))


@effect(one_of(Offer, "Offer", "open"))
def lapse_offer(s: Situation) -> Iterator[Change]:
    """Let an unanswered offer lapse: nobody is bound by inattention."""
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(replace(offer, state="lapsed"))
