"""Why somebody stands where they stand on a shortlist, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.words import listed
from states.shortlist import LANGUAGE_POINTS, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.words import Words
    from states.shortlist import Candidate, Component, Ranked


def because(ranked: Ranked, words: Words, *, parties: int) -> tuple[str, ...]:
    """Say what a place is made of; `parties` counts those whose language was asked for."""
    return tuple(said for part in ranked.components for said in _spelled(part, words, parties))


def away(candidate: Candidate) -> str:
    """Spell the days on which somebody does not serve, the way they are written in a file."""
    return "; ".join(f"{one.since}..{one.until}" for one in candidate.away)


def _spelled(component: Component, words: Words, parties: int) -> Iterator[str]:
    if component.part is Part.LANGUAGE and parties:
        yield _languages(component, words, parties)
    if component.part is Part.SKILL and component.found:
        yield f"knows {listed(component.found)}"
    if component.part is Part.PLACE and component.found:
        yield f"worked in {listed(component.found)}"
    if component.part is Part.LOAD:
        load, most = component.found
        yield f"{load} of {most} cases"


def _languages(component: Component, words: Words, parties: int) -> str:
    if not component.found:
        return "speaks no language of the parties"
    spoken = listed(tuple(map(words.language_name, component.found)))
    every = component.points == parties * LANGUAGE_POINTS
    return f"speaks {spoken}" if every else f"speaks {spoken}, which not every party reads"
