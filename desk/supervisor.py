"""The supervisor: starts the processes of one machine, waits until they are healthy, and brings back what dies."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from states.errors import ParleyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path
    from types import FrameType

LOOK_AGAIN = 0.25
"""Seconds between two looks at the children."""

GRACE = 10.0
"""Seconds a child has to stop by itself before it is killed."""

BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the first, second … restart in a row; the last stands for all that follow."""

STEADY = 60.0
"""Seconds a child must have been healthy before its restarts are counted from one again."""


class PortTaken(ParleyError):
    """Another program listens where one of ours should."""


class Stage(StrEnum):
    """What the supervisor reports of a child."""

    STARTING = "starting"
    HEALTHY = "healthy"
    SLOW = "slow"
    DIED = "died"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep alive.

    `ready` tells whether it is healthy; `patience` is how many seconds it may take before it is reported as slow;
    `after` names the children that must be healthy before it is first started.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool]
    patience: float = 60.0
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing that happened to one child; `detail` is a sentence for a person."""

    name: str
    stage: Stage
    detail: str = ""


Listener = Callable[[Report], None]


def supervise(
    children: Sequence[Child],
    *,
    logs: Path,
    tell: Listener,
    on_ready: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
) -> None:
    """Start all children, keep them alive until `stop` is set or Ctrl-C is pressed, then stop them all.

    `logs` is the folder that gets one file per child; `tell` hears every report; `on_ready` is called once, when
    all children are healthy for the first time.
    """
    ended = stop or threading.Event()
    kept = [_Kept(child, logs=logs, tell=tell) for child in children]
    with _signals(ended), _stopped_at_the_end(kept):
        waiting = True
        while not ended.wait(LOOK_AGAIN):
            healthy = {one.name for one in kept if one.healthy}
            for one in kept:
                one.look(healthy)
            if waiting and all(one.healthy for one in kept):
                waiting = False
                on_ready()


def answers(url: str) -> Callable[[], bool]:
    """Give a check that holds once an HTTP address answers 200."""
    parts = urlsplit(url)

    def check() -> bool:
        asking = HTTPConnection(parts.netloc, timeout=1)
        with contextlib.closing(asking), contextlib.suppress(OSError, HTTPException):
            asking.request("GET", parts.path or "/")
            return asking.getresponse().status == HTTPStatus.OK
        return False

    return check


def accepts(port: int, *, host: str = "127.0.0.1") -> Callable[[], bool]:
    """Give a check that holds once the port accepts a connection."""

    def check() -> bool:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        return False

    return check


def ensure_free(port: int, *, what: str, choose: str, host: str = "127.0.0.1") -> None:
    """Make sure that nobody listens at `port`.

    `what` names who wants it, `choose` how to choose another. Raises PortTaken.
    """
    with socket.socket() as wanted:
        wanted.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wanted.bind((host, port))
        except OSError as error:
            msg = f"port {port} is taken, so {what} cannot start: stop what listens there, or choose another: {choose}"
            raise PortTaken(msg) from error


@dataclass(slots=True, kw_only=True)
class _Running:
    """A started child: its process, when it started, and whether it has been seen healthy and has been called slow."""

    process: subprocess.Popen[bytes]
    started: float
    healthy: bool = False
    slow: bool = False


class _Kept:
    """A child under supervision: started, looked at, started again after a back-off, and stopped."""

    def __init__(self, child: Child, *, logs: Path, tell: Listener) -> None:
        """Remember what to start; nothing is started yet."""
        self._child = child
        self._log = logs / f"{child.name}.log"
        self._tell = tell
        self._running: _Running | None = None
        self._deaths = 0
        self._again_at = 0.0

    @property
    def name(self) -> str:
        """Give the name of the child."""
        return self._child.name

    @property
    def healthy(self) -> bool:
        """Tell whether the child has been seen healthy since it was last started."""
        return self._running is not None and self._running.healthy

    def start(self) -> None:
        """Start the child in a process group of its own, its output going to the end of its log."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            # What is started are the programs of this project, named by its own command line.
            process = subprocess.Popen(  # noqa: S603 - our own commands
                self._child.argv,
                env=dict(self._child.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running = _Running(process=process, started=time.monotonic())
        self._say(Stage.STARTING, f"process {process.pid}, log in {self._log}")

    def look(self, healthy: AbstractSet[str]) -> None:
        """Notice a death, a recovery or a delay, and start what is due to be; `healthy` names those that are well."""
        if self._running is None:
            if time.monotonic() >= self._again_at and (self._deaths or self._child.after <= healthy):
                self.start()
        elif self._running.process.poll() is not None:
            self._bury(self._running)
        elif not self._running.healthy:
            self._watch(self._running)

    def stop(self) -> None:
        """Ask the child and all that it started to stop, and kill whatever is left after the grace."""
        if self._running is None:
            return
        process = self._running.process
        _signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
        _signal_group(process, signal.SIGKILL)
        process.wait()
        self._running = None
        self._say(Stage.STOPPED)

    def _bury(self, dead: _Running) -> None:
        # What the child started may outlive it and would hold its port.
        _signal_group(dead.process, signal.SIGKILL)
        alive = time.monotonic() - dead.started
        self._deaths = 1 if dead.healthy and alive > STEADY else self._deaths + 1
        wait = BACK_OFF[min(self._deaths, len(BACK_OFF)) - 1]
        self._running, self._again_at = None, time.monotonic() + wait
        code = dead.process.returncode
        self._say(Stage.DIED, f"{_ending(code)} after {alive:.0f} s; starting it again in {wait:g} s, see {self._log}")

    def _watch(self, running: _Running) -> None:
        waited = time.monotonic() - running.started
        if self._child.ready():
            running.healthy = True
            self._say(Stage.HEALTHY, f"after {waited:.1f} s")
        elif not running.slow and waited > self._child.patience:
            running.slow = True
            self._say(Stage.SLOW, f"not ready after {waited:.0f} s; still waiting, see {self._log}")

    def _say(self, stage: Stage, detail: str = "") -> None:
        self._tell(Report(name=self._child.name, stage=stage, detail=detail))


@contextlib.contextmanager
def _stopped_at_the_end(kept: Sequence[_Kept]) -> Iterator[None]:
    """Stop everything whatever happened, last started first, so that nobody loses the server it still speaks to."""
    try:
        yield
    finally:
        for one in reversed(kept):
            one.stop()


@contextlib.contextmanager
def _signals(ended: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the supervision; only the main thread of a program may listen to signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
