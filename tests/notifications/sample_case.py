"""One made-up dispute, and for each mail the task to write it from: the same every time, without any database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from cases import codec, queries
from cases.notifying import FORMER, LEAVING, NEWLY_INVITED, UNINVITED, Notification
from cases.people import Person
from config import load, vocabulary, working_time
from notifications import compose, next_step, routes
from notifications.compose import Letterhead, Task
from states import asking, errors, items, roles, timers
from states.calendar import Calendar
from states.case import Case, Party, Side, Stay
from states.fields import Field, FieldType, Value
from states.items import Item
from states.process import ANY_STAGE, CLOCK, TIER, Deadline, DeadlineScope, Process, Trigger, Urgency
from states.timers import OpenDeadline

# A Tuesday morning in Juba.
NOW = datetime(2026, 12, 1, 7, tzinfo=UTC)
TOKEN = "c2FtcGxlLXRva2VuLTIyYw"
LETTERHEAD = Letterhead(
    desk="Dispute desk",
    address="desk@desk.example",
    reply_to="team@desk.example",
    sender="desk@desk.example",
    domain="desk.example",
    base_url="https://desk.example",
    secret=b"a secret of the desk",
    telephone="+211 912 000 000",
    inbound="in.desk.example",
)
_ZONES = frozenset({roles.SHARED, roles.TEAM, "seniors"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What people of one language typed into the case."""

    title: str
    us: str
    them: str
    text: str
    name: str
    place: str = "Kilo 7"


TYPED = {
    "en": Typed(
        title="The well at Kilo 7",
        us="Health Committee",
        them="Roads Agency",
        text="Mornings for the clinic, evenings for the herders; the committee keeps the key.",
        name="Amal Ayen",
    ),
    "fr": Typed(
        title="Le puits du kilomètre 7",
        us="Comité de santé",
        them="Agence des routes",
        text="Le matin pour la clinique, le soir pour les éleveurs ; le comité garde la clé.",
        name="Amélie Ayen",
    ),
    "es": Typed(
        title="El pozo del kilómetro 7",
        us="Comité de salud",
        them="Agencia de caminos",
        text="Por la mañana para la clínica, por la tarde para los pastores; el comité guarda la llave.",
        name="Amalia Ayén",
    ),
    "ar": Typed(
        title="بئر الكيلو السابع",
        us="لجنة الصحة",
        them="هيئة الطرق",
        text="الصباح للعيادة والمساء للرعاة، ويبقى المفتاح عند اللجنة.",
        name="أمل أيين",
    ),
    "ru": Typed(
        title="Колодец на седьмом километре",
        us="Комитет здравоохранения",
        them="Дорожное агентство",
        text="Утром вода для клиники, вечером для пастухов; ключ хранит комитет.",
        name="Амаль Айен",
    ),
    "zh": Typed(
        title="七公里处的水井",
        us="卫生委员会",
        them="道路局",
        text="上午归诊所使用。傍晚归牧民使用。钥匙由委员会保管。",
        name="阿迈勒",
    ),
}

# What an act makes that asks for no item: the kind by its effect.
_MADE = {
    "make_offer": "offer",
    "counter_offer": "offer",
    "plan_session": "session",
    "move_session": "session",
    "call_parties_back": "obligation",
    "call_meeting_off": "session",
    "record_decision": "decision",
    "propose_interim": "interim",
    "begin_interim": "interim",
    "open_sealed_round": "round",
    "record_cause": "cause",
    "begin_inquiry": "inquiry",
    "state_disagreement": "disagreement",
    "declare_impasse": "impasse",
    "name_neutral": "neutral",
    "confirm_neutral": "neutral",
    "declare_service": "service",
    "submit_draft": "agreement",
    "ratify": "agreement",
    "sign": "agreement",
    "give_consent": "consent",
    "refuse_consent": "consent",
    "file_account": "statement",
    "call_deputies": "called",
    "miss_obligation": "obligation",
    "lapse_offer": "offer",
    "lapse_round": "round",
    "open_envelopes": "round",
    "miss_session": "session",
}
_MADE_BY_MAIL = {"proposal_made": "proposal", "vote_opened": "ballot", "escalation_asked": "question"}


@cache
def process_of(mail: str) -> Process | None:
    """Return the shipped process that sends a mail; None for a mail of the desk itself."""
    return next((one for one in _processes() if mail in one.mails), None)


@cache
def _processes() -> tuple[Process, ...]:
    known = vocabulary.shipped()
    paths = load.shipped_processes()
    return tuple(load.load_process(paths[name], vocabulary=known) for name in sorted(paths))


@cache
def _calendars() -> Mapping[str, Calendar]:
    return working_time.shipped_calendars()


def person(who: str, language: str) -> Person:
    """Return somebody of the made-up dispute who reads a language, and lives by another clock than the office."""
    name = TYPED[language].name
    return Person(
        id=who,
        name=name,
        email=f"{who}@ngo.example",
        language=language,
        timezone="Asia/Kathmandu",
        leaves_on=_leaving(),
    )


def _leaving() -> Any:  # noqa: ANN401 - a date
    return (NOW + timedelta(days=30)).date()


def task(mail: str, language: str, typed: Typed | None = None) -> Task:
    """Return what a mail of a process is written from, for its first reader, in a case of what people typed."""
    process = process_of(mail)
    if process is None:
        raise KeyError(mail)
    typed = typed or TYPED[language]
    case, rule, trigger, item = _case(process, mail, typed)
    reader = _reader(process, case, mail, item, language)
    agenda = next_step.Agenda(process=process, case=case, calendars=_calendars(), now=NOW, zones=_ZONES)
    clock = _clock(agenda, rule, item) if trigger is None else None
    leaver = person("bilal", language) if LEAVING in process.mails[mail].to else None
    notice = Notification(
        id=1,
        case_id=case.id,
        event_id=1 if trigger else None,
        occurrence=f"sample:{mail}",
        mail=mail,
        to=_to(process, mail),
        item=item.id if item else None,
        timer_key=f"{clock.occurrence}:1" if clock else None,
        due_at=NOW + timedelta(days=30),
        created_at=NOW,
        attempts=0,
        lease_owner="",
        lease_until=NOW,
    )
    entry = _entry(process, case, trigger, typed) if trigger else None
    written = Task(notice=notice, reader=reader, agenda=agenda, entry=entry, names=_names(typed), leaver=leaver)
    decides = written.kind == "action" and compose.decided_in(written) is not None
    return replace(written, secret=TOKEN) if decides else written


def _case(process: Process, mail: str, typed: Typed) -> tuple[Case, Deadline | None, Trigger | None, Item | None]:
    """Put the case where the mail is sent from: at its stage and tier, with the item that it is about."""
    trigger = _trigger(process, mail)
    rule = _rule(process, mail, reminded=trigger is None)
    source, lands = _stages(process, trigger)
    stage = rule.of if rule and rule.scope is DeadlineScope.STAGE else lands or source
    tier = rule.of if rule and rule.scope is DeadlineScope.TIER else "T1" if TIER in process.mails[mail].to else None
    final = process.stages[stage or process.initial].final
    stayed = mail in {"case_stayed", "safety_alarm"}
    plain = Case(
        id="sample",
        number=f"{process.prefix}-2026-0042",
        process=process.hash,
        title=typed.title,
        stage=stage or process.initial,
        stage_since=NOW,
        opened_at=NOW - timedelta(days=20),
        urgency=Urgency.U3,
        tier=tier or next(iter(process.tiers), None),
        tier_since=NOW,
        tier_round=1,
        outcome=next((one.outcome for one in trigger.moves if one.outcome), None) if trigger else None,
        closed_at=NOW if final else None,
        roles={role: (role,) for role in ("convener", "mediator", "committee", "nominee", "successor")},
        parties=_parties(typed),
        stays=(Stay(begun_at=NOW, until=NOW + timedelta(days=2), reason=typed.text),) if stayed else (),
    )
    kind = _kind_of_item(process, plain, mail, rule, trigger)
    item = _item(process, kind, typed, rule) if kind else None
    if isinstance(item, items.Session) and process.mails[mail].invitation:
        item = replace(item, state="cancelled" if mail == "session_cancelled" else "planned")
    filed = items.Issue(id="issue", zone=roles.SHARED, by="amal", at=NOW, title=typed.title)
    return replace(plain, items=(filed, *([item] if item else ()))), rule, trigger, item


def _parties(typed: Typed) -> tuple[Party, ...]:
    people = (
        {"representative": "amal", "senior_representative": "sara", "area_manager": "alma"},
        {"representative": "bilal", "senior_representative": "saul", "area_manager": "arif"},
    )
    return tuple(
        Party(id=key, name=name, side=side, people={role: (one,) for role, one in held.items()})
        for key, name, side, held in zip(
            "AB", (typed.us, typed.them), (Side.INITIATING, Side.RESPONDING), people, strict=True
        )
    )


def _trigger(process: Process, mail: str) -> Trigger | None:
    return next((one for one in process.triggers.values() if mail in one.mails), None)


def _rule(process: Process, mail: str, *, reminded: bool) -> Deadline | None:
    """Find the clock by which a mail asks, or that it reminds of."""
    rules, due = process.every_deadline(), process.mails[mail].due
    if reminded:
        return next((one for one in rules if any(reminder.mail == mail for reminder in one.reminders)), None)
    return next((one for one in rules if one.name == due), None)


def _stages(process: Process, trigger: Trigger | None) -> tuple[str | None, str | None]:
    if trigger is None:
        return "sessions" if "sessions" in process.stages else None, None
    move = trigger.moves[0]
    source = "sessions" if ANY_STAGE in move.sources and "sessions" in process.stages else move.sources[0]
    return source, move.to


def _kind_of_item(
    process: Process, case: Case, mail: str, rule: Deadline | None, trigger: Trigger | None
) -> str | None:
    if rule is not None and rule.scope is DeadlineScope.ITEM:
        return rule.of
    if mail in _MADE_BY_MAIL or trigger is None:
        return _MADE_BY_MAIL.get(mail)
    made = next((_MADE[one] for one in trigger.does if one in _MADE), None)
    asked = _asked(process, case, trigger)
    return made or next((one.of for one in asked if one.type is FieldType.ITEM and one.of in items.KINDS), None)


def _asked(process: Process, case: Case, trigger: Trigger) -> tuple[Field, ...]:
    return tuple(asking.asked(process, case, trigger, roles.THE_CLOCK).values())


def _item(process: Process, kind: str, typed: Typed, rule: Deadline | None) -> Item:
    """Fill in an item with as little as it needs."""
    made: Any = items.KINDS[kind]
    names = {"party": "B", "owner": "A", "verifier": "B", "person": "amal", "tier": "T1", "role": "area_manager"}
    given: dict[str, object] = {}
    hints = codec.hints_of(made)
    for field in fields(made):
        given[field.name] = names.get(field.name) if field.name in names else _value(hints[field.name], typed)
    given |= {"id": "item", "zone": roles.SHARED, "by": "amal", "at": NOW}
    given |= {"act": next(name for name, one in process.triggers.items() if one.agreed_by), "put_to": "representative"}
    given |= {"state": "open", "form": "joint", "invited": ("amal", "bilal"), "begins_at": NOW + timedelta(days=2)}
    given |= {"place": typed.place, "session": "", "shared_id": "", "sequence": 1}
    if rule is not None and rule.scope is DeadlineScope.ITEM:
        given["state"] = rule.states[0]
    item: Item = made(**{name: value for name, value in given.items() if name in hints})
    return item


def _value(hint: object, typed: Typed) -> object:
    kinds: dict[object, object] = {str: typed.text, int: 1, bool: False, datetime: NOW + timedelta(days=2), Decimal: 12}
    if hint in kinds:
        return kinds[hint]
    text = str(hint)
    if "None" in text:
        return NOW + timedelta(days=2) if "datetime" in text else None
    return {} if "Mapping" in text else ()


def _clock(agenda: next_step.Agenda, rule: Deadline | None, item: Item | None) -> OpenDeadline | None:
    """Find the clock of a reminder as it runs."""
    running = timers.open_deadlines(agenda.process, agenda.case, agenda.calendars)
    return next((one for one in running if rule and one.rule.name == rule.name and one.item == item), None)


def _to(process: Process, mail: str) -> tuple[str, ...]:
    named = {FORMER: "amal", NEWLY_INVITED: "amal", UNINVITED: "amal", LEAVING: "bilal"}
    return tuple(f"{one} {named[one]}" if one in named else one for one in process.mails[mail].to)


def _reader(process: Process, case: Case, mail: str, item: Item | None, language: str) -> routes.Recipient:
    """Find the first reader of a mail, by the first role that somebody holds."""
    special = {routes.CALLED: "arif", routes.ACTOR: "amal", LEAVING: "amal", NEWLY_INVITED: "amal"}
    special |= {UNINVITED: "amal", routes.INVITED: "amal"}
    if mail == "part_ended":
        return routes.Recipient(person("amal", language), FORMER, "")
    for who in process.mails[mail].to:
        names = process.tiers["T1"].roles if who in {TIER, routes.INFORMED} else (who,)
        names = ("representative",) if who in {routes.DUTY, "asked"} else names
        held = [*(special[one] for one in names if one in special)]
        held += [one for name in names if name not in special for one in roles.holders(process, case, name, item=item)]
        if held:
            told = names[0] if names[0] not in special else "representative"
            _, role = roles.split(told)
            return routes.Recipient(person(held[0], language), told, routes.part_of(process, case, held[0], who=role))
    raise errors.NotFound(f"nobody gets the mail {mail}")


def _entry(process: Process, case: Case, trigger: Trigger, typed: Typed) -> queries.Entry:
    """Tell of the act as the case would: by whom, and what they typed."""
    by_clock = CLOCK in trigger.who
    deadlines = process.every_deadline()
    timer = next((one.name for one in deadlines if any(it.fires == trigger.name for it in one.silences)), None)
    texts = [one for one in _asked(process, case, trigger) if one.type in {FieldType.TEXT, FieldType.LONG_TEXT}]
    wanted = [one for one in texts if one.required][:2] or texts[:1]
    lines = tuple(queries.Line(one.label, _typed(one, typed)) for one in wanted)
    return queries.Entry(
        id=1,
        seq=1,
        at=NOW,
        recorded_at=NOW,
        label=trigger.label,
        zone=roles.SHARED,
        trigger=trigger.name,
        actor=CLOCK if by_clock else "bilal",
        actor_name=typed.name,
        actor_role="" if by_clock else roles.label(process, trigger.who[0]),
        lines=() if by_clock else lines,
        timer=f"{timer}:1" if timer and by_clock else None,
    )


def _typed(field: Field, typed: Typed) -> Value:
    if field.name == "place":
        return typed.place
    return typed.text if field.type is FieldType.LONG_TEXT else typed.title


def _names(typed: Typed) -> Mapping[str, str]:
    return dict.fromkeys(("amal", "bilal", "arif"), typed.name)


def reminders() -> frozenset[str]:
    """Name the mails that a clock of a shipped process sends."""
    rules = (rule for process in _processes() for rule in process.every_deadline())
    return frozenset(one.mail for rule in rules for one in rule.reminders)
