"""Facts about what was promised, and about the end of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from states import completeness, roles
from states.conditions.registry import condition
from states.items import Decision, Lesson, Obligation
from states.obligations import BROKEN, OPEN

if TYPE_CHECKING:
    from states.situation import Situation

_FINAL = "every obligation is verified, waived, replaced or otherwise final"
_NOTHING = "every issue, offer, session and interim rule has come to its end"
_UNBROKEN = "no obligation is missed or contested"
_ANSWERS = ("decided", "returned", "refused")


@condition(
    _FINAL, tells=completeness.naming(_FINAL, completeness.owed), mended_by=("verify_obligation", "waive_obligation")
)
def every_obligation_is_final(s: Situation) -> bool:
    """Ask that nothing promised is left open."""
    return not s.case.all(Obligation, *OPEN)


@condition(
    _NOTHING,
    tells=completeness.naming(_NOTHING, completeness.loose),
    mended_by=("settle_issue", "close_session", "end_interim"),
)
def nothing_else_is_open(s: Situation) -> bool:
    """Ask that every question, offer, meeting and rule of the case has come to its end."""
    return not completeness.loose(s.case)


@condition(
    _UNBROKEN,
    tells=completeness.naming(_UNBROKEN, completeness.broken),
    mended_by=("call_parties_back", "replan_obligation", "waive_obligation"),
)
def no_obligation_is_broken(s: Situation) -> bool:
    """Ask that the breach review has dealt with everything."""
    return not s.case.all(Obligation, *BROKEN)


@condition(
    "the date of the promise was not missed; what was missed gets a new date in the breach review",
    weighs_inputs=True,
    mended_by=("replan_obligation",),
)
def the_promise_was_not_missed(s: Situation) -> bool:
    """Extend the date of a promise that may still be kept."""
    term = s.item(Obligation)
    return term is None or term.state not in BROKEN


@condition("an obligation is missed or contested")
def an_obligation_is_broken(s: Situation) -> bool:
    """Call the parties back about something only."""
    return bool(s.case.all(Obligation, "missed", "contested"))


@condition(
    "those above have answered about every obligation that failed", mended_by=("record_decision", "record_return")
)
def every_failure_was_answered(s: Situation) -> bool:
    """Ask that what failed was put to somebody who may decide what now."""
    answers = [decision.at for decision in s.case.all(Decision, *_ANSWERS)]
    failures = (term.failed_at for term in s.current(Obligation, "failed") if term.failed_at is not None)
    return all(any(answered >= failed for answered in answers) for failed in failures)


@condition("the one who verifies has no part in the owner's line, and did not report it", weighs_inputs=True)
def the_verifier_is_outside_the_owners_line(s: Situation) -> bool:
    """Refuse a person who would verify what their own side did."""
    term = s.item(Obligation)
    if term is None:
        return True
    lines = {party.id for party in roles.parties_of(s.case, s.actor)}
    return term.owner not in lines and term.reported_by != s.actor.person


@condition("this term lets another party step in", weighs_inputs=True)
def the_term_allows_to_step_in(s: Situation) -> bool:
    """Keep to what was agreed: nobody does another's work, and sends the bill, uninvited."""
    term = s.item(Obligation)
    return term is None or term.step_in_hours > 0


@condition("the hours after which another party may step in have passed", weighs_inputs=True)
def the_time_to_step_in_has_come(s: Situation) -> bool:
    """Leave the owner the time that was agreed."""
    term = s.item(Obligation)
    return term is None or s.at >= term.due_at + timedelta(hours=term.step_in_hours)


@condition("another party than the owner steps in, and none has before", weighs_inputs=True)
def the_step_in_is_anothers(s: Situation) -> bool:
    """Let one other party step in, once for each date."""
    term = s.item(Obligation)
    return term is None or (term.owner != s.party_id and not term.stepped_in_by)


@condition("a score is a whole number from 1 to 5", weighs_inputs=True)
def the_scores_are_sound(s: Situation) -> bool:
    """Refuse a score that means nothing."""
    return all(s.given(name) in {None, 1, 2, 3, 4, 5} for name in ("process_score", "neutral_score"))


@condition("lessons are filed, or “none” is stated", mended_by=("file_lessons",))
def lessons_are_filed(s: Situation) -> bool:
    """Ask what was learned."""
    return bool(s.current(Lesson))
