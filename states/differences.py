"""What differs between two definitions, in words: what was added, what was removed, and what was changed into what.

Values are compared as they were compiled, so that moving lines about in a file is no difference.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from states.process import Process

_PARTS = {
    "phases": "phase",
    "roles": "role",
    "fields": "field",
    "conditions": "condition",
    "stages": "stage",
    "tiers": "tier",
    "triggers": "act",
    "mails": "mail",
    "limits": "limit",
    "clauses": "clause",
}
# What is told elsewhere: a clock under its own name, and a name by which the value is found.
_TOLD_ELSEWHERE = frozenset({"name", "line", "deadline"})
_NO_SETTINGS = frozenset({"name", "hash", "source", "deadlines", *_PARTS})
NOTHING = "nothing"


class Kind(StrEnum):
    """How a part of one definition is another in the other one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: which kind of part, its name, how, and for a changed one what was and what is."""

    part: str
    name: str
    kind: Kind
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in a line."""
        told = f"{self.part} “{self.name}” {self.kind}"
        return f"{told}: {'; '.join(self.details)}" if self.details else told


def differences(old: Process, new: Process) -> tuple[Difference, ...]:
    """List everything that differs, in the order of the definitions; nothing when they mean the same."""
    clocks = ({rule.name: rule for rule in one.every_deadline()} for one in (old, new))
    settings = {one.name for one in dataclasses.fields(old)} - _NO_SETTINGS
    return (
        *_of_settings(old, new, settings),
        *(one for name, part in _PARTS.items() for one in _of_part(part, getattr(old, name), getattr(new, name))),
        *_of_part("clock", *clocks),
    )


def _of_settings(old: Process, new: Process, names: set[str]) -> Iterator[Difference]:
    for name in sorted(names):
        details = tuple(_details("", getattr(old, name), getattr(new, name)))
        if details:
            yield Difference("setting", name.replace("_", " "), Kind.CHANGED, details)


def _of_part(part: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Difference]:
    yield from (Difference(part, name, Kind.REMOVED) for name in old if name not in new)
    for name in new:
        if name not in old:
            yield Difference(part, name, Kind.ADDED)
        elif details := tuple(_changes(old[name], new[name])):
            yield Difference(part, name, Kind.CHANGED, details)


def _changes(old: object, new: object) -> Iterator[str]:
    """Tell what changed in one part, attribute by attribute."""
    if not dataclasses.is_dataclass(old) or type(old) is not type(new):
        yield from _details("", old, new)
        return
    for one in dataclasses.fields(old):
        if one.name not in _TOLD_ELSEWHERE:
            words = one.name.replace("_", " ")
            yield from _details(words, getattr(old, one.name), getattr(new, one.name))


def _details(words: str, old: object, new: object) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from _details(f"{words} {name}".strip(), old.get(name), new.get(name))
        return
    before, after = spelled(old), spelled(new)
    if before != after:
        yield f"{words} was {before}, is {after}".strip()


def spelled(value: object) -> str:
    """Spell a value of a definition as a person would read it out."""
    if value is None or value in ((), ""):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {spelled(one)}" for name, one in value.items()) or NOTHING
    if isinstance(value, tuple | frozenset):
        return ", ".join(spelled(one) for one in (sorted(value) if isinstance(value, frozenset) else value))
    if dataclasses.is_dataclass(value) and type(value).__str__ is object.__str__:
        return _of_attributes(value)
    return str(value)


def _of_attributes(value: DataclassInstance | type[DataclassInstance]) -> str:
    told = (
        (one.name.replace("_", " "), spelled(getattr(value, one.name)))
        for one in dataclasses.fields(value)
        if one.name not in _TOLD_ELSEWHERE
    )
    return f"({', '.join(f'{name} {words}' for name, words in told if words != NOTHING)})"
