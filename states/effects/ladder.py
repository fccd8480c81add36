"""Effects of what the tiers of the ladder are asked and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.effects.registry import effect, recorded, text
from states.items import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


def _answered(s: Situation, answer: str) -> Iterator[Change]:
    yield recorded(s, Decision, tier=s.case.tier or "", answer=answer, text=s.text("text"), state=answer)


@effect(text("text", "Decision and reasons"), binds=True)
def record_decision(s: Situation) -> Iterator[Change]:
    """Record what a tier decided."""
    yield from _answered(s, "decided")


@effect(text("text", "Instructions and date"), binds=True)
def record_return(s: Situation) -> Iterator[Change]:
    """Record that a tier sent the case back down with instructions."""
    yield from _answered(s, "returned")


@effect(text("text", "Reasons"), binds=True)
def record_refusal(s: Situation) -> Iterator[Change]:
    """Record that a tier refused what was asked."""
    yield from _answered(s, "refused")


@effect(text("text", "Question and reasons"))
def record_request(s: Situation) -> Iterator[Change]:
    """Record what the next tier is asked, and why."""
    yield from _answered(s, "asked")
