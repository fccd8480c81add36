"""Takes in the files of forms and of programs: never more than the limit, and kept before the act that names them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from cases import documents
from cases.files import too_large
from desk import headers
from states import errors
from states.said import say

if TYPE_CHECKING:
    from desk.visits import Visit

MEDIA_TYPE = "multipart/form-data"
MOST_FILES, MOST_FIELDS = 5, 200
LARGEST_TEXT = 1_000_000
ANY = ""
"""In place of a field: whichever file of a form was too large."""
_PIECE = 65_536
_PATIENCE = 4
"""How many times the limit is let go by unread, so that a browser that is still sending reads what went wrong."""
UNREADABLE = say("the form cannot be read, so nothing was changed; open the page again")


class Given(dict[str, str]):
    """What a form holds by field; `refused` tells why a file of it was not kept, under its field or for all (`ANY`)."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.refused: dict[str, str] = {}


class TooMuch(MultiPartException):
    """More came than may come; the parser then lets go of what it has put aside."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A form that brings files: its texts in order, its files by field, and why a file did not come, or nothing."""

    texts: list[tuple[str, str]]
    files: Mapping[str, UploadFile]
    refused: str = ""


@asynccontextmanager
async def form_with_files(request: Request, *, largest: int) -> AsyncIterator[Parts]:
    """Read a form that brings files, until the block ends. Raises `Refused`.

    `largest` is the limit in bytes of everything together. Of a form that exceeds it the texts that come before the
    file are kept, and nothing of the file.
    """
    stream = _at_most(request, largest=largest)
    parser = MultiPartParser(
        request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_TEXT
    )
    try:
        form = await parser.parse()
    except TooMuch:
        await _let_go_by(request, most=largest * _PATIENCE)
        yield Parts(_texts(parser.items), {}, too_large(largest - LARGEST_TEXT).sentence)
        return
    except (MultiPartException, KeyError, ValueError):
        raise errors.Refused(UNREADABLE) from None
    except OSError as fault:
        raise errors.Unavailable(
            say("files cannot be taken in just now (%(why)s); try again later", why=fault.strerror)
        ) from fault
    try:
        items = form.multi_items()
        brought = {name: value for name, value in items if isinstance(value, UploadFile) and value.filename}
        yield Parts(_texts(items), brought)
    finally:
        await form.close()


def _texts(items: Iterable[tuple[str, str | UploadFile]]) -> list[tuple[str, str]]:
    return [(name, value.replace("\r\n", "\n")) for name, value in items if isinstance(value, str)]


async def _let_go_by(request: Request, *, most: int) -> None:
    async for chunk in request.stream():
        most -= len(chunk)
        if most < 0:
            return


async def limited(request: Request, *, largest: int) -> AsyncGenerator[bytes, None]:
    """Pass on what a request brings, and stop where it grows too large, before anything is read where it says so."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > largest:
        raise TooMuch(UNREADABLE)
    async for chunk in _at_most(request, largest=largest):
        yield chunk


async def _at_most(request: Request, *, largest: int) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > largest:
            raise TooMuch(UNREADABLE)
        yield chunk


def keep(visit: Visit, files: Mapping[str, UploadFile], *, into: Given) -> None:
    """Keep the files of a form, and put the reference of each, or why it was refused, under its field."""
    for name, file in files.items():
        into.pop(name, None)
        try:
            kept = visit.desk.record.files.add(
                _pieces(file.file), file.filename or "", by=visit.person.id, now=visit.words.now
            )
        except errors.Refused as refusal:
            into.refused[name] = refusal.sentence
        else:
            into[name] = str(kept)


def download(visit: Visit, request: Request, case_ref: str, document_id: str) -> Response:
    """Answer with the file of a document, as something to save and never to show.

    Raises `NotFound` for a document that is unknown or not this visitor's, `BrokenRecord` for a file that was changed.
    """
    kept = documents.document(visit.desk.record, visit.viewer, case_ref, document_id)
    tag = f'"{kept.sha256}"'
    if tag in {one.strip() for one in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": tag})
    own = {
        "content-type": kept.media_type,
        "content-length": str(kept.size),
        "content-disposition": as_attachment(kept.name),
        "content-security-policy": headers.DOWNLOAD_POLICY,
        "etag": tag,
    }
    try:
        file = visit.desk.record.files.open(kept.sha256)
    except errors.BrokenRecord as broken:
        told = say(
            "“%(file)s” cannot be given out: %(why)s. Nothing else of the case is touched; tell the people who run the"
            " desk, who can put the file back from the last backup",
            file=kept.name,
            why=broken.sentence,
        )
        raise errors.BrokenFile(told) from broken
    return StreamingResponse(_pieces(file), headers=own)


def as_attachment(name: str) -> str:
    """Name a file to be saved, as RFC 6266 has it: in plain letters for old programs, and as it is for all others."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%;' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
