"""A real SpamAssassin with a folder of its own, which asks nobody else: how much a mail looks like spam, and why."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PATIENCE = 120.0
_WORKERS = "2"
_SETTINGS = """\
use_bayes 0
use_auto_welcomelist 0
skip_rbl_checks 1
"""
_RULES = "/etc/spamassassin"
_VERDICT = re.compile(rb"^Spam: \w+ ; (-?[\d.]+) / ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much a mail looks like spam, by which rules; from 5 on most filters put it away."""

    score: float
    rules: str


@dataclass(frozen=True, slots=True)
class SpamFilter:
    """A filter that listens in a folder of its own."""

    door: Path

    def judge(self, content: bytes) -> Verdict:
        """Asks what it makes of one mail."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(str(self.door))
            line.sendall(b"SYMBOLS SPAMC/1.5\r\nContent-length: %d\r\n\r\n%b" % (len(content), content))
            line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        score = _VERDICT.search(answer)
        if score is None:
            raise AssertionError(f"the filter did not judge the mail: {answer!r}")
        return Verdict(float(score[1]), answer.rpartition(b"\r\n\r\n")[2].decode().strip())


@contextlib.contextmanager
def running() -> Iterator[SpamFilter]:
    """Runs a filter in a folder that is deleted in the end; as root it gives up root, as it does everywhere."""
    folder = Path(tempfile.mkdtemp(prefix="parley-spam-"))
    try:
        # Its workers are nobody, and look into the folder.
        folder.chmod(0o755)
        rules = shutil.copytree(_RULES, folder / "rules", ignore=shutil.ignore_patterns("*hooks*"))
        (rules / "local.cf").write_text(_SETTINGS, encoding="utf-8")
        door = folder / "door"
        with _started(folder, door):
            yield SpamFilter(door)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(folder: Path, door: Path) -> Iterator[None]:
    """Starts it, waits until it says that it is there, and ends it."""
    nobody = ("--username", "nobody") if os.geteuid() == 0 else ()
    told = folder / "told"
    with (
        told.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            [
                *(shutil.which("spamd") or "spamd", "--local", "--nouser-config", *nobody),
                *("--socketpath", str(door), "--socketmode", "0666", "--siteconfigpath", str(folder / "rules")),
                *("--helper-home-dir", str(folder), "--syslog", "stderr", "--max-conn-per-child", "10000"),
                *("--max-children", _WORKERS, "--min-children", _WORKERS, "--max-spare", _WORKERS),
            ],
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        listening = threading.Event()
        reader = threading.Thread(target=_read, args=(process.stderr, log, listening))
        reader.start()
        try:
            if not listening.wait(PATIENCE) or process.poll() is not None:
                raise AssertionError(f"the filter does not start: {told.read_text(encoding='utf-8')}")
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
            reader.join()


def _read(said: IO[str], log: IO[str], listening: threading.Event) -> None:
    """Keeps all that it tells, which nobody else reads; it waits where nobody does."""
    for line in said:
        print(line, end="", file=log, flush=True)
        if "server started" in line:
            listening.set()
    listening.set()
