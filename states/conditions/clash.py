"""Facts about competing claims."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Claim, Criterion

if TYPE_CHECKING:
    from states.situation import Situation


@condition("at least two claims compete", mended_by=("make_claim",))
def two_claims_compete(s: Situation) -> bool:
    """Ask that there is a clash to solve."""
    return len({claim.party for claim in s.case.all(Claim)}) > 1


@condition("every party has agreed the criteria", mended_by=("agree_criteria",))
def every_party_agreed_the_criteria(s: Situation) -> bool:
    """Ask for the yardstick before the ranking."""
    criteria = s.case.all(Criterion)
    return bool(criteria) and all(s.party_ids <= set(criterion.agreed_by) for criterion in criteria)


@condition("every claim is ranked", mended_by=("rank_claim",))
def every_claim_is_ranked(s: Situation) -> bool:
    """Ask for a complete ranking."""
    claims = s.case.all(Claim)
    return bool(claims) and all(claim.rank is not None for claim in claims)


@condition("the window ends after it begins", weighs_inputs=True)
def the_window_ends_after_it_begins(s: Situation) -> bool:
    """Refuse a time window that runs backwards."""
    begins, ends = (s.given("from_at") or s.given("begins")), (s.given("until_at") or s.given("ends"))
    return not (isinstance(begins, datetime) and isinstance(ends, datetime)) or begins < ends
