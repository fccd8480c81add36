"""Takes in one mail that came back: finds the mail of ours it belongs to, says what it is, and records it once.

The order is that of certainty: the address that was made for one mail, the report of a server, the marks of machines,
and only then a person. What is taken in never does an act.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases import arrivals, outbox, reachability, repository
from cases.arrivals import Kind, NewArrival, NewFile, Sent, State
from cases.outbox import Attempt, MessageState
from cases.reachability import Lost
from cases.unit_of_work import Work, unit_of_work
from notifications import account_notices, answers, automatic, dsn, incoming, return_paths
from notifications.return_paths import Way
from states.reach import Trouble

if TYPE_CHECKING:
    from email.message import Message

    from notifications.dsn import Report
    from notifications.mailroom import Mailroom

log = logging.getLogger(__name__)

_LAID_DOWN = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_WRITTEN = ("To", "Cc")
_ON_THE_WAY = frozenset({"received", "return-path", "x-envelope-to", *map(str.lower, _LAID_DOWN)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it came in. `to` is the address at which it arrived, where the mail server said so."""

    content: bytes
    to: str = ""
    null_path: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A mail that was read, the address of ours it came to, and the mail of ours that was made for."""

    letter: Letter
    mail: Message
    to: str
    sent: Sent | None

    @property
    def null_path(self) -> bool:
        """Whether nobody is to answer it."""
        return self.letter.null_path or incoming.line(self.mail, "Return-Path") == "<>"


def take_in(room: Mailroom, letter: Letter) -> Kind | None:
    """Record a mail and what follows from it in one transaction; None when it was recorded before.

    Raises `Unavailable` when the record is locked, full or away.
    """
    mail = incoming.parse(letter.content)
    to = letter.to.lower() or _own_address(mail, room.letterhead.inbound)
    with unit_of_work(room.record.engine) as work:
        read = _Read(letter, mail, to, arrivals.sent_by(work, to) if to else None)
        report = _report(read)
        if report is not None and read.sent is not None:
            return _take_in_report(room, work, read, report)
        if _is_automatic(room, read):
            return _take_in_quietly(room, work, read)
        return _take_in_answer(room, work, read)


def is_ours(room: Mailroom, address: str) -> bool:
    """Tell whether an address is one that was made for a mail of ours."""
    named = return_paths.found_in(address, domain=room.letterhead.inbound)
    return bool(named) and arrivals.knows(room.record.engine, named[0])


def _own_address(mail: Message, domain: str) -> str:
    """Return the address of ours at which a mail arrived: as mail servers say, and else as its sender wrote it."""
    for name in (*_LAID_DOWN, *_WRITTEN):
        for line in incoming.lines(mail, name):
            for found in return_paths.found_in(line, domain=domain):
                return found
    return ""


def _report(read: _Read) -> Report | None:
    """Return what a server says of a mail of ours. It must know the way back: what people see is another address."""
    if read.sent is None or return_paths.way_of(read.to) is not Way.BOUNCE:
        return None
    return dsn.read(read.mail, recipient=read.sent.address) or dsn.read_odd(read.mail, null_path=read.null_path)


def _is_automatic(room: Mailroom, read: _Read) -> bool:
    letterhead = room.letterhead
    own = frozenset({letterhead.address, letterhead.reply_to, letterhead.sender})
    return automatic.is_automatic(read.mail, null_path=read.null_path, own=own, own_domain=letterhead.inbound)


def _take_in_report(room: Mailroom, work: Work, read: _Read, report: Report) -> Kind | None:
    now, sent = room.clock.now(), read.sent
    if sent is None or arrivals.keep(work, _new(read, Kind.BOUNCE), now=now) is None:
        return None
    if report.trouble is None:
        reachability.forgive_one(work, sent.id, now=now)
        outbox.came_back(work, sent.id, attempt=Attempt(state="", outcome=outbox.DELIVERED, reply=report.said), now=now)
        return Kind.BOUNCE
    lost = Lost(
        message_id=sent.id,
        person_id=sent.person_id,
        address=sent.address,
        trouble=report.trouble,
        code=report.code,
        said=report.said,
    )
    if report.trouble is Trouble.OURS:
        log.error("a mail server refuses what we send: %s %s", report.code, report.said)
    reachability.note(work, lost, now=now)
    outbox.came_back(work, sent.id, attempt=_fate(report), now=now)
    return Kind.BOUNCE


def _fate(report: Report) -> Attempt:
    """Say where a mail of ours stands after what was heard: refused, given up, or still on its way."""
    passing = MessageState.PARKED if report.code.startswith("4") else MessageState.REFUSED
    said = f"{report.code} {report.said}" if report.code not in report.said else report.said
    return Attempt(
        state=passing if report.ended else "",
        outcome=outbox.CAME_BACK if report.ended else outbox.DELAYED,
        reply=said.strip(),
    )


def _take_in_quietly(room: Mailroom, work: Work, read: _Read) -> Kind | None:
    """Keep what a machine wrote, in somebody's name, for those who run the case; it asks for nothing."""
    answer, now = answers.read(read.mail), room.clock.now()
    new = _new(read, Kind.AUTOMATIC)
    if read.sent is not None and incoming.sender(read.mail) == read.sent.address:
        new = replace(new, subject=answer.subject, words=answer.words)
    return Kind.AUTOMATIC if arrivals.keep(work, new, now=now) is not None else None


def _take_in_answer(room: Mailroom, work: Work, read: _Read) -> Kind | None:
    now, sender = room.clock.now(), incoming.sender(read.mail)
    sent = read.sent
    if sent is None or not arrivals.may_answer(room.record, work, sent, sender=sender):
        return Kind.STRANGER if arrivals.keep(work, _new(read, Kind.STRANGER), now=now) is not None else None
    answer = answers.read(read.mail)
    new = replace(
        _new(read, Kind.ANSWER),
        state=State.TO_SORT,
        subject=answer.subject,
        words=answer.words,
        whole=answer.whole,
        original=read.letter.content,
    )
    files = [
        NewFile(place=one.place, name=one.name, media_type=one.media_type, size=one.size) for one in answer.attached
    ]
    if arrivals.keep(work, new, files, now=now) is None:
        return None
    reachability.forgive(work, sent.person_id, now=now)
    _acknowledge(room, work, sent)
    return Kind.ANSWER


def _acknowledge(room: Mailroom, work: Work, sent: Sent) -> None:
    """Tell somebody that their mail was taken in, once a day at most, and that it decides nothing."""
    number = repository.load(work, sent.case_id or "").case.number
    person = room.directory.person(sent.person_id)
    receipt = account_notices.answer_taken_in(room, person, number)
    outbox.write(work, [receipt], mail=account_notices.ANSWER_TAKEN_IN, now=room.clock.now())


def _new(read: _Read, kind: Kind) -> NewArrival:
    sent = read.sent
    return NewArrival(
        key=_key(read),
        kind=kind,
        case_id=sent.case_id if sent else None,
        person_id=sent.person_id if sent else None,
        message_id=sent.id if sent else None,
        # Of mails that are for no case of ours, not even the sender is kept.
        address=incoming.sender(read.mail) if sent else "",
    )


def _key(read: _Read) -> str:
    """Return what tells a mail from every other one: its Message-ID and where it came to, or else all that it says."""
    identity = incoming.line(read.mail, "Message-ID").encode() or _without_trace(read.letter.content)
    return hashlib.sha256(read.to.encode() + b"\n" + identity).hexdigest()


def _without_trace(content: bytes) -> bytes:
    """Return a mail without the lines that servers add on the way, which differ where it comes twice."""
    head, _, rest = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = head.replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    kept = (one for one in lines if one.partition(b":")[0].strip().lower().decode("latin-1") not in _ON_THE_WAY)
    return b"\n".join((*kept, b"", rest))
