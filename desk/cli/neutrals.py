"""`parley neutrals`: who serves as a neutral, with skills, languages, places, days away and load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from cases.roster import Entry
    from desk import importing
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="The roster of neutrals.")

REFUSED_CODE = 3
Person = Annotated[str, typer.Argument(metavar="PERSON", help="An e-mail address or id on file.")]
Skills = Annotated[list[str] | None, typer.Option("--skill", help="Such as “process gap” or water; may be repeated.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="A tag such as ar; may be repeated.")]
Places = Annotated[list[str] | None, typer.Option("--place", help="Where they have worked; may be repeated.")]
AnswersTo = Annotated[
    list[str] | None, typer.Option("--answers-to", help="The id of a person or organisation above them.")
]
Days = Annotated[list[str] | None, typer.Option("--away", help="Days such as 2026-12-01..2026-12-20; may be repeated.")]
MostCases = Annotated[int | None, typer.Option("--most-cases", help="How many cases they take at once.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the report of an import."""

    place: str
    person: str
    why: tuple[str, ...] = ()


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the roster, with the open cases that each mediates now."""
    from cases.roster import Roster
    from desk import shortlist_words

    everyone = Roster(front.office().record.engine).everyone()
    if as_json:
        output.emit(everyone)
        return
    rows = [
        (
            one.name,
            f"{one.load} of {one.most_cases}",
            ", ".join(one.languages),
            ", ".join(one.skills),
            ", ".join(one.places),
            shortlist_words.away(one),
            one.person,
        )
        for one in everyone
    ]
    columns = ("Name", "Cases", "Languages", "Skills", "Places", "Away", "Id")
    output.table(columns, rows, empty="nobody serves as a neutral yet: parley neutrals add PERSON")


@app.command()
def add(  # noqa: PLR0913 - each is an option of the command
    who: Person,
    *,
    skill: Skills = None,
    language: Languages = None,
    place: Places = None,
    answers_to: AnswersTo = None,
    away: Days = None,
    most_cases: MostCases = None,
    as_json: AsJson = False,
) -> None:
    """Put a person on the roster; without languages, the one of their mails counts."""
    from cases.roster import Entry, Roster

    at = front.office()
    found = front.person(at, who)
    if any(one.person == found.id for one in Roster(at.record.engine).everyone()):
        raise errors.Conflict(
            f"{found.name} is on the roster already; parley neutrals set {found.id} changes the entry"
        )
    given = _given(skill, language or [found.language], place, answers_to, away)
    _put(at, _changed(Entry(person=found.id), given, most_cases), found.name, as_json=as_json)


@app.command("set")
def set_(  # noqa: PLR0913 - each is an option of the command
    who: Person,
    *,
    skill: Skills = None,
    language: Languages = None,
    place: Places = None,
    answers_to: AnswersTo = None,
    away: Days = None,
    most_cases: MostCases = None,
    as_json: AsJson = False,
) -> None:
    """Change what the roster holds about a person; what is not given stays, and an empty text takes a list away."""
    from cases.roster import Roster

    at = front.office()
    found = front.person(at, who)
    known = Roster(at.record.engine).entry(found.id)
    given = _given(skill, language, place, answers_to, away)
    _put(at, _changed(known, given, most_cases), found.name, as_json=as_json)


@app.command()
def remove(who: Person, *, as_json: AsJson = False) -> None:
    """Take a person off the roster; what they mediate now goes on."""
    from cases.roster import Roster

    at = front.office()
    found = front.person(at, who)
    Roster(at.record.engine).remove(found.id)
    if as_json:
        output.emit({"person": found.id})
        return
    output.say(f"{found.name} is off the roster; open cases they mediate go on")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .csv, .json, .jsonl or .yaml file.", dir_okay=False, exists=True)],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and keep nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put each line of a file on the roster, in place of what it held about that person.

    Columns: person (an e-mail address or id), skills, languages, places, answers to, away, most cases.
    """
    from desk import importing

    entries = importing.read(file)
    report = list(_brought(front.office(), entries, dry_run=dry_run))
    refused = [line for line in report if line.why]
    if as_json:
        output.emit({"kept": len(report) - len(refused), "refused": refused})
    else:
        for line in refused:
            output.say(f"{line.place}: {line.person or 'nobody'}: refused")
            for why in line.why:
                output.say(f"  - {why}")
        output.say(f"{len(report) - len(refused)} {'would be ' if dry_run else ''}kept, {len(refused)} refused")
    if refused:
        raise typer.Exit(REFUSED_CODE)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="The file to write; without one it is printed.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the roster as the CSV that an import reads back; with --json print it as an import reads JSON."""
    from cases.roster import Roster
    from desk import roster_files

    everyone = Roster(front.office().record.engine).everyone()
    if as_json:
        output.emit([roster_files.as_row(one) for one in everyone])
        return
    output.write_text(roster_files.as_csv(everyone), file)


def _given(
    skills: list[str] | None,
    languages: list[str] | None,
    places: list[str] | None,
    answers_to: list[str] | None,
    away: list[str] | None,
) -> dict[str, list[str] | None]:
    return {"skills": skills, "languages": languages, "places": places, "answers_to": answers_to, "away": away}


def _changed(entry: Entry, given: dict[str, list[str] | None], most_cases: int | None) -> Entry:
    """Lay what was given over an entry."""
    from desk import roster_files

    lists = {name: tuple(word for word in words if word.strip()) for name, words in given.items() if words is not None}
    changes: dict[str, Any] = dict(lists)
    if "away" in lists:
        changes["away"] = tuple(map(roster_files.days_away, lists["away"]))
    if most_cases is not None:
        changes["most_cases"] = most_cases
    return replace(entry, **changes)


def _put(at: Office, entry: Entry, name: str, *, as_json: bool) -> None:
    from cases.roster import Roster

    kept = Roster(at.record.engine).put(entry)
    if as_json:
        output.emit(kept)
        return
    output.say(f"{name} serves as a neutral, in {kept.most_cases} cases at once at most")


def _brought(at: Office, entries: tuple[importing.Entry, ...], *, dry_run: bool) -> Iterator[Line]:
    """Keep each entry that can be kept, and tell of every one."""
    from cases.roster import Roster
    from desk import roster_files

    active = [person for person in at.directory.everyone() if person.active]
    people = {key: person.id for person in active for key in (person.id, person.email)}
    roster = Roster(at.record.engine)
    for told in entries:
        try:
            entry = roster_files.entry(told, people)
            kept = roster.check(entry) if dry_run else roster.put(entry)
        except errors.ParleyError as refusal:
            why = refusal.missing if isinstance(refusal, errors.Refused) else (str(refusal),)
            yield Line(place=told.place, person=told.text("person"), why=why)
        else:
            yield Line(place=told.place, person=kept.person)
