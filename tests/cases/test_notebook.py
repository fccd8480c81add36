"""The mediator's notebook: its author reads it and nobody else, and what is deleted is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases import ledger, tables
from cases.notebook import Notebook
from cases.people import Directory, Person
from cases.unit_of_work import reading
from states import errors
from states.roles import Actor
from tests.cases.builders import Desk

NADIA, TOMAS = Actor("nadia"), Actor("tomas")
SECRET = "amber lantern"
EVERYBODY_ELSE = (
    Actor("cora"),
    Actor("amal"),
    Actor("bilal"),
    TOMAS,
    Actor("li", frozenset({"administrator", "registry"})),
)


@pytest.fixture
def case_id(desk: Desk) -> str:
    """Opens a case that Nadia mediates."""
    for person in ("nadia", "tomas", "cora", "amal", "bilal"):
        Directory(desk.engine).add(Person(id=person, name=person, email=f"{person}@example.org"))
    return desk.open(roles={"convener": ("cora",), "mediator": ("nadia",)}).case_id


def book(desk: Desk, who: Actor = NADIA) -> Notebook:
    return Notebook(desk.engine, who)


def replace_mediator(desk: Desk, case_id: str, person: str) -> None:
    """Gives the part to somebody else, as the record of an act would."""
    parts = tables.case_people
    with desk.engine.begin() as work:
        work.execute(
            parts.update().where(parts.c.case_id == case_id, parts.c.role == "mediator").values(person_id=person)
        )


def texts(desk: Desk) -> list[str]:
    with reading(desk.engine) as connection:
        return list(connection.execute(select(tables.notebook.c.text)).scalars())


def test_notes_are_read_back_newest_first(desk: Desk, case_id: str) -> None:
    book(desk).write(case_id, "They trust the vet.", now=desk.clock.now())
    desk.clock.advance(hours=1)
    book(desk).write(case_id, "  The clerk knows the rota.\n", now=desk.clock.now())
    pages = book(desk).read("M-2026-0001")
    assert [note.text for note in pages.notes] == ["The clerk knows the rota.", "They trust the vet."]
    assert (pages.case_id, pages.writable) == (case_id, True)


@pytest.mark.parametrize("who", EVERYBODY_ELSE, ids=lambda who: who.person)
def test_nobody_else_opens_changes_or_deletes_it(desk: Desk, case_id: str, who: Actor) -> None:
    note = book(desk).write(case_id, SECRET, now=desk.clock.now())
    theirs, now = book(desk, who), desk.clock.now()
    for try_it in (
        lambda: theirs.read(case_id),
        lambda: theirs.write(case_id, "mine", now=now),
        lambda: theirs.rewrite(note.id, "mine", seen=1, now=now),
        lambda: theirs.tear_out(note.id),
        lambda: theirs.burn(case_id),
    ):
        with pytest.raises(errors.NotFound) as refused:
            try_it()
        assert SECRET not in str(refused.value)
    assert not theirs.is_kept(case_id)
    assert texts(desk) == [SECRET]


def test_a_later_mediator_begins_with_an_empty_notebook(desk: Desk, case_id: str) -> None:
    book(desk).write(case_id, SECRET, now=desk.clock.now())
    replace_mediator(desk, case_id, "tomas")
    pages = book(desk, TOMAS).read(case_id)
    assert (pages.writable, pages.notes) == (True, ())
    assert book(desk, TOMAS).burn(case_id) == 0
    assert texts(desk) == [SECRET]


def test_who_left_the_case_reads_and_deletes_and_writes_no_more(desk: Desk, case_id: str) -> None:
    book(desk).write(case_id, SECRET, now=desk.clock.now())
    replace_mediator(desk, case_id, "tomas")
    pages = book(desk).read(case_id)
    assert ([note.text for note in pages.notes], pages.writable) == ([SECRET], False)
    assert book(desk).left_behind() == (("M-2026-0001", 1),)
    with pytest.raises(errors.NotYours, match="no longer mediate"):
        book(desk).write(case_id, "more", now=desk.clock.now())
    assert book(desk).burn(case_id) == 1
    assert texts(desk) == []
    assert book(desk).left_behind() == ()
    with pytest.raises(errors.NotFound):
        book(desk).read(case_id)


def test_who_still_mediates_has_left_nothing_behind(desk: Desk, case_id: str) -> None:
    book(desk).write(case_id, SECRET, now=desk.clock.now())
    assert book(desk).left_behind() == ()


def test_the_second_of_two_pages_is_told_and_overwrites_nothing(desk: Desk, case_id: str) -> None:
    note = book(desk).write(case_id, "first", now=desk.clock.now())
    assert book(desk).rewrite(note.id, "second", seen=1, now=desk.clock.now()).version == 2
    with pytest.raises(errors.Conflict, match="nothing was overwritten"):
        book(desk).rewrite(note.id, "third", seen=1, now=desk.clock.now())
    assert texts(desk) == ["second"]


def test_a_note_that_was_torn_out_is_gone(desk: Desk, case_id: str) -> None:
    note = book(desk).write(case_id, SECRET, now=desk.clock.now())
    book(desk).tear_out(note.id)
    assert texts(desk) == []
    with pytest.raises(errors.NotFound, match="no such note"):
        book(desk).rewrite(note.id, "again", seen=1, now=desk.clock.now())


@pytest.mark.parametrize(("text", "words"), [("  \n", "some words"), ("x" * 100_001, "second one")])
def test_a_note_has_words_but_not_too_many(desk: Desk, case_id: str, text: str, words: str) -> None:
    with pytest.raises(errors.NeedsMissing, match=words):
        book(desk).write(case_id, text, now=desk.clock.now())


def test_the_notes_of_somebody_who_leaves_the_house_go_with_them(desk: Desk, case_id: str) -> None:
    book(desk).write(case_id, SECRET, now=desk.clock.now())
    Directory(desk.engine).leave("nadia", now=desk.clock.now())
    assert texts(desk) == []


def test_a_note_is_no_part_of_the_record(desk: Desk, case_id: str) -> None:
    before = desk.service.engine
    with reading(before) as connection:
        told = ledger.verify(connection)
    book(desk).write(case_id, SECRET, now=desk.clock.now())
    with reading(before) as connection:
        assert ledger.verify(connection) == told
        kept = [str(row) for table in tables.metadata.sorted_tables for row in connection.execute(select(table))]
    assert [row for row in kept if SECRET in row and "nadia" not in row] == []
    assert sum(SECRET in row for row in kept) == 1
