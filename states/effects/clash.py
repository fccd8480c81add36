"""Effects for conflicting priorities: claims on one asset, place and time window, criteria, and the open ranking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, one_of, recorded, text
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Claim, Criterion
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(
    text("asset", "Contested asset", long=False),
    text("place", "Place", long=False),
    instant("from_at", "From"),
    instant("until_at", "Until"),
    text("why", "Why it matters"),
    for_a_party=True,
)
def make_claim(s: Situation) -> Iterator[Change]:
    """Put a party's claim on the table."""
    yield recorded(
        s,
        Claim,
        party=s.party_id,
        asset=s.text("asset"),
        place=s.text("place"),
        from_at=s.given("from_at"),
        until_at=s.given("until_at"),
        why=s.text("why"),
    )


@effect(text("text", "Criterion"), text("source", "Standard or paper it is taken from", required=False, long=False))
def propose_criterion(s: Situation) -> Iterator[Change]:
    """Propose a yardstick for all claims."""
    yield recorded(s, Criterion, text=s.text("text"), source=s.text("source"))


@effect(for_a_party=True, binds=True)
def agree_criteria(s: Situation) -> Iterator[Change]:
    """Record that a party accepts every criterion on the list."""
    for criterion in s.case.all(Criterion):
        yield ItemRecorded(replace(criterion, agreed_by=tuple(dict.fromkeys((*criterion.agreed_by, s.party_id)))))


@effect(
    one_of(Claim, "Claim", "open"),
    Field(name="rank", type=FieldType.INTEGER, label=say("Rank, 1 goes first")),
    text("reason", "How the criteria speak"),
)
def rank_claim(s: Situation) -> Iterator[Change]:
    """Rank a claim in the open, by the agreed criteria."""
    claim, rank = s.item(Claim), s.given("rank")
    if claim is not None and isinstance(rank, int):
        yield ItemRecorded(replace(claim, rank=rank, reason=s.text("reason")))


@effect()
def void_ranking(s: Situation) -> Iterator[Change]:
    """Take every rank back, so that the claims are ranked anew."""
    for claim in s.case.all(Claim):
        yield ItemRecorded(replace(claim, rank=None, reason=""))
