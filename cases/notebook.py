"""The mediator's notebook: private notes on a case, outside its file, for their author's eyes alone.

Nothing here is chained, mailed, listed, indexed or exported, and no role reads it: every statement names the author,
who alone may look for words in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, or_, select, update

from cases import repository, tables
from cases.search_words import Search
from cases.unit_of_work import reading, unit_of_work
from states import errors, shortlist
from states.fields import MAX_TEXT
from states.roles import Actor
from states.said import say

_notes, _cases, _parts = tables.notebook, tables.cases, tables.case_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note; `version` counts its changes, so that two open pages do not overwrite one another."""

    id: int
    text: str
    written_at: datetime
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """An author's notes on one case, the newest first; `writable` while the author mediates it."""

    case_id: str
    number: str
    writable: bool
    notes: tuple[Note, ...]


class Notebook:
    """The notebook of one author. Who no longer mediates a case still reads and deletes what they wrote."""

    def __init__(self, engine: Engine, author: Actor) -> None:
        """Open the notebook of an author in a database."""
        self._engine = engine
        self._author = author.person

    def read(self, case_ref: str) -> Pages:
        """Read the notes on a case.

        Raises `NotFound` for who neither mediates it nor has notes on it, as for a case that does not exist.
        """
        with reading(self._engine) as connection:
            case = self._case(connection, case_ref)
            mine = select(_notes).where(*self._on(case.id)).order_by(_notes.c.written_at.desc(), _notes.c.id.desc())
            notes = tuple(_as_note(row) for row in connection.execute(mine))
            writable = self._mediates(connection, case.id)
            return Pages(case_id=case.id, number=case.number, writable=writable, notes=notes)

    def is_kept(self, case_ref: str) -> bool:
        """Tell whether there is a notebook of a case: because the author mediates it, or because notes are left."""
        with reading(self._engine) as connection:
            try:
                self._case(connection, case_ref)
            except errors.NotFound:
                return False
        return True

    def write(self, case_ref: str, text: str, *, now: datetime) -> Note:
        """Add a note. Raises `NotFound`, `NotYours` for who mediates the case no more, and `NeedsMissing`."""
        words = _words(text)
        with unit_of_work(self._engine) as work:
            case = self._case(work, case_ref)
            if not self._mediates(work, case.id):
                sentence = say(
                    "you no longer mediate this case: you may read and delete your notes, and write no new ones"
                )
                raise errors.NotYours(sentence)
            values = {"case_id": case.id, "author_id": self._author, "text": words, "version": 1}
            times = {"written_at": now, "changed_at": now}
            return _as_note(work.execute(insert(_notes).returning(_notes), values | times).one())

    def rewrite(self, note_id: int, text: str, *, seen: int, now: datetime) -> Note:
        """Change a note that was read at version `seen`.

        Raises `NotFound`, `NeedsMissing`, and `Conflict` when it was changed meanwhile.
        """
        words = _words(text)
        with unit_of_work(self._engine) as work:
            changed = update(_notes).where(*self._mine(note_id), _notes.c.version == seen)
            row = work.execute(changed.values(text=words, changed_at=now, version=seen + 1).returning(_notes)).first()
            if row is not None:
                return _as_note(row)
            if work.execute(select(_notes.c.id).where(*self._mine(note_id))).first() is None:
                raise _no_note()
        raise errors.Conflict(say("you changed this note elsewhere meanwhile; open it again, nothing was overwritten"))

    def tear_out(self, note_id: int) -> None:
        """Delete one note for good. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            if not work.execute(delete(_notes).where(*self._mine(note_id))).rowcount:
                raise _no_note()

    def burn(self, case_ref: str) -> int:
        """Delete all notes on a case for good; return how many there were. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            case = self._case(work, case_ref)
            return work.execute(delete(_notes).where(*self._on(case.id))).rowcount

    def look_for(self, asked: Search) -> tuple[tuple[str, Note], ...]:
        """Find the author's notes that hold what is asked, with the numbers of their cases, the newest first.

        They are read through one by one, so that no word of them lies anywhere else.
        """
        mine = select(_notes, _cases.c.number).join(_cases, _cases.c.id == _notes.c.case_id)
        mine = mine.where(_notes.c.author_id == self._author).order_by(_notes.c.written_at.desc(), _notes.c.id.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(mine).all()
        return tuple((row.number, _as_note(row)) for row in rows if asked.finds((row.text,)))

    def left_behind(self) -> tuple[tuple[str, int], ...]:
        """List the cases the author mediates no more and still has notes on: their numbers, and how many notes."""
        still = select(_parts.c.case_id).where(*self._mediating())
        counted = select(_cases.c.number, func.count(_notes.c.id)).join(_cases, _cases.c.id == _notes.c.case_id)
        left = counted.where(_notes.c.author_id == self._author, _notes.c.case_id.not_in(still))
        with reading(self._engine) as connection:
            rows = connection.execute(left.group_by(_cases.c.number).order_by(_cases.c.number))
            return tuple((number, count) for number, count in rows)

    def _case(self, connection: Connection, case_ref: str) -> Row[Any]:
        """Find a case the author may have notes on: one they mediate, or one they have notes on."""
        named = select(_cases.c.id, _cases.c.number).where(or_(_cases.c.id == case_ref, _cases.c.number == case_ref))
        found = connection.execute(named).first()
        if found is None or not (self._mediates(connection, found.id) or self._has_notes(connection, found.id)):
            raise errors.NotFound(repository.UNKNOWN)
        return found

    def _mediates(self, connection: Connection, case_id: str) -> bool:
        part = select(_parts.c.case_id).where(_parts.c.case_id == case_id, *self._mediating())
        return connection.execute(part).first() is not None

    def _has_notes(self, connection: Connection, case_id: str) -> bool:
        return connection.execute(select(_notes.c.id).where(*self._on(case_id)).limit(1)).first() is not None

    def _mediating(self) -> tuple[Any, ...]:
        return (_parts.c.person_id == self._author, _parts.c.role == shortlist.MEDIATOR)

    def _on(self, case_id: str) -> tuple[Any, ...]:
        return (_notes.c.author_id == self._author, _notes.c.case_id == case_id)

    def _mine(self, note_id: int) -> tuple[Any, ...]:
        return (_notes.c.author_id == self._author, _notes.c.id == note_id)


def forget(work: Connection, author_id: str) -> None:
    """Delete every note of somebody who leaves: nobody could ever read them again."""
    work.execute(delete(_notes).where(_notes.c.author_id == author_id))


def _words(text: str) -> str:
    """Return the text as kept, or refuse one that is empty or too long."""
    kept = text.replace("\x00", "").strip()
    if not kept:
        raise errors.NeedsMissing(say("a note needs some words"))
    if len(kept) > MAX_TEXT:
        raise errors.NeedsMissing(say("a note holds %(most)s characters at most; write a second one", most=MAX_TEXT))
    return kept


def _no_note() -> errors.NotFound:
    return errors.NotFound(say("there is no such note in your notebook"))


def _as_note(row: Row[Any]) -> Note:
    return Note(id=row.id, text=row.text, written_at=row.written_at, changed_at=row.changed_at, version=row.version)
