"""Whose seat somebody speaks from: a deputy has that of whom they stand in for, and both together are one voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import call_states, roles
from states.items import Called

if TYPE_CHECKING:
    from collections.abc import Iterable

    from states.case import Case


def taken(case: Case, people: Iterable[str], *held: str) -> frozenset[str]:
    """Name the seats from which these people speak, in the roles they hold or held."""
    among = frozenset(roles.split(one)[1] for one in held)
    return frozenset(_seat(case, person, among) for person in people)


def _seat(case: Case, person: str, held: frozenset[str]) -> str:
    """Follow a deputy to whoever they stand in for; who held a part only as a deputy spoke from that seat."""
    passed: set[str] = set()
    while person not in passed:
        passed.add(person)
        calls = [one for one in case.all(Called) if one.person == person and one.instead_of and one.role in held]
        acting = [one for one in calls if one.state in call_states.ACTING]
        spoke = acting or ([] if _holds(case, person, held) else calls)
        person = spoke[-1].instead_of if spoke else person
    return person


def _holds(case: Case, person: str, held: frozenset[str]) -> bool:
    bodies = (case.roles, *(party.people for party in case.parties))
    return any(person in parts.get(role, ()) for parts in bodies for role in held)
