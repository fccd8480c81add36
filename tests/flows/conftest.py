"""One really started Prefect server for all tests of this room."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from desk import supervisor
from flows import engine

DEADLINE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((engine.LOOPBACK, 0))
        return int(probe.getsockname()[1])


def collect_what_prefect_left() -> None:
    """Collects the sockets Prefect left open, here and now, so that no other test is blamed for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def engine_settings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Returns the settings of an engine with a data folder and a port of its own."""
    return engine.engine_environment(tmp_path_factory.mktemp("data"), api_port=free_port())


@pytest.fixture(scope="session")
def engine_server(engine_settings: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Starts Prefect's server under the supervisor; yields the address of its API."""
    logs, ready, stop = tmp_path_factory.mktemp("logs"), threading.Event(), threading.Event()
    child = supervisor.Child(
        name="engine",
        argv=[sys.executable, "-m", "prefect", "server", "start"],
        env={**os.environ, **engine_settings},
        ready=supervisor.answers(engine.health_url(int(engine_settings["PREFECT_SERVER_API_PORT"]))),
    )
    options = {"logs": logs, "tell": lambda _: None, "on_ready": ready.set, "stop": stop}
    thread = threading.Thread(target=supervisor.supervise, args=([child],), kwargs=options)
    thread.start()
    try:
        assert ready.wait(DEADLINE), (logs / "engine.log").read_text()
        yield engine_settings["PREFECT_API_URL"]
        # What Prefect still has to send in the background would otherwise be tried for a minute at the end.
        EventsWorker.drain_all(timeout=DEADLINE)
        APILogHandler().flush()
    finally:
        stop.set()
        thread.join(DEADLINE)
        collect_what_prefect_left()


@pytest.fixture
def prefect(engine_server: str, engine_settings: Mapping[str, str]) -> Iterator[Path]:
    """Lets this process speak to that server; yields Prefect's home."""
    home = Path(engine_settings["PREFECT_HOME"])
    with temporary_settings({PREFECT_API_URL: engine_server, PREFECT_HOME: home}):
        yield home
    collect_what_prefect_left()
