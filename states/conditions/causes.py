"""Facts about the root-cause work: its chains and passes, the worksheets, and the temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.effects import causes
from states.items import Cause, Disagreement, Fact, Inquiry, Issue, Signal, Statement, Talk
from states.said import both, say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.situation import Situation

_ANSWERED = ("confirmed", "disagreed", "uncontested")
_CHAIN = say("every open issue has a chain of whys that ends at a condition and not at a person")
_JOINTLY = say(
    "every cause is confirmed by all parties, or their disagreement is stated, or a party was silent in time"
)


@condition("every open issue has at least one cause that is a condition and not a person", mended_by=("record_cause",))
def every_issue_has_a_cause(s: Situation) -> bool:
    """Ask for a root cause per issue."""
    explained = {cause.issue for cause in s.case.all(Cause) if cause.is_condition}
    return all(issue.id in explained for issue in s.case.all(Issue, "open"))


def _without_chain(s: Situation) -> str:
    issues = together(issue.title for issue in _unexplained(s))
    return say("%(fact)s; still without one: %(issues)s", fact=_CHAIN, issues=issues)


@condition(_CHAIN, tells=_without_chain, mended_by=("record_cause", "revise_cause"))
def every_issue_has_a_chain(s: Situation) -> bool:
    """Ask for a chain per issue, so that nobody stops at what is plain to see."""
    return not any(_unexplained(s))


def _unexplained(s: Situation) -> Iterator[Issue]:
    explained = {cause.issue for cause in s.case.all(Cause) if cause.is_condition and cause.whys}
    return (issue for issue in s.case.all(Issue, "open") if issue.id not in explained)


@condition("every cause names its source", mended_by=("record_cause",))
def every_cause_has_a_source(s: Situation) -> bool:
    """Ask how we know."""
    return all(cause.source for cause in s.case.all(Cause))


@condition("every why of every chain names its source", mended_by=("weigh_why",))
def every_why_has_a_source(s: Situation) -> bool:
    """Ask how we know each link."""
    return all(why.source for cause in s.case.all(Cause) for why in cause.whys)


@condition("every cause outside the parties' control says who or what controls it", mended_by=("revise_cause",))
def causes_outside_control_are_labelled(s: Situation) -> bool:
    """Keep the parties from quarrelling about what neither can change."""
    return all(cause.in_control or cause.controlled_by for cause in s.case.all(Cause))


def _waiting_for(s: Situation) -> str:
    return together((_JOINTLY, *(_waits_for(s, cause) for cause in _unanswered(s))))


@condition(_JOINTLY, tells=_waiting_for, mended_by=("answer_cause", "accept_disagreement"))
def every_cause_was_answered(s: Situation) -> bool:
    """Ask for the joint pass over the causes."""
    return not any(_unanswered(s))


def _unanswered(s: Situation) -> Iterator[Cause]:
    found = (cause for cause in s.case.all(Cause) if cause.state not in _ANSWERED)
    return (cause for cause in found if not s.party_ids <= set(cause.agreed_by))


def _waits_for(s: Situation, cause: Cause) -> str:
    """Name the parties a cause waits for, or the words when all have answered."""
    open_to = s.party_ids - {*cause.agreed_by, *cause.disputed_by}
    names = [party.name for party in s.case.parties if party.id in open_to]
    if not names:
        return say("“%(cause)s” is disputed, in no words that all accept", cause=cause.statement)
    return say("“%(cause)s” waits for %(parties)s", cause=cause.statement, parties=both(names))


@condition("some cause still waits for a party's answer")
def a_cause_waits_for_an_answer(s: Situation) -> bool:
    """Ask whether the clock of the joint pass has anything to say."""
    return not every_cause_was_answered.holds(s)


@condition("who disputes a cause says why", weighs_inputs=True)
def a_dispute_has_its_reason(s: Situation) -> bool:
    """Ask for words that can stand beside the other side's."""
    return bool(s.given("agrees")) or bool(s.text("reason"))


@condition("what all parties confirmed is answered only by one that has joined since", weighs_inputs=True)
def the_cause_may_be_answered(s: Situation) -> bool:
    """Keep what was confirmed, and hear a party that was not there."""
    cause = s.item(Cause)
    return cause is None or cause.state != "confirmed" or not causes.answered(cause, s.party_id)


@condition("whoever put it on file does not answer it for a party; somebody of that party does", weighs_inputs=True)
def the_answer_is_not_to_their_own_words(s: Situation) -> bool:
    """Let nobody of the team write something down and agree to it in a party's name."""
    item = s.item(Cause) or s.item(Fact)
    return item is None or item.by != s.actor.person or s.party in s.speaks_for


@condition("this party has not accepted these words yet", weighs_inputs=True)
def the_words_are_not_accepted_yet(s: Situation) -> bool:
    """Count an acceptance once."""
    words = s.item(Disagreement)
    return words is None or s.party_id not in words.accepted_by


@condition("this party has not answered these findings yet", weighs_inputs=True)
def the_findings_are_not_answered_yet(s: Situation) -> bool:
    """Count an answer once."""
    inquiry = s.item(Inquiry)
    return inquiry is None or s.party_id not in {*inquiry.accepted_by, *inquiry.rejected_by}


@condition(
    "the convener has heard every party, in a talk or by its account",
    mended_by=("record_talk", "record_statement", "file_account"),
)
def every_side_was_heard(s: Situation) -> bool:
    """Ask for one talk per side."""
    heard = {talk.party for talk in s.case.all(Talk)} | {account.party for account in s.case.all(Statement, "open")}
    return s.party_ids <= heard


@condition("something is written, or said about who may read it", weighs_inputs=True)
def something_is_written(s: Situation) -> bool:
    """Refuse an empty sheet."""
    return any(value not in (None, "") for name, value in (s.inputs or {}).items() if name != "party")


@condition("the signal tells that the conflict has grown hot")
def the_signal_is_of_heat(s: Situation) -> bool:
    """Tell a rise of the temperature from readings that only lie apart."""
    signal = s.item(Signal)
    return signal is not None and signal.hot


@condition("a signal from the readings waits for an answer")
def a_signal_waits(s: Situation) -> bool:
    """Ask that there is something to answer."""
    return bool(s.case.all(Signal, "open", "unanswered"))
