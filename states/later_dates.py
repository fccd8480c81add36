"""How the date of a running clock moves: by pauses, by extensions, and with another version of the process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import durations

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Carried, Case, Extension
    from states.durations import Due
    from states.process import Deadline
    from states.timers import OpenDeadline

DATED = "@"
"""Between the item that a clock hangs on and the instant that tells its occurrences apart."""
_ANEW, _EXTENDED = "~", "+"


def pauses(case: Case, rule: Deadline, since: datetime) -> tuple[durations.Pause, ...]:
    """List the pauses that gave a clock its time back."""
    if rule.runs_while_stayed:
        return ()
    return tuple(
        durations.Pause(stay.begun_at, stay.ended_at, stay.reason)
        for stay in case.stays
        if stay.ended_at is not None and stay.ended_at > since
    )


def base_of(occurrence: str) -> str:
    """Name the occurrence of a clock as it first was, before it was extended or began anew."""
    return occurrence.partition(_ANEW)[0].partition(_EXTENDED)[0]


def _carried(case: Case, occurrence: str) -> tuple[Carried, ...]:
    """List how a clock went on each time the case moved to another version of its process."""
    return tuple(one for one in case.carried if one.occurrence == base_of(occurrence))


def begun_anew(case: Case, rule: Deadline, *, since: datetime, name: str) -> tuple[datetime, str]:
    """Return when a clock is counted from, and its name: one that began anew has other timers than ever before."""
    own = _carried(case, f"{rule.name}:{name}")
    anew = next((one for one in reversed(own) if one.since is not None), None)
    if anew is None or anew.since is None:
        return since, name
    # A clock that is counted as the version has it counts from its first beginning, with the timers of its last.
    recounted = own[-1].since is None and own[-1].due_at is None
    return since if recounted else anew.since, f"{name}{_ANEW}{anew.migration}"


def kept(case: Case, deadline: OpenDeadline) -> OpenDeadline:
    """Give a clock the date it kept; what should have been said of it earlier is not said now."""
    last = next(reversed(_carried(case, deadline.occurrence)), None)
    if last is None:
        return deadline
    due_at = _after_pauses(case, deadline.rule, last.due_at, last.at) if last.due_at else deadline.due_at
    due = replace(deadline.due, at=due_at) if deadline.due else None
    return replace(deadline, due_at=due_at, due=due, noticed_at=max(last.at, deadline.noticed_at))


def _after_pauses(case: Case, rule: Deadline, until: datetime, at: datetime) -> datetime:
    """Move a date that was set at an instant by the pauses that ended after it."""
    for pause in pauses(case, rule, at):
        if pause.start < until:
            until += pause.end - max(pause.start, at)
    return until


def extended(case: Case, deadline: OpenDeadline, due: Due) -> OpenDeadline:
    """Give a clock its later date; a pause after the extension moves that too, and each date has timers of its own."""
    carried = _carried(case, deadline.occurrence)
    own = [one for one in extensions_of(case, deadline.occurrence) if all(each.at <= one.at for each in carried)]
    if not own:
        return deadline
    last = own[-1]
    until = _after_pauses(case, deadline.rule, last.until, last.at)
    if until <= deadline.due_at:
        return deadline
    return replace(
        deadline,
        occurrence=f"{deadline.occurrence}{_EXTENDED}{len(own)}",
        due_at=until,
        noticed_at=last.at,
        due=replace(due, at=until),
        first_due_at=deadline.due_at,
    )


def extensions_of(case: Case, occurrence: str) -> tuple[Extension, ...]:
    """List the extensions of a clock; of one on an item all of them, whatever its date or its beginning was then."""
    return tuple(one for one in case.extensions if _undated(one.occurrence) == _undated(occurrence))


def _undated(occurrence: str) -> str:
    return base_of(occurrence).partition(DATED)[0]


def redated(case: Case, deadline: OpenDeadline) -> OpenDeadline:
    """Tell of a date on an item that it was extended, as long as the item bears that later date."""
    last = next(reversed(extensions_of(case, deadline.occurrence)), None)
    if last is None or _after_pauses(case, deadline.rule, last.until, last.at) != deadline.due_at:
        return deadline
    return replace(deadline, noticed_at=max(last.at, deadline.noticed_at), first_due_at=last.first_due_at)
