"""Acts that take effect only when others agree: every other party, a second person, or a panel by its vote.

The first request of such an act is kept as a `Proposal`, or as a `Ballot` of the panel, and changes nothing else. The
answer that completes the agreement carries the act out, weighed anew, so that what has become impossible meanwhile is
refused with its reason.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from states import answering, questions, roles, seats
from states.effects.panels import BALLOTS
from states.effects.registry import recorded
from states.items import Ballot, Proposal, panels
from states.items.ladder import VERSION
from states.lifecycle import Lifecycle
from states.process import RoleScope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from states.case import Party
    from states.events import Change, Event
    from states.fields import Value
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
        ("take back", ("open",), "taken back"),
    ),
)
ON_A_QUESTION = ("the_chair_acts", "no_vote_is_open")
"""What putting an act to the vote of a panel needs, beside what the act itself does."""


def needs_others(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an act must wait for others: for a second person always, for parties as long as one is missing."""
    if trigger.seconded_by is not None or needs_vote(trigger, s) or answering.needs_others(trigger, s):
        return True
    if _is_for_a_body(trigger, s):
        return answering.majority(s, trigger.voted_by or "") > 1
    return trigger.agreed_by is not None and not s.party_ids <= set(_own(trigger.agreed_by, s))


def _is_for_a_body(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an act is for several people to decide together, on no panel, of whom the actor is one."""
    by = trigger.voted_by
    return by is not None and s.actor.person in roles.holders(s.process, s.case, by)


def needs_vote(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an act is for a panel to decide: one sits, and who asks for the act is among those it stands for."""
    if answering.needs_vote(trigger, s):
        return True
    holders = s.case.roles.get(trigger.voted_by or "", ())
    return s.actor.person in holders and panels.sitting(s.case.items) is not None


def proposed(trigger: Trigger, s: Situation) -> Change:
    """Keep a request until the others have answered; who asks has agreed, but for a panel, where each place votes."""
    panel = panels.sitting(s.case.items)
    if panel is not None and needs_vote(trigger, s):
        return recorded(
            s,
            Ballot,
            zone=roles.SENIORS,
            panel=panel.id,
            question=trigger.label,
            act=trigger.name,
            inputs=_given(trigger, s),
            state=BALLOTS.initial,
        )
    own = _own_side(trigger, s)
    return recorded(
        s,
        Proposal,
        zone=_asked_in(trigger, s),
        act=trigger.name,
        label=trigger.label,
        party=next(iter(own), None),
        inputs=_given(trigger, s),
        agreed_by=own,
        put_to=_put_to(trigger, s),
        people_for=(s.actor.person,),
    )


def _put_to(trigger: Trigger, s: Situation) -> str:
    """Name the role, as definitions write it, of whoever a proposal waits for."""
    if trigger.agreed_by is not None:
        return f"other {trigger.agreed_by}"
    return trigger.seconded_by or trigger.voted_by or answering.put_to(trigger, s)


def _asked_in(trigger: Trigger, s: Situation) -> str:
    """Say where a request lies until it is answered: with the seniors where nobody else asks or answers."""
    if trigger.answers is not None and s.zone == roles.SHARED:
        return roles.SENIORS
    asked = {roles.split(who)[1] for who in (*trigger.who, trigger.agreed_by, trigger.seconded_by) if who}
    parts = [s.process.roles[name] for name in asked if name in s.process.roles]
    among_themselves = all(roles.SENIORS in part.reads for part in parts)
    return roles.SENIORS if among_themselves and s.zone == roles.SHARED else s.zone


def _given(trigger: Trigger, s: Situation) -> dict[str, Value]:
    """Return what was said; an answer to a question names the version of the brief that it is given on."""
    said: dict[str, Value] = {name: value for name, value in (s.inputs or {}).items() if value is not None}
    question = questions.open_one(s.case)
    if trigger.answers is None or question is None:
        return said
    return {VERSION: question.version, **said}


def waits_for(s: Situation, proposal: Proposal) -> bool:
    """Tell whether the actor's answer is one that the proposal waits for.

    Once the party it still waited for has left, any party's answer carries it out.
    """
    trigger = s.process.triggers[proposal.act]
    if trigger.seconded_by is not None:
        return s.actor.person != proposal.by and roles.holds(s.process, s.case, s.actor, who=trigger.seconded_by)
    if trigger.answers is not None:
        return answering.waits_for(trigger, s, proposal)
    if trigger.voted_by is not None:
        return _is_for_a_body(trigger, s) and answering.adds_a_yes(s, proposal, trigger.voted_by)
    own = set(parties_answering(s, proposal))
    return bool(own - set(proposal.agreed_by)) or (bool(own) and is_complete(s, proposal))


def parties_answering(s: Situation, proposal: Proposal) -> tuple[str, ...]:
    """List the parties the actor can answer a proposal for."""
    return _own_side(s.process.triggers[proposal.act], s)


def may_take_back(s: Situation, proposal: Proposal) -> bool:
    """Tell whether the actor proposed it, or agreed to it, for themselves or for their party."""
    if s.actor.person in proposal.people_for:
        return True
    return s.actor.person == proposal.by or bool(set(parties_answering(s, proposal)) & set(proposal.agreed_by))


def taken_back(s: Situation, proposal: Proposal) -> Proposal:
    """Take a proposal back where it is the actor's own or their party's, else only the yes that was given to it."""
    own = set(parties_answering(s, proposal))
    if s.actor.person == proposal.by or proposal.party in own:
        return LIFE.moved(proposal, "take back")
    return LIFE.moved(
        proposal,
        "agree",
        agreed_by=tuple(one for one in proposal.agreed_by if one not in own),
        people_for=tuple(one for one in proposal.people_for if one != s.actor.person),
    )


def is_complete(s: Situation, proposal: Proposal) -> bool:
    """Tell whether nobody's answer is missing, now that the actor has agreed."""
    trigger = s.process.triggers[proposal.act]
    if trigger.seconded_by is not None:
        return True
    if trigger.answers is not None:
        return answering.is_complete(trigger, s, proposal)
    if trigger.voted_by is not None:
        said = seats.taken(s.case, proposal.people_for, trigger.voted_by)
        return len(said) >= answering.majority(s, trigger.voted_by)
    return s.party_ids <= set(proposal.agreed_by)


def proposer_of(process: Process, proposal: Proposal | Ballot) -> roles.Actor:
    """Return who proposed an act; an office is held outside the case and taken to be held still."""
    offices = frozenset(name for name, role in process.roles.items() if role.scope is RoleScope.OFFICE)
    return roles.Actor(proposal.by, offices)


def completed(happened: Iterable[Event]) -> Proposal | Ballot | None:
    """Find the proposal, or the question of a panel, that these events carry out."""
    items = (getattr(change, "item", None) for event in happened for change in event.changes)
    asked = (item for item in items if isinstance(item, Proposal | Ballot))
    return next((item for item in asked if item.state in {"carried out", "carried"}), None)


def proposal_in(happened: Iterable[Event]) -> Proposal | Ballot | None:
    """Find what these events only put before the others, in place of doing it."""
    pairs = ((event, getattr(change, "item", None)) for event in happened for change in event.changes)
    asked = ((event, item) for event, item in pairs if isinstance(item, Proposal | Ballot))
    return next((item for event, item in asked if item.act == event.trigger), None)


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
        found.append(Telling(first=first, events=events, mails=_mails(process, trigger, events)))
        first += len(events)
    return tuple(found)


def _mails(process: Process, trigger: str, happened: tuple[Event, ...]) -> tuple[str, ...]:
    asked = proposal_in(happened)
    if asked is None:
        return process.triggers[trigger].mails
    return process.vote_mails if isinstance(asked, Ballot) else process.proposal_mails


def _own_side(trigger: Trigger, s: Situation) -> tuple[str, ...]:
    """List the parties for which the actor says yes to an act that needs the yes of others."""
    if trigger.agreed_by is not None:
        return _own(trigger.agreed_by, s)
    tier = answering.tier_of(trigger, s.process, s.case, s.actor) if trigger.answers else None
    return answering.parties_answered(tier, s) if tier is not None else ()


def _own(role: str, s: Situation) -> tuple[str, ...]:
    """List the deciding parties for which the actor holds the role."""
    mine: Iterable[Party] = roles.speaks_for(s.process, s.case, s.actor, (role,))
    return tuple(party.id for party in mine if party.id in s.party_ids)
