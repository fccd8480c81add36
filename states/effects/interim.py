"""Effects of the rules for the meantime, which end by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Interim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(text("rule", "Rule, without prejudice"), instant("expires_at", "Expires at"))
def begin_interim(s: Situation) -> Iterator[Change]:
    """Put a rule in force that ends by itself."""
    yield recorded(s, Interim, rule=s.text("rule"), expires_at=s.given("expires_at"), state="on")


@effect(one_of(Interim, "Interim rule", "on"))
def end_interim(s: Situation) -> Iterator[Change]:
    """End an interim rule."""
    interim = s.item(Interim)
    if interim is not None:
        yield ItemRecorded(replace(interim, state="ended"))


@effect(one_of(Interim, "Interim rule", "on"))
def expire_interim(s: Situation) -> Iterator[Change]:
    """Let an interim rule end on its date."""
    interim = s.item(Interim)
    if interim is not None:
        yield ItemRecorded(replace(interim, state="expired"))
