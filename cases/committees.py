"""The office's standing committees: who sits for which body, who chairs, who stands in, and what makes a quorum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, exc, insert, select, update

from cases import codec, people, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.items import Seat, panels
from states.said import listed, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """A standing body; `quorum` counts the places that must vote, with `each_body` at least one of every body."""

    id: str
    name: str
    chair: str
    seats: tuple[Seat, ...]
    quorum: int
    each_body: bool = True

    def inputs(self) -> dict[str, Any]:
        """Return what the act of convening it in a case asks for."""
        return {
            "name": self.name,
            "members": [f"{seat.person} for {seat.body}" for seat in self.seats if not seat.alternate_of],
            "alternates": [f"{seat.person} for {seat.alternate_of}" for seat in self.seats if seat.alternate_of],
            "chair": self.chair,
            "quorum": self.quorum,
            "each_body": self.each_body,
        }


class Committees:
    """Every standing committee of the office."""

    def __init__(self, engine: Engine) -> None:
        """Read and write the given database."""
        self._engine = engine

    def put(self, committee: Committee) -> None:
        """Put a committee on file, or replace the one of this id.

        Raises `Refused` for one that could not vote, `NotFound` for people not on file, `Conflict` for a taken name.
        """
        fault = say("give it an id and a name") if not committee.id or not committee.name.strip() else ""
        fault = fault or panels.fault_of(committee.seats, chair=committee.chair, quorum=committee.quorum)
        if fault:
            raise errors.Refused(
                say(
                    "the committee “%(committee)s” cannot sit: %(fault)s",
                    committee=committee.name or committee.id,
                    fault=fault,
                )
            )
        try:
            with unit_of_work(self._engine) as work:
                _refuse_strangers(work, committee)
                _write(work, _as_row(committee))
        except exc.IntegrityError:
            sentence = say(
                "there is already another committee “%(committee)s”; give this one another name",
                committee=committee.name,
            )
            raise errors.Conflict(sentence) from None

    def remove(self, committee_id: str) -> None:
        """Take a committee off file; the cases on which it sits keep it. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            if not work.execute(delete(tables.committees).where(tables.committees.c.id == committee_id)).rowcount:
                raise _unknown(committee_id)

    def all(self) -> tuple[Committee, ...]:
        """List the committees by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(tables.committees).order_by(tables.committees.c.name))
            return tuple(map(_as_committee, rows))

    def find(self, reference: str) -> Committee:
        """Find a committee by its id or name; raises `NotFound`."""
        found = next((one for one in self.all() if reference in {one.id, one.name}), None)
        if found is None:
            raise _unknown(reference)
        return found


def _write(work: Connection, row: dict[str, Any]) -> None:
    changed = work.execute(update(tables.committees).where(tables.committees.c.id == row["id"]).values(**row))
    if not changed.rowcount:
        work.execute(insert(tables.committees), row)


def _refuse_strangers(work: Connection, committee: Committee) -> None:
    unknown = people.strangers(work, {seat.person for seat in committee.seats})
    if unknown:
        raise errors.NotFound(
            say(
                "nobody on file has the id %(ids)s; add them first: parley person add",
                ids=listed(sorted(unknown)),
            )
        )


def _unknown(reference: str) -> errors.NotFound:
    return errors.NotFound(
        say("there is no committee “%(committee)s” on file; parley committees list shows all", committee=reference)
    )


def _as_row(committee: Committee) -> dict[str, Any]:
    return {
        "id": committee.id,
        "name": committee.name.strip(),
        "chair_id": committee.chair,
        "seats": codec.dump(committee.seats),
        "quorum": committee.quorum,
        "each_body": committee.each_body,
    }


def _as_committee(row: Row[Any]) -> Committee:
    seats = codec.load(tuple[Seat, ...], row.seats)
    return Committee(
        id=row.id, name=row.name, chair=row.chair_id, seats=seats, quorum=row.quorum, each_body=row.each_body
    )
