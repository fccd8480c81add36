"""Real logs, replayed whole: the engine does what the offices' own clocks did, to the figure."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.replays import logs
from tests.replays.replay import History, Log, replay

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = logs.Row


def fits(history: History, cases: dict[str, list[Row]], names: dict[str, str]) -> int:
    """Count the cases whose recorded acts are the log's, in the log's order, with nothing refused."""
    return sum(
        case not in history.refused
        and [entry.trigger for entry in history.entries[case]] == [names.get(row["activity"]) for row in rows]
        for case, rows in cases.items()
    )


def hours_to_penalty(history: History, cases: dict[str, list[Row]]) -> Counter[float]:
    """Count how many hours after the notification each penalty was added."""
    notified = {
        case: logs.at(row) for case, rows in cases.items() for row in rows if "Insert Fine Not" in row["activity"]
    }
    return Counter((at - notified[case]) / HOUR for case, at in history.times("add_penalty"))


def test_every_fine_of_the_sample_gets_its_penalty_on_the_right_day(shared_data: Path, sqlite_url: str) -> None:
    cases = logs.rows_by_case(shared_data / "rtfm_dev.csv")
    history = replay(sqlite_url, Log(definition="fines", moves=logs.fines(cases), until=logs.end(cases)))
    assert fits(history, cases, logs.triggers("fines")) == 16_611
    assert len(history.times("add_penalty")) == 8_915
    assert hours_to_penalty(history, cases) == {1440: 6_183, 1441: 2_039, 1439: 693}


def test_a_penalty_survives_every_stage_of_an_appeal(shared_data: Path, sqlite_url: str) -> None:
    cases = logs.rows_by_case(shared_data / "rtfm_appeals_dev.csv")
    history = replay(sqlite_url, Log(definition="fines", moves=logs.fines(cases), until=logs.end(cases)))
    assert fits(history, cases, logs.triggers("fines")) == 2_213
    assert len(history.times("add_penalty")) == 2_237


def test_tickets_close_themselves_as_the_desk_did(shared_data: Path, sqlite_url: str) -> None:
    cases = logs.rows_by_case(shared_data / "helpdesk_dev.csv")
    history = replay(
        sqlite_url, Log(definition="helpdesk", moves=logs.tickets(cases), until=logs.end(cases)), tick=HOUR
    )
    closed = history.times("close")
    assert fits(history, cases, logs.triggers("helpdesk")) == 2_268
    assert len(closed) == 374
    assert sum(_closed_in_the_log(cases[case], at) for case, at in closed) == 372
    assert outcomes_of_resolves(history) == {"resolved": 417, "closed": 374, "cancelled": 40, "open": 3}


def _closed_in_the_log(rows: list[Row], at: datetime) -> bool:
    """Tell whether the log closed the ticket within a minute of our instant."""
    closings = (logs.at(row) for row in rows if row["activity"] == "Closed")
    return any(timedelta(0) <= closing - at <= timedelta(minutes=1) for closing in closings)


def outcomes_of_resolves(history: History) -> Counter[str]:
    """Follow each resolve since the desk closes by itself: closed by the clock, cancelled by an act, or still open."""
    seen: Counter[str] = Counter()
    resolves = {"resolve", "record_resolution"}
    for entries in history.entries.values():
        for entry, after in zip(entries, [*entries[1:], None], strict=True):
            if entry.trigger not in resolves or entry.at < logs.AUTOMATIC_SINCE:
                continue
            seen["resolved"] += 1
            seen["open" if after is None else "closed" if after.automatic else "cancelled"] += 1
    return seen


def few(shared_data: Path) -> Log:
    """Take every fortieth appeal: small enough to replay many times."""
    cases = logs.rows_by_case(shared_data / "rtfm_appeals_dev.csv")
    sample = {case: rows for number, (case, rows) in enumerate(cases.items()) if number % 40 == 0}
    return Log(definition="fines", moves=logs.fines(sample), until=logs.end(cases))


def recorded(history: History) -> dict[str, list[tuple[str, datetime]]]:
    """Give what must not depend on how the clockwork ran."""
    return {case: [(one.trigger, one.at) for one in entries] for case, entries in history.entries.items()}


@pytest.fixture(name="expected")
def _expected(shared_data: Path, tmp_path: Path) -> dict[str, list[tuple[str, datetime]]]:
    return recorded(replay(f"sqlite:///{tmp_path / 'expected.db'}", few(shared_data)))


@pytest.mark.parametrize("tick", [timedelta(minutes=1), HOUR, DAY, timedelta(days=3)])
def test_the_result_does_not_change_with_the_tick(
    shared_data: Path, expected: object, database_url: str, tick: timedelta
) -> None:
    assert recorded(replay(database_url, few(shared_data), tick=tick)) == expected


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/New_York"])
def test_the_result_does_not_change_with_the_servers_zone(
    shared_data: Path, expected: object, sqlite_url: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        assert recorded(replay(sqlite_url, few(shared_data))) == expected
    finally:
        monkeypatch.undo()
        time.tzset()


def test_ten_days_without_a_tick_change_nothing(
    shared_data: Path, expected: dict[str, list[tuple[str, datetime]]], sqlite_url: str
) -> None:
    penalties = sorted(at for entries in expected.values() for trigger, at in entries if trigger == "add_penalty")
    stopped = (penalties[len(penalties) // 2] - DAY, penalties[len(penalties) // 2] + 9 * DAY)
    history = replay(sqlite_url, few(shared_data), tick=HOUR, stopped=stopped)
    assert recorded(history) == expected
