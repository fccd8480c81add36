"""The roster in files: an entry read from a row of CSV, JSON or YAML, and the whole roster as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from cases.roster import Entry
from desk import shortlist_words
from states import errors
from states.directory import Away

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from desk import importing
    from states.shortlist import Candidate

COLUMNS = ("person", "skills", "languages", "places", "answers to", "away", "most cases")
_BETWEEN = ".."


def entry(told: importing.Entry, people: Mapping[str, str]) -> Entry:
    """Read what a row tells; `people` gives ids by id and by address.

    Raises `NeedsMissing` with everything that is wrong with the row.
    """
    wrong = [f"“{name}” is no column of the roster; known are: {', '.join(COLUMNS)}" for name in _unknown(told)]
    named = told.text("person")
    person = people.get(named) or people.get(named.lower(), "")
    if not person:
        wrong.append(f"nobody on file has the address or id “{named}”; see parley person add")
    days = tuple(_each(told.texts("away"), wrong))
    most = told.text("most cases") or str(Entry.__dataclass_fields__["most_cases"].default)
    if not most.isdecimal():
        wrong.append(f"“{most}” is no number of cases; write one such as 3")
    if wrong:
        raise errors.NeedsMissing(f"the roster cannot keep this: {'; '.join(wrong)}", missing=tuple(wrong))
    return Entry(
        person=person,
        skills=told.texts("skills"),
        languages=told.texts("languages"),
        places=told.texts("places"),
        answers_to=told.texts("answers to"),
        away=days,
        most_cases=int(most),
    )


def days_away(text: str) -> Away:
    """Read the days somebody is away: `2026-12-01..2026-12-20`, or one day alone. Raises `NeedsMissing`."""
    first, _, last = text.partition(_BETWEEN)
    try:
        return Away(date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip()))
    except ValueError:
        raise errors.NeedsMissing(f"“{text}” are no days away; write them like 2026-12-01..2026-12-20") from None


def as_csv(roster: Iterable[Candidate]) -> str:
    """Write a roster as the CSV that an import reads back."""
    page = io.StringIO()
    rows = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(map(as_row, roster))
    return page.getvalue()


def as_row(one: Candidate) -> dict[str, str]:
    """Spell what the roster holds about a person in the columns of a file."""
    lists = ("; ".join(words) for words in (one.skills, one.languages, one.places, one.answers_to))
    return dict(zip(COLUMNS, (one.person, *lists, shortlist_words.away(one), str(one.most_cases)), strict=True))


def _unknown(told: importing.Entry) -> Iterator[str]:
    return (name for name in told.values if name not in COLUMNS)


def _each(texts: Iterable[str], wrong: list[str]) -> Iterator[Away]:
    for text in texts:
        try:
            yield days_away(text)
        except errors.NeedsMissing as fault:
            wrong.append(str(fault))
