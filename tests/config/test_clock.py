"""The two clocks obey one contract, and the simulated one moves only as it is told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from config import clock

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("made", [clock.SystemClock, lambda: clock.SimulatedClock(START)])
def test_every_clock_tells_an_instant_in_utc_that_never_falls_back(made: type[clock.Clock]) -> None:
    a_clock = made()
    first, second = a_clock.now(), a_clock.now()
    assert first.tzinfo is UTC
    assert second >= first


def test_the_system_clock_tells_the_time_of_the_machine() -> None:
    before = datetime.now(UTC)
    assert before <= clock.SystemClock().now() <= datetime.now(UTC)


def test_a_simulated_clock_moves_by_the_span_it_is_told() -> None:
    simulated = clock.SimulatedClock(START)
    assert simulated.advance(days=5, hours=1) == START + timedelta(days=5, hours=1) == simulated.now()


def test_a_simulated_clock_keeps_instants_in_utc() -> None:
    simulated = clock.SimulatedClock(datetime(2026, 3, 2, 11, tzinfo=timezone(timedelta(hours=2))))
    assert simulated.now() == START
    assert simulated.now().tzinfo is UTC


def test_a_simulated_clock_goes_back_only_when_asked() -> None:
    simulated = clock.SimulatedClock(START)
    with pytest.raises(ValueError, match="does not go back"):
        simulated.advance(days=-1)
    assert simulated.set(START - timedelta(days=1), backwards=True) == simulated.now()


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        clock.SimulatedClock(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - what is refused
