"""Searching finds exactly what the viewer may read, and gives away nothing of the rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from cases import findable, finding, queries, repository, search_words, tables, timeline
from cases import viewer as viewers
from cases.findable import COVER
from cases.queries import Found, SearchFilter
from cases.unit_of_work import reading, unit_of_work
from states import errors, roles
from tests.cases.watched import KINDS, READS, STRANGERS, ZONES, House, fill, fill_fields, marker, viewer


def found(house: House, who: str, asked: str, **narrowed: str) -> list[Found]:
    """Returns everything that somebody finds, over all pages."""
    rows: list[Found] = []
    mark: str | None = None
    while True:
        wanted = SearchFilter(words=asked, **narrowed)
        page = queries.search(house.record, viewer(who), wanted, after=mark, limit=3)
        rows += page.rows
        if (mark := page.next) is None:
            return rows


def key(one: Found) -> tuple[str, str, str, str]:
    what = one.item.id if one.item else str(one.seq or "")
    return one.seen.case.id, one.source, one.zone if one.source == "fields" else "", what


def scanned(house: House, who: str, asked: str) -> list[tuple[str, str, str, str]]:
    """Returns what plain reading of everything the viewer may read comes to, without the index."""
    sought, hits = search_words.parse(asked), []
    with reading(house.record.engine) as connection:
        ids = list(connection.execute(select(tables.cases.c.id)).scalars())
        for seen in viewers.see_many(house.record, viewer(who), connection, ids):
            case, process = seen.case, seen.process
            for entry in findable.of_case(process, case):
                zone = entry.zone if entry.source == "fields" else ""
                hits += [(case.id, str(entry.source), zone, "")] if sought.finds(entry.texts) else []
            items = {item.id: findable.of_item(item).texts for item in case.items}
            hits += [(case.id, "item", "", name) for name, texts in items.items() if sought.finds(texts)]
            for one in timeline.read_events(connection, seen):
                said = findable.of_event(process, one.event, event_id=one.id).texts
                stands = [items.get(item.id) for item in timeline.recorded(seen, one.event)]
                if sought.finds(said) and not any(texts and set(said) <= set(texts) for texts in stands):
                    hits.append((case.id, "event", "", str(one.seq)))
    return hits


def renew(house: House, case_id: str) -> None:
    record = house.record
    finding.renew_case(record.engine, record.registry, case_id, calendars=record.calendars)


def test_a_marker_is_found_by_the_readers_of_its_zone_and_by_nobody_else(house: House) -> None:
    fill(house)
    fill_fields(house)
    markers = {marker(kind, zone): zone for kind, zone in product(KINDS, ZONES)}
    markers |= {marker("field", zone): zone for zone in ("team", "seniors")}
    for who in (*READS, *STRANGERS):
        hits = {word for word in markers if found(house, who, f'"{word}"')}
        assert hits == {word for word, zone in markers.items() if zone in READS.get(who, frozenset())}, who


def test_nothing_of_what_is_shown_comes_from_a_room_the_viewer_does_not_read(house: House) -> None:
    fill(house)
    for who, zones in READS.items():
        told = repr(found(house, who, "canary"))
        assert {zone for kind, zone in product(KINDS, ZONES) if marker(kind, zone) in told} == zones, who


def test_every_page_is_full_until_the_last_whatever_others_have_written(house: House) -> None:
    case_id = house.filed()
    for number in range(40):
        house.clock.advance(minutes=1)
        zone = "caucus:B" if number % 4 else "caucus:A"
        house.act(case_id, "put_note", by="mo", zone=zone, text=f"The pump, {number}")
    pages, mark = [], None
    for _ in range(3):
        page = queries.search(house.record, viewer("amal"), SearchFilter(words="pump"), after=mark, limit=4)
        pages.append(len(page.rows))
        mark = page.next
    assert (pages, mark) == ([4, 4, 2], None)


def test_titles_come_first_and_then_the_newest(house: House) -> None:
    first = house.filed("The well and the road")
    house.act(first, "put_note", by="mo", zone="shared", text="A well was dug")
    house.clock.advance(days=1)
    second = house.filed("A well for the school")
    house.clock.advance(days=1)
    house.act(second, "put_note", by="mo", zone="shared", text="The old well is dry")
    titles = [one.item.text if one.item else one.seen.case.title for one in found(house, "amal", "well")]  # type: ignore[attr-defined]
    assert titles == ["A well for the school", "The well and the road", "The old well is dry", "A well was dug"]


def test_what_comes_in_meanwhile_moves_no_row_of_later_pages(house: House) -> None:
    case_id = house.filed()
    for number in range(6):
        house.clock.advance(minutes=1)
        house.act(case_id, "put_note", by="mo", zone="shared", text=f"ferry {number}")
    first = queries.search(house.record, viewer("amal"), SearchFilter(words="ferry"), limit=3)
    house.clock.advance(minutes=1)
    house.act(case_id, "put_note", by="mo", zone="shared", text="ferry 6")
    second = queries.search(house.record, viewer("amal"), SearchFilter(words="ferry"), limit=3, after=first.next)
    told = ["".join(part.text for part in one.excerpt) for one in (*first.rows, *second.rows)]
    assert told == [f"ferry {number}" for number in reversed(range(6))]


def test_a_case_is_found_by_its_number_and_its_parties(house: House) -> None:
    case_id = house.filed("The harbour")
    _, case = queries.case_for(house.record, viewer("cora"), case_id)
    for asked in (case.number, case.number.lower(), "area committee", "harbour"):
        hits = found(house, "amal", asked)
        assert [one.seen.case.id for one in hits if one.source in {"case", "party"}] == [case_id], asked


def test_a_draft_of_the_other_side_is_not_found_before_it_is_submitted(house: House) -> None:
    house.open("The quarry", by="amal")
    assert found(house, "amal", "quarry")
    assert not found(house, "bilal", "quarry")


def test_whoever_loses_their_part_finds_nothing_any_more(house: House) -> None:
    case_id = house.filed("The dam")
    assert found(house, "ann", "dam")
    with unit_of_work(house.record.engine) as connection:
        stored = repository.load(connection, case_id, lock=True)
        process = house.record.registry.get(stored.case.process)
        party = stored.case.parties[0]
        people = {role: held for role, held in party.people.items() if role != "area_manager"}
        after = replace(stored.case, parties=(replace(party, people=people), *stored.case.parties[1:]))
        finding.keep(connection, process, stored.case, after, happened={})
        zones = select(tables.case_readers.c.zone).where(tables.case_readers.c.person_id == "ann")
        assert connection.execute(zones).all() == []


def test_new_words_of_an_item_take_the_place_of_the_old_ones(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "fill_worksheet", by="amal", position="Four lorries")
    house.act(case_id, "fill_worksheet", by="amal", position="Five lorries")
    assert [one.source for one in found(house, "amal", "five")] == ["item"]
    # What was said in the earlier act is still read in the timeline, and found there.
    assert [one.source for one in found(house, "amal", "four")] == ["event"]


def test_a_search_within_a_case_finds_nothing_of_another(house: House) -> None:
    first, second = house.filed("Bridge north"), house.filed("Bridge south")
    assert [one.seen.case.id for one in found(house, "amal", "bridge", case=second)] == [second]
    assert first != second
    with pytest.raises(errors.NotFound):
        found(house, "zoe", "bridge", case=second)


@pytest.mark.parametrize("mark", ["x", "0", "%%%", "WzEsMl0", "é", "W" * 900, "bnVsbA", "eyJhIjoxfQ"])
def test_a_broken_mark_is_told_and_not_guessed(house: House, mark: str) -> None:
    with pytest.raises(errors.NotFound, match="begin again at the first"):
        queries.search(house.record, viewer("amal"), SearchFilter(words="road"), after=mark)


def test_the_index_holds_no_text_and_no_order_of_words(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_note", by="mo", zone="team", text="Zebra apple zebra mango")
    with reading(house.record.engine) as connection:
        rows = connection.execute(text("SELECT CAST(words AS TEXT) FROM search_entries WHERE zone = 'team'"))
        kept = [row.replace("'", "") for row in rows.scalars()]
    assert [sorted(words.split()) for words in kept] == [["apple", "mango", "zebra"]] * 2


def test_writing_everything_anew_changes_nothing(house: House) -> None:
    fill(house)
    before = {who: [key(one) for one in found(house, who, "canary")] for who in READS}
    rows = select(tables.case_readers).order_by(*tables.case_readers.c)
    with reading(house.record.engine) as connection:
        readers = connection.execute(rows).all()
        ids = list(connection.execute(select(tables.cases.c.id)).scalars())
    for case_id in ids:
        renew(house, case_id)
    assert {who: [key(one) for one in found(house, who, "canary")] for who in READS} == before
    with reading(house.record.engine) as connection:
        assert connection.execute(rows).all() == readers


def test_cases_recorded_before_there_was_an_index_are_found_after_the_next_start(house: House) -> None:
    case_id = house.filed("The ford")
    with unit_of_work(house.record.engine) as connection:
        connection.execute(tables.search_entries.delete())
        connection.execute(tables.case_readers.delete())
    assert not found(house, "amal", "ford")
    record = house.record
    assert finding.catch_up(record.engine, record.registry, calendars=record.calendars) == 1
    assert [one.seen.case.id for one in found(house, "amal", "ford")] == [case_id]
    assert finding.catch_up(record.engine, record.registry, calendars=record.calendars) == 0


WORDS = ("water", "Réunion", "سدّ", "水井", "1,000")
NOTES = st.lists(
    st.tuples(st.sampled_from(ZONES), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)), max_size=6
)
ASKED = st.sampled_from(
    (
        "water",
        "reunion water",
        '"water reunion"',
        "wat*",
        "water -reunion",
        "سد",
        "水",
        "水井",
        "1000",
        'water -"1000 水"',
    )
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notes=NOTES, asked=st.lists(ASKED, min_size=1, max_size=4))
def test_search_finds_exactly_what_plain_reading_finds(
    house: House, notes: list[tuple[str, list[str]]], asked: list[str]
) -> None:
    house.clock.advance(minutes=1)
    case_id = house.filed("About water")
    for zone, words in notes:
        house.clock.advance(seconds=1)
        house.act(case_id, "put_note", by="mo", zone=zone, text=" ".join(words))
    for who, one in product(("mo", "cora", "amal", "bilal", "zoe"), asked):
        assert sorted(map(key, found(house, who, one))) == sorted(scanned(house, who, one)), (who, one)


def test_the_readers_kept_beside_a_case_are_those_of_the_rules(house: House) -> None:
    fill(house)
    with reading(house.record.engine) as connection:
        kept = {(row.case_id, row.person_id, row.zone) for row in connection.execute(select(tables.case_readers)).all()}
        ids = list(connection.execute(select(tables.cases.c.id)).scalars())
        stored = repository.load_many(connection, ids)
    ruled = {
        (one.case.id, person, zone)
        for one in stored
        for person in READS
        for zone in roles.readable_zones(house.record.registry.get(one.case.process), one.case, viewer(person).actor)
    }
    assert {row for row in kept if row[2] != COVER and row[1] in READS} == ruled
