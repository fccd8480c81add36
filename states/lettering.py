"""How much room words take in a drawing: signs of Chinese and its neighbours are twice as wide as others."""

from __future__ import annotations

import textwrap
import unicodedata

_WIDE = frozenset("WF")
_MORE = "…"


def width(text: str) -> int:
    """Count the room a text takes, in letters."""
    return sum(_room(sign) for sign in text)


def wrapped(text: str, letters: int) -> list[str]:
    """Break a text into lines of so many letters at most: between words, and between the signs of Chinese."""
    lines = textwrap.wrap(text, letters)
    return [piece for line in lines for piece in _broken(line, letters)]


def shortened(text: str, letters: int) -> str:
    """Cut a text to so many letters at most, with a mark where something is left out."""
    plain = " ".join(text.split())
    if width(plain) <= letters:
        return plain
    return _broken(plain, max(letters - 1, 1))[0].rstrip() + _MORE


def _broken(line: str, letters: int) -> list[str]:
    pieces, room = [""], 0
    for sign in line:
        room += _room(sign)
        if room > letters and pieces[-1]:
            pieces.append("")
            room = _room(sign)
        pieces[-1] += sign
    return pieces


def _room(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in _WIDE else 1
