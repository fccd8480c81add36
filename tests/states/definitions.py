"""A small good definition, its vocabulary, and a way to spoil one line of it."""

from states.check import Vocabulary

VOCABULARY = Vocabulary(
    conditions=frozenset({"right_forum_recorded"}),
    effects=frozenset({"record_screening"}),
    templates=frozenset({"case_admitted", "duty_reminder", "asked_above", "unused"}),
    item_kinds=frozenset({"offer", "obligation"}),
    calendars=frozenset({"mission"}),
    inputs={"record_screening": ("urgency",)},
)

GOOD = """\
process: small
title: A small process
prefix: S
timezone: Africa/Juba
calendar: mission
rules: {cut_off: 17:00, roll: following, day_ends: same time}
phases: {intake: Intake, work: Work, closed: Closed}
roles:
  convener: {label: Convener, scope: case, reads: [shared, team]}
  representative: {label: Representative, scope: party, reads: [shared, own caucus]}
fields:
  amount: {type: number, label: Amount, initial: 0, required: false}
conditions:
  nothing_owed: {says: nothing is owed, holds: amount <= 0}
clocks:
  screening: {U1: 4 h, U2: 1 wd, U3: 3 wd, U4: 10 wd}
initial: screening
opening_mails: []
stages:
  screening:
    label: Screening
    phase: intake
    duty: convener
    clock: screening
    reminders: [start, 50%, {at: -1 wd, to: [representative]}, due]
    silence: {means: The case is treated as admissible., fires: admit_by_silence}
    then: [{at: 150%, means: The next tier is told., fires: climb}]
  talks:
    label: Talks
    phase: work
    duty: responding representative
    clock: 10 cd
    silence: {means: The case is closed., fires: lapse}
  closed: {label: Closed, phase: closed, final: true}
triggers:
  admit:
    label: Admit the case
    from: screening
    to: talks
    who: [convener]
    owner: representative
    needs: [right_forum_recorded]
    does: [record_screening]
    mails: [case_admitted]
  admit_by_silence: {label: Admit by silence, from: screening, to: talks, who: [clock]}
  climb: {label: Take it up, mails: [asked_above], from: "*", to: unchanged, who: [clock, representative], tier: up}
  pay:
    label: Pay
    moves:
      - {from: talks, to: closed, needs: [nothing_owed]}
      - {from: [screening, talks], to: unchanged}
    who: [responding representative]
    inputs: {paid: {type: number, label: Paid}}
    set: {amount: amount - paid}
    outcome: settled
  lapse: {label: Close without an answer, from: talks, to: closed, who: [clock], outcome: lapsed}
  double: {label: Double the amount, from: "*", who: [clock], set: {amount: amount * 2}}
  withdraw_offer: {label: Let the offer lapse, from: "*", who: [clock], does: [record_screening]}
ladder:
  tiers:
    T0: {label: Field, roles: [representative]}
    T1: {label: Area, roles: [convener], clock: 2 wd, duty: convener, silence: {means: It is recorded., fires: double}}
deadlines:
  penalty: {label: Penalty, scope: case, starts: [open], stops: [pay], clock: 60 cd, duty: representative,
    silence: {means: The amount doubles., fires: double}}
  obligation: {label: Promise, scope: item, of: obligation, states: [due], due_from: due_at, duty: owner representative,
    reminders: [-7 cd, +1 cd], silence: {means: The offer lapses., fires: withdraw_offer}}
mails:
  case_admitted: {kind: notice, to: [representative]}
  duty_reminder: {kind: action, to: []}
  asked_above: {kind: notice, to: [tier, informed]}
"""


def spoiled(old: str, new: str) -> str:
    """Return the good definition with one passage replaced; the passage must stand there exactly once."""
    assert GOOD.count(old) == 1, f"“{old}” stands {GOOD.count(old)} times in the good definition"
    return GOOD.replace(old, new)


def line_of(text: str, words: str) -> int:
    """Return the number of the only line that holds these words."""
    found = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    assert len(found) == 1, f"“{words}” stands on lines {found}"
    return found[0]
