"""Facts about where on the ladder a matter is, and who has authority there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.conditions.registry import condition

if TYPE_CHECKING:
    from states.situation import Situation


@condition("the matter is with a tier at which this person has authority")
def the_matter_is_with_their_tier(s: Situation) -> bool:
    """Let the tier that was asked answer, and no other; the lowest one was not asked."""
    return _has_authority(s, s.case.tier)


@condition("the matter has reached a tier at which this person has authority")
def the_matter_has_reached_their_tier(s: Situation) -> bool:
    """Let nobody decide before the matter was put to them; who was asked before a higher tier still may."""
    tiers = list(s.process.tiers)
    reached = tiers[: tiers.index(s.case.tier) + 1] if s.case.tier in tiers else []
    return any(_has_authority(s, tier) for tier in reached)


def _has_authority(s: Situation, tier: str | None) -> bool:
    if tier is None or tier == next(iter(s.process.tiers), None):
        return False
    return any(roles.holds(s.process, s.case, s.actor, who=role) for role in s.process.tiers[tier].roles)
