"""Reads the body of a form: what was sent under each name, and no more than a form of this desk can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from desk import uploads
from desk.uploads import Given
from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import Request

LARGEST = 1_000_000
MOST_FIELDS = 200


async def pairs(request: Request) -> list[tuple[str, str]]:
    """Read the names and values of a form; raise `Refused` for one that holds too much."""
    try:
        return parse_qsl(await _body(request), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise errors.Refused(uploads.UNREADABLE) from None


def together(sent: Iterable[tuple[str, str]]) -> Given:
    """Put what was sent under its names; a box that may be ticked several times keeps its values one a line.

    No database keeps a NUL, so none is taken.
    """
    given = Given()
    for name, value in ((name.replace("\x00", ""), value.replace("\x00", "")) for name, value in sent):
        given[name] = f"{given[name]}\n{value}" if name in given else value
    return given


async def _body(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            sentence = say("the form holds more than a million characters; attach long texts as documents")
            raise errors.Refused(sentence)
    return body.decode("utf-8", errors="replace").replace("%0D%0A", "%0A")
