"""Remembers what was answered to each request, so that the same request sent twice is done once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from cases import codec, own_record, tables
from cases.commands import ActOnCase, OpenCase, request_hash
from cases.recording import Recorded
from states import errors, roles
from states.case import Case
from states.process import Process
from states.roles import Actor
from states.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a request led to: the case, its version now, and the places of its events in the feed of all cases.

    As it is handed to whoever acted (`own`), `version` counts what they may read, and `entries` names the places of
    the new entries among that.
    """

    case_id: str
    number: str
    version: int
    events: tuple[int, ...]
    entries: tuple[int, ...] = ()


_find = select(tables.commands.c.request_hash, tables.commands.c.result).where(
    tables.commands.c.key == bindparam("wanted")
)
_keep = insert(tables.commands)


def find(connection: Connection, command: OpenCase | ActOnCase) -> Receipt | None:
    """Return what was answered to this key before; raises `KeyReused` when it was for something else."""
    row = connection.execute(_find, {"wanted": command.key}).first()
    if row is None:
        return None
    if row.request_hash != request_hash(command):
        raise errors.KeyReused(
            say("this request key was used for something else: send each new request with a new key")
        )
    receipt: Receipt = codec.load(Receipt, row.result)
    return receipt


def own(connection: Connection, process: Process, case: Case, receipt: Receipt, *, actor: Actor) -> Receipt:
    """Put a receipt into the numbers of whoever acted: those of the whole record tell of rooms of others."""
    if actor.person in roles.AUTOMATIC:
        return receipt
    zones = roles.readable_zones(process, case, actor)
    return replace(
        receipt,
        version=own_record.version(connection, case.id, zones, until=receipt.version),
        entries=own_record.places(connection, case.id, zones, receipt.events),
    )


def keep(connection: Connection, command: OpenCase | ActOnCase, *, recorded: Recorded, now: datetime) -> Receipt:
    """Write down what is answered to this key."""
    case = recorded.case
    receipt = Receipt(case_id=case.id, number=case.number, version=case.version, events=recorded.ids)
    row = {
        "key": command.key,
        "case_id": case.id,
        "actor": command.actor.person,
        "request_hash": request_hash(command),
        "result": codec.dump(receipt),
        "at": now,
    }
    connection.execute(_keep, row)
    return receipt
