"""What the kinds of item are called at the beginning of a sentence: one of them, and several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Mapping

_CALLED: Mapping[str, tuple[str, str]] = {
    "break_glass": (say("Room opened in an emergency"), say("Rooms opened in an emergency")),
    "proposal": (say("Proposal"), say("Proposals")),
    "issue": (say("Issue"), say("Issues")),
    "cause": (say("Cause"), say("Causes")),
    "disagreement": (say("Statement of disagreement"), say("Statements of disagreement")),
    "fact": (say("Fact"), say("Facts")),
    "inquiry": (say("Joint fact-finding"), say("Joint fact-finding")),
    "signal": (say("Signal"), say("Signals")),
    "reading": (say("Temperature"), say("Temperature")),
    "talk": (say("Talk"), say("Talks with each side")),
    "worksheet": (say("Worksheet"), say("Worksheets")),
    "statement": (say("Statement"), say("Statements")),
    "account": (say("Account"), say("Accounts")),
    "stakeholder": (say("Stakeholder"), say("Stakeholders")),
    "mandate": (say("Mandate"), say("Mandates")),
    "consent": (say("Consent"), say("Consents")),
    "process_agreement": (say("Process agreement"), say("Process agreements")),
    "shortlist": (say("Shortlist"), say("Shortlists")),
    "preference": (say("Preference"), say("Preferences")),
    "service": (say("Service"), say("Notices served")),
    "panel": (say("Panel"), say("Panels")),
    "ballot": (say("Ballot"), say("Ballots")),
    "neutral": (say("Neutral"), say("Neutrals proposed")),
    "session": (say("Session"), say("Sessions")),
    "option": (say("Option"), say("Options")),
    "offer": (say("Offer"), say("Offers")),
    "round": (say("Sealed round"), say("Sealed rounds")),
    "envelope": (say("Envelope"), say("Sealed offers of your own")),
    "interim": (say("Interim rule"), say("Interim rules")),
    "deadlock": (say("Deadlock"), say("Deadlocks")),
    "impasse": (say("Impasse"), say("Impasses")),
    "release": (say("Release"), say("Published from confidence")),
    "question": (say("Question"), say("Questions")),
    "annotation": (say("Annotation"), say("Annotations")),
    "called": (say("Called"), say("Who was called")),
    "handover": (say("Handover"), say("Handovers")),
    "decision": (say("Decision"), say("Decisions")),
    "heads": (say("Heads of terms"), say("Heads of terms")),
    "agreement": (say("Agreement"), say("Agreements")),
    "obligation": (say("Obligation"), say("Obligations")),
    "document": (say("Document"), say("Documents")),
    "note": (say("Note"), say("Notes")),
    "claim": (say("Claim"), say("Claims")),
    "criterion": (say("Criterion"), say("Criteria")),
    "feedback": (say("Feedback"), say("Feedback")),
    "link": (say("Link"), say("Links")),
    "lesson": (say("Lesson"), say("Lessons")),
}


def one(kind: str) -> str:
    """Name one item of a kind."""
    return _CALLED[kind][0] if kind in _CALLED else word(kind)


def several(kind: str) -> str:
    """Name several items of a kind."""
    return _CALLED[kind][1] if kind in _CALLED else word(kind)
