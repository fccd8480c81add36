"""What differs between two definitions, told part by part."""

import pytest

from config import load
from states import differences
from tests.states.definitions import GOOD, VOCABULARY, spoiled

ATTIC = "  attic: {label: Attic, phase: work, duty: convener, clock: 1 wd, silence: {means: Up., fires: climb}}\n"
TO_ATTIC = "  climb_up: {label: To the attic, from: talks, to: attic, who: [convener]}\n"
FROM_ATTIC = "  come_down: {label: Down, from: attic, to: closed, who: [convener], outcome: settled}\n"

# What stands in the good definition, what replaces it, and what is told.
SILENCE = "(means {}, fires lapse, at 100%)"
CHANGES = {
    "a clock": ("U1: 4 h", "U1: 6 h", "clock “screening” changed: spans U1 was 4 h, is 6 h"),
    "a name": ("label: Admit the case", "label: In", "act “admit” changed: label was Admit the case, is In"),
    "a setting": ("prefix: S", "prefix: S\nlate_grace: 30 min", "setting “late grace minutes” changed: was 60, is 30"),
    "a condition": (
        "amount <= 0",
        "amount < 1",
        "condition “nothing_owed” changed: holds was amount <= 0, is amount < 1",
    ),
    "who acts": ("[clock, representative]", "[clock]", "act “climb” changed: who was clock, representative, is clock"),
    "who reads": ("reads: [shared, team]", "reads: [team]", "role “convener” changed: reads was shared, team, is team"),
    "a tier": ("label: Field", "label: Site", "tier “T0” changed: label was Field, is Site"),
    "a field": ("initial: 0", "initial: 5", "field “amount” changed: initial was 0, is 5"),
    "a mail": ("er: {kind: action", "er: {kind: notice", "mail “duty_reminder” changed: kind was action, is notice"),
    "an outcome": ("outcome: lapsed", "outcome: dropped", "act “lapse” changed: outcome was lapsed, is dropped"),
    "a silence": (
        "means: The case is closed.",
        "means: It ends.",
        f"clock “talks” changed: silences was {SILENCE.format('The case is closed.')}, is {SILENCE.format('It ends.')}",
    ),
}


def told(old: str, new: str) -> list[str]:
    before, after = (load.load_text(text, name="small.yaml", vocabulary=VOCABULARY) for text in (old, new))
    return [str(one) for one in differences.differences(before, after)]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_told_with_what_was_and_what_is(change: str) -> None:
    passage, replacement, expected = CHANGES[change]
    assert told(GOOD, spoiled(passage, replacement)) == [expected]


def test_a_new_stage_is_told_with_its_acts_and_its_clock_and_the_other_way_round_as_removed() -> None:
    richer = spoiled("  closed: {label", f"{ATTIC}  closed: {{label").replace(
        "  double: {label: Double", f"{TO_ATTIC}{FROM_ATTIC}  double: {{label: Double"
    )
    parts = ("stage “attic”", "act “climb_up”", "act “come_down”", "clock “attic”")
    assert told(GOOD, richer) == [f"{part} added" for part in parts]
    assert told(richer, GOOD) == [f"{part} removed" for part in parts]


def test_other_lines_and_comments_are_no_difference() -> None:
    moved = "# A comment.\n\n" + GOOD.replace("phases: {intake", "\nphases: {intake")
    assert told(GOOD, moved) == []
