"""What makes a signed text: its exact hash, the marks on it, and whether one is still missing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from states.items import Agreement, Obligation, Session, Signature

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from states.case import Case
    from states.situation import Situation

_SEALED = ("text", "summary", "annex", "character", "effective_at", "amends", "changes")
_SEALED_TERM = (
    *("owner", "action", "due_at", "verifier", "place", "proof", "indicator", "issue", "clause"),
    *("step_in_hours", "every_days", "until", "replaces"),
)


def text_hash(agreement: Agreement, terms: Iterable[Obligation]) -> str:
    """Name an exact text with its terms by SHA-256: any change gives another name, which no earlier mark bears."""
    told = {
        "agreement": {name: getattr(agreement, name) for name in _SEALED},
        "terms": [{name: getattr(term, name) for name in _SEALED_TERM} for term in terms],
    }
    words = json.dumps(told, default=_spelled, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def _spelled(instant: datetime) -> str:
    return instant.isoformat()


def mark(s: Situation, agreement: Agreement) -> Signature:
    """Make the actor's mark on the text as it stands, for the party the act is for."""
    return Signature(party=s.party_id, person=s.actor.person, at=s.at, text_hash=agreement.text_hash)


def attested(agreement: Agreement, s: Situation) -> Agreement:
    """Put the actor's attestation on a text."""
    return replace(agreement, attestations=(*agreement.attestations, mark(s, agreement)))


def without_marks(agreement: Agreement) -> Agreement:
    """Take every mark off a text that is opened again."""
    return replace(agreement, ratifications=(), refused_by=(), signatures=(), attestations=())


def in_force(case: Case) -> Agreement | None:
    """Find the text in force, of this cycle or an earlier one; None where there is none."""
    found = case.all(Agreement, "in force")
    return found[-1] if found else None


def awaits_attestation(s: Situation, agreement: Agreement) -> bool:
    """Tell whether the outcome came from mediation, is to be attested, and is not yet."""
    return _a_mediator_sat(s) and _can_be_attested(s) and not is_attested(s, agreement)


def is_attested(s: Situation, agreement: Agreement) -> bool:
    """Tell whether a mediator attested, and not only the one who wrote the text."""
    attesters = {one.person for one in agreement.attestations if one.text_hash == agreement.text_hash}
    mediators = set(s.case.roles.get("mediator", ()))
    return bool(attesters & mediators) and bool(attesters - {agreement.drafted_by})


def _a_mediator_sat(s: Situation) -> bool:
    return bool(s.case.roles.get("mediator")) and bool(s.current(Session))


def _can_be_attested(s: Situation) -> bool:
    return any("attest" in trigger.does for trigger in s.process.triggers.values())
