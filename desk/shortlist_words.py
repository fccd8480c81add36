"""Why somebody stands where they stand on a shortlist, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.said import say
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
        yield say("knows %(skills)s", skills=words.listed(component.found))
    if component.part is Part.PLACE and component.found:
        yield say("worked in %(places)s", places=words.listed(component.found))
    if component.part is Part.LOAD:
        load, most = component.found
        yield say("%(load)s of %(most)s cases", load=load, most=most)


def _languages(component: Component, words: Words, parties: int) -> str:
    if not component.found:
        return say("speaks no language of the parties")
    spoken = words.listed(map(words.language_name, component.found))
    every = component.points == parties * LANGUAGE_POINTS
    if every:
        return say("speaks %(languages)s", languages=spoken)
    return say("speaks %(languages)s, which not every party reads", languages=spoken)
