"""The effect of saying that what one is asked is for somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import effect, recorded, text
from states.items import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.process import Process, Trigger
    from states.situation import Situation


@effect(
    text("question", "What you are asked", long=False),
    text("reason", "Who should be asked, or why it is not yours", required=False),
)
def pass_on(s: Situation) -> Iterator[Change]:
    """Tell those who run the case that somebody is asked what is not theirs to answer."""
    yield recorded(s, Note, zone=roles.TEAM, text=": ".join(filter(None, (s.text("question"), s.text("reason")))))


def act_of(process: Process) -> Trigger | None:
    """Find the act by which a person of this process says so."""
    return next((act for act in process.triggers.values() if "pass_on" in act.does), None)
