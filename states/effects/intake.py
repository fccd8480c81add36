"""Effects of intake: the case team, the urgency, issues, statements and notes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import calling
from states.effects.registry import choice, effect, one_of, people, recorded, text
from states.events import ItemRecorded, RoleAssigned, UrgencySet
from states.items import Issue, Note, Statement
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(choice("part", "Part", "convener", "committee"), people("people", "People"))
def assign_people(s: Situation) -> Iterator[Change]:
    """Give a part of the case to people."""
    yield from calling.named(s, role=s.text("part"), party=None)
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
    """Keep a party's own account, open to all who read the act's zone."""
    yield recorded(s, Statement, party=s.party_id, text=s.text("text"))


@effect(text("text", "Note"))
def add_note(s: Situation) -> Iterator[Change]:
    """Write a note into one zone."""
    yield recorded(s, Note, text=s.text("text"))
