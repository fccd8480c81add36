"""Takes in what a mail server puts into a Maildir: each file once, whenever the reader dies.

A file is moved from `new` to `cur` only after the record has it, and the record knows it again if it is read once more.
One that cannot be read is kept aside in a folder of its own, where a person finds it.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from notifications import intake
from notifications.intake import Letter
from states import errors
from states.said import say

if TYPE_CHECKING:
    from pathlib import Path

    from notifications.mailroom import Mailroom

log = logging.getLogger(__name__)

BROKEN = ".broken"
"""The folder, in the way of Maildir++, for files that nobody could read."""
AGAIN = "again"
_PARTS = ("tmp", "new", "cur")


def take_in(room: Mailroom, maildir: Path, *, largest: int, limit: int = 200) -> dict[str, int]:
    """Take in what lies in a Maildir, the oldest first, and count it by what it was.

    Raises `Unavailable` when the record or the folder cannot be used; whatever was not taken in then stays.
    """
    done: Counter[str] = Counter()
    for path in _waiting(maildir)[:limit]:
        done[_one(room, path, largest=largest)] += 1
    return dict(done)


def broken(maildir: Path) -> int:
    """Count the files that nobody could read."""
    folder = maildir / BROKEN / "cur"
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def _waiting(maildir: Path) -> list[Path]:
    try:
        for part in _PARTS:
            (maildir / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        return sorted(path for path in (maildir / "new").iterdir() if not path.name.startswith("."))
    except OSError as fault:
        sentence = say("the folder %(folder)s cannot be read (%(reason)s)", folder=maildir, reason=fault.strerror)
        raise errors.Unavailable(sentence) from fault


def _one(room: Mailroom, path: Path, *, largest: int) -> str:
    """Take in one file, and say what it was; another reader may have been first."""
    try:
        if path.stat().st_size > largest:
            log.error("the file %s is too large to be taken in; it is kept in %s", path, BROKEN)
            return _set_aside(path)
        kind = intake.take_in(room, Letter(content=path.read_bytes()))
    except FileNotFoundError:
        return AGAIN
    except errors.Unavailable:
        raise
    except Exception:  # one poisoned file must not stop the others
        log.exception("the file %s cannot be taken in; it is kept in %s", path, BROKEN)
        return _set_aside(path)
    _move(path, path.parent.parent / "cur" / f"{path.name.partition(':')[0]}:2,S")
    return kind.value if kind else AGAIN


def _set_aside(path: Path) -> str:
    _move(path, path.parent.parent / BROKEN / "cur" / path.name)
    return "broken"


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        path.rename(target)
    for folder in {path.parent, target.parent}:
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
