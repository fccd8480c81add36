"""Facts about what was promised, and about the end of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Feedback, Obligation

if TYPE_CHECKING:
    from states.situation import Situation


@condition(
    "every obligation is verified, waived, replaced or otherwise final",
    mended_by=("verify_obligation", "waive_obligation"),
)
def every_obligation_is_final(s: Situation) -> bool:
    """Ask that nothing promised is left open."""
    return all(term.state in Obligation.FINAL for term in s.case.all(Obligation))


@condition("no obligation is missed or contested", mended_by=("replan_obligation", "waive_obligation"))
def no_obligation_is_broken(s: Situation) -> bool:
    """Ask that the breach review has dealt with everything."""
    return not s.case.all(Obligation, "missed", "contested")


@condition("lessons are filed, or “none” is stated", mended_by=("file_lessons",))
def lessons_are_filed(s: Situation) -> bool:
    """Ask what was learned."""
    return bool(s.current(Feedback))
