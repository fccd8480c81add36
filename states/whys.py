"""Tells again why somebody was called: the record keeps it in English, whoever reads it may read another language."""

from __future__ import annotations

import re
from datetime import date

from states.said import say, together

_BREAK = "; "
_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_SENTENCES = (
    say("%(person)s was named for this case"),
    say("%(person)s holds the post %(post)s now, on the rota"),
    say("%(person)s holds the post %(post)s"),
    say("%(person)s is next in the post “%(post)s”"),
    say("%(person)s named %(deputy)s as deputy until %(until)s"),
    say("%(person)s named %(deputy)s as deputy"),
    say("%(manager)s manages %(person)s"),
    say("%(person)s left after %(leaves_on)s"),
    say("%(person)s is away until %(until)s"),
    say("%(person)s did not answer in time"),
    say("no deputy, nobody next in a post and no manager can stand in"),
    say("nobody is named as %(role)s, and its tier names no post to look for"),
    say("nobody is named as %(role)s, and no %(ways)s on file leads to anybody"),
)
"""What the rules say of how somebody was found; of two that fit, the one that says more comes first."""

_PATTERNS = {re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(one))): one for one in _SENTENCES}


def told_again(why: str) -> str:
    """Say again what the record keeps of why somebody was called; words that are not of the rules stay as they are."""
    return together(map(_again, why.split(_BREAK)))


def _again(kept: str) -> str:
    for pattern, sentence in _PATTERNS.items():
        if found := pattern.fullmatch(kept):
            return say(sentence, **{place: _dated(words) for place, words in found.groupdict().items()})
    return kept


def _dated(words: str) -> date | str:
    """Take a date of the record as one, so that each language spells it in its own way."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return words
