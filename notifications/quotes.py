"""Repeats in a mail what people wrote into a case: within limits, without hidden marks, and without living links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.people import Person
from notifications import mime, wording
from states import asking, roles
from states.case import Case
from states.events import Event
from states.fields import Field, FieldType, Value
from states.items import Item
from states.process import Process

LINE_LIMIT = 120
QUOTE_LIMIT = 450
"""How much of what people wrote a mail repeats, in bytes: slow lines carry it. The whole of it stands in the case."""

# What an item says, where nobody wrote anything with the act itself.
_SAYS = {
    "agreement": "summary",
    "cause": "statement",
    "consent": "text",
    "decision": "text",
    "interim": "rule",
    "issue": "title",
    "neutral": "disclosure",
    "obligation": "action",
    "offer": "text",
    "session": "agenda",
    "statement": "text",
}
_WEB_ADDRESS = re.compile(r"(?i)\b(https?|ftp)://|\b(www)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A case as one person may read it now: the filtered case, the act a mail is about, and who people are.

    `event` is None for a reminder. `people` are those that the event names.
    """

    process: Process
    case: Case
    people: Mapping[str, Person]
    event: Event | None = None

    def actor(self) -> roles.Actor:
        """Return who did the act."""
        who = self.event.actor if self.event else ""
        person = self.people.get(who)
        return roles.Actor(who, frozenset(person.offices if person else ()))


def facts(sight: Sight, item: Item | None, voice: wording.Voice) -> tuple[wording.Fact, ...]:
    """Repeat what was written with the act, else what its item says, within limits."""
    room, found = QUOTE_LIMIT, []
    for label, text in tuple(_written(sight, voice)) or tuple(_said_by(item)):
        words = quoted(text)
        kept = shortened(words, room)
        room -= len(kept.encode())
        rest = "" if kept == words else f" … {voice.says('(the rest stands in the case)')}"
        found.append(wording.Fact(label, kept + rest))
    return tuple(found)


def quoted(text: str) -> str:
    """Return what a person wrote without marks that turn the direction of writing, and with dead web addresses.

    A mail holds one link, and it is ours: whoever can write into a case must not be able to send links in our name.
    """
    lines = (mime.one_line(line) for line in text.splitlines())
    return _WEB_ADDRESS.sub(lambda found: f"{found[1]}: //" if found[1] else f"{found[2]} .", "\n".join(lines))


def calm(text: str) -> str:
    """Return what a person wrote as one short line."""
    line = quoted(mime.one_line(text))
    kept = shortened(line, LINE_LIMIT)
    return kept if kept == line else f"{kept}…"


def shortened(text: str, limit: int) -> str:
    """Return as much of a text as fits into a number of bytes."""
    return text.encode()[:limit].decode(errors="ignore").rstrip()


def _written(sight: Sight, voice: wording.Voice) -> Iterator[tuple[str, str]]:
    event = sight.event
    trigger = sight.process.triggers.get(event.trigger) if event else None
    if event is None or trigger is None:
        return
    for name, asked in asking.asked(sight.process, sight.case, trigger, sight.actor()).items():
        words = _in_words(sight, asked, event.inputs.get(name), voice)
        if words:
            yield asked.label, words


def _in_words(sight: Sight, asked: Field, value: Value, voice: wording.Voice) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return voice.moment(value, sight.process.timezone)
    if isinstance(value, tuple):
        return "\n".join(value)
    return _named(sight, asked.type, str(value))


def _named(sight: Sight, kind: FieldType, value: str) -> str:
    """Put the name of what a value refers to in its place."""
    match kind:
        case FieldType.PERSON:
            return sight.people[value].name if value in sight.people else ""
        case FieldType.PARTY:
            party = sight.case.party(value)
            return party.name if party else ""
        case FieldType.ITEM:
            return next((text for _, text in _said_by(sight.case.item(value))), "")
    return value


def _said_by(item: Item | None) -> Iterator[tuple[str, str]]:
    text = str(getattr(item, _SAYS.get(item.kind, ""), "")) if item else ""
    if item is not None and text:
        yield item.kind.capitalize(), text
