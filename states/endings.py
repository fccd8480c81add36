"""How a case ended, in words: read from what is on file, and kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import signing
from states.items import Agreement, Decision, Neutral, Obligation

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.items import Item
    from states.process import Process

DIRECTLY = "agreed directly between the parties"
IN_MEDIATION = "agreed in mediation"


def how_it_ended(process: Process, case: Case) -> str:
    """Say how a closed case ended: its outcome, and where something was agreed, how that came about and what failed.

    Empty while the case is open.
    """
    agreement = signing.in_force(case)
    if case.outcome is None or agreement is None:
        return case.outcome or ""
    failed = [one for one in case.all(Obligation, "failed") if one.failed_at and one.failed_at >= _begun(case)]
    if failed:
        what = "a promise" if len(failed) == 1 else f"{len(failed)} promises"
        return f"closed as failed: {what} could not be kept; {_way(process, case, agreement)}"
    return f"{case.outcome}: {_way(process, case, agreement)}"


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
    label = f"{decisions[-1].tier} ({tier.label})" if tier else decisions[-1].tier
    return f"decided at tier {label}{', after mediation' if mediated else ''}"


def _first_text(case: Case, agreement: Agreement) -> Agreement:
    """Find the text that was agreed on at first, before it was amended or corrected."""
    earlier = case.item(agreement.amends)
    return _first_text(case, earlier) if isinstance(earlier, Agreement) else agreement


def _begun(case: Case) -> datetime:
    return case.cycle_since or case.opened_at


def _is_within(item: Item, since: datetime, until: datetime) -> bool:
    return since <= item.at <= until
