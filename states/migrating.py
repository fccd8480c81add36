"""Judges whether a case may move to another version of its process, and how it then stands: a pure function."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from states import carrying, naming_anew, roles, timers
from states import case as cases
from states.events import Event, ProcessMigrated
from states.migration import MIGRATING, Fate, Problem, Verdict, turned
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.case import Case
    from states.events import Change
    from states.migration import DateMoved, Migration, Standing

REASON, DATES = "reason", "dates"
"""What the event tells beside its changes: why, and which dates moved, a line each."""


def judge(move: Migration, standing: Standing) -> Verdict:
    """Say what becomes of a case: it moves, needs a choice, is refused, or stays because it is closed."""
    case = standing.case
    if case.closed_at is not None and not move.plan.closed:
        return Verdict(fate=Fate.STAYS, reasons=(say("it is closed"),))
    unnamed = tuple(naming_anew.problems_of_names(move, case))
    if unnamed:
        return _stopped(unnamed)
    named = naming_anew.named_anew(move, case)
    clocks = carrying.carry(move, case, named.apply(case))
    return _judged(move, standing, ((roles.SHARED, named), *clocks.carried), clocks.problems)


def revert(move: Migration, standing: Standing, *, before: Case, done: ProcessMigrated) -> Verdict:
    """Say whether a case that has not acted since may move back to where it stood `before` it was moved by `done`."""
    undone = ProcessMigrated(
        migration=move.id,
        before=done.after,
        after=done.before,
        at=move.at,
        since=before.process_since,
        stage=before.stage,
        tier=before.tier,
        tier_since=before.tier_since,
        tier_round=before.tier_round,
        owner=before.owner,
        fields=turned(done.fields),
        roles=turned(done.roles),
        clocks=turned(done.clocks),
        added={},
        taken_away=tuple(sorted(done.added)),
        undone=done.migration,
    )
    return _judged(move, standing, ((roles.SHARED, undone),), ())


def _stopped(problems: tuple[Problem, ...]) -> Verdict:
    """Say why a case does not move: what no choice can mend comes before what one can."""
    fixed = tuple(dict.fromkeys(one.text for one in problems if not one.choice))
    open_ones = tuple(dict.fromkeys(one.text for one in problems if one.choice))
    return Verdict(fate=Fate.REFUSED if fixed else Fate.NEEDS_CHOICE, reasons=(*fixed, *open_ones))


def _judged(
    move: Migration, standing: Standing, changes: tuple[tuple[str, Change], ...], problems: tuple[Problem, ...]
) -> Verdict:
    after = standing.case
    for _, change in changes:
        after = change.apply(after)
    dates = carrying.dates(move, standing.case, after)
    found = (
        *problems,
        *naming_anew.problems_of_meaning(move, standing, after),
        *carrying.unheld(move, standing.case, after),
        *carrying.at_once(move, standing, after),
        *_of_the_pause(move, after),
        *_untold(move, dates),
    )
    if found:
        return _stopped(found)
    happened = tuple(_events(move, changes, dates))
    case = standing.case
    for event in happened:
        case = cases.evolve(case, event)
    return Verdict(fate=Fate.MOVES, after=case, events=happened, dates=dates)


def _of_the_pause(move: Migration, after: Case) -> Iterator[Problem]:
    if after.stay is not None and not tuple(timers.resume(move.new, after)):
        yield Problem(say("the case is paused, and in the new version no clock would end the pause"))


def _untold(move: Migration, dates: tuple[DateMoved, ...]) -> Iterator[Problem]:
    if any(one.zone == roles.SHARED for one in dates) and not move.new.change_mails:
        yield Problem(
            say("dates would move, and the new version names no mail that tells so; add “change_mails” to it")
        )


def _events(move: Migration, changes: tuple[tuple[str, Change], ...], dates: tuple[DateMoved, ...]) -> Iterator[Event]:
    """Tell each zone of its own clocks, and everybody that the case has moved and why."""
    zones = dict.fromkeys((roles.SHARED, *(zone for zone, _ in changes), *(one.zone for one in dates)))
    for zone in zones:
        told = tuple(_line(move, one) for one in dates if one.zone == zone)
        reason = {REASON: move.reason} if zone == roles.SHARED else {}
        yield Event(
            trigger=MIGRATING,
            actor=move.by,
            at=move.at,
            recorded_at=move.at,
            zone=zone,
            inputs=reason | ({DATES: told} if told else {}),
            changes=tuple(change for own, change in changes if own == zone),
        )


def _line(move: Migration, moved: DateMoved) -> str:
    before, after = (_spelled(one, move.new.timezone) for one in (moved.before, moved.after))
    return f"{moved.clock}: {before} → {after} ({move.new.timezone})"


def _spelled(instant: datetime | None, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if instant else "no date"
