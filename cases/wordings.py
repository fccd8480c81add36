"""The office's own wordings of mails: each with its versions, who wrote it and when; the newest one is in use."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cases import tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say

log = logging.getLogger(__name__)

PARTS = ("subject", "first", "changed")
"""The parts of a mail that an office may word: its subject, its first line, and what has happened."""

_rows = tables.wordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How an office words a mail in one language; a part without a text is said in Parley's words.

    `version` counts from 1. `broken` tells why a mail could not be written with it, since `broken_at`.
    """

    mail: str
    language: str
    version: int = 0
    texts: Mapping[str, str]
    changed_by: str = ""
    changed_at: datetime | None = None
    broken: str = ""
    broken_at: datetime | None = None

    @property
    def parts(self) -> frozenset[str]:
        """Which parts the office words itself."""
        return frozenset(part for part in PARTS if self.texts.get(part))


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of an office as its mails are written with them."""

    engine: Engine

    def find(self, mail: str, language: str) -> Wording | None:
        """Find how a mail is worded in a language now; None where it is in Parley's words."""
        found = newest(self.engine, mail, language)
        return found if found.parts else None

    def broke(self, mail: str, language: str, *, why: str, now: datetime) -> None:
        """Keep that a mail went out in Parley's words because these could not be used; the first time is kept."""
        log.error("the own words of the mail %s in %s cannot be used: %s", mail, language, why)
        with unit_of_work(self.engine) as work:
            last = _newest(work, mail, language)
            broken = update(_rows).where(*_is(last), _rows.c.broken_at.is_(None))
            work.execute(broken.values(broken=why, broken_at=now))


def newest(engine: Engine, mail: str, language: str) -> Wording:
    """Return the newest wording of a mail in a language; version 0, without texts, where nobody ever wrote one."""
    with reading(engine) as connection:
        return _newest(connection, mail, language)


def in_use(engine: Engine) -> tuple[Wording, ...]:
    """List the newest wording of every mail and language that is not in Parley's words alone."""
    last = select(_rows.c.mail, _rows.c.language, func.max(_rows.c.version).label("version"))
    last_ones = last.group_by(_rows.c.mail, _rows.c.language).subquery()
    wanted = select(_rows).join(
        last_ones,
        (_rows.c.mail == last_ones.c.mail)
        & (_rows.c.language == last_ones.c.language)
        & (_rows.c.version == last_ones.c.version),
    )
    found = _read(engine, wanted.order_by(_rows.c.mail, _rows.c.language))
    return tuple(one for one in found if one.parts)


def history(engine: Engine, mail: str, language: str) -> tuple[Wording, ...]:
    """List every version of a wording, the newest first."""
    wanted = select(_rows).where(_rows.c.mail == mail, _rows.c.language == language)
    return _read(engine, wanted.order_by(_rows.c.version.desc()))


def keep(engine: Engine, wording: Wording, *, by: str, now: datetime) -> Wording:
    """Put a wording into use from the next mail on, as the version after the one it was made from.

    A wording that says the same as the newest one makes no new version. Raises `Conflict` when somebody else has
    changed it since.
    """
    try:
        with unit_of_work(engine) as work:
            last = _newest(work, wording.mail, wording.language)
            if last.version != wording.version:
                raise errors.Conflict(_CHANGED)
            if all(last.texts.get(part, "") == wording.texts.get(part, "") for part in PARTS):
                return last
            texts = {part: wording.texts.get(part, "") for part in PARTS}
            told = {"mail": wording.mail, "language": wording.language, "version": last.version + 1}
            work.execute(insert(_rows), {**told, **texts, "changed_by": by, "changed_at": now})
    except IntegrityError:
        raise errors.Conflict(_CHANGED) from None
    return newest(engine, wording.mail, wording.language)


_CHANGED = say("somebody else has changed this text meanwhile; look at theirs first")


def _newest(connection: Connection, mail: str, language: str) -> Wording:
    wanted = select(_rows).where(_rows.c.mail == mail, _rows.c.language == language)
    row = connection.execute(wanted.order_by(_rows.c.version.desc()).limit(1)).mappings().first()
    return _wording(row) if row else Wording(mail=mail, language=language, texts={})


def _read(engine: Engine, wanted: Select[tuple[object, ...]]) -> tuple[Wording, ...]:
    with reading(engine) as connection:
        return tuple(_wording(row) for row in connection.execute(wanted).mappings())


def _wording(row: RowMapping) -> Wording:
    kept = dict(row)
    texts = {part: str(kept.pop(part)) for part in PARTS}
    return Wording(texts=texts, **{**kept, "broken": kept["broken"] or ""})


def _is(wording: Wording) -> tuple[ColumnElement[bool], ...]:
    return (
        _rows.c.mail == wording.mail,
        _rows.c.language == wording.language,
        _rows.c.version == wording.version,
    )
