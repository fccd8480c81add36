"""How an effect is declared: a function from a situation to changes, with the inputs it asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Session
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from states.case import Case
    from states.events import Change
    from states.items import Item
    from states.situation import Situation

    Among = Callable[[Case], Iterable[str]] | None
    Names = Callable[[tuple[str, ...]], Iterable[str]] | None
    _Run = Callable[[Situation], Iterator[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A named effect.

    `for_a_party` says that the act must be for one party, which is asked for when not plain; `binds`, that it commits
    the party, so that a part of a party cannot do it; `own_word`, that it is somebody's own yes, no or vote.
    `leaves` is the kind of item, and its state, that then waits for somebody, and so needs a clock.
    `speaks_in` is the only zone of an act in which what the effect is told stays with whom it is meant for.
    One that `asks_directory` looks at what is on file about people.
    """

    name: str
    run: Callable[[Situation], Iterator[Change]]
    inputs: Mapping[str, Field]
    for_a_party: bool = False
    binds: bool = False
    own_word: bool = False
    leaves: tuple[str, str] | None = None
    speaks_in: str = ""
    asks_directory: bool = False

    @property
    def is_for_people(self) -> bool:
        """Tell whether only a person can say it: silence speaks for nobody, and the clock for no party."""
        return self.binds or self.for_a_party or self.own_word


EFFECTS: dict[str, Effect] = {}


def effect(
    *inputs: Field,
    for_a_party: bool = False,
    binds: bool = False,
    speaks_in: str = "",
    asks_directory: bool = False,
) -> Callable[[Callable[[Situation], Iterator[Change]]], Callable[[Situation], Iterator[Change]]]:
    """Register a function as the effect of its own name."""

    def register(run: Callable[[Situation], Iterator[Change]]) -> Callable[[Situation], Iterator[Change]]:
        name = getattr(run, "__name__", "")
        asked = {field.name: field for field in inputs}
        EFFECTS[name] = Effect(
            name=name,
            run=run,
            inputs=asked,
            for_a_party=for_a_party,
            binds=binds,
            speaks_in=speaks_in,
            asks_directory=asks_directory,
        )
        return run

    return register


def own_word(run: _Run) -> _Run:
    """Mark a registered effect as somebody's own yes, no or vote, which no clock says for them."""
    name = getattr(run, "__name__", "")
    EFFECTS[name] = replace(EFFECTS[name], own_word=True)
    return run


def leaves(kind: type[Item], state: str) -> Callable[[_Run], _Run]:
    """Mark a registered effect as one that leaves an item waiting for somebody, in this state."""

    def mark(run: _Run) -> _Run:
        name = getattr(run, "__name__", "")
        EFFECTS[name] = replace(EFFECTS[name], leaves=(kind.kind, state))
        return run

    return mark


def text(name: str, label: str, *, required: bool = True, long: bool = True, help: str = "") -> Field:  # noqa: A002 - the field's own word
    """Ask for words."""
    kind = FieldType.LONG_TEXT if long else FieldType.TEXT
    return Field(name=name, type=kind, label=say(label), required=required, help=say(help))


def texts(name: str, label: str, *, names: Names = None, help: str = "One a line.") -> Field:  # noqa: A002 - the field's own word
    """Ask for a list of words, which may be empty; `names` finds the people that its lines name."""
    return Field(name=name, type=FieldType.TEXTS, label=say(label), required=False, names=names, help=say(help))


def yes_no(name: str, label: str, *, initial: bool) -> Field:
    """Ask a question that has an ordinary answer."""
    return Field(name=name, type=FieldType.YES_NO, label=say(label), required=False, initial=initial)


def instant(name: str, label: str, *, required: bool = True) -> Field:
    """Ask for a moment."""
    return Field(name=name, type=FieldType.INSTANT, label=say(label), required=required)


def choice(name: str, label: str, *choices: str, initial: str | None = None) -> Field:
    """Ask for one of a few words."""
    return Field(name=name, type=FieldType.CHOICE, label=say(label), choices=tuple(map(say, choices)), initial=initial)


def choices(name: str, label: str, *several: str, required: bool = True, help: str = "") -> Field:  # noqa: A002 - the field's own word
    """Ask for some of a few words; several may hold at once."""
    return Field(
        name=name,
        type=FieldType.CHOICES,
        label=say(label),
        choices=tuple(map(say, several)),
        required=required,
        help=say(help),
    )


def party(name: str, label: str) -> Field:
    """Ask for one of the parties."""
    return Field(name=name, type=FieldType.PARTY, label=say(label))


def person(name: str, label: str, *, among: Among = None, required: bool = True) -> Field:
    """Ask for a person on file, or for one of those that `among` finds in the case."""
    return Field(name=name, type=FieldType.PERSON, label=say(label), among=among, required=required)


def parties(name: str, label: str, *, required: bool = True) -> Field:
    """Ask for some of the parties."""
    return Field(name=name, type=FieldType.PARTIES, label=say(label), required=required)


def people(name: str, label: str, *, among: Among = None, required: bool = True) -> Field:
    """Ask for some people on file, or for some of those that `among` finds in the case."""
    return Field(name=name, type=FieldType.PEOPLE, label=say(label), among=among, required=required)


def several(name: str, label: str, kind: type[Item], *states: str, required: bool = True) -> Field:
    """Ask for some items of the case, in one of these states when given."""
    return Field(name=name, type=FieldType.ITEMS, label=say(label), of=kind.kind, states=states, required=required)


def other_case(name: str, label: str) -> Field:
    """Ask for another case, by its number or id."""
    return Field(name=name, type=FieldType.CASE, label=say(label))


def file(name: str, label: str) -> Field:
    """Ask for a file, which is uploaded before the act."""
    return Field(name=name, type=FieldType.FILE, label=say(label))


def one_of(kind: type[Item], label: str, *states: str) -> Field:
    """Ask for one item of the case, in one of these states when given."""
    return Field(name=kind.kind, type=FieldType.ITEM, label=say(label), of=kind.kind, states=states)


def seal(kind: type[Item], *states: str) -> Field:
    """Ask for the hash of the text the person has read, which must still be that of the newest item of a class."""
    label = say("Seal of the text you have read")
    return Field(name="seal", type=FieldType.SEAL, label=label, of=kind.kind, states=states)


def number(name: str, label: str) -> Field:
    """Ask for a whole number, which may be left out."""
    return Field(name=name, type=FieldType.INTEGER, label=say(label), required=False)


def recorded(s: Situation, kind: type[Item], **values: object) -> ItemRecorded:
    """Record a new item of a class in the act's zone, by its actor and at its instant."""
    common: dict[str, Any] = {"id": s.new_id(kind.kind), "zone": s.zone, "by": s.actor.person, "at": s.at}
    if issubclass(kind, Session):
        common["shared_id"] = s.shared_id
    return ItemRecorded(kind(**{**common, **values}))
