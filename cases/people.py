"""The people and organisations on file: who they are, how to reach them, and which offices they hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, exc, insert, select, update

from cases import addresses, codec, factors, notebook, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors, roles, wall_time
from states.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A body with its working calendar, by name or None for the process's own, and its IANA time zone.

    `kind` is a word such as mission or ngo: whom a tier asks may differ by it.
    """

    id: str
    name: str
    timezone: str
    calendar: str | None = None
    kind: str = ""


class Audience(StrEnum):
    """By which door somebody comes in: the desk's, or that of the portal for people of parties without an account."""

    DESK = "desk"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be written to and may sign in; `offices` are roles held outside every case.

    `leaves_on` is the last day of the tour, a civil day in the person's own zone.
    """

    id: str
    name: str
    email: str
    language: str = "en"
    timezone: str = "UTC"
    organisation_id: str | None = None
    offices: tuple[str, ...] = ()
    telephone: str = ""
    active: bool = True
    manager_id: str | None = None
    leaves_on: date | None = None
    audience: Audience = Audience.DESK


class Directory:
    """Everybody on file. What a person may do in a case is said by the case, not here."""

    def __init__(self, engine: Engine) -> None:
        """Read and write the given database."""
        self._engine = engine

    def add_organisation(self, organisation: Organisation) -> None:
        """Put an organisation on file; refuse a name that is taken."""
        _check_place(organisation.name, organisation.timezone)
        sentence = say(
            "there is already an organisation “%(organisation)s”, or one with the id “%(id)s”",
            organisation=organisation.name,
            id=organisation.id,
        )
        with _refusing_doubles(sentence), unit_of_work(self._engine) as work:
            work.execute(insert(tables.organisations), asdict(organisation))

    def change_organisation(self, organisation: Organisation) -> None:
        """Replace what is on file about an organisation."""
        _check_place(organisation.name, organisation.timezone)
        change = update(tables.organisations).where(tables.organisations.c.id == organisation.id)
        sentence = say("there is already an organisation “%(organisation)s”", organisation=organisation.name)
        with _refusing_doubles(sentence), unit_of_work(self._engine) as work:
            _expect_one(work.execute(change, asdict(organisation)).rowcount, say("organisation"), organisation.id)

    def organisations(self) -> tuple[Organisation, ...]:
        """List the organisations by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(tables.organisations).order_by(tables.organisations.c.name))
            return tuple(Organisation(**row) for row in rows.mappings())

    def add(self, person: Person) -> Person:
        """Put a person on file and return the entry as kept; refuse an address or id that is taken."""
        kept = _checked(person)
        with _refusing_doubles(_taken(kept)), unit_of_work(self._engine) as work:
            _refuse_manager(work, kept)
            work.execute(insert(tables.people), _as_row(kept))
        return kept

    def change(self, person: Person) -> Person:
        """Replace what is on file about a person and return the entry as kept."""
        kept = _checked(person)
        values = {name: value for name, value in _as_row(kept).items() if name != "id"}
        with _refusing_doubles(_taken(kept)), unit_of_work(self._engine) as work:
            _refuse_manager(work, kept)
            _forget_links_elsewhere(work, kept)
            _expect_one(_update(work, person.id, values), say("person"), person.id)
        return kept

    def leave(self, person_id: str, *, now: datetime) -> None:
        """Record that a person left: no more mails or ways in, and nobody is left to read their notebook.

        Should they come back, no way in of theirs is good again.
        """
        with unit_of_work(self._engine) as work:
            _expect_one(_update(work, person_id, {"active": False, "left_at": now}), say("person"), person_id)
            notebook.forget(work, person_id)
            factors.forget(work, person_id)
            for ways_in in (tables.personal_codes, tables.links, tables.feeds):
                work.execute(delete(ways_in).where(ways_in.c.person_id == person_id))
            for going in (tables.sessions, tables.api_tokens, tables.webhooks):
                mine = (going.c.person_id == person_id, going.c.ended_at.is_(None))
                work.execute(update(going).where(*mine).values(ended_at=now))

    def person(self, person_id: str) -> Person:
        """Find a person; raise `NotFound` when nobody has this id."""
        found = self.people([person_id])
        if person_id not in found:
            raise _nobody(say("person"), person_id)
        return found[person_id]

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Find several people at once; unknown ids are left out."""
        return {person.id: person for person in self._select(tables.people.c.id.in_(tuple(ids)))}

    def by_email(self, email: str) -> Person | None:
        """Find the person with this address, or None."""
        return next(iter(self._select(tables.people.c.email == _normal(email))), None)

    def office(self, name: str) -> tuple[Person, ...]:
        """List the active people who hold an office."""
        return tuple(person for person in self.everyone() if person.active and name in person.offices)

    def everyone(self) -> tuple[Person, ...]:
        """List everybody by name, those who left included."""
        return self._select()

    def actor(self, person_id: str) -> roles.Actor:
        """Return a person as the rules know one; raise `NotFound` for one who left."""
        person = self.person(person_id)
        if not person.active:
            raise _nobody(say("person"), person_id)
        return roles.Actor(person.id, frozenset(person.offices))

    def _select(self, *where: Any) -> tuple[Person, ...]:  # noqa: ANN401 - SQLAlchemy's own conditions
        wanted = select(tables.people).where(*where).order_by(tables.people.c.name, tables.people.c.id)
        with reading(self._engine) as connection:
            return tuple(_as_person(row) for row in connection.execute(wanted))


def one_address(text: str) -> str:
    """Return the one bare e-mail address that the text is, in lower case; raises `BadAddress` for anything else."""
    return addresses.one_address(_normal(text))


def names(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Find the names of people within a transaction; unknown ids are left out."""
    wanted = select(tables.people.c.id, tables.people.c.name).where(tables.people.c.id.in_(tuple(ids)))
    return {row.id: row.name for row in connection.execute(wanted)}


_on_file = select(tables.people.c.id).where(
    tables.people.c.id.in_(bindparam("wanted", expanding=True)), tables.people.c.active
)
_employed = select(tables.people.c.id, tables.people.c.organisation_id).where(
    tables.people.c.id.in_(bindparam("wanted", expanding=True)), tables.people.c.organisation_id.is_not(None)
)


def strangers(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Find within a transaction which of these people are not on file, or have left."""
    if not ids:
        return frozenset()
    return frozenset(ids) - set(connection.execute(_on_file, {"wanted": sorted(ids)}).scalars())


def employers(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Find the organisation of each of these people within a transaction; those who work for none are left out."""
    if not ids:
        return {}
    rows = connection.execute(_employed, {"wanted": sorted(ids)})
    return {row.id: row.organisation_id for row in rows}


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).lower()


def _checked(person: Person) -> Person:
    """Return the entry as it is kept, or refuse it with a sentence that says how to mend it."""
    _check_place(person.name, person.timezone)
    # An office of that name would let a person act as the clock does.
    reserved = roles.AUTOMATIC & {person.id, *person.offices}
    if reserved or not person.id:
        raise errors.Refused(
            say(
                "“%(words)s” cannot be the id or office of a person",
                words="”, “".join(sorted(reserved)) or person.id,
            )
        )
    return Person(**{**asdict(person), "name": person.name.strip(), "email": one_address(person.email)})


def _forget_links_elsewhere(work: Connection, person: Person) -> None:
    """Let no link that went to another address of somebody open anything, once their address changes."""
    links, people = tables.links, tables.people.c
    elsewhere = select(people.id).where(people.id == person.id, people.email != person.email)
    work.execute(delete(links).where(links.c.person_id.in_(elsewhere)))


def _refuse_manager(work: Connection, person: Person) -> None:
    """Refuse a manager of another organisation, and a line that leads back to the person."""
    line, above = [person.id], person.manager_id
    while above is not None:
        row = work.execute(select(tables.people).where(tables.people.c.id == above)).first()
        if row is None:
            raise _nobody(say("person"), above)
        if above == person.manager_id and row.organisation_id != person.organisation_id:
            sentence = say(
                "%(manager)s works for another organisation and cannot be the manager of %(person)s; "
                "name somebody of the same one",
                manager=row.name,
                person=person.name,
            )
            raise errors.Refused(sentence)
        if above in line:
            raise errors.Refused(
                say(
                    "%(person)s would be their own manager in the end: %(line)s",
                    person=person.name,
                    line=" → ".join((*line, above)),
                )
            )
        line, above = [*line, above], row.manager_id


def _check_place(name: str, timezone: str) -> None:
    if not name.strip() or not name.isprintable():
        raise errors.Refused(say("a name is missing or holds a line break; write it on one line"))
    try:
        wall_time.find_zone(timezone)
    except errors.DefinitionError as fault:
        raise errors.Refused(fault.sentence) from None


def _as_row(person: Person) -> dict[str, Any]:
    leaves_on = person.leaves_on.isoformat() if person.leaves_on else None
    row = {**asdict(person), "offices": codec.dump(person.offices), "leaves_on": leaves_on}
    return {**row, "left_at": None} if person.active else row


def _as_person(row: Row[Any]) -> Person:
    known: Mapping[str, Any] = {name: getattr(row, name) for name in Person.__slots__}
    leaves_on = date.fromisoformat(row.leaves_on) if row.leaves_on else None
    own = {"offices": tuple(codec.parse(row.offices)), "leaves_on": leaves_on, "audience": Audience(row.audience)}
    return Person(**{**known, **own})


def _update(work: Connection, person_id: str, values: Mapping[str, object]) -> int:
    return work.execute(update(tables.people).where(tables.people.c.id == person_id).values(**values)).rowcount


def _expect_one(changed: int, what: str, wanted: str) -> None:
    if changed != 1:
        raise _nobody(what, wanted)


def _nobody(what: str, wanted: str) -> errors.NotFound:
    return errors.NotFound(say("there is no %(what)s “%(wanted)s” on file", what=what, wanted=wanted))


def _taken(person: Person) -> str:
    return say(
        "somebody on file already has the address %(email)s or the id “%(id)s”; change that entry instead",
        email=person.email,
        id=person.id,
    )


@contextmanager
def _refusing_doubles(sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a double into a sentence."""
    try:
        yield
    except exc.IntegrityError as fault:
        # A reference to an organisation that is not on file is refused as well.
        if "foreign key" in str(fault.orig).lower():
            raise errors.NotFound(say("there is no such organisation on file; add it first")) from None
        raise errors.Conflict(sentence) from None
