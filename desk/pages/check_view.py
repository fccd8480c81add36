"""What the page to check says of a rehearsed act, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk import file_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from desk.access import Visit
    from desk.rehearsal import PlannedMail, Rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One mail to one person: what it is about, who gets it as what, and in which language."""

    about: str
    name: str
    part: str
    language: str
    asks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """A clock that would run: its label, when it ends, and what happens then if nothing is done."""

    label: str
    due_at: datetime
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Everything that would follow from an act."""

    changes: tuple[str, ...]
    mails: tuple[MailLine, ...]
    clocks: tuple[ClockLine, ...]
    stopped: tuple[str, ...]


def of(rehearsed: Rehearsal, visit: Visit) -> Check:
    """Put a rehearsal into sentences."""
    return Check(
        changes=tuple(_changes(rehearsed, visit)),
        mails=tuple(line for mail in rehearsed.mails for line in _mail_lines(mail, visit)),
        clocks=tuple(
            ClockLine(
                label=one.rule.label,
                due_at=one.due_at,
                means=one.rule.silences[0].means if one.rule.silences else "",
            )
            for one in rehearsed.begun
        ),
        stopped=tuple(dict.fromkeys(one.rule.label for one in rehearsed.stopped)),
    )


def _changes(rehearsed: Rehearsal, visit: Visit) -> Iterator[str]:
    process, before, after = rehearsed.process, rehearsed.before, rehearsed.after
    if before.stage != after.stage:
        yield f"The case moves from “{process.stages[before.stage].label}” to “{process.stages[after.stage].label}”."
    elif before.stage_round != after.stage_round:
        yield f"The stage “{process.stages[after.stage].label}” begins anew, with a fresh clock."
    if before.tier != after.tier and after.tier is not None:
        yield f"Authority moves to: {process.tiers[after.tier].label}."
    if before.urgency != after.urgency:
        yield f"The urgency becomes {after.urgency}; open clocks keep the time already used."
    if after.stay is not None and before.stay is None:
        resume = visit.words.moment(after.stay.until, process.timezone)
        yield f"All clocks stand still until {resume}."
    if before.stay is not None and after.stay is None:
        yield "The clocks go on with the time they had left."
    if after.closed_at is not None and before.closed_at is None:
        yield f"The case is closed: {after.outcome}."
    yield from _recorded(rehearsed, visit)


def _recorded(rehearsed: Rehearsal, visit: Visit) -> Iterator[str]:
    people = {person for one in rehearsed.after.items for person in one.people} | {visit.person.id}
    names = {person.id: person.name for person in visit.desk.directory.people(people).values()}
    for change in rehearsed.recorded:
        item, old = change.item, rehearsed.before.item(change.item.id)
        line = file_words.item_line(item, rehearsed.after, names)
        zone = file_words.zone_words(item.zone, rehearsed.after).label
        kind = file_words.item_title(item)
        if old is None:
            yield f"{kind} goes on file: “{line}”. It can be read by: {zone}."
        elif old.state != item.state:
            yield f"{kind} “{line}” becomes {item.state}."
        else:
            yield f"{kind} “{line}” is brought up to date."


def _mail_lines(mail: PlannedMail, visit: Visit) -> Iterator[MailLine]:
    for recipient in mail.to:
        yield MailLine(
            about=mail.name.replace("_", " ").capitalize(),
            name=recipient.person.name,
            part=recipient.part,
            language=visit.words.language_name(recipient.person.language),
            asks=mail.kind == "action",
        )
