"""Effects of follow-up: an obligation is due, reported, then verified or contested by the other party, or missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, one_of, text
from states.events import ItemRecorded
from states.items import Obligation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(
    one_of(Obligation, "Obligation", "due", "missed", "contested"), text("evidence", "What was done, and the proof")
)
def report_obligation(s: Situation) -> Iterator[Change]:
    """Record the owner's report; the other party verifies it."""
    term = s.item(Obligation)
    if term is not None:
        report = replace(term, state="reported", evidence=s.text("evidence"), reported_at=s.at)
        yield ItemRecorded(report)


@effect(one_of(Obligation, "Obligation", "reported", "provisional"))
def verify_obligation(s: Situation) -> Iterator[Change]:
    """Record that the other party saw it done."""
    yield from _became(s, "verified")


@effect(one_of(Obligation, "Obligation", "reported", "provisional"), text("reason", "What is not as promised"))
def contest_obligation(s: Situation) -> Iterator[Change]:
    """Record that the other party does not find it done."""
    yield from _became(s, "contested")


@effect(one_of(Obligation, "Obligation", "due"))
def miss_obligation(s: Situation) -> Iterator[Change]:
    """Record that nothing was reported by the due instant."""
    yield from _became(s, "missed")


@effect(one_of(Obligation, "Obligation", "reported"))
def accept_provisionally(s: Situation) -> Iterator[Change]:
    """Accept a report nobody verified: a silent verifier holds no hostage, and may still contest."""
    yield from _became(s, "provisional")


@effect(one_of(Obligation, "Obligation", "due", "missed", "contested"), text("reason", "Reason"))
def waive_obligation(s: Situation) -> Iterator[Change]:
    """Record that the party it benefits gives it up."""
    yield from _became(s, "waived")


@effect(one_of(Obligation, "Obligation", "missed", "contested"), text("reason", "Reason"))
def fail_obligation(s: Situation) -> Iterator[Change]:
    """Record that it will not be done."""
    yield from _became(s, "failed")


@effect(one_of(Obligation, "Obligation", "due", "missed", "contested"), instant("due_at", "New date"))
def replan_obligation(s: Situation) -> Iterator[Change]:
    """Give it a new date; its reminders move with it."""
    term, due_at = s.item(Obligation), s.given("due_at")
    if term is not None and isinstance(due_at, datetime):
        yield ItemRecorded(replace(term, state="due", due_at=due_at))


def _became(s: Situation, state: str) -> Iterator[Change]:
    term = s.item(Obligation)
    if term is not None:
        yield ItemRecorded(replace(term, state=state))
