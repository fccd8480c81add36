"""Effects of who is a party: joining, standing within another one, being spoken for by somebody else, and leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import calling, departures
from states.case import Party, Side
from states.effects import accounts, engagement, interim, offers, sealed
from states.effects.registry import choice, effect, person, recorded, text
from states.events import ItemRecorded, PartyChanged
from states.items import Consent, Interim, Offer, ProcessAgreement, Round, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

_SENIOR = person("senior_representative", "Its senior representative", required=False)


@effect(
    text("name", "Name of the party", long=False),
    person("representative", "Its representative"),
    text("organisation", "Its organisation", required=False, long=False),
    choice("side", "Side; “joined” stands with neither", *Side, initial=Side.JOINED),
    _SENIOR,
    text("calendar", "Its working calendar", required=False, long=False),
)
def join_party(s: Situation) -> Iterator[Change]:
    """Let another party into the case; where others were asked for accounts or consents, it gets clocks of its own."""
    joined = Party(
        id=s.new_id("party"),
        name=s.text("name"),
        side=Side(s.text("side")),
        organisation=s.text("organisation"),
        calendar=s.text("calendar") or None,
        people=_people(s),
    )
    yield PartyChanged(joined)
    if s.case.all(Statement):
        yield recorded(s, Statement, party=joined.id, state=accounts.LIFE.initial)
    if s.current(Consent):
        yield recorded(s, Consent, party=joined.id, state="asked")


@effect(
    text("name", "Name of the party within this one", long=False),
    person("representative", "Its representative"),
    _SENIOR,
    for_a_party=True,
)
def add_sub_party(s: Situation) -> Iterator[Change]:
    """Let a part of a party take part under its own name: it has its own zones, and the party decides for it."""
    above = s.party
    if above is not None:
        part = replace(above, id=s.new_id("party"), name=s.text("name"), people=_people(s), within=above.id)
        yield PartyChanged(part)


@effect(
    choice("part", "Part", "representative", "senior_representative", "area_manager"),
    person("person", "Person"),
    for_a_party=True,
)
def name_person(s: Situation) -> Iterator[Change]:
    """Name who plays a part for a party; the one before loses it at once."""
    if s.party is not None:
        yield from calling.named(s, role=s.text("part"), party=s.party_id)
        yield PartyChanged(replace(s.party, people={**s.party.people, s.text("part"): (s.text("person"),)}))


@effect(text("reason", "Reason"), for_a_party=True)
def leave_case(s: Situation) -> Iterator[Change]:
    """Let a party leave with those within it: its people lose access at once, and nothing waits for it any more."""
    leaving = departures.leaving(s)
    for party in s.case.parties:
        if party.id in leaving:
            yield PartyChanged(replace(party, left_at=s.at))
    left = departures.without_them(s)
    yield from accounts.withdrawn(left, leaving)
    yield from _agreed_without_them(left)
    yield from _offers_without_them(left, leaving)


def _agreed_without_them(left: Situation) -> Iterator[Change]:
    """Bring about the rules and sealed rounds that had waited for nobody but those who left."""
    for rule in left.case.all(Interim, *interim.LIFE.sources("begin")):
        if left.party_ids <= set(rule.accepted_by):
            yield ItemRecorded(interim.LIFE.moved(rule, "begin"))
    for asked in left.case.all(Round, *sealed.LIFE.sources("complete")):
        if left.party_ids <= set(asked.filed_by):
            yield ItemRecorded(sealed.LIFE.moved(asked, "complete", complete_at=left.at))
    for rules in left.current(ProcessAgreement, "proposed"):
        if left.party_ids <= rules.accepted_by:
            yield from engagement.in_force(left, rules)


def _offers_without_them(left: Situation, leaving: frozenset[str]) -> Iterator[Change]:
    """Take the offers of those who left off the table, and settle those that all others had accepted."""
    for offer in left.case.all(Offer, *offers.LIFE.sources("withdraw")):
        if offer.party in leaving:
            yield ItemRecorded(offers.LIFE.moved(offer, "withdraw"))
        elif left.party_ids - {offer.party} <= set(offer.accepted_by):
            yield from offers.settled(left, offer)


def _people(s: Situation) -> dict[str, tuple[str, ...]]:
    named = {role: s.text(role) for role in ("representative", "senior_representative")}
    return {role: (person,) for role, person in named.items() if person}
