"""What each side says for itself: worksheets, and readings of the temperature with the signal in a wide gap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.working_time import shipped_calendars
from states import case as cases
from states import errors, roles, temperature, timers
from states.items import Reading, Signal, Talk, Worksheet
from tests.states.disputes import CONVENER, DISPUTE, FIRST, MEDIATOR, MONDAY, SECOND, at, do, done, lacks

OWN, WITH_MEDIATOR = "private:initiating", "caucus:initiating"


def test_a_worksheet_lies_with_its_party_alone_and_keeps_what_is_left_empty() -> None:
    case, happened = done(at(), "fill_worksheet", FIRST, position="no rifles", red_lines="no guards inside")
    assert {event.zone for event in happened} == {OWN}
    case = do(case, "fill_worksheet", FIRST, position="no rifles in wards")
    (sheet,) = case.all(Worksheet)
    assert (sheet.zone, sheet.position, sheet.red_lines) == (OWN, "no rifles in wards", "no guards inside")


def test_opening_a_sheet_to_the_mediator_begins_a_new_one_and_leaves_its_past_behind() -> None:
    case = do(at(), "fill_worksheet", FIRST, position="we would take less")
    case, happened = done(case, "fill_worksheet", FIRST, position="no rifles", mediator_may_read="yes")
    old, new = case.all(Worksheet)
    assert [(one.zone, one.state) for one in (old, new)] == [(OWN, "replaced"), (WITH_MEDIATOR, "open")]
    assert not [event for event in happened if event.zone == WITH_MEDIATOR and "less" in repr(event)]
    assert not [event for event in happened if event.zone not in {OWN, WITH_MEDIATOR}]


def test_closing_a_sheet_moves_it_back_with_all_it_was() -> None:
    case = do(at(), "fill_worksheet", FIRST, position="no rifles", mediator_may_read="yes")
    sheet = case.all(Worksheet)[0].id
    case, happened = done(case, "fill_worksheet", FIRST, mediator_may_read="no")
    assert [(one.id, one.zone) for one in case.all(Worksheet)] == [(sheet, OWN)]
    assert {event.zone for event in happened} == {OWN}


def test_opening_a_sheet_again_does_not_open_what_was_closed() -> None:
    case = do(at(), "fill_worksheet", FIRST, position="first", mediator_may_read="yes")
    case = do(case, "fill_worksheet", FIRST, position="second", mediator_may_read="no")
    case = do(case, "fill_worksheet", FIRST, position="third", mediator_may_read="yes")
    assert [(one.position, one.zone) for one in case.all(Worksheet)] == [("second", OWN), ("third", WITH_MEDIATOR)]


def test_an_empty_sheet_is_no_sheet() -> None:
    with pytest.raises(errors.NeedsMissing, match="something is written"):
        do(at(), "fill_worksheet", FIRST)


def test_each_party_has_its_own_sheet() -> None:
    case = do(do(at(), "fill_worksheet", FIRST, need="water"), "fill_worksheet", SECOND, need="rest")
    assert [(one.party, one.zone) for one in case.all(Worksheet)] == [
        ("initiating", OWN),
        ("responding", "private:responding"),
    ]


def test_a_talk_is_kept_between_its_side_and_the_team() -> None:
    case, happened = done(at(), "record_talk", CONVENER, party="responding", text="they fear a raid")
    assert {event.zone for event in happened} == {"line:responding"}
    assert [(talk.party, talk.zone) for talk in case.all(Talk)] == [("responding", "line:responding")]


def read(case: cases.Case, person: str, step: int) -> cases.Case:
    """Let somebody say how hot the conflict is."""
    return do(case, "take_reading" if person in {CONVENER, MEDIATOR} else "give_reading", person, step=str(step))


def test_a_wide_gap_is_told_to_the_team_once_and_without_a_number() -> None:
    case = read(at(), FIRST, 3)
    case, happened = done(case, "give_reading", SECOND, step="5", text="nobody keeps their word")
    assert {event.zone for event in happened} == {"line:responding", roles.TEAM}
    (signal,) = case.all(Signal)
    assert (signal.zone, signal.state) == (roles.TEAM, "open")
    assert len(read(case, FIRST, 2).all(Signal)) == 1


def test_the_signal_passes_when_the_readings_come_together_again() -> None:
    case = read(read(read(at(), FIRST, 3), SECOND, 5), FIRST, 4)
    assert [signal.state for signal in case.all(Signal)] == ["passed"]
    assert [reading.step for reading in case.all(Reading)] == [3, 5, 4]


def test_an_answered_signal_comes_back_only_when_the_gap_grows() -> None:
    case = read(read(at(), FIRST, 3), SECOND, 5)
    case = do(case, "answer_signal", MEDIATOR, answer="I see each side alone first.")
    assert len(read(case, MEDIATOR, 4).all(Signal)) == 1
    assert [signal.state for signal in read(case, SECOND, 6).all(Signal)] == ["answered", "open"]


def test_there_is_nothing_to_answer_without_a_signal() -> None:
    with pytest.raises(errors.NeedsMissing, match="a signal from the readings waits"):
        do(read(at(), FIRST, 3), "answer_signal", CONVENER, answer="none")


def test_convener_and_mediator_are_written_to_at_once_about_a_gap() -> None:
    case = read(read(at(), FIRST, 3), SECOND, 5)
    first = next(one for one in timers.plan(DISPUTE, case, shipped_calendars()) if one.deadline == "signal")
    assert (first.mail, first.to, first.due_at) == ("readings_apart", ("convener", "mediator"), MONDAY)


@pytest.mark.parametrize("step", ["0", "10", "hot"])
def test_a_temperature_is_one_of_nine_steps(step: str) -> None:
    with pytest.raises(errors.NeedsMissing, match="Temperature must be one of: 1, 2"):
        do(at(), "give_reading", FIRST, step=step)


def reading(party: str, step: int) -> Reading:
    """Make a reading."""
    return Reading(id=f"{party}{step}", zone=roles.TEAM, by="x", at=MONDAY, party=party, step=step)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], (0, 0, False)),
        ([("A", 3)], (0, 0, False)),
        ([("A", 3), ("B", 4)], (1, 0, False)),
        ([("A", 3), ("B", 5)], (2, 0, False)),
        ([("A", 3), ("A", 5)], (0, 2, True)),
        ([("A", 5), ("A", 3)], (0, -2, False)),
        ([("A", 3), ("", 6)], (3, 0, True)),
        ([("A", 7), ("A", 5), ("B", 5)], (0, 0, False)),
    ],
)
def test_the_newest_reading_of_each_source_tells_gap_and_rise(
    steps: list[tuple[str, int]], told: tuple[int, int, bool]
) -> None:
    readings = [reading(*one) for one in steps]
    assert (temperature.gap(readings), temperature.rise(readings), temperature.is_high(readings)) == told


def test_each_step_has_a_name_and_calls_for_some_help() -> None:
    assert [temperature.name(step) for step in (1, 9)] == ["hardening", "together into the abyss"]
    assert temperature.suggestions(3) == ("own talks, with a facilitator", "guidance of the process")
    assert all(temperature.suggestions(step) for step in range(1, 10))


def test_a_conflict_that_has_grown_hot_is_a_signal_though_the_sides_agree_on_it() -> None:
    case = read(read(at(), FIRST, 5), SECOND, 5)
    assert case.all(Signal) == ()
    case = read(case, FIRST, 6)
    (signal,) = case.all(Signal)
    assert (signal.state, signal.zone) == ("open", roles.TEAM)
    assert signal.text == "It rose by two steps or stands at six or above: ask whether the next tier is needed."
    assert read(case, FIRST, 5).all(Signal)[0].state == "passed"


def test_a_side_is_heard_in_a_talk_or_by_its_account() -> None:
    case = do(replace(at(), stage="root_cause"), "record_talk", CONVENER, party="initiating", text="they fear a raid")
    assert len(lacks(case, "every_side_was_heard")) == 1
    assert lacks(do(case, "record_talk", CONVENER, party="responding", text="rest"), "every_side_was_heard") == ()
