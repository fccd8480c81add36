"""The engine's settings must be Prefect's own names, and mean what we think."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from prefect.settings import Settings
from prefect.settings.legacy import _get_settings_fields

from flows import engine

# Read by Prefect and by others before any settings are.
NOT_A_SETTING = {"DO_NOT_TRACK"}


def test_every_setting_is_one_that_prefect_has(tmp_path: Path) -> None:
    names = set(engine.engine_environment(tmp_path, api_port=4200)) - NOT_A_SETTING
    assert names - set(_get_settings_fields(Settings)) == set()


def test_the_settings_mean_what_they_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in engine.engine_environment(tmp_path, api_port=4999, kept=timedelta(days=2)).items():
        monkeypatch.setenv(name, text)
    settings = Settings()
    assert settings.home == tmp_path / "prefect"
    assert (settings.server.api.host, settings.server.api.port) == ("127.0.0.1", 4999)
    assert settings.server.events.retention_period == timedelta(days=2)
    assert settings.server.services.db_vacuum.retention_period == timedelta(days=2)
    assert settings.server.services.db_vacuum.enabled == {"events", "flow_runs"}
    assert settings.server.services.scheduler.min_scheduled_time == timedelta(minutes=2)
    assert not settings.server.analytics_enabled
    assert not settings.results.persist_by_default


def test_the_scheduler_looks_at_least_twice_before_it_runs_dry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in engine.engine_environment(tmp_path, api_port=4200).items():
        monkeypatch.setenv(name, text)
    scheduler = Settings().server.services.scheduler
    assert scheduler.min_scheduled_time.total_seconds() > 2 * scheduler.loop_seconds


def test_the_settings_are_known_without_importing_prefect() -> None:
    check = "import sys; from flows import engine; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
