"""Remembers what a program was answered, so that the same request sent again gets the same answer and is done once.

What is kept is sealed with the secret that the program shows, together with the key of the request: nobody who reads
the database learns an answer. Acts on cases carry their key into the record as well (`cases.receipts`), where it holds
for ever and even a crash between act and answer does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from cases import inserting, sealing, tables
from cases.unit_of_work import unit_of_work
from states import errors
from states.said import say

KEPT = timedelta(days=1)
"""How long an answer is kept."""
UNDER_WAY = timedelta(minutes=2)
"""How long a request counts as under way when nothing more is heard of it."""

_table = tables.api_answers


@dataclass(frozen=True, slots=True)
class Request:
    """A request that may be sent again: the `secret` its sender shows, its key, and what it asks as bytes."""

    secret: str
    key: str
    asks: bytes

    @property
    def _together(self) -> str:
        return f"{self.secret}\n{self.key}"

    @property
    def key_hash(self) -> str:
        """What the request is found by."""
        return sha256(f"find {self._together}".encode()).hexdigest()

    @property
    def request_hash(self) -> str:
        """What tells one request from another with the same key."""
        return sha256(self._together.encode() + self.asks).hexdigest()

    def seal(self, answer: bytes) -> bytes:
        """Seal an answer to this request."""
        return sealing.seal(self._together, answer)

    def unseal(self, sealed: bytes) -> bytes:
        """Read an answer to this request."""
        answer = sealing.unseal(self._together, sealed)
        if answer is None:
            raise errors.BrokenRecord(say("the answer kept for this request was changed; send it with a new key"))
        return answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status, and everything else as bytes."""

    status: int
    content: bytes


def begin(engine: Engine, request: Request, *, now: datetime) -> Answer | None:
    """Return what was answered to this request before, or None and count it as under way.

    Raises `KeyReused` when the key was for something else, and `UnderWay`.
    """
    with unit_of_work(engine) as work:
        if _is_first(work, request, now=now):
            return None
        row = work.execute(select(_table).where(_table.c.key_hash == request.key_hash)).one()
        if row.request_hash != request.request_hash:
            raise errors.KeyReused(
                say("this request key was used for something else: send each new request with a new key")
            )
        if row.status is not None:
            return Answer(row.status, request.unseal(row.sealed))
        if not _taken_over(work, row, now=now):
            raise errors.UnderWay(say("the first request with this key is still under way; ask again in a moment"))
    return None


def keep(engine: Engine, request: Request, answer: Answer) -> None:
    """Keep what was answered."""
    values = {"status": answer.status, "sealed": request.seal(answer.content), "under_way_until": None}
    with unit_of_work(engine) as work:
        work.execute(update(_table).where(_table.c.key_hash == request.key_hash).values(**values))


def release(engine: Engine, request: Request) -> None:
    """Forget a request that changed nothing, so that it may be mended and sent again with its key."""
    with unit_of_work(engine) as work:
        work.execute(delete(_table).where(_table.c.key_hash == request.key_hash, _table.c.status.is_(None)))


def forget_old(engine: Engine, *, now: datetime) -> int:
    """Delete answers that were kept long enough, and say how many."""
    with unit_of_work(engine) as work:
        return work.execute(delete(_table).where(_table.c.at < now - KEPT)).rowcount


def _is_first(work: Connection, request: Request, *, now: datetime) -> bool:
    row = {
        "key_hash": request.key_hash,
        "request_hash": request.request_hash,
        "at": now,
        "under_way_until": now + UNDER_WAY,
    }
    new = inserting.unless_there(work, _table).returning(_table.c.key_hash)
    return work.execute(new, row).first() is not None


def _taken_over(work: Connection, row: Row[Any], *, now: datetime) -> bool:
    """Count a request as under way anew where whoever worked on it has not been heard of for too long."""
    if row.under_way_until > now:
        return False
    same = (_table.c.key_hash == row.key_hash, _table.c.under_way_until == row.under_way_until)
    take = update(_table).where(*same)
    return work.execute(take.values(under_way_until=now + UNDER_WAY)).rowcount == 1
