"""Effects of the answers to a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import agreeing
from states.effects.registry import effect, one_of, own_word, text
from states.events import ItemRecorded
from states.items import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@own_word
@effect(one_of(Proposal, "Proposal", "open"))
def agree_to_proposal(s: Situation) -> Iterator[Change]:
    """Record a yes; the last one carries the act out."""
    proposal = s.item(Proposal)
    if proposal is not None:
        agreed = tuple(dict.fromkeys((*proposal.agreed_by, *agreeing.parties_answering(s, proposal))))
        people = tuple(dict.fromkeys((*proposal.people_for, s.actor.person)))
        after = agreeing.LIFE.moved(proposal, "agree", agreed_by=agreed, people_for=people)
        yield ItemRecorded(agreeing.LIFE.moved(after, "carry out") if agreeing.is_complete(s, after) else after)


@own_word
@effect(one_of(Proposal, "Proposal", "open"), text("reason", "Reason"))
def decline_proposal(s: Situation) -> Iterator[Change]:
    """Record a no; the act is not done."""
    proposal = s.item(Proposal)
    if proposal is not None:
        yield ItemRecorded(
            agreeing.LIFE.moved(proposal, "decline", declined_by=s.actor.person, reason=s.text("reason"))
        )


@effect(one_of(Proposal, "Proposal", "open"))
def take_back(s: Situation) -> Iterator[Change]:
    """Take back what one proposed, or the yes that one gave, until the act is done."""
    proposal = s.item(Proposal)
    if proposal is not None:
        yield ItemRecorded(agreeing.taken_back(s, proposal))


@effect(one_of(Proposal, "Proposal", "open"))
def lapse_proposal(s: Situation) -> Iterator[Change]:
    """Let a proposal lapse that not everybody answered: silence is no yes."""
    proposal = s.item(Proposal)
    if proposal is not None:
        yield ItemRecorded(agreeing.LIFE.moved(proposal, "lapse"))
