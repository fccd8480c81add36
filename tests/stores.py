"""Folders of files for tests, and small files of every kind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from cases import file_kinds
from cases.files import FileStore

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
CSV = b"hour,asked by\n06:00,relief flight\n"
KEY = b"a key of the tests"


def store_in(folder: Path, *, largest: int = 100_000, types: tuple[str, ...] = ()) -> FileStore:
    """Returns a store that takes the usual types."""
    return FileStore(folder=folder, largest=largest, types=file_kinds.allowed(types), key=KEY)


def packed(**members: bytes) -> bytes:
    """Returns a zip archive; two underscores in a member's name stand for a slash, one more for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("___", ".").replace("__", "/"), content)
    return buffer.getvalue()
