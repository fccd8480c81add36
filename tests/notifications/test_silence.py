"""Every mail that asks for something says, plain and rich, what happens if nobody answers and by when."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cases import codec, notifying
from cases.people import Person
from config import load, vocabulary, working_time
from notifications import compose, next_step, routes
from notifications.compose import Task
from states import findings, firing, items, roles, timers
from states.case import Case, Party, Running, Side
from states.items import Agreement, Item, Neutral
from states.process import TIER, Deadline, DeadlineScope, Mail, MailKind, Process, RoleScope, Urgency
from tests.notifications.offices import LETTERHEAD, START

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DEFINITIONS = [
    *load.shipped_processes().values(),
    *(path for path in sorted(EXAMPLES.glob("*.yaml")) if ".scenario." not in path.name),
]
NOTHING = "Nothing happens by itself; what is asked stays open until somebody acts."
LATER = START + timedelta(days=9)
# What an item must name for a mail about it to find its reader.
NAMED = {"party": "A", "owner": "B", "verifier": "A", "act": "stay", "role": "convener", "successor": "successor"}

# What the parties answer at stages that ask nothing of a party that did its part.
TEXT = Agreement(id="t1", zone=roles.SHARED, by="convener", at=START, text="The road is repaired.")
NEUTRAL = Neutral(
    id="n1", zone=roles.SHARED, by="convener", at=START, state="proposed", person="mediator", disclosure="None."
)


class Asked(NamedTuple):
    """A mail, and the clock by which it asks; none where it tells what happens without one."""

    definition: Path
    mail: str
    clock: str | None
    to: tuple[str, ...]
    reminds: bool = False

    def __str__(self) -> str:
        """Name the process, the mail and the clock."""
        return f"{self.definition.stem}-{self.mail}-{self.clock}{'-reminder' if self.reminds else ''}"


@cache
def definition(path: Path) -> Process:
    return load.load_process(path, vocabulary=vocabulary.shipped())


def every_question() -> Iterator[Asked]:
    """Yield each mail that asks with each clock by which it does: by what the definition says, and nothing else."""
    for path in DEFINITIONS:
        process = definition(path)
        for rule in process.every_deadline():
            told = {one.mail: one.to or (rule.duty,) for one in rule.reminders}
            yield from (Asked(path, mail, rule.name, to, reminds=True) for mail, to in told.items())
        for name in sorted(findings.sent_by_acts(process)):
            mail = process.mails[name]
            if mail.kind is MailKind.ACTION:
                yield from (Asked(path, name, clock, mail.to) for clock in clocks_of(process, mail))


def clocks_of(process: Process, mail: Mail) -> list[str | None]:
    of_tiers = [tier.name for tier in process.tiers.values() if tier.deadline]
    clocks = of_tiers if mail.due == TIER else [mail.due] if mail.due else []
    return [*clocks, *([None] if mail.silence else [])]


def a_case(process: Process, asked: Asked, rule: Deadline | None) -> Case:
    """Return a case with everybody in it, on which a clock has just begun."""
    due = process.mails[asked.mail].due
    of_parties = [role.name for role in process.roles.values() if role.scope is RoleScope.PARTY]
    case = Case(
        id="c1",
        number="D-2026-0007",
        process=process.hash,
        title="The well at Kilo 7",
        stage=next(one.name for one in reversed([*process.stages.values()]) if not (one.final or one.name == due)),
        stage_since=START,
        opened_at=START - timedelta(days=10),
        urgency=Urgency.U3,
        roles={role.name: (role.name,) for role in process.roles.values() if role.scope is RoleScope.CASE},
        parties=tuple(
            Party(id=name, name=f"Party {name}", side=side, people={role: (f"{role} {name}",) for role in of_parties})
            for name, side in (("A", Side.INITIATING), ("B", Side.RESPONDING))
        ),
    )
    return case if rule is None else replace(case, **running(rule))


def running(rule: Deadline) -> dict[str, Any]:
    """Return what a case has while a clock runs on it."""
    match rule.scope:
        case DeadlineScope.STAGE:
            return {"stage": rule.of, "items": (NEUTRAL, replace(TEXT, state=rule.name))}
        case DeadlineScope.TIER:
            return {"tier": rule.of, "tier_since": START, "tier_round": 1}
        case DeadlineScope.CASE:
            return {"running": {rule.name: Running(since=START, round=1)}}
        case DeadlineScope.ITEM:
            return {"items": (an_item(rule),)}


def an_item(rule: Deadline) -> Item:
    """Return an item on which a clock runs, with as little in it as its kind allows."""
    kind = items.KINDS[rule.of or ""]
    hints = codec.hints_of(kind)
    needed = (one.name for one in dataclasses.fields(kind) if one.default is dataclasses.MISSING)
    given: dict[str, Any] = {name: LATER if hints[name] is datetime else NAMED.get(name, name) for name in needed}
    dated = {rule.due_from: LATER} if rule.due_from else {}
    common = {"id": "i1", "zone": roles.SHARED, "by": "convener", "at": START, "state": rule.states[0]}
    called = {"person": "convener", "role": "convener"} if kind is items.Called else {}
    return kind(**given | dated | called | common)


def a_notice(asked: Asked, case: Case, deadline: timers.OpenDeadline | None) -> notifying.Notification:
    reminds = asked.reminds and deadline is not None
    return notifying.Notification(
        id=1,
        case_id=case.id,
        event_id=None if reminds else 7,
        occurrence=f"c1:{asked}",
        mail=asked.mail,
        to=asked.to,
        item=deadline.item.id if deadline and deadline.item else None,
        timer_key=f"{deadline.occurrence}:remind 1 50%" if deadline and reminds else None,
        due_at=None,
        created_at=START,
        attempts=1,
        lease_owner="test",
        lease_until=START,
    )


def letters(asked: Asked) -> Iterator[tuple[compose.Task, timers.OpenDeadline | None]]:
    """Yield what each reader of a mail gets, with the clock by which it asks."""
    process = definition(asked.definition)
    rule = next((one for one in process.every_deadline() if one.name == asked.clock), None)
    case, calendars = a_case(process, asked, rule), working_time.shipped_calendars()
    clocks = timers.open_deadlines(process, case, calendars)
    deadline = next((one for one in clocks if one.rule.name == asked.clock), None)
    notice = a_notice(asked, case, deadline)
    for person in everybody(process, case):
        reader = routes.recipient(process, case, notice, person)
        if reader is not None:
            zones = roles.mailable(roles.readable_zones(process, case, routes.actor_of(person)))
            agenda = next_step.Agenda(process=process, case=case, calendars=calendars, now=START, zones=zones)
            yield Task(notice=notice, reader=reader, agenda=agenda), deadline


def everybody(process: Process, case: Case) -> Iterator[Person]:
    offices = sorted(role.name for role in process.roles.values() if role.scope is RoleScope.OFFICE)
    for name in [*sorted(case.people), *offices]:
        held = (name,) if name in offices else ()
        yield Person(id=name, name=name, email="who@mission.example", timezone="Asia/Kathmandu", offices=held)


def bodies(task: Task) -> tuple[str, str]:
    words = task.voice.render(task.notice.mail, compose.letter(task, LETTERHEAD))
    seen = html.unescape(re.sub(r"<[^>]+>", " ", words.html[words.html.index("<body") :]))
    return " ".join(words.text.split()), " ".join(seen.split())


QUESTIONS = list(every_question())


@pytest.mark.parametrize("asked", QUESTIONS, ids=map(str, QUESTIONS))
def test_a_mail_that_asks_says_what_silence_means_and_by_when(asked: Asked) -> None:
    told = list(letters(asked))
    assert told
    for task, deadline in told:
        voice, process = task.voice, task.process
        if deadline is None:
            facts = [f"If you do nothing: {process.mails[asked.mail].silence}", "Please do it as soon as you can."]
        else:
            at, silence = firing.silences(process, task.case, deadline)[0]
            # A session is for when it begins, and not for when it is given up.
            at = min(at, deadline.due_at) if deadline.rule.due_from else at
            mine, theirs = (voice.moment(at, zone) for zone in ("Asia/Kathmandu", process.timezone))
            facts = [f"Please do it by {theirs}.", f"In your own time zone: {mine}"]
            facts.append(f"If nothing is recorded by then: {silence.means}")
        for body in bodies(task):
            assert [fact for fact in facts if fact not in body] == []


def test_a_mail_of_an_earlier_definition_that_hangs_on_no_clock_says_so() -> None:
    asked = Asked(DEFINITIONS[0], "feedback_asked", None, ("mediator",))
    (task, _), *_ = letters(asked)
    untold = replace(task.process.mails["feedback_asked"], silence="")
    process = replace(task.process, mails={**task.process.mails, "feedback_asked": untold})
    closed = replace(task.case, stage="closed", closed_at=START, outcome="settled")
    for body in bodies(replace(task, agenda=replace(task.agenda, process=process, case=closed))):
        assert f"If you do nothing: {NOTHING}" in body
