"""Turns what a file or a command line tells of a dispute into the request that opens it, or says all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.commands import OpenCase
from desk import importing
from states import errors, findings, roles
from states.case import Party, Side
from states.process import RoleScope, Urgency
from states.said import listed, say, together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.people import Organisation, Person
    from desk.importing import Entry
    from states.process import Process
    from states.roles import Actor

STANDARD = "dispute"
_OWN_COLUMNS = ("id", "number", "process", "title", "urgency", "issue", "issues")
_PARTY_COLUMN = re.compile(r"(?P<side>[a-z]+) (?P<what>.+?)(?: (?P<number>[2-9]|[1-9][0-9]))?")


@dataclass(frozen=True, slots=True)
class OnFile:
    """The people by id and by address, and the organisations by id and by name, that an entry may name."""

    people: Mapping[str, str]
    organisations: Mapping[str, Organisation]


def on_file(people: Iterable[Person], organisations: Iterable[Organisation]) -> OnFile:
    """Index everybody who is active, and every organisation."""
    active = [person for person in people if person.active]
    named = {key: one for one in organisations for key in (one.id, one.name.casefold())}
    return OnFile({key: person.id for person in active for key in (person.id, person.email)}, named)


def command(told: Entry, process: Process, *, known: OnFile, actor: Actor, key: str) -> OpenCase:
    """Make the request to open a case; raise `NeedsMissing` with everything that is wrong with the entry."""
    reading = _Reading(told, process, known)
    reading.title()
    asked = OpenCase(
        process=process.name,
        title=told.text("title"),
        actor=actor,
        key=key,
        urgency=reading.urgency(),
        parties=reading.who_is_in_it(),
        roles=dict(reading.roles()),
        issues=told.texts("issues") + told.texts("issue"),
        fields={name: told.values[column] for column, name in reading.fields.items() if column in told.values},
        number=told.text("number") or None,
    )
    reading.settle()
    return asked


def columns(process: Process) -> tuple[str, ...]:
    """List the columns an entry may have for this process, second parties of a side apart."""
    reading = _Reading(importing.entry("", {}), process, OnFile({}, {}))
    sides = (f"{side} {what}" for side in Side for what in ("party", *reading.party_roles))
    return (*_OWN_COLUMNS, *reading.case_roles, *sides, *reading.fields)


class _Reading:
    """Reads one entry column by column and keeps what is wrong with it."""

    def __init__(self, told: Entry, process: Process, known: OnFile) -> None:
        self._told = told
        self._process = process
        self._known = known
        self._wrong: list[str] = []
        self.case_roles = dict(self._roles(RoleScope.CASE))
        self.party_roles = dict(self._roles(RoleScope.PARTY))
        shared = (name for name, field in process.fields.items() if field.zone == roles.SHARED)
        self.fields = {importing.column_name(name): name for name in shared}

    def title(self) -> None:
        """Note it when nobody says what the dispute is about."""
        if not self._told.text("title"):
            self._wrong.append(say("a title is missing"))

    def urgency(self) -> Urgency:
        """Read the urgency class; an entry without one is U3."""
        wanted = self._told.text("urgency").upper() or Urgency.U3
        if wanted in frozenset(Urgency):
            return Urgency(wanted)
        self._wrong.append(
            say("“%(urgency)s” is no urgency; write one of: %(all)s", urgency=wanted, all=listed(Urgency))
        )
        return Urgency.U3

    def roles(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Read who has a part in the case as a whole."""
        for column, role in self.case_roles.items():
            if self._told.texts(column):
                yield role, tuple(self._people(column))

    def parties(self) -> Iterator[Party]:
        """Read the parties, in the order in which the entry first names them."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for column in self._told.values:
            party, role = self._party_column(column)
            if party is not None:
                people = found.setdefault(party, {})
                if role is not None:
                    people[role] = tuple(self._people(column))
            elif not self._is_known(column):
                near = findings.nearest(column, columns(self._process))
                self._wrong.append(
                    say(
                        "“%(column)s” is no column of a case of “%(process)s”; %(near)s",
                        column=column,
                        process=self._process.name,
                        near=near,
                    )
                )
        for party, people in found.items():
            yield self._party(party, people)

    def who_is_in_it(self) -> tuple[Party, ...]:
        """Read the parties; a case of a process that knows parties needs some, or nobody could ever read it."""
        parties = tuple(self.parties())
        if not parties and "initiating party" in columns(self._process):
            self._wrong.append(
                say("the parties are missing: give “initiating party”, “responding party” and their people")
            )
        return parties

    def settle(self) -> None:
        """Raise `NeedsMissing` if anything was wrong."""
        if self._wrong:
            missing = tuple(dict.fromkeys(self._wrong))
            raise errors.NeedsMissing(
                say("the case cannot be opened: %(missing)s", missing=together(missing)), missing=missing
            )

    def _roles(self, scope: RoleScope) -> Iterator[tuple[str, str]]:
        for name, role in self._process.roles.items():
            if role.scope is scope:
                yield importing.column_name(name), name

    def _is_known(self, column: str) -> bool:
        return column in _OWN_COLUMNS or column in self.case_roles or column in self.fields

    def _party_column(self, column: str) -> tuple[str | None, str | None]:
        """Take a column apart: the id of the party, and the role in it unless it is the party's own name."""
        found = _PARTY_COLUMN.fullmatch(column)
        if found is None or found["side"] not in frozenset(Side):
            return None, None
        party = f"{found['side']}-{found['number']}" if found["number"] else found["side"]
        if found["what"] == "party":
            return party, None
        return (party, self.party_roles[found["what"]]) if found["what"] in self.party_roles else (None, None)

    def _party(self, party: str, people: Mapping[str, tuple[str, ...]]) -> Party:
        side, _, number = party.partition("-")
        column = f"{side} party {number}".strip()
        name = self._told.text(column)
        if not name:
            self._wrong.append(say("“%(column)s” is missing: say who the party is", column=column))
        body = self._known.organisations.get(name.casefold()) or self._known.organisations.get(name)
        return Party(
            id=party,
            name=body.name if body else name,
            side=Side(side),
            organisation=body.id if body else "",
            calendar=body.calendar if body else None,
            people=people,
        )

    def _people(self, column: str) -> Iterator[str]:
        for name in self._told.texts(column):
            person = self._known.people.get(name) or self._known.people.get(name.lower())
            if person is None:
                self._wrong.append(
                    say(
                        "%(column)s: nobody on file has the address or id “%(name)s”; see parley person add",
                        column=column,
                        name=name,
                    )
                )
            else:
                yield person
