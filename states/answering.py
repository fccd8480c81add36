"""Who may answer a question of the ladder, and whose yes an answer still needs: the one place that says so.

`states.machine` asks it for every act that `answers`, so that a page, a link in a mail, the API and the command line
cannot differ. Silence is no answer, and nobody answers what they asked themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import questions, roles, seats
from states.items import panels
from states.items.ladder import VERSION
from states.process import ANYBODY, COMMITTEE, EACH_PARTY, REPORT, RoleScope
from states.said import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case
    from states.items import Proposal
    from states.process import Process, Tier, Trigger
    from states.roles import Actor
    from states.situation import Situation

FINAL = frozenset({"decided", "approved", "approved with changes", "referred"})
"""Answers that settle the question, which whoever was asked before a higher tier may still give."""
PASSED_UP = "passed up"
"""The answer of a tier that cannot agree: the next one is asked, for which nobody else's yes is needed."""
ANSWERS = (*sorted(FINAL), "returned", "refused", PASSED_UP)


def missing(trigger: Trigger, s: Situation) -> Iterator[str]:
    """List what stands against this person giving this answer; nothing where the act answers no question."""
    if trigger.answers is None:
        return
    tier = tier_of(trigger, s.process, s.case, s.actor)
    if tier is None:
        yield _not_asked(trigger)
        return
    if tier.acts and trigger.answers not in tier.acts:
        yield say("an answer that “%(tier)s” may give: %(acts)s", tier=tier.label, acts=listed(tier.acts))
    if tier.quorum != REPORT:
        yield from _conflicts(tier, s)
    yield from _stale(s)


def _not_asked(trigger: Trigger) -> str:
    if trigger.answers in FINAL:
        return say("the matter has reached a tier at which this person has authority")
    return say("the matter is with a tier at which this person has authority")


def tier_of(trigger: Trigger, process: Process, case: Case, actor: Actor) -> Tier | None:
    """Find the tier at which somebody may give this answer: the one that is asked, or for a final answer one before.

    The lowest tier was not asked of anything.
    """
    tiers, question = list(process.tiers), questions.open_one(case)
    height = tiers.index(case.tier) if case.tier in tiers else 0
    reached = tiers[1 : height + 1] if trigger.answers in FINAL else tiers[max(height, 1) : height + 1]
    if question is not None:
        reached = [tier for tier in reached if tier in question.asked_of]
    found = (process.tiers[name] for name in reversed(reached))
    return next((tier for tier in found if any(roles.holds(process, case, actor, who=one) for one in tier.roles)), None)


def _conflicts(tier: Tier, s: Situation) -> Iterator[str]:
    """Say why this person's answer would not be above suspicion."""
    question, above = questions.open_one(s.case), set(s.directory.line_of(s.actor.person))
    asked_by = {one.by for one in question.matters} if question else set()
    if s.actor.person in asked_by:
        yield say("somebody else to answer: nobody approves what they asked for themselves")
    elif asked_by & above:
        yield say("somebody else to answer: whoever asked stands above this person in their own line")
    mine = roles.parties_of(s.case, s.actor)
    if len(mine) > 1:
        yield say("somebody else to answer: this person stands for more than one party")
    elif tier.quorum != EACH_PARTY and not _is_of_a_party(tier, s.process):
        yield from _not_neutral(tier, s, above=above)


def _not_neutral(tier: Tier, s: Situation, *, above: set[str]) -> Iterator[str]:
    """Say why somebody at a tier of no party is of one all the same: by their part, their line, or as the only side."""
    of_parties = {person for party in s.case.parties for people in party.people.values() for person in people}
    if s.actor.person in of_parties:
        yield say(
            "somebody else to answer: this person stands for a party of the case; an alternate may take their place"
        )
    elif above & of_parties:
        yield say("somebody else to answer: this person reports to somebody who stands for a party of the case")
    elif _sits_for_one_side(tier, s):
        yield say("somebody else to answer: everybody who sits here works for the same party of the case")


def _sits_for_one_side(tier: Tier, s: Situation) -> bool:
    """Tell whether all who hold a tier's parts are employed by one party of the case."""
    people = {person for role in tier.roles for person in roles.holders(s.process, s.case, role)}
    works_for = {entry.organisation if (entry := s.directory.people.get(one)) else "" for one in people}
    return len(works_for) == 1 and works_for <= {party.organisation for party in s.case.parties} - {""}


def _is_of_a_party(tier: Tier, process: Process) -> bool:
    return any(process.roles[role].scope is RoleScope.PARTY for role in tier.roles if role in process.roles)


def _stale(s: Situation) -> Iterator[str]:
    """Refuse an answer to a brief that is no longer the newest."""
    question, seen = questions.open_one(s.case), s.given("version")
    if question is not None and seen is not None and seen != question.version:
        yield say(
            "a look at the newest brief, version %(version)s: it has changed since version %(seen)s",
            version=question.version,
            seen=seen,
        )


def is_on_the_newest(case: Case, answer: Proposal) -> bool:
    """Tell whether an answer that waits for others was given on the brief as it is now."""
    question, seen = questions.open_one(case), answer.inputs.get(VERSION)
    return question is None or seen is None or seen == question.version


def needs_vote(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an answer is for the panel that sits to vote on."""
    tier = _deciding(trigger, s)
    if tier is None or tier.quorum != COMMITTEE or panels.sitting(s.case.items) is None:
        return False
    return any(s.actor.person in s.case.roles.get(role, ()) for role in tier.roles)


def needs_others(trigger: Trigger, s: Situation) -> bool:
    """Tell whether an answer waits for others: for the other party's level, or for more people of this one."""
    tier = _deciding(trigger, s)
    if tier is None:
        return False
    if tier.quorum == EACH_PARTY:
        return not s.party_ids <= set(parties_answered(tier, s))
    return how_many(tier, s) > 1


def _deciding(trigger: Trigger, s: Situation) -> Tier | None:
    if trigger.answers in {None, PASSED_UP}:
        return None
    return tier_of(trigger, s.process, s.case, s.actor)


def parties_answered(tier: Tier, s: Situation) -> tuple[str, ...]:
    """List the deciding parties for which the actor answers at a tier."""
    return tuple(one.id for one in roles.speaks_for(s.process, s.case, s.actor, tier.roles) if one.id in s.party_ids)


def how_many(tier: Tier, s: Situation) -> int:
    """Count the seats whose yes an answer needs; of a committee without a panel that is more than half."""
    if tier.quorum in {ANYBODY, REPORT, EACH_PARTY, ""}:
        return 1
    return majority(s, *tier.roles) if tier.quorum == COMMITTEE else int(tier.quorum)


def majority(s: Situation, *held: str) -> int:
    """Count more than half of the seats of some roles in the case; a deputy adds none."""
    people = (person for role in held for person in roles.holders(s.process, s.case, role))
    return len(seats.taken(s.case, people, *held)) // 2 + 1


def put_to(trigger: Trigger, s: Situation) -> str:
    """Name the role, as definitions write it, whose answer is still needed."""
    tier = _deciding(trigger, s)
    if tier is None:
        return ""
    mine = next((one for one in tier.roles if roles.holds(s.process, s.case, s.actor, who=one)), tier.roles[0])
    return f"other {mine}" if tier.quorum == EACH_PARTY else mine


def is_complete(trigger: Trigger, s: Situation, proposal: Proposal) -> bool:
    """Tell whether nobody's yes is missing from an answer that was proposed at a tier."""
    tier = tier_of(trigger, s.process, s.case, roles.Actor(proposal.by))
    if tier is None:
        return True
    if tier.quorum == EACH_PARTY:
        return s.party_ids <= set(proposal.agreed_by)
    return len(seats.taken(s.case, proposal.people_for, *tier.roles)) >= how_many(tier, s)


def waits_for(trigger: Trigger, s: Situation, proposal: Proposal) -> bool:
    """Tell whether the actor is one of those whose yes to a proposed answer is still missing."""
    tier = tier_of(trigger, s.process, s.case, roles.Actor(proposal.by))
    if tier is None or any(missing(trigger, s)):
        return False
    if tier.quorum == EACH_PARTY:
        return bool(set(parties_answered(tier, s)) - set(proposal.agreed_by))
    holds = any(roles.holds(s.process, s.case, s.actor, who=role) for role in tier.roles)
    return holds and adds_a_yes(s, proposal, *tier.roles)


def adds_a_yes(s: Situation, proposal: Proposal, *held: str) -> bool:
    """Tell whether nobody said yes to a proposal yet from the seat that the actor has in some roles."""
    mine = seats.taken(s.case, (s.actor.person,), *held)
    return mine.isdisjoint(seats.taken(s.case, proposal.people_for, *held))
