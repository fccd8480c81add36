"""One question a page: which question of an act comes next, told by the form alone; the desk keeps nothing of it.

The buttons of a question's page name that question, so that a form sent without one asks for everything at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desk.forms import Control

ASKED, BACK, CHANGE, REVISED = "asked", "back", "change", "revised"
WHOLE = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of several: its field, its place among them, and whether only it is changed before the check."""

    control: Control
    number: int
    of: int
    revised: bool = False


def first(controls: Sequence[Control]) -> Question | None:
    """Return the question to begin with; None for an act that asks for one thing or nothing."""
    asked = visible(controls)
    return question(controls, asked[0]) if len(asked) > 1 else None


def question(controls: Sequence[Control], name: str, *, revised: bool = False) -> Question:
    """Return a question by the name of its field."""
    asked = visible(controls)
    control = next(one for one in controls if one.name == name)
    return Question(control=control, number=asked.index(name) + 1, of=len(asked), revised=revised)


def visible(controls: Sequence[Control]) -> list[str]:
    """List the fields that ask the person for something."""
    return [one.name for one in controls if one.kind != "hidden"]


def next_after(asked: Sequence[str], form: Mapping[str, str], *, wrong: Collection[str]) -> str | None:
    """Name the question whose page comes now; None when all is asked, or when the form holds all at once.

    `wrong` are the fields whose answers are missing or cannot be read: nobody gets past one but backwards.
    """
    if form.get(CHANGE) in asked:
        return form[CHANGE]
    if form.get(BACK) in asked:
        return asked[max(0, asked.index(form[BACK]) - 1)]
    answered = form.get(ASKED)
    if answered not in asked:
        return None
    place = asked.index(answered)
    if answered in wrong:
        return answered
    rest = [one for one in asked if one in wrong] if REVISED in form else asked[place + 1 :]
    return rest[0] if rest else None
