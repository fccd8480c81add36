"""How a case ended, in words: read from what is on file, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import signing
from states.items import Agreement, Decision, Neutral, Obligation
from states.said import count, say

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.items import Item
    from states.process import Process

DIRECTLY = say("agreed directly between the parties")
IN_MEDIATION = say("agreed in mediation")


def how_it_ended(process: Process, case: Case) -> str:
    """Say how a closed case ended: its outcome, and where something was agreed, how that came about and what failed.

    Empty while the case is open.
    """
    agreement = signing.in_force(case)
    if case.outcome is None or agreement is None:
        return say(case.outcome) if case.outcome else ""
    failed = [one for one in case.all(Obligation, "failed") if one.failed_at and one.failed_at >= _begun(case)]
    if failed:
        return count(
            "closed as failed: a promise could not be kept; %(way)s",
            "closed as failed: %(count)s promises could not be kept; %(way)s",
            count=len(failed),
            way=_way(process, case, agreement),
        )
    return say("%(outcome)s: %(way)s", outcome=say(case.outcome), way=_way(process, case, agreement))


def _way(process: Process, case: Case, agreement: Agreement) -> str:
    """Say how a text came about: decided by a tier, agreed in mediation, or agreed directly."""
    first = _first_text(case, agreement)
    since = _begun(case) if first.at >= _begun(case) else case.opened_at
    until = first.in_force_at or first.at
    mediated = any(_is_within(one, since, until) for one in case.all(Neutral, "confirmed"))
    decisions = [one for one in case.all(Decision, "decided") if _is_within(one, since, until)]
    if not decisions:
        return IN_MEDIATION if mediated else DIRECTLY
    tier = process.tiers.get(decisions[-1].tier)
    name = decisions[-1].tier
    label = say("%(name)s (%(label)s)", name=name, label=tier.label) if tier else name
    if mediated:
        return say("decided at tier %(tier)s, after mediation", tier=label)
    return say("decided at tier %(tier)s", tier=label)


def _first_text(case: Case, agreement: Agreement) -> Agreement:
    """Find the text that was agreed on at first, before it was amended or corrected."""
    earlier = case.item(agreement.amends)
    return _first_text(case, earlier) if isinstance(earlier, Agreement) else agreement


def _begun(case: Case) -> datetime:
    return case.cycle_since or case.opened_at


def _is_within(item: Item, since: datetime, until: datetime) -> bool:
    return since <= item.at <= until
