"""What an act asks for: the inputs of its effects and of the definition, and how the given ones are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import fields, joined, questions, roles
from states.effects import EFFECTS
from states.items import Ballot, Decision, Fact, Issue, Proposal, Question
from states.process import DeadlineScope
from states.said import either, listed, say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from states.case import Case
    from states.fields import Field, Value
    from states.items import Item
    from states.process import Process, Trigger
    from states.roles import Actor
    from states.situation import Situation

_ITEM_INPUTS = {
    name: asked
    for effect in EFFECTS.values()
    for name, asked in effect.inputs.items()
    if asked.type is fields.FieldType.ITEM
}


def item_at_hand(case: Case, given: Mapping[str, object]) -> Item | None:
    """Find the item an act is about among its raw inputs, read exactly as the act will read them."""
    names = (name for name in _ITEM_INPUTS if name in given)
    return next((item for name in names if (item := _named(case, name, given))), None)


def _named(case: Case, name: str, given: Mapping[str, object]) -> Item | None:
    try:
        return case.item(str(fields.read(_ITEM_INPUTS[name], given[name])))
    except fields.Unreadable:
        return None


def asked(process: Process, case: Case, trigger: Trigger, actor: Actor) -> dict[str, Field]:
    """Name every input an act asks this actor for: its effects' own, the definition's, and a party when not plain."""
    wanted: dict[str, Field] = {}
    for name in trigger.does:
        wanted |= EFFECTS[name].inputs
    wanted |= trigger.inputs
    for_a_party = any(EFFECTS[name].for_a_party for name in trigger.does) or trigger.zone.startswith(roles.OWN)
    if for_a_party and len(roles.speaks_for(process, case, actor, trigger.who)) != 1:
        wanted["party"] = fields.Field(name="party", type=fields.FieldType.PARTY, label=say("For which party"))
    if "clause" in wanted and wanted["clause"].type is fields.FieldType.CHOICE:
        wanted["clause"] = replace(wanted["clause"], choices=tuple(process.clauses))
    wanted |= _of_the_ladder(process, case, trigger, wanted)
    wanted |= _of_an_extension(process, trigger)
    until = say("Resume on") if trigger.stay == "begin" else say("New date") if trigger.extends is not None else ""
    if until:
        wanted["until"] = fields.Field(name="until", type=fields.FieldType.INSTANT, label=until)
    names_an_item = any(field.type.one is fields.FieldType.ITEM for field in wanted.values())
    if trigger.shared_with is not None and not names_an_item and joined.partners(case):
        label = say("Do it together with the joined cases")
        wanted[joined.TOGETHER] = fields.Field(
            name=joined.TOGETHER, type=fields.FieldType.YES_NO, label=label, required=False, initial=False
        )
    if trigger.zone == "chosen":
        zones = tuple(sorted(roles.readable_zones(process, case, actor)))
        wanted["zone"] = fields.Field(
            name="zone", type=fields.FieldType.CHOICE, label=say("Who may read it"), choices=zones
        )
    return wanted


def _of_an_extension(process: Process, trigger: Trigger) -> Mapping[str, Field]:
    """Name the item whose clock an act extends, where the clock hangs on one."""
    rule = process.deadlines.get(trigger.extends or "")
    if rule is None or rule.scope is not DeadlineScope.ITEM:
        return {}
    kind = rule.of or ""
    return {kind: fields.Field(name=kind, type=fields.FieldType.ITEM, label=rule.label, of=kind, states=rule.states)}


def _of_the_ladder(process: Process, case: Case, trigger: Trigger, wanted: Mapping[str, Field]) -> Mapping[str, Field]:
    """Name what an act asks for because it moves a question along the ladder."""
    if trigger.tier == questions.ASKED and not {Question.kind, Decision.kind} & wanted.keys():
        kind = Question.kind
        return {kind: fields.Field(name=kind, type=fields.FieldType.ITEM, label=say("Question"), of=kind)}
    return _of_a_request(process, case) if trigger.question == questions.REQUEST else {}


OF_A_REQUEST = frozenset({"text", Issue.kind, Fact.kind, "to_tier"})
"""The inputs that a request to the ladder may have."""


def _of_a_request(process: Process, case: Case) -> dict[str, Field]:
    """Name what a request to the ladder says: the question, and if wanted the issue, a new fact and the tier."""
    tiers = tuple(process.tiers)
    above = tiers[tiers.index(case.tier) + 1 :] if case.tier in tiers else tiers[1:]
    said = (
        fields.Field(name="text", type=fields.FieldType.LONG_TEXT, label=say("Question and reasons")),
        fields.Field(
            name=Issue.kind,
            type=fields.FieldType.ITEM,
            label=say("About one issue alone"),
            of=Issue.kind,
            required=False,
        ),
        fields.Field(
            name=Fact.kind,
            type=fields.FieldType.ITEM,
            label=say("The new fact, where this was asked before"),
            of=Fact.kind,
            required=False,
        ),
        fields.Field(
            name="to_tier",
            type=fields.FieldType.CHOICE,
            label=say("Tier to ask; the next one when left out"),
            choices=above,
            required=False,
        ),
    )
    return {one.name: one for one in said if one.choices or one.type is not fields.FieldType.CHOICE}


def people_named(
    process: Process, case: Case, trigger: Trigger, *, actor: Actor, given: Mapping[str, object]
) -> set[str]:
    """Collect the ids of the people that the raw inputs of an act name."""
    wanted = asked(process, case, trigger, actor).values()
    return {one for field in wanted for one in _people_in(field, given.get(field.name))}


def people_touched(
    process: Process, case: Case, trigger: Trigger, *, actor: Actor, given: Mapping[str, object]
) -> set[str]:
    """Collect the ids of the people that an act names, or that the proposal or question names which it answers."""
    named = people_named(process, case, trigger, actor=actor, given=given)
    answered = item_at_hand(case, given)
    if not isinstance(answered, Proposal | Ballot) or answered.act not in process.triggers:
        return named
    proposed, proposer = process.triggers[answered.act], roles.Actor(answered.by)
    return named | people_named(process, case, proposed, actor=proposer, given=answered.inputs)


def asks_directory(
    process: Process, case: Case, trigger: Trigger, *, actor: Actor, given: Mapping[str, object]
) -> bool:
    """Tell whether an act, or the one it answers, asks what is on file about people: a climb, or one that names any."""
    answered = item_at_hand(case, given)
    names = (trigger.name, answered.act) if isinstance(answered, Proposal | Ballot) else (trigger.name,)
    acts = [process.triggers[name] for name in names if name in process.triggers]
    climbs = any(act.tier or act.question or act.calls for act in acts)
    if climbs or any(EFFECTS[name].asks_directory for act in acts for name in act.does):
        return True
    return bool(people_touched(process, case, trigger, actor=actor, given=given))


def not_on_file(strangers: Iterable[str]) -> tuple[str, ...]:
    """Say of each who is named and not on file, or has left, what to do: nobody could tell them, or let them in."""
    return tuple(
        say(
            "there is nobody on file with the id “%(id)s”, or they have left; "
            "add the person first, or name another one",
            id=one,
        )
        for one in sorted(strangers)
    )


def _people_in(field: Field, raw: object) -> Iterable[str]:
    """List the people that a raw input names: chosen, or in the lines of a text."""
    of_people = field.type.one is fields.FieldType.PERSON
    if not of_people and field.names is None:
        return ()
    try:
        named = fields.each(fields.read(field, raw))
    except fields.Unreadable:
        return ()
    return named if field.names is None else field.names(named)


def read_inputs(
    process: Process, case: Case, trigger: Trigger, *, actor: Actor, given: Mapping[str, object]
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Read the raw inputs of an act: the values, and a sentence for each that is missing, malformed or foreign."""
    wanted = asked(process, case, trigger, actor)
    mine = tuple(party.id for party in roles.speaks_for(process, case, actor, trigger.who))
    given = dict(given)
    named = given.get("party")
    if "party" in given and "party" not in wanted and len(mine) == 1:
        del given["party"]
    foreign = (say("you may only speak for your own party"),) if mine and named not in ("", None, *mine) else ()
    values, problems = fields.read_all(wanted, given)
    readable = None if actor == roles.THE_CLOCK else roles.readable_zones(process, case, actor)
    return values, (*foreign, *problems, *_unknown_references(case, wanted, values, readable))


def stale(process: Process, case: Case, trigger: Trigger, situation: Situation) -> tuple[str, ...]:
    """List what earlier inputs name that is no longer there, or no longer as the act asks for it."""
    wanted = asked(process, case, trigger, situation.actor)
    return tuple(_unknown_references(case, wanted, situation.inputs or {}, None))


def _unknown_references(
    case: Case, wanted: Mapping[str, Field], values: Mapping[str, Value], readable: frozenset[str] | None
) -> Iterator[str]:
    """Refuse what is not of this case; an item in a zone the actor may not read is as unknown as one that is not."""
    for name, asked_for in wanted.items():
        named = fields.each(values.get(name))
        if asked_for.type.one is fields.FieldType.PARTY and any(case.party(one) is None for one in named):
            known = listed(say("%(id)s (%(party)s)", id=party.id, party=party.name) for party in case.parties)
            yield say("%(field)s must be a party of this case: %(known)s", field=asked_for.label, known=known)
        among = tuple(asked_for.among(case)) if asked_for.among else named
        if not set(named) <= set(among):
            known = listed(among) or say("nobody, for no names are on the table")
            yield say("%(field)s must be among: %(known)s", field=asked_for.label, known=known)
        if asked_for.type.one is fields.FieldType.ITEM and not all(
            _fits(case, one, asked_for, readable) for one in named
        ):
            yield _no_such_item(asked_for)
        if asked_for.type is fields.FieldType.SEAL:
            yield from (problem for one in named for problem in _another_text(case, asked_for, one))


def _no_such_item(asked_for: Field) -> str:
    """Say which items of a case an input may name."""
    if asked_for.confined:
        return say("%(field)s must be one of this case that is not shared already", field=asked_for.label)
    if not asked_for.states:
        return say("%(field)s must be one of this case", field=asked_for.label)
    states = either(map(word, asked_for.states))
    return say("%(field)s must be one of this case that is %(states)s", field=asked_for.label, states=states)


def _fits(case: Case, item_id: str, asked_for: Field, readable: frozenset[str] | None) -> bool:
    item = case.item(item_id)
    if (
        item is None
        or asked_for.of not in {None, item.kind}
        or (asked_for.states and item.state not in asked_for.states)
    ):
        return False
    if asked_for.confined and item.zone == roles.SHARED:
        return False
    return readable is None or item.zone in readable


def _another_text(case: Case, asked_for: Field, seal: str) -> Iterator[str]:
    """Refuse a mark on a text that is no longer the one on the table."""
    found = [item for item in case.items if item.kind == asked_for.of and item.state in asked_for.states]
    now = str(getattr(found[-1], "text_hash", "")) if found else ""
    if found and not now.startswith(seal):
        version = getattr(found[-1], "version", 1)
        yield say(
            "the text has changed since; read version %(version)s, which bears the seal %(seal)s, "
            "before you put your name to it",
            version=version,
            seal=now[: fields.SEAL_SHOWN],
        )
