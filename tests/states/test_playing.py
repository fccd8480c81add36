"""A case that is played: its clocks fire in turn, its time never goes back, and a refusal is told, not raised."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import errors, playing, roles, simulate
from states.case import Case
from states.directory import NOTHING_ON_FILE, Directory
from states.machine import Act
from states.playing import Around, Playing
from states.process import Process, Urgency

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
AROUND = Around(calendars=working_time.shipped_calendars())


def sample(stage: str = "sessions") -> Case:
    return simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY, stage=stage)


def test_what_was_due_long_ago_fires_now_and_what_follows_never_before_it() -> None:
    late = MONDAY + timedelta(days=30)
    steps = tuple(itertools.islice(Playing(DISPUTE, sample(), AROUND, now=late).fire(), 12))
    assert steps[0].timer is not None
    assert steps[0].timer.due_at < steps[0].at == late
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    assert steps[-1].at > late


def test_a_case_stands_where_its_last_step_left_it_and_no_timer_fires_twice() -> None:
    play = Playing(DISPUTE, sample(), AROUND, now=MONDAY)
    first = tuple(itertools.islice(play.fire(), 3))
    assert play.case == first[-1].after
    steps = (*first, *itertools.islice(play.fire(), 5))
    assert all(one.after == other.before for one, other in itertools.pairwise(steps))
    fired = [one.timer.key for one in steps if one.timer]
    assert len(fired) == len(set(fired)) == 8


def test_nothing_fires_after_the_instant_named() -> None:
    until = MONDAY + timedelta(days=9)
    steps = tuple(Playing(DISPUTE, sample(), AROUND, now=MONDAY).fire(until=until))
    assert steps
    assert steps[-1].at <= until


def test_a_refused_act_is_told_with_its_reason_and_leaves_the_case_as_it_was() -> None:
    play = Playing(DISPUTE, sample("screening"), AROUND, now=MONDAY)
    convener = roles.Actor("the Convener")
    step = play.do(Act(trigger="admit", actor=convener, at=MONDAY, recorded_at=MONDAY))
    assert step.refused is not None
    assert "a safety check was done" in step.refused
    assert (step.told, step.mails, step.gone, play.case) == ((), (), frozenset(), step.before)


def test_every_act_is_weighed_with_what_is_on_file_for_it() -> None:
    asked: list[str] = []

    def on_file(_: Process, __: Case, act: Act) -> Directory:
        asked.append(act.trigger)
        return NOTHING_ON_FILE

    play = Playing(DISPUTE, sample(), replace(AROUND, on_file=on_file), now=MONDAY)
    steps = tuple(itertools.islice(play.fire(), 8))
    assert asked == [one.act for one in steps if one.act] != []


def test_a_play_ends_where_the_working_calendars_do() -> None:
    last = MONDAY.replace(year=MONDAY.year + 60)
    play = Playing(DISPUTE, replace(sample(), stage_since=last, opened_at=last), AROUND, now=last)
    with pytest.raises(errors.OutsideCalendar):
        next(play.fire())
    assert tuple(playing.within_calendars(play.fire())) == ()
