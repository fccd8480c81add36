"""Names what a case holds by the words of another version of its process, and finds what has no name there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import asking, fields, roles
from states.events import ProcessMigrated
from states.items import Ballot, Proposal, Question
from states.migration import Problem
from states.process import RoleScope
from states.said import listed, say, word
from states.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from states.case import Case
    from states.fields import Value
    from states.migration import Migration, Standing

_EMPTY: tuple[Value, ...] = (None, "", ())


def problems_of_names(move: Migration, case: Case) -> Iterator[Problem]:
    """Find every name of the case's own that means nothing in the new version; nothing more can be told before."""
    yield from _of_stage(move, case)
    tier = _tier(move, case)
    if tier is not None and tier not in move.new.tiers:
        label = move.old.tiers[tier].label if tier in move.old.tiers else tier
        told = say(
            "the tier “%(tier)s” is gone; say which takes its place: --tier %(name)s=…", tier=label, name=case.tier
        )
        yield Problem(told, choice=True)
    for asked in (one for one in case.all(Question) if one.is_open):
        if move.plan.tiers.get(asked.tier, asked.tier) != asked.tier or asked.tier not in move.new.tiers:
            yield Problem(
                say(
                    "a question waits for an answer at the tier “%(tier)s”, which the new version has not",
                    tier=asked.tier,
                )
            )
    yield from _of_roles(move, case)
    yield from _of_fields(move, case)


def named_anew(move: Migration, case: Case) -> ProcessMigrated:
    """Return the change that names everything anew; the names must be known there."""
    plan, tier = move.plan, _tier(move, case)
    climbed = tier is not None and case.tier is None
    stage = plan.stages.get(case.stage, case.stage)
    return ProcessMigrated(
        migration=move.id,
        before=case.process,
        after=move.new.hash,
        at=move.at,
        since=move.at,
        stage=stage,
        tier=tier,
        tier_since=move.at if climbed else case.tier_since,
        tier_round=case.tier_round + climbed,
        owner=_owner(move, case, stage),
        fields={name: to for name, to in plan.fields.items() if to and name in case.fields},
        roles={name: to for name, to in plan.roles.items() if name in _held(case)},
        clocks={name: to for name, to in plan.clocks.items() if name in case.running},
        added=_added(move, case),
    )


def problems_of_meaning(move: Migration, standing: Standing, after: Case) -> Iterator[Problem]:
    """Find what could not go on in the new version, or would be opened by it to more people than before."""
    yield from _of_answers(move, after)
    agreed = {rule.clock for rule in move.new.every_deadline()}
    for name in sorted(after.clocks.keys() - agreed):
        yield Problem(
            say(
                "the parties agreed on their own span for the clock “%(name)s”, which the new version has not",
                name=name,
            )
        )
    for mail in sorted(standing.unsent - move.new.mails.keys()):
        yield Problem(
            say(
                "the mail “%(mail)s”, which the new version has not, still waits to go out; try again after that",
                mail=mail,
            )
        )
    yield from _of_readers(move, standing, after)


def _of_stage(move: Migration, case: Case) -> Iterator[Problem]:
    target = move.plan.stages.get(case.stage, case.stage)
    label = move.old.stages[case.stage].label
    if target not in move.new.stages:
        yield Problem(
            say(
                "the stage “%(stage)s” is gone; say where its cases go: --stage %(name)s=…",
                stage=label,
                name=case.stage,
            ),
            choice=True,
        )
    elif move.new.stages[target].final != (case.closed_at is not None):
        there = move.new.stages[target].label
        if case.closed_at is None:
            yield Problem(say("the stage “%(stage)s” is final, and the case is open", stage=there))
        else:
            yield Problem(say("the stage “%(stage)s” is not final, and the case is closed", stage=there))


def _tier(move: Migration, case: Case) -> str | None:
    if case.tier is None or not move.new.tiers:
        return next(iter(move.new.tiers), None)
    return move.plan.tiers.get(case.tier, case.tier)


def _owner(move: Migration, case: Case, stage: str) -> str | None:
    if case.owner is None or case.owner == move.old.stages[case.stage].duty:
        return move.new.stages[stage].duty
    prefix, role = roles.split(case.owner)
    role = move.plan.roles.get(role, role)
    return f"{prefix} {role}" if prefix else role


def _held(case: Case) -> dict[str, RoleScope]:
    """Name the parts that somebody holds, and where they are held."""
    for_parties = [party.people for party in case.parties]
    held = {name: RoleScope.PARTY for people in for_parties for name, who in people.items() if who}
    return held | {name: RoleScope.CASE for name, who in case.roles.items() if who}


def _of_roles(move: Migration, case: Case) -> Iterator[Problem]:
    held = _held(case)
    targets = {name: move.plan.roles.get(name, name) for name in held}
    for name, target in targets.items():
        label = roles.label(move.old, name)
        if target not in move.new.roles:
            yield Problem(
                say(
                    "the part “%(label)s” is held and is gone; say which takes its place: --role %(name)s=…",
                    label=label,
                    name=name,
                ),
                choice=True,
            )
        elif move.new.roles[target].scope is not held[name]:
            yield Problem(
                say(
                    "the part “%(label)s” is held for the %(held)s, and no longer is in the new version",
                    label=label,
                    held=word(held[name]),
                )
            )
    yield from _merged(say("parts"), targets.values())


def _merged(what: str, targets: Iterable[str]) -> Iterator[Problem]:
    named = [one for one in targets if one]
    for double in sorted({one for one in named if named.count(one) > 1}):
        yield Problem(
            say(
                "two %(what)s cannot both become “%(double)s”; map each to one of its own",
                what=what,
                double=double,
            ),
            choice=True,
        )


def _of_fields(move: Migration, case: Case) -> Iterator[Problem]:
    plan, held = move.plan, {name: value for name, value in case.fields.items() if value not in _EMPTY}
    yield from _merged(say("fields"), [plan.fields.get(name, name) for name in held])
    for name, value in held.items():
        target = plan.fields.get(name, name)
        declared = move.old.fields.get(name)
        label = declared.label if declared else name
        if declared is None or not target:
            continue
        if target not in move.new.fields:
            told = say(
                "the field “%(field)s” holds something and is gone; "
                "name the one that takes it with --field %(name)s=…, or leave it in the record with --field %(name)s=",
                field=label,
                name=name,
            )
            yield Problem(told, choice=True)
        elif problem := _unreadable(move, target, value):
            yield Problem(
                say(
                    "what the field “%(label)s” holds does not fit the new version: %(problem)s",
                    label=label,
                    problem=problem,
                )
            )
        elif move.new.fields[target].zone != declared.zone:
            yield Problem(
                say("the field “%(label)s” holds something, and others would read it in the new version", label=label)
            )
    yield from _of_new_fields(move, case)


def _of_new_fields(move: Migration, case: Case) -> Iterator[Problem]:
    for name, field in move.new.fields.items():
        if name not in _kept_names(move, case) and field.required and _given(move, name) in _EMPTY:
            yield Problem(
                say(
                    "the new field “%(field)s” must hold something; say what: --value %(name)s=…",
                    field=field.label,
                    name=name,
                ),
                choice=True,
            )
        elif name in move.plan.values and (problem := _unreadable(move, name, move.plan.values[name])):
            yield Problem(
                say("the value of “%(field)s” cannot be used: %(problem)s", field=field.label, problem=problem),
                choice=True,
            )


def _unreadable(move: Migration, name: str, value: object) -> str:
    try:
        fields.read(move.new.fields[name], value)
    except fields.Unreadable as problem:
        return str(problem)
    return ""


def _kept_names(move: Migration, case: Case) -> frozenset[str]:
    """Name the fields of the new version that the case already has something for, if only that they are empty."""
    return frozenset(move.plan.fields.get(name, name) for name in case.fields)


def _given(move: Migration, name: str) -> object:
    return move.plan.values.get(name, move.new.fields[name].initial)


def _added(move: Migration, case: Case) -> dict[str, Value]:
    new = move.new.fields
    fresh = new.keys() - _kept_names(move, case)
    return {
        name: fields.read(field, move.plan.values[name]) if name in move.plan.values else field.initial
        for name, field in new.items()
        if name in fresh
    }


def _of_answers(move: Migration, after: Case) -> Iterator[Problem]:
    """Find what waits for an answer or a vote and could not be carried out any more."""
    votes = [(one.question, one) for one in after.all(Ballot, "open") if one.act]
    waiting: list[tuple[str, Proposal | Ballot]] = [(one.label, one) for one in after.all(Proposal, "open")]
    for label, item in (*waiting, *votes):
        trigger = move.new.triggers.get(item.act)
        if trigger is None:
            yield Problem(say("“%(label)s” waits for an answer, and the new version has no such act", label=label))
            continue
        if not (trigger.agreed_by or trigger.seconded_by or trigger.voted_by):
            yield Problem(
                say("“%(label)s” waits for an answer, and in the new version that act waits for nobody", label=label)
            )
        situation = Situation(process=move.new, case=after, actor=roles.Actor(item.by), at=move.at, inputs=item.inputs)
        for missing in asking.stale(move.new, after, trigger, situation):
            yield Problem(
                say(
                    "“%(label)s” waits for an answer and could not be carried out: %(missing)s",
                    label=label,
                    missing=missing,
                )
            )


def _of_readers(move: Migration, standing: Standing, after: Case) -> Iterator[Problem]:
    """Refuse to open to anybody what they could not read: no promise is broken by a new version."""
    case = standing.case
    offices = (
        name for one in (move.old, move.new) for name, role in one.roles.items() if role.scope is RoleScope.OFFICE
    )
    actors = [roles.Actor(person) for person in sorted(case.people)]
    actors += [roles.Actor("", frozenset({name})) for name in dict.fromkeys(offices)]
    for actor in actors:
        opened = roles.readable_zones(move.new, after, actor) - roles.readable_zones(move.old, case, actor)
        if zones := sorted(opened & standing.written_in):
            part = listed(sorted(roles.roles_of(move.new, after, actor)))
            yield Problem(
                say(
                    "who is “%(part)s” would read what lies in “%(zone)s” and was not theirs to read",
                    part=part,
                    zone=zones[0],
                )
            )
            return
