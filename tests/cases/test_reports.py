"""What is counted over many cases: on both databases, within what the viewer may read, and nothing small for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from cases import report_clocks, report_scope, reports, repository, timers
from cases.people import Directory, Organisation
from cases.queries import Viewer
from cases.record import Record
from cases.recording import Recording
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.report_scope import Look, Wanted
from cases.reports import Basis
from cases.unit_of_work import reading, unit_of_work
from config.working_time import shipped_calendars
from states import errors, roles
from states.case import evolve
from states.events import Change, Event, ItemRecorded, PartyChanged
from states.items import Agreement, Obligation
from states.roles import Actor
from tests.cases.builders import PARTIES, START, Desk, load_process, put_on_file

ValueT = TypeVar("ValueT")

CORA, AMAL, BILAL = Viewer(Actor("cora")), Viewer(Actor("amal")), Viewer(Actor("bilal"))
STRANGER = Viewer(Actor("zoe"))
REGISTRY = Viewer(Actor("rita", frozenset({"registry"})))
EVERYTHING = Wanted(everything=True)


def record_of(desk: Desk) -> Record:
    registry = ProcessRegistry(desk.engine, load_process)
    return Record(desk.engine, registry, CalendarRegistry(desk.engine, shipped_calendars()))


@contextmanager
def looking(desk: Desk, who: Viewer) -> Iterator[Look]:
    with reading(desk.engine) as connection:
        yield Look(record=record_of(desk), connection=connection, who=who, now=desk.clock.now())


def ask(
    figure: Callable[[Basis], ValueT], desk: Desk, who: Viewer, wanted: Wanted | None = None, zone: str = roles.SHARED
) -> ValueT:
    with looking(desk, who) as look:
        return figure(reports.basis(look, wanted or Wanted(), zone=zone))


def happen(desk: Desk, case_id: str, *changes: Change) -> None:
    """Records these very changes, whatever the process makes of acts."""
    record, now = record_of(desk), desk.clock.now()
    event = Event(trigger="note", actor="cora", at=now, recorded_at=now, zone="shared", changes=changes)
    with unit_of_work(desk.engine) as connection:
        stored = repository.load(connection, case_id, lock=True)
        process = record.registry.get(stored.case.process)
        pen = Recording(connection=connection, process=process, now=now, calendars=record.calendars)
        pen.moved(stored, evolve(stored.case, event), (event,), inputs={})


def several(desk: Desk, number: int, *acts: str) -> list[str]:
    """Opens some cases and does acts on each, an hour apart."""
    opened = [desk.open(title=f"Case {at}").case_id for at in range(number)]
    for trigger in acts:
        desk.clock.advance(hours=1)
        for case_id in opened:
            desk.act(case_id, trigger)
    return opened


def test_open_cases_are_counted_by_stage_and_age(desk: Desk) -> None:
    several(desk, 2, "begin")
    desk.clock.advance(days=8)
    several(desk, 1, "begin")
    several(desk, 3)
    loads = {one.stage: one.ages for one in ask(reports.caseload, desk, CORA)}
    assert loads == {"Screening": (3, 0, 0, 0), "Talks": (1, 2, 0, 0)}


def test_closed_cases_are_no_load_any_more_but_were_one_before(desk: Desk) -> None:
    several(desk, 1, "begin", "settle")
    assert ask(reports.caseload, desk, CORA) == ()
    before = Wanted(until=START + timedelta(minutes=90))
    assert [(one.stage, one.ages) for one in ask(reports.caseload, desk, CORA, before)] == [("Talks", (1, 0, 0, 0))]


def test_everybody_is_told_of_their_own_cases_alone(desk: Desk) -> None:
    several(desk, 2)
    only_a = (replace(PARTIES[0], people={"representative": ("amal",)}),)
    desk.open(parties=only_a)
    assert [ask(reports.how_many, desk, who) for who in (CORA, AMAL, BILAL, STRANGER)] == [3, 3, 2, 0]


def test_who_stood_for_a_party_that_left_is_not_told_of_the_case_any_more(desk: Desk) -> None:
    case_id = desk.open().case_id
    happen(desk, case_id, PartyChanged(replace(PARTIES[1], left_at=START)))
    assert [ask(reports.how_many, desk, who) for who in (AMAL, BILAL)] == [1, 0]


def test_all_cases_are_shown_to_an_office_alone_and_no_small_number(desk: Desk) -> None:
    several(desk, 4)
    assert ask(reports.how_many, desk, REGISTRY) == 0
    assert ask(reports.how_many, desk, REGISTRY, EVERYTHING) is None
    assert ask(reports.caseload, desk, REGISTRY, EVERYTHING) == ()
    several(desk, 1)
    assert [one.ages for one in ask(reports.caseload, desk, REGISTRY, EVERYTHING)] == [(5, 0, 0, 0)]
    several(desk, 1, "begin")
    assert {one.ages for one in ask(reports.caseload, desk, REGISTRY, EVERYTHING)} == {(5, 0, 0, 0), (None, 0, 0, 0)}
    with pytest.raises(errors.NotFound, match="only administrators and the registry"):
        ask(reports.how_many, desk, CORA, EVERYTHING)


def test_one_small_number_takes_its_whole_row_along_when_they_add_up(desk: Desk) -> None:
    with looking(desk, REGISTRY) as look:
        basis = reports.basis(look, EVERYTHING)
    assert basis.together(7, 3) == (None, None)
    assert basis.together(7, 0) == (7, 0)
    assert basis.told(7, 3) == (7, None)


def test_nobody_is_told_where_the_few_cases_of_one_body_stand(desk: Desk) -> None:
    directory = Directory(desk.engine)
    put_on_file(desk.engine, "dina", "amal")
    for body, person in (("un", "dina"), ("council", "amal")):
        directory.add_organisation(Organisation(id=body, name=body, timezone="UTC"))
        directory.change(replace(directory.person(person), organisation_id=body))
    several(desk, 5)
    desk.open(parties=(replace(PARTIES[0], people={"representative": ("dina",)}),))
    of_one, of_many = replace(EVERYTHING, organisation="un"), replace(EVERYTHING, organisation="council")
    assert (ask(reports.how_many, desk, REGISTRY, of_one), ask(reports.caseload, desk, REGISTRY, of_one)) == (None, ())
    assert ask(reports.how_many, desk, REGISTRY, of_many) == 5
    with looking(desk, REGISTRY) as look:
        assert list(report_scope.choices(look, everything=True).organisations) == ["council"]


def test_time_in_a_stage_is_told_by_its_median_and_what_nine_of_ten_keep(desk: Desk) -> None:
    for hours in (1, 2, 9):
        case_id = desk.open().case_id
        desk.clock.advance(hours=hours)
        desk.act(case_id, "begin")
    found = ask(reports.time_in_stage, desk, CORA)
    assert [(one.stage, one.times, one.half) for one in found] == [("Screening", 3, timedelta(hours=2))]
    assert found[0].most == timedelta(hours=7, minutes=36)
    several(desk, 2)
    assert [one.half for one in ask(reports.time_in_stage, desk, REGISTRY, EVERYTHING)] == [None]


def test_only_what_happened_in_the_window_is_counted(desk: Desk) -> None:
    several(desk, 1, "begin", "settle")
    desk.clock.advance(days=40)
    several(desk, 1, "begin", "lapse")
    later = Wanted(since=START + timedelta(days=30), until=START + timedelta(days=60))
    assert [one.outcome for one in ask(reports.endings, desk, CORA, later)] == ["lapsed"]
    assert {one.outcome: one.cases for one in ask(reports.endings, desk, CORA)} == {"settled": 1, "lapsed": 1}


def test_climbs_are_counted_by_tier_and_act_and_ways_down_are_not(desk: Desk) -> None:
    several(desk, 2, "climb")
    found = ask(reports.escalations, desk, CORA)
    assert [(one.tier, one.act, one.times) for one in found] == [("Area", "Take it to the next tier", 2)]


def test_clocks_are_told_apart_by_whether_they_ran_out(desk: Desk) -> None:
    several(desk, 3, "begin")
    several(desk, 2)
    desk.clock.advance(hours=30)
    timers.fire_due_timers(desk.service, owner="test")
    found = {one.duty: (one.in_time, one.ran_out) for one in ask(report_clocks.on_time, desk, CORA)}
    assert found["Screening"] == (3, 2)
    told = {one.duty: (one.in_time, one.ran_out) for one in ask(report_clocks.on_time, desk, REGISTRY, EVERYTHING)}
    assert told["Screening"] == (None, None)


def agreed(desk: Desk, case_id: str, *, broken_after: int | None = None) -> None:
    """Lets an agreement come into force now, with one promise that is broken so many days later."""
    now = desk.clock.now()
    about: dict[str, Any] = {"zone": "shared", "by": "cora", "at": now}
    text = Agreement(id=f"t-{case_id}", text="We share.", state="in force", in_force_at=now, **about)
    broken = now + timedelta(days=broken_after) if broken_after is not None else None
    term = Obligation(
        id=f"o-{case_id}", owner="A", action="Share", due_at=now, verifier="B",
        state="missed" if broken else "verified", broken_at=broken, **about,
    )  # fmt: skip
    happen(desk, case_id, ItemRecorded(text), ItemRecorded(term))


def test_agreements_are_kept_as_long_as_no_promise_is_broken(desk: Desk) -> None:
    whole, late, soon = several(desk, 3)
    agreed(desk, whole)
    agreed(desk, late, broken_after=60)
    agreed(desk, soon, broken_after=10)
    desk.clock.advance(days=100)
    found = ask(report_clocks.durability, desk, CORA)
    assert [(one.after.days, one.kept, one.broken) for one in found.lasted] == [(30, 2, 1), (90, 1, 2), (180, 0, 0)]
    assert (found.agreements, found.verified, found.breached, found.reopened) == (3, 1, 2, 0)


def test_a_report_is_narrowed_to_a_process(desk: Desk) -> None:
    several(desk, 2)
    assert ask(reports.how_many, desk, CORA, Wanted(process="matter")) == 2
    assert ask(reports.how_many, desk, CORA, Wanted(process="dispute")) == 0
    with looking(desk, CORA) as look:
        known = report_scope.choices(look, everything=False)
    assert (known.processes, known.first_at) == ({"matter": "A small matter"}, START)
