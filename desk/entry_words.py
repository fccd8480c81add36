"""One entry of a case's timeline in words: who did it, what was said, and where it moved the case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from desk import file_words
from states import roles, said
from states.said import say, shaped, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.queries import CaseFile, Entry
    from desk.file_words import ZoneWords
    from desk.words import Words
    from states.fields import Value

    Lines = list[tuple[str, str]]

_SHORT = 30
# What a comma is in the scripts of the languages Parley speaks.
_COMMA = re.compile("[,\N{ARABIC COMMA}\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}]")
# What is put on file first and answered later; an answer says of which it is.
_ANSWERED = frozenset(
    {"Cause", "Fact", "Joint fact-finding", "Option", "Session", "Offer", "Obligation", "Issue", "Interim rule"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWords:
    """One entry of the timeline as it is shown; `tone` chooses its dot."""

    entry: Entry
    who: str
    zone: ZoneWords
    tone: str
    lines: tuple[tuple[str, str], ...]
    moved: str


def of(entry: Entry, file: CaseFile, words: Words, names: Mapping[str, str]) -> EntryWords:
    """Put an entry into words; `names` gives the names of people by id."""
    room = file_words.zone_words(entry.zone, file.case)
    tone = "priv" if room.tone == "priv" else "clock" if entry.actor in roles.AUTOMATIC else ""
    who = {"clock": say("The clock"), "system": "Parley", None: say("Automatic")}.get(entry.actor, entry.actor_name)
    place = file.process.timezone
    told = [(_label(line.label), value_words(line.value, words, place, names)) for line in entry.lines]
    moved = [say("Stage: %(stage)s", stage=entry.stage)] if entry.stage else []
    asked = [say("Asked of: %(tier)s", tier=entry.tier)] if entry.tier else []
    return EntryWords(
        entry=entry,
        who=said.listed((who, entry.actor_role)) if entry.actor_role else who,
        zone=room,
        tone=tone or ("key" if entry.stage or entry.tier else ""),
        lines=(*_about(entry, told, file, names), *told),
        moved=said.together((*moved, *asked)),
    )


def is_echo(entry: Entry, timeline: tuple[Entry, ...]) -> bool:
    """Tell whether an entry only says for other rooms that an act was done which this reader sees in full."""
    if entry.lines or entry.items or entry.stage or entry.tier:
        return False
    others = ((one.trigger, one.actor, one.at) for one in timeline if one is not entry)
    return (entry.trigger, entry.actor, entry.at) in others


def value_words(value: Value, words: Words, zone: str, names: Mapping[str, str]) -> str:
    """Spell a value of any field type; people in a list are named."""
    match value:
        case bool():
            return say("Yes") if value else say("No")
        case datetime():
            return words.moment(value, zone)
        case date():
            return words.long_day(datetime.combine(value, datetime.min.time(), words.now.tzinfo), "UTC")
        case tuple():
            told = [names.get(one, one) for one in value]
            return said.listed(told) if all(len(one) <= _SHORT for one in told) else said.lines(told)
        case str() | None:
            return value or ""
    return str(value)


def _about(entry: Entry, told: Lines, file: CaseFile, names: Mapping[str, str]) -> Lines:
    """Tell which items an entry is about, but for those that what was said with it spells out."""
    words = " ".join(text for _, text in told)
    found = list(_recorded(entry, file, names))
    return found if not told else [(label, line) for label, line in found if label in _ANSWERED and line not in words]


def _recorded(entry: Entry, file: CaseFile, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Tell which items an entry put on file, where nothing was said with it."""
    for item in entry.items:
        line, is_open = file_words.item_line(item, file.case, names), item.state == "open"
        told = line if is_open else say("%(line)s (%(state)s)", line=line, state=word(item.state))
        yield file_words.item_title(item), told


def _label(label: str) -> str:
    """Take from a field's label what only helps to fill it in."""
    return shaped(label, _without_help) if label.endswith(", one a line") else label


def _without_help(label: str) -> str:
    return _COMMA.split(label, maxsplit=1)[0]
