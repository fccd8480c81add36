"""The roster: people on file who serve as neutrals, with what each brings and how many cases each carries now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, exc, func, insert, select, update

from cases import codec, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors, shortlist
from states.directory import Away
from states.roles import Actor
from states.said import say, together
from states.shortlist import Candidate

READERS = frozenset({"registry", "administrator"})
CONVENER = "convener"
MOST_WORDS = 100
LONGEST_WORD = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_LISTS = ("skills", "languages", "places", "answers_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the roster holds about a person: languages are tags such as ar, `answers_to` ids of people and bodies."""

    person: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    answers_to: tuple[str, ...] = ()
    away: tuple[Away, ...] = ()
    most_cases: int = 3


class Roster:
    """Everybody who serves as a neutral. Load is counted live and never kept."""

    def __init__(self, engine: Engine) -> None:
        """Read and write the given database."""
        self._engine = engine

    def put(self, entry: Entry) -> Entry:
        """Put a person on the roster, or replace what it holds about them; return the entry as kept.

        Raises `NotFound` for somebody who is not on file or has left, and `NeedsMissing` with all that is wrong.
        """
        kept = _tidied(entry)
        try:
            with unit_of_work(self._engine) as work:
                _refuse_unknown(work, kept)
                _write(work, _as_row(kept))
        except exc.IntegrityError:
            sentence = say(
                "somebody else put “%(person)s” on the roster at the same moment; look again", person=kept.person
            )
            raise errors.Conflict(sentence) from None
        return kept

    def check(self, entry: Entry) -> Entry:
        """Return the entry as it would be kept, and keep nothing; raises what `put` would raise."""
        kept = _tidied(entry)
        with reading(self._engine) as connection:
            _refuse_unknown(connection, kept)
        return kept

    def remove(self, person: str) -> None:
        """Take a person off the roster; what they mediate now goes on. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            if not work.execute(delete(tables.neutrals).where(_of(person))).rowcount:
                raise _not_listed(person)

    def entry(self, person: str) -> Entry:
        """Return what the roster holds about a person; raises `NotFound`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(tables.neutrals).where(_of(person))).first()
        if row is None:
            raise _not_listed(person)
        return _as_entry(row)

    def everyone(self) -> tuple[Candidate, ...]:
        """List everybody who serves and is still on file, by name, each with the load of this moment."""
        with reading(self._engine) as connection:
            return candidates(connection)


def candidates(connection: Connection, *, without: str | None = None) -> tuple[Candidate, ...]:
    """List the roster within a transaction; the case `without` counts for nobody's load."""
    people, rows = tables.people, tables.neutrals
    wanted = select(rows, people.c.name, people.c.organisation_id).join(people, people.c.id == rows.c.person_id)
    listed = wanted.where(people.c.active).order_by(people.c.name, people.c.id)
    loads = _loads(connection, without)
    return tuple(_as_candidate(row, load=loads.get(row.person_id, 0)) for row in connection.execute(listed))


def may_read(engine: Engine, actor: Actor) -> bool:
    """Tell whether somebody may look at the roster: the registry, an administrator, or the convener of an open case."""
    if actor.offices & READERS:
        return True
    parts, cases = tables.case_people, tables.cases
    convenes = select(parts.c.case_id).join(cases, cases.c.id == parts.c.case_id)
    mine = convenes.where(parts.c.person_id == actor.person, parts.c.role == CONVENER, cases.c.closed_at.is_(None))
    with reading(engine) as connection:
        return connection.execute(mine.limit(1)).first() is not None


def _loads(connection: Connection, without: str | None) -> Mapping[str, int]:
    """Count the open cases that each person mediates."""
    parts, cases = tables.case_people, tables.cases
    counted = select(parts.c.person_id, func.count(parts.c.case_id.distinct()).label("load"))
    joined = counted.join(cases, cases.c.id == parts.c.case_id).group_by(parts.c.person_id)
    held = joined.where(parts.c.role == shortlist.MEDIATOR, cases.c.closed_at.is_(None), cases.c.id != (without or ""))
    return {row.person_id: row.load for row in connection.execute(held)}


def _write(work: Connection, values: Mapping[str, Any]) -> None:
    changed = work.execute(update(tables.neutrals).where(_of(values["person_id"])).values(**values))
    if not changed.rowcount:
        work.execute(insert(tables.neutrals), values)


def _of(person: str) -> Any:  # noqa: ANN401 - SQLAlchemy's own condition
    return tables.neutrals.c.person_id == person


def _not_listed(person: str) -> errors.NotFound:
    return errors.NotFound(
        say("“%(person)s” is not on the roster of neutrals; parley neutrals list shows who is", person=person)
    )


def _tidied(entry: Entry) -> Entry:
    """Return the entry as it is kept, or refuse it with everything that is wrong."""
    kept = Entry(
        person=entry.person,
        skills=_words(entry.skills),
        languages=tuple(sorted({tag.strip().lower().replace("_", "-") for tag in entry.languages if tag.strip()})),
        places=_words(entry.places),
        answers_to=tuple(sorted({one.strip() for one in entry.answers_to if one.strip()})),
        away=tuple(sorted(entry.away, key=lambda away: (away.since, away.until))),
        most_cases=entry.most_cases,
    )
    wrong = tuple(_wrong(kept))
    if wrong:
        raise errors.NeedsMissing(
            say("the roster cannot keep this: %(problems)s", problems=together(wrong)), missing=wrong
        )
    return kept


def _words(given: Iterable[str]) -> tuple[str, ...]:
    """Keep each word once, as it was first written."""
    found: dict[str, str] = {}
    for word in (" ".join(word.split()) for word in given):
        found.setdefault(word.casefold(), word)
    return tuple(word for word in found.values() if word)


def _wrong(kept: Entry) -> Iterator[str]:
    for tag in kept.languages:
        if not _LANGUAGE.fullmatch(tag):
            yield say("“%(tag)s” is no language; write its tag, such as en, fr or ar", tag=tag)
    for away in kept.away:
        if away.until < away.since:
            yield say(
                "the days away from %(since)s to %(until)s run backwards; write the first day first",
                since=away.since,
                until=away.until,
            )
    if kept.most_cases < 1:
        yield say("the most cases at once must be 1 or more; take somebody who serves no more off the roster")
    lists = [getattr(kept, name) for name in _LISTS]
    if any(len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words) for words in lists):
        yield say(
            "a list holds more than %(words)s words, or one longer than %(letters)s characters; shorten it",
            words=MOST_WORDS,
            letters=LONGEST_WORD,
        )


def _refuse_unknown(work: Connection, kept: Entry) -> None:
    people, bodies = tables.people, tables.organisations
    active = select(people.c.id).where(people.c.id == kept.person, people.c.active)
    if work.execute(active).first() is None:
        raise errors.NotFound(
            say("there is no person “%(person)s” on file; add them first: parley person add", person=kept.person)
        )
    known = set(work.execute(select(people.c.id).where(people.c.id.in_(kept.answers_to))).scalars())
    known |= set(work.execute(select(bodies.c.id).where(bodies.c.id.in_(kept.answers_to))).scalars())
    if strangers := [one for one in kept.answers_to if one not in known]:
        names = "”, “".join(strangers)
        raise errors.NotFound(
            say("there is no person or organisation “%(names)s” on file to answer to; add them first", names=names)
        )


def _as_row(entry: Entry) -> dict[str, Any]:
    lists = {name: codec.dump(getattr(entry, name)) for name in _LISTS}
    away = codec.dump([[one.since.isoformat(), one.until.isoformat()] for one in entry.away])
    return {"person_id": entry.person, "away": away, "most_cases": entry.most_cases, **lists}


def _as_entry(row: Row[Any]) -> Entry:
    return Entry(person=row.person_id, **_facts(row))


def _as_candidate(row: Row[Any], *, load: int) -> Candidate:
    known = {"person": row.person_id, "name": row.name, "organisation": row.organisation_id or ""}
    return Candidate(**known, load=load, **_facts(row))


def _facts(row: Row[Any]) -> dict[str, Any]:
    lists = {name: tuple(codec.parse(getattr(row, name))) for name in _LISTS}
    days = ((date.fromisoformat(since), date.fromisoformat(until)) for since, until in codec.parse(row.away))
    return {**lists, "away": tuple(Away(since, until) for since, until in days), "most_cases": row.most_cases}
