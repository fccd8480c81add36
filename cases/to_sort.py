"""What came back for one case, for those who run it: answers to be sorted, and people to be telephoned.

Nobody else knows of any of it. To file an answer is an act of whoever files it, under the rules for notes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from cases import people, reachability, tables, viewer
from cases.arrivals import Kind, State
from cases.commands import ActOnCase
from cases.reachability import Reached, Unreached
from cases.receipts import Receipt
from cases.record import Record
from cases.service import CaseService
from cases.unit_of_work import reading, unit_of_work
from cases.viewer import Seen, Viewer
from states import asking, errors, roles
from states.process import Trigger
from states.said import say

_rows, _files = tables.arrivals, tables.arrival_files
NOTE = "add_note"
"""The effect by which words are put into a room of a case."""
MOST = 200
"""How many mails of one case are shown, the newest first."""
SORTED = say("somebody has sorted this answer already; look again")
DONE = say("somebody has done this already; look again")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something attached to an answer; nobody opens it before it was released."""

    place: int
    name: str
    media_type: str
    size: int
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail that came back for a case. Of a stranger's there are no words, and of a machine's no file."""

    id: int
    at: datetime
    kind: str
    state: str
    person_id: str
    person_name: str
    address: str
    subject: str
    words: str
    whole: str
    files: tuple[File, ...]
    settled_at: datetime | None
    settled_by: str
    zone: str | None
    because: str


@dataclass(frozen=True, slots=True)
class ToTelephone:
    """Somebody whom mails do not reach: why, since when, and the number on file, which may be empty."""

    task: Unreached
    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for those who run a case: answers to be sorted, and people to be telephoned."""

    answers: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came back for a case: newest first. `zones` are the rooms into which its viewer may file an answer."""

    number: str
    arrivals: tuple[Arrival, ...]
    to_telephone: tuple[ToTelephone, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """What somebody who runs a case does with what came back for it.

    Everything here raises `NotFound` for whoever does not run the case, and for what is not of this case.
    """

    record: Record
    service: CaseService
    who: Viewer

    def read(self, case_ref: str) -> Incoming:
        """Read what came back for a case."""
        with reading(self.record.engine) as connection:
            seen = self._seen(connection, case_ref)
            found = _arrivals(connection, seen.case.id)
            waiting = reachability.waiting(connection, [seen.case.id])
            known = _people(connection, {one.person_id for one in waiting})
        calls = (ToTelephone(one, *known[one.person_id]) for one in waiting)
        return Incoming(
            number=seen.case.number, arrivals=found, to_telephone=tuple(calls), zones=_zones(seen, self.who)
        )

    def arrival(self, case_ref: str, arrival_id: int) -> Arrival:
        """Read one mail that came back."""
        return self._one(case_ref, arrival_id)[1]

    def file(self, case_ref: str, arrival_id: int, *, zone: str, text: str) -> Receipt:
        """Put an answer into a room of its case as a note that names who wrote it and when; once, whatever happens.

        Raises `Conflict` when it was sorted before, and whatever the act itself may refuse.
        """
        seen, found = self._one(case_ref, arrival_id)
        _refuse_sorted(found)
        act = _act(seen, self.who)
        if act is None:
            raise errors.Refused(say("notes cannot be written in this case now; set the answer aside instead"))
        head = f"{found.person_name} <{found.address}>, {found.at:%Y-%m-%d %H:%M} UTC\n{found.subject}".strip()
        done = self.service.act(
            ActOnCase(
                case_id=seen.case.id,
                trigger=act.name,
                actor=self.who.actor,
                key=f"arrival {arrival_id}",
                inputs={"text": f"{head}\n\n{text}", "zone": zone},
            )
        )
        self._settle(arrival_id, State.FILED, zone=zone)
        return done

    def set_aside(self, case_ref: str, arrival_id: int, *, because: str) -> None:
        """Leave an answer out of the case, and say why; raises `NeedsMissing`, or `Conflict` when it was sorted."""
        _, found = self._one(case_ref, arrival_id)
        _refuse_sorted(found)
        if not because.strip():
            sentence = say("say why it is set aside")
            raise errors.NeedsMissing(sentence, missing=(sentence,))
        if not self._settle(arrival_id, State.SET_ASIDE, because=because.strip()):
            raise errors.Conflict(SORTED)

    def release(self, case_ref: str, arrival_id: int, place: int) -> None:
        """Let those who run the case open what was attached, on the word of one of them."""
        self._file(case_ref, arrival_id, place)
        now, row = self.service.clock.now(), (_files.c.arrival_id == arrival_id, _files.c.place == place)
        with unit_of_work(self.record.engine) as work:
            shut = update(_files).where(*row, _files.c.released_at.is_(None))
            work.execute(shut.values(released_at=now, released_by=self.who.person))

    def opened(self, case_ref: str, arrival_id: int, place: int) -> tuple[File, bytes]:
        """Return a file that was released, and the whole mail that it stands in; refuse one that was not."""
        file = self._file(case_ref, arrival_id, place)
        if file.released_at is None:
            raise errors.Refused(say("this file is shut; release it first"))
        with reading(self.record.engine) as connection:
            whole = select(_rows.c.original).where(_rows.c.id == arrival_id)
            return file, connection.execute(whole).scalar_one() or b""

    def reached(self, case_ref: str, task_id: int, *, note: str, works_again: bool) -> None:
        """Record that somebody was reached by telephone; raises `Conflict` when somebody else recorded it first."""
        with reading(self.record.engine) as connection:
            seen = self._seen(connection, case_ref)
            waiting = reachability.waiting(connection, [seen.case.id])
        task = next((one for one in waiting if one.id == task_id), None)
        if task is None:
            raise errors.Conflict(DONE)
        how = Reached(by=self.who.person, note=note.strip(), works_again=works_again)
        reachability.reached(self.record.engine, task, how, now=self.service.clock.now())

    def _seen(self, connection: Connection, case_ref: str) -> Seen:
        """See a case as somebody who runs it; a room that is open in an emergency lets nobody sort."""
        seen = viewer.find(self.record, self.who, connection, case_ref)
        if roles.TEAM not in roles.readable_zones(seen.process, seen.case, self.who.actor):
            raise errors.NotFound(viewer.UNKNOWN)
        return seen

    def _one(self, case_ref: str, arrival_id: int) -> tuple[Seen, Arrival]:
        with reading(self.record.engine) as connection:
            seen = self._seen(connection, case_ref)
            found = _arrivals(connection, seen.case.id, only=arrival_id)
        if not found:
            raise errors.NotFound(viewer.UNKNOWN)
        return seen, found[0]

    def _file(self, case_ref: str, arrival_id: int, place: int) -> File:
        _, found = self._one(case_ref, arrival_id)
        file = next((one for one in found.files if one.place == place), None)
        if file is None:
            raise errors.NotFound(viewer.UNKNOWN)
        return file

    def _settle(self, arrival_id: int, state: State, **how: str) -> bool:
        """Write down how an answer was sorted; one that was filed is filed, whoever set it aside meanwhile."""
        row = update(_rows).where(_rows.c.id == arrival_id)
        if state is not State.FILED:
            row = row.where(_rows.c.state == State.TO_SORT)
        told = {"state": state, "settled_at": self.service.clock.now(), "settled_by": self.who.person, **how}
        with unit_of_work(self.record.engine) as work:
            return work.execute(row.values(told)).rowcount == 1


def counts(connection: Connection, case_ids: Collection[str]) -> dict[str, Waiting]:
    """Count by case what waits for those who run it; cases for which nothing waits are left out."""
    if not case_ids:
        return {}
    answers = select(_rows.c.case_id, func.count()).where(_rows.c.state == State.TO_SORT)
    of_these = answers.where(_rows.c.case_id.in_(case_ids)).group_by(_rows.c.case_id)
    found = {row[0]: row[1] for row in connection.execute(of_these)}
    calls = [one.case_id for one in reachability.waiting(connection, case_ids)]
    return {one: Waiting(found.get(one, 0), calls.count(one)) for one in case_ids if one in found or one in calls}


def _refuse_sorted(found: Arrival) -> None:
    if found.state != State.TO_SORT:
        raise errors.Conflict(SORTED)


def _act(seen: Seen, who: Viewer) -> Trigger | None:
    """Find the act by which somebody writes a note into a room that they choose."""
    acts = (one for one in seen.process.triggers.values() if NOTE in one.does and one.zone == "chosen")
    at_stage = (one for one in acts if any(move.starts_at(seen.case.stage) for move in one.moves))
    theirs = (one for one in at_stage for role in one.who if roles.holds(seen.process, seen.case, who.actor, who=role))
    return next(theirs, None)


def _zones(seen: Seen, who: Viewer) -> tuple[str, ...]:
    act = _act(seen, who)
    return asking.asked(seen.process, seen.case, act, who.actor)["zone"].choices if act else ()


def _arrivals(connection: Connection, case_id: str, *, only: int | None = None) -> tuple[Arrival, ...]:
    wanted = select(*(column for column in _rows.c if column.name not in _UNREAD)).where(_rows.c.case_id == case_id)
    if only is not None:
        wanted = wanted.where(_rows.c.id == only)
    shown = wanted.where(_rows.c.kind != Kind.BOUNCE).order_by(_rows.c.id.desc()).limit(MOST)
    rows = connection.execute(shown).mappings().all()
    names = people.names(connection, {one[name] for one in rows for name in ("person_id", "settled_by") if one[name]})
    files = _files_of(connection, [one["id"] for one in rows])
    return tuple(
        Arrival(
            **{**row, "settled_by": names.get(row["settled_by"], "")},
            person_name=names.get(row["person_id"], ""),
            files=tuple(files.get(row["id"], ())),
        )
        for row in rows
    )


_UNREAD = frozenset({"key", "original", "case_id", "message_id"})


def _files_of(connection: Connection, arrival_ids: Collection[int]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    wanted = select(_files).where(_files.c.arrival_id.in_(arrival_ids)).order_by(_files.c.place)
    for row in connection.execute(wanted).mappings():
        file = File(**{name: row[name] for name in File.__slots__})
        found.setdefault(row["arrival_id"], []).append(file)
    return found


def _people(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    known = tables.people.c
    rows = connection.execute(select(known.id, known.name, known.telephone).where(known.id.in_(ids)))
    return {row.id: (row.name, row.telephone) for row in rows}
