"""`parley process`: check a definition, draw it, and see what would follow from doing nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import output
from desk.cli.output import AsJson
from states import errors
from states.process import Urgency

if TYPE_CHECKING:
    from states.playing import Played
    from states.process import Process

app = typer.Typer(no_args_is_help=True, help="Check, draw and rehearse process definitions.")

Definition = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A YAML file, or the name of a shipped or own definition.")
]
_FINDING = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<text>.*)")


class Format(StrEnum):
    """What a drawing is written as."""

    MERMAID = "mermaid"
    SVG = "svg"


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the definitions that come with Parley and the office's own."""
    rows = [_described(name, path) for name, path in known().items()]
    if as_json:
        output.emit(rows)
        return
    columns = ("Name", "Title", "Stages", "Acts", "File")
    output.table(columns, [[row[column.lower()] for column in columns] for row in rows])


@app.command()
def check(definition: Definition, *, as_json: AsJson = False) -> None:
    """Check a definition; every finding names its file and line."""
    path = find(definition)
    try:
        process = load(path)
    except errors.DefinitionError as fault:
        if as_json:
            output.emit({"file": str(path), "good": False, "findings": findings(fault)})
            raise typer.Exit(6) from None
        raise
    if as_json:
        output.emit({"file": str(path), "good": True, "findings": [], "hash": process.hash})
        return
    output.say(f"{path}: “{process.title}” may be used; {_size(process)}")


@app.command()
def draw(
    definition: Definition,
    *,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Without it, what the file's name says; else Mermaid.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", dir_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a definition as Mermaid text or as an SVG picture."""
    from states import draw as drawing

    wanted = format_ or (Format.SVG if to and to.suffix == ".svg" else Format.MERMAID)
    process = load(find(definition))
    text = drawing.svg(process) if wanted is Format.SVG else drawing.mermaid(process)
    if as_json:
        output.emit({"name": process.name, "format": wanted, "drawing": text})
        return
    output.write_text(text, to)
    if to is not None:
        output.say(f"“{process.title}” is drawn in {to}")


@app.command()
def preview(
    definition: Definition,
    *,
    urgency: Annotated[Urgency, typer.Option(help="How fast the clocks run.")] = Urgency.U3,
    at: Annotated[str, typer.Option(help="When the case is opened, such as 2026-12-03T16:00; without it, now.")] = "",
    stage: Annotated[
        str, typer.Option(help="Where the case stands, such as submitted; without it, at the start.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show every date and mail that would follow from opening a case and doing nothing."""
    from config import clock, working_time
    from states import simulate

    process = load(find(definition))
    now = output.instant(at, process.timezone) if at else clock.SystemClock().now()
    if stage and stage not in process.stages:
        raise errors.DefinitionError(f"there is no stage “{stage}”; there are: {', '.join(process.stages)}")
    case = simulate.sample_case(process, urgency=urgency, now=now, stage=stage or None)
    steps = tuple(simulate.rehearse(process, case, working_time.shipped_calendars()))
    if as_json:
        told = [_step(one) for one in steps]
        output.emit({"process": process.name, "urgency": urgency, "opened_at": now, "steps": told})
        return
    output.say(f"{process.title}, {urgency}: opened on {output.stamp(now, process.timezone)} and left alone")
    output.table((f"When ({process.timezone})", "Clock", "What happens", "Mails", "Stage then"), _rows(process, steps))


@app.command()
def words(
    *,
    to: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", dir_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Print every built-in effect, condition, kind of item and type, as a page in Markdown."""
    from desk import process_words

    page = process_words.page()
    if as_json:
        output.emit({"page": page})
        return
    output.write_text(page, to)


def find(definition: str) -> Path:
    """Find the file of a definition by path or name. Raises `DefinitionError`."""
    from states import findings as found

    path, named = Path(definition), known()
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        return path
    if definition not in named:
        raise errors.DefinitionError(f"there is no definition “{definition}”; {found.nearest(definition, named)}")
    return named[definition]


def load(path: Path) -> Process:
    """Load and check the definition in a file. Raises `DefinitionError`."""
    from config import load as loading
    from config import vocabulary

    return loading.load_process(path, vocabulary=vocabulary.shipped())


def findings(fault: errors.DefinitionError) -> list[dict[str, Any]]:
    """Take the findings of the checker apart: file, line and what is wrong."""
    found = (_FINDING.fullmatch(line) for line in str(fault).splitlines())
    return [{**one.groupdict(), "line": int(one["line"])} for one in found if one]


def known() -> Mapping[str, Path]:
    """Name every definition: the shipped ones, and over them the office's own."""
    from config import load as loading
    from config.settings import Settings

    own = (path for folder in Settings().process_folders for path in sorted(folder.glob("*.yaml")))
    return {**loading.shipped_processes(), **{path.stem: path for path in own}}


def _described(name: str, path: Path) -> dict[str, Any]:
    try:
        process = load(path)
    except errors.DefinitionError as fault:
        count = len(findings(fault)) or 1
        told = {"title": f"cannot be used: {count} findings, see parley process check {name}", "stages": 0, "acts": 0}
        return {"name": name, **told, "file": str(path), "hash": None}
    sizes = {"stages": len(process.stages), "acts": len(process.triggers)}
    return {"name": name, "title": process.title, **sizes, "file": str(path), "hash": process.hash}


def _size(process: Process) -> str:
    clocks = len(process.every_deadline())
    return f"{len(process.stages)} stages, {len(process.triggers)} acts, {clocks} clocks, {len(process.mails)} mails"


def _step(one: Played) -> dict[str, Any]:
    return {
        "at": one.at,
        "deadline": one.timer.deadline if one.timer else None,
        "act": one.act,
        "mails": one.mails,
        "means": one.timer.means if one.timer else "",
        "stage": one.after.stage,
        "tier": one.after.tier,
        "refused": one.refused,
    }


def _rows(process: Process, steps: tuple[Played, ...]) -> Iterator[tuple[str, ...]]:
    labels = {rule.name: rule.label for rule in process.every_deadline()}
    for one in steps:
        deadline, means = (one.timer.deadline, one.timer.means) if one.timer else ("", "")
        act = process.triggers[one.act].label if one.act else "reminder"
        does = f"{act}: {means}" if one.act and means else act
        yield (
            output.stamp(one.at, process.timezone),
            labels.get(deadline, deadline),
            f"{does} (refused: {one.refused})" if one.refused else does,
            ", ".join(one.mails),
            f"{process.stages[one.after.stage].label}{f', {one.after.tier}' if one.after.tier else ''}",
        )
