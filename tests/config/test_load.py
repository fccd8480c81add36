"""The loader: what it reads, what it refuses and where, and what it keeps as the canonical text."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import definitions, load, vocabulary, yaml_nodes
from states import durations, errors, process
from tests.states.definitions import GOOD, VOCABULARY, line_of, spoiled

REAL = vocabulary.shipped()


def loaded(text: str = GOOD) -> process.Process:
    return load.load_text(text, name="small.yaml", vocabulary=VOCABULARY)


def refusal(text: str) -> str:
    with pytest.raises(errors.DefinitionError) as refused:
        loaded(text)
    return str(refused.value)


def test_a_clock_serves_each_urgency_class() -> None:
    deadline = loaded().stages["screening"].deadline
    assert deadline is not None
    assert [str(span) for span in deadline.spans.values()] == ["4 h", "1 wd", "3 wd", "10 wd"]


def test_one_span_alone_serves_all_classes() -> None:
    deadline = loaded().stages["talks"].deadline
    assert deadline is not None
    assert deadline.spans == dict.fromkeys(process.Urgency, durations.Duration(10, durations.Unit.CIVIL_DAY))


def test_reminders_are_shares_words_or_spans() -> None:
    deadline = loaded().stages["screening"].deadline
    assert deadline is not None
    assert [str(reminder.at) for reminder in deadline.reminders] == ["0%", "50%", "-1 wd", "100%"]
    assert [reminder.to for reminder in deadline.reminders] == [(), (), ("representative",), ()]
    assert {reminder.mail for reminder in deadline.reminders} == {"duty_reminder"}


def test_further_silences_follow_the_first() -> None:
    deadline = loaded().stages["screening"].deadline
    assert deadline is not None
    assert [(str(step.at), step.fires) for step in deadline.silences] == [
        ("100%", "admit_by_silence"),
        ("150%", "climb"),
    ]


def test_a_tier_names_its_own_deadline() -> None:
    deadline = loaded().tiers["T1"].deadline
    assert deadline is not None
    assert (deadline.name, deadline.scope) == ("T1", process.DeadlineScope.TIER)


def test_a_trigger_keeps_its_moves_in_order() -> None:
    moves = loaded().triggers["pay"].moves
    assert [(move.sources, move.to, move.needs) for move in moves] == [
        (("talks",), "closed", ("nothing_owed",)),
        (("screening", "talks"), None, ()),
    ]


def test_an_hour_without_quotes_stays_an_hour() -> None:
    rules = loaded().rules
    assert rules is not None
    assert (str(rules.cut_off), rules.roll, rules.day_ends) == (
        "17:00:00",
        durations.Roll.FOLLOWING,
        durations.DayEnds.SAME_TIME,
    )


def test_a_choice_may_be_called_no() -> None:
    text = spoiled("{type: number, label: Paid}", "{type: choice, label: Paid, choices: [yes, no]}")
    assert loaded(text).triggers["pay"].inputs["paid"].choices == ("yes", "no")


MALFORMED = {
    "unknown key": ("    phase: work\n", "    fase: work\n", "fase: work", "has no “fase”; did you mean “phase”?"),
    "unknown key at the top": ("title: A", "titel: A", "titel", "has no “titel”; did you mean “title”?"),
    "missing text": ("    label: Talks\n", "", "  talks:", "stage talks has no “label”; add the line “label: …”"),
    "a list for a text": ("label: Talks", "label: [Talks]", "label: [Talks]", "must be one text"),
    "a word for a table": ("ladder:\n  tiers:", "ladder: none\nx:\n  tiers:", "ladder: none", "must be a table"),
    "no span": ("clock: 10 cd", "clock: 10 moons", "clock: 10 moons", "neither a name under clocks nor a span"),
    "unknown clock": ("clock: screening", "clock: screning", "clock: screning", "did you mean “screening”?"),
    "missing urgency": ("U1: 4 h, ", "", "  screening: {U2", "clock screening has no “U1”"),
    "span before its start": ("clock: 10 cd", "clock: -10 cd", "clock: -10 cd", "a clock runs forward"),
    "no offset": ("[start, 50%,", "[start, half,", "reminders: [start, half", "or a share of the time such as 50%"),
    "unknown type": ("{type: number, label: Paid}", "{type: money, label: Paid}", "type: money", "“money” is not"),
    "choices of a number": ("label: Paid}", "label: Paid, choices: [a]}", "choices: [a]", "choices belong to"),
    "initial value of another type": ("initial: 0", "initial: much", "initial: much", "must be a number"),
    "no truth": ("final: true", "final: perhaps", "final: perhaps", "neither true nor false"),
    "no hour": ("cut_off: 17:00", "cut_off: teatime", "cut_off", "not an hour of the day"),
    "no time zone": ("timezone: Africa/Juba", "timezone: Juba", "timezone", "not a time zone"),
    "no expression": ("holds: amount <= 0", "holds: amount <=", "holds:", "is not an expression"),
    "expression that reaches out": ("holds: amount <= 0", "holds: open(1)", "holds:", "uses more than"),
    "a name with a space": ("  lapse: {", "  lapse now: {", "  lapse now:", "cannot name a trigger"),
    "no start": ("    from: screening\n", "", "  admit:", "starts nowhere"),
    "moves and to": ("    moves:\n", "    to: talks\n    moves:\n", "    to: talks\n    mo", "both “moves” and “to”"),
    "no stay": ("tier: up", "stay: longer", "  climb:", "write begin or end"),
    "no answer": ("tier: up", "answers: maybe", "  climb:", "write approved or"),
    "a notice after the end": (
        "deadlines:\n",
        "tours: {notice: -3 wd, mail: duty_reminder, asks: Go on, means: It stays.}\ndeadlines:\n",
        "tours:",
        "is a span before the end",
    ),
    "equal notice before the first": (
        "deadlines:\n",
        "deemed_served: {e-mail: 3 cd}\nservice: {mail: e-mail, equal_notice: -1 wd}\ndeadlines:\n",
        "service:",
        "is a span after the first",
    ),
    "service by nothing": ("deadlines:\n", "service: {cut_off: 16:00}\ndeadlines:\n", "service:", "no “mail”"),
    "a tour that means nothing": ("deadlines:\n", "tours: {mail: a, asks: b}\ndeadlines:\n", "tours:", "no “means”"),
    "scope of a tier": ("scope: case, starts", "scope: tier, starts", "  penalty:", "hangs on a tier"),
    "starts of a stage": ("scope: case, starts", "scope: stage, of: talks, starts", "  penalty:", "no meaning at"),
    "a stage without its name": (
        "scope: case, starts: [open], stops: [pay]",
        "scope: stage",
        "  penalty:",
        "add the line",
    ),
    "a silence without words": ("means: The case is closed.", 'means: ""', '    silence: {means: ""', "means nothing"),
    "an unknown anchor": (
        "50%, {at: -1 wd",
        "{at: 50%, from: last contract}, {at: -1 wd",
        "    reminders: [start",
        "did you mean “last contact”",
    ),
    "starts of an item": ("of: obligation", "of: obligation, starts: [pay]", "  obligation:", "no meaning at"),
    "the same name twice": ("opening_mails: []", "initial: talks", "initial: talks", "stands twice"),
    "an alias": (
        "roles: [convener], clock",
        "roles: &all [convener], may: *all, clock",
        "roles: &all",
        "repeats another place by an alias",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "blamed", "words"), MALFORMED.values(), ids=MALFORMED.keys())
def test_the_loader_names_the_line_and_the_fault(old: str, new: str, blamed: str, words: str) -> None:
    text = spoiled(old, new)
    line = text[: text.index(blamed)].count("\n") + 1
    told = refusal(text).splitlines()
    assert any(problem.startswith(f"small.yaml:{line}: ") and words in problem for problem in told), told


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.data())
def test_however_a_definition_is_garbled_the_answer_is_a_process_or_a_refusal(data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        line = data.draw(st.integers(0, len(lines) - 1))
        words = lines[line].split(" ")
        word = data.draw(st.integers(0, len(words) - 1))
        words[word] = data.draw(
            st.sampled_from(["", "null", "[]", "{}", "x:", "*", "50%", "'", "[[a]]", "{a: b}", "-"])
        )
        lines[line] = " ".join(words)
    with suppress(errors.DefinitionError):
        assert loaded("\n".join(lines)).stages


def test_all_problems_are_told_at_once() -> None:
    text = spoiled("title: A", "titel: A").replace("clock: 10 cd", "clock: 10 moons")
    lines = [int(problem.split(":")[1]) for problem in refusal(text).splitlines()]
    assert line_of(text, "titel") in lines
    assert line_of(text, "10 moons") in lines


def test_text_that_is_not_yaml_is_refused_with_its_line() -> None:
    assert refusal("process: x\nphases: [a\nroles: b\n").startswith("small.yaml:3: this is not YAML")


def test_an_empty_file_is_refused() -> None:
    assert "has no “process”" in refusal("")


def test_a_deep_file_is_refused_and_does_not_exhaust_the_machine() -> None:
    assert "nested more than" in refusal("a: " + "[" * 100_000)


def test_a_second_document_is_refused() -> None:
    assert "one definition in one file" in refusal(GOOD + "---\nprocess: other\n")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(errors.DefinitionError, match=r"nowhere\.yaml:1: the file cannot be read"):
        load.load_process(tmp_path / "nowhere.yaml", vocabulary=VOCABULARY)


def test_a_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(spoiled("title: A", "titel: A"), encoding="utf-8")
    with pytest.raises(errors.DefinitionError) as refused:
        load.load_process(path, vocabulary=VOCABULARY)
    assert str(refused.value).startswith(f"{path}:2: ") or f"{path}:2: " in str(refused.value)


def test_the_canonical_text_reads_back_as_itself() -> None:
    first = loaded()
    again = load.load_text(first.source, name="stored", vocabulary=VOCABULARY)
    assert (again.source, again.hash) == (first.source, first.hash)


def test_comments_quotes_and_the_order_of_keys_do_not_change_the_hash() -> None:
    other = "# a comment\n" + spoiled(
        "    label: Talks\n    phase: work\n", "    phase: 'work'\n    label: Talks # here\n"
    )
    other = other.replace("cut_off: 17:00, roll: following", 'roll: "following", cut_off: "17:00"')
    assert loaded(other).hash == loaded().hash


def test_any_other_number_changes_the_hash() -> None:
    assert loaded(spoiled("clock: 10 cd", "clock: 11 cd")).hash != loaded().hash


def test_the_order_of_phases_is_part_of_a_definition() -> None:
    other = spoiled("{intake: Intake, work: Work,", "{work: Work, intake: Intake,")
    assert loaded(other).hash != loaded().hash
    assert list(loaded(other).phases) == ["work", "intake", "closed"]


@pytest.mark.parametrize(
    "words", ["null", "~", "- x", "a: b # c", 'say "so"', "two\nlines", "مرحبا", "\x85\u2028", " x "]
)
def test_any_words_survive_the_canonical_text(words: str) -> None:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = escaped.replace("\x85", "\\N").replace("\u2028", "\\L")
    first = loaded(spoiled("title: A small process", f'title: "{escaped}"'))
    assert first.title == words
    assert load.load_text(first.source, name="stored", vocabulary=VOCABULARY).title == words


@pytest.mark.parametrize("name", load.shipped_processes())
def test_every_shipped_definition_passes_the_checker(name: str) -> None:
    shipped = load.load_shipped(name, vocabulary=REAL)
    assert shipped.name == name
    assert load.load_text(shipped.source, name="stored", vocabulary=REAL).hash == shipped.hash


def test_an_unknown_shipped_definition_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match="did you mean “dispute”"):
        load.load_shipped("disputes", vocabulary=REAL)


def extending(rest: str) -> process.Process:
    return load.load_text(f"process: ours\nextends: dispute\n{rest}", name="ours.yaml", vocabulary=REAL)


def test_an_extension_changes_one_number_and_keeps_the_rest() -> None:
    base = load.load_shipped("dispute", vocabulary=REAL)
    ours = extending("clocks: {screening: {U3: 9 wd}}\n")
    clocks = [one.stages["screening"].deadline for one in (base, ours)]
    assert clocks[0] is not None
    assert clocks[1] is not None
    changed = [urgency for urgency in process.Urgency if clocks[0].spans[urgency] != clocks[1].spans[urgency]]
    assert changed == [process.Urgency.U3]
    assert list(ours.triggers) == list(base.triggers)


def test_a_new_entry_stands_behind_the_one_it_is_written_after() -> None:
    problems = yaml_nodes.Problems()
    base, over = (
        yaml_nodes.parse(text, file="x.yaml", problems=problems)
        for text in (
            "intake: A\nroot_cause: B\nclosed: C\n",
            "intake: A\nclaims: X\nranking: Y\nroot_cause: null\nz: Z\n",
        )
    )
    merged = yaml_nodes.merge(base, over, problems=problems)
    assert list(merged.table) == ["intake", "claims", "ranking", "z", "closed"]


def test_the_example_of_the_manual_loads() -> None:
    manual = Path(__file__).parents[2] / "docs" / "process-language.md"
    example = manual.read_text(encoding="utf-8").partition("## Extending")[2].split("```yaml\n")[1].split("```")[0]
    ours = load.load_text(example, name="manual", vocabulary=REAL)
    assert ours.name == "our_dispute"
    assert "join_to" not in ours.triggers


def test_every_word_of_the_manual_is_known_to_the_loader() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "process-language.md").read_text(encoding="utf-8")
    written = yaml_nodes.parse(
        manual.split("```yaml\n")[1].split("```")[0], file="manual", problems=yaml_nodes.Problems()
    )
    refused = yaml_nodes.Problems()
    definitions.build(written, refused)
    assert [text for _, text in refused.found if " has no “" in text and "add the line" not in text] == []


def test_taking_away_what_is_not_there_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match=r"ours\.yaml:3: “withdrawn” is taken away, but"):
        extending("triggers: {withdrawn: null}\n")


def test_taking_away_what_others_need_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match="no trigger “climb”"):
        extending("triggers: {climb: null}\n")


def test_extending_the_unknown_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match=r"small\.yaml:1: “extends” must name a shipped definition"):
        loaded("extends: nothing\n" + GOOD)
