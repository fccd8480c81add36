"""Tests that the desk tells what needs somebody, and that the list of cases holds and dates only what they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import queries
from cases.queries import CaseFilter, CaseRow
from states import errors
from tests.cases.watched import START, House, viewer


def screening(house: House) -> str:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.act(case_id, "put_note", by="mo", zone="shared", text="so that due timers have fired")
    return case_id


def test_the_desk_tells_what_needs_me_and_what_waits_on_others(house: House) -> None:
    screening(house)
    mine = queries.my_desk(house.record, viewer("cora"), now=START)
    assert [(need.what, need.case.stage_label, need.overdue) for need in mine.needs_me] == [
        ("Screen the notice", "Screening", False)
    ]
    theirs = queries.my_desk(house.record, viewer("amal"), now=START)
    assert [need.what for need in theirs.needs_me] == ["Give the account of your side"]
    (wait,) = theirs.waits_on_others
    assert (wait.what, wait.duty) == ("Screen the notice", "Convener")
    assert wait.then == "The case is treated as admissible and the area managers of both sides are told."
    assert wait.then_at == wait.due_at


def test_a_clock_of_the_case_needs_me_only_when_an_act_of_mine_answers_it(house: House) -> None:
    screening(house)
    asked = queries.my_desk(house.record, viewer("bilal"), now=START)
    assert [need.what for need in asked.needs_me] == ["Give the account of your side"]
    convener = queries.my_desk(house.record, viewer("cora"), now=START)
    assert "Whole case" not in [need.what for need in convener.needs_me]


def test_what_is_overdue_is_counted(house: House) -> None:
    screening(house)
    late = queries.my_desk(house.record, viewer("cora"), now=START + timedelta(days=30))
    assert (late.overdue, late.due_soon, late.open_cases) == (1, 1, 1)
    early = queries.my_desk(house.record, viewer("cora"), now=START)
    assert (early.overdue, early.due_soon) == (0, 0)


def root_causes(house: House) -> str:
    """Brings a case to its root causes, where the ladder may be climbed."""
    case_id = screening(house)
    house.clock.advance(days=4)
    house.service.fire_due(case_id)
    return case_id


def test_a_tier_asks_its_holders_to_decide(house: House) -> None:
    case_id = root_causes(house)
    assert queries.my_desk(house.record, viewer("jo"), now=house.clock.now()).decisions == ()
    house.clock.advance(days=6)
    house.service.fire_due(case_id)
    desk = queries.my_desk(house.record, viewer("jo"), now=house.clock.now())
    (ask,) = desk.decisions
    assert ask.tier_label == "Joint committee"
    assert ask.question == "“Screening” was not done in its time. What shall be done?"
    assert ask.means == "Deputies are called beside those who did not answer."
    assert desk.needs_me == ()
    assert queries.my_desk(house.record, viewer("amal"), now=house.clock.now()).decisions == ()


def test_a_paused_case_waits_for_its_resume_date(house: House) -> None:
    case_id = root_causes(house)
    until = house.clock.now() + timedelta(days=2)
    house.act(case_id, "pause_for_safety", by="cora", until=until.isoformat(), reason="Floods")
    desk = queries.my_desk(house.record, viewer("cora"), now=house.clock.now())
    # Nobody is on file for either side's managers, and whom to call does not wait for the end of the pause.
    assert {need.what.partition(":")[0] for need in desk.needs_me} == {
        "Name somebody who can answer where nobody was found"
    }
    paused, review = desk.waits_on_others
    assert (paused.what, paused.then_at) == ("The case is paused", until)
    assert review.what.startswith("Speak with the manager of the other side now")
    file = queries.case_file(house.record, viewer("cora"), case_id, now=house.clock.now())
    assert file.next_step is not None
    assert (file.next_step.paused, file.next_step.due_at) == (True, until)
    still = [one for one in file.deadlines if one.name not in {"safety_review", "nobody_there"}]
    assert all(deadline.paused_until == until and not deadline.overdue for deadline in still)


def test_the_list_goes_through_every_case_once_the_latest_moved_first(house: House) -> None:
    opened = []
    for number in range(7):
        opened.append(house.open(f"Case {number}"))
        if number % 2:
            house.clock.advance(minutes=1)
    seen: list[CaseRow] = []
    after = None
    while True:
        page = queries.list_cases(house.record, viewer("amal"), after=after, limit=3)
        seen += page.rows
        after = page.next
        if after is None:
            break
    assert sorted(row.id for row in seen) == sorted(opened)
    assert [row.opened_at for row in seen] == sorted((row.opened_at for row in seen), reverse=True)


def test_the_list_is_narrowed_by_what_is_asked(house: House) -> None:
    house.open("The bridge at Bor")
    withdrawn = house.open("100% of the fuel")
    house.act(withdrawn, "withdraw", by="amal", reason="Settled")

    def titles(**wanted: object) -> list[str]:
        chosen = CaseFilter(**wanted)  # type: ignore[arg-type] # any fields of a filter
        return [row.title for row in queries.list_cases(house.record, viewer("amal"), wanted=chosen).rows]

    assert titles(words="BRIDGE bor") == titles(stage="draft") == titles(open_only=True) == ["The bridge at Bor"]
    assert titles(phase="intake") == ["The bridge at Bor"]
    assert titles(phase="closed") == titles(open_only=False) == titles(words="100%") == ["100% of the fuel"]
    assert titles(words="W-2026-0001") == ["The bridge at Bor"]
    assert titles(urgency="U1") == titles(phase="nowhere") == []
    assert len(titles(urgency="U3")) == 2


@pytest.mark.parametrize("mark", ["x", "1", "-1.a", "."])
def test_a_mark_that_is_none_of_ours_is_told_in_words(house: House, mark: str) -> None:
    with pytest.raises(errors.NotFound, match="begin again at the first"):
        queries.list_cases(house.record, viewer("amal"), after=mark)


def test_the_list_does_not_date_what_the_viewer_cannot_see(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    (seen_by_a,) = queries.list_cases(house.record, viewer("amal")).rows
    (seen_by_b,) = queries.list_cases(house.record, viewer("bilal")).rows
    assert (seen_by_a.due_label, seen_by_b.due_label) == ("Answer the offer", "Screen the notice")
