"""What the page of a decision says: the question with its facts, each answer and what follows, what was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases import queries
from desk import file_words, rehearsal, sheets
from desk.forms import Control, FormMaker
from desk.pages import check_view
from states import agreeing, decidable, errors, items, mirrored, roles
from states.fields import FieldType
from states.said import count, listed, say, under

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from cases.queries import Asked, Entry
    from desk.file_words import Fact
    from desk.sheets import BriefSheet
    from desk.visits import Visit
    from states.fields import Field
    from states.items import Item
    from states.machine import Option


UNSAID = "…"
_IN_WORDS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TEXTS})
CLOCK_ASKS = say("the clock, because time ran out")
_BY = frozenset({"Asked by", "Proposed by"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer somebody may give: the act, what it asks for, and what follows from it."""

    name: str
    label: str
    help: str
    controls: tuple[Control, ...]
    follows: tuple[str, ...]

    @property
    def asks_for_a_choice(self) -> bool:
        """Tell whether it holds a choice of its own, such as yes or no, and need not be chosen besides."""
        return any(one.kind == "radios" and one.required for one in self.controls)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded on the question: who did what and when, what they said, and its number in the record."""

    who: str
    what: str
    at: datetime
    said: tuple[str, ...]
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, by whom, who may read it, and the facts that stand on it; `entries` tell what came of it.

    `proposed` are the answers that others have put before those who are asked, each with where it is agreed to; `waits`
    tells that the reader's own answer is one.
    """

    line: str
    asked_by: str
    facts: tuple[Fact, ...]
    readers: str
    entries: tuple[Recorded, ...]
    proposed: tuple[tuple[str, str], ...]
    waits: bool


def of(asked: Asked, visit: Visit) -> Question:
    """Put what is asked into words."""
    names = _names(asked, visit)
    facts = file_words.item_facts(asked.item, asked.case, names)
    return Question(
        line=file_words.item_text(asked.item, asked.case, names),
        asked_by=_asked_by(
            asked, [one.value for one in facts if one.label in _BY and isinstance(one.value, str)], names
        ),
        facts=tuple(one for one in facts if one.label not in _BY),
        readers=file_words.readers(asked.item.zone, asked.case),
        entries=tuple(map(_recorded, asked.history[1:])),
        proposed=tuple(
            (under(names.get(one.by, one.by), file_words.item_text(one, asked.case, names)), address(asked, one))
            for one in asked.proposed
            if one.by != visit.person.id
        ),
        waits=any(one.by == visit.person.id for one in asked.proposed),
    )


def _sides(facts: Iterable[Fact]) -> list[str]:
    """Name the parties, or the people, that the facts say are asking."""
    return [one.value for one in facts if one.label in _BY and isinstance(one.value, str)]


def _asked_by(asked: Asked, parties: list[str], names: Mapping[str, str]) -> str:
    """Say who asks: the person with their part, and the party where they ask for one."""
    first = asked.history[0] if asked.history else None
    who = (first.actor_name if first else "") or names.get(asked.item.by, "")
    part = first.actor_role if first else ""
    told = say("%(who)s (%(part)s)", who=who, part=part) if who and part else who or part or CLOCK_ASKS
    return listed([told, *(one for one in parties if one not in told)])


def _recorded(entry: Entry) -> Recorded:
    said = tuple(one.value for one in entry.lines if isinstance(one.value, str) and one.value)
    by_clock = entry.actor in roles.AUTOMATIC
    return Recorded("" if by_clock else entry.actor_name, entry.label, entry.at, said, entry.seq)


def brief_of(asked: Asked, visit: Visit) -> BriefSheet | None:
    """Draw the brief of a question of a tier, as both sides share it; None for what has no brief."""
    if not isinstance(asked.item, items.Question):
        return None
    desk = visit.desk
    shared = replace(visit.viewer, only=frozenset({roles.SHARED}))
    file = queries.case_file(desk.record, shared, asked.case.id, now=visit.words.now)
    named = file_words.may_be_people(file.case.roles, file.case.parties, file.case.items)
    names = {person.id: person.name for person in desk.directory.people(named).values()}
    earlier = queries.precedents(desk.record, visit.viewer, asked.case.id)
    return sheets.brief_of(file, names, item=asked.item.id, precedents=earlier)


def address(asked: Asked, item: Item) -> str:
    """Return where somebody decides on an item of the case."""
    return f"/decide/{asked.case.id}/{item.id}"


def line(asked: Asked) -> str:
    """Say in one line what is asked."""
    return file_words.item_line(asked.item, asked.case, {})


def answers(asked: Asked, visit: Visit, typed: Mapping[str, str] | None = None) -> tuple[Answer, ...]:
    """List the answers this person may give; of the one that was chosen, each field knows what is wrong with it."""
    chosen = typed.get("choice") if typed else None
    return tuple(_answer(one, asked, visit, typed if one.trigger.name == chosen else None) for one in asked.answers)


def own(asked: Asked, visit: Visit, *, trigger: str = "") -> bool:
    """Tell whether this person answered the question: by a certain act where one is named, or by what it came to."""
    mine = {one.trigger for one in asked.history[1:] if one.actor == visit.person.id}
    act = asked.process.triggers.get(trigger)
    if act is not None and act.answers is not None and mirrored.act_of_agreeing(asked.process) in mine:
        return True
    return bool(mine) if not trigger else trigger in mine


def inputs(asked: Asked, visit: Visit, answer: Answer, typed: Mapping[str, str]) -> dict[str, object]:
    """Read what was typed for an answer, and name the item that it answers."""
    option = next(one for one in asked.answers if one.trigger.name == answer.name)
    wanted, said = _typed_in(option, asked), _own_words(option, typed)
    return {**decidable.named(option.trigger, asked.item), **_forms(asked, visit).read(wanted, said)}


def _answer(option: Option, asked: Asked, visit: Visit, typed: Mapping[str, str] | None) -> Answer:
    said = None if typed is None else _own_words(option, typed)
    controls = _forms(asked, visit).controls(_typed_in(option, asked), said)
    return Answer(
        name=option.trigger.name,
        label=option.trigger.label,
        help=option.trigger.help,
        controls=tuple(replace(one, name=f"{option.trigger.name}.{one.name}") for one in controls),
        follows=tuple(_follows(option, asked, visit)),
    )


def _typed_in(option: Option, asked: Asked) -> dict[str, Field]:
    """List what an answer asks for beside the item it is about, without files, which no decision needs."""
    about = decidable.named(option.trigger, asked.item)
    return {
        name: field for name, field in option.inputs.items() if name not in about and field.type is not FieldType.FILE
    }


def _own_words(option: Option, typed: Mapping[str, str]) -> dict[str, str]:
    start = f"{option.trigger.name}."
    return {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}


def _follows(option: Option, asked: Asked, visit: Visit) -> Iterator[str]:
    """Say what would follow, from a rehearsal in which words stand for what would be said."""
    wanted = [field for field in _typed_in(option, asked).values() if field.required]
    if any(field.type not in _IN_WORDS for field in wanted):
        yield say("Your answer is recorded, and counted with those of the others.")
        return
    said = {field.name: UNSAID for field in wanted}
    about = decidable.named(option.trigger, asked.item)
    intent = rehearsal.Intent(trigger=option.trigger.name, inputs={**about, **said}, at=visit.words.now)
    desk = visit.desk
    try:
        rehearsed = rehearsal.rehearse_act(
            desk.record, visit.viewer, asked.case.id, intent=intent, directory=desk.directory
        )
    except errors.Refused as refusal:
        yield say("As things stand this would be refused: %(why)s.", why=refusal.sentence)
        return
    if agreeing.proposal_in(rehearsed.happened) is not None:
        yield say("It takes effect once the others who are asked have agreed.")
    yield from check_view.moves(rehearsed, visit)
    told = {recipient.person.id for mail in rehearsed.mails for recipient in mail.to}
    if told:
        yield count("One person is told by mail.", "%(count)s people are told by mail.", count=len(told))


def _forms(asked: Asked, visit: Visit) -> FormMaker:
    everyone = {person.id: person for person in visit.desk.directory.everyone()}
    return FormMaker(case=asked.case, people=everyone, zone=asked.process.timezone, words=visit.words)


def _names(asked: Asked, visit: Visit) -> dict[str, str]:
    named = {
        *asked.item.people,
        *(one.by for one in asked.proposed),
        *(one.actor for one in asked.history if one.actor),
    } - roles.AUTOMATIC
    return {one.id: one.name for one in visit.desk.directory.people(named).values()}
