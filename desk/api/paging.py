"""Pages of lists: so many rows at a time, and a mark from which the next page goes on, whatever is added meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response

from desk.api.bounds import LARGEST_ID
from states import errors
from states.said import say

MOST = 100
USUAL = 25
LONGEST_MARK = 600

NO_MARK = say("this is no mark of a page; take the one that `next` of the page before holds")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for: how many rows, after which mark."""

    request: Request
    response: Response
    limit: int
    after: str | None

    def link(self, mark: str | None) -> str | None:
        """Return the address of the next page, and say it in the header `Link` too; None where this is the last."""
        if mark is None:
            return None
        url = self.request.url.include_query_params(after=mark)
        address = f"{url.path}?{url.query}"
        self.response.headers["link"] = f'<{address}>; rel="next"'
        return address


@dataclass(frozen=True, slots=True)
class Cut(Generic[Row]):
    """The rows of one page, and the address of the next one."""

    rows: tuple[Row, ...]
    next: str | None


def asked(
    request: Request,
    response: Response,
    *,
    limit: Annotated[int, Query(ge=1, le=MOST, description="how many at most")] = USUAL,
    after: Annotated[
        str | None,
        Query(max_length=LONGEST_MARK, pattern=r"^[\x21-\x7e]+$", description="the mark that `next` of a page holds"),
    ] = None,
) -> Asked:
    """Read which page is asked for."""
    return Asked(request, response, limit, after)


Paging = Annotated[Asked, Depends(asked)]


def cut(page: Asked, rows: Iterable[Row], *, key: Callable[[Row], Any]) -> Cut[Row]:
    """Cut one page out of a list that is short enough to be read whole, in the order of a key that no two share."""
    ordered = sorted(rows, key=key)
    if page.after is not None:
        mark = _read(page.after, like=key(ordered[0]) if ordered else None)
        ordered = [one for one in ordered if key(one) > mark] if ordered else []
    shown = tuple(ordered[: page.limit])
    more = len(ordered) > len(shown)
    return Cut(shown, page.link(_written(key(shown[-1])) if more else None))


def number(page: Asked) -> int | None:
    """Read a mark that is the number of a row; raise `NeedsMissing` for what is none."""
    if page.after is None:
        return None
    if not (page.after.isascii() and page.after.isdecimal()) or int(page.after) > LARGEST_ID:
        raise errors.NeedsMissing(NO_MARK)
    return int(page.after)


def _written(key: object) -> str:
    told = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read(mark: str, *, like: object) -> Any:  # noqa: ANN401 - a key of any list
    try:
        found = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except (ValueError, binascii.Error):
        found = None
    found = tuple(found) if isinstance(found, list) else found
    if found is None or (like is not None and not _alike(found, like)):
        raise errors.NeedsMissing(NO_MARK)
    return found


def _alike(found: object, like: object) -> bool:
    if isinstance(found, tuple) and isinstance(like, tuple):
        return len(found) == len(like) and all(type(one) is type(other) for one, other in zip(found, like, strict=True))
    return type(found) is type(like)
