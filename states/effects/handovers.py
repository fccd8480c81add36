"""Effects of a handover: a part is offered to a successor, who accepts or declines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import calling, handing_over, roles
from states.effects.registry import choice, effect, leaves, one_of, own_word, person, recorded, text
from states.events import ItemRecorded, RoleAssigned
from states.handing_over import LIFE
from states.items import Handover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

_WHO = person("person", "Successor")
_REASON = text("reason", "Reason, and what the successor should know")
_OFFERED = one_of(Handover, "Handover", LIFE.initial)


@leaves(Handover, LIFE.initial)
@effect(choice("part", "Part", "convener", "committee"), _WHO, _REASON)
def hand_over(s: Situation) -> Iterator[Change]:
    """Offer a part of the case to a successor; whoever holds it keeps it until the successor has accepted."""
    yield from _offered(s, party=None)


@leaves(Handover, LIFE.initial)
@effect(
    choice("part", "Part", "representative", "senior_representative", "area_manager"), _WHO, _REASON, for_a_party=True
)
def hand_over_for_party(s: Situation) -> Iterator[Change]:
    """Offer a part of a party to a successor; whoever holds it keeps it until the successor has accepted."""
    yield from _offered(s, party=s.party_id)


@own_word
@effect(_OFFERED, asks_directory=True)
def accept_handover(s: Situation) -> Iterator[Change]:
    """Take over the part, with everything that waits for it, in one act."""
    handover = s.item(Handover)
    if handover is not None:
        yield ItemRecorded(LIFE.moved(handover, "accept"))
        yield from calling.named(s, role=handover.role, party=handover.party)
        yield from handing_over.handed_over(s.case, handover)
        yield handing_over.settled(s.case, handover)


@own_word
@effect(_OFFERED, text("reason", "Reason"))
def decline_handover(s: Situation) -> Iterator[Change]:
    """Decline the part; it stays where it is."""
    yield from _ended(s, "decline")


@effect(_OFFERED)
def lapse_handover(s: Situation) -> Iterator[Change]:
    """Let an offer go that the successor did not answer; the part stays where it is."""
    yield from _ended(s, "lapse")


def _offered(s: Situation, *, party: str | None) -> Iterator[Change]:
    role, successor = s.text("part"), s.text("person")
    yield recorded(
        s,
        Handover,
        zone=handing_over.zone_of(s.process, role, party=party),
        role=role,
        party=party,
        predecessor=handing_over.predecessor(s, role, party=party),
        successor=successor,
        reason=s.text("reason"),
        state=LIFE.initial,
    )
    waiting = s.case.roles.get(roles.SUCCESSOR, ())
    yield RoleAssigned(roles.SUCCESSOR, tuple(dict.fromkeys((*waiting, successor))))


def _ended(s: Situation, move: str) -> Iterator[Change]:
    handover = s.item(Handover)
    if handover is not None:
        yield ItemRecorded(LIFE.moved(handover, move, answer=s.text("reason")))
        yield handing_over.settled(s.case, handover)
