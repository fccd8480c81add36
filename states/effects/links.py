"""Effects that tie cases together: links, a case joined to a lead, an issue severed, and patterns.

Each puts a link on file in its own case; the act named under `there` answers it in the other one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.case import Side
from states.effects.registry import choice, effect, one_of, other_case, recorded, text
from states.events import ItemRecorded, PartyChanged
from states.items import Issue, Link, Relation
from states.lifecycle import Lifecycle
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case, Party
    from states.events import Change
    from states.situation import Situation

LIFE = Lifecycle(Link, initial="open", moves=(("take back", ("open",), "taken back"),))
_BY_HAND = (Relation.CROSS, Relation.JOINER, Relation.REPEAT)


@effect(
    other_case("case", "Number of the other case"),
    choice("relation", "How they belong together", Relation.CROSS, Relation.JOINER, Relation.REPEAT),
    text("reason", "Why"),
)
def link_case(s: Situation) -> Iterator[Change]:
    """Tie this case to another: they touch, this one follows it, or its matter has come back in this one."""
    yield from _linked(s, Relation(s.text("relation")))


@effect(other_case("lead", "Number of the lead case"), text("reason", "Why"))
def join_to_lead(s: Situation) -> Iterator[Change]:
    """Fold this case into the lead case."""
    yield from _linked(s, Relation.JOINER)


@effect(one_of(Issue, "Issue", "open"), choice("urgency", "Urgency class", *Urgency), text("reason", "Why"))
def sever_issue(s: Situation) -> Iterator[Change]:
    """Take one issue out into the case that is opened for it."""
    issue = s.item(Issue)
    if issue is not None:
        yield ItemRecorded(replace(issue, state="severed"))
        yield from _linked(s, Relation.SEVERED)


@effect(other_case("case", "Number of the other case"), text("reason", "Why they do not belong together"))
def unlink_case(s: Situation) -> Iterator[Change]:
    """Take a wrong link back; it stays on file as such, and what was done together stays as it is."""
    yield from _taken_back(s, s.text("reason"))


@effect()
def answer_unlink(s: Situation) -> Iterator[Change]:
    """Take the link back here as well."""
    theirs = [link for link in (s.beside.all(Link, "taken back") if s.beside else ()) if link.other == s.case.id]
    yield from _taken_back(s, theirs[-1].taken_back if theirs else "")


@effect()
def gather_case(s: Situation) -> Iterator[Change]:
    """Take a case into the pattern that this case is about."""
    yield from _linked(s, Relation.SYSTEMIC, outward=False)


@effect()
def answer_link(s: Situation) -> Iterator[Change]:
    """Put the link that the other case has just made on file here as well, seen from this side."""
    made = next((one for one in reversed(s.beside.all(Link)) if one.other == s.case.id), None) if s.beside else None
    if made is not None:
        yield from _linked(s, Relation(made.relation), outward=not made.outward, reason=made.reason)


@effect()
def take_in_parties(s: Situation) -> Iterator[Change]:
    """Let the parties of the folded case into this one, but for those that are in it already."""
    for index, party in enumerate(strangers(s.beside, s.case) if s.beside else ()):
        taken = s.case.party(party.id) is not None
        new_id = s.new_id("party", index=index) if taken else party.id
        yield PartyChanged(replace(party, id=new_id, side=Side.JOINED))


def strangers(folded: Case, lead: Case) -> tuple[Party, ...]:
    """List the parties of one case that are not in another, told apart by organisation, or by name without one."""
    known = {_body(party) for party in lead.parties}
    return tuple(party for party in folded.parties if _body(party) not in known)


def _body(party: Party) -> str:
    return party.organisation or party.name.strip().casefold()


def made_by_hand(s: Situation) -> tuple[Link, ...]:
    """List the links to the other case that may be taken back: how one case came out of another is no mistake.

    A case that was folded into another, or ended as its follower, stays tied to it.
    """
    other = s.beside
    if other is None:
        return ()
    ties = (link for link in s.case.all(Link, *LIFE.sources("take back")) if link.other == other.id)
    by_hand = (link for link in ties if link.relation in _BY_HAND)
    return tuple(link for link in by_hand if link.relation != Relation.JOINER or _follower(s, link).closed_at is None)


def _follower(s: Situation, link: Link) -> Case:
    return s.case if link.outward or s.beside is None else s.beside


def _taken_back(s: Situation, reason: str) -> Iterator[Change]:
    return (ItemRecorded(LIFE.moved(link, "take back", taken_back=reason)) for link in made_by_hand(s))


def _linked(s: Situation, relation: Relation, *, outward: bool = True, reason: str = "") -> Iterator[Change]:
    other = s.beside
    if other is not None:
        why = reason or s.text("reason")
        yield recorded(s, Link, other=other.id, number=other.number, relation=relation, outward=outward, reason=why)
