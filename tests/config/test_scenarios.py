"""Scenarios as data: every shipped one loads and fits its process, and mistakes are told by file and line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import load, scenario_fit, scenarios, vocabulary, working_time
from config.scenarios import Scenario
from desk import player
from desk.paper import Paper
from states import errors

NAMES = ("S1", "S2", "S3", "S4", "S5", "S7", "S8")
Write = Callable[..., Path]


def rehearse_scenario(scenario: Scenario) -> list[player.Line]:
    """Walk a scenario by the pure rules alone."""
    process = load.load_shipped(scenario.process, vocabulary=vocabulary.shipped())
    return list(player.play(scenario, Paper(process, working_time.shipped_calendars(), start=scenario.start)))


@pytest.fixture
def changed(tmp_path: Path) -> Write:
    """Returns a way to write the third scenario with one piece of text put in place of another."""

    def write(old: str, new: str) -> Path:
        text = scenarios.shipped_scenarios()["S3"].read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "S3_changed.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def test_the_seven_scenarios_are_shipped() -> None:
    assert tuple(scenarios.shipped_scenarios()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_fits_its_process_before_it_is_played(name: str) -> None:
    scenario = scenarios.load_shipped(name)
    scenario_fit.check_fit(scenario, scenarios.definition_of(scenario))


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_reaches_its_ending_by_the_pure_rules(name: str) -> None:
    lines = rehearse_scenario(scenarios.load_shipped(name))
    assert lines[-1].stage == "Closed"
    assert any(line.who == player.CLOCK for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_says_what_is_history_and_what_is_invented(name: str) -> None:
    scenario = scenarios.load_shipped(name)
    assert scenario.documented
    assert "invented" in scenario.modelled
    assert scenario.secret


def test_people_and_addresses_are_never_shared_between_scenarios() -> None:
    shipped = [scenarios.load_shipped(name) for name in NAMES]
    people = [person for scenario in shipped for person in scenario.people.values()]
    assert len({person.id for person in people}) == len({person.email for person in people}) == len(people)
    assert {person.language for person in people} == {"ar", "en", "es", "fr", "ru", "zh"}


def test_the_urgent_scenario_may_begin_at_any_hour_of_the_week() -> None:
    scenario = scenarios.load_shipped("S7")
    for hours in range(0, 168, 13):
        assert rehearse_scenario(replace(scenario, start=scenario.start + timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "by: s3_musu, do: submit",
            "by: s3_musa, do: submit",
            "nobody is called “s3_musa” here; did you mean “s3_musu”?",
        ),
        ("musu.kollie@riverhealth.example", "musu@riverhealth.org", "“email” must end in .example"),
        ("language: en", "language: xx", "“language” must be one of: ar, en, es, fr, ru, zh"),
        ("organisation: s3_health, t", "organisation: s3_heath, t", "there is no organisation “s3_heath”"),
        ("start: 2026-02-02T09:30", "start: Monday", "“start” must be a local date and time"),
        ("demo: {until: closed}", "demo: {until: nowhere}", "no act is labelled “nowhere”"),
        (
            "secret: [silver mango]",
            "secret: [golden pear]",
            "nobody says “golden pear”; let an act write them where few read it",
        ),
        ("offer: [1 accepted, 1 lapsed]", "offer: [accepted]", "“accepted” is not a count and a state"),
        ("{after: 1 h, by: s3_musu, do: submit", "{after: 1 h, do: submit", "this act is nobody's"),
        ("do: submit,", "do: submit, dou: x,", "has no “dou”"),
        ("in: lofa, by: s3_korto", "in: lofu, by: s3_korto", "there is no case “lofu”"),
        ("read_by: [s3_musu,", "read_by: [s3_muso,", "nobody is called “s3_muso” here"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(changed: Write, old: str, new: str, told: str) -> None:
    path = changed(old, new)
    with pytest.raises(errors.DefinitionError) as caught:
        scenarios.load_scenario(path)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


def test_an_unknown_scenario_is_answered_with_the_names_of_those_there_are() -> None:
    with pytest.raises(errors.DefinitionError, match="no scenario “S6” is shipped"):
        scenarios.load_shipped("S6")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("do: submit, expect: {stage: submitted}", "do: submit, expect: {stage: closed}", "not “closed”"),
        ("do: submit, expect: {stage: submitted}", "do: submit, expect: {urgency: U1}", "the urgency is “U3”"),
        ('clause: "project procedure, §4.2"', "clause: Another paper", "nothing has come back so often"),
        ("items: {link: [2 open]}", "items: {link: [1 open]}", r"there are link: \[2 open\] instead of 1 open"),
        ("read_by: [s3_musu,", "read_by: [", "recorded is read by s3_bilal, .*s3_musu"),
        ("T0, outcome: withdrawn", "T0, outcome: settled", "lofa: outcome: withdrawn instead of settled"),
        ("wait_for: open_pattern, as: pattern", "wait_for: open_pattern, as: habit", "there is no case “pattern”"),
        ("do: submit,", "do: admit,", "“admit” is refused"),
        ("offer: $water_and_road", "offer: $three_days", "nothing was recorded under the label “three_days”"),
        ("wait_for: lapse_offer", "wait_for: expire_interim", "the clock never fires “expire_interim” within 120 days"),
        (
            "offer: [1 accepted, 1 lapsed]",
            "offer: [2 accepted]",
            r"offer: \[1 lapsed, 1 accepted\] instead of 2 accepted",
        ),
    ],
)
def test_a_script_that_no_longer_fits_the_process_says_where(changed: Write, old: str, new: str, told: str) -> None:
    path = changed(old, new)
    with pytest.raises(errors.DefinitionError, match=told):
        rehearse_scenario(scenarios.load_scenario(path))


def test_a_case_that_is_acted_on_before_it_was_opened_is_told(changed: Write) -> None:
    path = changed("  - {after: 1 h, by: s3_musu, do: submit", "  - {in: pattern, by: s3_musu, do: submit")
    with pytest.raises(errors.DefinitionError, match="no case was opened under the label “pattern” before"):
        rehearse_scenario(scenarios.load_scenario(path))


def test_a_group_without_an_organisation_is_a_party() -> None:
    parties = {party.id: party for party in scenarios.load_shipped("S5").parties}
    assert (parties["residents"].organisation, parties["relief"].organisation) == ("", "s5_relief")


def test_an_act_that_was_to_be_refused_and_is_not_breaks_the_script(changed: Write) -> None:
    path = changed("do: submit, expect: {stage: submitted}", "do: submit, expect: {refused: two parties}")
    with pytest.raises(errors.DefinitionError, match="was to be refused"):
        rehearse_scenario(scenarios.load_scenario(path))
