"""A running case moves to another version of its process: what carries over, which dates move, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, working_time
from states import case as cases
from states import events, migrating, simulate, timers
from states.items import Offer, Proposal
from states.migration import Choice, Fate, Migration, Plan, Standing, Verdict
from states.process import Process, Urgency
from tests.states.definitions import GOOD
from tests.states.definitions import VOCABULARY as SMALL

CALENDARS = working_time.shipped_calendars()
VOCABULARY = replace(SMALL, calendars=frozenset(CALENDARS))
# A Tuesday, in the middle of the working day of every calendar.
OPENED = datetime(2026, 12, 1, 8, tzinfo=UTC)
LATER = OPENED + timedelta(hours=6)
BASE = (
    GOOD.replace("calendar: mission", "calendar: always")
    .replace("opening_mails: []", "opening_mails: []\nchange_mails: [case_admitted]")
    .replace("screening: {U1: 4 h, U2: 1 wd, U3: 3 wd, U4: 10 wd}", "screening: 24 h")
    .replace("[start, 50%, {at: -1 wd, to: [representative]}, due]", "[50%]")
)


def version(*pairs: tuple[str, str]) -> Process:
    """Load the definition with passages replaced, each of which must stand in it."""
    text = BASE
    for old, new in pairs:
        assert old in text, f"“{old}” does not stand in the definition"
        text = text.replace(old, new)
    return load.load_text(text, name="small.yaml", vocabulary=VOCABULARY)


OLD = version()
LONGER = version(("screening: 24 h", "screening: 48 h"))
TRIAGE = version(
    ("  screening:\n    label: Screening", "  triage:\n    label: Triage"),
    ("initial: screening", "initial: triage"),
    ("from: screening", "from: triage"),
    ("from: [screening, talks]", "from: [triage, talks]"),
)
# Something must read a field.
READ = ("amount <= 0", "amount <= 0 or place == 'x'")


def opened(process: Process = OLD) -> cases.Case:
    """Open a case that stands at its first stage."""
    return simulate.sample_case(process, urgency=Urgency.U3, now=OPENED)


def judged(
    case: cases.Case, new: Process, *, plan: Plan | None = None, at: datetime = LATER, **standing: frozenset[str]
) -> Verdict:
    """Judge the move of a case, by the plan that changes nothing unless told otherwise."""
    move = Migration(
        id=7, old=OLD, new=new, plan=plan or Plan(), calendars=CALENDARS, at=at, by="ana", reason="New rules"
    )
    return migrating.judge(move, Standing(case=case, **standing))


def due_of(process: Process, case: cases.Case | None, clock: str) -> datetime:
    assert case is not None
    return next(one.due_at for one in timers.open_deadlines(process, case, CALENDARS) if one.rule.name == clock)


def at_talks(case: cases.Case) -> cases.Case:
    return replace(case, stage="talks", stage_since=OPENED, stage_round=2, owner="responding representative")


# What each choice makes of a clock of 24 hours that has run for 6, where the new version gives 48.
BY_CHOICE = {
    Choice.KEEP_DUE: OPENED + timedelta(hours=24),
    Choice.KEEP_REMAINING: OPENED + timedelta(hours=24),
    Choice.RECOUNT: OPENED + timedelta(hours=48),
    Choice.RESTART: LATER + timedelta(hours=48),
}


@pytest.mark.parametrize("choice", BY_CHOICE)
def test_each_choice_gives_a_running_clock_its_own_date(choice: Choice) -> None:
    verdict = judged(opened(), LONGER, plan=Plan(timers=choice))
    assert verdict.fate is Fate.MOVES, verdict.reasons
    assert due_of(LONGER, verdict.after, "screening") == BY_CHOICE[choice]
    moved = [(one.clock, one.before, one.after) for one in verdict.dates if one.clock == "Screening"]
    before = OPENED + timedelta(hours=24)
    assert moved == ([] if BY_CHOICE[choice] == before else [("Screening", before, BY_CHOICE[choice])])


def test_a_choice_for_one_clock_goes_before_the_choice_for_all() -> None:
    plan = Plan(timers=Choice.RESTART, by_clock={"screening": Choice.KEEP_DUE})
    assert due_of(LONGER, judged(opened(), LONGER, plan=plan).after, "screening") == OPENED + timedelta(hours=24)


def test_what_is_left_is_counted_by_the_calendar_that_the_clock_then_has() -> None:
    old = version(("screening: 24 h", "screening: 24 wh"))
    new = version(("screening: 24 h", "screening: 24 wh"), ("calendar: always", "calendar: mission"))
    move = Migration(
        id=7,
        old=old,
        new=new,
        plan=Plan(timers=Choice.KEEP_REMAINING),
        calendars=CALENDARS,
        at=LATER,
        by="ana",
        reason="The mission keeps office hours",
    )
    after = migrating.judge(move, Standing(case=opened(old))).after
    due_at, mission = due_of(new, after, "screening"), CALENDARS["mission"]
    assert mission.position(due_at) - mission.position(LATER) == timedelta(hours=18)
    assert due_at > OPENED + timedelta(hours=24)


def test_a_case_moves_to_the_stage_that_takes_the_place_of_its_own_and_keeps_its_date() -> None:
    verdict = judged(opened(), TRIAGE, plan=Plan(stages={"screening": "triage"}))
    assert verdict.fate is Fate.MOVES, verdict.reasons
    assert verdict.after is not None
    assert (verdict.after.stage, verdict.after.process) == ("triage", TRIAGE.hash)
    assert due_of(TRIAGE, verdict.after, "triage") == OPENED + timedelta(hours=24)


def test_a_case_at_a_stage_that_is_gone_needs_a_choice() -> None:
    verdict = judged(opened(), TRIAGE)
    assert verdict.fate is Fate.NEEDS_CHOICE
    assert verdict.reasons == ("the stage “Screening” is gone; say where its cases go: --stage screening=…",)


def test_an_open_case_is_not_moved_to_its_end() -> None:
    verdict = judged(opened(), OLD, plan=Plan(stages={"screening": "closed"}))
    assert (verdict.fate, verdict.reasons) == (Fate.REFUSED, ("the stage “Closed” is final, and the case is open",))


def test_a_clock_that_would_have_run_out_long_ago_needs_a_choice_and_runs_anew_by_it() -> None:
    shorter = version(("screening: 24 h", "screening: 4 h"))
    recount = Plan(timers=Choice.RECOUNT)
    verdict = judged(opened(), shorter, plan=recount)
    assert verdict.fate is Fate.NEEDS_CHOICE
    assert "the clock “Screening” would act at once" in verdict.reasons[0]
    anew = judged(opened(), shorter, plan=replace(recount, by_clock={"screening": Choice.RESTART}))
    assert due_of(shorter, anew.after, "screening") == LATER + timedelta(hours=4)


def test_what_fired_before_does_not_fire_again_when_the_date_is_kept() -> None:
    late = OPENED + timedelta(hours=30)
    fired = frozenset({"screening:1:100%"})
    assert judged(opened(), LONGER, at=late).fate is Fate.NEEDS_CHOICE
    assert judged(opened(), LONGER, at=late, settled=fired).fate is Fate.MOVES


def test_a_clock_that_begins_anew_has_timers_of_its_own() -> None:
    after = judged(opened(), LONGER, plan=Plan(timers=Choice.RESTART)).after
    assert after is not None
    before = {one.key for one in timers.plan(OLD, opened(), CALENDARS)}
    assert before.isdisjoint(one.key for one in timers.plan(LONGER, after, CALENDARS) if one.deadline == "screening")


def test_a_clock_that_began_anew_and_then_keeps_its_date_keeps_its_timers_too() -> None:
    once = judged(opened(), LONGER, plan=Plan(timers=Choice.RESTART)).after
    assert once is not None
    fired = {one.key for one in timers.plan(LONGER, once, CALENDARS)}
    again = Migration(
        id=8, old=LONGER, new=OLD, plan=Plan(), calendars=CALENDARS, at=LATER, by="ana", reason="Back to what it was"
    )
    twice = migrating.judge(again, Standing(case=once, settled=frozenset(fired))).after
    assert twice is not None
    assert due_of(OLD, twice, "screening") == due_of(LONGER, once, "screening")
    assert {one.key for one in timers.plan(OLD, twice, CALENDARS)} <= fired


def test_a_reminder_that_the_new_version_would_have_sent_earlier_is_not_sent_now() -> None:
    early = version(("reminders: [50%]", "reminders: [10%, 90%]"))
    after = judged(opened(), early).after
    assert after is not None
    due = [one.due_at for one in timers.plan(early, after, CALENDARS) if one.mail]
    assert due == [OPENED + timedelta(hours=24) * 0.9]


def test_a_clock_that_is_gone_needs_a_choice_and_may_be_let_go() -> None:
    case = replace(opened(), running={"penalty": cases.Running(since=OPENED, round=1)})
    start = BASE.index("  penalty:")
    passage = BASE[start : BASE.index("  obligation:", start)]
    new = version((passage, ""), ("double: {label", "double: {label"))
    verdict = judged(case, new)
    assert verdict.fate is Fate.NEEDS_CHOICE
    assert "“Penalty” runs and is gone" in verdict.reasons[0]
    gone = judged(case, new, plan=Plan(by_clock={"penalty": Choice.STOP}))
    assert gone.fate is Fate.MOVES, gone.reasons
    assert [(one.clock, one.after) for one in gone.dates] == [("Penalty", None)]


def test_a_clock_that_has_another_name_keeps_its_date_under_it() -> None:
    case = replace(opened(), running={"penalty": cases.Running(since=OPENED, round=1)})
    new = version(("  penalty: {label: Penalty", "  fine: {label: Fine"), ("60 cd", "90 cd"))
    after = judged(case, new, plan=Plan(clocks={"penalty": "fine"})).after
    assert due_of(new, after, "fine") == due_of(OLD, case, "penalty")


def test_a_clock_that_runs_on_cannot_be_stopped() -> None:
    verdict = judged(opened(), LONGER, plan=Plan(by_clock={"screening": Choice.STOP}))
    assert verdict.fate is Fate.REFUSED
    assert "it cannot be stopped" in verdict.reasons[0]


def test_an_extension_counts_towards_the_date_that_is_kept_and_not_towards_a_clock_that_begins_anew() -> None:
    until = OPENED + timedelta(days=9)
    extended = replace(opened(), extensions=(cases.Extension(occurrence="screening:1", until=until, at=OPENED),))
    assert due_of(LONGER, judged(extended, LONGER).after, "screening") == until
    anew = judged(extended, LONGER, plan=Plan(timers=Choice.RESTART)).after
    assert due_of(LONGER, anew, "screening") == LATER + timedelta(hours=48)


def test_a_clock_may_be_extended_after_the_move() -> None:
    until = OPENED + timedelta(days=9)
    for choice in (Choice.KEEP_DUE, Choice.RESTART):
        after = judged(opened(), LONGER, plan=Plan(timers=choice)).after
        assert after is not None
        later = cases.Extension(occurrence="screening:1", until=until, at=LATER + timedelta(hours=1))
        assert due_of(LONGER, replace(after, extensions=(later,)), "screening") == until


@pytest.mark.parametrize("choice", [Choice.KEEP_DUE, Choice.KEEP_REMAINING])
def test_a_paused_clock_gets_the_whole_pause_back(choice: Choice) -> None:
    stay = cases.Stay(begun_at=OPENED + timedelta(hours=2), until=OPENED + timedelta(days=5), reason="")
    act = "  lapse: {label: Close without"
    paused = f"  pause: {{label: Pause, from: '*', who: [convener], stay: begin}}\n{act}"
    resumed = f"  resume: {{label: On, from: '*', who: [clock], stay: end}}\n{paused}"
    new = version(("screening: 24 h", "screening: 48 h"), (act, resumed))
    after = judged(replace(opened(), stays=(stay,)), new, plan=Plan(timers=choice)).after
    assert after is not None
    back = replace(after, stays=(replace(stay, ended_at=OPENED + timedelta(hours=12)),))
    assert due_of(new, back, "screening") == OPENED + timedelta(hours=34)


def test_a_paused_case_stays_where_the_new_version_could_not_end_the_pause() -> None:
    stay = cases.Stay(begun_at=OPENED, until=OPENED + timedelta(days=5), reason="")
    verdict = judged(replace(opened(), stays=(stay,)), LONGER)
    assert verdict.reasons == ("the case is paused, and in the new version no clock would end the pause",)


def test_a_case_whose_proposal_could_not_be_carried_out_is_refused() -> None:
    waiting = Proposal(
        id="p", zone="shared", by="a Convener", at=OPENED, act="settle", label="Settle", party=None, inputs={}
    )
    verdict = judged(replace(opened(), items=(waiting,)), LONGER)
    assert verdict.fate is Fate.REFUSED
    assert verdict.reasons == ("“Settle” waits for an answer, and the new version has no such act",)


def test_a_part_that_is_gone_needs_a_choice_and_its_holders_take_the_other_one() -> None:
    new = version(("convener", "registrar"), ("label: Convener", "label: Registrar"))
    verdict = judged(opened(), new)
    assert verdict.fate is Fate.NEEDS_CHOICE
    assert "the part “Convener” is held and is gone" in verdict.reasons[0]
    moved = judged(opened(), new, plan=Plan(roles={"convener": "registrar"})).after
    assert moved is not None
    assert moved.roles == {"registrar": ("the Convener",)}
    assert moved.owner == "registrar"


def test_a_clock_that_would_wait_for_nobody_is_refused() -> None:
    part = "  representative: {label: Rep"
    new = version(
        (part, f"  judge: {{label: Judge, scope: case, reads: [shared]}}\n{part}"),
        ("duty: convener\n    clock: screening", "duty: judge\n    clock: screening"),
    )
    verdict = judged(opened(), new)
    assert verdict.fate is Fate.REFUSED
    assert "nobody in this case holds the part “Judge”" in verdict.reasons[0]


def test_nothing_that_was_kept_from_somebody_is_opened_to_them() -> None:
    new = version(("reads: [shared, own caucus]", "reads: [shared, team, own caucus]"))
    assert judged(opened(), new).fate is Fate.MOVES
    verdict = judged(opened(), new, written_in=frozenset({"shared", "team"}))
    assert verdict.fate is Fate.REFUSED
    assert "would read what lies in “team”" in verdict.reasons[0]


def test_a_field_that_is_gone_needs_a_choice_and_what_it_holds_is_not_lost() -> None:
    renamed = version(("amount:", "sum:"), ("set: {sum:", "set: {sum:"), ("amount", "sum"))
    case = replace(opened(), fields={"amount": 5})
    assert judged(case, renamed).fate is Fate.NEEDS_CHOICE
    moved, left = (judged(case, renamed, plan=Plan(fields={"amount": to})).after for to in ("sum", ""))
    assert moved is not None
    assert left is not None
    assert moved.fields == {"sum": 5}
    assert left.fields == {"amount": 5, "sum": 0}


def test_a_new_field_that_must_hold_something_needs_a_value() -> None:
    new = version(("conditions:\n", "  place: {type: text, label: Place}\nconditions:\n"), READ)
    assert judged(opened(), new).fate is Fate.NEEDS_CHOICE
    after = judged(opened(), new, plan=Plan(values={"place": "Juba"})).after
    assert after is not None
    assert after.fields["place"] == "Juba"


def test_moved_dates_are_told_and_a_version_that_tells_nobody_is_refused() -> None:
    silent = version(("screening: 24 h", "screening: 48 h"), ("change_mails: [case_admitted]", "change_mails: []"))
    assert judged(opened(), silent).fate is Fate.MOVES
    verdict = judged(opened(), silent, plan=Plan(timers=Choice.RESTART))
    assert verdict.fate is Fate.REFUSED
    assert "no mail that tells so" in verdict.reasons[0]


def test_what_moves_on_an_item_of_one_party_is_told_in_that_partys_zone_alone() -> None:
    silence = "silence: {means: It lapses., fires: withdraw_offer}"
    answer = f"label: Answer, scope: item, of: offer, states: [open], clock: 9 cd, duty: convener,\n    {silence}"
    clock = f"  answer: {{{answer}}}\n"
    old = version(("  obligation:", f"{clock}  obligation:"))
    new = version(("  obligation:", f"{clock.replace('9 cd', '12 cd')}  obligation:"))
    offer = Offer(id="o", zone="caucus:initiating", by="amal", at=OPENED, party="initiating", text="A convoy")
    move = Migration(
        id=7, old=old, new=new, plan=Plan(timers=Choice.RESTART), calendars=CALENDARS, at=LATER, by="ana", reason="Why"
    )
    verdict = migrating.judge(move, Standing(case=replace(opened(old), items=(offer,))))
    assert verdict.fate is Fate.MOVES, verdict.reasons
    shared, caucus = verdict.events
    assert (shared.zone, caucus.zone) == ("shared", "caucus:initiating")
    assert "Answer" not in str(shared)
    assert "o@" not in str(shared)
    assert "Answer" in str(caucus.inputs)


def test_a_closed_case_stays_unless_it_is_asked_along() -> None:
    closed = replace(opened(), stage="closed", closed_at=OPENED, outcome="settled")
    assert judged(closed, LONGER).fate is Fate.STAYS
    assert judged(closed, LONGER, plan=Plan(closed=True)).fate is Fate.MOVES


def test_moving_back_gives_the_very_case_that_was_and_its_very_timers() -> None:
    case = replace(opened(), fields={"amount": 5})
    place = ("conditions:\n", "  place: {type: text, label: P, initial: x}\nconditions:\n")
    new = version(
        ("screening: 24 h", "screening: 48 h"), ("amount", "sum"), place, ("sum <= 0", "sum <= 0 or place == 'x'")
    )
    plan = Plan(timers=Choice.RESTART, fields={"amount": "sum"})
    moved = judged(case, new, plan=plan)
    assert moved.after is not None
    done = next(one for one in moved.events[0].changes if isinstance(one, events.ProcessMigrated))
    back = Migration(
        id=8, old=new, new=OLD, plan=plan.inverse(), calendars=CALENDARS, at=LATER, by="ana", reason="Not yet"
    )
    verdict = migrating.revert(back, Standing(case=moved.after), before=case, done=done)
    assert verdict.after is not None, verdict.reasons
    assert replace(verdict.after, version=case.version, contacts=case.contacts) == case
    assert timers.plan(OLD, verdict.after, CALENDARS) == timers.plan(OLD, case, CALENDARS)
