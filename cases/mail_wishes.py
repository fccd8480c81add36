"""How people want to be written to: at which hours, on which days, and in which rhythm."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from sqlalchemy import Connection, Engine, Row, Update, select, update

from cases import inserting, tables
from cases.unit_of_work import reading, unit_of_work
from config.settings import Rhythm
from states import errors
from states.said import say
from states.wall_time import Window

ALWAYS = Window(time.min, time.min)
BY_DAY = Window(time(7), time(20))
NOWHERE = say("this link leads nowhere; on the page “Your mails” you choose what comes")
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How one person wants to be written to, on the clock of their own time zone.

    Mails come within the `hours`, and on working days unless `every_day`; what is gathered comes at `digest_at`.
    """

    rhythm: Rhythm = Rhythm.EACH
    digest_at: time = time(8)
    hours: Window = BY_DAY
    every_day: bool = False


def of(engine: Engine, people: Iterable[str], *, custom: Wishes) -> dict[str, Wishes]:
    """Read the wishes of people, by id; the office's `custom` stands for whatever somebody has said nothing about."""
    rows = tables.mail_wishes
    with reading(engine) as connection:
        found = {row.person_id: row for row in connection.execute(select(rows).where(rows.c.person_id.in_(people)))}
    return {who: _wishes(found[who], custom) if who in found else custom for who in people}


def put(engine: Engine, person_id: str, wishes: Wishes) -> None:
    """Put on file how somebody wants to be written to."""
    with unit_of_work(engine) as work:
        _keep(work, person_id)
        work.execute(_of(person_id).values(_as_row(wishes)))


def forget(engine: Engine, person_id: str) -> None:
    """Let the office's own custom hold again for somebody."""
    with unit_of_work(engine) as work:
        work.execute(_of(person_id).values(rhythm=None, digest_at=None, hours=None, every_day=None))


def token(engine: Engine, person_id: str) -> str:
    """Return what the link ends with by which this person's mail program ends the notices that may be ended."""
    rows = tables.mail_wishes.c
    with unit_of_work(engine) as work:
        _keep(work, person_id)
        found: str = work.execute(select(rows.token).where(rows.person_id == person_id)).scalar_one()
    return found


def end_notices(engine: Engine, token: str) -> None:
    """Stop the notices that may be ended, for whom a link leads to; raise `NotFound` for one that leads nowhere."""
    rows = tables.mail_wishes
    with unit_of_work(engine) as work:
        changed = work.execute(update(rows).where(rows.c.token == token).values(rhythm=Rhythm.NEVER))
        if changed.rowcount != 1:
            raise errors.NotFound(NOWHERE)


def is_known(engine: Engine, token: str) -> bool:
    """Tell whether a link by which notices are ended leads to somebody."""
    rows = tables.mail_wishes.c
    with reading(engine) as connection:
        return connection.execute(select(rows.person_id).where(rows.token == token)).first() is not None


def _keep(work: Connection, person_id: str) -> None:
    fresh = {"person_id": person_id, "token": secrets.token_urlsafe(_TOKEN_BYTES)}
    work.execute(inserting.unless_there(work, tables.mail_wishes), fresh)


def _of(person_id: str) -> Update:
    return update(tables.mail_wishes).where(tables.mail_wishes.c.person_id == person_id)


def _as_row(wishes: Wishes) -> Mapping[str, object]:
    return {
        "rhythm": wishes.rhythm,
        "digest_at": f"{wishes.digest_at:%H:%M}",
        "hours": str(wishes.hours),
        "every_day": wishes.every_day,
    }


def _wishes(row: Row[Any], custom: Wishes) -> Wishes:
    said: dict[str, Any] = {
        "rhythm": row.rhythm and Rhythm(row.rhythm),
        "digest_at": row.digest_at and time.fromisoformat(row.digest_at),
        "hours": row.hours and Window.parse(row.hours),
        "every_day": row.every_day,
    }
    return replace(custom, **{name: value for name, value in said.items() if value is not None})
