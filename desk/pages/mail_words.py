"""How a mail fared, in words and tones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.queries import MessageRow
    from desk.access import Visit

_TONES = {
    "sent": "ok", "queued": "", "sending": "", "retry": "warn", "unknown": "warn", "held": "warn",
    "refused": "bad", "parked": "bad", "cancelled": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word beside the title, and its tone."""

    words: str
    tone: str = ""


def tag_of(message: MessageRow, visit: Visit, zone: str) -> Tag:
    """Say where a mail stands, and since when."""
    at = message.settled_at or message.created_at
    return Tag(words=f"{state_words(message.state)} {visit.words.day(at, zone)}", tone=_TONES.get(message.state, ""))


def state_words(state: str) -> str:
    """Name the state of a mail as the desk does."""
    return {
        "queued": "Waiting",
        "sending": "Being sent",
        "sent": "Sent",
        "retry": "Tried again soon",
        "unknown": "Perhaps sent",
        "held": "Held",
        "refused": "Refused",
        "parked": "Not reachable",
        "cancelled": "Cancelled",
    }.get(state, state)


def tone_of(state: str) -> str:
    """Choose the tone of a mail's state."""
    return _TONES.get(state, "")
