"""The processes and scenarios among the documents: written as data alone, checked, and played from open to closed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cases import queries
from cases.people import Directory
from cases.record import Record, open_record
from cases.viewer import Viewer
from config import load, scenario_fit, scenarios, vocabulary, working_time
from config.clock import SimulatedClock
from config.scenarios import Scenario
from desk import player
from desk.cli import app
from desk.live import Live
from desk.paper import Paper
from states import draw, playing, simulate
from states.case import Case
from states.process import CLOCK, Process, Urgency
from tests.journeys.test_scenarios import LETTERHEAD
from tests.stores import store_in

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SCENARIOS = sorted(path.name for path in EXAMPLES.glob("*.scenario.yaml"))
PAGE = EXAMPLES.parent / "writing-a-scenario.md"
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROCESSES = ("complaint", "ombuds")
MISSION = "malakal"
"""An example that is the shipped process with a ladder of its own."""
Played = tuple[Scenario, Record, Live, tuple[player.Line, ...]]


@cache
def process(name: str) -> Process:
    return load.load_process(EXAMPLES / f"{name}.yaml", vocabulary=vocabulary.shipped())


@cache
def on_paper(name: str) -> tuple[tuple[player.Line, ...], Case]:
    scenario = scenarios.load_scenario(EXAMPLES / name)
    definition = scenarios.definition_of(scenario)
    scenario_fit.check_fit(scenario, definition)
    world = Paper(definition, working_time.shipped_calendars(), start=scenario.start)
    lines = tuple(player.play(scenario, world))
    assert world.case is not None
    return lines, world.case


def test_every_process_among_the_documents_is_known_here() -> None:
    others = {path.stem for path in EXAMPLES.glob("*.yaml")} - {name.removesuffix(".yaml") for name in SCENARIOS}
    assert others == {*PROCESSES, MISSION}


def test_a_mission_writes_its_own_ladder_and_keeps_everything_else() -> None:
    shipped, ours = load.load_shipped("dispute", vocabulary=vocabulary.shipped()), process(MISSION)
    assert list(ours.tiers) == list(shipped.tiers)
    assert ours.tiers["T1"].posts["mission"] == ("head of field office",)
    assert ours.tiers["T1"].find == ("post", "named", "manager")
    assert (ours.tiers["T2"].quorum, ours.tiers["T2"].acts) == ("2", ("decided", "approved", "returned", "passed up"))
    assert ours.tiers["T4"].acts == shipped.tiers["T4"].acts
    for part in ("stages", "triggers", "mails", "deadlines"):
        assert list(getattr(ours, part)) == list(getattr(shipped, part))
    assert ours.hash != shipped.hash


@pytest.mark.parametrize("name", PROCESSES)
def test_an_example_is_drawn_with_every_stage(name: str) -> None:
    assert [one for one in process(name).stages if f" as {one}\n" not in draw.mermaid(process(name))] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_example_is_played_to_its_end(name: str) -> None:
    lines, case = on_paper(name)
    assert lines[-1].stage == "Closed"
    assert case.outcome


@pytest.mark.parametrize("name", PROCESSES)
def test_every_silence_of_an_example_comes_to_pass(name: str) -> None:
    rules = process(name)
    said = {silence.fires for rule in rules.every_deadline() for silence in rule.silences}
    played = {line.trigger for line in on_paper(f"{name}.scenario.yaml")[0] if line.who == player.CLOCK}
    rehearsed = {step.act for stage in rules.stages for step in left_alone(rules, stage)}
    assert said <= played | rehearsed
    assert said == {act.name for act in rules.triggers.values() if CLOCK in act.who} - {"resume"}


def left_alone(rules: Process, stage: str) -> Iterator[playing.Played]:
    start = scenarios.load_scenario(EXAMPLES / "ombuds.scenario.yaml").start
    case = simulate.sample_case(rules, urgency=Urgency.U3, now=start, stage=stage)
    return simulate.rehearse(rules, case, working_time.shipped_calendars(), most=40)


def test_a_complaint_is_reopened_and_rated() -> None:
    lines, case = on_paper("complaint.scenario.yaml")
    acts = [line.trigger for line in lines]
    assert acts.index("close_unrated") < acts.index("reopen") < acts.index("rate")
    assert case.cycle == 2


def worked_example(folder: Path, *, old: str = "", new: str = "") -> Path:
    """Writes the scenario that a page shows into a file, with one piece of text put in place of another."""
    shown = BLOCK.findall(PAGE.read_text(encoding="utf-8"))[0]
    assert old in shown
    path = folder / "shown.scenario.yaml"
    path.write_text(shown.replace(old, new, 1), encoding="utf-8")
    return path


def checked(path: Path) -> str:
    """Says what `parley scenario check` answers."""
    result = CliRunner().invoke(app, ["scenario", "check", str(path)])
    return result.output


def test_the_scenario_that_the_page_shows_is_played_to_its_end(tmp_path: Path) -> None:
    assert "reaches its ending in 14 acts; withdrawn" in checked(worked_example(tmp_path))


def test_the_acts_that_wait_are_shown_as_they_are_played(tmp_path: Path) -> None:
    waiting = BLOCK.findall(PAGE.read_text(encoding="utf-8"))[1]
    last = "- {after: 1 wd, by: w1_mary, do: withdraw"
    indented = "".join(f"  {line}\n" for line in waiting.splitlines()).lstrip()
    path = worked_example(tmp_path, old=last, new=f"{indented}  {last}")
    assert "reaches its ending in 18 acts" in checked(path)


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        (
            "opened_by: w1_mary",
            "opened_by: w1_mari",
            "opened_by",
            "nobody is called “w1_mari” here; did you mean “w1_mary”?",
        ),
        (
            "organisation: w1_food, t",
            "organisation: w1_fod, t",
            "  w1_mary:",
            "there is no organisation “w1_fod”; did you",
        ),
        ("mary@riverfood.example", "mary@riverfood.org", "  w1_mary:", "“email” must end in .example"),
        ("do: submit", "do: submitt", "do: submitt", "there is no act “submitt”; did you mean “submit”?"),
        ("do: submit,", "do: submit, with: {why: now},", "why: now", "there is no input of “submit” “why”; known here"),
        ("{wait_for: acknowledge", "{by: w1_ann, do: climb", "do: climb", "nobody but the clockwork does “climb”"),
        ("{wait_for: acknowledge", "{wait_for: submit", "wait_for: submit", "the clock never does “submit”"),
        ("reason: Tuesday is the", "reason: Tuesday, the", "Tuesday, the", "put a text with a comma into quotes"),
        ('checked_safety: "yes"', 'checked_safety: "no"', "expect: {stage: root_cause}", "“admit” is refused"),
        ("{stage: submitted}", "{refused: no}", "do: submit", "“submit” was to be refused (no), and was done"),
        ("{stage: screening}", "{stage: cure}", "{stage: cure}", "is “screening” after “acknowledge”, not “cure”"),
        ("offer: $offer1", "offer: $offer", "do: reject_offer", "nothing was recorded under the label “offer” before"),
        (
            "wait_for: response_silent",
            "wait_for: lapse",
            "wait_for: lapse",
            "the clock never fires “lapse” within 120 days",
        ),
        ("[1 open, 1 rejected]", "[1 accepted]", "ending:", "offer: [1 rejected, 1 open] instead of 1 accepted"),
        ("until: unanswered", "until: ready", "demo:", "no act is labelled “ready”; write “as: ready” at one"),
        ('zone: "caucus:food"', "zone: shared", "do: add_note", "“blue lantern” is secret, and this act says it to"),
        ("as: unanswered", "as: log", "files:", "“log” is a file, so no act can be labelled with it"),
        ("convener: [w1_ann]", "convenor: [w1_ann]", "roles:", "there is no role of the case “convenor”; did you mean"),
        ("{representative: [w1_mary]}", "{speaker: [w1_mary]}", "parties:", "there is no role of a party “speaker”"),
        ("process: dispute", "process: dispite", "process:", "no process “dispite” is shipped"),
        ("process: dispute", "process: ours.yaml", "id:", "the file cannot be read"),
        ("roles: {convener: [w1_ann]}", "roles: {}", "roles:", "nobody runs the case; name somebody under “roles”"),
        ("opened_by: w1_mary", "opened_by: w1_jose", "opened_by:", "a case may be opened by"),
        ("  tier: T1\n", "", "ending:", "the tier is left out; write one of: T0, T1"),
    ],
)
def test_a_common_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, at: str, told: str) -> None:
    path = worked_example(tmp_path, old=old, new=new)
    said = checked(path)
    place = next(number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if at in line)
    assert told in said
    assert f".yaml:{place}: " in said


def test_the_first_scenario_on_paper_is_told_line_by_line() -> None:
    result = CliRunner().invoke(app, ["scenario", "play", str(EXAMPLES / "complaint.scenario.yaml")])
    assert "Lina Deng: Send the answer back a second time" in result.output
    assert "played to its end: mended" in result.output


def test_a_program_is_told_the_same_as_a_person(tmp_path: Path) -> None:
    run = CliRunner()
    good = run.invoke(app, ["scenario", "check", "--json", str(worked_example(tmp_path))])
    assert (good.exit_code, json.loads(good.output)["acts"]) == (0, 14)
    bad = worked_example(tmp_path, old="do: submit", new="do: submitt")
    told = run.invoke(app, ["scenario", "check", "--json", str(bad)])
    assert told.exit_code == 6
    assert json.loads(told.output)["findings"][0]["file"] == str(bad)


@pytest.fixture
def visit(tmp_path: Path, database_url: str) -> Iterator[Played]:
    """Yields the visit to the ombuds, played through the real service to its end."""
    yield from played("ombuds.scenario.yaml", database_url, folder=tmp_path)


@pytest.fixture
def complaint(tmp_path: Path, database_url: str) -> Iterator[Played]:
    """Yields the complaint, played through the real service to its end."""
    yield from played("complaint.scenario.yaml", database_url, folder=tmp_path)


def played(name: str, url: str, *, folder: Path) -> Iterator[Played]:
    scenario = scenarios.load_scenario(EXAMPLES / name)
    record = open_record(url, now=scenario.start, files=store_in(folder))
    hash_ = record.registry.store(scenarios.definition_of(scenario), at=scenario.start)
    world = Live(record, LETTERHEAD, SimulatedClock(scenario.start))
    yield scenario, record, world, tuple(player.play(replace(scenario, process=hash_), world))
    record.engine.dispose()


def file_of(record: Record, world: Live, person: str) -> str:
    """Spells everything that somebody reads of the case: what is on file, and what happened."""
    viewer = Viewer(Directory(record.engine).actor(person))
    file = queries.case_file(record, viewer, world.case_id, now=world.now())
    return f"{file.case} {file.timeline}"


def test_the_other_side_of_a_visit_reads_what_was_published_and_nothing_else(
    visit: Played,
) -> None:
    scenario, record, world, _ = visit
    theirs, own = file_of(record, world, "e1_karl"), file_of(record, world, "e1_ada")
    assert "I would like to see them first." in theirs
    assert [words for words in scenario.secret if words in theirs] == []
    assert [words for words in scenario.secret if words not in own] == []
    assert "open_a_door" not in theirs
    assert "copper kettle" not in file_of(record, world, "e1_noor")


def test_what_a_visitor_says_in_confidence_stands_in_no_mail(visit: Played) -> None:
    assert_kept(visit)


def test_what_a_complainant_says_in_confidence_stands_in_no_mail(complaint: Played) -> None:
    assert_kept(complaint)


def assert_kept(played: Played) -> None:
    scenario, _, _, lines = played
    mails = [line for line in lines if line.who == player.MAIL]
    assert mails
    assert [mail for mail in mails if any(words in mail.what + mail.text for words in scenario.secret)] == []
    assert {mail.recipient for mail in mails} <= {person.email for person in scenario.people.values()}
