"""The temperature of a conflict: Glasl's nine steps, what each calls for, and what several readings tell together.

The steps are those of Friedrich Glasl's model of escalation; the bands of help overlap, as they do with him.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from states.items import Reading

STEPS = (
    say("hardening"),
    say("debate"),
    say("actions instead of words"),
    say("images and coalitions"),
    say("loss of face"),
    say("threats"),
    say("limited blows"),
    say("breaking the other"),
    say("together into the abyss"),
)
HIGH = 6
WIDE = 2
"""From how many steps apart two readings are a signal, and from how many a rise is."""

_HELP = (
    (range(1, 4), say("own talks, with a facilitator")),
    (range(3, 6), say("guidance of the process")),
    (range(5, 8), say("mediation")),
    (range(6, 9), say("decision by a third")),
    (range(7, 10), say("power of a higher authority")),
)


def name(step: int) -> str:
    """Name a step, 1 to 9."""
    return STEPS[step - 1]


def suggestions(step: int) -> tuple[str, ...]:
    """List the kinds of help that fit a step, 1 to 9, the gentlest first."""
    return tuple(words for band, words in _HELP if step in band)


def newest(readings: Iterable[Reading]) -> Mapping[str, Reading]:
    """Find the newest reading of each source: a party's id, or empty for the case team."""
    return {reading.party: reading for reading in readings}


def gap(readings: Iterable[Reading]) -> int:
    """Count the steps between the hottest and the coolest of the newest readings."""
    steps = [reading.step for reading in newest(readings).values()]
    return max(steps, default=0) - min(steps, default=0)


def rise(readings: Iterable[Reading]) -> int:
    """Count by how many steps the newest reading of a source lies above its first, where it rose most."""
    ordered = tuple(readings)
    first = newest(reversed(ordered))
    return max((last.step - first[source].step for source, last in newest(ordered).items()), default=0)


def is_high(readings: Iterable[Reading]) -> bool:
    """Tell whether it rose by two steps, or stands at six or above with anybody."""
    ordered = tuple(readings)
    return rise(ordered) >= WIDE or any(reading.step >= HIGH for reading in newest(ordered).values())


def warnings(readings: Iterable[Reading]) -> tuple[str, ...]:
    """Say what in the readings calls for an answer: that they lie wide apart, that it is hot."""
    ordered = tuple(readings)
    apart = gap(ordered)
    wide = count(
        "The newest readings of the temperature lie %(count)s step apart.",
        "The newest readings of the temperature lie %(count)s steps apart.",
        count=apart,
    )
    hot = say("It rose by two steps or stands at six or above: ask whether the next tier is needed.")
    return (*((wide,) if apart >= WIDE else ()), *((hot,) if is_high(ordered) else ()))
