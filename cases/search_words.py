"""What somebody looks for: words that must all be there, “phrases”, beginnings*, and -words that must not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases import cutting
from cases.cutting import Slot
from states import errors
from states.said import count, say

LONGEST = 200
"""How many letters a search may have."""
MOST = 20
"""How many words a search may have."""
_AROUND = 70
"""How many letters of a text are shown before and after what was found."""

_PARTS = re.compile(r'(?P<out>-?)(?:["“”«»](?P<phrase>[^"“”«»]*)["“”«»]?|(?P<word>[^\s"“”«»]+))')
_STAR = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One part of a search: words that stand side by side; `begins` asks only for the beginning of the last one."""

    words: tuple[str, ...]
    begins: bool = False
    wanted: bool = True

    def spans(self, places: Sequence[Slot]) -> Iterator[tuple[int, int]]:
        """Find where it stands in a text that was cut into places."""
        for first in range(len(places) - len(self.words) + 1):
            run = places[first : first + len(self.words)]
            if all(self._fits(slot, nth) for nth, slot in enumerate(run)):
                yield run[0].start, run[-1].end

    def _fits(self, slot: Slot, nth: int) -> bool:
        word = self.words[nth]
        if self.begins and nth == len(self.words) - 1:
            return any(one.startswith(word) for one in slot.words)
        return word in slot.words


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an excerpt: as it was written, and whether it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Everything that is asked at once of the words of one entry."""

    terms: tuple[Term, ...]

    def finds(self, texts: Iterable[str]) -> bool:
        """Tell whether the texts of one entry hold everything that is wanted and nothing that is not."""
        cut = [tuple(cutting.slots(text)) for text in texts]
        return all(any(any(term.spans(one)) for one in cut) is term.wanted for term in self.terms)

    def excerpt(self, texts: Iterable[str]) -> tuple[Part, ...]:
        """Show the text in which most is found, around the first of it."""
        told = max(((text, self._spans(text)) for text in texts), key=lambda one: len(one[1]), default=("", ()))
        return tuple(_cut_out(*told))

    def _spans(self, text: str) -> tuple[tuple[int, int], ...]:
        places = tuple(cutting.slots(text))
        return _merged(span for term in self.terms if term.wanted for span in term.spans(places))


def parse(text: str) -> Search:
    """Read what was typed. Raises `NeedsMissing` where there is nothing to look for, or too much."""
    if len(text) > LONGEST:
        told = count(
            "a search may be %(count)s letter long; leave some words out",
            "a search may be %(count)s letters long; leave some words out",
            count=LONGEST,
        )
        raise errors.NeedsMissing(told)
    terms = tuple(term for part in _PARTS.finditer(text) if (term := _term(part)) is not None)
    if sum(len(term.words) for term in terms) > MOST:
        told = count(
            "a search may have %(count)s word; leave some out",
            "a search may have %(count)s words; leave some out",
            count=MOST,
        )
        raise errors.NeedsMissing(told)
    if not any(term.wanted for term in terms):
        raise errors.NeedsMissing(
            say("type at least one word to look for; a word after a minus only leaves things out")
        )
    return Search(tuple(dict.fromkeys(terms)))


def beginnings(text: str) -> tuple[tuple[str, bool], ...]:
    """Cut what was typed into a filter into words of the index, each of which may be only begun."""
    slots = tuple(cutting.slots(text[:LONGEST]))[:MOST]
    return tuple(dict.fromkeys((cutting.stored(slot.told), len(slot.words) == 1) for slot in slots))


def _term(part: re.Match[str]) -> Term | None:
    said = part["phrase"] if part["phrase"] is not None else part["word"]
    places = tuple(cutting.slots(said))
    if not places:
        return None
    # Of signs written without spaces any part is found, so there is no beginning to ask for.
    begins = part["word"] is not None and said.endswith(_STAR) and len(places[-1].words) == 1
    return Term(words=tuple(slot.told for slot in places), begins=begins, wanted=not part["out"])


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _cut_out(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    """Yield a text around the first thing found in it, at whole words."""
    first, last = spans[0] if spans else (0, 0)
    begin, end = _word_before(text, first - _AROUND), _word_after(text, last + _AROUND)
    if begin > 0:
        yield Part("… ", found=False)
    here = begin
    for start, stop in (span for span in spans if span[1] <= end):
        yield Part(text[here:start], found=False)
        yield Part(text[start:stop], found=True)
        here = stop
    yield Part(text[here:end], found=False)
    if end < len(text):
        yield Part(" …", found=False)


def _word_before(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place)
    return space + 1 if 0 <= space < place + _AROUND // 2 else place


def _word_after(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place)
    return space if space > place - _AROUND // 2 else place
