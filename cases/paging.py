"""Pages of a list that go on after the last row of the one before, however many rows come in meanwhile.

A mark says where a page ended: the values of that row in the order of the list. It is opaque to who sends it back, and
one that was cut short or made up is told so.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, literal, or_

from cases import codec
from states import errors
from states.said import say

PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 500

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Some rows, and the mark to ask for the rows after them; None at the end."""

    rows: tuple[RowT, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One column by which a list is ordered, with no row without a value; `kind` is what its values are."""

    column: ColumnElement[Any]
    kind: type
    falling: bool = False

    @property
    def ordered(self) -> ColumnElement[Any]:
        """The column as it orders the list."""
        return self.column.desc() if self.falling else self.column.asc()


def write(values: Iterable[Any]) -> str:
    """Write the mark of a row from its values in the order of the list."""
    plain = [(one - _EPOCH) // _MICROSECOND if isinstance(one, datetime) else one for one in values]
    return urlsafe_b64encode(codec.dump(plain).encode()).decode().rstrip("=")


def read(mark: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """Read a mark back. Raises `NotFound` for one that no page of such a list ended with."""
    try:
        found = codec.parse(urlsafe_b64decode(mark[:_LONGEST] + "=" * (-len(mark) % 4)).decode())
        if len(found) == len(kinds):
            return tuple(_READ[kind](one) for kind, one in zip(kinds, found, strict=True))
    except (binascii.Error, ValueError, TypeError, OverflowError):
        pass
    raise errors.NotFound(say("there is no such page of the list; begin again at the first"))


def after(mark: str, keys: Sequence[Key]) -> ColumnElement[bool]:
    """Ask for the rows that follow a mark. Raises `NotFound` for a broken one."""
    values = read(mark, [key.kind for key in keys])
    beyond: list[ColumnElement[bool]] = []
    for place, (key, value) in enumerate(zip(keys, values, strict=True)):
        same = [one.column == literal(at, one.column.type) for one, at in zip(keys[:place], values, strict=False)]
        here = literal(value, key.column.type)
        beyond.append(and_(*same, key.column < here if key.falling else key.column > here))
    return or_(*beyond)


def _text(value: Any) -> str:  # noqa: ANN401 - decoded JSON
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError
    return value


def _whole(value: Any) -> int:  # noqa: ANN401 - decoded JSON
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise TypeError
    return value


def _instant(value: Any) -> datetime:  # noqa: ANN401 - decoded JSON
    return _EPOCH + timedelta(microseconds=_whole(value))


_READ: Mapping[type, Callable[[Any], Any]] = {str: _text, int: _whole, datetime: _instant}
