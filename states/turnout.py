"""Whom an act newly asks to a session, and whom it asks no longer: both are told, and others are not told again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.items import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case


def newly_invited(before: Case, after: Case) -> frozenset[str]:
    """Name the people whom a session that was there before now asks to come, and did not."""
    return frozenset(one for was, now in _sessions(before, after) for one in now.invited if one not in was.invited)


def uninvited(before: Case, after: Case) -> frozenset[str]:
    """Name the people whom a session asked to come, and asks no longer."""
    return frozenset(one for was, now in _sessions(before, after) for one in was.invited if one not in now.invited)


def _sessions(before: Case, after: Case) -> Iterator[tuple[Session, Session]]:
    """Yield each session that an act changed, as it was and as it is."""
    if before.items is after.items:
        return
    was = {one.id: one for one in before.all(Session)}
    yield from ((was[one.id], one) for one in after.all(Session) if one.id in was and one is not was[one.id])
