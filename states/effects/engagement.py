"""Effects of engagement: consents given, refused and revoked, and the silence that counts as none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, recorded, text
from states.events import ItemRecorded
from states.items import Consent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


def _answered(s: Situation, state: str) -> Iterator[Change]:
    before = next((one for one in s.case.all(Consent) if one.party == s.party_id), None)
    if before is None:
        yield recorded(s, Consent, party=s.party_id, text=s.text("text"), state=state)
    else:
        yield ItemRecorded(replace(before, state=state, text=s.text("text"), by=s.actor.person, at=s.at))


@effect(text("text", "Terms or remarks", required=False), for_a_party=True)
def give_consent(s: Situation) -> Iterator[Change]:
    """Record a party's yes to mediation."""
    yield from _answered(s, "given")


@effect(text("text", "Statement"), for_a_party=True)
def refuse_consent(s: Situation) -> Iterator[Change]:
    """Record a party's no, or a yes taken back."""
    before = any(one.party == s.party_id for one in s.case.all(Consent, "given"))
    yield from _answered(s, "revoked" if before else "refused")
