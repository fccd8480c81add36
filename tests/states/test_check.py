"""Each thing the checker refuses, as one spoiled line of a good definition."""

import pytest

from config import load
from states import errors
from tests.states.definitions import GOOD, VOCABULARY, line_of, spoiled

EXIT_OF_TALKS = "  lapse: {label: Close without an answer, from: talks, to: closed, who: [clock], outcome: lapsed}\n"
PENALTY = "  penalty: {label: Penalty, scope: case, starts: [open], stops: [pay], clock: 60 cd, duty: representative,"
CLOSED = "  closed: {label: Closed, phase"
ATTIC = "  attic: {label: Attic, phase: work, duty: convener, clock: 1 wd, silence: {means: Up., fires: climb}}\n"
MOVES = """\
      - {from: talks, to: closed, needs: [nothing_owed]}
      - {from: [screening, talks], to: unchanged}
"""


def refusal(text: str) -> str:
    with pytest.raises(errors.DefinitionError) as refused:
        load.load_text(text, name="small.yaml", vocabulary=VOCABULARY)
    return str(refused.value)


def test_nobody_is_last_heard_of_where_nobody_holds_the_duty() -> None:
    desk = GOOD.replace("scope: case, reads: [shared, team]", "scope: office, reads: [shared, team]")
    counted = desk.replace("[start, 50%, {at: -1 wd, to: [representative]}, due]", "[{at: 1 wd, from: last contact}]")
    assert "nobody in a case holds “convener”" in refusal(counted)


def test_the_good_definition_passes() -> None:
    assert load.load_text(GOOD, name="small.yaml", vocabulary=VOCABULARY).name == "small"


# What stands in the good definition, what replaces it, words of the line that is to blame, words of the message.
SPOILED = {
    "unreachable stage": (
        CLOSED,
        ATTIC + CLOSED,
        "  attic:",
        "no act leads here",
    ),
    "reading administrator": (
        "roles:\n",
        "roles:\n  administrator: {label: Administrator, scope: office, reads: [team]}\n",
        "  administrator:",
        "administrators read no room of a case",
    ),
    "no final stage": (", final: true", "", "stages:", "no stage is final"),
    "open stage without duty": ("    duty: convener\n", "", "  screening:\n    label", "it lacks duty"),
    "open stage without clock": ("    clock: 10 cd\n", "", "  talks:", "it lacks clock"),
    "open stage without silence": (
        "    silence: {means: The case is closed., fires: lapse}\n",
        "    reminders: [50%]\n",
        "  talks:",
        "it lacks silence",
    ),
    "final stage with a clock": (
        "final: true",
        "final: true, clock: 1 wd",
        "  closed: {",
        "a final stage has no clock",
    ),
    "unknown condition": ("[right_forum_recorded]", "[right_forum]", "  admit:", "no condition “right_forum”; did you"),
    "unknown condition of a move": ("needs: [nothing_owed]", "needs: [nothing]", "  pay:", "no condition “nothing”"),
    "unknown role": ("who: [convener]", "who: [convenor]", "  admit:", "no role “convenor”; did you mean “convener”?"),
    "unknown owner": ("owner: representative", "owner: mediator", "  admit:", "no role “mediator”"),
    "unknown side": ("duty: responding rep", "duty: left rep", "  talks:", "“left” does not narrow a role"),
    "side of a role that has none": (
        "    duty: convener\n",
        "    duty: responding convener\n",
        "  screening:\n    label",
        "“responding” says nothing",
    ),
    "unknown mail": ("mails: [case_admitted]", "mails: [case_admited]", "  admit:", "no mail “case_admited”"),
    "a tour told to others": (
        "  duty_reminder: {kind: action, to: []}\n",
        "  duty_reminder: {kind: action, to: [leaving]}\n",
        "  duty_reminder:",
        "the mail of “tours”, and it alone, goes to leaving",
    ),
    "a tour told to all but whoever leaves": (
        "deadlines:\n",
        "tours: {mail: duty_reminder, asks: Hand it over, means: It stays.}\ndeadlines:\n",
        "  duty_reminder:",
        "the mail of “tours”, and it alone, goes to leaving",
    ),
    "an unknown way of service": (
        "deadlines:\n",
        "deemed_served: {e-mail: 3 cd}\nservice: {mail: email}\ndeadlines:\n",
        "service:",
        "“email” has no span under “deemed_served”; did you mean “e-mail”?",
    ),
    "an unknown mail of tours": (
        "deadlines:\n",
        "tours: {mail: reminder, asks: Hand it over, means: It stays.}\ndeadlines:\n",
        "tours:",
        "no mail “reminder”",
    ),
    "unknown template": (
        "  duty_reminder:",
        "  other: {kind: notice}\n  duty_reminder:",
        "  other:",
        "no mail template",
    ),
    "unknown zone of a clock": (
        "clock: 60 cd, duty: representative,",
        "clock: 60 cd, zone: teem, duty: representative,",
        "  penalty:",
        "no clock runs in “teem”; did you mean “team”",
    ),
    "unknown condition of a reminder": (
        "50%, {at: -1 wd",
        "{at: 50%, when: [nothing]}, {at: -1 wd",
        "  screening:\n    label",
        "no condition “nothing”",
    ),
    "unknown condition of a step": (
        "fires: climb}]",
        "fires: climb, when: [nothing]}]",
        "  screening:\n    label",
        "no condition “nothing”",
    ),
    "unknown effect": ("does: [record_screening]\n", "does: [record]\n", "  admit:", "no effect “record”"),
    "unknown field": ("set: {amount: amount * 2}", "set: {amunt: amount * 2}", "  double:", "no field “amunt”"),
    "unknown kind of item": ("of: obligation", "of: promise", "  obligation:", "no kind of item “promise”"),
    "unknown calendar": ("calendar: mission", "calendar: moon", "calendar:", "no calendar “moon”"),
    "unknown stage": ("    to: talks\n", "    to: talk\n", "  admit:", "no stage “talk”; did you mean “talks”?"),
    "unknown first stage": ("initial: screening", "initial: screen", "initial: screen", "no stage “screen”"),
    "duty of nobody in particular": (
        "clock: 60 cd, duty: representative,",
        "clock: 60 cd, duty: asked,",
        "  penalty:",
        "“asked” names nobody who could do it",
    ),
    "unknown phase": ("    phase: work", "    phase: works", "  talks:", "no phase “works”"),
    "unknown tier": ("tier: up", "tier: T7", "  climb:", "no tier “T7”"),
    "unknown trigger in a silence": ("fires: lapse", "fires: laps", "  talks:", "no trigger “laps”"),
    "unknown trigger in starts": ("starts: [open]", "starts: [opens]", "  penalty:", "no trigger “opens”"),
    "unknown zone to read": ("reads: [shared, team]", "reads: [shared, tea]", "  convener:", "no zone “tea” to read"),
    "unknown zone to write in": (
        "owner: representative",
        "zone: everyone",
        "  admit:",
        "no zone “everyone” to write in",
    ),
    "expression over nothing": ("amount - paid", "amount - payed", "  pay:", "reads “payed”"),
    "condition over nothing": ("holds: amount <= 0", "holds: amont <= 0", "  pay:", "reads “amont”"),
    "silence the clock may not do": (
        "lapse: {label: Close without an answer, from: talks, to: closed, who: [clock]",
        "lapse: {label: Close without an answer, from: talks, to: closed, who: [convener]",
        "  talks:",
        "the clock may not do",
    ),
    "silence that cannot start here": (
        "admit_by_silence: {label: Admit by silence, from: screening",
        "admit_by_silence: {label: Admit by silence, from: talks",
        "  screening:\n    label",
        "does not start from this stage",
    ),
    "silence that does nothing": (", set: {amount: amount * 2}", "", "  T1:", "which does nothing"),
    "silence that asks": (
        "who: [clock], does: [record_screening]}",
        "who: [clock], inputs: {why: {type: text, label: Why}}, does: [record_screening]}",
        "  obligation:",
        "asks for “why”",
    ),
    "the same needs twice": (
        "needs: [nothing_owed]}\n",
        "needs: [nothing_owed]}\n      - {from: talks, to: screening, needs: [nothing_owed]}\n",
        "  pay:",
        "cannot be told apart",
    ),
    "an unconditional move first": (
        MOVES,
        "".join(reversed(MOVES.splitlines(keepends=True))),
        "  pay:",
        "is never taken",
    ),
    "two acts that read the same": (
        EXIT_OF_TALKS,
        EXIT_OF_TALKS + "  admit_again: {label: Admit the case, from: screening, to: talks, who: [convener]}\n",
        "  admit_again:",
        "convener cannot tell it from admit",
    ),
    "unused clock": ("clocks:\n", "clocks:\n  spare: 1 wd\n", "  spare:", "nothing runs by it"),
    "unused mail": (
        "mails:\n  case",
        "mails:\n  unused: {kind: notice}\n  case",
        "  unused:",
        "nothing uses this mail",
    ),
    "unused role": ("roles:\n  con", "roles:\n  idler: {label: I, scope: case}\n  con", "  idler:", "uses this role"),
    "unused condition": (
        "conditions:\n",
        "conditions:\n  spare: {says: it holds, holds: amount > 1}\n",
        "  spare:",
        "nothing uses this condition",
    ),
    "unused field": (
        "fields:\n",
        "fields:\n  spare: {type: text, label: Spare}\n",
        "  spare:",
        "nothing uses this field",
    ),
    "unused phase": ("{intake: Intake,", "{spare: Spare, intake: Intake,", "phases:", "nothing uses this phase"),
    "an act nobody may do": ("    who: [convener]\n", "", "  admit:", "nobody may do this"),
    "an act only the clock may do, and does not": (
        EXIT_OF_TALKS,
        EXIT_OF_TALKS + "  idle: {label: Idle, from: talks, to: closed, who: [clock], outcome: lapsed}\n",
        "  idle:",
        "no silence fires it",
    ),
    "a deadline nobody starts": ("starts: [open], ", "", "  penalty:", "nobody starts it"),
    "a deadline without silence": (
        PENALTY + "\n    silence: {means: The amount doubles., fires: double}}",
        PENALTY + "}",
        "  penalty:",
        "it lacks silence",
    ),
    "an item deadline without states": ("states: [due], ", "", "  obligation:", "it lacks states"),
    "a share of a time without beginning": ("[-7 cd, +1 cd]", "[50%, +1 cd]", "  obligation:", "50% of what?"),
    "a tier that says nothing of silence": (
        "duty: convener, silence: {means: It is recorded., fires: double}",
        "duty: convener",
        "  T1:",
        "it lacks silence",
    ),
    "a clock of the case that says nothing of silence": (
        "    silence: {means: The amount doubles., fires: double}}",
        "    asks: Pay}",
        "  penalty:",
        "it lacks silence",
    ),
    "a clock of an item that says nothing of silence": (
        "[-7 cd, +1 cd], silence: {means: The offer lapses., fires: withdraw_offer}",
        "[-7 cd, +1 cd]",
        "  obligation:",
        "it lacks silence",
    ),
    "a tier without anybody to act": ("clock: 2 wd, duty: convener,", "clock: 2 wd,", "  T1:", "it lacks duty"),
    "a top that only climbs": (
        "silence: {means: It is recorded., fires: double}",
        "silence: {means: It climbs., fires: climb}",
        "  T1:",
        "the top of the ladder",
    ),
    "an end without an outcome": ("who: [clock], outcome: lapsed", "who: [clock]", "  lapse:", "without an outcome"),
    "an outcome without an end": ("tier: up}", "tier: up, outcome: won}", "  climb:", "never recorded"),
    "a mail to nobody": ("{kind: notice, to: [representative]}", "{kind: notice}", "  case_admitted:", "to nobody"),
    "a role called duty": (
        "roles:\n  con",
        "roles:\n  duty: {label: Duty, scope: office}\n  con",
        "  duty: {label: Duty",
        "a meaning of its own",
    ),
    "a tier called up": ("    T0: {", "    up: {", "    up: {", "a meaning of its own"),
    "a field in a zone that is none": (
        "label: Amount,",
        "label: Amount, zone: cellar,",
        "  amount:",
        "no field lies in",
    ),
    "a hidden field in the notice": (
        "initial: 0, required: false",
        "initial: 0, zone: team",
        "  amount:",
        "the notice, which everybody reads",
    ),
    "a shared field filled from what the team alone reads": (
        "    inputs: {paid: {",
        "    zone: team\n    inputs: {paid: {",
        "  pay:",
        "“amount” is read by all",
    ),
    "a share of an unknown time after the last act": (
        "[-7 cd, +1 cd]",
        "[{at: due, from: last contact}, +1 cd]",
        "  obligation:",
        "100% from last contact of what?",
    ),
    "a rung before its clock": (
        "{at: -1 wd, to: [representative]}",
        "{at: -1 wd, from: start, to: [representative]}",
        "  screening:\n    label",
        "-1 wd from start lies before",
    ),
    "steps out of order": ("[{at: 150%,", "[{at: 50%,", "  screening:\n    label", "comes before the one at 100%"),
    "spans out of order": (
        "silence: {means: The offer lapses., fires: withdraw_offer}}",
        "silence: {at: +2 cd, means: Late., fires: climb}, then: [{at: +1 cd, means: Off., fires: climb}]}",
        "  obligation:",
        "the step at 1 cd comes before the one at 2 cd",
    ),
    "an unknown stage of a clock": (
        "scope: case, starts: [open], stops: [pay]",
        "scope: stage, of: talking",
        "  penalty:",
        "no stage “talking”; did you mean “talks”",
    ),
    "a contact that all would read": (
        "50%, {at: -1 wd",
        "{at: 50%, from: last contact}, {at: -1 wd",
        "  screening:\n    label",
        "let a clock with zone: team count it",
    ),
    "a reminder to who may not know": (
        "clock: 60 cd, duty: representative,",
        "clock: 60 cd, zone: team, duty: representative, reminders: [50%],",
        "  penalty:",
        "reminds “representative”, who may not know of this clock",
    ),
    "two clocks of one name": ("  penalty: {", "  talks: {", "  talks: {", "the same name as that of stage talks"),
}


@pytest.mark.parametrize(("old", "new", "blamed", "words"), SPOILED.values(), ids=SPOILED.keys())
def test_the_checker_names_the_line_and_the_fault(old: str, new: str, blamed: str, words: str) -> None:
    text = spoiled(old, new)
    line = text[: text.index(blamed)].count("\n") + 1
    told = refusal(text).splitlines()
    assert any(problem.startswith(f"small.yaml:{line}: ") and words in problem for problem in told), told


@pytest.mark.parametrize("case", SPOILED)
def test_every_finding_says_how_to_mend_it(case: str) -> None:
    old, new, _, _ = SPOILED[case]
    assert all(";" in problem or "?" in problem for problem in refusal(spoiled(old, new)).splitlines())


def test_a_dead_end_is_found() -> None:
    stray = "  stray: {label: Stray, from: talks, to: attic, who: [convener]}\n"
    text = spoiled(CLOSED, ATTIC + CLOSED).replace("ladder:\n", stray + "ladder:\n")
    line = line_of(text, "  attic: {")
    assert f"small.yaml:{line}: stage attic: no way leads from here to a final stage" in refusal(text)


def test_a_stage_that_only_the_silent_duty_holder_can_leave_is_found() -> None:
    text = (
        GOOD.replace(
            "admit_by_silence: {label: Admit by silence, from: screening, to: talks, who: [clock]}",
            "admit_by_silence: {label: Admit by silence, from: screening, who: [clock], does: [record_screening]}",
        )
        .replace("    then: [{at: 150%, means: The next tier is told., fires: climb}]\n", "")
        .replace(
            'from: "*", to: unchanged, who: [clock, representative], tier: up',
            "from: talks, who: [representative], tier: up",
        )
    )
    line = line_of(text, "    label: Screening") - 1
    assert f"small.yaml:{line}: stage screening: only convener can move the case on" in refusal(text)


def test_all_findings_are_told_at_once() -> None:
    text = spoiled("who: [convener]", "who: [convenor]").replace("amount - paid", "amount - payed")
    assert len(refusal(text).splitlines()) >= 2
