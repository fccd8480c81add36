"""Which passwords are taken: long ones, of any signs, that nobody guesses easily."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zxcvbn import zxcvbn

from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.people import Person
    from states.said import Said

SHORTEST, LONGEST = 15, 256
# Of five steps, 0 to 4: “safely unguessable: moderate protection from offline slow-hash scenario” and above.
_HARD_ENOUGH = 3
# The estimate looks at no more than this; what it finds hard to guess does not become easier by what follows.
_LOOKED_AT = 72
_PIECE = 4


def problem(password: str, person: Person) -> Said | None:
    """Say what is wrong with a password for somebody, and how to mend it; None where it is taken."""
    if len(password) < SHORTEST:
        return say("the password has fewer than %(least)s signs; a few words in a row will do", least=SHORTEST)
    if len(password) > LONGEST:
        return say("the password has more than %(most)s signs; take a shorter one", most=LONGEST)
    own = tuple(_own_words(person))
    if any(word in password.lower() for word in own):
        return say("the password holds a part of your name or address; leave that out")
    if zxcvbn(password[:_LOOKED_AT], user_inputs=list(own))["score"] < _HARD_ENOUGH:
        return say("the password is easily guessed; take some words that have nothing to do with one another")
    return None


def _own_words(person: Person) -> Iterator[str]:
    for word in re.split(r"[\W_]+", f"{person.name} {person.email}".lower()):
        if len(word) >= _PIECE:
            yield word
