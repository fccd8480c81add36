"""`parley case`: open, list, show, act on and import cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from cases.filters import Waits
from desk.cli import (
    calendar,
    case_sheet,
    documents,
    front,
    imports,
    likeness,
    output,
    papers,
    preview,
    proofs,
    radar,
    spent,
)
from desk.cli.front import As, By, CaseRef, Key
from desk.cli.output import AsJson
from states.process import Urgency

app = typer.Typer(no_args_is_help=True, help="Open, read and move cases.")
app.command("import", help=imports.HELP)(imports.import_)
app.command()(likeness.similar)
app.command()(radar.collisions)
app.command()(calendar.calendar)
app.command()(spent.time)
app.command()(preview.preview)
app.command("print")(papers.print_)
app.command()(papers.versions)
app.command()(proofs.service)
app.command()(documents.attach)
app.command()(documents.fetch)


@app.command("open")
def open_(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[
        Path | None, typer.Argument(help="A YAML or JSON file that tells of one case.", dir_okay=False, exists=True)
    ] = None,
    *,
    by: By,
    title: Annotated[str, typer.Option(help="What the dispute is about, in a line.")] = "",
    process: Annotated[str, typer.Option(help="The definition to follow; without it, dispute.")] = "",
    urgency: Annotated[Urgency | None, typer.Option(help="How fast the clocks run; without it, U3.")] = None,
    issue: Annotated[list[str] | None, typer.Option(help="A question in dispute; may be repeated.")] = None,
    details: Annotated[
        list[str] | None,
        typer.Option("--set", "-i", metavar="NAME=VALUE", help="As in a file: “initiating party”, “convener” …"),
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Open it even if it looks like a case there is.")] = False,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Open a case from a file, from options, or from a file with options in place of some of it."""
    options = {"title": title, "process": process, "urgency": urgency, "issues": issue, **output.pairs(details or [])}
    told = imports.one_entry(file, {name: value for name, value in options.items() if value})
    at = front.office()
    actor = at.directory.actor(front.person(at, by).id)
    asked = imports.command(at, told, known=imports.known(at), actor=actor, key=key or f"cli:{uuid4().hex}")
    likeness.ask_before(at, asked, anyway=anyway, quiet=as_json)
    output.confirm(at, at.service.open(asked), f"opened by {by}", as_json=as_json)


@app.command("list")
def list_(  # noqa: PLR0913 - each is an option of the command
    *,
    viewer: As,
    stage: Annotated[str | None, typer.Option(help="Only those at this stage.")] = None,
    phase: Annotated[str | None, typer.Option(help="Only those in this phase.")] = None,
    urgency: Annotated[Urgency | None, typer.Option(help="Only those of this urgency.")] = None,
    words: Annotated[str | None, typer.Option(help="Only those with these words in number, title or parties.")] = None,
    party: Annotated[str | None, typer.Option(help="Only those with these words in a party's name.")] = None,
    process: Annotated[str | None, typer.Option(help="Only those of this process.")] = None,
    waits_on: Annotated[Waits | None, typer.Option(help="Only those that wait for this person, or others.")] = None,
    sort: Annotated[str, typer.Option(help="The column to sort by, such as due; backwards with a minus.")] = "",
    only_open: Annotated[bool | None, typer.Option("--open/--closed", help="Only open, or only closed ones.")] = None,
    after: Annotated[str | None, typer.Option(help="Go on after this mark.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the cases in which a person has a part, the latest moved first."""
    from cases import queries

    at = front.office()
    wanted = queries.CaseFilter(
        stage=stage,
        phase=phase,
        process=process,
        urgency=urgency,
        words=words,
        party=party,
        waits_on=waits_on,
        open_only=only_open,
    )
    page = queries.list_cases(at.record, front.viewer(at, viewer), wanted=wanted, sort=sort, after=after, limit=limit)
    if as_json:
        output.emit({"cases": page.rows, "next": page.next})
        return
    zone = at.settings.timezone
    rows = [
        (
            row.number,
            row.title,
            row.stage_label,
            row.tier_label or "",
            row.urgency,
            output.stamp(row.due_at, zone),
            row.due_label,
        )
        for row in page.rows
    ]
    columns = ("Number", "Title", "Stage", "Tier", "Urgency", f"Next due ({zone})", "What is due")
    output.table(columns, rows, empty="no cases: this person has a part in none that was asked for")
    if page.next:
        output.say(f"There are more: --after {page.next}")


@app.command()
def show(case: CaseRef, *, viewer: As, as_json: AsJson = False) -> None:
    """Show a case as a person may see it: where it stands, its deadlines and why, what may be done, what happened."""
    from cases import queries

    at = front.office()
    file = queries.case_file(at.record, front.viewer(at, viewer), case, now=at.clock.now())
    if as_json:
        output.emit(case_sheet.as_data(file))
        return
    people = at.directory.people(case_sheet.people_of(file))
    case_sheet.print_sheet(file, {person.id: person.name for person in people.values()})


@app.command()
def board(case: CaseRef, *, viewer: As, as_json: AsJson = False) -> None:
    """Show the options of a case against its criteria, and the harm each may do."""
    from cases import queries
    from states import board as boards

    at = front.office()
    _, seen = queries.case_for(at.record, front.viewer(at, viewer), case)
    found = boards.of(seen)
    if as_json:
        output.emit({"criteria": found.criteria, "rows": found.rows})
        return
    columns = ("Option", "State", *(one.text for one in found.criteria), *(f"Harm: {head}" for head in boards.HEADS))
    rows = [
        (
            row.option.text,
            row.option.state,
            *(one.verdict if one else "" for one in row.judgements),
            *(one.level if one else "" for one in row.harms),
        )
        for row in found.rows
    ]
    output.table(columns, rows, empty="no options: nobody has put one on the board")


@app.command()
def shortlist(
    case: CaseRef,
    *,
    viewer: As,
    skill: Annotated[list[str] | None, typer.Option(help="A skill that helps; may be repeated.")] = None,
    place: Annotated[list[str] | None, typer.Option(help="A place to know; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rank the roster of neutrals for a case, with why everybody stands there and who could not mediate it."""
    from cases import shortlists
    from desk import shortlist_words
    from desk.words import Words
    from states.shortlist import Asked

    at = front.office()
    now, asked = at.clock.now(), Asked(skills=tuple(skill or ()), places=tuple(place or ()))
    found = shortlists.shortlist_for(at.record, front.viewer(at, viewer), case, now=now, asked=asked)
    if as_json:
        output.emit({"since": found.since, "until": found.until, "ranking": found.ranking})
        return
    words = Words(language="en", timezone=at.settings.timezone, now=now)
    ranked = [
        (
            one.candidate.name,
            "; ".join(shortlist_words.because(one, words, parties=found.parties)),
            one.candidate.person,
        )
        for one in found.ranking.ranked
    ]
    output.table(("Name", "Why here", "Id"), ranked, title="Who could mediate, best first", empty="nobody")
    barred = [(one.candidate.name, "; ".join(one.bars), one.candidate.person) for one in found.ranking.barred]
    output.table(("Name", "Why not", "Id"), barred, title="Who could not", empty="nobody")


@app.command()
def act(  # noqa: PLR0913 - each is an option of the command
    case: CaseRef,
    trigger: Annotated[str, typer.Argument(metavar="ACT", help="The act, as parley case show names it.")],
    *,
    by: By,
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", metavar="NAME=VALUE", help="What the act asks for; a list by repeating a name."),
    ] = None,
    version: Annotated[int | None, typer.Option(help="Only if nothing happened since this version.")] = None,
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Do an act on a case in the name of a person."""
    from cases import commands, reference

    at = front.office()
    asked = commands.ActOnCase(
        case_id=reference.case_id(at.record.engine, case),
        trigger=trigger,
        actor=at.directory.actor(front.person(at, by).id),
        key=key or f"cli:{uuid4().hex}",
        inputs=output.pairs(inputs or []),
        expected_version=version,
    )
    output.confirm(at, at.service.act(asked), f"{trigger} by {by}", as_json=as_json)


@app.command()
def missing(case: CaseRef, *, viewer: As, as_json: AsJson = False) -> None:
    """Say what is still open on a case: what keeps it from being closed, and what would only be missed."""
    from cases import missing as open_ends

    at = front.office()
    found = open_ends.of_case(at.record, front.viewer(at, viewer), case)
    if as_json:
        output.emit(found)
        return
    rows = [*(("keeps it open", one) for one in found.hard), *(("would be missed", one) for one in found.soft)]
    output.table(("Why it matters", "What is open"), rows, empty="nothing that this person may see is open")


@app.command()
def retry(
    case: CaseRef,
    timer: Annotated[str, typer.Argument(help="The timer's name, as parley doctor gives it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Let a timer that was kept for a person be tried again, once its cause is mended."""
    from cases import reference, timers

    at = front.office()
    timers.retry(at.record.engine, reference.case_id(at.record.engine, case), timer)
    if as_json:
        output.emit({"case": case, "timer": timer})
        return
    output.say(f"{case}: “{timer}” will be tried again at the next tick")
