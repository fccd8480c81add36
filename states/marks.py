"""What a case can be recognised by: words, bodies, assets, places, clauses, causes, and the windows it contests.

Marks are read from what all parties of a case share, and from nothing else, because they are compared across cases.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from states.items import Cause, Claim, Issue
from states.roles import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case, Party

# The fields of a process that say what is contested, where and when, have these names.
ASSET, PLACE, FROM, UNTIL = FIELDS = "asset", "place", "window_from", "window_until"

_SHORTEST = 3
_PLURAL = 5
_EVERYDAY = frozenset(
    {"and", "are", "between", "for", "from", "how", "may", "not", "our", "the", "their", "they", "this", "that", "was"}
    | {"what", "when", "where", "which", "who", "whose", "why", "with"}
    | {"des", "les", "par", "pour", "que", "qui", "sur", "une"}
)
_SEPARATORS = re.compile(r"[\W_]+")


class MarkKind(StrEnum):
    """What a mark is about."""

    WORD = "word"
    BODY = "body"
    ASSET = "asset"
    PLACE = "place"
    CLAUSE = "clause"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One thing a case can be recognised by, spelled so that the same thing is spelled the same in every case."""

    kind: MarkKind
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which a case contests an asset or a place; `source` is the claim it stems from, empty for the case."""

    source: str
    party: str
    asset: str
    place: str
    from_at: datetime
    until_at: datetime


def marks_of(case: Case) -> frozenset[Mark]:
    """List everything a case can be recognised by."""
    return frozenset(mark for mark in _marks(case) if mark.key)


def windows_of(case: Case) -> tuple[Window, ...]:
    """List the windows a case contests, its own first and then those of its claims, by their ids."""
    return tuple(sorted(_windows(case), key=lambda window: window.source))


def key_of(text: str) -> str:
    """Spell a text without case, accents and signs, so that two writings of one name are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _SEPARATORS.sub(" ", bare).strip()


def words_of(text: str) -> frozenset[str]:
    """List the words of a text that tell it from others, plurals as singulars."""
    words = (word for word in key_of(text).split() if len(word) >= _SHORTEST and word not in _EVERYDAY)
    return frozenset(_singular(word) for word in words)


def body_of(party: Party) -> str:
    """Name the body a party is, by its organisation, or by its name when it has none on file."""
    return party.organisation or key_of(party.name)


def _singular(word: str) -> str:
    return word if len(word) < _PLURAL or word.endswith("ss") else word.removesuffix("s")


def _marks(case: Case) -> Iterator[Mark]:
    texts = (case.title, *(issue.title for issue in case.all(Issue) if issue.zone == SHARED))
    yield from (Mark(MarkKind.WORD, word) for text in texts for word in words_of(text))
    yield from (Mark(MarkKind.BODY, body_of(party)) for party in case.parties if party.left_at is None)
    claims = [claim for claim in case.all(Claim) if claim.zone == SHARED]
    causes = [cause for cause in case.all(Cause) if cause.zone == SHARED]
    assets = {key_of(asset) for asset in (_field(case, ASSET), *(claim.asset for claim in claims))}
    places = (_field(case, PLACE), *(claim.place for claim in claims), *(cause.place for cause in causes))
    yield from (Mark(MarkKind.ASSET, asset) for asset in assets)
    yield from (Mark(MarkKind.PLACE, key_of(place)) for place in places)
    yield from (Mark(MarkKind.CLAUSE, key_of(cause.clause)) for cause in causes)
    yield from (
        Mark(MarkKind.CAUSE, f"{key_of(cause.family)} {key_of(cause.setting)} / {asset}")
        for cause in causes
        for asset in assets
        if asset
    )


def _windows(case: Case) -> Iterator[Window]:
    from_at, until_at = case.fields.get(FROM), case.fields.get(UNTIL)
    asset, place = _field(case, ASSET), _field(case, PLACE)
    if isinstance(from_at, datetime) and isinstance(until_at, datetime) and (asset or place):
        yield Window(source="", party="", asset=asset, place=place, from_at=from_at, until_at=until_at)
    for claim in case.all(Claim):
        if claim.zone == SHARED:
            yield Window(
                source=claim.id,
                party=claim.party,
                asset=claim.asset,
                place=claim.place,
                from_at=claim.from_at,
                until_at=claim.until_at,
            )


def _field(case: Case, name: str) -> str:
    value = case.fields.get(name)
    return value if isinstance(value, str) else ""
