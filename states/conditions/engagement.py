"""Facts about who takes part, with what authority and consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Consent

if TYPE_CHECKING:
    from states.situation import Situation


@condition("every party has consented")
def every_party_consented(s: Situation) -> bool:
    """Ask that consent was given by all and revoked by none."""
    return s.party_ids <= {consent.party for consent in s.current(Consent, "given")}
