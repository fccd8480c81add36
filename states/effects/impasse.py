"""Effects of an impasse: where each issue is stuck and why, who gives up, and which doors are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.effects.registry import choices, effect, one_of, recorded, text
from states.items import Deadlock, Impasse, Issue
from states.said import under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case
    from states.events import Change
    from states.process import Process
    from states.situation import Situation

WHY_STUCK = (
    "no overlap of interests",
    "no authority",
    "facts disputed",
    "trust",
    "value or mandate",
    "outside pressure",
    "ran out of time",
)


@effect(
    one_of(Issue, "Issue", "open", "escalated"),
    choices("reasons", "Why it is stuck; several may be true at once", *WHY_STUCK),
    text("text", "What was tried, and what each side would need"),
)
def record_deadlock(s: Situation) -> Iterator[Change]:
    """Record where one issue is stuck."""
    yield recorded(s, Deadlock, issue=s.text("issue"), reasons=s.texts("reasons"), text=s.text("text"))


@effect(text("text", "What is asked of the next tier, and why"))
def declare_impasse(s: Situation) -> Iterator[Change]:
    """Declare that the method is exhausted for the issues that are stuck, and name the doors that are left."""
    said = {"text": s.text("text"), "doors": doors(s.process, s.case)}
    yield recorded(s, Impasse, deadlocks=_stuck(s), state="declared", **said)


@effect()
def propose_impasse(s: Situation) -> Iterator[Change]:
    """Propose an impasse because the whole clock of the mediation has run."""
    words = "The time for the mediation has run out."
    yield recorded(s, Impasse, deadlocks=_stuck(s), text=words, doors=doors(s.process, s.case), state="proposed")


def doors(process: Process, case: Case) -> tuple[str, ...]:
    """Name what is left: the tiers above, with what each may do, and the ways out of this stage to another body."""
    names = list(process.tiers)
    above = names[names.index(case.tier) + 1 :] if case.tier in names else names
    tiers = (process.tiers[name] for name in above)
    ways_out = (
        trigger.label
        for trigger in process.triggers.values()
        if trigger.outcome == "referred" and any(move.starts_at(case.stage) for move in trigger.moves)
    )
    return (*(under(tier.label, tier.may) if tier.may else tier.label for tier in tiers), *ways_out)


def _stuck(s: Situation) -> tuple[str, ...]:
    """Name the newest word on each issue that is stuck and still unsettled."""
    newest = {one.issue: one.id for one in s.current(Deadlock)}
    unsettled = {issue.id for issue in s.case.all(Issue, "open", "escalated")}
    return tuple(found for issue, found in newest.items() if issue in unsettled)
