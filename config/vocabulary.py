"""The names a definition may rely on in this installation: conditions, effects, kinds of item, templates, calendars."""

from __future__ import annotations

from functools import cache

from config import load, working_time
from states import conditions, effects, items
from states.check import Vocabulary


@cache
def shipped() -> Vocabulary:
    """Gather every name that this version of Parley knows."""
    return Vocabulary(
        conditions=frozenset(conditions.CONDITIONS),
        effects=frozenset(effects.EFFECTS),
        templates=load.mail_templates(),
        item_kinds=frozenset(items.KINDS),
        calendars=frozenset(working_time.shipped_calendars()),
    )
