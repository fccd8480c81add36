"""What the command line prints: tables for people, JSON for programs, and errors with everything that is missing."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from desk import problems
from states import errors

if TYPE_CHECKING:
    from rich.console import Console

    from cases.receipts import Receipt
    from notifications.office import Office

_PIPED_WIDTH = 160
_WANTS_JSON = "parley wants json"
_KEPT_SIGNS = frozenset("\n\t")


def _remember(context: typer.Context, value: bool) -> bool:  # noqa: FBT001 - typer calls it so
    context.meta[_WANTS_JSON] = value
    return value


AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs.", callback=_remember, is_eager=True, show_default=False)
]


def emit(data: object) -> None:
    """Print a value as JSON on the standard output: dataclasses as objects, instants in ISO form."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=plain))


def emit_line(data: object) -> None:
    """Print a value as JSON on one line, for commands that go on speaking."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=plain))


def plain(value: object) -> object:
    """Turn what JSON does not know into what it knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def console() -> Console:
    """Give the page that people read; wide enough for a whole row when it is not a screen."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", empty: str = "nothing") -> None:
    """Print rows as a table, or say that there are none; the texts may come from anybody."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    filled = [[clean(cell) for cell in row] for row in rows]
    if not filled:
        say(f"{title}: {empty}" if title else empty)
        return
    drawn = Table(title=Text(title) if title else None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in filled:
        drawn.add_row(*map(Text, row))
    console().print(drawn)


def say(text: str) -> None:
    """Print a line for a person."""
    typer.echo(clean(text))


def heading(text: str) -> None:
    """Print the heading of a part."""
    typer.echo("")
    typer.secho(clean(text), bold=True)


def warn(text: str) -> None:
    """Print a line beside the answer, where programs do not look for it."""
    typer.secho(clean(text), fg=typer.colors.YELLOW, err=True)


def clean(value: object) -> str:
    """Spell a value without the signs that could steer a terminal."""
    text = "" if value is None else str(value)
    return "".join(sign for sign in text if sign.isprintable() or sign in _KEPT_SIGNS)


def stamp(instant: datetime | None, zone: str) -> str:
    """Spell an instant as the clocks at a place show it, in figures that sort."""
    return "" if instant is None else f"{instant.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def fail(error: errors.ParleyError, context: typer.Context) -> typer.Exit:
    """Tell an error and everything that is missing, and return the exit that ends the program with its code."""
    if context.meta.get(_WANTS_JSON):
        emit(problems.as_json(error))
    sentence, missing = _parts(error)
    typer.secho(clean(sentence), fg=typer.colors.RED, err=True)
    for one in missing:
        typer.echo(f"  - {clean(one)}", err=True)
    return typer.Exit(problems.problem_of(error).exit_code)


def _parts(error: errors.ParleyError) -> tuple[str, tuple[str, ...]]:
    """Take the list of what is missing out of the sentence, so that it stands a line each."""
    sentence = str(error)
    missing = error.missing if isinstance(error, errors.Refused) else ()
    if missing in {(), (sentence,)}:
        return sentence, ()
    return sentence.removesuffix("; ".join(missing)).rstrip(), missing


def confirm(at: Office, receipt: Receipt, what: str, *, as_json: bool) -> None:
    """Say what was done; where the case stands is read with the eyes of nobody, so only its number is told."""
    if as_json:
        emit(receipt)
        return
    say(f"{receipt.number}: {what}, now at version {receipt.version}")
    say(f"See it at {at.settings.base_url}/cases/{receipt.number}")


def write_text(text: str, path: Path | None) -> None:
    """Write a text to a file, or print it when no file is named."""
    if path is None:
        typer.echo(text, nl=False)
        return
    with _told_plainly(path):
        path.write_text(text, encoding="utf-8")


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file."""
    with _told_plainly(path):
        path.write_bytes(content)


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    """Tell in a sentence that a file cannot be written."""
    try:
        yield
    except OSError as fault:
        raise errors.ParleyError(f"{path} cannot be written ({fault.strerror}); choose another file") from None


def pairs(given: Sequence[str]) -> dict[str, Any]:
    """Read `name=value` options; a name given several times becomes a list."""
    found: dict[str, Any] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise typer.BadParameter(f"“{one}” must be written as name=value")
        name = name.strip()
        found[name] = value if name not in found else [*_listed(found[name]), value]
    return found


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - a value of any kind, or a list of them
    return value if isinstance(value, list) else [value]


def instant(text: str, zone: str) -> datetime:
    """Read an instant in ISO form; without a zone of its own it is meant at the given place."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no date and time; write it like 2026-12-03T16:00") from None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
