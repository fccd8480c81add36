"""What somebody saw of a case, as one short mark: it changes when anything of theirs does, and with nothing else.

The version of a case counts what happened in every room, so to hand it to a party would tell of the others' rooms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import codec
from states import errors, roles, zoning
from states.said import say

if TYPE_CHECKING:
    from cases.commands import ActOnCase
    from states.case import Case
    from states.process import Process
    from states.roles import Actor

_LENGTH = 32


def mark(process: Process, case: Case, actor: Actor) -> str:
    """Return the mark of a case, whole or as the actor was shown it: both give the same."""
    zones = roles.readable_zones(process, case, actor)
    readable = [item for item in case.items if item.zone in zones and item.kind not in _ELSEWHERE]
    stands = (case.stage, case.stage_round, case.tier, case.urgency, case.stay, case.closed_at, case.cycle)
    seen = (stands, zoning.readable_fields(process, case, zones), readable)
    return codec.digest(seen)[:_LENGTH]


def ensure_same(process: Process, case: Case, command: ActOnCase) -> None:
    """Make sure that a case still looks to whoever acts as it did when they decided to. Raises `Conflict`."""
    expected = command.expected_sight
    if expected is not None and expected != mark(process, case, command.actor):
        raise errors.Conflict(say("something you can read has changed since you looked: look again and decide anew"))


# Whether a link is shown hangs on the other case.
_ELSEWHERE = frozenset({"link"})
