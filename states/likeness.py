"""How alike two cases are, as a score out of a hundred and its reasons in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.marks import MarkKind, key_of
from states.said import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from states.marks import Mark, Window

LIKELY = 60
"""From this score on, two cases are likely to be the same matter."""
RELATED = 25
"""Below this score, two cases are not worth showing side by side."""

_BOTH_BODIES, _ONE_BODY, _WORDS, _ASSET, _PLACE, _WINDOW = 40, 20, 35, 20, 10, 15
_FEW_WORDS = 2
_SHOWN_WORDS = 6


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two cases are; `reasons` says by what."""

    score: int
    reasons: tuple[str, ...]

    @property
    def likely(self) -> bool:
        """Tell whether the two are likely to be the same matter."""
        return self.score >= LIKELY


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a case is compared by."""

    marks: frozenset[Mark]
    windows: tuple[Window, ...] = ()

    def keys(self, kind: MarkKind) -> frozenset[str]:
        """List the keys of one kind of mark."""
        return frozenset(mark.key for mark in self.marks if mark.kind is kind)


def compare(one: Sketch, other: Sketch) -> Likeness:
    """Compare two cases by their bodies, words, asset, place and windows of time."""
    found = list(_found(one, other))
    return Likeness(min(100, sum(points for points, _ in found)), tuple(reason for _, reason in found))


def clash(one: Window, other: Window) -> bool:
    """Tell whether two windows overlap in time on the same asset or at the same place."""
    at_once = one.from_at < other.until_at and other.from_at < one.until_at
    return at_once and (_same(one.asset, other.asset) or _same(one.place, other.place))


def _found(one: Sketch, other: Sketch) -> Iterator[tuple[int, str]]:
    bodies = one.keys(MarkKind.BODY) & other.keys(MarkKind.BODY)
    if bodies:
        both = len(bodies) > 1
        yield (_BOTH_BODIES if both else _ONE_BODY), say("the same parties") if both else say("one party is the same")
    yield from _words(one.keys(MarkKind.WORD), other.keys(MarkKind.WORD))
    for kind, points, words in (
        (MarkKind.ASSET, _ASSET, say("the same asset: %(shared)s")),
        (MarkKind.PLACE, _PLACE, say("the same place: %(shared)s")),
    ):
        if same := one.keys(kind) & other.keys(kind):
            yield points, say(words, shared=listed(sorted(same)))
    if any(clash(mine, theirs) for mine in one.windows for theirs in other.windows):
        yield _WINDOW, say("both want it at the same time")


def _words(mine: frozenset[str], theirs: frozenset[str]) -> Iterator[tuple[int, str]]:
    shared = mine & theirs
    if len(shared) >= _FEW_WORDS:
        share = len(shared) / min(len(mine), len(theirs))
        yield round(_WORDS * share), say("shared words: %(shared)s", shared=_listed(shared))


def _listed(words: Iterable[str]) -> str:
    shown = sorted(words)
    words = listed(shown[:_SHOWN_WORDS])
    return say("%(words)s …", words=words) if len(shown) > _SHOWN_WORDS else words


def _same(one: str, other: str) -> bool:
    return bool(key_of(one)) and key_of(one) == key_of(other)
