"""The names a definition may rely on in this installation: conditions, effects, kinds of item, templates, calendars."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from config import load, working_time
from states import conditions, effects, items
from states.check import Vocabulary


def known(calendars: Iterable[str]) -> Vocabulary:
    """Gather every name that this version of Parley knows, with these calendars."""
    return _known(frozenset(calendars))


@lru_cache(maxsize=8)
def _known(calendars: frozenset[str]) -> Vocabulary:
    return Vocabulary(
        conditions=frozenset(conditions.CONDITIONS),
        effects=frozenset(effects.EFFECTS),
        templates=load.mail_templates(),
        item_kinds=frozenset(items.KINDS),
        calendars=calendars,
        inputs={name: frozenset(effect.inputs) for name, effect in effects.EFFECTS.items()},
        speaks_in={name: effect.speaks_in for name, effect in effects.EFFECTS.items() if effect.speaks_in},
        own_words=frozenset(name for name, effect in effects.EFFECTS.items() if effect.is_for_people),
        leaves={name: effect.leaves for name, effect in effects.EFFECTS.items() if effect.leaves},
        unanimous=frozenset(name for name, one in conditions.CONDITIONS.items() if one.unanimous),
    )


@cache
def shipped() -> Vocabulary:
    """Gather every name that this version of Parley knows, with the calendars that come with it."""
    return known(working_time.shipped_calendars())
