"""Journeys: every scenario from notice to closure through the real service, its clockwork and its mail room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cases import directory, ledger, notifying, queries, tables, timers, undelivered
from cases.people import Directory
from cases.record import Record, open_record
from cases.unit_of_work import reading
from config import scenarios
from config.clock import SimulatedClock
from config.scenarios import Act, Input, Scenario
from desk import player, rehearsal
from desk.live import Live
from desk.paper import Paper
from notifications import tongues
from notifications.compose import Letterhead
from states import errors, replaying
from states.items import Note, Obligation, Worksheet
from states.playing import Around, Played
from states.process import Process
from tests.stores import store_in

NAMES = tuple(scenarios.shipped_scenarios())
LETTERHEAD = Letterhead(
    desk="Parley",
    address="desk@parley.example",
    reply_to="",
    sender="desk@parley.example",
    domain="parley.example",
    base_url="http://127.0.0.1:8470",
    secret=b"a secret that is the same in every test",
    telephone="+211 000 0000",
)


@dataclass(frozen=True)
class Journey:
    """A scenario that was played to its end, with its record still open."""

    scenario: Scenario
    record: Record
    world: Careful
    lines: tuple[player.Line, ...]

    @property
    def mails(self) -> tuple[player.Line, ...]:
        return tuple(line for line in self.lines if line.who == player.MAIL)


class Careful(Live):
    """A world in which everybody looks beforehand at what an act leads to; `surprises` is what came otherwise."""

    def __init__(self, record: Record, clock: SimulatedClock, *, tick: timedelta | None = None) -> None:
        """Begin like every live world."""
        super().__init__(record, LETTERHEAD, clock, tick=tick)
        self.surprises: list[str] = []
        self._looks = (record, Directory(record.engine))

    def act(self, act: Act, inputs: Mapping[str, Input], *, case_id: str) -> player.Told:
        record, directory = self._looks
        intent = rehearsal.Intent(trigger=act.do, inputs=inputs, at=self.now())
        seer = queries.Viewer(directory.actor(act.by))
        seen: object
        try:
            seen = rehearsal.rehearse_act(record, seer, case_id, intent=intent, directory=directory).after.stage
        except errors.Refused as refusal:
            seen = str(refusal)
        done = super().act(act, inputs, case_id=case_id)
        if seen != done.case.stage:
            self.surprises.append(f"{act.by} {act.do}: {seen}")
        return done


def travel(name: str, url: str, folder: Path, *, tick: timedelta | None = None) -> Journey:
    """Play a scenario in a database of its own."""
    scenario = scenarios.load_shipped(name)
    record = open_record(url, now=scenario.start, files=store_in(folder))
    world = Careful(record, SimulatedClock(scenario.start), tick=tick)
    return Journey(scenario, record, world, tuple(player.play(scenario, world)))


@pytest.fixture(scope="module", params=NAMES)
def journey(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Yields each scenario, played once for all the questions that are asked of it."""
    folder: Path = tmp_path_factory.mktemp(str(request.param))
    made = travel(str(request.param), f"sqlite:///{folder / 'parley.db'}", folder)
    yield made
    made.record.engine.dispose()


def test_a_scenario_reaches_its_outcome_and_its_chain_holds(journey: Journey) -> None:
    case = journey.world.case()
    assert (case.stage, case.outcome) == (journey.scenario.ending.stage, journey.scenario.ending.outcome)
    with reading(journey.record.engine) as connection:
        assert ledger.verify(connection).consistent
    assert timers.parked(journey.record.engine) == []


def test_a_case_played_again_under_its_own_definition_gives_its_very_record_and_mails(journey: Journey) -> None:
    record, now = journey.record, journey.world.now()
    works_for = {one.id: one.organisation_id for one in Directory(record.engine).everyone() if one.organisation_id}
    foreseen: set[str] = set()
    with reading(record.engine) as connection:
        on_file = directory.for_many(connection)
        around = Around(calendars=record.calendars, employers=works_for, on_file=on_file)
        for case_id, hash_ in connection.execute(select(tables.cases.c.id, tables.cases.c.process_hash)).all():
            process, history = record.registry.get(hash_), ledger.history(connection, case_id)
            played = tuple(replaying.again(process, history, around, until=now))
            assert [(one.act, one.refused) for one in played if one.refused] == []
            assert [event for one in played for event in one.happened] == list(history)
            foreseen |= set(_occurrences(process, case_id, played))
        assert foreseen == set(connection.execute(select(tables.notifications.c.occurrence)).scalars())


def _occurrences(process: Process, case_id: str, played: Iterable[Played]) -> Iterator[str]:
    """Name every mail of a case that is played as the outbox does."""
    seq = 0
    for one in played:
        if one.timer is not None and one.timer.mail:
            yield f"{case_id}:{one.timer.key}"
        named_by = notifying.named_by(one.before, one.after)
        for telling in one.told:
            told = (mail for mail in telling.mails if notifying.addressed(process.mails[mail].to, named_by))
            yield from (f"{case_id}:{seq + telling.first + 1}:{mail}" for mail in told)
        seq += len(one.happened)


def test_every_act_is_foretold_to_whoever_does_it_whatever_they_may_not_read(journey: Journey) -> None:
    assert journey.world.surprises == []


def test_confidential_words_stand_in_the_record_and_in_no_mail(journey: Journey) -> None:
    for words in journey.scenario.secret:
        assert any(words.casefold() in kept.casefold() for kept in _kept_as_their_authors_read_it(journey))
        assert not [mail for mail in journey.mails if words.casefold() in (mail.what + mail.text).casefold()]


def _kept_as_their_authors_read_it(journey: Journey) -> Iterator[str]:
    directory = Directory(journey.record.engine)
    for author in {act.by for act in journey.scenario.acts if act.do in {"add_note", "fill_worksheet"}}:
        _, case = queries.case_for(journey.record, queries.Viewer(directory.actor(author)), journey.world.case_id)
        yield from (note.text for note in case.all(Note))
        yield from (sheet.worst_alternative for sheet in case.all(Worksheet))


def test_a_gap_in_the_readings_is_written_to_the_case_team_alone(journey: Journey) -> None:
    asked = {mail.recipient for mail in journey.mails if _says(mail, "The readings call for an answer")}
    team = {journey.scenario.people[one].email for one in journey.scenario.roles["convener"]}
    assert asked == (team if any(act.do == "answer_signal" for act in journey.scenario.acts) else set())


def test_a_duty_that_comes_again_is_reminded_of_each_time(journey: Journey) -> None:
    case, people = journey.world.case(), journey.scenario.people
    for term in [one for one in case.all(Obligation, "verified") if one.every_days]:
        owner = next(party for party in case.parties if party.id == term.owner)
        readers = {people[one].email for one in owner.people["representative"]}
        assert {mail.recipient for mail in journey.mails if _reminds_of(mail, term)} == readers


def _reminds_of(mail: player.Line, term: Obligation) -> bool:
    ahead = term.due_at - mail.at
    about = _says(mail, "Reminder: a term is due") and term.action in mail.text
    return about and timedelta(0) < ahead <= timedelta(days=7)


def _says(mail: player.Line, subject: str) -> bool:
    """Tells whether a mail has this subject, in whatever language its reader is written to."""
    return any(tongues.tongue(one).catalogue.gettext(subject) in mail.what for one in tongues.LANGUAGES)


def test_every_mail_goes_to_somebody_of_the_scenario_and_none_is_left(journey: Journey) -> None:
    assert {mail.recipient for mail in journey.mails} <= {one.email for one in journey.scenario.people.values()}
    assert all(mail.what and mail.text for mail in journey.mails)
    left = undelivered.counts(journey.record.engine)
    assert set(left.notifications) <= {"expanded", "cancelled"}
    assert set(left.messages) == {"sent"}


def test_the_clock_acts_where_people_are_silent(journey: Journey) -> None:
    by_the_clock = {line.trigger for line in journey.lines if line.who in {player.CLOCK, player.SYSTEM}}
    assert {act.do for act in journey.scenario.acts if not act.by} <= by_the_clock


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["S7", "S8"])
def test_a_scenario_reaches_its_outcome_on_postgresql(postgres_url: str, tmp_path: Path, name: str) -> None:
    made = travel(name, postgres_url, tmp_path)
    with closing_engine(made.record), reading(made.record.engine) as connection:
        assert ledger.verify(connection).consistent
        assert made.world.case().outcome == "settled"


@pytest.mark.parametrize("tick", [timedelta(minutes=1), timedelta(hours=1)])
def test_how_often_the_clockwork_beats_does_not_change_what_happens(
    sqlite_url: str, tmp_path: Path, tick: timedelta
) -> None:
    made = travel("S8", sqlite_url, tmp_path, tick=tick)
    with closing_engine(made.record):
        paper = Paper(made.world.process, made.world.calendars, start=made.scenario.start)
        wanted = Counter(line.trigger for line in player.play(made.scenario, paper))
        assert Counter(line.trigger for line in made.lines if line.trigger) == wanted


@contextmanager
def closing_engine(record: Record) -> Iterator[None]:
    """Close the database whatever a test finds."""
    try:
        yield
    finally:
        record.engine.dispose()
