"""Saved views: a name of one's own for the address of a list, filters and order included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, delete, exc, func, insert, select, update

from cases import tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import count, say

MOST = 50
"""How many views one person may keep."""
LONGEST_NAME, _LONGEST_ADDRESS = 60, 2000
_views = tables.saved_views


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view by its name; `address` is a path of this desk with its query, and `start` where one's desk begins."""

    id: str
    name: str
    address: str
    start: bool


class SavedViews:
    """The views of one person. Whoever is sent the address of a view sees what they themselves may read of it."""

    def __init__(self, engine: Engine, person_id: str) -> None:
        """Open the views of a person."""
        self._engine = engine
        self._person = person_id

    def every(self) -> tuple[SavedView, ...]:
        """List the views by name."""
        with reading(self._engine) as connection:
            mine = select(_views).where(_views.c.person_id == self._person)
            rows = connection.execute(mine.order_by(func.lower(_views.c.name), _views.c.id))
            return tuple(_as_view(row) for row in rows)

    def start(self) -> SavedView | None:
        """Return the view at which the person's desk begins, if they chose one."""
        return next((view for view in self.every() if view.start), None)

    def add(self, name: str, address: str) -> SavedView:
        """Keep an address under a name.

        Raises `NeedsMissing` for a name or an address that cannot be kept, or a name that is taken.
        """
        row = {"id": uuid4().hex, "person_id": self._person, "name": _named(name), "address": _kept(address)}
        with _names_once(), unit_of_work(self._engine) as work:
            if self._count(work) >= MOST:
                told = count(
                    "you keep %(count)s view already; delete one first",
                    "you keep %(count)s views already; delete one first",
                    count=MOST,
                )
                raise errors.NeedsMissing(told)
            return _as_view(work.execute(insert(_views).returning(_views), row | {"start": False}).one())

    def rename(self, view_id: str, name: str) -> None:
        """Give a view another name. Raises `NotFound`, and `NeedsMissing` as `add` does."""
        with _names_once(), unit_of_work(self._engine) as work:
            self._change(work, view_id, {"name": _named(name)})

    def remove(self, view_id: str) -> None:
        """Forget a view. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            if not work.execute(delete(_views).where(*self._one(view_id))).rowcount:
                raise _no_view()

    def begin_at(self, view_id: str | None) -> None:
        """Let the person's desk begin at a view, or at its own page again. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            work.execute(update(_views).where(_views.c.person_id == self._person).values(start=False))
            if view_id is not None:
                self._change(work, view_id, {"start": True})

    def _change(self, work: Connection, view_id: str, values: dict[str, Any]) -> None:
        if not work.execute(update(_views).where(*self._one(view_id)).values(values)).rowcount:
            raise _no_view()

    def _count(self, work: Connection) -> int:
        mine = select(func.count()).select_from(_views).where(_views.c.person_id == self._person)
        return int(work.execute(mine).scalar_one())

    def _one(self, view_id: str) -> tuple[Any, ...]:
        return _views.c.person_id == self._person, _views.c.id == view_id


@contextmanager
def _names_once() -> Iterator[None]:
    """Tell in a sentence that a name is taken."""
    try:
        yield
    except exc.IntegrityError:
        raise errors.NeedsMissing(say("you have a view of this name already; choose another name")) from None


def _named(name: str) -> str:
    kept = " ".join(name.replace("\x00", "").split())
    if not kept:
        raise errors.NeedsMissing(say("give the view a name"))
    if len(kept) > LONGEST_NAME:
        told = count(
            "a name may be %(count)s letter long",
            "a name may be %(count)s letters long",
            count=LONGEST_NAME,
        )
        raise errors.NeedsMissing(told)
    return kept


def _kept(address: str) -> str:
    """Return the address as kept: a path of this desk, with its query but for the page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise _foreign() from None
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "after" and value]
    kept = parts.path + (f"?{urlencode(query)}" if query else "")
    elsewhere = parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//")
    if elsewhere or "\\" in kept or "%00" in kept or len(kept) > _LONGEST_ADDRESS:
        raise _foreign()
    return kept


def _foreign() -> errors.NeedsMissing:
    return errors.NeedsMissing(say("only a list of this desk can be kept; open the list and keep it there"))


def _no_view() -> errors.NotFound:
    return errors.NotFound(say("there is no such view of yours"))


def _as_view(row: Row[Any]) -> SavedView:
    return SavedView(id=row.id, name=row.name, address=row.address, start=row.start)
