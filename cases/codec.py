"""Turns cases, items, events and plain values into JSON text and back, the same text for the same value every time.

Canonical JSON has sorted keys, no spaces, and letters as they came. A value of a field says its own type where JSON
has none for it, so that a record can be read without the definition it was made under. A record outlives the classes it
was made with: a field that is gone is passed over, a new one has a default, and a text that has since become a
dataclass is read as the first field of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from states import case as cases
from states import events, items
from states.fields import Value
from states.process import Urgency
from states.said import Said

Read = Callable[[Any], Any]

# The rules import these for type checking only, so their annotations are resolved with this list.
_NAMES: Mapping[str, object] = {
    "Mapping": Mapping,
    "datetime": datetime,
    "Decimal": Decimal,
    "Value": Value,
    "Urgency": Urgency,
    "Case": cases.Case,
    "Party": cases.Party,
    "Stay": cases.Stay,
    "Extension": cases.Extension,
    "MovedDate": cases.MovedDate,
    "Carried": cases.Carried,
    "Item": items.Item,
}
_ABSTRACT: Mapping[type, Mapping[str, type]] = {items.Item: items.KINDS, events.Change: events.CHANGES}
_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()


def dump(value: object) -> str:
    """Write a value as canonical JSON."""
    return _encoder.encode(plain(value)).decode()


def parse(text: str) -> Any:  # noqa: ANN401 - JSON holds anything
    """Read JSON text into lists, dictionaries, texts, numbers, booleans and None."""
    return _decoder.decode(text)


def load(kind: Any, text: str) -> Any:  # noqa: ANN401 - a class, and a value of it
    """Read JSON text as a dataclass of the rules; `Item` and `Change` are told apart by their kind."""
    return reader(kind)(_decoder.decode(text))


def digest(value: object) -> str:
    """Return the SHA-256, in hex, of a value's canonical JSON."""
    return hashlib.sha256(_encoder.encode(plain(value))).hexdigest()


def plain(value: Any) -> Any:  # noqa: ANN401 - the rules hold many kinds of value
    """Reduce a value to what JSON knows; a dataclass with a kind names it, unless the kind goes without saying."""
    if value is None or isinstance(value, str | int | float):
        return str(value) if isinstance(value, Said) else value
    if isinstance(value, datetime):
        return {"instant": value.astimezone(UTC)}
    if isinstance(value, date | Decimal):
        return {"date" if isinstance(value, date) else "number": value}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return _plain_dataclass(value)
    return [plain(one) for one in value]


def _plain_dataclass(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass of the rules
    kind: Any = type(value)
    written = {name: plain(getattr(value, name)) for name in _field_names(kind)}
    if isinstance(value, items.Item | events.Change):
        written["kind"] = value.kind
    return written


@cache
def _field_names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass of the rules
    return tuple(field.name for field in fields_of(kind))


@cache
def reader(hint: Any) -> Read:  # noqa: ANN401 - a type hint
    """Return the function that reads decoded JSON as the type of a hint."""
    if hint == Value:
        return _value
    if hint in _ABSTRACT:
        return _of_kind(_ABSTRACT[hint])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if hint in {datetime, date, Decimal}:
        return _value
    return _dataclass(hint) if is_dataclass(hint) else _generic(hint)


def _generic(hint: Any) -> Read:  # noqa: ANN401 - a type hint
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        one = reader(next(kind for kind in inner if kind is not NoneType))
        return lambda raw: None if raw is None else one(raw)
    if origin is tuple:
        one = reader(inner[0])
        return lambda raw: tuple(map(one, raw))
    if origin is Mapping:
        one = reader(inner[1])
        return lambda raw: {key: one(value) for key, value in raw.items()}
    return _as_it_is


def _as_it_is(raw: Any) -> Any:  # noqa: ANN401 - decoded JSON
    return raw


def _value(raw: Any) -> Value:  # noqa: ANN401 - decoded JSON
    if isinstance(raw, list):
        return tuple(raw)
    if not isinstance(raw, dict):
        return raw  # type: ignore[no-any-return] # JSON's own text, whole number, boolean or null
    ((kind, text),) = raw.items()
    return _TYPED[kind](text)


_TYPED: Mapping[str, Callable[[str], Value]] = {
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
    "number": Decimal,
}


@cache
def readers_of(kind: Any) -> Mapping[str, Read]:  # noqa: ANN401 - a dataclass of the rules
    """Return, for each field of a dataclass, the function that reads it."""
    return {name: reader(hint) for name, hint in hints_of(kind).items()}


def hints_of(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a dataclass of the rules
    """Return the resolved type of each field of a dataclass."""
    hints = get_type_hints(kind, localns=dict(_NAMES))
    return {name: hints[name] for name in _field_names(kind)}


def _dataclass(kind: Any) -> Read:  # noqa: ANN401 - a dataclass of the rules
    readers = readers_of(kind)

    def read(raw: Any) -> Any:  # noqa: ANN401 - decoded JSON
        # What was a bare text when it was recorded is the first word of what has grown out of it.
        if isinstance(raw, str):
            return kind(raw)
        return kind(**{name: readers[name](value) for name, value in raw.items() if name in readers})

    return read


def _of_kind(kinds: Mapping[str, Any]) -> Read:
    return lambda raw: reader(kinds[raw["kind"]])(raw)
