"""What becomes of a message after each attempt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.outbox import MessageState
from notifications import retry
from notifications.transport import Outcome, Receipt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def decided(outcome: Outcome, *, attempt: int = 1, waited: timedelta = timedelta(0)) -> retry.Decision:
    return retry.decide(Receipt(outcome, None, ""), attempt=attempt, first_at=NOON, now=NOON + waited)


def history(outcome: Outcome) -> list[tuple[MessageState, timedelta]]:
    """Each decision, with the time since the first attempt at which it was taken."""
    now, decisions = NOON, list[tuple[MessageState, timedelta]]()
    while len(decisions) < 100:
        decision = retry.decide(Receipt(outcome, None, ""), attempt=len(decisions) + 1, first_at=NOON, now=now)
        decisions.append((decision.state, now - NOON))
        if decision.next_at is None:
            return decisions
        now = decision.next_at
    raise AssertionError(f"{outcome} never comes to an end")


def test_an_accepted_message_is_sent_and_done() -> None:
    assert decided(Outcome.ACCEPTED) == retry.Decision(MessageState.SENT)


def test_a_refused_message_is_never_tried_again() -> None:
    assert decided(Outcome.REFUSED) == retry.Decision(MessageState.REFUSED)


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 240), (20, 240)])
def test_the_pauses_grow_from_a_minute_to_four_hours(attempt: int, minutes: int) -> None:
    expected = NOON + timedelta(minutes=minutes)

    assert decided(Outcome.RETRY, attempt=attempt) == retry.Decision(MessageState.RETRY, expected)


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 15), (2, 15), (3, 15), (4, 60), (5, 240)])
def test_a_message_of_unknown_fate_waits_longer_and_stays_marked(attempt: int, minutes: int) -> None:
    expected = NOON + timedelta(minutes=minutes)

    assert decided(Outcome.UNKNOWN, attempt=attempt) == retry.Decision(MessageState.UNKNOWN, expected)


def test_a_halted_message_is_tried_again_and_wakes_the_administrator() -> None:
    expected = NOON + timedelta(minutes=15)

    assert decided(Outcome.HALTED) == retry.Decision(MessageState.RETRY, expected, alarm=True)


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.UNKNOWN, Outcome.HALTED])
def test_after_four_days_in_vain_a_person_gets_the_message(outcome: Outcome) -> None:
    decisions = history(outcome)

    assert decisions[-1][0] is MessageState.PARKED
    assert timedelta(days=3, hours=20) < decisions[-1][1] <= timedelta(days=4)
    assert MessageState.PARKED not in {state for state, _ in decisions[:-1]}


def test_the_last_moment_of_the_horizon_still_counts() -> None:
    pause, horizon = retry.STANDARD.then, retry.STANDARD.horizon

    assert decided(Outcome.RETRY, attempt=9, waited=horizon - pause).next_at == NOON + horizon
    assert decided(Outcome.RETRY, attempt=9, waited=horizon - pause + timedelta(seconds=1)).next_at is None


def test_a_shorter_plan_is_followed() -> None:
    plan = retry.Plan(pauses=(), then=timedelta(hours=1), horizon=timedelta(hours=1))
    receipt = Receipt(Outcome.RETRY, 451, "")

    first = retry.decide(receipt, attempt=1, first_at=NOON, now=NOON, plan=plan)
    second = retry.decide(receipt, attempt=2, first_at=NOON, now=NOON + timedelta(hours=1), plan=plan)

    assert first.next_at == NOON + timedelta(hours=1)
    assert second.state is MessageState.PARKED


@given(
    outcome=some.sampled_from(Outcome),
    attempt=some.integers(1, 1000),
    waited=some.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_every_decision_is_an_end_or_a_later_moment_within_the_horizon(
    outcome: Outcome,
    attempt: int,
    waited: timedelta,
) -> None:
    decision = decided(outcome, attempt=attempt, waited=waited)

    if decision.next_at is None:
        assert decision.state in {MessageState.SENT, MessageState.REFUSED, MessageState.PARKED}
    else:
        assert decision.state in {MessageState.RETRY, MessageState.UNKNOWN}
        assert NOON + waited < decision.next_at <= NOON + retry.STANDARD.horizon
