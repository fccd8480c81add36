"""Effects of the accounts: each party is asked for its own, unseen by the others, and all are opened at one instant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from states import roles
from states.case import with_item
from states.effects.registry import effect, leaves, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Account, Statement
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.events import Change
    from states.items import Item
    from states.situation import Situation

LIFE = Lifecycle(
    Statement,
    initial="awaited",
    moves=(
        ("ask", ("awaited", "silent"), "awaited"),
        ("seal", ("awaited", "silent", "sealed"), "sealed"),
        ("pass", ("awaited",), "silent"),
        ("open", ("sealed",), "open"),
        ("withdraw", ("awaited", "sealed"), "withdrawn"),
    ),
)


@leaves(Statement, "awaited")
@effect()
def ask_for_accounts(s: Situation) -> Iterator[Change]:
    """Ask every party that has not filed its account for it, each on a clock of its own, which begins now."""
    placed = {one.party for one in s.case.all(Statement)}
    for waiting in s.case.all(Statement, *LIFE.sources("ask")):
        yield ItemRecorded(LIFE.moved(waiting, "ask", at=s.at, received_at=None))
    yield from _awaited(s, s.party_ids - placed)


@effect(text("text", "Account"), for_a_party=True, speaks_in="own private")
def file_account(s: Situation) -> Iterator[Change]:
    """Seal a party's account, or put another one in its place; the last one that is awaited opens them all.

    The first one in a case where nobody was asked, such as a severed one, asks all others. One that comes after its
    time is marked late, and never refused for that. The definition keeps the words with the party (`zone: own
    private`); what everybody sees is that they were filed.
    """
    mine = next((one for one in s.case.all(Statement, *LIFE.sources("seal")) if one.party == s.party_id), None)
    if mine is None:
        late = bool(s.case.all(Statement, "open"))
        values: dict[str, Any] = {
            "id": s.new_id(Statement.kind),
            "by": s.actor.person,
            "at": s.at,
            "state": "sealed",
            "late": late,
        }
        statement = Statement(zone=roles.SHARED, party=s.party_id, **values)
    else:
        late = mine.late or mine.state == "silent"
        statement = LIFE.moved(mine, "seal", by=s.actor.person, at=s.at, late=late)
    others = () if s.case.all(Statement) else _awaited(s, s.party_ids - {s.party_id})
    yield from _filed(s, _account(s, mine), statement, *(asked.item for asked in others))


@effect(one_of(Statement, "Account", *LIFE.sources("pass")))
def leave_account_unanswered(s: Situation) -> Iterator[Change]:
    """Record that a party did not file its account in time; the clocks of the others go on."""
    awaited = s.item(Statement)
    if awaited is not None:
        yield from _filed(s, LIFE.moved(awaited, "pass"))


def _awaited(s: Situation, parties: frozenset[str]) -> Iterator[ItemRecorded]:
    """Make a place among the accounts for each of these parties, for everybody to see."""
    asked = (party.id for party in s.case.parties if party.id in parties)
    for index, party in enumerate(asked, start=1):
        one = s.new_id(Statement.kind, index=index)
        yield recorded(s, Statement, id=one, zone=roles.SHARED, party=party, state=LIFE.initial)


def received(s: Situation, party: str, at: datetime | None) -> Iterator[Change]:
    """Count the time for an awaited account from when its notice was received, never from before it was asked for."""
    for waiting in s.case.all(Statement, "awaited"):
        if waiting.party == party:
            yield ItemRecorded(replace(waiting, received_at=max(waiting.at, at) if at else None))


def withdrawn(s: Situation, parties: frozenset[str]) -> Iterator[Change]:
    """Wait no longer for the accounts of parties that leave, and keep those sealed that they filed."""
    theirs = (one for one in s.case.all(Statement, *LIFE.sources("withdraw")) if one.party in parties)
    yield from _filed(s, *(LIFE.moved(one, "withdraw") for one in theirs))


def _account(s: Situation, mine: Statement | None) -> Account:
    """Return the party's words: in place of those that are sealed still, else under an id of their own."""
    filed = [one for one in s.case.all(Account) if one.party == s.party_id]
    words: dict[str, Any] = {"text": s.text("text"), "by": s.actor.person, "at": s.at}
    if filed and mine is not None and mine.state == "sealed":
        return replace(filed[-1], **words)
    return Account(id=s.new_id(Account.kind), zone=s.zone, state="sealed", party=s.party_id, **words)


def _filed(s: Situation, *changed: Item) -> Iterator[Change]:
    """Put items on file; once no account is awaited, put a copy of every sealed one before all, at this instant.

    Who rehearses the last account does not read the others yet: they are opened there without their words.
    """
    items = s.case.items
    for item in changed:
        items = with_item(items, item)
    statements = [one for one in items if isinstance(one, Statement)]
    after = {item.id: item for item in changed}
    if all(one.state != "awaited" for one in statements):
        words = {one.party: one.text for one in items if isinstance(one, Account)}
        for one in statements:
            if one.state == "sealed":
                after[one.id] = LIFE.moved(one, "open", text=words.get(one.party, one.text), opened_at=s.at)
    yield from map(ItemRecorded, after.values())
