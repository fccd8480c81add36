"""What somebody proves themselves with: an overview of all of it, and one-time passwords from a telephone (TOTP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update

from cases import tables
from cases.unit_of_work import reading, unit_of_work


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key that lives in somebody's telephone, computer or security key, by the name they gave it."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What somebody has: since when a password and one-time passwords, which passkeys, how many codes are left."""

    password: datetime | None
    totp: datetime | None
    passkeys: tuple[Passkey, ...]
    recovery_codes: int

    @property
    def second(self) -> bool:
        """Tell whether there is more than a password."""
        return bool(self.totp or self.passkeys)

    @property
    def any(self) -> bool:
        """Tell whether there is anything to prove oneself with."""
        return bool(self.password or self.second)


def of(engine: Engine, person_id: str) -> Factors:
    """Say what somebody proves themselves with."""
    with reading(engine) as connection:
        return Factors(
            password=_instant(connection, tables.passwords.c.changed_at, person_id),
            totp=_instant(connection, tables.totps.c.since_at, person_id),
            passkeys=_passkeys(connection, person_id),
            recovery_codes=_codes_left(connection, person_id),
        )


def propose_totp(engine: Engine, person_id: str, sealed: bytes) -> None:
    """Keep a secret that its person has yet to show to have; one that is in use goes on."""
    rows = tables.totps
    with unit_of_work(engine) as work:
        changed = update(rows).where(rows.c.person_id == person_id).values(proposed=sealed)
        if not work.execute(changed).rowcount:
            work.execute(insert(rows), {"person_id": person_id, "proposed": sealed})


def accept_totp(engine: Engine, person_id: str, sealed: bytes, *, step: int, now: datetime) -> bool:
    """Take a proposed secret into use, shown by its value at a step; tell whether it was the one proposed."""
    rows = tables.totps
    mine = (rows.c.person_id == person_id, rows.c.proposed == sealed)
    taken = update(rows).where(*mine).values(secret=sealed, proposed=None, since_at=now, last_step=step)
    with unit_of_work(engine) as work:
        return work.execute(taken).rowcount == 1


def totp_secrets(engine: Engine, person_id: str) -> tuple[bytes | None, bytes | None]:
    """Return the sealed secret in use and the one proposed."""
    rows = tables.totps.c
    with reading(engine) as connection:
        row = connection.execute(select(rows.secret, rows.proposed).where(rows.person_id == person_id)).one_or_none()
    return (row.secret, row.proposed) if row else (None, None)


def use_totp(engine: Engine, person_id: str, step: int) -> bool:
    """Note that the value of a step was used; tell whether neither it nor a later one had been before."""
    rows = tables.totps
    fresh = or_(rows.c.last_step.is_(None), rows.c.last_step < step)
    with unit_of_work(engine) as work:
        used = update(rows).where(rows.c.person_id == person_id, fresh).values(last_step=step)
        return work.execute(used).rowcount == 1


def remove_totp(engine: Engine, person_id: str) -> None:
    """Forget the secret of somebody's one-time passwords."""
    with unit_of_work(engine) as work:
        work.execute(delete(tables.totps).where(tables.totps.c.person_id == person_id))


def forget(work: Connection, person_id: str) -> None:
    """Forget within a transaction whatever somebody proves themselves with, and what they had begun."""
    for table in _THEIRS:
        work.execute(delete(table).where(table.c.person_id == person_id))


_SECOND = (tables.totps, tables.passkeys, tables.recovery_codes)
_THEIRS = (*_SECOND, tables.passwords, tables.identities, tables.begun, tables.kept_forms)


def forget_second(engine: Engine, person_id: str) -> None:
    """Forget the second factors of somebody who lost them; a password stays."""
    with unit_of_work(engine) as work:
        for table in _SECOND:
            work.execute(delete(table).where(table.c.person_id == person_id))


def _instant(connection: Connection, column: Any, person_id: str) -> datetime | None:  # noqa: ANN401 - a column of any table
    found: datetime | None = connection.execute(
        select(column).where(column.table.c.person_id == person_id)
    ).scalar_one_or_none()
    return found


def _passkeys(connection: Connection, person_id: str) -> tuple[Passkey, ...]:
    rows = tables.passkeys.c
    wanted = select(rows.id, rows.name, rows.made_at, rows.used_at).where(rows.person_id == person_id)
    return tuple(Passkey(*row) for row in connection.execute(wanted.order_by(rows.made_at, rows.id)))


def _codes_left(connection: Connection, person_id: str) -> int:
    rows = tables.recovery_codes.c
    left = select(func.count()).select_from(tables.recovery_codes)
    return connection.execute(left.where(rows.person_id == person_id, rows.used_at.is_(None))).scalar_one()
