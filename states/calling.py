"""Who is called when the matter reaches a tier: found anew by the directory, and a deputy where somebody is away.

Deputies are added to a part and take nobody's place, so whoever they stand in for keeps sight and may still act.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from states import directory as on_file
from states import done_once, roles, whom_to_ask
from states.call_states import ACTING, ASKED, LEFT, LIFE, NOBODY, WHILE_ASKED, WHILE_AWAY
from states.events import ItemRecorded, PartyChanged, RoleAssigned
from states.items import Called, Proposal, Question, panels
from states.items.ladder import VERSION
from states.process import RoleScope
from states.said import either, say, together, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from states.case import Case, Party
    from states.events import Change
    from states.process import Calls, Tier
    from states.situation import Situation
    from states.whom_to_ask import Found

_PLACE = "place"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that has authority at a tier: of one party, or of the case where there is none."""

    tier: Tier
    role: str
    party: Party | None
    holders: tuple[str, ...]


def entering(s: Situation, tier: Tier) -> Iterator[Change]:
    """Call the people of a tier as it is entered: find its holders anew, and a deputy where one of them is away."""
    left = tuple(leaving(s))
    yield from left
    lowest = next(iter(s.process.tiers), None)
    if s.directory.people and tier.name != lowest:
        yield from _one_after_the_other(after(s, left), tier, _asked)


def beside_the_ladder(s: Situation, calls: Calls) -> Iterator[Change]:
    """Call the people of a tier that is not asked yet: who is on duty, its holders, and a deputy for who is away."""
    if s.directory.people:
        yield from _one_after_the_other(s, s.process.tiers[calls.tier], partial(_on_duty, posts=calls.posts))


def leaving(s: Situation) -> Iterator[Change]:
    """End what was called for the present tier: the parts of deputies, and the search where nobody was found."""
    yield from _ended(s, [one for one in s.case.all(Called, *LEFT) if one.tier == s.case.tier])


def stage_left(s: Situation) -> Iterator[Change]:
    """End what was called beside the ladder, for the stage that is left."""
    yield from _ended(s, [one for one in s.case.all(Called, *LEFT) if one.tier != s.case.tier])


def _ended(s: Situation, calls: Iterable[Called]) -> Iterator[Change]:
    for call in calls:
        searched = call.state == NOBODY
        ended = (ItemRecorded(LIFE.moved(call, "leave unnamed")),) if searched else tuple(part_ended(s.case, call))
        yield from ended
        s = after(s, ended)


def deputies(s: Situation) -> Iterator[Change]:
    """Call a deputy beside each person who let the time of the present tier pass without an answer."""
    tier = s.process.tiers.get(s.case.tier or "")
    if tier is not None:
        yield from _one_after_the_other(s, tier, _beside)


def deputies_of_stage(s: Situation) -> Iterator[Change]:
    """Call a deputy beside each person who let the time of the stage pass, and whose party has not done its part."""
    _, duty = roles.split(s.process.stages[s.case.stage].duty or "")
    tier = next((one for one in s.process.tiers.values() if duty in one.roles), None)
    if tier is not None:
        yield from _one_after_the_other(s, replace(tier, roles=(duty,)), _beside)


def named(s: Situation, *, role: str, party: str | None) -> Iterator[Change]:
    """Note that a part is held by somebody named for it, and no longer by deputies or by nobody."""
    for call in s.case.all(Called, *LIFE.sources("name")):
        if (call.role, call.party) == (role, party):
            yield ItemRecorded(LIFE.moved(call, "name"))


def part_ended(case: Case, call: Called) -> Iterator[Change]:
    """End the part of a deputy; who holds it for a reason of their own keeps it."""
    yield ItemRecorded(LIFE.moved(call, "end"))
    party = case.party(call.party or "")
    left = tuple(one for one in _holders(case, call.role, party) if one != call.person)
    yield _given(call.role, party, left)


def over(s: Situation, call: Called) -> Iterator[Change]:
    """End the part of a deputy; once its day has come, the next stand-in is called where one is still needed."""
    ended = tuple(part_ended(s.case, call))
    yield from ended
    if call.until_at is not None and s.at >= call.until_at:
        yield from _next_beside(after(s, ended), call)


def _next_beside(s: Situation, call: Called) -> Iterator[Change]:
    """Call the next stand-in for somebody who is away still, or was silent and may be so still."""
    party, person = s.case.party(call.party or ""), call.instead_of
    part = _Part(s.process.tiers[call.tier], call.role, party, _holders(s.case, call.role, party))
    why = on_file.why_away(s.directory, person, s.at)
    if call.state == WHILE_ASKED:
        why = why or _silent(s, person)
    if why and person in part.holders:
        yield from _called_beside(s, part, {person: why})


def _one_after_the_other(
    s: Situation, tier: Tier, found: Callable[[Situation, _Part], Iterator[Change]]
) -> Iterator[Change]:
    for role in tier.roles:
        for party in _bodies(s, role):
            part = _Part(tier, role, party, _holders(s.case, role, party))
            changes = tuple(found(s, part))
            yield from changes
            s = after(s, changes)


def _bodies(s: Situation, role: str) -> tuple[Party | None, ...]:
    """List the parties that hold a role for themselves, or None for the case itself; a panel has its own alternates."""
    scope = s.process.roles[role].scope
    if scope is RoleScope.PARTY:
        return tuple(party for party in s.case.parties if party.decides)
    seated = panels.sitting(s.case.items) is not None and role == panels.COMMITTEE
    return () if seated or scope is RoleScope.OFFICE else (None,)


def _asked(s: Situation, part: _Part) -> Iterator[Change]:
    """Find the holders of a part, and a deputy for each who is away."""
    found = _found(s, part)
    holders = tuple(one.person for one in found) or part.holders
    if found and set(holders) != set(part.holders):
        yield _given(part.role, part.party, holders)
    beside = {one.person for one in s.case.all(Called, *ACTING) if one.role == part.role}
    for number, one in enumerate(found):
        if one.person not in beside:
            yield _call(s, part, index=number, person=one.person, why=one.why)
    if not holders:
        yield _call(s, part, why=_why_nobody(s, part), state=NOBODY)
    now = replace(part, holders=holders)
    served = _served(s, part)
    away = {one: why for one in holders if one not in served and (why := on_file.why_away(s.directory, one, s.at))}
    yield from _called_beside(s, now, away)


def _why_nobody(s: Situation, part: _Part) -> str:
    """Say by which ways somebody was looked for in vain."""
    tried = [way for way in part.tier.find if way == whom_to_ask.POST and part.tier.posts]
    tried += [way for way in part.tier.find if way == whom_to_ask.MANAGER and part.party is not None]
    role = s.process.roles[part.role].label
    if not tried:
        return say("nobody is named as %(role)s, and its tier names no post to look for", role=role)
    ways = either(map(word, tried))
    return say("nobody is named as %(role)s, and no %(ways)s on file leads to anybody", role=role, ways=ways)


def _on_duty(s: Situation, part: _Part, posts: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    """Call who holds one of these posts now, until the day the act names, and then the holders of the part."""
    barred = {*barred_for(s.case, part.party), *part.holders}
    for number, one in enumerate(_in_posts(s, part, posts)):
        if one.person not in barred:
            people = (*part.holders, one.person)
            own = {"person": one.person, "why": one.why, "state": WHILE_ASKED, "until_at": s.moment("until")}
            changes = (_given(part.role, part.party, people), _call(s, part, index=-1 - number, **own))
            yield from changes
            s = after(s, changes)
    party = s.case.party(part.party.id) if part.party else None
    yield from _asked(s, replace(part, party=party, holders=_holders(s.case, part.role, party)))


def _in_posts(s: Situation, part: _Part, posts: Mapping[str, tuple[str, ...]]) -> tuple[Found, ...]:
    if part.party is None:
        return ()
    by_post = replace(_sought(s, part, part.party), posts=posts, ways=(whom_to_ask.POST,))
    return whom_to_ask.find(s.directory, by_post, at=s.at)


def _beside(s: Situation, part: _Part) -> Iterator[Change]:
    """Find a deputy beside each holder who was silent and has none yet, be it themselves a deputy."""
    spared = _served(s, part) | _who_answered(s, part)
    whys = {
        one: on_file.why_away(s.directory, one, s.at) or _silent(s, one)
        for one in part.holders
        if one not in spared and not done_once.has_done_their_part(s.process, s.case, one)
    }
    yield from _called_beside(s, part, whys)


def _who_answered(s: Situation, part: _Part) -> set[str]:
    """Name the holders of a part whose answer to the question, or that of their party, waits for others."""
    question = next((one for one in s.case.all(Question, "asked")), None)
    newest = question.version if question else None
    given = (one for one in s.case.all(Proposal, "open") if s.process.triggers[one.act].answers)
    standing = [one for one in given if one.inputs.get(VERSION, newest) == newest]
    if part.party is not None:
        return set(part.holders) if any(part.party.id in one.agreed_by for one in standing) else set()
    return {person for one in standing for person in one.people_for}


def _served(s: Situation, part: _Part) -> set[str]:
    """Name those beside whom somebody stands already."""
    return {one.instead_of for one in s.case.all(Called, *ACTING) if one.role == part.role}


def _silent(s: Situation, person: str) -> str:
    return say("%(person)s did not answer in time", person=s.directory.name(person))


def _called_beside(s: Situation, part: _Part, whys: dict[str, str]) -> Iterator[Change]:
    """Call a deputy beside each of these holders, who are away or silent for the reasons given."""
    holders, scope = part.holders, (part.role, part.tier.name)
    for number, (person, why) in enumerate(whys.items()):
        barred = {*barred_for(s.case, part.party), *holders}
        found = whom_to_ask.stand_in(s.directory, person, scope=scope, at=s.at, barred=barred)
        index = len(part.holders) + number
        if found is None:
            told = together((why, say("no deputy, nobody next in a post and no manager can stand in")))
            yield _call(s, part, index=index, instead_of=person, why=told, state=NOBODY)
            continue
        holders = (*holders, found.person)
        back = on_file.back_at(s.directory, person, s.at) if on_file.is_away(s.directory, person, s.at) else None
        yield _given(part.role, part.party, holders)
        yield _call(
            s,
            part,
            index=index,
            person=found.person,
            instead_of=person,
            why=together((why, found.why)),
            state=WHILE_ASKED if back is None else WHILE_AWAY,
            until_at=whom_to_ask.earlier(back, found.until_at),
        )


def barred_for(case: Case, party: Party | None) -> frozenset[str]:
    """Name who can never stand in for a party: people of the others, and whoever has a part of the case itself.

    For a part of the case that is everybody who has a part in it already.
    """
    if party is None:
        return case.people
    others = (held for one in case.parties if one.id != party.id for held in one.people.values())
    return frozenset(person for held in (*others, *case.roles.values()) for person in held)


def _found(s: Situation, part: _Part) -> tuple[Found, ...]:
    """Find the holders of a part by the ways of its tier; people with a part elsewhere are passed over.

    The posts of a part of the case are looked for in each organisation of a party, in turn.
    """
    barred = barred_for(s.case, part.party)
    barred -= set(part.holders) if part.party is None else set()
    bodies = (part.party,) if part.party else tuple(one for one in s.case.parties if one.decides)
    for way in part.tier.find:
        each = (whom_to_ask.find(s.directory, replace(_sought(s, part, one), ways=(way,)), at=s.at) for one in bodies)
        found = {one.person: one for people in each for one in people if one.person not in barred}
        if found:
            return tuple(found.values())
    return ()


def _sought(s: Situation, part: _Part, party: Party) -> whom_to_ask.Sought:
    return whom_to_ask.Sought(
        organisation=party.organisation,
        posts=part.tier.posts,
        place=str(s.case.fields.get(_PLACE) or ""),
        named=part.holders,
        below=_below(s, part.tier, party) if part.party else (),
    )


def _below(s: Situation, tier: Tier, party: Party) -> tuple[str, ...]:
    """List who holds the next part below a tier for a party."""
    names = list(s.process.tiers)
    lower = (s.process.tiers[name] for name in reversed(names[: names.index(tier.name)]))
    held = (tuple(one for role in below.roles for one in party.people.get(role, ())) for below in lower)
    return next((people for people in held if people), ())


def _holders(case: Case, role: str, party: Party | None) -> tuple[str, ...]:
    return case.roles.get(role, ()) if party is None else party.people.get(role, ())


def _given(role: str, party: Party | None, people: tuple[str, ...]) -> Change:
    if party is None:
        return RoleAssigned(role, people)
    return PartyChanged(replace(party, people={**party.people, role: people}))


def _call(s: Situation, part: _Part, *, index: int = 0, **said: Any) -> ItemRecorded:  # noqa: ANN401 - any attribute of the item
    party = part.party.id if part.party else None
    place = {"tier": part.tier.name, "role": part.role, "party": party}
    own_id = s.new_id(f"{Called.kind}/{part.role}/{party}", index=index)
    common: dict[str, Any] = {"state": ASKED, "by": s.actor.person, "at": s.at, "zone": roles.SENIORS}
    return ItemRecorded(Called(**{**common, **place, "id": own_id, **said}))


def after(s: Situation, changes: Iterable[Change]) -> Situation:
    """Return the situation as it is once these changes are made."""
    return replace(s, case=reduce(lambda case, change: change.apply(case), changes, s.case))
