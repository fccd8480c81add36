"""Says who gets a mail: whoever holds one of the roles it is addressed to at the moment of sending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases import notifying
from cases.people import Person
from states import done_once, questions, roles, timers
from states.case import Case
from states.items import Called, Proposal, Session
from states.process import ASKED, TIER, Invitation, Process
from states.said import say

INFORMED = "informed"
"""In place of a role: whoever is told that the tier was asked."""
DUTY = "duty"
"""In place of a role: whoever holds the duty of the stage where the case stands."""
CALLED = "called"
"""In place of a role: whoever was called to stand in for somebody, as the item that the mail is about tells."""
INVITED = "invited"
"""In place of a role: whoever was asked to come to the session that the mail is about, by their part in the case."""
ACTOR = "actor"
"""In place of a role: whoever did the act that the mail is about, though they have no part in the case."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who gets a mail, and the part in the case because of which they get it, as a role and in words."""

    person: Person
    role: str
    part: str


def recipient(process: Process, case: Case, notice: notifying.Notification, person: Person) -> Recipient | None:
    """Return the person as a recipient by the first role that fits, or None when the mail is not for them.

    `case` is the case as this person may read it: nobody is told about an item they may not read, nor that a session is
    called off by an act that called off none.
    """
    item = case.item(notice.item or "")
    if not (person.active and person.email) or (notice.item and item is None):
        return None
    if process.mails[notice.mail].invitation is Invitation.WITHDRAWN and not isinstance(item, Session):
        return None
    if _reminds_of_stage(case, notice) and done_once.has_done_their_part(process, case, person.id):
        return None
    role = next(_fitting(process, case, notice, person), None)
    return Recipient(person, role, part_of(process, case, person.id, who=role)) if role else None


def _reminds_of_stage(case: Case, notice: notifying.Notification) -> bool:
    """Tell whether a notice reminds of what the stage asks, which is not asked again of those who did it."""
    clock, _, _ = (notice.timer_key or "").partition(":")
    return notice.event_id is None and clock == case.stage


def _fitting(process: Process, case: Case, notice: notifying.Notification, person: Person) -> Iterator[str]:
    """Name the roles by which a mail is for a person.

    To a session somebody is invited or no longer, as a deputy somebody is called, and of the end of their tour they are
    told, by whichever part they have.
    """
    actor, item = actor_of(person), case.item(notice.item or "")
    for who in addressed(process, case, notice):
        if who == INVITED:
            invited = isinstance(item, Session) and person.id in item.invited
            yield from sorted(roles.roles_of(process, case, actor)) if invited else ()
        elif who == CALLED:
            yield from (item.role,) if isinstance(item, Called) and person.id == item.person else ()
        elif who.startswith(f"{notifying.LEAVING} "):
            yield from sorted(roles.roles_of(process, case, actor)) if person.id == notice.leaver else ()
        elif who in {f"{notifying.NEWLY_INVITED} {person.id}", f"{notifying.UNINVITED} {person.id}"}:
            comes = comes_to(process, case, item, person) if isinstance(item, Session) else None
            told = comes is who.startswith(notifying.NEWLY_INVITED)
            yield from sorted(roles.roles_of(process, case, actor)) if told else ()
        elif roles.holds(process, case, actor, who=who, item=item):
            yield who


def comes_to(process: Process, case: Case, session: Session, person: Person) -> bool:
    """Tell whether somebody is asked to a session: by name, or by a role that is reminded of it."""
    clocks = (rule for rule in process.every_deadline() if rule.of == session.kind)
    reminded = {who for rule in clocks for one in rule.reminders for who in one.to or (rule.duty,)}
    by_role = any(roles.holds(process, case, actor_of(person), who=who, item=session) for who in reminded)
    return person.id in session.invited or by_role


def did_it(
    process: Process, case: Case, notice: notifying.Notification, person: Person, *, act: str
) -> Recipient | None:
    """Return somebody with a part in the case as who did the act that the mail is about, or None."""
    if ACTOR not in notice.to or not (person.active and person.email):
        return None
    who = process.triggers[act].who if act in process.triggers else ()
    held = next((one for one in who if roles.holds(process, case, actor_of(person), who=one)), None)
    return Recipient(person, held, part_of(process, case, person.id, who=held)) if held else None


def who_acted(process: Process, notice: notifying.Notification, person: Person, trigger: str) -> Recipient | None:
    """Return whoever did an act, by the office they did it in; None when the mail is not for them."""
    if ACTOR not in notice.to or not (person.active and person.email):
        return None
    who = process.triggers[trigger].who if trigger in process.triggers else ()
    held = next((roles.label(process, one) for one in who if one in person.offices), person.name)
    return Recipient(person, ACTOR, held)


def has_left(notice: notifying.Notification, person: Person) -> Recipient | None:
    """Return somebody who has lost their part by the act, to be told of that alone, or None."""
    told = person.active and person.email and person.id in notice.former
    return Recipient(person, notifying.FORMER, "") if told else None


def addressed(process: Process, case: Case, notice: notifying.Notification) -> Iterator[str]:
    """Name the roles a mail goes to as the case stands."""
    for who in notice.to or process.mails[notice.mail].to:
        if who == TIER:
            yield from process.tiers[case.tier].roles if case.tier and is_raised(process, case) else ()
        elif who == INFORMED:
            yield from _informed(process, case)
        elif who == DUTY:
            yield from filter(None, [process.stages[case.stage].duty])
        elif who == ASKED:
            item = case.item(notice.item or "")
            yield from (timers.asked_through(process, item),) if isinstance(item, Proposal) else ()
        else:
            yield who


def _informed(process: Process, case: Case) -> tuple[str, ...]:
    """Name the roles that are told of what is asked: of the tier that is, or will be once the brief has left."""
    question = questions.open_one(case)
    tier = process.tiers.get(question.tier if question else case.tier or "")
    return tier.informs if tier else ()


def is_raised(process: Process, case: Case) -> bool:
    """Tell whether the case stands above the lowest tier, so that somebody there was asked."""
    return case.tier is not None and case.tier != next(iter(process.tiers), None)


def part_of(process: Process, case: Case, person: str, *, who: str) -> str:
    """Name a person's part in the case in words: the role, and the party for a role that is held for one."""
    _, role = roles.split(who)
    label = roles.label(process, role)
    party = next((party for party in case.parties if person in party.people.get(role, ())), None)
    return say("%(role)s (%(party)s)", role=label, party=party.name) if party else label


def actor_of(person: Person) -> roles.Actor:
    """Return a person as the rules know one."""
    return roles.Actor(person.id, frozenset(person.offices))
