"""Jobs: many things asked for at once, each done by itself, once, under the rules of a single one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases import errands, finding, jobs, ledger, outbox, queries
from cases.errands import Workshop
from cases.filters import CaseFilter
from cases.jobs import Job, Kind, LineState, NewJob, NewLine
from cases.outbox import Attempt
from cases.people import Directory
from cases.unit_of_work import reading
from states import errors
from states.said import Said, say
from tests.cases.watched import House, viewer


def workshop(house: House, worker: str = "one") -> Workshop:
    directory = Directory(house.record.engine)
    return Workshop(record=house.record, service=house.service, directory=directory, worker=worker)


def ask(house: House, *cases: str, key: str = "key", by: str = "cora", **changes: Any) -> str:  # noqa: ANN401 - any fields
    """Asks for a note of the team in some cases; returns the id of the job."""
    wanted = NewJob(
        kind=Kind.ACTS,
        key=key,
        title=say("Add a note"),
        what={"trigger": "add_note", "inputs": {"text": "The office is closed on Friday", "zone": "team"}},
        lines=[NewLine(subject=case) for case in cases],
    )
    return jobs.ask(house.record.engine, by, replace(wanted, **changes), now=house.clock.now())


def job(house: House, job_id: str, who: str = "cora") -> Job:
    return jobs.read(house.record.engine, who, job_id)


def notes(house: House, case_id: str) -> int:
    _, case = queries.case_for(house.record, viewer("cora"), case_id)
    return sum(item.kind == "note" for item in case.items)


def test_each_line_is_done_by_itself_and_a_refusal_stops_no_other(house: House) -> None:
    cases = [house.filed("One"), house.filed("Two")]
    job_id = ask(house, cases[0], "nowhere", cases[1])
    counts = errands.work_off(workshop(house))
    assert (counts.ended, counts.done, counts.refused, counts.failed) == (1, 2, 1, 0)
    done = job(house, job_id)
    assert [(line.subject, line.state) for line in done.lines] == [
        ("nowhere", LineState.REFUSED),
        (cases[0], LineState.DONE),
        (cases[1], LineState.DONE),
    ]
    assert done.lines[0].told == "there is no such case, or it is not yours to see"
    assert (done.settled, done.total, done.wrong) == (3, 3, 1)
    assert done.ended_at == house.clock.now()
    assert [notes(house, case) for case in cases] == [1, 1]


def test_what_is_told_can_be_told_in_any_language_later(house: House) -> None:
    job_id = ask(house, "nowhere", title=say("Add a note to %(case)s", case="W-1"))
    errands.work_off(workshop(house))
    done = job(house, job_id)
    assert isinstance(done.title, Said)
    assert (done.title.pattern, done.title.values) == ("Add a note to %(case)s", {"case": "W-1"})
    assert isinstance(done.lines[0].told, Said)


def test_a_job_asked_for_twice_is_one_job(house: House) -> None:
    case_id = house.filed()
    first, second = ask(house, case_id), ask(house, case_id)
    errands.work_off(workshop(house))
    assert first == second == ask(house, case_id)
    assert errands.work_off(workshop(house)) == errands.Counts()
    assert notes(house, case_id) == 1


def test_the_same_key_of_somebody_else_is_another_job(house: House) -> None:
    case_id = house.filed()
    assert ask(house, case_id) != ask(house, case_id, by="mo")


@pytest.mark.parametrize("who", ["mo", "amal", "ada", "zoe"])
def test_a_job_is_seen_by_its_owner_alone(house: House, who: str) -> None:
    job_id = ask(house, house.filed())
    assert jobs.of_person(house.record.engine, who) == ()
    with pytest.raises(errors.NotFound, match="there is no such job"):
        job(house, job_id, who)


def test_who_dies_in_the_middle_is_followed_by_another_and_nothing_is_done_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [house.filed(f"Case {number}") for number in range(3)]
    job_id = ask(house, *cases)
    settle, deaths = jobs.settle, [2]

    def dying(*args: Any, **named: Any) -> bool:  # noqa: ANN401 - as the real one has them
        """Dies after the second act is recorded, and before its line is."""
        deaths[0] -= 1
        if not deaths[0]:
            raise KeyboardInterrupt
        return settle(*args, **named)

    monkeypatch.setattr(jobs, "settle", dying)
    with pytest.raises(KeyboardInterrupt):
        errands.work_off(workshop(house))
    monkeypatch.undo()
    assert [notes(house, case) for case in cases] == [1, 1, 0]
    assert errands.work_off(workshop(house, "two")) == errands.Counts()
    house.clock.advance(seconds=jobs.LEASE.total_seconds())
    assert errands.work_off(workshop(house, "two")).done == 2
    assert [notes(house, case) for case in cases] == [1, 1, 1]
    assert job(house, job_id).wrong == 0


def test_a_job_that_cannot_be_done_keeps_nobody_waiting_and_is_given_up_in_the_end(house: House) -> None:
    broken = ask(house, "cases", kind=Kind.EXPORT, what={"wanted": {"no such filter": 1}})
    ask(house, house.filed(), key="another")
    assert errands.work_off(workshop(house)).ended == 1
    for _ in range(errands.TOO_OFTEN - 1):
        assert job(house, broken).ended_at is None
        house.clock.advance(seconds=jobs.LEASE.total_seconds())
        errands.work_off(workshop(house))
    assert job(house, broken).ended_at is not None


def test_a_worker_whose_lease_ran_out_settles_nothing_any_more(house: House) -> None:
    ask(house, house.filed())
    engine = house.record.engine
    late = jobs.claim(engine, worker="one", now=house.clock.now())
    assert late is not None
    assert jobs.claim(engine, worker="two", now=house.clock.now()) is None
    house.clock.advance(seconds=jobs.LEASE.total_seconds())
    assert jobs.claim(engine, worker="two", now=house.clock.now()) is not None
    line = jobs.next_line(engine, late)
    assert line is not None
    with engine.begin() as work:
        assert not jobs.settle(work, late, replace(line, state=LineState.DONE, told="x"), now=house.clock.now())
    jobs.end(engine, late, now=house.clock.now())
    assert jobs.next_line(engine, late) is not None
    assert jobs.of_person(engine, "cora")[0].ended_at is None


def test_an_act_is_refused_when_the_case_has_moved_since_it_was_looked_at(house: House) -> None:
    case_id = house.filed()
    _, case = queries.case_for(house.record, viewer("cora"), case_id)
    house.act(case_id, "put_note", by="mo", zone="shared", text="Meanwhile")
    job_id = ask(house, lines=[NewLine(subject=case_id, seen=case.version)])
    errands.work_off(workshop(house))
    assert "was first" in job(house, job_id).lines[0].told
    assert notes(house, case_id) == 1


def test_nothing_is_done_for_somebody_who_has_left(house: House) -> None:
    case_id = house.filed()
    job_id = ask(house, case_id, by="mo")
    workshop(house).directory.leave("mo", now=house.clock.now())
    errands.work_off(workshop(house))
    assert job(house, job_id, "mo").lines[0].told == errands.LEFT
    assert notes(house, case_id) == 0


def test_what_was_to_be_done_is_forgotten_once_it_is_done(house: House) -> None:
    ask(house, house.filed())
    errands.work_off(workshop(house))
    with reading(house.record.engine) as connection:
        kept = connection.exec_driver_sql("SELECT what FROM jobs").scalars().all()
    assert kept == ["{}"]


def test_dead_letters_are_queued_again_each_once(house: House) -> None:
    house.filed()
    house.send_everything()
    engine, now = house.record.engine, house.clock.now()
    claimed = outbox.claim_messages(engine, now=now, owner="test")
    for one in claimed:
        refused = Attempt(state="refused", outcome="refused", code=550, reply="no such user")
        outbox.settle(engine, one, attempt=refused, now=now)
    mine = [row.id for row in queries.list_messages(house.record, viewer("cora"), limit=100).rows]
    lines = [NewLine(subject=str(one)) for one in (*mine, mine[0], 999_999)]
    job_id = ask(house, kind=Kind.MAILS, what={}, lines=lines)
    errands.work_off(workshop(house))
    done = job(house, job_id)
    assert (done.total, done.wrong) == (len(mine) + 2, 2)
    assert {row.state for row in queries.list_messages(house.record, viewer("cora"), limit=100).rows} == {"queued"}


def test_the_index_is_written_anew_by_a_job(house: House) -> None:
    house.filed("The ferry")
    every = [NewLine(subject=one) for one in finding.every_case(house.record.engine)]
    job_id = ask(house, kind=Kind.INDEX, what={}, lines=every, by="ada")
    assert errands.work_off(workshop(house)).done == 1
    assert job(house, job_id, "ada").ended_at is not None


def test_an_export_holds_what_its_owner_may_read_and_is_kept_for_a_day(house: House) -> None:
    house.filed("The ferry")
    house.open("A draft of amal's", by="amal")
    kept = errands.wanted_as_kept(CaseFilter(open_only=True, due_from=house.clock.now() - timedelta(days=1)))
    job_id = ask(house, kind=Kind.EXPORT, what={"wanted": kept}, lines=[NewLine(subject="list")], by="bilal")
    errands.work_off(workshop(house))
    rows = jobs.result(house.record.engine, "bilal", job_id)
    assert [row[1] for row in rows] == ["The ferry"]
    with pytest.raises(errors.NotFound):
        jobs.result(house.record.engine, "amal", job_id)
    later = house.clock.now() + timedelta(days=1)
    assert jobs.forget_old(house.record.engine, ended_before=house.clock.now(), results_before=later) == 0
    with pytest.raises(errors.NotFound, match="kept for a day"):
        jobs.result(house.record.engine, "bilal", job_id)
    assert jobs.forget_old(house.record.engine, ended_before=later, results_before=later) == 1


def test_a_job_of_nothing_is_refused(house: House) -> None:
    with pytest.raises(errors.NeedsMissing, match="choose at least one line"):
        ask(house)


def test_the_chain_holds_after_a_job(house: House) -> None:
    ask(house, house.filed(), house.filed("Two"))
    errands.work_off(workshop(house))
    with reading(house.record.engine) as connection:
        assert ledger.verify(connection).consistent
