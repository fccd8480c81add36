"""Facts about the offers on the table, open and sealed, and about the options they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from states import board, dates, roles
from states.conditions.registry import condition, unanimous
from states.effects import offers
from states.items import Criterion, Issue, Offer, Option, Round
from states.said import say

if TYPE_CHECKING:
    from states.situation import Situation


@unanimous
@condition("with this answer every other party has accepted the offer", weighs_inputs=True)
def this_is_the_last_acceptance(s: Situation) -> bool:
    """Tell whether the act at hand completes the acceptance."""
    offer = s.item(Offer)
    return offer is not None and offers.is_settled(s, offer)


@condition("with this answer no issue is left open", weighs_inputs=True, mended_by=("settle_issue", "sever_issue"))
def no_issue_is_left_open(s: Situation) -> bool:
    """Ask that the offer settles every issue that has no result of its own yet."""
    offer = s.item(Offer)
    settled = offer.issues if offer is not None else ()
    return all(issue.id in settled for issue in s.case.all(Issue, "open"))


@condition("the offer was made by another party or by the mediator", weighs_inputs=True)
def the_offer_is_anothers(s: Situation) -> bool:
    """Refuse an answer to one's own offer."""
    offer = s.item(Offer)
    return offer is None or offer.party is None or offer.party != s.party_id


@condition("the offer is your own: who made it may take it back", weighs_inputs=True)
def the_offer_is_their_own(s: Situation) -> bool:
    """Let a party take back its own offer, and the case team its own."""
    offer = s.item(Offer)
    mine = {party.id for party in roles.parties_of(s.case, s.actor)}
    return offer is not None and (offer.party in mine if offer.party else not mine)


def _bounds(s: Situation) -> tuple[datetime, datetime] | None:
    """Return the earliest and the latest end of an offer that is made now; None where the process sets no limits.

    Where the usual time of the urgency class is shorter than the least, it is enough.
    """
    limits = s.process.limits.get(Offer.kind)
    if limits is None:
        return None
    made = Offer(id="", zone=s.zone, by=s.actor.person, at=s.at, party=None, text="")
    least, usual = dates.later(s, s.at, limits.least), dates.clock_on(s, made)
    return min(least, usual.due_at if usual else least), dates.later(s, s.at, limits.most)


def _unfair(s: Situation) -> str:
    limits, bounds, until = s.process.limits[Offer.kind], _bounds(s), s.given("expires_at")
    if bounds is not None and isinstance(until, datetime) and until < bounds[0]:
        return say("an offer leaves time to answer, until %(until)s at least; give it a later date", until=bounds[0])
    return say("an offer stands for %(most)s at most; give it an earlier date", most=limits.most)


@condition(
    "an offer leaves the others time to answer, and does not stand longer than the process lets one",
    weighs_inputs=True,
    tells=_unfair,
)
def the_offer_stands_for_a_fair_time(s: Situation) -> bool:
    """Refuse a date of its own that leaves no time to answer, or that would bind for ever."""
    until = s.given("expires_at")
    if not isinstance(until, datetime) or (bounds := _bounds(s)) is None:
        return True
    return bounds[0] <= until <= bounds[1]


@condition(
    "every option named was tested and does no serious harm, or it is said why it is taken all the same",
    weighs_inputs=True,
    mended_by=("judge_option", "check_harm"),
)
def no_option_is_offered_untested(s: Situation) -> bool:
    """Ask for the reason where something unproven or dangerous goes on the table."""
    return bool(s.text("despite")) or all(_is_sound(s, named) for named in s.texts("options"))


def _is_sound(s: Situation, named: str) -> bool:
    option = s.case.item(named)
    if not isinstance(option, Option):
        return True
    return not board.untested(option, s.current(Criterion)) and not board.is_dangerous(option)


@condition("every party has agreed this criterion", weighs_inputs=True, mended_by=("agree_criteria",))
def the_criterion_is_agreed(s: Situation) -> bool:
    """Ask for the yardstick before anything is measured."""
    criterion = s.item(Criterion)
    return criterion is None or s.party_ids <= set(criterion.agreed_by)


@condition("every issue is settled, severed, referred or escalated", mended_by=("settle_issue", "sever_issue"))
def every_issue_has_its_result(s: Situation) -> bool:
    """Leave no issue behind when the text is drafted."""
    return not s.case.all(Issue, "open")


@condition("an issue that is not settled here says why, and one that is referred to whom", weighs_inputs=True)
def the_way_of_the_issue_is_named(s: Situation) -> bool:
    """Ask for a reason, and for the door of a referral."""
    result = s.text("result")
    return result == "settled" or (bool(s.text("reason")) and (result != "referred" or bool(s.text("door"))))


@condition("some issues were severed, referred or escalated instead of settled")
def some_issues_went_elsewhere(s: Situation) -> bool:
    """Tell a settlement in part from a whole one."""
    states = {issue.state for issue in s.current(Issue)}
    return "settled" in states and bool(states & {"severed", "referred", "escalated"})


@condition("the answers to this question are still under seal", weighs_inputs=True)
def the_round_is_open(s: Situation) -> bool:
    """Ask that the date has not passed."""
    asked = s.item(Round)
    return asked is not None and asked.due_at > s.at
