"""Effects of intake: parties, people, issues, statements and notes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.case import Party, Side
from states.effects.registry import choice, effect, one_of, people, person, recorded, text
from states.events import ItemRecorded, PartyChanged, RoleAssigned, UrgencySet
from states.fields import Field, FieldType
from states.items import Consent, Issue, Note, Statement
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(
    text("name", "Name of the party", long=False),
    person("representative", "Its representative"),
    text("organisation", "Its organisation", required=False, long=False),
    choice("side", "Side; “joined” stands with neither", *Side, initial=Side.JOINED),
    Field(name="senior_representative", type=FieldType.PERSON, label="Its senior representative", required=False),
    text("calendar", "Its working calendar", required=False, long=False),
)
def join_party(s: Situation) -> Iterator[Change]:
    """Let another party into the case; where others have answered already, it gets its own clock to consent."""
    named = {role: s.text(role) for role in ("representative", "senior_representative")}
    joined = Party(
        id=s.new_id("party"),
        name=s.text("name"),
        side=Side(s.text("side")),
        organisation=s.text("organisation"),
        calendar=s.text("calendar") or None,
        people={role: (person,) for role, person in named.items() if person},
    )
    yield PartyChanged(joined)
    if s.current(Consent):
        yield recorded(s, Consent, party=joined.id, state="asked")


@effect(
    choice("part", "Part", "representative", "senior_representative", "area_manager"),
    person("person", "Person"),
    for_a_party=True,
)
def name_person(s: Situation) -> Iterator[Change]:
    """Name who plays a part for a party; the one before loses it at once."""
    if s.party is not None:
        yield PartyChanged(replace(s.party, people={**s.party.people, s.text("part"): (s.text("person"),)}))


@effect(choice("part", "Part", "convener", "committee"), people("people", "People"))
def assign_people(s: Situation) -> Iterator[Change]:
    """Give a part of the case to people."""
    yield RoleAssigned(s.text("part"), s.texts("people"))


@effect(choice("urgency", "Urgency class", *Urgency), text("reason", "Reason"))
def set_urgency(s: Situation) -> Iterator[Change]:
    """Change the class; open clocks keep the time already used."""
    yield UrgencySet(Urgency(s.text("urgency")))


@effect(text("title", "Issue, as a question", long=False))
def raise_issue(s: Situation) -> Iterator[Change]:
    """Put an issue on the list."""
    yield recorded(s, Issue, title=s.text("title"))


@effect(
    one_of(Issue, "Issue", "open", "escalated"),
    choice("result", "Result", "settled", "referred", "escalated"),
    text("reason", "Why it is not settled here", required=False),
    text("door", "Who takes it up, when it is referred", required=False, long=False),
)
def settle_issue(s: Situation) -> Iterator[Change]:
    """Give one issue its own result."""
    issue = s.item(Issue)
    if issue is not None:
        yield ItemRecorded(replace(issue, state=s.text("result"), reason=s.text("reason"), door=s.text("door")))


@effect(text("text", "Account"), for_a_party=True)
def record_statement(s: Situation) -> Iterator[Change]:
    """Keep a party's own account."""
    yield recorded(s, Statement, party=s.party_id, text=s.text("text"))


@effect(text("text", "Note"))
def add_note(s: Situation) -> Iterator[Change]:
    """Write a note into one zone."""
    yield recorded(s, Note, text=s.text("text"))
