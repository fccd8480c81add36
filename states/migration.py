"""Moving a running case to another version of its process: what is asked, what is known, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from states import roles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.events import Event
    from states.process import Process

MIGRATING = "migrate"
"""The act by which a case moves to another version of its process; no definition may name one of its own so."""


class Choice(StrEnum):
    """How a running clock goes on: with its date, the time it has left, its new span, anew, or not at all."""

    KEEP_DUE = "keep-due"
    KEEP_REMAINING = "keep-remaining"
    RECOUNT = "recount"
    RESTART = "restart"
    STOP = "stop"


class Fate(StrEnum):
    """What becomes of a case."""

    MOVES = "moves"
    NEEDS_CHOICE = "needs a choice"
    REFUSED = "refused"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What takes the place of what: new names by old ones, where they differ, and how running clocks go on.

    A field that is mapped to nothing is left in the record only. `values` are raw values of new fields that need one.
    `by_clock` is by a clock's old or new name, and `timers` for all others. `closed` takes closed cases along.
    """

    stages: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    timers: Choice = Choice.KEEP_DUE
    by_clock: Mapping[str, Choice] = field(default_factory=dict)
    closed: bool = False

    def choice(self, *names: str) -> Choice:
        """Tell how a clock goes on that has one of these names."""
        return next((self.by_clock[name] for name in names if name in self.by_clock), self.timers)

    def inverse(self) -> Plan:
        """Return the plan that names everything back."""
        return Plan(
            stages=turned(self.stages),
            tiers=turned(self.tiers),
            fields=turned(self.fields),
            roles=turned(self.roles),
            clocks=turned(self.clocks),
            closed=True,
        )


def turned(names: Mapping[str, str]) -> dict[str, str]:
    """Turn new names by old ones into old names by new ones."""
    return {new: old for old, new in names.items() if new}


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One move of a case from a version to another: by which plan, when, by whom and why."""

    id: int
    old: Process
    new: Process
    plan: Plan
    calendars: Mapping[str, Calendar] = field(repr=False)
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case and what the record holds beside it.

    `settled` are the keys of timers that have fired or were cancelled for good, `written_in` the zones in which
    something is on record, `unsent` the mails that still wait to be written or sent.
    """

    case: Case
    settled: frozenset[str] = frozenset()
    written_in: frozenset[str] = frozenset()
    unsent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way of a move; a `choice` of whoever plans it can mend it."""

    text: str
    choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMoved:
    """A date that changes with the move: of which clock, who reads it, and None where it does not run."""

    clock: str
    zone: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one case, why it does not move, and if it does, how it then stands and which dates change."""

    fate: Fate
    reasons: tuple[str, ...] = ()
    after: Case | None = None
    events: tuple[Event, ...] = ()
    dates: tuple[DateMoved, ...] = ()

    @property
    def tells(self) -> bool:
        """Tell whether the parties must hear of it: a date that they read has moved."""
        return any(one.zone == roles.SHARED for one in self.dates)
