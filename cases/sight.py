"""What somebody saw of a case, as a version and a short mark: they change when anything of theirs does, and only then.

The version counts the entries that they may read: that of the whole record would tell of the others' rooms. The mark
also changes when something of theirs does by an act in a room of others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cases import codec, own_record, recording
from states import errors, roles, zoning
from states.said import say

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cases.commands import ActOnCase
    from states.case import Case
    from states.process import Process
    from states.roles import Actor

_LENGTH = 32
_TAG = re.compile(rf"(?P<version>[0-9]{{1,9}})-(?P<mark>[0-9a-f]{{{_LENGTH}}})")


def mark(process: Process, case: Case, actor: Actor) -> str:
    """Return the mark of a case, whole or as the actor was shown it: both give the same."""
    zones = roles.readable_zones(process, case, actor)
    readable = [item for item in case.items if item.zone in zones and item.kind not in _ELSEWHERE]
    stands = (case.stage, case.stage_round, case.tier, case.urgency, case.stay, case.closed_at, case.cycle)
    seen = (stands, zoning.readable_fields(process, case, zones), readable)
    return codec.digest(seen)[:_LENGTH]


def tag(version: int, mark: str) -> str:
    """Write down what somebody saw as one word."""
    return f"{version}-{mark}"


def read(tag: str) -> tuple[int, str] | None:
    """Read such a word; None for one that is none."""
    found = _TAG.fullmatch(tag)
    return (int(found["version"]), found["mark"]) if found else None


def ensure_unmoved(connection: Connection, process: Process, case: Case, command: ActOnCase) -> None:
    """Make sure that nothing happened that whoever acts may read since they decided to. Raises `Conflict`.

    Who reads nothing of the case is not told even that.
    """
    expected, zones = command.expected_version, roles.readable_zones(process, case, command.actor)
    if expected is None or not zones or expected == own_record.version(connection, case.id, zones):
        return
    raise errors.Conflict(recording.who_was_first(connection, process, case.id, zones=zones, since=expected))


def ensure_same(process: Process, case: Case, command: ActOnCase) -> None:
    """Make sure that a case still looks to whoever acts as it did when they decided to. Raises `Conflict`."""
    expected = command.expected_sight
    if expected is not None and expected != mark(process, case, command.actor):
        raise errors.Conflict(say("something you can read has changed since you looked: look again and decide anew"))


# Whether a link is shown hangs on the other case.
_ELSEWHERE = frozenset({"link"})
