"""The effects of what one party asks those who run the case, and of their answer: no other party reads either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.effects.registry import effect, recorded, text
from states.items import Note
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.process import Process, Trigger
    from states.situation import Situation


@effect(
    text("text", "What you want to ask"),
    text("about", "What it is about", required=False, long=False),
    for_a_party=True,
    speaks_in="own line",
)
def ask_team(s: Situation) -> Iterator[Change]:
    """Put a question to those who run the case, where no other party reads it."""
    asked, about = s.text("text"), s.text("about")
    yield recorded(
        s, Note, text=say("%(question)s (about: %(about)s)", question=asked, about=about) if about else asked
    )


@effect(text("text", "The answer"), for_a_party=True, speaks_in="own line")
def answer_party(s: Situation) -> Iterator[Change]:
    """Answer one party, where no other party reads it."""
    yield recorded(s, Note, text=s.text("text"))


def act_of(process: Process) -> Trigger | None:
    """Find the act by which a party of this process asks those who run the case."""
    return next((act for act in process.triggers.values() if "ask_team" in act.does), None)
