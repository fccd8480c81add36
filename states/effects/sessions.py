"""Effects of the meetings with the neutral: planned, moved, held, closed with minutes that the parties answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import (
    choice,
    choices,
    effect,
    instant,
    leaves,
    one_of,
    people,
    person,
    recorded,
    text,
    texts,
)
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Absence, Dissent, Session
from states.lifecycle import Lifecycle
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

JOINT, CAUCUS, SHUTTLE = "joint", "caucus", "shuttle"
HELD = ("closed", "agreed", "disputed", "unanswered")
WHY_ABSENT = ("not told in time", "no safe way", "ill", "other duty", "no mandate", "withdrew", "not known")
WHY_FAILED = (
    "party absent",
    "no authority",
    "no new proposal",
    "facts disputed",
    "trust",
    "outside pressure",
    "ran out of time",
)

LIFE = Lifecycle(
    Session,
    initial="planned",
    moves=(
        ("move", ("planned", "missed"), "planned"),
        ("cancel", ("planned", "missed"), "cancelled"),
        ("begin", ("planned", "missed"), "open"),
        ("miss", ("planned",), "missed"),
        ("close", ("open",), "closed"),
        ("agree", ("closed",), "agreed"),
        ("dispute", ("closed",), "disputed"),
        ("leave", ("closed",), "unanswered"),
    ),
)

_FORM = choice("form", "Form", JOINT, CAUCUS, SHUTTLE, initial=JOINT)
_WITH = Field(
    name="with_party",
    type=FieldType.PARTY,
    label=say("With which party alone"),
    required=False,
    help=say("For a caucus, or for one leg of a shuttle: nobody but that party and the mediator reads it."),
)
_AGENDA = text("agenda", "Agenda")


@leaves(Session, "planned")
@effect(
    _FORM,
    _WITH,
    instant("begins_at", "Begins at"),
    text("place", "Place or link", long=False),
    _AGENDA,
    people("invited", "Who is asked to come", required=False),
)
def plan_session(s: Situation) -> Iterator[Change]:
    """Call a session for a day; those who are asked are reminded of it."""
    yield _called(s, state=LIFE.initial, begins_at=s.given("begins_at"), place=s.text("place"))


@effect(
    one_of(Session, "Session", *LIFE.sources("move")),
    instant("begins_at", "New date"),
    text("place", "New place or link", required=False, long=False, help="It stays as it was if left empty."),
    text("reason", "Reason"),
)
def move_session(s: Situation) -> Iterator[Change]:
    """Give a session another date, and another place where one is named; its reminders follow."""
    place = {"place": s.text("place")} if s.text("place") else {}
    yield from _changed(s, "move", begins_at=s.given("begins_at"), **place)


@effect(
    one_of(Session, "Session", "planned"),
    people("invited", "Who is asked to come", required=False),
    people("uninvited", "Who is asked no longer", required=False),
)
def change_invited(s: Situation) -> Iterator[Change]:
    """Ask further people to a planned session, or some no longer; they are told so, and nobody else is."""
    session = s.item(Session)
    if session is not None:
        yield ItemRecorded(changed(replace(session, invited=asked_then(s, session))))


@effect(one_of(Session, "Session", *LIFE.sources("cancel")), text("reason", "Reason"))
def cancel_session(s: Situation) -> Iterator[Change]:
    """Call a session off."""
    yield from _changed(s, "cancel")


@effect(one_of(Session, "Session", *LIFE.sources("begin")))
def begin_session(s: Situation) -> Iterator[Change]:
    """Open a session that was planned."""
    yield from _moved(s, "begin")


@effect(one_of(Session, "Session", *LIFE.sources("miss")))
def miss_session(s: Situation) -> Iterator[Change]:
    """Record that a planned session was not opened."""
    yield from _moved(s, "miss")


@effect(_FORM, _WITH, _AGENDA, people("invited", "Who is asked to come", required=False))
def open_session(s: Situation) -> Iterator[Change]:
    """Open a session at once; what is said in a caucus is for its party and the mediator alone."""
    yield _called(s, state="open")


@effect(
    Field(
        name=Session.kind, type=FieldType.ITEM, label=say("Session"), of=Session.kind, states=("open",), required=False,
        help=say("Needed only while several sessions are open."),
    ),
    text("minutes", "Minutes"),
    texts("attendance", "Present"),
    choices("reasons", "Why it led nowhere, unless it did not", *WHY_FAILED, required=False),
)  # fmt: skip
def close_session(s: Situation) -> Iterator[Change]:
    """Close a session with its minutes, which every party of it is asked to answer."""
    session = the_open_one(s)
    if session is not None:
        said = {"minutes": s.text("minutes"), "attendance": s.texts("attendance"), "reasons": s.texts("reasons")}
        yield ItemRecorded(LIFE.moved(session, "close", closed_at=s.at, **said))


@effect(
    one_of(Session, "Session", "open", *HELD),
    person("person", "Who was not there"),
    choice("reason", "Reason", *WHY_ABSENT),
)
def note_no_show(s: Situation) -> Iterator[Change]:
    """Record who was asked to a session and did not come, and why."""
    session = s.item(Session)
    if session is not None:
        others = tuple(one for one in session.absences if one.person != s.text("person"))
        absent = Absence(person=s.text("person"), reason=s.text("reason"))
        yield ItemRecorded(replace(session, absences=(*others, absent)))


@effect(one_of(Session, "Minutes of", *LIFE.sources("agree")), for_a_party=True)
def agree_minutes(s: Situation) -> Iterator[Change]:
    """Record that a party accepts the minutes; with the last answer they are agreed or disputed."""
    session = s.item(Session)
    if session is not None:
        agreed = tuple(dict.fromkeys((*session.agreed_by, s.party_id)))
        yield _answered(s, replace(session, agreed_by=agreed))


@effect(
    one_of(Session, "Minutes of", *LIFE.sources("dispute")), text("text", "What you do not accept"), for_a_party=True
)
def dispute_minutes(s: Situation) -> Iterator[Change]:
    """Put a party's statement of disagreement beside the minutes."""
    session = s.item(Session)
    if session is not None:
        stated = Dissent(party=s.party_id, text=s.text("text"))
        yield _answered(s, replace(session, disagreements=(*session.disagreements, stated)))


@effect(one_of(Session, "Minutes of", *LIFE.sources("dispute")))
def leave_minutes(s: Situation) -> Iterator[Change]:
    """Let minutes that not every party answered stand as the mediator's own record, agreed by nobody else."""
    session = s.item(Session)
    if session is not None:
        yield ItemRecorded(LIFE.moved(session, "leave"))


def asked_then(s: Situation, session: Session) -> tuple[str, ...]:
    """Name those who are asked to a session once it is said who else is, and who no longer."""
    return tuple(
        one for one in dict.fromkeys((*session.invited, *s.texts("invited"))) if one not in s.texts("uninvited")
    )


def changed(session: Session) -> Session:
    """Return a session with another date, place or company, or called off, as one that outdates its invitations."""
    return replace(session, sequence=session.sequence + 1)


def the_open_one(s: Situation) -> Session | None:
    """Find the session an act is about: the one it names, else the only open one that the actor may read."""
    named = s.item(Session)
    readable = roles.readable_zones(s.process, s.case, s.actor)
    within_reach = [one for one in s.current(Session, "open") if one.zone in readable]
    return named or (within_reach[0] if len(within_reach) == 1 else None)


def parties_of(s: Situation, session: Session) -> frozenset[str]:
    """Name the parties of a session: the one it was held with alone, else all."""
    return frozenset({session.party}) if session.party else s.party_ids


def _called(s: Situation, **more: object) -> ItemRecorded:
    alone = s.text("with_party") or None
    zone = roles.caucus(alone) if alone else s.zone
    called = {"form": s.text("form"), "agenda": s.text("agenda"), "party": alone, "invited": s.texts("invited")}
    return recorded(s, Session, zone=zone, **called, **more)


def _moved(s: Situation, move: str, **changes: object) -> Iterator[Change]:
    session = s.item(Session)
    if session is not None:
        yield ItemRecorded(LIFE.moved(session, move, **changes))


def _changed(s: Situation, move: str, **changes: object) -> Iterator[Change]:
    session = s.item(Session)
    if session is not None:
        yield ItemRecorded(changed(LIFE.moved(session, move, **changes)))


def _answered(s: Situation, session: Session) -> ItemRecorded:
    disputed = {one.party for one in session.disagreements}
    if not parties_of(s, session) <= {*session.agreed_by, *disputed}:
        return ItemRecorded(session)
    return ItemRecorded(LIFE.moved(session, "dispute" if disputed else "agree"))
