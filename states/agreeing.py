"""Acts that take effect only when others agree: every other party, or a second person.

The first request of such an act is kept as a `Proposal` and changes nothing else. The answer that completes the
agreement carries the act out, weighed anew, so that what has become impossible meanwhile is refused with its reason.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import recorded
from states.items import Proposal
from states.lifecycle import Lifecycle
from states.process import RoleScope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from states.case import Party
    from states.events import Change, Event
    from states.process import Process, Trigger
    from states.situation import Situation

LIFE = Lifecycle(
    Proposal,
    initial="open",
    moves=(
        ("agree", ("open",), "open"),
        ("carry out", ("open",), "carried out"),
        ("decline", ("open",), "declined"),
        ("lapse", ("open",), "lapsed"),
    ),
)


def needs_others(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an act must wait for others: for a second person always, for parties as long as one is missing."""
    if trigger.seconded_by is not None:
        return True
    return trigger.agreed_by is not None and not s.party_ids <= set(_own(trigger.agreed_by, s))


def proposed(trigger: Trigger, s: Situation) -> Change:
    """Keep a request until the others have answered; who asks has agreed."""
    own = _own(trigger.agreed_by, s) if trigger.agreed_by else ()
    return recorded(
        s,
        Proposal,
        act=trigger.name,
        label=trigger.label,
        party=next(iter(own), None),
        inputs={name: value for name, value in (s.inputs or {}).items() if value is not None},
        agreed_by=own,
    )


def waits_for(s: Situation, proposal: Proposal) -> bool:
    """Tell whether the actor's answer is one that the proposal waits for.

    Once the party it still waited for has left, any party's answer carries it out.
    """
    trigger = s.process.triggers[proposal.act]
    if trigger.seconded_by is not None:
        return s.actor.person != proposal.by and roles.holds(s.process, s.case, s.actor, who=trigger.seconded_by)
    own = set(answering(s, proposal))
    return bool(own - set(proposal.agreed_by)) or (bool(own) and is_complete(s, proposal))


def answering(s: Situation, proposal: Proposal) -> tuple[str, ...]:
    """List the parties the actor can answer a proposal for."""
    trigger = s.process.triggers[proposal.act]
    return _own(trigger.agreed_by, s) if trigger.agreed_by else ()


def is_complete(s: Situation, proposal: Proposal) -> bool:
    """Tell whether nobody's answer is missing, now that the actor has agreed."""
    if s.process.triggers[proposal.act].seconded_by is not None:
        return True
    return s.party_ids <= set(proposal.agreed_by)


def proposer_of(process: Process, proposal: Proposal) -> roles.Actor:
    """Return who proposed an act; an office is held outside the case and taken to be held still."""
    offices = frozenset(name for name, role in process.roles.items() if role.scope is RoleScope.OFFICE)
    return roles.Actor(proposal.by, offices)


def completed(happened: Iterable[Event]) -> Proposal | None:
    """Find the proposal that these events carry out."""
    items = (getattr(change, "item", None) for event in happened for change in event.changes)
    return next((item for item in items if isinstance(item, Proposal) and item.state == "carried out"), None)


def is_proposal(happened: Iterable[Event]) -> bool:
    """Tell whether these events only put an act before the others."""
    return any(
        isinstance(item := getattr(change, "item", None), Proposal) and item.act == event.trigger
        for event in happened
        for change in event.changes
    )


@dataclass(frozen=True, slots=True)
class Telling:
    """What people are told of one act: the events it made, from the place `first` on, and the mails that go out."""

    first: int
    events: tuple[Event, ...]
    mails: tuple[str, ...]


def tellings(process: Process, happened: tuple[Event, ...]) -> tuple[Telling, ...]:
    """Say what is told of each act in a row of events: one act, or an answer and the act it carries out."""
    found, first = [], 0
    for trigger, group in itertools.groupby(happened, key=lambda event: event.trigger):
        events = tuple(group)
        mails = process.proposal_mails if is_proposal(events) else process.triggers[trigger].mails
        found.append(Telling(first=first, events=events, mails=mails))
        first += len(events)
    return tuple(found)


def _own(role: str, s: Situation) -> tuple[str, ...]:
    """List the deciding parties for which the actor holds the role."""
    mine: Iterable[Party] = roles.speaks_for(s.process, s.case, s.actor, (role,))
    return tuple(party.id for party in mine if party.id in s.party_ids)
