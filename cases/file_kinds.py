"""The kinds of file an office may keep, and the names they may bear.

A file is what its bytes say, and its name must agree: a picture called `report.pdf` is refused. What a browser or a
machine would run (programs, scripts, HTML, SVG, macros) is of no kind listed here.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

from states import errors
from states.said import listed, say

MOST_SIGNS = 200
_SAMPLE = 65_536
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# Marks that turn the order of what follows, so that a name reads as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_PLAIN_CONTROLS = frozenset(b"\t\n\f\r\x1b")
_ACTIVE = (b"<", b"#!")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """A media type, how names of it end, how its bytes are known, and whether it is kept unless an office says so."""

    media_type: str
    endings: tuple[str, ...]
    known_by: Callable[[BinaryIO], bool]
    usual: bool = True


def _signed(*media_types: str) -> Callable[[BinaryIO], bool]:
    """Know a kind by the signature that its bytes begin with."""

    def known_by(file: BinaryIO) -> bool:
        try:
            found = puremagic.magic_stream(file)
        except (puremagic.PureError, ValueError):
            return False
        return any(one.mime_type in media_types for one in found)

    return known_by


def _packed(part: str) -> Callable[[BinaryIO], bool]:
    """Know an office document by its main part; one that carries macros is not taken for it."""

    def known_by(file: BinaryIO) -> bool:
        names = _members(file)
        return part in names and not any(name.lower().endswith("vbaproject.bin") for name in names)

    return known_by


def _declared(media_type: str) -> Callable[[BinaryIO], bool]:
    """Know an open document by the type it declares inside; one that carries scripts is not taken for it."""

    def known_by(file: BinaryIO) -> bool:
        names = _members(file)
        if "mimetype" not in names or any(name.startswith(("Basic/", "Scripts/")) for name in names):
            return False
        with zipfile.ZipFile(file) as archive, archive.open("mimetype") as inner:
            return inner.read(len(media_type) + 1) == media_type.encode()

    return known_by


def _members(file: BinaryIO) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(file) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


def _is_text(file: BinaryIO) -> bool:
    """Know plain text by what it lacks: bytes that steer something, and the beginnings of pages and scripts."""
    sample = file.read(_SAMPLE)
    steering = any(byte < ord(" ") and byte not in _PLAIN_CONTROLS for byte in sample)
    return not steering and not sample.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_ACTIVE)


KINDS: Mapping[str, FileKind] = {
    kind.media_type: kind
    for kind in (
        FileKind(media_type="application/pdf", endings=("pdf",), known_by=_signed("application/pdf")),
        FileKind(media_type="image/jpeg", endings=("jpg", "jpeg"), known_by=_signed("image/jpeg")),
        FileKind(media_type="image/png", endings=("png",), known_by=_signed("image/png")),
        FileKind(media_type="image/tiff", endings=("tif", "tiff"), known_by=_signed("image/tiff")),
        FileKind(media_type="image/heic", endings=("heic",), known_by=_signed("image/heic", "image/heif")),
        FileKind(media_type="image/webp", endings=("webp",), known_by=_signed("image/webp")),
        FileKind(
            media_type=f"{_OFFICE}.wordprocessingml.document", endings=("docx",), known_by=_packed("word/document.xml")
        ),
        FileKind(media_type=f"{_OFFICE}.spreadsheetml.sheet", endings=("xlsx",), known_by=_packed("xl/workbook.xml")),
        FileKind(
            media_type=f"{_OFFICE}.presentationml.presentation",
            endings=("pptx",),
            known_by=_packed("ppt/presentation.xml"),
        ),
        FileKind(media_type=f"{_OPEN}.text", endings=("odt",), known_by=_declared(f"{_OPEN}.text")),
        FileKind(media_type=f"{_OPEN}.spreadsheet", endings=("ods",), known_by=_declared(f"{_OPEN}.spreadsheet")),
        FileKind(media_type=f"{_OPEN}.presentation", endings=("odp",), known_by=_declared(f"{_OPEN}.presentation")),
        FileKind(media_type="text/plain", endings=("txt",), known_by=_is_text),
        FileKind(media_type="text/csv", endings=("csv",), known_by=_is_text),
        FileKind(media_type="audio/mpeg", endings=("mp3",), known_by=_signed("audio/mpeg"), usual=False),
        FileKind(media_type="audio/ogg", endings=("ogg", "opus"), known_by=_signed("audio/ogg"), usual=False),
        FileKind(media_type="video/mp4", endings=("mp4",), known_by=_signed("video/mp4"), usual=False),
        FileKind(
            media_type="application/zip", endings=("zip",), known_by=lambda file: bool(_members(file)), usual=False
        ),
    )
}
USUAL = frozenset(kind.media_type for kind in KINDS.values() if kind.usual)


def allowed(media_types: Collection[str]) -> frozenset[str]:
    """Return the types an office keeps, those it names or else the usual ones; raise `DefinitionError` for others."""
    unknown = sorted(set(media_types) - KINDS.keys())
    if unknown:
        known = ", ".join(KINDS)
        raise errors.DefinitionError(
            f"{', '.join(unknown)} cannot be told by its bytes; PARLEY_FILES_TYPES knows: {known}"
        )
    return frozenset(media_types) or USUAL


def endings(kept: frozenset[str]) -> tuple[str, ...]:
    """List how the names of the types that are kept end."""
    return tuple(kind.endings[0] for kind in KINDS.values() if kind.media_type in kept)


def clean_name(raw: str) -> str:
    """Return a file's name without the folders before it; raise `Refused` for one that could deceive a reader."""
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rpartition("/")[2].strip()
    if not name:
        raise errors.Refused(say("the file has no name; give it one, like report.pdf"))
    if len(name) > MOST_SIGNS:
        raise errors.Refused(
            say(
                "the name of the file is longer than %(most)s signs; shorten it and upload it again",
                most=MOST_SIGNS,
            )
        )
    if any(sign in _TURNING or unicodedata.category(sign) in _UNSEEN for sign in name):
        raise errors.Refused(
            say("the name of the file holds signs that cannot be seen; rename the file and upload it again")
        )
    return name


def media_type_of(name: str, file: BinaryIO, *, kept: frozenset[str]) -> str:
    """Return the media type that a file's name says and its bytes confirm.

    Raises `Refused` for a type that is not kept, and for bytes that are not what the name says.
    """
    ending = name.rpartition(".")[2].lower()
    kind = next((kind for kind in KINDS.values() if kind.media_type in kept and ending in kind.endings), None)
    if kind is None:
        raise errors.Refused(
            say(
                "“%(name)s” is of a type that is not kept here; save it as one of: %(endings)s",
                name=name,
                endings=listed(endings(kept)),
            )
        )
    file.seek(0)
    if not kind.known_by(file):
        raise errors.Refused(
            say(
                "“%(name)s” does not hold what its name says; save it as a true %(ending)s and upload it again",
                name=name,
                ending=ending,
            )
        )
    return kind.media_type
