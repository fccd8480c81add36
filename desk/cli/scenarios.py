"""`parley scenario`: check a dispute that is written as data, and play it on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import output, processes
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from config.scenarios import Scenario
    from desk.player import Line

app = typer.Typer(no_args_is_help=True, help="Check scenarios and play them on paper, without a record or mails.")
ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A YAML file, or one of those that parley demo list shows.")
]


@app.command()
def check(scenario: ScenarioName, *, as_json: AsJson = False) -> None:
    """Check that a scenario can be read, fits its process, and ends as it says; every finding names file and line."""
    from config import scenarios

    try:
        script = scenarios.find_scenario(scenario)
        lines = tuple(on_paper(script))
    except errors.DefinitionError as fault:
        if as_json:
            output.emit({"scenario": scenario, "good": False, "findings": processes.findings(fault)})
            raise typer.Exit(6) from None
        raise
    acts = sum(bool(line.trigger) for line in lines)
    if as_json:
        output.emit({"scenario": scenario, "good": True, "findings": [], "acts": acts})
        return
    output.say(f"{scenario}: “{script.title}” reaches its ending in {acts} acts; {_ending(script)}")


@app.command()
def play(scenario: ScenarioName, *, as_json: AsJson = False) -> None:
    """Play a scenario on paper: every act with its instant and where the case then stands."""
    from config import scenarios

    script = scenarios.find_scenario(scenario)
    lines = on_paper(script)
    if as_json:
        output.emit({"scenario": script.id, "title": script.title, "timeline": list(lines)})
        return
    output.heading(f"{script.id}  {script.title}")
    for line in lines:
        print_line(line, str(script.start.tzinfo))
    output.say(f"played to its end: {_ending(script)}; times are those of {script.start.tzinfo}")


def on_paper(script: Scenario) -> Iterator[Line]:
    """Play a script by the pure rules alone, once every name in it is known to fit. Raises `DefinitionError`."""
    from config import scenario_fit, scenarios, working_time
    from desk import player
    from desk.paper import Paper

    process = scenarios.definition_of(script)
    scenario_fit.check_fit(script, process)
    yield from player.play(script, Paper(process, working_time.shipped_calendars(), start=script.start))


def print_line(line: Line, zone: str) -> None:
    """Print one line of a timeline."""
    place = ", ".join(part for part in (line.case, line.stage, line.tier) if part)
    if line.recipient:
        output.say(f"{'':20}  mail to {line.recipient}: {line.what}")
    else:
        output.say(f"{output.stamp(line.at, zone)}  [{place}]  {line.who}: {line.what}")


def _ending(script: Scenario) -> str:
    return script.ending.outcome or script.ending.stage
