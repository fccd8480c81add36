"""What an outside monitor and an administrator read of the clockwork, at every door, and that it names no case."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from typer.testing import CliRunner

from cases import heartbeats, tables, timers, watchdog
from cases.unit_of_work import unit_of_work
from config.clock import SystemClock
from desk.cli import app
from tests.desk.house import Front, House


def beat(house: House) -> None:
    timers.fire_due_timers(house.service, owner="worker")
    for name in watchdog.SILENCE:
        heartbeats.note(house.record.engine, name, at=house.clock.now(), detail={})


def test_a_monitor_reads_that_the_clockwork_goes_and_what_is_late_without_signing_in(front: Front) -> None:
    beat(front.house)
    with front.client() as client:
        answer = client.get("/health/heartbeat")
        assert (answer.status_code, answer.text) == (200, "beating\n")
        front.house.clock.advance(days=30)
        late = client.get("/health/heartbeat")
    assert late.status_code == 503
    assert late.text == "late: escalations, deliveries, arrivals, jobs, webhooks, housekeeping, follow-ups, timers\n"
    assert late.headers["cache-control"] == "no-store"


def test_an_administrator_sees_the_next_dates_and_the_lateness(front: Front) -> None:
    beat(front.house)
    with front.client("li") as administrator:
        page = administrator.get("/health").text
        told = administrator.get("/api/health").json()
    assert "Each of 3 open cases has one" in page
    assert "99 of 100 within" in page
    assert all(told in page for told in ("GB free", "SQLite", "Clock of the machine", "to be sent: 0", "at step"))
    assert (told["well"], told["late"], told["open_cases"]) == (True, [], 3)
    assert [one["hours"] for one in told["lateness"]] == [24, 168, 720]
    assert told["lateness"][2]["fired"] > 0


def test_a_case_without_a_date_is_counted_and_never_named(front: Front) -> None:
    beat(front.house)
    with unit_of_work(front.house.record.engine) as connection:
        connection.execute(delete(tables.timers))
    with front.client("li") as administrator:
        page, told = administrator.get("/health").text, administrator.get("/api/health")
    assert "3 of 3 open cases wait for nothing" in page
    assert told.json()["late"] == ["next dates"]
    assert "D-2026" not in page + told.text


def test_a_single_timer_that_is_missing_is_counted_on_the_page_and_named_on_the_command_line(
    house: House, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(front.house)
    rows = tables.timers.c
    waiting = select(rows.case_id, rows.key).where(rows.state == "armed").order_by(rows.due_at.desc()).limit(1)
    with unit_of_work(front.house.record.engine) as connection:
        lost = connection.execute(waiting).one()
        connection.execute(delete(tables.timers).where(rows.case_id == lost.case_id, rows.key == lost.key))
        number = connection.execute(select(tables.cases.c.number).where(tables.cases.c.id == lost.case_id)).scalar_one()
    with front.client("li") as administrator:
        page, told = administrator.get("/health").text, administrator.get("/api/health")
    assert "missing timers: 1" in page
    assert (told.json()["missing_timers"], told.json()["late"]) == (1, ["next dates"])
    assert number not in page + told.text
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    named = json.loads(CliRunner().invoke(app, ["watchdog", "--json"]).stdout)["missing_timers"]
    assert [(one["number"], one["key"]) for one in named] == [(number, lost.key)]


def test_only_administrators_read_the_health_over_the_api(front: Front) -> None:
    with front.client("claire") as convener:
        assert convener.get("/api/health").status_code == 403


def test_the_command_tells_by_its_exit_code_and_marks_a_file_only_when_all_is_well(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    mark = tmp_path / "mark"
    late = CliRunner().invoke(app, ["watchdog", "--json", "--mark", str(mark)])
    assert (late.exit_code, mark.exists()) == (1, False)
    assert set(watchdog.SILENCE) <= set(json.loads(late.stdout)["late"])
    CliRunner().invoke(app, ["tick", "--until-idle", "--no-deliver"], catch_exceptions=False)
    for heart in ("deliveries", "webhooks"):
        heartbeats.note(house.record.engine, heart, at=SystemClock().now(), detail={})
    well = CliRunner().invoke(app, ["watchdog", "--mark", str(mark)])
    assert (well.exit_code, "well: every heart beats" in well.stdout) == (0, True)
    assert datetime.fromisoformat(mark.read_text().strip()) <= SystemClock().now()
