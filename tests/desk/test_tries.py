"""Wrong tries: whoever guesses waits, and nobody shuts anybody else out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk.tries import KEPT, LONGEST_WAIT, Guessing, Limits, Tries

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
LIMITS = Limits(person=3, origin=20, everywhere=20, desk=500)
NOTHING = timedelta()


def guess(tries: Tries, count: int, *, origin: str = "1.1.1.1", person: str = "amal") -> Guessing:
    one = Guessing(origin, person)
    for _ in range(count):
        one.failed(tries, now=NOW)
    return one


def test_the_first_wrong_tries_are_free_and_each_further_one_costs_more() -> None:
    tries = Tries()
    waits = [guess(tries, 1).wait(tries, LIMITS, now=NOW).total_seconds() for _ in range(10)]
    assert waits == [0, 0, 2, 4, 8, 16, 32, 60, 60, 60]
    assert Guessing("1.1.1.1", "amal").wait(tries, LIMITS, now=NOW + LONGEST_WAIT) == NOTHING
    assert Guessing("1.1.1.1", "amal").wait(tries, LIMITS, now=NOW + KEPT) == NOTHING


def test_who_guesses_at_somebody_from_many_places_has_one_free_try_in_each_and_so_has_the_person() -> None:
    tries = Tries()
    for number in range(LIMITS.everywhere):
        guess(tries, 1, origin=f"2.2.2.{number}")
    assert Guessing("2.2.2.0", "amal").wait(tries, LIMITS, now=NOW) > NOTHING
    assert Guessing("3.3.3.3", "amal").wait(tries, LIMITS, now=NOW) == NOTHING
    assert Guessing("2.2.2.0", "bakri").wait(tries, LIMITS, now=NOW) == NOTHING


def test_one_place_that_guesses_at_many_waits_whoever_it_tries() -> None:
    tries = Tries()
    for number in range(LIMITS.origin):
        guess(tries, 1, person=f"somebody {number}")
    assert Guessing("1.1.1.1", "bakri").wait(tries, LIMITS, now=NOW) > NOTHING
    assert Guessing("3.3.3.3", "bakri").wait(tries, LIMITS, now=NOW) == NOTHING


def test_a_desk_under_guesses_from_everywhere_leaves_one_free_try_to_each_place() -> None:
    tries = Tries()
    for number in range(LIMITS.desk):
        guess(tries, 1, origin=f"place {number}", person=f"somebody {number}")
    assert Guessing("place 0", "somebody 0").wait(tries, LIMITS, now=NOW) > NOTHING
    assert Guessing("elsewhere", "somebody 0").wait(tries, LIMITS, now=NOW) == NOTHING
