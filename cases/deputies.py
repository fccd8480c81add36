"""When people are away, and who stands in for them, as they or an administrator put it on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from cases import codec, directory, people, tables
from cases.unit_of_work import reading, unit_of_work
from states import directory as on_file
from states import errors, whom_to_ask
from states.directory import Away, Delegation
from states.roles import ADMINISTRATOR, Actor
from states.said import listed, say
from states.whom_to_ask import StandIn

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A deputy as kept, under the id by which it is ended."""

    id: str
    delegation: Delegation


class Deputies:
    """Every absence and every deputy on file."""

    def __init__(self, engine: Engine) -> None:
        """Read and write the given database."""
        self._engine = engine

    def go_away(self, person: str, days: Away, *, deputy: Delegation | None = None) -> None:
        """Record that somebody is away on these days, and who stands in; days that begin on the same one are replaced.

        Both or neither. Raises `Refused` for days that run backwards, `NotFound` for somebody not on file, and what
        `name` raises.
        """
        _refuse_backwards(days.since, days.until)
        row = {"person_id": person, "since": days.since.isoformat(), "until": days.until.isoformat()}
        with unit_of_work(self._engine) as work:
            _refuse_unknown(work, person)
            _forget(work, person, days.since)
            work.execute(insert(tables.absences), row)
            if deputy is not None:
                _named(work, deputy)

    def come_back(self, person: str, on: date) -> None:
        """Record that somebody is back on a day: what was to last longer ends before it. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            _refuse_unknown(work, person)
            for days in [one for one in _absences(work, person) if one.since <= on <= one.until]:
                if days.since == on:
                    _forget(work, person, on)
                    continue
                last = (on - _ONE_DAY).isoformat()
                work.execute(update(tables.absences).where(_of(person, days.since)).values(until=last))

    def absences(self, person: str) -> tuple[Away, ...]:
        """List the days on which somebody is or was away, in order."""
        with reading(self._engine) as connection:
            return _absences(connection, person)

    def name(self, delegation: Delegation) -> Kept:
        """Put a deputy on file and return the entry as kept.

        Raises `NotFound` for people not on file, and `Refused` for days that run backwards, a circle, a deputy of
        another organisation, or one who stands for a party in a case that the person runs or mediates.
        """
        with unit_of_work(self._engine) as work:
            return _named(work, delegation)

    def found(self, person: str, at: datetime) -> StandIn | None:
        """Find who would stand in for somebody at an instant, for whatever they named nobody for in particular."""
        with reading(self._engine) as connection:
            known = directory.load(connection, people=(person,), organisations=())
        return whom_to_ask.stand_in(known, person, at=at)

    def end(self, delegation_id: str) -> None:
        """Take a deputy off file; a part in a case that they were called to ends by itself. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            gone = work.execute(delete(tables.delegations).where(tables.delegations.c.id == delegation_id))
            if gone.rowcount == 0:
                raise _nobody(delegation_id)

    def kept(self, delegation_id: str) -> Kept:
        """Find a deputy by the id it was kept under; raises `NotFound`."""
        found = next((one for one in self.all() if one.id == delegation_id), None)
        if found is None:
            raise _nobody(delegation_id)
        return found

    def all(self, person: str | None = None) -> tuple[Kept, ...]:
        """List the deputies on file, those of one person when given, by whom they stand in for."""
        rows = tables.delegations
        wanted = select(rows).order_by(rows.c.person_id, rows.c.priority, rows.c.since, rows.c.id)
        if person is not None:
            wanted = wanted.where(rows.c.person_id == person)
        with reading(self._engine) as connection:
            return tuple(Kept(row.id, directory.as_delegation(row)) for row in connection.execute(wanted))


def refuse_others(actor: Actor, person: str) -> None:
    """Raise `NotYours` when somebody would speak of another's absence; an administrator may, for anybody."""
    if actor.person != person and ADMINISTRATOR not in actor.offices:
        raise errors.NotYours(say("who is away, and who stands in, is said by the person or by an administrator"))


def _named(work: Connection, delegation: Delegation) -> Kept:
    _refuse_backwards(delegation.since, delegation.until)
    for one in (delegation.person, delegation.deputy):
        _refuse_unknown(work, one)
    _refuse_unfit(work, delegation)
    kept = Kept(uuid4().hex[:8], delegation)
    work.execute(insert(tables.delegations), _as_row(kept))
    return kept


def _nobody(delegation_id: str) -> errors.NotFound:
    return errors.NotFound(
        say("there is no deputy “%(deputy)s” on file; parley deputy list shows all", deputy=delegation_id)
    )


def _refuse_backwards(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise errors.Refused(
            say("the days %(since)s to %(until)s run backwards; write the first day first", since=since, until=until)
        )


def _refuse_unknown(work: Connection, person: str) -> None:
    if people.strangers(work, (person,)):
        raise errors.NotFound(
            say(
                "there is no person “%(person)s” on file, or they left; add them first: parley person add",
                person=person,
            )
        )


def _refuse_unfit(work: Connection, new: Delegation) -> None:
    """Refuse what is known to be wrong already; whoever is called is looked at again at that moment."""
    both = (new.person, new.deputy)
    names, employers = people.names(work, both), people.employers(work, both)
    who = {"person": names[new.person], "deputy": names[new.deputy]}
    standing = [directory.as_delegation(row) for row in work.execute(select(tables.delegations))]
    if way := on_file.circle(standing, new):
        told = " → ".join(people.names(work, (one,))[one] for one in (new.person, *way))
        raise errors.Refused(say("deputies must not lead in a circle, and here they would: %(circle)s", circle=told))
    if employers.get(new.person) != employers.get(new.deputy):
        sentence = say(
            "a deputy works for the same organisation, and %(deputy)s does not work where %(person)s does; "
            "name somebody else",
            **who,
        )
        raise errors.Refused(sentence)
    if numbers := _cases_between(work, new):
        sentence = say(
            "%(deputy)s stands for a party in %(cases)s, where %(person)s serves the case; "
            "nobody of a party stands in there: name somebody else",
            cases=listed(numbers),
            **who,
        )
        raise errors.Refused(sentence)


def _cases_between(work: Connection, new: Delegation) -> tuple[str, ...]:
    """List the open cases in which one has a part of the case itself, and the other a part of a party."""
    parts, cases = tables.case_people, tables.cases
    served = select(parts.c.case_id).where(parts.c.person_id == new.person, parts.c.party_id == "")
    wanted = select(cases.c.number).join(parts, parts.c.case_id == cases.c.id).distinct().order_by(cases.c.number)
    stands = wanted.where(parts.c.person_id == new.deputy, parts.c.party_id != "", cases.c.closed_at.is_(None))
    return tuple(work.execute(stands.where(cases.c.id.in_(served))).scalars())


def _absences(connection: Connection, person: str) -> tuple[Away, ...]:
    rows = tables.absences
    wanted = select(rows).where(rows.c.person_id == person).order_by(rows.c.since)
    return tuple(map(directory.as_away, connection.execute(wanted)))


def _forget(work: Connection, person: str, since: date) -> None:
    work.execute(delete(tables.absences).where(_of(person, since)))


def _of(person: str, since: date) -> ColumnElement[bool]:
    rows = tables.absences.c
    return and_(rows.person_id == person, rows.since == since.isoformat())


def _as_row(kept: Kept) -> dict[str, object]:
    one = kept.delegation
    return {
        "id": kept.id,
        "person_id": one.person,
        "deputy_id": one.deputy,
        "scope": codec.dump(tuple(sorted(one.scope))),
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "priority": one.priority,
    }
