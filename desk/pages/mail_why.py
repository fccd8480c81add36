"""Why a mail came to its reader, and where each of its lines is from, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.mail_reasons import Origin
from desk import file_words
from states import roles
from states.said import listed, say, word

if TYPE_CHECKING:
    from cases.mail_reasons import Line, Reasons, Source
    from cases.queries import CaseFile
    from desk.file_words import ZoneWords
    from states.process import Process

_LINES = {
    "role": say("The part because of which it came"),
    "number": say("Case number"),
    "title": say("What it is about"),
    "stage": say("Stage"),
    "tier": say("Who is asked now"),
    "ended": say("How the case ended"),
    "act": say("What happened"),
    "actor": say("Who"),
    "meant": say("What silence meant"),
    "step": say("What to do"),
    "due": say("Due"),
    "due_own": say("Due, on their own clock"),
    "means": say("What silence means"),
    "details": say("What was said"),
    "filed": say("On file"),
    "doors": say("What else is open"),
}
_COVER = say("the cover of the case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """One line of a mail: what it is, what it is taken from, in which rooms that lies, and as what one reads it."""

    name: str
    taken_from: tuple[str, ...]
    rooms: tuple[ZoneWords, ...]
    read_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The part because of which a mail came, what it was sent because of, and its lines."""

    role: str
    because: str
    lines: tuple[Origins, ...]


def of(reasons: Reasons | None, file: CaseFile | None) -> Why | None:
    """Put reasons into words for somebody who reads this much of the case; None where there are none."""
    if reasons is None or file is None:
        return None
    return Why(
        role=roles.label(file.process, reasons.role),
        because=_because(reasons, file),
        lines=tuple(_line(one, reasons, file) for one in reasons.lines),
    )


def _because(reasons: Reasons, file: CaseFile) -> str:
    if reasons.event:
        return _act(reasons.event, file)
    return _clock(reasons.clock, file.process)


def _line(line: Line, reasons: Reasons, file: CaseFile) -> Origins:
    zones = list(dict.fromkeys(source.zone for source in line.sources if source.zone))
    held = dict.fromkeys(role for zone in zones for role in reasons.by.get(zone, ())) or [reasons.role]
    return Origins(
        name=_LINES.get(line.name) or word(line.name),
        taken_from=tuple(dict.fromkeys(_from(source, file) for source in line.sources)),
        rooms=tuple(file_words.zone_words(zone, file.case) for zone in zones),
        read_as=listed(roles.label(file.process, role) for role in held),
    )


def _from(source: Source, file: CaseFile) -> str:
    match source.of:
        case Origin.CASE:
            return _COVER
        case Origin.EVENT:
            return _act(source.id, file)
        case Origin.CLOCK:
            return _clock(source.id, file.process)
        case Origin.ITEM:
            item = file.case.item(source.id)
            return file_words.item_line(item, file.case, {}) if item else say("something that is on file no more")


def _act(event: str, file: CaseFile) -> str:
    found = next((one for one in file.timeline if str(one.id) == event), None)
    return say("the act “%(act)s”", act=found.label) if found else say("an act")


def _clock(name: str, process: Process) -> str:
    rule = next((one for one in process.every_deadline() if one.name == name), None)
    return say("the clock “%(clock)s”", clock=rule.label) if rule else say("a clock")


def for_keepers(reasons: Reasons | None) -> tuple[tuple[str, str, str], ...]:
    """Tell those who keep the desk of each line what it is, what kind of thing it is taken from, and from what room."""
    if reasons is None:
        return ()
    lines = (
        (
            _LINES.get(line.name) or word(line.name),
            listed(dict.fromkeys(_KINDS[source.of] for source in line.sources)),
            listed(
                dict.fromkeys(_ROOMS.get(source.zone) or word(source.zone) for source in line.sources if source.zone)
            ),
        )
        for line in reasons.lines
    )
    return tuple(dict.fromkeys(lines))


_KINDS = {
    Origin.CASE: _COVER,
    Origin.EVENT: say("an act"),
    Origin.ITEM: say("something on file"),
    Origin.CLOCK: say("a clock"),
}
_ROOMS = {
    roles.SHARED: say("Shared with all parties"),
    roles.TEAM: say("Mediation team only"),
    roles.SENIORS: say("Seniors and mediation team"),
    roles.NOMINEE: say("Whoever is asked to mediate"),
    roles.CAUCUS: say("the caucus of a party"),
    roles.LINE: say("the line between a party and the case team"),
}
