"""Which cases a list is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Waits(StrEnum):
    """Whom the clocks of a case wait for."""

    ME = "me"
    OTHERS = "others"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are wanted; None takes all.

    `words` begin words of the number, the title or a party's name, `party` those of a party's name alone; `mediator`
    is a person's id. What is `overdue` was due before that instant.
    """

    stage: str | None = None
    phase: str | None = None
    process: str | None = None
    urgency: str | None = None
    tier: str | None = None
    words: str | None = None
    party: str | None = None
    mediator: str | None = None
    open_only: bool | None = None
    waits_on: Waits | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
