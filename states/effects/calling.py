"""Effects of deputies: who is called in the place of whom, and when such a part ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import call_states, calling
from states.effects.registry import effect, one_of
from states.events import ItemRecorded
from states.items import Called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(asks_directory=True)
def call_deputies(s: Situation) -> Iterator[Change]:
    """Call a deputy beside each person of the tier who did not answer in time; who is called keeps nobody out."""
    yield from calling.deputies(s)


@effect(asks_directory=True)
def call_deputies_of_stage(s: Situation) -> Iterator[Change]:
    """Call a deputy beside each person who has the duty of the stage and whose party has not done its part in time."""
    yield from calling.deputies_of_stage(s)


@effect(one_of(Called, "Deputy", *call_states.ACTING), asks_directory=True)
def end_deputy(s: Situation) -> Iterator[Change]:
    """End the part of a deputy on its day; the next one is called where whoever they stood in for is still away."""
    call = s.item(Called)
    if call is not None:
        yield from calling.over(s, call)


@effect(one_of(Called, "Where nobody was found", call_states.NOBODY))
def leave_unnamed(s: Situation) -> Iterator[Change]:
    """Record that nobody was named where nobody had been found."""
    call = s.item(Called)
    if call is not None:
        yield ItemRecorded(call_states.LIFE.moved(call, "leave unnamed"))
