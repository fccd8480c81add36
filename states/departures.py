"""What it means that a party leaves a case: who goes with it, who stays, and whether the case ends with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.case import Side

if TYPE_CHECKING:
    from states.situation import Situation


def leaving(s: Situation) -> frozenset[str]:
    """Name the party of the act and every party within it."""
    gone = {s.party_id}
    while more := {one.id for one in s.case.parties if one.within in gone} - gone:
        gone |= more
    return frozenset(gone)


def without_them(s: Situation) -> Situation:
    """Return the situation as it will be once they have left."""
    gone = leaving(s)
    parties = tuple(replace(one, left_at=s.at) if one.id in gone else one for one in s.case.parties)
    return replace(s, case=replace(s.case, parties=parties))


def ends_with_them(s: Situation) -> bool:
    """Tell whether the party of the act opened the case alone; a party within it decides nothing of that kind."""
    if s.party is None or s.party.side is not Side.INITIATING or not s.party.decides:
        return False
    staying = without_them(s)
    return not any(one.side is Side.INITIATING for one in s.case.parties if one.id in staying.party_ids)
