"""Forms that could not be taken yet, because their sender was signed out or must first prove who they are.

Each is sealed with a key that only the browser holds: whoever reads the database reads nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select

from cases import sealing, tables, token_hashes
from cases.unit_of_work import reading, unit_of_work

_PURPOSE = "form"
_rows = tables.kept_forms


def keep(engine: Engine, person_id: str, content: str, *, now: datetime, lifetime: timedelta) -> str:
    """Keep a form for its sender alone; return the token that opens it."""
    token = token_hashes.new()
    row = {
        "token_hash": token_hashes.hash_of(token),
        "person_id": person_id,
        "content": sealing.seal(token, content.encode(), purpose=f"{_PURPOSE} {person_id}"),
        "expires_at": now + lifetime,
    }
    with unit_of_work(engine) as work:
        work.execute(insert(_rows), row)
    return token


def find(engine: Engine, token: str, person_id: str, *, now: datetime) -> str | None:
    """Return the form that a token opens; None when it is another's, gone, or too old."""
    mine = (_rows.c.token_hash == token_hashes.hash_of(token), _rows.c.person_id == person_id, _rows.c.expires_at > now)
    with reading(engine) as connection:
        sealed = connection.execute(select(_rows.c.content).where(*mine)).scalar_one_or_none()
    if sealed is None:
        return None
    content = sealing.unseal(token, sealed, purpose=f"{_PURPOSE} {person_id}")
    return None if content is None else content.decode()


def forget(engine: Engine, token: str) -> None:
    """Forget a form that was taken, or is not wanted any more."""
    with unit_of_work(engine) as work:
        work.execute(delete(_rows).where(_rows.c.token_hash == token_hashes.hash_of(token)))


def forget_old(engine: Engine, *, before: datetime) -> int:
    """Delete forms that nobody came back for, and say how many."""
    with unit_of_work(engine) as work:
        return work.execute(delete(_rows).where(_rows.c.expires_at < before)).rowcount
