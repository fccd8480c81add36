"""Public keys of passkeys: kept when they are made, and found when they are used."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, exc, insert, select, update

from cases import tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A passkey as it is kept: its id and public key in base64url, and how often it has signed as far as it says."""

    id: str
    person_id: str
    name: str
    public_key: str
    sign_count: int


def keep(engine: Engine, key: KeptKey, *, now: datetime) -> None:
    """Keep a new passkey; raise `Conflict` for one that is on file already."""
    try:
        with unit_of_work(engine) as work:
            work.execute(insert(tables.passkeys), {**asdict(key), "made_at": now})
    except exc.IntegrityError:
        raise errors.Conflict(say("this passkey is on file already; make another one, or use it as it is")) from None


def find(engine: Engine, key_id: str) -> KeptKey | None:
    """Find a passkey of somebody who may sign in."""
    rows, people = tables.passkeys, tables.people
    wanted = (
        select(*(rows.c[name] for name in KeptKey.__slots__))
        .join(people, people.c.id == rows.c.person_id)
        .where(rows.c.id == key_id, people.c.active)
    )
    with reading(engine) as connection:
        row: Any = connection.execute(wanted).mappings().one_or_none()
    return KeptKey(**row) if row else None


def use(engine: Engine, key: KeptKey, *, sign_count: int, now: datetime) -> bool:
    """Note that a passkey signed; tell whether it is still on file and nobody used the same count meanwhile."""
    rows = tables.passkeys
    same = (rows.c.id == key.id, rows.c.sign_count == key.sign_count)
    with unit_of_work(engine) as work:
        return work.execute(update(rows).where(*same).values(sign_count=sign_count, used_at=now)).rowcount == 1


def remove(engine: Engine, person_id: str, key_id: str) -> None:
    """Take a passkey of one's own off file."""
    rows = tables.passkeys
    with unit_of_work(engine) as work:
        if work.execute(delete(rows).where(rows.c.id == key_id, rows.c.person_id == person_id)).rowcount != 1:
            raise errors.NotFound(say("there is no such passkey of yours on file"))
