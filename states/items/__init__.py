"""What a case file holds: one frozen class for each kind of thing recorded, each with its id, zone and state.

One module for each part of the work. A changed item is a new value under the same id; the record keeps every version
of it in the chained events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.items.agreement import Agreement, Heads, Signature
from states.items.bargaining import (
    Deadlock,
    Envelope,
    Harm,
    Impasse,
    Interim,
    Judgement,
    Offer,
    Option,
    Release,
    Round,
)
from states.items.base import Item
from states.items.calling import Called
from states.items.causes import Cause, Disagreement, Why
from states.items.clash import Claim, Criterion
from states.items.emergencies import BreakGlass
from states.items.engagement import Acceptance, Consent, Mandate, ProcessAgreement, Stakeholder
from states.items.facts import Fact, Inquiry
from states.items.handovers import Handover
from states.items.intake import Account, Document, Issue, Note, Statement
from states.items.ladder import Annotation, Decision, Matter, Question
from states.items.links import Link, Relation
from states.items.mediation import (
    Absence,
    Dissent,
    Neutral,
    Preference,
    Session,
    Shortlist,
)
from states.items.obligations import Feedback, Lesson, Obligation
from states.items.panels import Ballot, Panel, Seat, Vote
from states.items.proposals import Proposal
from states.items.service_of_notice import Service
from states.items.sides import Reading, Signal, Talk, Worksheet

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, type[Item]] = {
    cls.kind: cls
    for cls in (
        Proposal,
        Issue,
        Cause,
        Disagreement,
        Fact,
        Inquiry,
        Signal,
        Reading,
        Talk,
        Worksheet,
        Statement,
        Account,
        Stakeholder,
        Mandate,
        Consent,
        ProcessAgreement,
        Shortlist,
        Preference,
        Service,
        Panel,
        Ballot,
        Neutral,
        Session,
        Option,
        Offer,
        Round,
        Envelope,
        Interim,
        Deadlock,
        Impasse,
        Release,
        Question,
        Annotation,
        Called,
        Handover,
        Decision,
        Heads,
        Agreement,
        Obligation,
        Document,
        Note,
        Claim,
        Criterion,
        Feedback,
        Link,
        Lesson,
        BreakGlass,
    )
}

__all__ = [
    "KINDS",
    "Absence",
    "Acceptance",
    "Account",
    "Agreement",
    "Annotation",
    "Ballot",
    "BreakGlass",
    "Called",
    "Cause",
    "Claim",
    "Consent",
    "Criterion",
    "Deadlock",
    "Decision",
    "Disagreement",
    "Dissent",
    "Document",
    "Envelope",
    "Fact",
    "Feedback",
    "Handover",
    "Harm",
    "Heads",
    "Impasse",
    "Inquiry",
    "Interim",
    "Issue",
    "Item",
    "Judgement",
    "Lesson",
    "Link",
    "Mandate",
    "Matter",
    "Neutral",
    "Note",
    "Obligation",
    "Offer",
    "Option",
    "Panel",
    "Preference",
    "ProcessAgreement",
    "Proposal",
    "Question",
    "Reading",
    "Relation",
    "Release",
    "Round",
    "Seat",
    "Service",
    "Session",
    "Shortlist",
    "Signal",
    "Signature",
    "Stakeholder",
    "Statement",
    "Talk",
    "Vote",
    "Why",
    "Worksheet",
]
