"""`parley demo`: load the demonstration cases, or watch a whole one go by on a simulated clock."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output, scenarios
from desk.cli.output import AsJson
from desk.cli.scenarios import ScenarioName

if TYPE_CHECKING:
    from config.scenarios import Scenario
    from desk.player import Line

app = typer.Typer(help="Load the demonstration cases, or play one.")


@app.callback(invoke_without_command=True)
def load(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Load the demonstration cases at different stages, some with deadlines a few minutes ahead; twice does no harm."""
    if context.invoked_subcommand is not None:
        return
    from desk import demo

    at = front.office()
    loaded = demo.load_demo(at.record, at.mailroom.letterhead, now=at.clock.now())
    if as_json:
        output.emit(loaded)
        return
    rows = [(one.scenario, one.number, one.stage, "now" if one.fresh else "before") for one in loaded]
    output.table(("Scenario", "Case", "Stage", "Loaded"), rows)
    output.say("parley up shows them")


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the scenarios that may be played."""
    from config.scenarios import load_shipped, shipped_scenarios

    found = [load_shipped(name) for name in shipped_scenarios()]
    told = [{"id": one.id, "title": one.title, "process": one.process, "acts": len(one.acts)} for one in found]
    if as_json:
        output.emit(told)
        return
    output.table(("Id", "Title", "Process", "Acts"), [tuple(one.values()) for one in told])


@app.command()
def play(
    scenario: ScenarioName,
    *,
    mails: Annotated[bool, typer.Option("--mails", help="Print the text of every mail.")] = False,
    speed: Annotated[float, typer.Option(min=0, help="Lines a second; 0 prints them as they come.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Replay a scenario from notice to closure, in a record of its own that is thrown away afterwards."""
    from config.scenarios import find_scenario

    script = find_scenario(scenario)
    # Nothing outlives the performance, so it need not wait for a disk.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(prefix="parley-", dir=memory if memory.is_dir() else None) as folder:
        lines = _played(script, Path(folder))
        if as_json:
            output.emit({"scenario": script.id, "title": script.title, "timeline": list(lines)})
            return
        output.heading(f"{script.id}  {script.title}")
        _print(lines, zone=str(script.start.tzinfo), mails=mails, speed=speed)
    ending = script.ending.outcome or script.ending.stage
    output.say(f"played to its end: {ending}; times are those of {script.start.tzinfo}")


def _played(script: Scenario, folder: Path) -> Iterator[Line]:
    """Play a script through the real service, record and mail room, with everything kept in a folder."""
    from cases.record import open_record
    from config import scenario_fit
    from config.clock import SimulatedClock
    from config.scenarios import definition_of
    from desk import player
    from desk.live import Live
    from notifications.from_settings import letterhead
    from notifications.office import file_store

    process = definition_of(script)
    scenario_fit.check_fit(script, process)
    clock = SimulatedClock(script.start)
    chosen = front.settings(data_folder=folder, database_url="")
    record = open_record(
        chosen.database, now=clock.now(), process_folders=chosen.process_folders, files=file_store(chosen)
    )
    try:
        pinned = replace(script, process=record.registry.store(process, at=clock.now()))
        yield from player.play(pinned, Live(record, letterhead(chosen), clock))
    finally:
        record.engine.dispose()


def _print(lines: Iterator[Line], *, zone: str, mails: bool, speed: float) -> None:
    """Print a timeline as it comes."""
    for line in lines:
        scenarios.print_line(line, zone)
        if mails and line.recipient:
            output.say("\n".join(f"{'':22}| {row}" for row in line.text.splitlines()))
        if speed:
            time.sleep(1 / speed)
