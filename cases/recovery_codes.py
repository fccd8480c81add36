"""Recovery codes: for whoever has lost the telephone or the key; each is good once, and only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Engine, delete, insert, update

from cases import tables
from cases.unit_of_work import unit_of_work

HOW_MANY = 8
# 24 letters of 32 are 120 bits: too many to guess, so a fast hash of them gives nothing away.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 6, 4


def make(engine: Engine, person_id: str) -> tuple[str, ...]:
    """Return new codes for somebody; older ones are worth nothing from now on."""
    codes = tuple("".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)) for _ in range(HOW_MANY))
    rows = tables.recovery_codes
    with unit_of_work(engine) as work:
        work.execute(delete(rows).where(rows.c.person_id == person_id))
        work.execute(insert(rows), [{"person_id": person_id, "code_hash": _hash(code)} for code in codes])
    return tuple("-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)) for code in codes)


def use(engine: Engine, person_id: str, typed: str, *, now: datetime) -> bool:
    """Use a code up; tell whether it was one of somebody's, not used before."""
    rows = tables.recovery_codes
    mine = (rows.c.person_id == person_id, rows.c.code_hash == _hash(read(typed)), rows.c.used_at.is_(None))
    with unit_of_work(engine) as work:
        return work.execute(update(rows).where(*mine).values(used_at=now)).rowcount == 1


def read(typed: str) -> str:
    """Return the letters of a code as it was typed, large or small, with or without spaces and dashes."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
