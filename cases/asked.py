"""Reads what one person is asked to decide: the item, what they may answer, by when, and what was answered so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from cases import codec, deadline_view, directory, repository, timeline, viewer
from cases.deadline_view import NOTHING, DeadlineView
from cases.record import Record
from cases.timeline import Entry
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import decidable, errors, questions
from states.case import Case
from states.items import Ballot, Item, Proposal
from states.machine import Option
from states.process import DeadlineScope, Process
from states.situation import Situation

_WAITING = frozenset({"open", questions.ASKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody is asked, as they may read it: `answers` is empty when it does not wait for them (any more).

    `version` changes whenever something else is asked; `deadline` is the clock that runs on it; `history` is what was
    recorded on it, oldest first; `proposed` are the answers that wait for others; `barred` is what keeps somebody of
    a tier from answering.
    """

    process: Process
    case: Case
    item: Item
    version: str
    answers: tuple[Option, ...]
    deadline: DeadlineView | None
    history: tuple[Entry, ...]
    proposed: tuple[Proposal | Ballot, ...]
    barred: tuple[str, ...] = ()

    @property
    def silence(self) -> str:
        """What silence means where no clock runs on it: as the mail about a vote has it, or that nothing happens."""
        mails = self.process.vote_mails if isinstance(self.item, Ballot) else self.process.proposal_mails
        told = (self.process.mails[name].silence for name in mails)
        return next(filter(None, told), NOTHING)


def asked_of(record: Record, who: Viewer, case_ref: str, item_id: str, *, now: datetime) -> Asked:
    """Read what somebody is asked; raise `NotFound` for what is unknown, asks for no decision, or is not theirs."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        item = seen.case.item(item_id)
        if item is None or item.kind not in decidable.KINDS:
            raise errors.NotFound(viewer.UNKNOWN)
        whole = repository.load(connection, seen.case.id).case
        happened = timeline.entries(connection, seen, timeline.read_events(connection, seen))
        plain = Situation(
            process=seen.process,
            case=whole,
            actor=who.actor,
            at=now,
            directory=directory.of_case(connection, whole),
        )
        answers = decidable.answers(plain, item=item)
        return Asked(
            process=seen.process,
            case=seen.case,
            item=item,
            version=version_of(item),
            answers=answers,
            barred=() if answers else decidable.barred(plain, item=item),
            deadline=_deadline(record, connection, seen, item, now=now),
            proposed=tuple(one for one in decidable.proposed(seen.process, seen.case, item) if one.state == "open"),
            history=tuple(entry for entry in happened if _is_about(seen, item, entry)),
        )


def version_of(item: Item) -> str:
    """Return a short mark of what is asked; answers given meanwhile do not change it."""
    return codec.digest(decidable.subject(item))[:16]


def _is_about(seen: Seen, item: Item, entry: Entry) -> bool:
    return any(decidable.is_about(seen.process, seen.case, item, other=one) for one in entry.items)


def _deadline(record: Record, connection: Connection, seen: Seen, item: Item, *, now: datetime) -> DeadlineView | None:
    """Describe the clock that runs on an item, else that of the tier that is asked."""
    running = viewer.deadlines(record, seen)
    own = [one for one in running if one.item is not None and one.item.id == item.id]
    found = own or [one for one in running if one.rule.scope is DeadlineScope.TIER]
    if not found or item.state not in _WAITING:
        return None
    names = deadline_view.names_of(connection, [(seen, found[0])])
    return deadline_view.describe(seen, found[0], names=names, now=now)
