"""The supervisor is tested with real child processes, small enough to start in a blink."""

from __future__ import annotations

import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk import supervisor
from desk.supervisor import Child, Report, Stage

DEADLINE = 15.0

LISTENS = """
import http.server, sys
class Yes(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2]))
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Yes).serve_forever()
"""

HAS_A_CHILD = """
import pathlib, subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path(sys.argv[1]).write_text(f"{grandchild.pid} started")
grandchild.wait()
"""

DEAF = """
import pathlib, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text("deaf")
signal.pause()
"""


class Overheard:
    """Keeps every report, and lets a test wait for the one it needs."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self._reports: queue.Queue[Report] = queue.Queue()
        self.ready = threading.Event()

    def __call__(self, report: Report) -> None:
        self._reports.put(report)

    def until(self, stage: Stage) -> Report:
        while True:
            report = self._reports.get(timeout=DEADLINE)
            if report.stage is stage:
                return report


def python(source: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", source, *map(str, arguments)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def child(argv: list[str], *, ready: Callable[[], bool], patience: float = DEADLINE) -> Child:
    return Child(name="one", argv=argv, env=os.environ, ready=ready, patience=patience)


def server(port: int, *, status: int = 200, patience: float = DEADLINE) -> Child:
    url = f"http://127.0.0.1:{port}/"
    return child(python(LISTENS, port, status), ready=supervisor.answers(url), patience=patience)


def number_in(report: Report) -> int:
    return int(report.detail.split()[1].rstrip(","))


def is_gone(pid: int, *, within: float = DEADLINE) -> bool:
    """Tells whether a process has ended or ends within some seconds: one that was sent its signal is on its way out."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within)[0])
    finally:
        os.close(handle)


@contextmanager
def supervised(one: Child, logs: Path) -> Iterator[Overheard]:
    overheard, stop = Overheard(), threading.Event()
    options = {"logs": logs, "tell": overheard, "on_ready": overheard.ready.set, "stop": stop}
    thread = threading.Thread(target=supervisor.supervise, args=([one],), kwargs=options)
    thread.start()
    try:
        yield overheard
    finally:
        stop.set()
        thread.join(DEADLINE)
        assert not thread.is_alive()


def writes(path: Path, *, word: str) -> Callable[[], bool]:
    """Returns a check that holds once the file has the word in it; for a child that listens nowhere."""
    return lambda: path.exists() and word in path.read_text()


def test_a_child_that_answers_200_is_reported_healthy_and_all_are_ready(tmp_path: Path) -> None:
    with supervised(server(free_port()), tmp_path) as overheard:
        assert overheard.until(Stage.HEALTHY).name == "one"
        assert overheard.ready.wait(DEADLINE)
    assert overheard.until(Stage.STOPPED).name == "one"


def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with supervised(server(free_port()), tmp_path) as overheard:
        first = number_in(overheard.until(Stage.STARTING))
        overheard.until(Stage.HEALTHY)
        os.kill(first, signal.SIGKILL)
        assert "killed by SIGKILL" in overheard.until(Stage.DIED).detail
        assert number_in(overheard.until(Stage.STARTING)) != first
        overheard.until(Stage.HEALTHY)


def test_a_child_that_dies_again_and_again_is_started_less_and_less_often(tmp_path: Path) -> None:
    with supervised(child(python("raise SystemExit(3)"), ready=lambda: False), tmp_path) as overheard:
        waits = [overheard.until(Stage.DIED).detail for _ in range(2)]
    assert "ended with code 3" in waits[0]
    assert "again in 0.5 s" in waits[0]
    assert "again in 1 s" in waits[1]


def test_a_child_that_never_gets_healthy_is_reported_and_kept(tmp_path: Path) -> None:
    with supervised(server(free_port(), status=503, patience=0.3), tmp_path) as overheard:
        started = number_in(overheard.until(Stage.STARTING))
        assert "still waiting" in overheard.until(Stage.SLOW).detail
        assert not overheard.ready.is_set()
        assert not is_gone(started, within=0)


def test_a_child_waits_for_those_it_comes_after(tmp_path: Path) -> None:
    waits = Child(name="one", argv=python("pass"), env=os.environ, ready=lambda: True, after=frozenset({"never"}))
    stop = threading.Event()
    never = Child(
        name="never", argv=python("import signal; signal.pause()"), env=os.environ, ready=lambda: False, patience=0.6
    )
    told: list[Report] = []

    def tell(report: Report) -> None:
        told.append(report)
        if report.stage is Stage.SLOW:
            stop.set()

    supervisor.supervise([waits, never], logs=tmp_path, tell=tell, stop=stop)
    assert {report.name for report in told} == {"never"}


def test_no_grandchild_outlives_the_supervisor(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    one = child(python(HAS_A_CHILD, note), ready=writes(note, word="started"))
    with supervised(one, tmp_path) as overheard:
        overheard.until(Stage.HEALTHY)
    grandchild = int(note.read_text().split()[0])
    assert is_gone(grandchild)


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.3)
    note = tmp_path / "deaf"
    with supervised(child(python(DEAF, note), ready=writes(note, word="deaf")), tmp_path) as overheard:
        started = number_in(overheard.until(Stage.STARTING))
        overheard.until(Stage.HEALTHY)
    assert is_gone(started)


def test_what_a_child_says_is_in_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "one.log"
    says = python("import signal; print('good morning', flush=True); signal.pause()")
    with supervised(child(says, ready=writes(log, word="good morning")), log.parent) as overheard:
        overheard.until(Stage.HEALTHY)
    assert log.read_text() == "good morning\n"


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    port = free_port()
    program = f"""
import os, pathlib, signal
from desk import supervisor
one = supervisor.Child(name="one", argv={python(LISTENS, port, 200)!r}, env=os.environ,
                       ready=supervisor.accepts({port}))
supervisor.supervise([one], logs=pathlib.Path({str(tmp_path)!r}), tell=lambda report: print(report.stage, flush=True),
                     on_ready=lambda: os.kill(os.getpid(), signal.SIGINT))
"""
    ended = subprocess.run(python(program), capture_output=True, text=True, timeout=DEADLINE, check=True)
    assert ended.stdout.split() == ["starting", "healthy", "stopped"]
    assert not supervisor.accepts(port)()


def test_a_taken_port_is_named_with_the_way_to_choose_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(supervisor.PortTaken, match=rf"port {port} is taken.*choose another: --port"):
            supervisor.ensure_free(port, what="the desk", choose="--port 8010")


def test_a_free_port_is_no_obstacle() -> None:
    port = free_port()
    supervisor.ensure_free(port, what="the desk", choose="--port 8010")
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port
