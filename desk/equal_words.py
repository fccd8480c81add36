"""Says which side of a case lacks a notice, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.equal_notice import Unequal
    from desk.words import Words


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in words, of which case, and the page that mends it."""

    number: str
    words: str
    href: str


def warned(found: Iterable[Unequal], words: Words) -> Iterator[Warned]:
    """Put into words what some side lacks."""
    for one in found:
        if one.notice is None:
            told = say(
                "No mail can reach %(party)s: name somebody who stands for them, or correct their address.",
                party=one.party,
            )
            yield Warned(one.number, told, f"/cases/{one.number}#parties")
            continue
        told = say(
            "“%(notice)s” reached another side, and not %(party)s by %(moment)s. Telephone them.",
            notice=one.notice.about,
            party=one.party,
            moment=words.short(one.since, one.zone) if one.since else "",
        )
        yield Warned(one.number, told, f"/mails/{one.mail}" if one.mail else f"/cases/{one.number}/service")
