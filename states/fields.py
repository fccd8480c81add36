"""Typed fields: what a case's own data and an act's inputs may hold, and how a raw value is read into one.

A raw value comes from a form, a command line, JSON or a file, so every type reads text as well as its own kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING

from states import file_ref
from states.said import listed, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from states.case import Case

Value = str | int | bool | Decimal | date | datetime | tuple[str, ...] | None


class FieldType(StrEnum):
    """The kinds of value a field may hold."""

    TEXT = "text"
    LONG_TEXT = "long text"
    TEXTS = "list of texts"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes or no"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    PARTY = "party"
    PERSON = "person"
    ITEM = "item"
    CASE = "case"
    SEAL = "seal"
    PARTIES = "parties"
    PEOPLE = "people"
    ITEMS = "items"
    CHOICES = "choices"
    FILE = "file"

    @property
    def one(self) -> FieldType:
        """The type of each value of a field that holds several; any other type is its own."""
        return _ONE_OF_MANY.get(self, self)

    @property
    def many(self) -> bool:
        """Tell whether a field holds several values."""
        return self is FieldType.TEXTS or self in _ONE_OF_MANY


_ONE_OF_MANY = {
    FieldType.PARTIES: FieldType.PARTY,
    FieldType.PEOPLE: FieldType.PERSON,
    FieldType.ITEMS: FieldType.ITEM,
    FieldType.CHOICES: FieldType.CHOICE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One named, typed value.

    `of` and `states` narrow an item field to a kind and the states it may be in, `confined` to what not everybody
    reads; `among` narrows a field of people to those that it finds in the case.
    `names` finds the people on file that the lines of a text name. `zone` says who reads a field of the case; an input
    is read by whoever reads its act.
    """

    name: str
    type: FieldType
    label: str
    required: bool = True
    choices: tuple[str, ...] = ()
    of: str | None = None
    states: tuple[str, ...] = ()
    confined: bool = False
    initial: Value = None
    help: str = ""
    line: int = 0
    among: Callable[[Case], Iterable[str]] | None = None
    names: Callable[[tuple[str, ...]], Iterable[str]] | None = None
    zone: str = "shared"


class Unreadable(ValueError):
    """A raw value that is not of the field's type; the sentence says what is wanted."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence as it was said."""
        super().__init__(sentence)
        self.sentence = sentence


MAX_TEXT = 100_000
SEAL_SHOWN = 16
"""How many letters of a hash are shown, and are enough to name a text."""
_YES = frozenset({"yes", "true", "1", "on"})
_NO = frozenset({"no", "false", "0", "off"})


def _text(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        wanted = say("%(field)s must be text", field=field.label)
        raise Unreadable(wanted)
    text = raw.strip().replace("\x00", "")
    if len(text) > MAX_TEXT:
        wanted = say(
            "%(field)s is longer than %(most)s characters; attach it as a document", field=field.label, most=MAX_TEXT
        )
        raise Unreadable(wanted)
    return text


def _texts(field: Field, raw: object) -> tuple[str, ...]:
    lines = raw.splitlines() if isinstance(raw, str) else raw
    if not isinstance(lines, list | tuple):
        wanted = say("%(field)s must be a list of texts, one a line", field=field.label)
        raise Unreadable(wanted)
    return tuple(text for text in (_text(field, line) for line in lines) if text)


def _ids(field: Field, raw: object) -> tuple[str, ...]:
    parts = raw.replace(",", "\n") if isinstance(raw, str) else raw
    return tuple(dict.fromkeys(_texts(field, parts)))


def _integer(field: Field, raw: object) -> int:
    try:
        return int(str(raw).strip())
    except ValueError:
        wanted = say("%(field)s must be a whole number, like 12", field=field.label)
        raise Unreadable(wanted) from None


def _number(field: Field, raw: object) -> Decimal:
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        wanted = say("%(field)s must be a number, like 12.50", field=field.label)
        raise Unreadable(wanted)
    return number


def _yes_no(field: Field, raw: object) -> bool:
    word = str(raw).strip().lower()
    if word not in _YES | _NO:
        wanted = say("%(field)s must be yes or no", field=field.label)
        raise Unreadable(wanted)
    return word in _YES


def _date(field: Field, raw: object) -> date:
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError:
        wanted = say("%(field)s must be a date, like 2026-12-03", field=field.label)
        raise Unreadable(wanted) from None


def _instant(field: Field, raw: object) -> datetime:
    try:
        instant = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    except ValueError:
        wanted = say("%(field)s must be a date and time with its zone, like 2026-12-03T16:00+02:00", field=field.label)
        raise Unreadable(wanted) from None
    if instant.tzinfo is None:
        wanted = say("%(field)s needs a time zone, like 2026-12-03T16:00+02:00", field=field.label)
        raise Unreadable(wanted)
    return instant.astimezone(UTC)


def _choice(field: Field, raw: object) -> str:
    if str(raw) not in field.choices:
        wanted = say("%(field)s must be one of: %(choices)s", field=field.label, choices=listed(field.choices))
        raise Unreadable(wanted)
    return str(raw)


def _choices(field: Field, raw: object) -> tuple[str, ...]:
    return tuple(_choice(field, one) for one in _ids(field, raw))


def _seal(field: Field, raw: object) -> str:
    seal = str(raw).strip().lower()
    if len(seal) < SEAL_SHOWN or set(seal) - set("0123456789abcdef"):
        wanted = say(
            "%(field)s must be the hash that stands on the text, at least its first %(letters)s letters",
            field=field.label,
            letters=SEAL_SHOWN,
        )
        raise Unreadable(wanted)
    return seal


def _file(field: Field, raw: object) -> str:
    """Read a reference without its stamp; that its bytes are there is known at the front door."""
    try:
        return str(replace(file_ref.parse(str(raw).strip()), stamp=""))
    except ValueError:
        wanted = say("%(field)s must be uploaded first", field=field.label)
        raise Unreadable(wanted) from None


_READERS: Mapping[FieldType, Callable[[Field, object], Value]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.TEXTS: _texts,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.YES_NO: _yes_no,
    FieldType.DATE: _date,
    FieldType.INSTANT: _instant,
    FieldType.CHOICE: _choice,
    FieldType.PARTY: _text,
    FieldType.PERSON: _text,
    FieldType.ITEM: _text,
    FieldType.CASE: _text,
    FieldType.PARTIES: _ids,
    FieldType.PEOPLE: _ids,
    FieldType.ITEMS: _ids,
    FieldType.CHOICES: _choices,
    FieldType.SEAL: _seal,
    FieldType.FILE: _file,
}


def read(field: Field, raw: object) -> Value:
    """Read a raw value as the field's type.

    Returns None for an absent or empty value. Raises `Unreadable` with a sentence about the field.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READERS[field.type](field, raw)


def each(value: Value) -> tuple[str, ...]:
    """List the texts of a value that names one thing, several, or none."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (str(value),)


def read_all(wanted: Mapping[str, Field], given: Mapping[str, object]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Read all inputs at once: the values, and one sentence for each that is missing, malformed or unknown."""
    values: dict[str, Value] = {}
    problems: list[str] = [say("“%(name)s” is not asked for here", name=name) for name in given if name not in wanted]
    for name, field in wanted.items():
        try:
            value = read(field, given.get(name))
        except Unreadable as error:
            problems.append(error.sentence)
            continue
        values[name] = field.initial if value is None else value
        if values[name] in {None, ()} and field.required:
            problems.append(say("%(field)s is missing", field=field.label))
    return values, tuple(problems)
