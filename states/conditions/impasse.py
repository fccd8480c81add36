"""Facts about where the parties are stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Deadlock

if TYPE_CHECKING:
    from states.situation import Situation


@condition("it is recorded which issue is stuck, and why", mended_by=("record_deadlock",))
def a_deadlock_is_recorded(s: Situation) -> bool:
    """Ask for the issues and the reasons before anybody gives up."""
    return bool(s.current(Deadlock))
