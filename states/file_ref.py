"""A reference to a file kept outside the record: its hash, its size, what it is and how it is called, in one text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?:(?P<stamp>[0-9]{1,12}\.[0-9a-f]{64})/)?"
    r"sha256:(?P<sha256>[0-9a-f]{64});(?P<size>[0-9]{1,15});(?P<media_type>[a-z0-9.+-]+/[a-z0-9.+-]+);(?P<name>[^\r\n]+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file by its SHA-256, its size in bytes, its media type and its name.

    `stamp` is the proof of who uploaded it when; it travels from the upload to the act and is never recorded.
    """

    sha256: str
    size: int
    media_type: str
    name: str
    stamp: str = ""

    def __str__(self) -> str:
        """Spell the reference as `parse` reads it."""
        before = f"{self.stamp}/" if self.stamp else ""
        return f"{before}sha256:{self.sha256};{self.size};{self.media_type};{self.name}"


def parse(text: str) -> FileRef:
    """Read a reference; raise `ValueError` for any other text."""
    found = _FORM.fullmatch(text)
    if found is None:
        wanted = "not a reference to a file"
        raise ValueError(wanted)
    parts = found.groupdict(default="")
    size = int(parts.pop("size"))
    return FileRef(size=size, **parts)


def unstamped(value: object) -> object:
    """Take the stamp from a reference, so that one file uploaded twice is the same input; leave all else alone."""
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    return value if found is None or not found["stamp"] or not isinstance(value, str) else value.partition("/")[2]
