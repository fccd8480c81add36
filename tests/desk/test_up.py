"""`parley up`: which children it starts, and a really started stack that answers, heals and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.settings import Settings
from desk import supervisor, up

DEADLINE = 60.0


def free_ports(count: int) -> list[int]:
    """Finds ports that nobody listens at, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def settings(folder: Path, **changes: Any) -> Settings:  # noqa: ANN401 - settings have values of many types
    return Settings(data_folder=folder, **changes)


def names(chosen: Settings, *, prefect: bool) -> list[str]:
    return [child.name for child in up.children(chosen, prefect=prefect)]


def test_everything_runs_when_nothing_is_set(tmp_path: Path) -> None:
    assert names(settings(tmp_path), prefect=True) == ["mailbox", "desk", "prefect", "flows"]


def test_no_mailbox_is_started_where_there_is_a_mail_server(tmp_path: Path) -> None:
    chosen = settings(tmp_path, smtp_host="mail.example.org")
    assert names(chosen, prefect=True) == ["desk", "prefect", "flows"]
    assert [place.what for place in up.places(chosen, prefect=False)] == ["the desk"]


def test_mail_that_comes_back_is_taken_in_where_a_port_is_set(tmp_path: Path) -> None:
    chosen = settings(tmp_path, inbound_domain="in.desk.example", inbound_lmtp_port=8024)
    assert names(chosen, prefect=False) == ["mailbox", "intake", "desk", "flows"]
    assert ("the intake of mail", 8024) in [(place.what, place.port) for place in up.places(chosen, prefect=False)]


def test_without_prefect_a_plain_ticker_does_its_work(tmp_path: Path) -> None:
    children = {child.name: child for child in up.children(settings(tmp_path), prefect=False)}
    assert list(children) == ["mailbox", "desk", "flows"]
    assert children["flows"].argv[1:4] == ("-m", "desk.cli", "tick")


def test_only_what_speaks_to_prefect_waits_for_it_and_knows_its_settings(tmp_path: Path) -> None:
    children = {child.name: child for child in up.children(settings(tmp_path, prefect_port=4999), prefect=True)}
    waiting = {name: sorted(child.after) for name, child in children.items() if child.after}
    assert waiting == {"flows": ["prefect"]}
    api = {name: child.env.get("PREFECT_API_URL") for name, child in children.items()}
    assert api["flows"] == api["prefect"] == "http://127.0.0.1:4999/api"
    assert api["desk"] == os.environ.get("PREFECT_API_URL")


def test_the_children_are_told_of_the_options_of_this_run(tmp_path: Path) -> None:
    [_, desk, _] = up.children(settings(tmp_path, desk_port=4998, mailbox_port=4997), prefect=False)
    told = Settings.model_validate(
        {name.removeprefix("PARLEY_").lower(): value for name, value in desk.env.items() if name in _TOLD}
    )
    assert (told.desk_port, told.mailbox_port, told.data_folder) == (4998, 4997, tmp_path.resolve())


_TOLD = {"PARLEY_DESK_PORT", "PARLEY_MAILBOX_PORT", "PARLEY_DATA_FOLDER"}


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "desk.cli", "up", "--no-prefect", "--port", str(port)],
            env={**os.environ, "PARLEY_DATA_FOLDER": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE,
        )
    assert ended.returncode == 1
    assert f"port {port} is taken, so the desk cannot start" in ended.stderr
    assert "--port or PARLEY_DESK_PORT" in ended.stderr
    assert not (tmp_path / "data").exists()


class Stack:
    """A really started `parley up`, and what it says line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Listens to a started process."""
        self.process = process

    def until(self, event: str, name: str | None = None) -> dict[str, str]:
        """Reads on to the next report of an event, of one child if it is named."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, str] = json.loads(line)
            if told["event"] == event and name in {None, told.get("name")}:
                return told
        raise AssertionError(f"it ended without saying “{event}”")


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Stack]:
    process = subprocess.Popen(
        [sys.executable, "-m", "desk.cli", "up", "--json", *options],
        env={**os.environ, "PARLEY_DATA_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    # What does not come in time ends the reading, and so the test.
    watchdog = threading.Timer(DEADLINE, process.kill)
    watchdog.start()
    try:
        yield Stack(process)
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE)


def status(url: str) -> int:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc, timeout=10)) as asking:
        asking.request("GET", parts.path or "/")
        return asking.getresponse().status


def number_in(report: dict[str, str]) -> int:
    found = re.search(r"process (\d+)", report["text"])
    assert found
    return int(found[1])


@pytest.fixture
def options() -> tuple[str, ...]:
    """Gives the stack ports of its own."""
    desk, mailbox = free_ports(2)
    return ("--no-prefect", "--port", str(desk), "--mailbox-port", str(mailbox))


def test_a_started_stack_answers_heals_and_stops(tmp_path: Path, options: tuple[str, ...]) -> None:
    port = int(options[2])
    with started(tmp_path / "data", *options) as stack:
        first = number_in(stack.until("starting", "desk"))
        stack.until("healthy", "desk")
        assert status(f"http://127.0.0.1:{port}/alive") == 200

        os.kill(first, signal.SIGKILL)
        assert "killed by SIGKILL" in stack.until("died", "desk")["text"]
        assert number_in(stack.until("starting", "desk")) != first
        stack.until("healthy", "desk")
        assert status(f"http://127.0.0.1:{port}/alive") == 200

        stack.process.send_signal(signal.SIGINT)
        stack.until("stopped", "desk")
        assert stack.process.wait(DEADLINE) == 0
    assert not supervisor.accepts(port)()


def test_the_first_administrator_is_let_in_by_a_link_that_works(tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = tmp_path / "data"
    subprocess.run(
        [sys.executable, "-m", "desk.cli", "person", "add", "Ada", "ada@desk.example", "--office", "administrator"],
        env={**os.environ, "PARLEY_DATA_FOLDER": str(folder)},
        check=True,
        timeout=DEADLINE,
    )
    with started(folder, *options) as stack:
        told = stack.until("sign-in")
        assert told["person"] == "Ada (administrator)"
        assert status(told["url"]) == 200
        stack.until("ready")
