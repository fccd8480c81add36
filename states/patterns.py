"""A case about a pattern: which cases it is made of, who is in it, and what it is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from states import roles
from states.case import Side
from states.items import Cause, Claim, Issue, Link, Relation
from states.marks import ASSET, PLACE, MarkKind, body_of, key_of, marks_of
from states.notices import Notice
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from states.case import Case, Party
    from states.marks import Mark
    from states.process import Recurrence, Urgency

_CALLED = {
    MarkKind.CLAUSE: say("the clause “%(words)s”"),
    MarkKind.PLACE: say("the place “%(words)s”"),
    MarkKind.CAUSE: say("the cause “%(words)s”"),
}


COUNTED = (MarkKind.CLAUSE, MarkKind.PLACE, MarkKind.CAUSE)
"""What makes a pattern of cases; they are compared by other marks too."""


def frequent(cases: Iterable[Case], rule: Recurrence, *, now: datetime) -> Iterator[tuple[Mark, tuple[Case, ...]]]:
    """Find the marks that enough cases bear, each with its bearers, oldest first."""
    since = now - timedelta(days=rule.within_days)
    bearers: dict[Mark, list[Case]] = {}
    for case in cases:
        if case.opened_at >= since and case.outcome not in rule.without:
            for mark in marks_of(case):
                bearers.setdefault(mark, []).append(case)
    wanted = (mark for mark in sorted(bearers) if mark.kind in COUNTED)
    yield from ((mark, tuple(bearers[mark])) for mark in wanted if len(bearers[mark]) >= rule.times)


def fresh(bearers: Iterable[Case], earlier: Iterable[Case]) -> tuple[Case, ...]:
    """List the cases that bear a mark and that no earlier case about it holds, none of them about a pattern itself."""
    held = {link.other for case in earlier for link in case.all(Link)}
    return tuple(case for case in bearers if case.id not in held and not _is_systemic(case))


def distinct(cases: Iterable[Case]) -> int:
    """Count cases, one that was taken out of another together with it."""
    return len({_root(case) for case in cases})


def notice(mark: Mark, cases: tuple[Case, ...], *, id: str, number: str, urgency: Urgency) -> Notice:  # noqa: A002 - the notice's own word
    """Make the notice of a case about a pattern: the parties of its members, and the convener of the newest."""
    what = say(_CALLED[mark.kind], words=_spelled(mark, cases))
    newest = cases[-1]
    parties = _parties(cases)
    issue = Issue(
        id=f"{id[:11]}i",
        zone=roles.SHARED,
        by=roles.SYSTEM,
        at=newest.opened_at,
        title=say("Why does %(what)s keep coming up, and what would end it?", what=what),
    )
    return Notice(
        id=id,
        number=number,
        title=say("Pattern: %(what)s", what=what),
        urgency=urgency,
        parties=parties,
        roles={"convener": _convener(cases, parties)},
        items=(issue,),
    )


def _is_systemic(case: Case) -> bool:
    return any(link.relation == Relation.SYSTEMIC and not link.outward for link in case.all(Link))


def _root(case: Case) -> str:
    taken_out = (link for link in case.all(Link) if link.relation == Relation.SEVERED and not link.outward)
    return next((link.other for link in taken_out), case.id)


def _spelled(mark: Mark, cases: Iterable[Case]) -> str:
    """Spell what a mark is about as the first case that bears it does."""
    if mark.kind is MarkKind.CAUSE:
        return mark.key.replace(" / ", " at ")
    return next((text for case in cases for text in _texts(mark.kind, case) if key_of(text) == mark.key), mark.key)


def _texts(kind: MarkKind, case: Case) -> Iterator[str]:
    shared = [item for item in case.items if item.zone == roles.SHARED]
    if kind is MarkKind.CLAUSE:
        yield from (item.clause for item in shared if isinstance(item, Cause))
        return
    yield from (str(case.fields[name]) for name in (PLACE, ASSET) if case.fields.get(name))
    yield from (item.place for item in shared if isinstance(item, Cause | Claim))


def _parties(cases: Iterable[Case]) -> tuple[Party, ...]:
    """Bring the parties of all cases together, each body once, with the people it has in the newest."""
    found: dict[str, Party] = {}
    for case in cases:
        for party in case.parties:
            if not party.decides:
                continue
            body = body_of(party)
            earlier = found.get(body)
            side = earlier.side if earlier else (Side.JOINED if len(found) > 1 else party.side)
            found[body] = replace(party, side=side)
    return tuple(replace(party, id=f"P{place}") for place, party in enumerate(found.values(), start=1))


def _convener(cases: tuple[Case, ...], parties: tuple[Party, ...]) -> tuple[str, ...]:
    """Choose the convener of the newest case who belongs to none of the parties."""
    bound = {person for party in parties for people in party.people.values() for person in people}
    free = (tuple(one for one in case.roles.get("convener", ()) if one not in bound) for case in reversed(cases))
    return next((people for people in free if people), ())
