"""`parley case import`: many cases from a file, each opened whole or refused with its line and every reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output
from desk.cli.front import By
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.commands import OpenCase
    from desk.importing import Entry
    from desk.intake import OnFile
    from notifications.office import Office
    from states.roles import Actor

REFUSED_CODE = 3
# One line a paragraph, because the help keeps line breaks.
HELP = (
    "Open a case for each line of a file; what is refused is told with its line and every reason.\n\n"
    "Columns: title, urgency, issues, number, id; “initiating party” and “initiating representative” (an e-mail "
    "address or id), the same for responding and joined parties and for their other parts; a part in the case, such "
    "as “convener”; and every field of the process. Several values stand on lines of their own or between "
    "semicolons.\n\n"
    "A line that was imported before, known by its id or else by its content, is not opened again."
)


class Fate(StrEnum):
    """What became of a line."""

    OPENED = "opened"
    ALREADY = "already there"
    FINE = "would be opened"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the report."""

    place: str
    title: str
    fate: Fate
    number: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """How a file is brought in: by whom, following which definition where a line names none, for real or not."""

    office: Office
    actor: Actor
    known: OnFile
    process: str
    dry_run: bool
    seen: dict[str, Entry] = field(default_factory=dict)


def import_(
    file: Annotated[Path, typer.Argument(help="A .csv, .json, .jsonl or .yaml file.", dir_okay=False, exists=True)],
    *,
    by: By,
    process: Annotated[str, typer.Option(help="The definition for lines that name none.")] = "dispute",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and open nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open a case for each line of a file, and tell what is refused; the help for people is `HELP`."""
    from desk import importing

    entries = importing.read(file)
    at = front.office()
    actor = at.directory.actor(front.person(at, by).id)
    bringing = Import(office=at, actor=actor, known=known(at), process=process, dry_run=dry_run)
    report = list(_watched((_bring(bringing, told) for told in entries), total=len(entries), quiet=as_json))
    _tell(report, as_json=as_json)
    if any(line.fate is Fate.REFUSED for line in report):
        raise typer.Exit(REFUSED_CODE)


def one_entry(file: Path | None, options: dict[str, Any]) -> Entry:
    """Read the one case a file tells of, with the options laid over it."""
    from desk import importing

    entries = importing.read(file) if file else (importing.entry("the command line", {}),)
    if len(entries) != 1:
        raise typer.BadParameter(f"{file} tells of {len(entries)} cases; use parley case import for a list")
    given = {importing.column_name(name): value for name, value in options.items()}
    return importing.entry(entries[0].file, {**entries[0].values, **given}, line=entries[0].line)


def known(at: Office) -> OnFile:
    """Index whom and what a case may name."""
    from desk import intake

    return intake.on_file(at.directory.everyone(), at.directory.organisations())


def command(at: Office, told: Entry, *, known: OnFile, actor: Actor, key: str, default: str = "dispute") -> OpenCase:  # noqa: PLR0913
    """Make the request that opens the case an entry tells of. Raises `NotFound` and `NeedsMissing`."""
    from desk import intake

    process = at.record.registry.current(told.text("process") or default)
    return intake.command(told, process, known=known, actor=actor, key=key)


def _bring(bringing: Import, told: Entry) -> Line:
    title = told.text("title")
    first = bringing.seen.setdefault(told.key, told)
    try:
        if first.values != told.values:
            raise errors.Conflict(f"the id {told.text('id')} stands with another content at {first.place}")
        fate, number = _open(bringing, told)
    except errors.KeyReused:
        why = f"the id {told.text('id')} was imported before with another content; give this one another id"
        return Line(place=told.place, title=title, fate=Fate.REFUSED, why=(why,))
    except errors.ParleyError as refusal:
        why_not = refusal.missing if isinstance(refusal, errors.Refused) else (str(refusal),)
        return Line(place=told.place, title=title, fate=Fate.REFUSED, why=why_not)
    return Line(place=told.place, title=title, fate=fate, number=number)


def _open(bringing: Import, told: Entry) -> tuple[Fate, str]:
    """Open the case of one entry in one transaction, unless it was opened before or this is only a trial."""
    from cases import opening, receipts, unit_of_work

    at = bringing.office
    asked = command(at, told, known=bringing.known, actor=bringing.actor, key=told.key, default=bringing.process)
    with unit_of_work.reading(at.record.engine) as connection:
        earlier = receipts.find(connection, asked)
    if earlier is not None:
        return Fate.ALREADY, earlier.number
    if bringing.dry_run:
        opening.draft(asked, at.record.registry.current(asked.process), now=at.clock.now())
        return Fate.FINE, ""
    return Fate.OPENED, at.service.open(asked).number


def _watched(lines: Iterable[Line], *, total: int, quiet: bool) -> Iterator[Line]:
    """Pass the lines on, with a bar for whoever watches."""
    from rich.console import Console
    from rich.progress import track

    page = Console(stderr=True)
    return iter(track(lines, description="Importing", total=total, console=page, disable=quiet or not page.is_terminal))


def _tell(report: list[Line], *, as_json: bool) -> None:
    counts = {fate: sum(line.fate is fate for line in report) for fate in Fate}
    if as_json:
        output.emit({"counts": counts, "lines": report})
        return
    refused = [line for line in report if line.fate is Fate.REFUSED]
    for line in refused:
        output.say(f"{line.place}: {line.title or 'no title'}: refused")
        for why in line.why:
            output.say(f"  - {why}")
    output.say(", ".join(f"{count} {fate}" for fate, count in counts.items() if count) or "the file holds no case")
