"""What every request of a program is looked at for before anything is done with it: its size, its kind, its text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from email.message import Message
from typing import TYPE_CHECKING, Any

from fastapi import Request

from desk.problems import TooLarge, WrongKind
from states import errors
from states.said import Said, say

if TYPE_CHECKING:
    from starlette.types import Message as Part
    from starlette.types import Receive

LARGEST = 2_000_000
"""How many bytes a request may hold; files are sent by themselves, and may be larger."""
DEEPEST = 32
LARGEST_NUMBER = 2**63 - 1

_UNREADABLE = say("the request cannot be read")


def limited(request: Request) -> Request:
    """Return the same request, whose body raises `TooLarge` instead of growing on."""
    return Request(request.scope, _counting(request.receive))


async def refuse_unreadable_body(request: Request) -> None:
    """Look at the JSON of a request; raise `WrongKind`, `TooLarge`, or `NeedsMissing` with what is wrong with it."""
    body = await request.body()
    if body and _kind(request) != "application/json":
        raise WrongKind(say("send the body as JSON, with the header content-type: application/json"))
    if body:
        wrong = tuple(dict.fromkeys(_wrong(_parsed(body))))
        if wrong:
            raise errors.NeedsMissing(_UNREADABLE, missing=wrong)


def refuse_unknown_parameters(request: Request, known: frozenset[str]) -> None:
    """Raise `NeedsMissing` for a query string that asks what the address does not know, or cannot be written down."""
    asked = request.query_params.multi_items()
    wrong = [say("there is no parameter “%(name)s” here", name=name) for name, _ in asked if name not in known]
    wrong += [one for name, value in asked for one in _wrong(name + value)]
    if wrong:
        raise errors.NeedsMissing(_UNREADABLE, missing=tuple(dict.fromkeys(wrong)))
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise errors.NotFound(say("there is nothing at this address"))


def _counting(receive: Receive) -> Callable[[], Any]:
    seen = 0

    async def part() -> Part:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST:
            raise TooLarge(say("the request holds more than %(most)s bytes; send less at a time", most=LARGEST))
        return message

    return part


def _kind(request: Request) -> str:
    told = Message()
    told["content-type"] = request.headers.get("content-type", "application/octet-stream")
    return told.get_content_type()


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON holds anything
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise errors.NeedsMissing(_UNREADABLE, missing=(say("the body is not JSON"),)) from None


def _wrong(whole: object) -> Iterator[Said]:
    """Say what of a parsed body nobody could keep or tell."""
    left: list[tuple[object, int]] = [(whole, 0)]
    while left:
        value, depth = left.pop()
        if depth > DEEPEST:
            yield say("the body is nested deeper than %(most)s levels", most=DEEPEST)
        elif isinstance(value, dict):
            left += [(one, depth + 1) for pair in value.items() for one in pair]
        elif isinstance(value, list):
            left += [(one, depth + 1) for one in value]
        elif isinstance(value, str) and not _can_be_written(value):
            yield say("a text holds a sign that cannot be written down, such as NUL")
        elif isinstance(value, int | float) and not _is_a_number(value):
            yield say("a number is too large, or none")


def _can_be_written(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_a_number(value: float) -> bool:
    return abs(value) <= LARGEST_NUMBER if isinstance(value, int) else math.isfinite(value)
