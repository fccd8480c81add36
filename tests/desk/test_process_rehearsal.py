"""A changed process is rehearsed on every case before anybody uses it: what it counts is what then happens."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cases import directory as on_file
from cases import ledger, migrator, repository, tables
from cases import unit_of_work as work
from cases.people import Directory, Person
from cases.record import Record
from desk import process_rehearsal
from desk.cli import app
from desk.process_rehearsal import Comparison
from states import replaying
from states.playing import Around, Playing
from states.process import Process
from tests.cases.builders import START, Desk, desk_on
from tests.cases.test_migrator import BEFORE, LONGER, WITHOUT_TALKS, opened, version
from tests.desk.house import Front, House


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Yields a service over an empty database: the test runs once on SQLite and once on PostgreSQL."""
    desk = desk_on(database_url)
    yield desk
    desk.engine.dispose()


def record_of(desk: Desk) -> Record:
    return Record(desk.engine, desk.service.registry, desk.service.calendars)


def rehearsed(desk: Desk, new: Process) -> Comparison:
    return process_rehearsal.rehearse(record_of(desk), Directory(desk.engine), new, now=desk.clock.now())


def settled_case(desk: Desk) -> str:
    """Lives through a case: its screening runs out, talks begin, and it is settled."""
    case_id = opened(desk)
    desk.clock.advance(hours=30)
    desk.service.fire_due(case_id)
    desk.act(case_id, "begin")
    desk.act(case_id, "owe", {"sum": 5})
    desk.clock.advance(days=1)
    desk.service.fire_due(case_id)
    desk.act(case_id, "settle")
    return case_id


def test_a_past_case_played_again_is_its_record(desk: Desk) -> None:
    case_id = settled_case(desk)
    desk.clock.advance(days=9)
    with work.reading(desk.engine) as connection:
        history = ledger.history(connection, case_id)
        around = Around(calendars=desk.service.calendars, on_file=on_file.for_many(connection))
        played = tuple(replaying.again(BEFORE, history, around, until=desk.clock.now()))
    assert tuple(event for one in played for event in one.happened) == history
    assert "climb" in [one.act for one in played]


def test_an_open_case_played_on_is_what_the_service_then_fires(desk: Desk) -> None:
    case_id = opened(desk)
    desk.act(case_id, "owe", {"sum": 5})
    with work.reading(desk.engine) as connection:
        standing = migrator.standing(connection, repository.load(connection, case_id).case)
        around = Around(calendars=desk.service.calendars, on_file=on_file.for_many(connection))
        play = Playing(BEFORE, standing.case, around, now=desk.clock.now(), settled=standing.settled)
        foreseen = [one for one in play.fire() if one.timer]
    assert len(foreseen) > 5
    for at, together in itertools.groupby(foreseen, key=lambda one: one.at):
        desk.clock.set(at)
        fired = [one.key for one in desk.service.fire_due(case_id) if one.outcome in {"fired", "reminded"}]
        steps = tuple(together)
        assert fired == [one.timer.key for one in steps if one.timer]
        with work.reading(desk.engine) as connection:
            case = repository.load(connection, case_id).case
        assert (case.stage, case.tier, case.version) == (
            steps[-1].after.stage,
            steps[-1].after.tier,
            steps[-1].after.version,
        )


def test_the_same_definition_changes_nothing(desk: Desk) -> None:
    settled_case(desk)
    opened(desk)
    found = rehearsed(desk, BEFORE)
    assert (found.open, found.past) == (1, 1)
    assert found.before == found.after
    assert found.before.mails > 0
    assert (found.differ, found.stay) == ([], [])


def test_a_longer_clock_saves_a_past_case_its_escalation_and_the_mails_of_it(desk: Desk) -> None:
    case_id = settled_case(desk)
    found = rehearsed(desk, LONGER)
    before, after = found.before, found.after
    assert (before.escalations, after.escalations) == ({"Area": 1}, {})
    assert before.ran_out["Screening"] == 1
    assert after.ran_out["Screening"] == 0
    assert before.mails > after.mails
    with work.reading(desk.engine) as connection:
        number = repository.load(connection, case_id).case.number
    assert [(one.number, one.open, one.since) for one in found.differ] == [(number, False, START + timedelta(hours=12))]


def test_an_act_that_the_change_does_not_allow_is_counted_and_not_raised(desk: Desk) -> None:
    settled_case(desk)
    found = rehearsed(desk, version(("settle: {label: Settle, from: talks", "settle: {label: Settle, from: screening")))
    assert (found.before.refused, found.after.refused) == ({}, {"Settle": 1})


def test_an_open_case_that_could_not_move_is_named_and_counts_as_it_is(desk: Desk) -> None:
    case_id = opened(desk)
    desk.act(case_id, "begin")
    found = rehearsed(desk, WITHOUT_TALKS)
    assert [one.reasons[0] for one in found.stay] == [
        "the stage “Talks” is gone; say where its cases go: --stage talks=…"
    ]
    assert found.before == found.after


def test_mails_are_counted_by_the_hour_and_the_days_off_of_who_reads_them(desk: Desk) -> None:
    Directory(desk.engine).add(Person(id="cora", name="Cora", email="cora@desk.example", timezone="Asia/Tokyo"))
    # A Saturday, on which the mission does not work.
    desk.clock.advance(days=4)
    opened(desk)
    found = rehearsed(desk, version(("calendar: always", "calendar: mission")))
    assert found.before.by_role["Convener"] > 0
    assert found.before.by_hour.total() == found.before.mails
    # Reminded after twelve hours, told after twenty-four: in Tokyo that is early in the morning, and at five.
    assert (found.before.by_hour[5], found.before.by_hour[17]) >= (1, 1)
    assert 0 < found.before.at_night < found.before.mails
    assert found.before.on_days_off == 0
    assert found.after.on_days_off > 0


def test_a_rehearsal_writes_nothing(desk: Desk) -> None:
    opened(desk)
    settled_case(desk)

    def rows() -> list[int]:
        counted = (tables.events, tables.timers, tables.notifications, tables.processes, tables.process_migrations)
        with work.reading(desk.engine) as connection:
            return [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in counted]

    before = rows()
    rehearsed(desk, LONGER)
    assert rows() == before


def test_the_command_line_compares_side_by_side(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    told = json.loads(CliRunner().invoke(app, ["process", "rehearse", "dispute", "--json"]).stdout)
    assert (told["before"], told["differ"], told["stay"]) == (told["after"], [], [])
    said = CliRunner().invoke(app, ["process", "rehearse", "dispute"], catch_exceptions=False).stdout
    assert "Under the change" in said


def test_only_an_administrator_rehearses_at_the_desk(front: Front) -> None:
    draft = {"definition": "extends: dispute\nprocess: dispute\nlate_grace: 30 min\n"}
    with front.client("joseph") as client:
        assert client.post("/api/processes/rehearse", json=draft).status_code == 403
    with front.client("li") as client:
        found = client.post("/api/processes/rehearse", json=draft).json()
        broken = client.post("/api/processes/rehearse", json={"definition": "process: broken"})
    assert found["open"] + found["past"] > 0
    assert found["before"]["mails"] == found["after"]["mails"] > 0
    assert broken.status_code == 422
    assert "title" in broken.text
