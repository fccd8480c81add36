"""Acts that bind: a part of a party speaks under its own name, and the party that it stands within decides for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.effects import EFFECTS
from states.process import ANY_STAGE
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.process import Move, Process, Trigger
    from states.situation import Situation


def missing(trigger: Trigger, s: Situation) -> Iterator[str]:
    """Name the party that decides, where a part of it is about to bind it."""
    party = s.party or next(iter(s.speaks_for), None)
    decides = s.party is None and any(one.within is None for one in s.speaks_for)
    above = s.case.party(party.within) if party and party.within and not decides else None
    if party is not None and above is not None and binds(s.process, trigger):
        yield say(
            "the representatives of %(above)s to do it: %(party)s stands within it, and may speak but not bind",
            above=above.name,
            party=party.name,
        )


def binds(process: Process, trigger: Trigger) -> bool:
    """Tell whether an act commits whoever does it: by an effect, or by ending or reopening the case.

    One that waits for others is only proposed, and it is the parties that decide who answer it.
    """
    if trigger.agreed_by is not None or trigger.seconded_by is not None:
        return False
    return any(EFFECTS[name].binds for name in trigger.does) or any(_ends(process, one) for one in trigger.moves)


def _ends(process: Process, move: Move) -> bool:
    if move.to is None:
        return False
    reached = {move.to, *(stage for stage in move.sources if stage != ANY_STAGE)}
    return any(process.stages[stage].final for stage in reached)
