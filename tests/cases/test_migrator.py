"""Cases move in bulk to another version of their process, and back: on both databases, exactly once, and on record."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cases import ledger, process_migrations, queries, repository, tables
from cases import unit_of_work as work
from cases.migrator import Judged, Migrator, Order
from cases.record import Record
from states import errors, timers
from states.case import Case
from states.events import ProcessMigrated
from states.migration import Choice, Fate, Plan
from states.process import Process
from states.roles import Actor
from tests.cases.builders import CONVENER, OTHER, SOURCE, START, Desk, load_process, put_on_file

ANA = Actor("ana", frozenset({"administrator"}))
TELLING = "opening_mails: [receipt]\nchange_mails: [case_closed]"


def version(*pairs: tuple[str, str]) -> Process:
    """Loads the small process with passages replaced; it tells of changes."""
    text = SOURCE.replace("opening_mails: [receipt]", TELLING)
    for old, new in pairs:
        assert old in text, f"“{old}” does not stand in the definition"
        text = text.replace(old, new)
    return load_process(text, "matter.yaml")


BEFORE = version()
LONGER = version(("U3: 24 h", "U3: 72 h"))
WITHOUT_TALKS = version(
    ("  talks:\n    label: Talks", "  parley:\n    label: Parley"),
    ("talks]", "parley]"),
    ("from: talks", "from: parley"),
    ("to: talks", "to: parley"),
    ("due: talks", "due: parley"),
)


def opened(desk: Desk) -> str:
    """Opens a case of the version that goes before the others."""
    desk.service.registry.store(BEFORE, at=START)
    return desk.open(process=BEFORE.hash).case_id


def order(new: Process = LONGER, *, plan: Plan | None = None, actor: Actor = ANA, reason: str = "New rules") -> Order:
    return Order(new=new, plan=plan or Plan(), actor=actor, reason=reason)


def move(desk: Desk, asked: Order) -> tuple[int, list[Judged]]:
    migrator = Migrator(desk.service)
    number = migrator.begin(asked)
    return number, list(migrator.run(number))


def case_of(desk: Desk, case_id: str) -> Case:
    with work.reading(desk.engine) as connection:
        return repository.load(connection, case_id).case


def fates(judged: list[Judged]) -> Counter[Fate]:
    return Counter(one.verdict.fate for one in judged)


def planned(desk: Desk, case: Case) -> dict[str, datetime]:
    """Names the next rung of each clock, and when it is due."""
    found = timers.plan(desk.service.registry.get(case.process), case, desk.service.calendars)
    soonest = {one.occurrence: one for one in reversed(found)}
    return {one.key: one.due_at for one in soonest.values()}


def armed(desk: Desk, case_id: str) -> dict[str, datetime]:
    rows = tables.timers.c
    wanted = select(rows.key, rows.due_at).where(rows.case_id == case_id, rows.state == "armed")
    with work.reading(desk.engine) as connection:
        return {row.key: row.due_at for row in connection.execute(wanted)}


def assert_the_record_holds(desk: Desk) -> None:
    with work.reading(desk.engine) as connection:
        report = ledger.verify(connection)
    assert report.consistent, report.first_break


@pytest.mark.parametrize(
    ("choice", "due_after_hours"),
    [(Choice.KEEP_DUE, 24), (Choice.KEEP_REMAINING, 24), (Choice.RECOUNT, 72), (Choice.RESTART, 78)],
)
def test_a_moved_case_fires_at_the_date_that_was_chosen(desk: Desk, choice: Choice, due_after_hours: int) -> None:
    case_id = opened(desk)
    desk.clock.advance(hours=6)
    _, moved = move(desk, order(plan=Plan(timers=choice)))
    assert fates(moved) == {Fate.MOVES: 1}
    case = case_of(desk, case_id)
    assert (case.process, case.process_since) == (LONGER.hash, desk.clock.now())
    desk.clock.advance(hours=due_after_hours - 6, seconds=-1)
    desk.service.fire_due(case_id)
    assert case_of(desk, case_id).tier == "T0"
    desk.clock.advance(seconds=1)
    desk.service.fire_due(case_id)
    assert case_of(desk, case_id).tier == "T1"
    assert_the_record_holds(desk)


def test_the_timers_of_a_moved_case_are_those_of_its_new_plan(desk: Desk) -> None:
    case_id = opened(desk)
    desk.clock.advance(hours=6)
    move(desk, order(plan=Plan(timers=Choice.RESTART)))
    plan = planned(desk, case_of(desk, case_id))
    assert plan.items() <= armed(desk, case_id).items()


def test_the_move_stands_on_record_with_both_versions_the_person_and_the_reason(desk: Desk) -> None:
    case_id = opened(desk)
    before = case_of(desk, case_id).process
    number, _ = move(desk, order(plan=Plan(timers=Choice.RECOUNT), reason="The office is short of people"))
    with work.reading(desk.engine) as connection:
        last = ledger.history(connection, case_id)[-1]
    change = next(one for one in last.changes if isinstance(one, ProcessMigrated))
    assert (last.actor, last.trigger, last.zone) == ("ana", "migrate", "shared")
    assert last.inputs["reason"] == "The office is short of people"
    assert last.inputs["dates"] == ("Screening: 2026-12-02 10:00 → 2026-12-04 10:00 (Africa/Juba)",)
    assert (change.before, change.after, change.migration) == (before, LONGER.hash, number)


def test_both_sides_are_told_when_a_date_moves_and_nobody_when_none_does(desk: Desk) -> None:
    told = {}
    for choice in (Choice.KEEP_DUE, Choice.RECOUNT):
        case_id = opened(desk)
        new = LONGER if choice is Choice.KEEP_DUE else version(("U3: 24 h", "U3: 96 h"))
        move(desk, order(new, plan=Plan(timers=choice)))
        rows = tables.notifications.c
        with work.reading(desk.engine) as connection:
            mails = connection.execute(select(rows.mail).where(rows.case_id == case_id)).scalars().all()
        told[choice] = mails.count("case_closed")
    assert told == {Choice.KEEP_DUE: 0, Choice.RECOUNT: 1}


def test_looking_writes_nothing_and_tells_what_becomes_of_each_case(desk: Desk) -> None:
    ready, closed = opened(desk), opened(desk)
    for trigger in ("begin", "settle"):
        desk.act(closed, trigger)
    talking = opened(desk)
    desk.act(talking, "begin")
    before = [case_of(desk, one) for one in (ready, closed, talking)]
    judged = {one.case_id: one.verdict for one in Migrator(desk.service).look(order(WITHOUT_TALKS))}
    assert {case_id: verdict.fate for case_id, verdict in judged.items()} == {
        ready: Fate.MOVES,
        closed: Fate.STAYS,
        talking: Fate.NEEDS_CHOICE,
    }
    assert judged[talking].reasons == ("the stage “Talks” is gone; say where its cases go: --stage talks=…",)
    assert [case_of(desk, one) for one in (ready, closed, talking)] == before
    with work.reading(desk.engine) as connection:
        assert process_migrations.listed(connection) == ()
        assert WITHOUT_TALKS.hash not in {one.hash for one in process_migrations.versions(connection, "matter")}


def test_cases_that_sit_at_a_deleted_stage_go_where_the_plan_says_and_one_refused_stops_no_other(desk: Desk) -> None:
    talking, proposing = opened(desk), opened(desk)
    for case_id in (talking, proposing):
        desk.act(case_id, "begin")
    plan = Plan(stages={"talks": "parley"})
    _, moved = move(desk, order(WITHOUT_TALKS, plan=plan))
    assert fates(moved) == {Fate.MOVES: 2}
    assert case_of(desk, talking).stage == "parley"
    desk.act(talking, "settle")
    assert case_of(desk, talking).outcome == "settled"
    assert_the_record_holds(desk)


def test_the_file_of_a_moved_case_tells_of_the_move_and_of_stages_that_are_gone(desk: Desk) -> None:
    case_id = opened(desk)
    for trigger in ("begin", "begin_again", "begin"):
        desk.act(case_id, trigger)
    desk.act(case_id, "owe", {"sum": 5})
    move(desk, order(WITHOUT_TALKS, plan=Plan(stages={"talks": "parley"})))
    record = Record(desk.engine, desk.service.registry, desk.service.calendars)
    found = queries.case_file(record, queries.Viewer(CONVENER), case_id, now=desk.clock.now())
    told = {one.label: one for one in found.timeline}
    assert told["Begin the talks"].stage == "talks"
    moved = told["Moved to another version of the process"]
    assert [(one.label, one.value) for one in moved.lines] == [("Reason", "New rules")]
    assert [(one.name, one.state) for one in found.phases] == [("work", "current"), ("closed", "todo")]
    assert found.process.version == WITHOUT_TALKS.version


def test_what_is_due_happens_by_the_old_rules_before_a_case_moves(desk: Desk) -> None:
    case_id = opened(desk)
    desk.clock.advance(hours=25)
    move(desk, order())
    with work.reading(desk.engine) as connection:
        acts = itertools.groupby(ledger.history(connection, case_id), key=lambda one: one.trigger)
        assert [name for name, _ in acts] == ["open", "climb", "migrate"]
    # The clock has run out once; by its kept date it does not run out again.
    desk.clock.advance(hours=1)
    assert not any(one.escalated for one in desk.service.fire_due(case_id))


def test_moving_again_moves_nothing_twice(desk: Desk) -> None:
    case_id = opened(desk)
    move(desk, order())
    version_after = case_of(desk, case_id).version
    _, again = move(desk, order())
    assert again == []
    assert case_of(desk, case_id).version == version_after


def test_a_move_that_was_interrupted_is_finished_by_beginning_the_same_one_again(desk: Desk) -> None:
    ids = [opened(desk) for _ in range(6)]
    migrator = Migrator(desk.service)
    number = migrator.begin(order())
    interrupted = migrator.run(number)
    done = {next(interrupted).case_id for _ in range(2)}
    assert migrator.begin(order(reason="Once more")) == number
    assert {one.case_id for one in migrator.run(number)} == set(ids) - done
    assert {case_of(desk, one).process for one in ids} == {LONGER.hash}
    assert_the_record_holds(desk)


def test_a_second_move_of_a_process_is_refused_while_one_is_unfinished_and_told_which(desk: Desk) -> None:
    opened(desk)
    migrator = Migrator(desk.service)
    number = migrator.begin(order())
    with pytest.raises(errors.Conflict, match=f"migration {number} of “matter”, begun by ana .* is not finished"):
        migrator.begin(order(WITHOUT_TALKS))
    list(migrator.run(number))
    assert migrator.begin(order(WITHOUT_TALKS)) > number


def test_only_an_administrator_moves_cases_and_says_why(desk: Desk) -> None:
    migrator = Migrator(desk.service)
    with pytest.raises(errors.NotYours, match="for administrators"):
        migrator.begin(order(actor=CONVENER))
    with pytest.raises(errors.NeedsMissing, match="say why"):
        migrator.begin(order(reason=" "))
    with pytest.raises(errors.NotFound, match="there is no migration 9"):
        migrator.begin_revert(9, actor=ANA, reason="Why")


def test_moving_back_restores_each_case_that_has_not_acted_since_and_refuses_the_others_with_why(desk: Desk) -> None:
    quiet, busy = opened(desk), opened(desk)
    before = case_of(desk, quiet)
    desk.clock.advance(hours=6)
    number, _ = move(desk, order(plan=Plan(timers=Choice.RESTART)))
    desk.act(busy, "owe", {"sum": 5})
    migrator = Migrator(desk.service)
    back = migrator.begin_revert(number, actor=ANA, reason="Too early")
    judged = {one.case_id: one.verdict for one in migrator.run(back)}
    assert judged[quiet].fate is Fate.MOVES, judged[quiet].reasons
    assert judged[busy].fate is Fate.REFUSED
    assert judged[busy].reasons[0].startswith("since then “owe” was done in it")
    restored = case_of(desk, quiet)
    assert replace(restored, version=before.version, contacts=before.contacts) == before
    assert planned(desk, restored).items() <= armed(desk, quiet).items()
    assert case_of(desk, busy).process == LONGER.hash
    assert_the_record_holds(desk)


def test_a_case_whose_old_clock_has_run_out_meanwhile_is_not_moved_back(desk: Desk) -> None:
    opened(desk)
    number, _ = move(desk, order(plan=Plan(timers=Choice.RECOUNT)))
    desk.clock.advance(hours=30)
    migrator = Migrator(desk.service)
    judged = list(migrator.run(migrator.begin_revert(number, actor=ANA, reason="Too late")))
    assert [one.verdict.fate for one in judged] == [Fate.NEEDS_CHOICE]
    assert "would act at once" in judged[0].verdict.reasons[0]


def test_an_unfinished_move_may_be_taken_back_and_then_stops(desk: Desk) -> None:
    ids = [opened(desk) for _ in range(3)]
    migrator = Migrator(desk.service)
    number = migrator.begin(order())
    running = migrator.run(number)
    first = next(running).case_id
    back = list(migrator.run(migrator.begin_revert(number, actor=ANA, reason="No")))
    assert [(one.case_id, one.verdict.fate) for one in back] == [(first, Fate.MOVES)]
    assert fates(list(running)) == {Fate.STAYS: 2}
    assert LONGER.hash not in {case_of(desk, one).process for one in ids}


def test_a_case_moves_only_once_its_mails_of_the_old_version_are_out(desk: Desk) -> None:
    opened(desk)
    receipt = "  receipt: {kind: notice, to: [representative, convener]}\n"
    without = version(("opening_mails: [receipt]", "opening_mails: []"), (receipt, ""))
    judged = list(Migrator(desk.service).look(order(without)))
    assert judged[0].verdict.fate is Fate.REFUSED
    assert "the mail “receipt”" in judged[0].verdict.reasons[0]


def test_two_hundred_cases_move_in_one_go(desk: Desk) -> None:
    put_on_file(desk.engine, OTHER.person)
    ids = [opened(desk) for _ in range(200)]
    desk.clock.advance(hours=6)
    number, moved = move(desk, order(plan=Plan(timers=Choice.RECOUNT)))
    assert fates(moved) == {Fate.MOVES: 200}
    with work.reading(desk.engine) as connection:
        assert [(one.migration.id, one.moved) for one in process_migrations.listed(connection)] == [(number, 200)]
        current = process_migrations.versions(connection, "matter")[0]
    assert (current.hash, current.open, current.closed) == (LONGER.hash, 200, 0)
    assert {planned(desk, case_of(desk, one))["screening:1:remind 1 50%"] for one in ids[:3]} == {
        START + timedelta(hours=36)
    }
