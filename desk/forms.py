"""Forms for the inputs of an act: one component for each type of field, and how what was typed is read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cases import opening
from desk import file_words
from states import fields, file_ref, roles
from states.case import Case
from states.fields import FieldType
from states.said import listed, say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.people import Person
    from desk.file_words import Fact
    from desk.words import Words
    from states.fields import Field
    from states.items import Item

_FEW = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose: what is sent, what is read, a second line, and what else should be known to choose it.

    What stands `aside` is shown after the rest, for who looks for it.
    """

    value: str
    label: str
    hint: str = ""
    facts: tuple[Fact, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field as the page shows it; `kind` names the component."""

    name: str
    kind: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    required: bool = True
    options: tuple[Choice, ...] = ()

    @property
    def id(self) -> str:
        """The anchor that an error summary links to."""
        return f"field-{self.name}"

    @property
    def problem(self) -> str:
        """What is wrong, as the error summary tells it; empty when nothing is."""
        return under(self.label, self.error) if self.error else ""

    @property
    def chosen(self) -> frozenset[str]:
        """The values chosen: several where boxes may be ticked."""
        return frozenset(self.value.splitlines() if self.kind == "boxes" else (self.value,))

    @property
    def chosen_aside(self) -> bool:
        """Tell whether something chosen stands aside, so that it is not hidden."""
        return any(option.aside and option.value in self.chosen for option in self.options)

    @property
    def said(self) -> str:
        """What was typed or chosen, as a person reads it."""
        if self.kind == FieldType.FILE:
            return _file_name(self.value)
        chosen = listed(option.label for option in self.options if option.value in self.chosen)
        return chosen or self.value.replace("T", " " if self.kind == "datetime-local" else "T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMaker:
    """What the forms of a case offer: its parties and items, the people on file, and the place its times are in.

    `files` says which files may be uploaded.
    """

    case: Case
    people: Mapping[str, Person]
    zone: str
    words: Words
    files: str = ""

    def controls(
        self,
        asked: Mapping[str, Field],
        typed: Mapping[str, str] | None = None,
        *,
        filled_in: Mapping[str, str] | None = None,
    ) -> tuple[Control, ...]:
        """Make the component of each field; with what was typed, each knows its value and what is wrong with it.

        Before anything is typed, a field shows what is `filled_in` for it, or its initial value.
        """
        made = (self._control(field) for field in asked.values())
        if typed is None:
            given = {name: self._initial(field) for name, field in asked.items()} | dict(filled_in or {})
            return tuple(replace(one, value=given[one.name]) for one in made)
        problems = self.problems(asked, typed)
        # The page shows the text as it stands now, so its seal goes with it, and not an earlier one.
        said = {**typed, **{name: self._initial(field) for name, field in asked.items() if _is_seal(field)}}
        return tuple(replace(one, value=said.get(one.name, ""), error=problems.get(one.name, "")) for one in made)

    def sealed(self, asked: Mapping[str, Field]) -> Item | None:
        """Find the text to which the act puts a name, as it stands now; None for an act that asks for no seal."""
        field = next((one for one in asked.values() if _is_seal(one)), None)
        if field is None:
            return None
        fitting = [item for item in self.case.items if item.kind == field.of and item.state in field.states]
        return fitting[-1] if fitting else None

    def _initial(self, field: Field) -> str:
        text = self.sealed({field.name: field})
        return str(getattr(text, "text_hash", "")) if text is not None else _initial(field)

    def read(self, asked: Mapping[str, Field], typed: Mapping[str, str]) -> dict[str, str]:
        """Turn what was typed into raw inputs: a time without a zone is one at the place of the case."""
        said = {name: typed[name].strip() for name in asked if typed.get(name, "").strip()}
        return {name: self._raw(asked[name], text) for name, text in said.items()}

    def problems(self, asked: Mapping[str, Field], typed: Mapping[str, str]) -> dict[str, str]:
        """Name what is missing or cannot be read, by field."""
        raw, found = self.read(asked, typed), {}
        for name, field in asked.items():
            try:
                value = fields.read(field, raw.get(name))
            except fields.Unreadable as error:
                found[name] = str(error)
                continue
            if value in {None, ()} and field.required and field.initial is None:
                found[name] = _wanted(field, self._options(field))
        return found

    def nothing_to_choose(self, asked: Mapping[str, Field]) -> tuple[str, ...]:
        """Say what is not there yet of that which must be chosen, so that the form would lead nowhere."""
        wanted = (one for one in asked.values() if one.type in {FieldType.ITEM, FieldType.ITEMS} and one.required)
        return tuple(
            say("nothing is there to choose for “%(field)s”", field=one.label)
            for one in wanted
            if not self._options(one)
        )

    def _raw(self, field: Field, text: str) -> str:
        if field.type is not FieldType.INSTANT:
            return text
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            return text
        return instant.isoformat() if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(self.zone)).isoformat()

    def _control(self, field: Field) -> Control:
        options = self._options(field)
        kind = _KINDS.get(field.type, "text")
        if kind == "radios" and len(options) > _FEW:
            kind = "select"
        return Control(
            name=field.name,
            kind=kind,
            label=field.label,
            hint=field.help or self._hint(field),
            required=field.required or field.initial is not None,
            options=options,
        )

    def _hint(self, field: Field) -> str:
        if field.type is FieldType.INSTANT:
            return self.words.zone(self.zone)
        if field.type is FieldType.FILE:
            return self.files
        return say("One a line.") if field.type is FieldType.TEXTS and "one a line" not in field.label else ""

    def _options(self, field: Field) -> tuple[Choice, ...]:
        match field.type.one:
            case FieldType.YES_NO:
                return (Choice(value="yes", label=say("Yes")), Choice(value="no", label=say("No")))
            case FieldType.CHOICE:
                # What a form sends back is the same in every language, whatever its label says.
                return tuple(Choice(value=str(one), label=file_words.choice(self.case, one)) for one in field.choices)
            case FieldType.PARTY:
                return tuple(Choice(value=party.id, label=party.name) for party in self.case.parties)
            case FieldType.PERSON:
                return tuple(self._person_choices(field))
            case FieldType.ITEM:
                return tuple(self._item_choices(field))
        return ()

    def _person_choices(self, field: Field) -> list[Choice]:
        among = set(field.among(self.case)) if field.among else self.people.keys()
        fitting = [one for one in self.people.values() if one.active and one.id in among]
        parts = {one.id: _part_in(self.case, one.id) for one in fitting}
        named = [Choice(value=one.id, label=one.name, hint=parts[one.id], aside=not parts[one.id]) for one in fitting]
        return sorted(named, key=lambda one: one.aside)

    def _item_choices(self, field: Field) -> list[Choice]:
        fitting = (item for item in self.case.items if field.of in {None, item.kind})
        if field.confined:
            fitting = (item for item in fitting if item.zone != roles.SHARED)
        names = {person.id: person.name for person in self.people.values()}
        return [
            Choice(
                value=item.id,
                label=file_words.item_line(item, self.case, names),
                hint=word(item.state),
                facts=file_words.item_facts(item, self.case, names),
            )
            for item in fitting
            if not field.states or item.state in field.states
        ]


def of_no_case(people: Iterable[Person], *, zone: str, words: Words) -> FormMaker:
    """Make forms that are about no case, or about one that is not there yet."""
    now = words.now
    none = Case(id=opening.UNOPENED, number="", process="", title="", stage="", stage_since=now, opened_at=now)
    return FormMaker(case=none, people={person.id: person for person in people}, zone=zone, words=words)


_KINDS = {
    FieldType.LONG_TEXT: "long text",
    FieldType.TEXTS: "long text",
    FieldType.INTEGER: "number",
    FieldType.NUMBER: "number",
    FieldType.YES_NO: "radios",
    FieldType.DATE: "date",
    FieldType.INSTANT: "datetime-local",
    FieldType.CHOICE: "radios",
    FieldType.PARTY: "radios",
    FieldType.PERSON: "select",
    FieldType.ITEM: "radios",
    FieldType.SEAL: "hidden",
    FieldType.PARTIES: "boxes",
    FieldType.PEOPLE: "boxes",
    FieldType.ITEMS: "boxes",
    FieldType.CHOICES: "boxes",
    FieldType.FILE: "file",
}


def _part_in(case: Case, person: str) -> str:
    """Name the party whose part a person has in a case, or say that they have another one."""
    of_party = (one.name for one in case.parties if any(person in held for held in one.people.values()))
    elsewhere = say("In this case") if any(person in held for held in case.roles.values()) else ""
    return next(of_party, elsewhere)


def _file_name(reference: str) -> str:
    """Name the file that was uploaded; empty when none was."""
    try:
        return file_ref.parse(reference).name
    except ValueError:
        return ""


def _wanted(field: Field, options: tuple[Choice, ...]) -> str:
    """Say what to do about a field that was left empty."""
    if field.type is FieldType.FILE:
        return say("choose a file")
    return say("choose an answer") if options else say("fill this in")


def _is_seal(field: Field) -> bool:
    return field.type is FieldType.SEAL


def _initial(field: Field) -> str:
    if isinstance(field.initial, bool):
        return "yes" if field.initial else "no"
    return "" if field.initial is None else str(field.initial)
