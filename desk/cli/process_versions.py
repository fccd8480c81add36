"""`parley process diff`, `versions`, `migrate`, `migrations` and `revert`: versions, and the cases that run on them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output, processes
from desk.cli.output import AsJson
from states.migration import Choice, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cases.migrator import Judged, Order
    from notifications.office import Office
    from states.process import Process

app = processes.app

Version = Annotated[
    str,
    typer.Argument(metavar="VERSION", help="A file, the name of a definition, or a stored version: dispute@1f3a."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the process, such as dispute.")]
Number = Annotated[int, typer.Argument(metavar="MIGRATION", help="The number of a migration.")]
Reason = Annotated[str, typer.Option(help="Why: everybody in the cases reads it.")]
Pairs = list[str] | None


def _mapping(what: str) -> Any:  # noqa: ANN401 - typer's own kind of value
    return typer.Option(metavar="OLD=NEW", help=f"{what} takes the place of which; may be given several times.")


@app.command()
def diff(old: Version, new: Version, *, as_json: AsJson = False) -> None:
    """Tell what differs between two versions of a definition."""
    from states import differences

    found = differences.differences(version(old), version(new))
    if as_json:
        output.emit({"differences": found})
        return
    rows = [(one.kind, one.part, one.name, "\n".join(one.details)) for one in found]
    output.table(("", "Part", "Name", "What"), rows, empty="they mean the same")


@app.command()
def versions(name: Name, *, as_json: AsJson = False) -> None:
    """List the stored versions of a process and how many cases run on each."""
    from cases import process_migrations
    from cases import unit_of_work as work
    from states.process import SHOWN

    with work.reading(front.office().record.engine) as connection:
        found = process_migrations.versions(connection, name)
    if as_json:
        output.emit({"process": name, "versions": found})
        return
    rows = [(f"{name}@{one.hash[:SHOWN]}", output.stamp(one.stored_at, "UTC"), one.open, one.closed) for one in found]
    output.table(("Version", "Stored (UTC)", "Open cases", "Closed cases"), rows)


@app.command()
def migrate(  # noqa: PLR0913 - each option is one thing that may be chosen
    name: Name,
    *,
    to: Annotated[str, typer.Option(metavar="FILE|HASH", help="The version to move to.")],
    since: Annotated[str, typer.Option("--from", metavar="HASH", help="Only cases of this version.")] = "",
    stage: Annotated[Pairs, _mapping("Which stage")] = None,
    tier: Annotated[Pairs, _mapping("Which tier")] = None,
    field: Annotated[Pairs, _mapping("Which field")] = None,
    role: Annotated[Pairs, _mapping("Which part")] = None,
    rename_clock: Annotated[Pairs, _mapping("Which clock")] = None,
    value: Annotated[Pairs, typer.Option(metavar="FIELD=VALUE", help="What a new field holds.")] = None,
    timers: Annotated[Choice, typer.Option(help="How running clocks go on.")] = Choice.KEEP_DUE,
    clock: Annotated[Pairs, typer.Option(metavar="NAME=CHOICE", help="How one clock goes on.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Take closed cases along.")] = False,
    by: front.By = "",
    reason: Reason = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would become of each case.")] = False,
    as_json: AsJson = False,
) -> None:
    """Move running cases to another version of their process, each with its dates as chosen."""
    from cases.migrator import Migrator, Order
    from states.roles import Actor

    plan = Plan(
        stages=output.pairs(stage or ()),
        tiers=output.pairs(tier or ()),
        fields=output.pairs(field or ()),
        roles=output.pairs(role or ()),
        clocks=output.pairs(rename_clock or ()),
        values=output.pairs(value or ()),
        timers=timers,
        by_clock={one: _choice(word) for one, word in output.pairs(clock or ()).items()},
        closed=closed,
    )
    if not (by and reason.strip()) and not dry_run:
        raise typer.BadParameter("say who moves the cases and why: --by PERSON --reason TEXT")
    at = front.office()
    new = version(to if "@" in to or _is_definition(to) else f"{name}@{to}", at)
    if new.name != name:
        raise typer.BadParameter(f"{to} defines the process “{new.name}”, not “{name}”")
    actor = at.directory.actor(front.person(at, by).id) if by else Actor("")
    from_hash = at.record.registry.version(name, since.rpartition("@")[2]).hash if since else None
    order = Order(new=new, from_hash=from_hash, plan=plan, actor=actor, reason=reason)
    migrator = Migrator(at.service)
    if dry_run:
        _tell(migrator.look(order), at, title=f"To {new.version}, if it were done now", as_json=as_json)
        return
    _apply(migrator.begin(order), at, order, as_json=as_json)


@app.command()
def migrations(*, as_json: AsJson = False) -> None:
    """List who moved which cases to which version, and whether all were come to."""
    from cases import process_migrations
    from cases import unit_of_work as work
    from states.process import SHOWN

    with work.reading(front.office().record.engine) as connection:
        found = process_migrations.listed(connection)
    if as_json:
        output.emit({"migrations": found})
        return
    rows = [
        (
            one.migration.id,
            f"{one.migration.process}@{one.migration.to_hash[:SHOWN]}" if not one.migration.reverts else "back",
            one.migration.reverts or "",
            one.moved,
            one.migration.actor,
            output.stamp(one.migration.begun_at, "UTC"),
            output.stamp(one.migration.ended_at, "UTC") or "unfinished",
            one.migration.reason,
        )
        for one in found
    ]
    output.table(("", "To", "Takes back", "Cases", "By", "Begun (UTC)", "Ended (UTC)", "Why"), rows)


@app.command()
def revert(migration: Number, *, by: front.By, reason: Reason, as_json: AsJson = False) -> None:
    """Move back each case that a migration moved and in which nothing was done since."""
    from cases.migrator import Migrator

    at = front.office()
    actor = at.directory.actor(front.person(at, by).id)
    number = Migrator(at.service).begin_revert(migration, actor=actor, reason=reason)
    _apply(number, at, None, as_json=as_json)


def version(word: str, at: Office | None = None) -> Process:
    """Find a version of a definition: in a file, by its name, or stored under a hash whose beginning is enough.

    Raises `DefinitionError` and `NotFound`.
    """
    name, sign, beginning = word.rpartition("@")
    if not sign:
        return processes.load(processes.find(word))
    return (at or front.office()).record.registry.version(name, beginning)


def _is_definition(word: str) -> bool:
    """Tell whether a word names a file or a known definition, and not a hash."""
    return word.endswith((".yaml", ".yml")) or word in processes.known()


def _choice(word: str) -> Choice:
    try:
        return Choice(word)
    except ValueError:
        raise typer.BadParameter(f"“{word}” is no choice; choose one of: {', '.join(Choice)}") from None


def _apply(number: int, at: Office, order: Order | None, *, as_json: bool) -> None:
    from cases.migrator import Migrator

    moved = _followed(Migrator(at.service).run(number), silent=as_json)
    title = f"Migration {number}" + (f" to {order.new.version}" if order else "")
    _tell(moved, at, title=title, as_json=as_json)


def _followed(judged: Iterable[Judged], *, silent: bool) -> Iterator[Judged]:
    """Say how far it has come, for whoever waits."""
    for count, one in enumerate(judged, start=1):
        if not silent:
            output.say(f"{count}. {one.number}: {one.verdict.fate}")
        yield one


def _tell(judged: Iterable[Judged], at: Office, *, title: str, as_json: bool) -> None:
    found = tuple(judged)
    if as_json:
        output.emit({"title": title, "cases": [_data(one) for one in found]})
        return
    rows = [_row(one, at.settings.timezone) for one in found]
    output.table(("Case", "From", "Verdict", "Why, or which dates move"), rows, title=title, empty="no case to move")
    counts = Counter(one.verdict.fate for one in found)
    output.say(", ".join(f"{count}: {fate}" for fate, count in counts.items()) or "nothing to do")


def _data(judged: Judged) -> dict[str, object]:
    verdict = judged.verdict
    told = {"fate": verdict.fate, "reasons": verdict.reasons, "dates": verdict.dates}
    return {"case": judged.case_id, "number": judged.number, "from": judged.before, **told}


def _row(judged: Judged, zone: str) -> Sequence[object]:
    from states.process import SHOWN

    verdict = judged.verdict
    dates = (
        f"{one.clock}: {output.stamp(one.before, zone) or 'no date'} → {output.stamp(one.after, zone) or 'no date'}"
        for one in verdict.dates
    )
    return (judged.number, judged.before[:SHOWN], verdict.fate, "\n".join((*verdict.reasons, *dates)))
