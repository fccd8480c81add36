"""Messages for a viewer: everybody's own, and for those who run a case how each notice of it reached its people.

The words of a mail are shown to its recipient, and to somebody who may read everything the recipient may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, func, or_, select

from cases import mail_reasons, tables, viewer
from cases.mail_reasons import Reasons
from cases.outbox import MessageState
from cases.paging import PAGE, Page
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, roles
from states.said import say

UNKNOWN = say("there is no such message, or it is not yours to see")
UNWRITTEN = say("A mail that is written when it goes")
IN_ANOTHER = say("A mail that goes out with others in one")
_MOST_FIGURES = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One mail to one person, and where it stands. `reminder` tells whether a clock asked for it.

    `shared` tells whether it is about nothing but what all parties share. `reply` is what was last heard of it, from
    the mail server or from whoever withdrew it; empty before the first try. One that is not `written` has no words of
    its own: it waits for its time, or goes out in another mail.
    """

    id: int
    case_id: str | None
    number: str | None
    notification_id: int | None
    person_id: str
    person_name: str
    address: str
    mail: str
    kind: str
    language: str
    subject: str
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    reminder: bool
    shared: bool
    reply: str
    written: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages are wanted; None takes all.

    `case` is an id or a number, `words` stand in the subject or in its person's name or address.
    """

    state: str | None = None
    states: tuple[str, ...] = ()
    case: str | None = None
    words: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one try to send a message."""

    at: datetime
    outcome: str
    code: int | None
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message with its tries; `content` is the whole mail, or None where its words are not for the viewer.

    `reasons` tell why it came, of the lines that lie in rooms the viewer reads; None for what no case asked for.
    """

    row: MessageRow
    deliveries: tuple[Delivery, ...]
    content: bytes | None
    reasons: Reasons | None


def list_messages(
    record: Record, who: Viewer, *, wanted: MessageFilter | None = None, after: str | None = None, limit: int = PAGE
) -> Page[MessageRow]:
    """List messages, the newest first; raise `NotFound` when a case is asked for that is not this viewer's."""
    chosen = wanted or MessageFilter()
    with reading(record.engine) as connection:
        rows = _mine_or_of_my_cases(who).where(*_conditions(chosen))
        if chosen.case is not None:
            seen = viewer.find(record, who, connection, chosen.case)
            rows = rows.where(tables.messages.c.case_id == seen.case.id)
        if after is not None:
            rows = rows.where(tables.messages.c.id < _read_mark(after))
        return _filled(record, who, connection, wanted=rows, limit=limit)


def message(record: Record, who: Viewer, message_id: int) -> MessageView:
    """Show one message; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        wanted = _mine_or_of_my_cases(who).where(tables.messages.c.id == message_id)
        found = connection.execute(wanted).all()
        cases = _cases(record, who, connection, found)
        if not found or not _may_see(found[0], who, cases.get(found[0].case_id)):
            raise errors.NotFound(UNKNOWN)
        seen, kept = cases.get(found[0].case_id), tables.messages.c
        content, why = connection.execute(select(kept.content, kept.reasons).where(kept.id == message_id)).one()
        return MessageView(
            row=_row(found[0]),
            deliveries=_deliveries(connection, message_id),
            content=content if _may_read_words(found[0], who, seen) else None,
            reasons=_reasons(mail_reasons.read(why), found[0], who, seen),
        )


def reasons_for_keepers(engine: Engine, message_id: int) -> Reasons | None:
    """Tell those who keep the desk why a mail came: no ids, and of a party's own room not whose it is."""
    kept = tables.messages.c
    with reading(engine) as connection:
        row = connection.execute(select(kept.reasons).where(kept.id == message_id)).one_or_none()
    if row is None:
        raise errors.NotFound(UNKNOWN)
    found = mail_reasons.read(row.reasons)
    return None if found is None else found.without_ids()


def _reasons(reasons: Reasons | None, row: Row[Any], who: Viewer, seen: Seen | None) -> Reasons | None:
    if reasons is None or row.person_id == who.person:
        return reasons
    return reasons.within(seen.zones) if seen is not None else None


def of_case(who: Viewer, connection: Connection, seen: Seen) -> tuple[MessageRow, ...]:
    """List every message of a case that the viewer may know of, oldest first."""
    wanted = _mine_or_of_my_cases(who).where(tables.messages.c.case_id == seen.case.id)
    found = connection.execute(wanted.order_by(tables.messages.c.id)).all()
    return tuple(_row(row) for row in found if _may_see(row, who, seen))


def _conditions(wanted: MessageFilter) -> Iterator[ColumnElement[bool]]:
    kept = tables.messages
    if wanted.state is not None:
        yield kept.c.state == wanted.state
    if wanted.states:
        yield kept.c.state.in_(wanted.states)
    if wanted.since is not None:
        yield kept.c.created_at >= wanted.since
    if wanted.before is not None:
        yield kept.c.created_at < wanted.before
    for word in (wanted.words or "").split():
        texts = (kept.c.subject, kept.c.address, tables.people.c.name)
        yield or_(*(text.icontains(word, autoescape=True) for text in texts))


def _mine_or_of_my_cases(who: Viewer) -> Select[Any]:
    """Select what may be this viewer's, with the zones of the event and the item that each message tells of."""
    messages, notices, events, items = tables.messages, tables.notifications, tables.events, tables.items
    tries, later = tables.deliveries, tables.deliveries.alias()
    last = select(func.max(later.c.id)).where(later.c.message_id == messages.c.id).correlate(messages).scalar_subquery()
    mine = select(tables.case_people.c.case_id).where(tables.case_people.c.person_id == who.person)
    columns = [column for column in messages.c if column.name not in {"content", "sender", "message_id", "reasons"}]
    return (
        select(
            *columns,
            tables.cases.c.number,
            tables.people.c.name.label("person_name"),
            events.c.zone.label("event_zone"),
            items.c.zone.label("item_zone"),
            and_(notices.c.timer_key.is_not(None), notices.c.event_id.is_(None)).label("reminder"),
            func.coalesce(tries.c.reply, "").label("reply"),
            messages.c.content.is_not(None).label("written"),
        )
        .join(tables.people, tables.people.c.id == messages.c.person_id)
        .outerjoin(tables.cases, tables.cases.c.id == messages.c.case_id)
        .outerjoin(notices, notices.c.id == messages.c.notification_id)
        .outerjoin(events, events.c.id == notices.c.event_id)
        .outerjoin(tries, tries.c.id == last)
        .outerjoin(items, and_(items.c.case_id == notices.c.case_id, items.c.id == notices.c.item))
        .where(or_(messages.c.person_id == who.person, messages.c.case_id.in_(mine)))
    )


def _may_see(row: Row[Any], who: Viewer, seen: Seen | None) -> bool:
    """Tell whether a message is the viewer's: sent to them, or of a case they run and about what they may read."""
    own = row.person_id == who.person
    if own and (row.case_id is None or row.state == MessageState.SENT):
        return True
    # A message of one's own that has not been sent waits for the same question that is asked before it is sent.
    return seen is not None and (own or seen.reads_team) and seen.may_read(row.event_zone, row.item_zone)


def _may_read_words(row: Row[Any], who: Viewer, seen: Seen | None) -> bool:
    if row.person_id == who.person:
        return True
    if seen is None:
        return False
    theirs = roles.mailable(roles.readable_zones(seen.process, seen.case, roles.Actor(row.person_id)))
    # Of somebody who has left the case it is no longer known what they could read.
    return bool(theirs) and theirs <= seen.zones


def _filled(
    record: Record, who: Viewer, connection: Connection, *, wanted: Select[Any], limit: int
) -> Page[MessageRow]:
    """Read on until the page is full, because what is not the viewer's is only known once its case was seen."""
    rows: list[MessageRow] = []
    ids, batch = tables.messages.c.id, wanted
    while found := connection.execute(batch.order_by(ids.desc()).limit(limit + 1)).all():
        cases = _cases(record, who, connection, found)
        rows += [_row(row) for row in found if _may_see(row, who, cases.get(row.case_id))]
        if len(rows) > limit or len(found) <= limit:
            break
        batch = wanted.where(ids < found[-1].id)
    return Page(tuple(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else None)


def _cases(record: Record, who: Viewer, connection: Connection, rows: Sequence[Row[Any]]) -> dict[str | None, Seen]:
    ids = list(dict.fromkeys(row.case_id for row in rows if row.case_id is not None))
    return {seen.case.id: seen for seen in viewer.see_many(record, who, connection, ids)}


def _deliveries(connection: Connection, message_id: int) -> tuple[Delivery, ...]:
    kept = tables.deliveries
    wanted = select(kept.c.at, kept.c.outcome, kept.c.code, kept.c.reply).where(kept.c.message_id == message_id)
    rows = connection.execute(wanted.order_by(kept.c.id)).mappings()
    # What Parley said of itself, where no server answered, is said again.
    return tuple(Delivery(**{**row, "reply": say(row["reply"])} if row["reply"] else row) for row in rows)


def _row(row: Row[Any]) -> MessageRow:
    facts = {name: getattr(row, name) for name in MessageRow.__slots__ if name != "shared"}
    told = {
        "subject": row.subject or (IN_ANOTHER if row.carried_by is not None else UNWRITTEN),
        "reminder": bool(row.reminder),
        "written": bool(row.written),
        "shared": {row.event_zone, row.item_zone} <= {None, roles.SHARED},
    }
    return MessageRow(**{**facts, **told})


def is_id(text: str) -> bool:
    """Tell whether a text may be the id of a message."""
    return text.isdecimal() and len(text) <= _MOST_FIGURES


def _read_mark(mark: str) -> int:
    if not is_id(mark):
        raise errors.NotFound(say("there is no such page of the list; begin again at the first"))
    return int(mark)
