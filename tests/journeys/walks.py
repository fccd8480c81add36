"""A walk at random through one case: acts of everybody in it, hours and days, repeated and outdated requests.

The walk begins somewhere in a scenario, so that every stage is reached, and draws all its choices from one seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from cases import commands, ledger, repository, timers
from cases.people import Directory
from cases.record import open_record
from cases.unit_of_work import reading
from config import scenarios
from config.clock import SimulatedClock
from desk import player
from desk.live import Live
from notifications.compose import Letterhead
from states import errors, machine, roles
from states.fields import FieldType
from tests.stores import store_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from cases.record import Record
    from cases.service import CaseService
    from config.scenarios import Scenario
    from states.case import Case
    from states.events import Event
    from states.fields import Field
    from states.machine import Option
    from states.process import Process

LETTERHEAD = Letterhead(
    desk="Parley",
    address="desk@parley.example",
    reply_to="",
    sender="desk@parley.example",
    domain="parley.example",
    base_url="http://127.0.0.1:8470",
    secret=b"a secret that is the same in every test",
)
WORKER = "walk"


@dataclass(slots=True)
class Walk:
    """One case on its way, with everything that was seen of it so far."""

    scenario: Scenario
    record: Record
    service: CaseService
    clock: SimulatedClock
    case_id: str
    random: Random
    actors: dict[str, roles.Actor] = field(default_factory=dict)
    keys: int = 0
    done: list[commands.ActOnCase] = field(default_factory=list)
    refused: int = 0

    @property
    def case(self) -> Case:
        """The whole case as it is stored now."""
        with reading(self.record.engine) as connection:
            return repository.load(connection, self.case_id).case

    @property
    def process(self) -> Process:
        """Its definition."""
        return self.record.registry.get(self.case.process)

    @property
    def history(self) -> tuple[Event, ...]:
        """Everything recorded, oldest first."""
        with reading(self.record.engine) as connection:
            return ledger.history(connection, self.case_id)

    def actor(self, person: str) -> roles.Actor:
        """Know a person as the front doors do; nobody's office changes on the way."""
        if person not in self.actors:
            self.actors[person] = Directory(self.record.engine).actor(person)
        return self.actors[person]

    def step(self) -> str:
        """Do one thing, and say which."""
        kind = self.random.choices(("act", "wait", "repeat", "outdated"), weights=(75, 15, 5, 5))[0]
        match kind:
            case "act":
                self.act()
            case "wait":
                self.wait()
            case "repeat":
                self.repeat()
            case _:
                self.come_too_late()
        return kind

    def options(self, case: Case) -> list[tuple[roles.Actor, Option]]:
        """List everything that anybody in the case could do now."""
        process, now = self.process, self.clock.now()
        people = sorted({*self.scenario.people})
        return [
            (actor, option)
            for actor in map(self.actor, people)
            for option in machine.permitted(process, case, actor, now)
        ]

    def act(self) -> None:
        """Let somebody do something, rather what is ready than what is not."""
        case = self.case
        options = self.options(case)
        ready = [one for one in options if one[1].ready]
        pool = ready if ready and self.random.random() < 0.9 else options
        if not pool:
            self.wait()
            return
        # Acts that many people have would crowd out the rare ones, which move a case.
        trigger = self.random.choice(sorted({option.trigger.name for _, option in pool}))
        actor, option = self.random.choice([one for one in pool if one[1].trigger.name == trigger])
        inputs = {name: self.invented(case, asked) for name, asked in option.inputs.items()}
        self.send(actor, trigger, {name: value for name, value in inputs.items() if value is not None})

    def send(self, actor: roles.Actor, trigger: str, inputs: dict[str, object]) -> None:
        """Ask for an act; what is refused must leave nothing behind."""
        self.keys += 1
        command = commands.ActOnCase(
            case_id=self.case_id, trigger=trigger, actor=actor, key=f"walk {self.keys}", inputs=inputs
        )
        timers.fire_due_timers(self.service, owner=WORKER)
        before = self.case
        try:
            self.service.act(command)
        except (errors.Refused, errors.NotFound):
            self.refused += 1
            assert self.case == before, f"a refused {trigger} changed the case"
        else:
            self.done.append(command)

    def wait(self) -> None:
        """Let minutes, hours or days pass and let the clockwork beat."""
        self.clock.advance(minutes=self.random.choice((1, 30, 180, 24 * 60, 3 * 24 * 60, 10 * 24 * 60)))
        counts = timers.fire_due_timers(self.service, owner=WORKER)
        assert (counts.failed, counts.parked) == (0, 0)

    def repeat(self) -> None:
        """Send the last request once more."""
        timers.fire_due_timers(self.service, owner=WORKER)
        before = self.case
        if self.done:
            self.service.act(self.done[-1])
        assert self.case == before, "a repeated request was done twice"

    def come_too_late(self) -> None:
        """Act on a version that somebody else has moved on from."""
        timers.fire_due_timers(self.service, owner=WORKER)
        before = self.case
        if not self.done or before.version < 2:
            return
        last = self.done[-1]
        self.keys += 1
        late = commands.ActOnCase(
            case_id=self.case_id,
            trigger=last.trigger,
            actor=last.actor,
            key=f"walk {self.keys}",
            inputs=last.inputs,
            expected_version=before.version - 1,
        )
        with pytest.raises(errors.Conflict, match="look again"):
            self.service.act(late)
        assert self.case == before

    def invented(self, case: Case, asked: Field) -> object:
        """Answer a question of an act: words that can be found again, or something of the case."""
        return _ANSWERS[asked.type.one](self, case, asked) if asked.type.one in _ANSWERS else None

    def some(self, known: list[str], asked: Field) -> object:
        """Choose one, or some, of what there is."""
        if not known:
            return None
        if not asked.type.many:
            return self.random.choice(known)
        return tuple(self.random.sample(known, k=self.random.randint(1, len(known))))

    def item(self, case: Case, asked: Field) -> object:
        """Choose an item of the kind asked for, in one of the states asked for when there is one."""
        fitting = [one for one in case.items if one.kind == asked.of]
        in_state = [one for one in fitting if not asked.states or one.state in asked.states]
        return self.some([one.id for one in in_state or fitting], asked)

    def seal(self, case: Case, asked: Field) -> object:
        """Give the hash of the newest text, or now and then an older one."""
        texts = [str(getattr(one, "text_hash", "")) for one in case.items if one.kind == asked.of]
        return self.random.choice(texts[-1:] * 9 + texts) if texts else None

    def later(self) -> datetime:
        """Choose an instant within three weeks."""
        return self.clock.now() + timedelta(hours=self.random.randint(1, 24 * 20))

    def words(self, asked: Field) -> object:
        """Make words that occur nowhere else."""
        text = f"w{self.random.getrandbits(40):010x}w"
        return (text,) if asked.type is FieldType.TEXTS else text


_ANSWERS: Mapping[FieldType, Callable[[Walk, Case, Field], object]] = {
    FieldType.TEXT: lambda walk, _, asked: walk.words(asked),
    FieldType.LONG_TEXT: lambda walk, _, asked: walk.words(asked),
    FieldType.TEXTS: lambda walk, _, asked: walk.words(asked),
    FieldType.YES_NO: lambda walk, _case, _asked: walk.random.choice(("yes", "yes", "no")),
    FieldType.CHOICE: lambda walk, _, asked: walk.some(list(asked.choices), asked),
    FieldType.CHOICES: lambda walk, _, asked: walk.some(list(asked.choices), asked),
    FieldType.PARTY: lambda walk, case, asked: walk.some([party.id for party in case.parties], asked),
    FieldType.PERSON: lambda walk, _, asked: walk.some(sorted(walk.scenario.people), asked),
    FieldType.ITEM: lambda walk, case, asked: walk.item(case, asked),
    FieldType.SEAL: lambda walk, case, asked: walk.seal(case, asked),
    FieldType.INTEGER: lambda walk, _case, _asked: walk.random.randint(1, 9),
    FieldType.NUMBER: lambda walk, _case, _asked: str(walk.random.randint(1, 900)),
    FieldType.DATE: lambda walk, _case, _asked: walk.later().date().isoformat(),
    FieldType.INSTANT: lambda walk, _case, _asked: walk.later().isoformat(),
}


def begin(name: str, *, url: str, folder: Path, seed: int) -> Walk:
    """Play a scenario up to a line drawn from the seed, and stand there."""
    random = Random(seed)  # noqa: S311 - a walk that can be walked again, no secret
    scenario = scenarios.load_shipped(name)
    record = open_record(url, now=scenario.start, files=store_in(folder))
    clock = SimulatedClock(scenario.start)
    world = Live(record, LETTERHEAD, clock, mails_from=scenario.start + timedelta(days=4000))
    acts = random.randint(1, len(scenario.acts))
    performance, told = player.play(scenario, world), 0
    for line in performance:
        told += bool(line.trigger)
        if told > acts:
            break
    return Walk(
        scenario=scenario,
        record=record,
        service=record.service(clock),
        clock=clock,
        case_id=world.case_id,
        random=random,
    )
