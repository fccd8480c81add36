"""How a mail fared, in words and tones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.said import say, word

if TYPE_CHECKING:
    from cases.queries import MessageRow
    from desk.visits import Visit

_TONES = {
    "sent": "ok", "queued": "", "sending": "", "retry": "warn", "unknown": "warn", "held": "warn",
    "refused": "bad", "parked": "bad", "cancelled": "", "carried": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word beside the title, and its tone."""

    words: str
    tone: str = ""


def tag_of(message: MessageRow, visit: Visit, zone: str) -> Tag:
    """Say where a mail stands, and since when."""
    at = message.settled_at or message.created_at
    return Tag(
        words=say("%(state)s %(day)s", state=state_words(message.state), day=visit.words.day(at, zone)),
        tone=_TONES.get(message.state, ""),
    )


def state_words(state: str) -> str:
    """Name the state of a mail as the desk does."""
    return {
        "queued": say("Waiting"),
        "sending": say("Being sent"),
        "sent": say("Sent"),
        "retry": say("Tried again soon"),
        "unknown": say("Perhaps sent"),
        "held": say("Held"),
        "refused": say("Refused"),
        "parked": say("Not reachable"),
        "cancelled": say("Cancelled"),
        "carried": say("In another mail"),
    }.get(state) or word(state)


def why(state: str, reply: str) -> str:
    """Say why a mail stands where it does, and what helps; empty where nothing needs to be said."""
    told = {
        "refused": say(
            "The mail server of the address refused it: “%(reply)s”. Check the spelling, or telephone them.",
            reply=reply,
        ),
        "parked": say(
            "Nobody took it for four days: “%(reply)s”. Telephone them, and try again once it is mended.", reply=reply
        ),
        "retry": say("Their mail server could not be reached, or asked to wait: “%(reply)s”.", reply=reply),
        "unknown": say("The line broke before the answer. It is sent again; they may get it twice."),
        "cancelled": say("It was withdrawn: %(reason)s.", reason=reply),
        "held": say("It waits for a person to look at it before it goes."),
    }
    return told.get(state, "")


def tone_of(state: str) -> str:
    """Choose the tone of a mail's state."""
    return _TONES.get(state, "")
