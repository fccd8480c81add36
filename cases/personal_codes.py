"""Personal codes: how somebody without a session proves to be the person a link is for.

A code is handed over by voice or on paper, never by mail, together with a reference that names its person at the
portal. Of it only an Argon2id hash is kept, and after five wrong tries it is worth nothing until the desk makes a new
one.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from cases import slow_hashes, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say

DIGITS = 16
REFERENCE_DIGITS = 8
TRIES = 5


def make(engine: Engine, person_id: str, *, now: datetime) -> str:
    """Return a new code for a person, in fours, in the place of an older one; raise `NotFound` for nobody on file."""
    code = _figures(DIGITS)
    row = {"person_id": person_id, "code_hash": slow_hashes.make(code), "tries_left": TRIES, "made_at": now}
    people, codes = tables.people.c, tables.personal_codes
    with unit_of_work(engine) as work:
        if work.execute(select(people.id).where(people.id == person_id, people.active)).one_or_none() is None:
            raise errors.NotFound(say("there is nobody on file with the id “%(id)s”, or they have left", id=person_id))
        row["reference"] = _reference(work, person_id) or _figures(REFERENCE_DIGITS)
        work.execute(delete(codes).where(codes.c.person_id == person_id))
        work.execute(insert(codes), row)
    return in_fours(code)


def reference(engine: Engine, person_id: str) -> str:
    """Return the reference that goes with a person's code, in fours; empty for somebody who has no code."""
    with reading(engine) as connection:
        return in_fours(_reference(connection, person_id))


def claimed(engine: Engine, name: str) -> str:
    """Return the id of the person whom an address or a reference names; empty where it names nobody."""
    people, codes = tables.people.c, tables.personal_codes.c
    typed = read(name, digits=REFERENCE_DIGITS)
    by_reference = select(codes.person_id).where(codes.reference == typed)
    named = people.id.in_(by_reference) if typed else people.email == unicodedata.normalize("NFC", name.strip()).lower()
    with reading(engine) as connection:
        return connection.execute(select(people.id).where(named, people.active)).scalar() or ""


def fits(engine: Engine, person_id: str, typed: str) -> bool:
    """Tell whether what somebody typed is the code of a person, and let wrong ones cost nothing.

    So is asked where anybody may name anybody: else whoever knows an address could use up its owner's tries. It takes
    as long where the person has no code, or has no tries left.
    """
    codes = tables.personal_codes.c
    mine = select(codes.code_hash).where(codes.person_id == person_id, codes.tries_left > 0)
    with reading(engine) as connection:
        kept = connection.execute(mine).scalar()
    return slow_hashes.matches(read(typed), kept)


def proves(engine: Engine, person_id: str, typed: str) -> bool:
    """Tell whether what somebody typed is the code of a person; a wrong one costs a try, the right one gives all back.

    It takes as long where the person has no code, or has no tries left.
    """
    code = read(typed)
    codes = tables.personal_codes
    mine = codes.c.person_id == person_id
    take = update(codes).where(mine, codes.c.tries_left > 0).values(tries_left=codes.c.tries_left - 1)
    with unit_of_work(engine) as work:
        kept = work.execute(take.returning(codes.c.code_hash)).scalar_one_or_none()
    if not slow_hashes.matches(code, kept):
        return False
    with unit_of_work(engine) as work:
        back = update(codes).where(mine, codes.c.code_hash == kept).values(tries_left=TRIES)
        return work.execute(back).rowcount == 1


def read(typed: str, *, digits: int = DIGITS) -> str:
    """Return the figures of a code as it was typed, in any script, with or without spaces; empty for anything else."""
    signs = [sign for sign in typed if not sign.isspace() and sign != "-"]
    figures = "".join(str(unicodedata.digit(sign, "?")) for sign in signs)
    return figures if len(figures) == digits and figures.isdecimal() else ""


def in_fours(figures: str) -> str:
    """Write figures as they are read out: in groups of four."""
    return " ".join(figures[start : start + 4] for start in range(0, len(figures), 4))


def _figures(count: int) -> str:
    return f"{secrets.randbelow(10**count):0{count}}"


def _reference(connection: Connection, person_id: str) -> str:
    codes = tables.personal_codes.c
    return connection.execute(select(codes.reference).where(codes.person_id == person_id)).scalar() or ""
