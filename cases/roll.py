"""The roll of everybody on file: found by words, organisation and office, in pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from cases import tables
from cases.paging import PAGE, Page
from cases.people import Directory, Person
from cases.unit_of_work import reading
from states import errors
from states.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class RollFilter:
    """Which people are wanted; what is empty takes all. `words` are looked for in names and addresses."""

    words: str = ""
    organisation: str = ""
    office: str = ""
    left: bool = False

    def takes(self, person: Person) -> bool:
        """Tell whether a person is one of those wanted."""
        text = f"{person.name} {person.email} {person.id}".casefold()
        return (
            person.active != self.left
            and all(word in text for word in self.words.casefold().split())
            and self.organisation in {"", person.organisation_id}
            and (not self.office or self.office in person.offices)
        )


def roll(directory: Directory, wanted: RollFilter, *, after: str = "", limit: int = PAGE) -> Page[Person]:
    """List people by name, those after the person whose id is given. Raises `NotFound` for a mark of no such list."""
    everyone = directory.everyone()
    ids = [person.id for person in everyone]
    if after and after not in ids:
        raise errors.NotFound(say("there is no such page of the list; begin again at the first"))
    rest = everyone[ids.index(after) + 1 if after else 0 :]
    fitting = [person for person in rest if wanted.takes(person)]
    shown = tuple(fitting[:limit])
    return Page(shown, shown[-1].id if len(fitting) > limit else None)


def open_parts(engine: Engine, person_id: str) -> int:
    """Count the open cases in which somebody has a part; of the cases nothing is told."""
    parts, cases = tables.case_people, tables.cases
    wanted = select(func.count(cases.c.id.distinct())).join(parts, parts.c.case_id == cases.c.id)
    mine = wanted.where(parts.c.person_id == person_id, cases.c.closed_at.is_(None))
    with reading(engine) as connection:
        return connection.execute(mine).scalar_one()
