"""The rungs of a clock: from which instant each is counted, in whose time, on which conditions, and who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from config import load, working_time
from states import firing, machine, notices, rungs, timers
from states.case import Case, Party, Side
from states.check import Vocabulary
from states.conditions import CONDITIONS
from states.effects import EFFECTS
from states.machine import Act
from states.notices import Notice
from states.process import Process, Urgency
from states.roles import THE_CLOCK, Actor

# A Tuesday, half past nine at the place of the mission.
START = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
CALENDARS = working_time.shipped_calendars()
MIRA, CORA, AMAL, BILAL = Actor("mira"), Actor("cora"), Actor("amal"), Actor("bilal")

SOURCE = """\
process: quiet
title: A matter in which somebody may fall silent
prefix: Q
timezone: Africa/Juba
calendar: {calendar}
stay: {{cap: 30 cd, limit: 2}}
phases: {{work: Work, closed: Closed}}
roles:
  convener: {{label: Convener, scope: case, reads: [shared, team]}}
  mediator: {{label: Mediator, scope: case, reads: [shared, team, every caucus]}}
  representative: {{label: Representative, scope: party, reads: [shared, own caucus, own private]}}
fields:
  warned: {{type: yes or no, label: It was warned, required: false, initial: no}}
conditions:
  it_was_warned: {{says: it was warned, holds: warned}}
  it_was_not_warned: {{says: it was not warned, holds: not warned}}
initial: prelude
stages:
  prelude: {{label: Prelude, phase: work, duty: mediator, clock: 60 cd, silence: {{means: Talks begin., fires: begin}}}}
  talks: {{label: Talks, phase: work, duty: mediator, clock: 9 {unit}, silence: {{means: It ends., fires: lapse}}}}
  closed: {{label: Closed, phase: closed, final: true}}
deadlines:
  quiet:
    label: Sign of life
    scope: {scope}
    zone: team
    clock: 9 {unit}
    duty: mediator
    reminders: [{{at: {at}, to: [convener]}}]
    silence: {{at: 300%, means: Somebody else is asked., fires: warn, when: [it_was_not_warned]}}
    then: [{{at: 300%, means: It ends., fires: lapse, when: [it_was_warned]}}]
triggers:
  begin: {{label: Begin, from: prelude, to: talks, who: [clock, convener]}}
  warn: {{label: Warn, from: "*", to: unchanged, who: [clock, convener], set: {{warned: "True"}}}}
  note: {{label: Note, from: "*", to: unchanged, who: [mediator, convener, representative], does: [add_note],
         zone: chosen}}
  stay: {{label: Pause, from: talks, to: unchanged, who: [mediator, convener], agreed_by: representative, stay: begin}}
  resume: {{label: Go on, from: talks, to: unchanged, who: [clock, convener], stay: end}}
  agree: {{label: Agree, from: "*", to: unchanged, who: [representative], needs: [the_proposal_waits_for_them],
          does: [agree_to_proposal]}}
  decline: {{label: Decline, from: "*", to: unchanged, who: [representative], needs: [the_proposal_waits_for_them],
            does: [decline_proposal]}}
  lapse: {{label: End, from: [prelude, talks], to: closed, who: [clock], outcome: lapsed}}
  forget: {{label: Forget, from: "*", to: unchanged, who: [clock], does: [lapse_proposal]}}
mails:
  duty_reminder: {{kind: action, to: [duty]}}
"""
ON_THE_CASE = "case\n    starts: [begin]"
PROPOSALS = """\
  proposal: {scope: item, label: Answer, of: proposal, states: [open], clock: 40 cd, duty: asked,
             silence: {means: It lapses., fires: forget}}
"""
VOCABULARY = Vocabulary(
    conditions=frozenset(CONDITIONS),
    effects=frozenset(EFFECTS),
    templates=load.mail_templates(),
    item_kinds=frozenset({"proposal"}),
    calendars=frozenset(CALENDARS),
    inputs={name: tuple(effect.inputs) for name, effect in EFFECTS.items()},
)


@cache
def quiet(at: str, *, unit: str = "cd", calendar: str = "always", scope: str = "stage\n    of: talks") -> Process:
    source = SOURCE.format(at=at, unit=unit, calendar=calendar, scope=scope)
    source = source.replace("triggers:\n", f"{PROPOSALS}triggers:\n", 1)
    return load.load_text(source, name="quiet.yaml", vocabulary=VOCABULARY)


def opened(process: Process) -> Case:
    parties = (
        Party(id="A", name="Area", side=Side.INITIATING, people={"representative": (AMAL.person,)}),
        Party(id="B", name="Base", side=Side.RESPONDING, people={"representative": (BILAL.person,)}),
    )
    notice = Notice(
        id="q1",
        number="Q-1",
        title="Silence",
        urgency=Urgency.U3,
        parties=parties,
        roles={"mediator": (MIRA.person,), "convener": (CORA.person,)},
        items=(),
        fields={},
    )
    return notices.open_case(process, notice, actor=CORA, at=START, recorded_at=START)[0]


def later(**span: int) -> datetime:
    return START + timedelta(**span)


def done(process: Process, case: Case, trigger: str, *, by: Actor, at: datetime, **inputs: object) -> Case:
    act = Act(trigger=trigger, actor=by, at=at, recorded_at=at, inputs=inputs, calendars=CALENDARS)
    return machine.advance(process, case, act)[0]


def talking(process: Process, **span: int) -> Case:
    """Begin the talks a while after the case was opened."""
    return done(process, opened(process), "begin", by=CORA, at=later(**span))


def noted(process: Process, case: Case, *, by: Actor, at: datetime, zone: str = "team") -> Case:
    return done(process, case, "note", by=by, at=at, text="seen", zone=zone)


def reminder(process: Process, case: Case) -> timers.Timer:
    (found,) = [one for one in timers.plan(process, case, CALENDARS) if one.action is timers.Action.REMIND]
    return found


def test_a_share_from_the_last_contact_is_one_of_the_whole_time() -> None:
    process = quiet("33%, from: last contact")
    case = noted(process, talking(process), by=MIRA, at=later(days=4))
    assert reminder(process, case).due_at == later(days=4) + timedelta(days=9) * 33 / 100


def test_a_share_over_the_whole_time_lies_beyond_it() -> None:
    process = quiet("200%, from: last contact")
    case = noted(process, talking(process), by=MIRA, at=later(days=4))
    assert reminder(process, case).due_at == later(days=4 + 18)


def test_who_never_acted_is_silent_since_the_clock_began() -> None:
    process = quiet("3 cd, from: last contact")
    case = noted(process, opened(process), by=MIRA, at=later(hours=1))
    begun = done(process, case, "begin", by=CORA, at=later(days=2))
    assert reminder(process, begun).due_at == later(days=5)


def test_the_acts_of_others_are_no_contact() -> None:
    process = quiet("3 cd, from: last contact")
    case = talking(process)
    for one in (CORA, AMAL):
        case = noted(process, case, by=one, at=later(days=1), zone="shared")
    assert reminder(process, case).due_at == later(days=3)


def test_what_is_private_to_a_party_is_no_contact_and_what_is_said_to_the_mediator_is() -> None:
    process = quiet("3 cd, from: last contact")
    case = noted(process, talking(process), by=AMAL, at=later(hours=3), zone="caucus:A")
    case = noted(process, case, by=AMAL, at=later(hours=5), zone="private:A")
    assert case.contacts["amal"] == later(hours=3)


def test_a_contact_names_another_timer_so_that_the_one_before_is_stale() -> None:
    process = quiet("33%, from: last contact")
    first = noted(process, talking(process), by=MIRA, at=later(days=1))
    then = noted(process, first, by=MIRA, at=later(days=1, seconds=1))
    keys = [reminder(process, case).key for case in (first, then)]
    assert len(set(keys)) == len(keys)
    assert keys[0].startswith("quiet:2:remind 1 33% from last contact@2026")


def test_what_was_proposed_before_and_is_carried_out_now_is_no_contact_of_who_proposed_it() -> None:
    process = quiet("3 cd, from: last contact")
    asked = done(process, talking(process), "stay", by=MIRA, at=later(days=1), until=later(days=9).isoformat())
    (proposal,) = asked.items
    for one, day in ((AMAL, 2), (BILAL, 3)):
        asked = done(process, asked, "agree", by=one, at=later(days=day), proposal=proposal.id)
    assert asked.stay is not None
    assert (asked.contacts["mira"], asked.contacts["bilal"]) == (later(days=1), later(days=3))


def test_a_share_counts_working_time_where_the_clock_does() -> None:
    half, whole = (_from_friday(share) for share in ("50%", "100%"))
    position = CALENDARS["mission"].position
    assert (position(half) - position(later(days=3))) * 2 == position(whole) - position(later(days=3))
    assert whole.date().isoformat() == "2026-12-17"


def _from_friday(share: str) -> datetime:
    """Return when a share of nine working days is over, counted from a Friday morning with two weekends ahead."""
    process = quiet(f"{share}, from: last contact", unit="wd", calendar="mission")
    return reminder(process, noted(process, talking(process), by=MIRA, at=later(days=3))).due_at


@pytest.mark.parametrize(
    ("at", "due_at"),
    [
        ("4 cd, from: start", later(days=6)),
        ("4 cd, from: entry", later(days=6)),
        ("30 h, from: start", later(days=3, hours=6)),
        ("50%, from: start", later(days=6, hours=12)),
        ("50%", later(days=6, hours=12)),
        ("-1 cd, from: due", later(days=10)),
    ],
)
def test_a_rung_is_counted_from_the_instant_it_names(at: str, due_at: datetime) -> None:
    process = quiet(at)
    assert reminder(process, talking(process, days=2)).due_at == due_at


def test_the_entry_is_that_of_the_stage_though_the_clock_began_before() -> None:
    process = quiet("4 cd, from: entry", scope="case\n    starts: [open]")
    case = opened(process)
    assert reminder(process, case).due_at == later(days=4)
    assert reminder(process, done(process, case, "begin", by=CORA, at=later(days=3))).due_at == later(days=7)


@pytest.mark.parametrize("at", ["4 cd, from: last contact", "50%, from: last contact", "4 cd, from: start"])
def test_a_pause_after_the_anchor_gives_its_time_back_and_one_before_does_not(at: str) -> None:
    process = quiet(at)
    case = talking(process)
    before = reminder(process, case).due_at
    paused = _stayed(process, case, since=later(days=1), until=later(days=3))
    assert reminder(process, paused).due_at == before + timedelta(days=2)
    heard = noted(process, paused, by=MIRA, at=later(days=3))
    if "last contact" in at:
        assert reminder(process, heard).due_at == before + timedelta(days=3)


def _stayed(process: Process, case: Case, *, since: datetime, until: datetime) -> Case:
    case = done(process, case, "stay", by=CORA, at=since, until=until.isoformat())
    for one in (AMAL, BILAL):
        case = done(process, case, "agree", by=one, at=since, proposal=case.items[-1].id)
    return done(process, case, "resume", by=THE_CLOCK, at=until)


def test_a_step_is_done_only_where_its_own_condition_holds() -> None:
    process = quiet("50%")
    case = talking(process)
    fires = {one.trigger: one for one in timers.plan(process, case, CALENDARS) if one.deadline == "quiet"}
    assert fires["warn"].due_at == fires["lapse"].due_at
    assert fires["warn"].key != fires["lapse"].key
    assert not firing.withheld(process, case, fires["warn"])
    (missing,) = firing.withheld(process, case, fires["lapse"])
    assert missing.startswith("it was warned")


def test_what_a_clock_is_said_to_do_is_what_it_would_do_as_things_stand() -> None:
    process = quiet("50%")
    case = talking(process)
    (clock,) = [one for one in timers.open_deadlines(process, case, CALENDARS) if one.rule.name == "quiet"]
    assert [one.fires for _, one in firing.silences(process, case, clock)] == ["warn"]
    warned = done(process, case, "warn", by=CORA, at=later(days=1))
    assert [one.fires for _, one in firing.silences(process, warned, clock)] == ["lapse"]


def test_a_clock_of_the_team_is_seen_by_nobody_else() -> None:
    process = quiet("50%")
    running = timers.open_deadlines(process, talking(process), CALENDARS)
    assert {one.rule.name for one in timers.seen_in({"shared", "caucus:A"}, running)} == {"talks"}
    assert {one.rule.name for one in timers.seen_in({"shared", "team"}, running)} == {"talks", "quiet"}


def test_a_case_of_before_contacts_were_kept_counts_from_the_start_of_the_clock() -> None:
    process = quiet("3 cd, from: last contact")
    case = noted(process, talking(process), by=MIRA, at=later(days=2))
    assert reminder(process, replace(case, contacts={})).due_at == later(days=3)


def test_an_offset_is_spelled_as_the_definition_does() -> None:
    process = quiet("33%, from: last contact")
    assert str(process.deadlines["quiet"].reminders[0].at) == "33% from last contact"
    assert rungs.Timer is timers.Timer
