"""Definitions by hash and calendars by version, as another process finds them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.record import open_record
from cases.registry import CalendarRegistry, ProcessRegistry
from config import load, vocabulary
from config.working_time import shipped_calendars
from states import errors
from tests.cases.builders import SOURCE, START, Desk, load_process, matter

LATER = START + timedelta(days=1)


def fresh(desk: Desk) -> ProcessRegistry:
    return ProcessRegistry(desk.engine, load_process)


def test_a_definition_is_found_by_its_hash_in_another_process(desk: Desk) -> None:
    found = fresh(desk).get(matter().hash)
    assert found.hash == matter().hash
    assert found.triggers.keys() == matter().triggers.keys()


def test_a_case_keeps_the_definition_it_began_with(desk: Desk) -> None:
    case_id = desk.open().case_id
    changed = load_process(SOURCE.replace("label: Begin the talks", "label: Start talking"), "matter.yaml")
    desk.service.registry.store(changed, at=LATER)
    newer = desk.open().case_id
    with pytest.raises(errors.Refused, match="Begin the talks"):
        desk.act(case_id, "begin", {"unasked": "x"})
    with pytest.raises(errors.Refused, match="Start talking"):
        desk.act(newer, "begin", {"unasked": "x"})


def test_the_definition_stored_last_is_the_one_new_cases_begin_with(desk: Desk) -> None:
    registry = fresh(desk)
    changed = load_process(SOURCE.replace("title: A small matter", "title: Another matter"), "matter.yaml")
    registry.store(changed, at=LATER)
    assert registry.current("matter").hash == changed.hash
    assert registry.current(matter().hash).hash == matter().hash
    registry.store(matter(), at=LATER + timedelta(days=1))
    assert registry.current("matter").hash == matter().hash
    assert registry.names() == ("matter",)


def test_a_case_goes_on_by_rules_that_a_later_checker_would_refuse(database_url: str) -> None:
    known = vocabulary.shipped()
    dispute = load.load_shipped("dispute", vocabulary=known)
    earlier = re.sub(r"\n +due: offer\b", "", dispute.source)
    with pytest.raises(errors.DefinitionError, match="mail offer_made: it asks for something"):
        load.load_text(earlier, name="dispute", vocabulary=known)
    stored = load.load_stored(earlier, name="dispute", vocabulary=known)
    yesterday, today = open_record(database_url, now=START), open_record(database_url, now=START)
    yesterday.registry.store(stored, at=LATER)
    again = open_record(database_url, now=LATER + timedelta(days=1))
    assert today.registry.get(stored.hash).mails["offer_made"].due == ""
    assert again.registry.current("dispute").hash == dispute.hash
    for record in (yesterday, today, again):
        record.engine.dispose()


def test_a_stored_definition_is_refused_once_what_it_names_is_gone() -> None:
    known = vocabulary.shipped()
    source = load.load_shipped("dispute", vocabulary=known).source
    poorer = replace(known, effects=known.effects - {"make_offer"})
    with pytest.raises(errors.DefinitionError, match="there is no effect “make_offer”"):
        load.load_stored(source, name="dispute", vocabulary=poorer)


def test_an_unknown_definition_is_not_found(desk: Desk) -> None:
    with pytest.raises(errors.NotFound, match="ffff"):
        fresh(desk).get("ffff")
    with pytest.raises(errors.NotFound, match="stored are: matter"):
        fresh(desk).current("quarrel")


def test_a_calendar_of_the_office_stands_before_the_shipped_one(desk: Desk) -> None:
    own = CalendarRegistry(desk.engine, shipped_calendars())
    plain = own["always"]
    quiet = replace(plain, holidays={date(2026, 12, 2): "Quiet day"})
    own.store(quiet, at=START)
    assert CalendarRegistry(desk.engine, shipped_calendars())["always"].version == quiet.version
    own.store(plain, at=LATER)
    assert CalendarRegistry(desk.engine, shipped_calendars())["always"].version == plain.version
    assert set(own) == set(shipped_calendars())


def test_a_calendar_stored_elsewhere_counts_after_a_refresh(desk: Desk) -> None:
    here, there = (CalendarRegistry(desk.engine, shipped_calendars()) for _ in range(2))
    holiday = replace(here["always"], name="holiday")
    there.store(holiday, at=START)
    assert "holiday" not in here
    here.refresh()
    assert here["holiday"].version == holiday.version
    assert len(here) == len(shipped_calendars()) + 1
