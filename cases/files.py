"""Keeps the bytes of documents outside the database, each under its own SHA-256 and so only once.

A file is written beside its place, hashed on the way, synced, and moved there in one step, so whoever looks finds all
of it or nothing. A stamp proves who uploaded it: a hash that somebody merely heard of opens nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cases import file_kinds
from states import errors, file_ref
from states.file_ref import FileRef
from states.said import listed, say

STAMP_LASTS = timedelta(hours=12)
"""How long after its upload a file may be put into a case."""
_MEGABYTE = 1_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
_INCOMING, _LOCK = "incoming", "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore:
    """A folder of files by their hash: how many bytes and which media types it takes, and the key it stamps with."""

    folder: Path
    largest: int
    types: frozenset[str]
    key: bytes = field(repr=False)

    @property
    def takes(self) -> str:
        """What may be uploaded, in a sentence."""
        return say(
            "Up to %(size)s MB. Types: %(endings)s.",
            size=f"{self.largest / _MEGABYTE:g}",
            endings=listed(file_kinds.endings(self.types)),
        )

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """Take in one file piece by piece; nothing of it stays unless it is kept before the block ends.

        Raises `Unavailable` when the folder cannot be written.
        """
        with _told_plainly():
            self._make(self.folder / _INCOMING)
            handle, path = tempfile.mkstemp(dir=self.folder / _INCOMING)
        try:
            with os.fdopen(handle, "w+b") as file:
                yield Incoming(self, file, Path(path))
        finally:
            with suppress(OSError):
                Path(path).unlink(missing_ok=True)

    def add(self, chunks: Iterable[bytes], name: str, *, by: str, now: datetime) -> FileRef:
        """Keep a whole file for a person; raise as `receive`, `Incoming.write` and `Incoming.keep` do."""
        with self.receive() as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.keep(name, by=by, now=now)

    def confirmed(self, reference: object, *, by: str, now: datetime) -> FileRef:
        """Return the file that a stamped reference means, without its stamp.

        Raises `Refused` unless this very person uploaded it in the last hours and its bytes are here.
        """
        try:
            found = file_ref.parse(str(reference).strip())
        except ValueError:
            raise errors.Refused(say("the file must be uploaded first; choose it again")) from None
        issued = int(found.stamp.partition(".")[0] or 0)
        whole = hmac.compare_digest(found.stamp, self._stamp(found, by=by, issued=issued))
        fresh = now.timestamp() - issued <= STAMP_LASTS.total_seconds()
        if not whole or not fresh or self._size(found.sha256) != found.size:
            hours = STAMP_LASTS // timedelta(hours=1)
            raise errors.Refused(
                say(
                    "“%(file)s” was not uploaded by you in the last %(hours)s hours; upload it again",
                    file=found.name,
                    hours=hours,
                )
            )
        return replace(found, stamp="")

    def open(self, sha256: str) -> BinaryIO:
        """Open a kept file to be read, once all its bytes were checked against its hash.

        Raises `BrokenRecord` when it is gone or was changed, `Unavailable` when the folder cannot be read.
        """
        with _told_plainly():
            try:
                file = self.place(sha256).open("rb")
            except FileNotFoundError:
                raise errors.BrokenRecord(
                    say("the file %(hash)s… is not in the folder for files", hash=sha256[:16])
                ) from None
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                file.close()
                raise errors.BrokenRecord(say("the file %(hash)s… was changed since it was kept", hash=sha256[:16]))
            file.seek(0)
            return file

    def place(self, sha256: str) -> Path:
        """Return where the file of a hash lies; raise `NotFound` for what is no hash."""
        if not _HASH.fullmatch(sha256):
            raise errors.NotFound(say("there is no such file, or it is not yours to see"))
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def older_than(self, before: datetime) -> frozenset[str]:
        """List the hashes of the files that were last uploaded before an instant."""
        found = self.folder.glob(f"{'[0-9a-f]' * 2}/{'[0-9a-f]' * 2}/*")
        with _told_plainly():
            return frozenset(path.name for path in found if _is_older(path, before))

    def forget(self, unwanted: Iterable[str], *, before: datetime) -> int:
        """Remove files, unless they were uploaded again meanwhile, and what was left of interrupted uploads."""
        paths = [self.place(sha256) for sha256 in unwanted]
        paths += (self.folder / _INCOMING).glob("*")
        return sum(self._remove(path, before) for path in paths)

    def _remove(self, path: Path, before: datetime) -> bool:
        with _told_plainly(), self._locked():
            if not _is_older(path, before):
                return False
            path.unlink()
            return True

    def _put(self, path: Path, sha256: str) -> None:
        """Move a finished file to its place; one that lies there already holds the same and is replaced."""
        target = self.place(sha256)
        self._make(target.parent)
        with self._locked():
            path.replace(target)
        for folder in (target.parent, target.parent.parent, self.folder):
            _sync(folder)

    def _size(self, sha256: str) -> int | None:
        with _told_plainly():
            path = self.place(sha256)
            return path.stat().st_size if path.exists() else None

    def _stamp(self, file: FileRef, *, by: str, issued: int) -> str:
        words = f"{issued}\n{by}\n{replace(file, stamp='')}"
        return f"{issued}.{hmac.digest(self.key, words.encode(), 'sha256').hex()}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep a removal and an upload of the same bytes apart, whichever processes they run in."""
        with (self.folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self, folder: Path) -> None:
        for one in (self.folder, folder.parent, folder):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)


class Incoming:
    """A file on its way into the store."""

    def __init__(self, store: FileStore, file: BinaryIO, path: Path) -> None:
        """Begin with nothing."""
        self._store = store
        self._file = file
        self._path = path
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, chunk: bytes) -> None:
        """Take in a piece; raise `Refused` as soon as the file is too large, `Unavailable` when the disk is full."""
        self._size += len(chunk)
        if self._size > self._store.largest:
            raise too_large(self._store.largest)
        self._hash.update(chunk)
        with _told_plainly():
            self._file.write(chunk)

    def keep(self, name: str, *, by: str, now: datetime) -> FileRef:
        """Put the whole file in its place and return its stamped reference.

        Raises `Refused` for an empty file, a deceiving name, a type that is not kept, and bytes of another type.
        """
        if not self._size:
            raise errors.Refused(say("the file is empty; choose another one"))
        clean = file_kinds.clean_name(name)
        with _told_plainly():
            self._file.flush()
            os.fsync(self._file.fileno())
            media_type = file_kinds.media_type_of(clean, self._file, kept=self._store.types)
            os.utime(self._path, (now.timestamp(), now.timestamp()))
            sha256 = self._hash.hexdigest()
            self._store._put(self._path, sha256)  # noqa: SLF001 - one unit with its store
        found = FileRef(sha256=sha256, size=self._size, media_type=media_type, name=clean)
        return replace(found, stamp=self._store._stamp(found, by=by, issued=int(now.timestamp())))  # noqa: SLF001 - the same


def too_large(largest: int) -> errors.Refused:
    """Say how large a file may be."""
    return errors.Refused(
        say("the file is larger than %(size)s MB; make it smaller, or split it", size=f"{largest / _MEGABYTE:g}")
    )


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise errors.Unavailable(
            say(
                "files cannot be kept or read just now (%(reason)s); nothing was kept; mend that, or try again",
                reason=fault.strerror,
            )
        ) from fault
