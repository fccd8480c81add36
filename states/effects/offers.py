"""Effects of offers: made, countered, answered, withdrawn and lapsed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import authority
from states.effects.registry import effect, instant, leaves, one_of, recorded, several, text, yes_no
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Issue, Offer, Option
from states.lifecycle import Lifecycle
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

LIFE = Lifecycle(
    Offer,
    initial="open",
    moves=(
        ("accept", ("open",), "accepted"),
        ("reject", ("open",), "rejected"),
        ("counter", ("open",), "countered"),
        ("withdraw", ("open",), "withdrawn"),
        ("lapse", ("open",), "lapsed"),
    ),
)

DESPITE = text(
    "despite", "Why an option that is untested or may do serious harm is offered all the same", required=False
)
_TERMS = (
    text("text", "Terms offered"),
    instant("expires_at", "Stands until, if not for the usual time", required=False),
    several("issues", "Issues that it settles", Issue, "open", required=False),
    several("options", "Options it is made of", Option, required=False),
    DESPITE,
    Field(
        name="amount",
        type=FieldType.NUMBER,
        label=say("What it is worth"),
        required=False,
        help=say("Where your authority has a limit. Every party reads it."),
    ),
    yes_no("subject_to_approval", "It is subject to approval by those above you", initial=False),
)


@leaves(Offer, LIFE.initial)
@effect(*_TERMS, binds=True)
def make_offer(s: Situation) -> Iterator[Change]:
    """Put terms on the table; a mediator's own proposal comes from no party."""
    yield _made(s)


@leaves(Offer, LIFE.initial)
@effect(one_of(Offer, "Offer that you answer", *LIFE.sources("counter")), *_TERMS, for_a_party=True, binds=True)
def counter_offer(s: Situation) -> Iterator[Change]:
    """Answer an offer with another one, which takes its place."""
    answered = s.item(Offer)
    if answered is not None:
        yield ItemRecorded(LIFE.moved(answered, "counter"))
        yield _made(s, answers=answered.id)


@effect(one_of(Offer, "Offer", *LIFE.sources("accept")), for_a_party=True, binds=True)
def accept_offer(s: Situation) -> Iterator[Change]:
    """Record a party's acceptance; the last one settles the offer and the issues it names."""
    offer = s.item(Offer)
    if offer is None:
        return
    accepted = replace(offer, accepted_by=tuple(dict.fromkeys((*offer.accepted_by, s.party_id))))
    if is_settled(s, offer):
        yield from settled(s, accepted)
    else:
        yield ItemRecorded(accepted)


@effect(
    one_of(Offer, "Offer", *LIFE.sources("reject")),
    text("reason", "Reason", required=False),
    for_a_party=True,
    binds=True,
)
def reject_offer(s: Situation) -> Iterator[Change]:
    """Record a party's no; the offer is off the table."""
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(LIFE.moved(offer, "reject", rejected_by=(*offer.rejected_by, s.party_id)))


@effect(one_of(Offer, "Offer", *LIFE.sources("withdraw")), text("reason", "Reason", required=False))
def withdraw_offer(s: Situation) -> Iterator[Change]:
    """Take an offer back before everybody has accepted it."""
    yield from _moved(s, "withdraw")


@effect(one_of(Offer, "Offer", *LIFE.sources("lapse")))
def lapse_offer(s: Situation) -> Iterator[Change]:
    """Let an unanswered offer lapse: nobody is bound by inattention."""
    yield from _moved(s, "lapse")


def settled(s: Situation, accepted: Offer) -> Iterator[Change]:
    """Settle an offer that everybody has accepted, and the issues it names."""
    yield ItemRecorded(LIFE.moved(accepted, "accept"))
    named = (issue for issue in s.case.all(Issue, "open") if issue.id in accepted.issues)
    yield from (ItemRecorded(replace(issue, state="settled")) for issue in named)


def is_settled(s: Situation, offer: Offer) -> bool:
    """Tell whether the acceptance at hand is the last one that the offer needs."""
    return s.party_ids - {offer.party} <= {*offer.accepted_by, s.party_id}


def _made(s: Situation, **more: object) -> ItemRecorded:
    terms = {"text": s.text("text"), "expires_at": s.given("expires_at"), "despite": s.text("despite")}
    parts = {"issues": s.texts("issues"), "options": s.texts("options"), "amount": s.given("amount")}
    mandate = next(reversed(authority.held(s, "negotiate")), None)
    awaits = bool(s.given("subject_to_approval")) or (s.party is not None and mandate is None)
    bound = {"authority": mandate.id if mandate else "", "subject_to_approval": awaits}
    return recorded(s, Offer, party=s.party_id or None, **terms, **parts, **bound, **more)


def _moved(s: Situation, move: str) -> Iterator[Change]:
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(LIFE.moved(offer, move))
