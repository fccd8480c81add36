"""Facts about the root-cause work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Cause, Issue

if TYPE_CHECKING:
    from states.situation import Situation


@condition("every open issue has at least one cause that is a condition and not a person")
def every_issue_has_a_cause(s: Situation) -> bool:
    """Ask for a root cause per issue."""
    explained = {cause.issue for cause in s.case.all(Cause) if cause.is_condition}
    return all(issue.id in explained for issue in s.case.all(Issue, "open"))


@condition("every cause names its source")
def every_cause_has_a_source(s: Situation) -> bool:
    """Ask how we know."""
    return all(cause.source for cause in s.case.all(Cause))


@condition("each party has agreed or disputed every cause, or said where it disagrees")
def every_cause_was_answered(s: Situation) -> bool:
    """Ask for the joint pass over the causes."""
    return all(s.party_ids <= {*cause.agreed_by, *cause.disputed_by} for cause in s.case.all(Cause))
