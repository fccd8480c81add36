"""Decides what becomes of a message after one attempt to send it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.outbox import MessageState
from notifications import transport


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to wait after each attempt, and when to give a message to a person.

    `pauses` follow the first attempts one by one and `then` every later one. A server that may already hold a copy, or
    that a person must set right, is not asked again before `at_least`.
    """

    pauses: tuple[timedelta, ...] = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
    then: timedelta = timedelta(hours=4)
    horizon: timedelta = timedelta(days=4)
    at_least: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Decision:
    """The next state of a message, the moment to try again if there is one, and whether to wake the administrator."""

    state: MessageState
    next_at: datetime | None = None
    alarm: bool = False


STANDARD = Plan()


def decide(
    receipt: transport.Receipt,
    *,
    attempt: int,
    first_at: datetime,
    now: datetime,
    plan: Plan = STANDARD,
) -> Decision:
    """Returns what to do after the given attempt, counted from 1; `first_at` is when the first one began.

    A message that cannot be sent within the horizon is parked: it stays visible, and a person may send it again.
    A message of unknown fate is sent again as the same bytes, so that its Message-ID shows the copy for what it is.
    """
    match receipt.outcome:
        case transport.Outcome.ACCEPTED:
            return Decision(MessageState.SENT)
        case transport.Outcome.REFUSED:
            return Decision(MessageState.REFUSED)
    halted = receipt.outcome is transport.Outcome.HALTED
    next_at = now + _pause(receipt.outcome, attempt=attempt, plan=plan)
    if next_at > first_at + plan.horizon:
        return Decision(MessageState.PARKED, alarm=halted)
    unknown = receipt.outcome is transport.Outcome.UNKNOWN
    return Decision(MessageState.UNKNOWN if unknown else MessageState.RETRY, next_at, alarm=halted)


def _pause(outcome: transport.Outcome, *, attempt: int, plan: Plan) -> timedelta:
    pause = plan.pauses[attempt - 1] if attempt <= len(plan.pauses) else plan.then
    return pause if outcome is transport.Outcome.RETRY else max(pause, plan.at_least)
