"""Passwords of the desk's own people; of each only an Argon2id hash is kept."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, update

from cases import slow_hashes, tables
from cases.unit_of_work import reading, unit_of_work


def keep(engine: Engine, person_id: str, password: str, *, now: datetime) -> None:
    """Keep a password for somebody, in the place of an older one."""
    row = {"person_id": person_id, "password_hash": slow_hashes.make(_normal(password)), "changed_at": now}
    rows = tables.passwords
    with unit_of_work(engine) as work:
        work.execute(delete(rows).where(rows.c.person_id == person_id))
        work.execute(insert(rows), row)


def proves(engine: Engine, person_id: str | None, typed: str) -> bool:
    """Tell whether what was typed is somebody's password.

    It takes as long for nobody, and for somebody without one. A hash that was made with older parameters is renewed.
    """
    rows, password = tables.passwords, _normal(typed)
    with reading(engine) as connection:
        mine = select(rows.c.password_hash).where(rows.c.person_id == person_id)
        kept: str | None = connection.execute(mine).scalar_one_or_none()
    if not slow_hashes.matches(password, kept) or kept is None:
        return False
    if slow_hashes.is_outdated(kept):
        renewed = slow_hashes.make(password)
        same = (rows.c.person_id == person_id, rows.c.password_hash == kept)
        with unit_of_work(engine) as work:
            work.execute(update(rows).where(*same).values(password_hash=renewed))
    return True


def _normal(password: str) -> str:
    """Return a password as one hash knows it, however the keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)
