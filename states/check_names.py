"""Checks the names of a definition: unknown ones, ones nobody uses, and expressions over things that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from states import findings, questions, roles
from states.findings import Finding, Kind
from states.migration import MIGRATING
from states.process import DeadlineScope, RoleScope

if TYPE_CHECKING:
    from states.expressions import Expression
    from states.findings import Mention, Vocabulary
    from states.process import Process, Trigger

COMMON = frozenset({roles.SHARED, roles.TEAM, roles.SENIORS, roles.NOMINEE})
OWN = frozenset(f"own {kind}" for kind in roles.OF_A_PARTY)
READABLE = COMMON | OWN | {f"every {roles.CAUCUS}", f"every {roles.LINE}"}
WRITABLE = COMMON | OWN | {"chosen"}
OF_FIELDS = frozenset({roles.SHARED, roles.TEAM, roles.SENIORS})
_RESERVED = {
    Kind.ROLE: roles.AUTOMATIC | roles.PREFIXES | findings.RECIPIENTS,
    Kind.STAGE: frozenset({"unchanged"}),
    Kind.TIER: findings.CLIMBS,
    Kind.TRIGGER: frozenset({findings.OPENING, MIGRATING}),
}
# What the interpreter asks for by itself, whatever the act.
_ALWAYS_ASKED = frozenset({"party", "until", "zone", "together"})


def unknown_names(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find names that stand for nothing."""
    known = findings.known(process, vocabulary)
    for mention in findings.mentions(process):
        if mention.kind is Kind.ROLE:
            yield from _role(process, mention)
        elif mention.name not in known[mention.kind]:
            near = findings.nearest(mention.name, known[mention.kind])
            text = f"there is no {mention.kind} “{mention.name}”; {near}"
            yield Finding(mention.line, mention.place, text)


def _role(process: Process, mention: Mention) -> Iterator[Finding]:
    prefix, role = roles.split(mention.name)
    text = None
    if role not in process.roles:
        side, _, rest = role.partition(" ")
        text = f"there is no role “{role}”; {findings.nearest(role, process.roles)}"
        if rest in process.roles:
            text = f"“{side}” does not narrow a role; write one of {', '.join(sorted(roles.PREFIXES))}"
    elif prefix and process.roles[role].scope is not RoleScope.PARTY:
        text = f"“{role}” is not held in a party, so “{prefix}” says nothing; leave it out"
    if text:
        yield Finding(mention.line, mention.place, text)


def unknown_causes(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find causes of a question that are settled and never come up."""
    known = {questions.REQUEST, questions.TIME, *(one.because for one in process.triggers.values() if one.because)}
    for trigger in process.triggers.values():
        for cause in trigger.settles:
            if cause not in known:
                text = f"nothing is asked because of “{cause}”; {findings.nearest(cause, known)}"
                yield Finding(trigger.line, f"trigger {trigger.name}", text)


def unknown_zones(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find zones that do not exist."""
    for role in process.roles.values():
        for zone in role.reads:
            if zone not in READABLE:
                text = f"there is no zone “{zone}” to read; {findings.nearest(zone, READABLE)}"
                yield Finding(role.line, f"role {role.name}", text)
    for trigger in process.triggers.values():
        if trigger.zone not in WRITABLE:
            text = f"there is no zone “{trigger.zone}” to write in; {findings.nearest(trigger.zone, WRITABLE)}"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)
    for field in process.fields.values():
        if field.zone not in OF_FIELDS:
            text = f"no field lies in “{field.zone}”; {findings.nearest(field.zone, OF_FIELDS)}"
            yield Finding(field.line, f"field {field.name}", text)


def leaking_fields(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find fields that everybody reads and that are filled from what not everybody reads, and hidden ones asked of all.

    Whoever opens a case writes the notice, which every party reads.
    """
    hidden = {name for name, field in process.fields.items() if field.zone != roles.SHARED}
    for name in sorted(hidden):
        field = process.fields[name]
        if field.required:
            text = "it is asked for in the notice, which everybody reads; write required: false, and let an act set it"
            yield Finding(field.line, f"field {name}", text)
    for trigger in process.triggers.values():
        said = frozenset(trigger.inputs) if trigger.zone != roles.SHARED else frozenset()
        for name, expression in trigger.sets.items():
            if name in process.fields.keys() - hidden and expression.names & (hidden | said):
                text = f"“{name}” is read by all and would tell what not all may read; give the field the act's zone"
                yield Finding(trigger.line, f"trigger {trigger.name}", text)


def open_secrets(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that would tell others what an effect keeps for one party."""
    for trigger in process.triggers.values():
        for effect in trigger.does:
            zone = vocabulary.speaks_in.get(effect, trigger.zone)
            if trigger.zone != zone:
                text = f"others than those whom “{effect}” is for would read this act; write zone: {zone}"
                yield Finding(trigger.line, f"trigger {trigger.name}", text)


def unused_names(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find what is declared and never used: a rule nobody consumes.

    An office role may stand unused: it can belong to the desk alone.
    """
    declared: dict[Kind, dict[str, int]] = {
        Kind.PHASE: dict.fromkeys(process.phases, 0),
        Kind.ROLE: {role.name: role.line for role in process.roles.values() if role.scope is not RoleScope.OFFICE},
        Kind.CONDITION: {condition.name: condition.line for condition in process.conditions.values()},
        Kind.FIELD: {field.name: field.line for field in process.fields.values()},
        Kind.MAIL: {mail.name: mail.line for mail in process.mails.values()},
    }
    used = {(mention.kind, _bare(mention)) for mention in findings.mentions(process)}
    used |= {(Kind.FIELD, name) for expression in _expressions(process) for name in expression.names}
    for kind, lines in declared.items():
        for name, line in lines.items():
            if (kind, name) not in used:
                yield Finding(line, f"{kind} {name}", f"nothing uses this {kind}; use it or take it away")


def _bare(mention: Mention) -> str:
    return roles.split(mention.name)[1] if mention.kind is Kind.ROLE else mention.name


def _expressions(process: Process) -> Iterator[Expression]:
    yield from (condition.holds for condition in process.conditions.values())
    yield from (expression for trigger in process.triggers.values() for expression in trigger.sets.values())


def unreadable_expressions(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find expressions that read what is neither a field of the case nor an input of the act."""
    for trigger in process.triggers.values():
        readable = process.fields.keys() | _inputs(trigger, vocabulary)
        needs = {*trigger.needs, *(need for move in trigger.moves for need in move.needs)}
        conditions = (process.conditions[need].holds for need in sorted(needs & process.conditions.keys()))
        for expression in (*trigger.sets.values(), *conditions):
            for name in sorted(expression.names - readable):
                text = f"“{expression}” reads “{name}”, neither a field of the case nor an input of this act"
                yield Finding(trigger.line, f"trigger {trigger.name}", f"{text}; {findings.nearest(name, readable)}")
    for deadline in process.every_deadline():
        asked = {*deadline.when, *(need for rung in deadline.rungs for need in rung.when)}
        for need in sorted(asked & process.conditions.keys()):
            for name in sorted(process.conditions[need].holds.names - process.fields.keys()):
                text = (
                    f"“{need}” reads “{name}”, which is no field of the case; {findings.nearest(name, process.fields)}"
                )
                yield Finding(deadline.line, findings.place_of(deadline), text)


def _inputs(trigger: Trigger, vocabulary: Vocabulary) -> frozenset[str]:
    brought = (name for effect in trigger.does for name in vocabulary.inputs.get(effect, ()))
    return frozenset(trigger.inputs) | frozenset(brought) | _ALWAYS_ASKED


def repeated_names(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find deadlines that share a name, which a timer could not tell apart."""
    first: dict[str, str] = {}
    for deadline in process.every_deadline():
        place = findings.place_of(deadline)
        if first.setdefault(deadline.name, place) != place:
            text = f"its clock has the same name as that of {first[deadline.name]}; rename one of the two"
            yield Finding(deadline.line, place, text)


def reserved_names(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find names that already mean something else in the language."""
    lines: dict[Kind, dict[str, int]] = {
        Kind.ROLE: {role.name: role.line for role in process.roles.values()},
        Kind.STAGE: {stage.name: stage.line for stage in process.stages.values()},
        Kind.TIER: {tier.name: tier.line for tier in process.tiers.values()},
        Kind.TRIGGER: {trigger.name: trigger.line for trigger in process.triggers.values()},
    }
    for kind, reserved in _RESERVED.items():
        for name in sorted(reserved & lines[kind].keys()):
            text = f"“{name}” has a meaning of its own in the language; give this {kind} another name"
            yield Finding(lines[kind][name], f"{kind} {name}", text)


def reading_administrators(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find rooms that a definition would open to those who keep the desk."""
    role = process.roles.get(roles.ADMINISTRATOR)
    if role is not None and role.reads:
        text = "administrators read no room of a case; leave it empty: reads: []"
        yield Finding(role.line, f"role {role.name}", text)


def mails_to_nobody(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find mails that an act sends and nobody gets."""
    for name in findings.sent_by_acts(process) & process.mails.keys():
        mail = process.mails[name]
        if not mail.to:
            yield Finding(mail.line, f"mail {name}", "an act sends it, but to nobody; add the line “to: [a role]”")


def tours_told_to_others(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find a mail about the end of a tour that does not go to whoever leaves, and others that would."""
    told = process.tours.mail if process.tours else None
    for mail in process.mails.values():
        if (findings.LEAVING in mail.to) != (mail.name == told):
            text = f"the mail of “tours”, and it alone, goes to {findings.LEAVING}; mend its “to”"
            yield Finding(mail.line, f"mail {mail.name}", text)


def endless_evidence(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find a time for evidence that nothing ends: no phase, and no clock of the case that an act stops."""
    until = process.evidence_until
    of_case = (one for one in process.deadlines.values() if one.scope is DeadlineScope.CASE)
    ends = process.phases.keys() | {deadline.name for deadline in of_case if deadline.stops}
    if until is not None and until not in ends:
        text = (
            f"“{until}” is neither a phase nor a clock of the case that an act stops; {findings.nearest(until, ends)}"
        )
        yield Finding(0, "evidence", text)


def unknown_ways_of_service(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find ways of service that the definition names for mails and does not say when they count as received."""
    named = (process.service.mail, process.service.desk) if process.service else ()
    for method in named:
        if method and method not in process.deemed_served:
            near = findings.nearest(method, process.deemed_served)
            yield Finding(0, "service", f"“{method}” has no span under “deemed_served”; {near}")
