"""What the page to check says of a rehearsed act, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.wordings import Wordings
from desk import file_words
from desk.pages import sides_view
from notifications import foretold, from_settings, wording
from states import roles
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from desk.pages.sides_view import Side
    from desk.rehearsal import Rehearsal
    from desk.visits import Visit
    from notifications.routes import Recipient
    from states.case import MovedDate
    from states.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail as it would be read, and everybody who gets it in these words: their names and parts."""

    words: wording.Words
    language: str
    direction: str
    asks: bool
    to: tuple[tuple[str, str], ...]


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
    sides: tuple[Side, ...]
    alike: bool
    mails: tuple[MailView, ...]
    clocks: tuple[ClockLine, ...]
    stopped: tuple[str, ...]
    dates: tuple[MovedDate, ...]


def of(rehearsed: Rehearsal, visit: Visit) -> Check:
    """Put a rehearsal into sentences."""
    sides = sides_view.of(rehearsed, visit)
    return Check(
        changes=tuple(_changes(rehearsed, visit)),
        sides=sides,
        alike=sides_view.alike(sides),
        mails=tuple(_mails(rehearsed, visit)),
        clocks=tuple(
            ClockLine(
                label=one.rule.task,
                due_at=one.due_at,
                means=one.rule.silences[0].means if one.rule.silences else "",
            )
            for one in rehearsed.begun
        ),
        stopped=tuple(dict.fromkeys(one.rule.label for one in rehearsed.stopped)),
        dates=rehearsed.dates,
    )


def _changes(rehearsed: Rehearsal, visit: Visit) -> Iterator[str]:
    yield from moves(rehearsed, visit)
    yield from _recorded(rehearsed, visit)


def moves(rehearsed: Rehearsal, visit: Visit) -> Iterator[str]:
    """Say what an act would move: the stage, the tier, the clocks, the case itself."""
    process, before, after = rehearsed.process, rehearsed.before, rehearsed.after
    if before.stage != after.stage:
        yield say(
            "The case moves from “%(before)s” to “%(after)s”.",
            before=process.stages[before.stage].label,
            after=process.stages[after.stage].label,
        )
    elif before.stage_round != after.stage_round:
        yield say("The stage “%(stage)s” begins anew, with a fresh clock.", stage=process.stages[after.stage].label)
    if before.tier != after.tier and after.tier is not None:
        yield say("Authority moves to: %(tier)s.", tier=process.tiers[after.tier].label)
    if before.urgency != after.urgency:
        yield say("The urgency becomes %(urgency)s; open clocks keep the time already used.", urgency=after.urgency)
    if after.stay is not None and before.stay is None:
        resume = visit.words.moment(after.stay.until, process.timezone)
        yield say("All clocks stand still until %(moment)s.", moment=resume)
    if before.stay is not None and after.stay is None:
        yield say("The clocks go on with the time they had left.")
    if after.closed_at is not None and before.closed_at is None:
        yield say("The case is closed: %(outcome)s.", outcome=word(after.outcome or ""))


def _recorded(rehearsed: Rehearsal, visit: Visit) -> Iterator[str]:
    names = _names(rehearsed, visit)
    yield from (_sentence(change.item, rehearsed, names) for change in rehearsed.recorded)
    for other in rehearsed.also_in:
        yield say(
            "The same is done in the joined case %(number)s, “%(title)s”: its parties see it and are told.",
            number=other.number,
            title=other.title,
        )


def _names(rehearsed: Rehearsal, visit: Visit) -> dict[str, str]:
    people = {person for one in rehearsed.after.items for person in one.people} | {visit.person.id}
    return {person.id: person.name for person in visit.desk.directory.people(people).values()}


def _sentence(item: Item, rehearsed: Rehearsal, names: Mapping[str, str]) -> str:
    old = rehearsed.before.item(item.id)
    line = file_words.item_line(item, rehearsed.after, names)
    kind = file_words.item_title(item)
    if old is None:
        readers = file_words.readers(item.zone, rehearsed.after)
        return say("%(kind)s goes on file: “%(line)s”. Read by: %(readers)s.", kind=kind, line=line, readers=readers)
    if old.state != item.state:
        before = file_words.item_line(old, rehearsed.before, names)
        return say("%(kind)s “%(line)s” becomes %(state)s.", kind=kind, line=before, state=word(item.state))
    return say("%(kind)s “%(line)s” is brought up to date.", kind=kind, line=line)


def _mails(rehearsed: Rehearsal, visit: Visit) -> Iterator[MailView]:
    """Write each mail, once for all who would read the same."""
    moment = _moment(rehearsed, visit)
    for mail in rehearsed.mails:
        alike: dict[wording.Words, list[Recipient]] = {}
        for reader in mail.to:
            alike.setdefault(foretold.words(moment, mail.notice, mail.event, reader), []).append(reader)
        for words, readers in alike.items():
            yield MailView(
                words=words,
                language=visit.words.language_name(words.language),
                direction=wording.voice(words.language).direction,
                asks=mail.kind == "action",
                to=tuple((one.person.name, one.part) for one in readers),
            )


def _moment(rehearsed: Rehearsal, visit: Visit) -> foretold.Moment:
    return foretold.Moment(
        record=visit.desk.record,
        letterhead=from_settings.letterhead(visit.desk.settings, Wordings(visit.desk.record.engine)),
        process=rehearsed.process,
        case=rehearsed.after,
        zones=roles.readable_zones(rehearsed.process, rehearsed.after, visit.actor),
        now=visit.words.now,
        names=_names(rehearsed, visit),
    )
