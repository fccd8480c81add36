"""The rungs of a clock: its reminders and what its silences fire, each at an instant and on conditions of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from states import durations, roles
from states.process import Anchor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.process import Offset, Process, Reminder, Silence
    from states.timers import OpenDeadline

_FULL = 100
# A rung lies a span after its anchor to the minute; cut-off, roll and close of day are for due instants.
_TO_THE_MINUTE = durations.Rules(day_ends=durations.DayEnds.SAME_TIME)


class Action(StrEnum):
    """What a timer does when it is due."""

    FIRE = "fire"
    REMIND = "remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One rung of an occurrence of a clock, due at an instant. `key` is unique in its case and never used again.

    `when` are the conditions asked when it is due; `zone` is who may see that it is coming.
    """

    key: str
    occurrence: str
    due_at: datetime
    action: Action
    deadline: str
    trigger: str | None = None
    mail: str | None = None
    to: tuple[str, ...] = ()
    item: str | None = None
    means: str = ""
    when: tuple[str, ...] = ()
    zone: str = roles.SHARED


def of(process: Process, deadline: OpenDeadline) -> Iterator[Timer]:
    """Yield every timer of a running clock: the reminders, then the silences."""
    for number, reminder in enumerate(deadline.rule.reminders, start=1):
        timer = _reminder(process, deadline, reminder, number)
        # A week's notice of something promised for tomorrow would be no notice.
        if timer.due_at >= deadline.noticed_at:
            yield timer
    for number, silence in enumerate(deadline.rule.silences):
        yield _silence(process, deadline, silence, number)


def _reminder(process: Process, deadline: OpenDeadline, reminder: Reminder, number: int) -> Timer:
    rung = _rung(process, deadline, reminder, name=f"remind {number} {reminder.at}")
    means = deadline.rule.silences[0].means if deadline.rule.silences else ""
    return replace(rung, action=Action.REMIND, mail=reminder.mail, to=reminder.to or (deadline.duty,), means=means)


def _silence(process: Process, deadline: OpenDeadline, silence: Silence, number: int) -> Timer:
    earlier = {other.at for other in deadline.rule.silences[:number]}
    name = f"{silence.at} {silence.fires}" if silence.at in earlier else f"{silence.at}"
    return replace(_rung(process, deadline, silence, name=name), trigger=silence.fires, means=silence.means)


def _rung(process: Process, deadline: OpenDeadline, rung: Reminder | Silence, *, name: str) -> Timer:
    return Timer(
        key=f"{deadline.occurrence}:{name}{_moved(deadline, rung.at)}",
        occurrence=deadline.occurrence,
        due_at=moment(process, deadline, rung.at),
        action=Action.FIRE,
        deadline=deadline.rule.name,
        item=deadline.item.id if deadline.item else None,
        when=(*deadline.rule.when, *rung.when),
        zone=deadline.rule.zone,
    )


def _moved(deadline: OpenDeadline, offset: Offset) -> str:
    """Name the instant a rung is counted from where that may change, so that a rung of before can never go off."""
    return f"@{deadline.anchors[offset.anchor]:%Y%m%dT%H%M%S%f}" if offset.anchor.moves else ""


def moment(process: Process, deadline: OpenDeadline, offset: Offset) -> datetime:
    """Return the instant an offset means for this clock: a share of its time, or a span from an anchor."""
    if offset.span is not None:
        return _after_span(process, deadline, offset)
    percent = offset.percent if offset.percent is not None else _FULL
    if offset.anchor.moves:
        return _share_from(process, deadline, deadline.anchors[offset.anchor], percent)
    if deadline.due is None:
        return deadline.since + (deadline.due_at - deadline.since) * percent / _FULL
    return durations.portion(deadline.due, percent)


def _after_span(process: Process, deadline: OpenDeadline, offset: Offset) -> datetime:
    """Count a span from the due instant, or from an earlier one, after which pauses give their time back."""
    if offset.span is None:
        return deadline.due_at
    if offset.anchor is Anchor.DUE:
        return durations.shift(deadline.due_at, offset.span, calendar=deadline.calendar, timezone=process.timezone)
    return durations.due(
        deadline.anchors[offset.anchor],
        offset.span,
        calendar=deadline.calendar,
        timezone=process.timezone,
        rules=_TO_THE_MINUTE,
        pauses=_pauses_after(deadline, deadline.anchors[offset.anchor]),
    ).at


def _share_from(process: Process, deadline: OpenDeadline, since: datetime, percent: int) -> datetime:
    """Count a share of the clock's whole time from an instant at which it was counted anew."""
    if deadline.due is None:
        return since + (deadline.due_at - deadline.since) * percent / _FULL
    whole = durations.due(
        since,
        deadline.due.duration,
        calendar=deadline.calendar,
        timezone=process.timezone,
        rules=deadline.due.rules,
        pauses=_pauses_after(deadline, since),
    )
    return durations.portion(whole, percent)


def _pauses_after(deadline: OpenDeadline, instant: datetime) -> tuple[durations.Pause, ...]:
    return tuple(pause for pause in deadline.pauses if pause.end > instant)
