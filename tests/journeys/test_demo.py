"""The demonstration: cases at different stages, a reminder and an escalation minutes away, and nothing done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases import ledger, queries, timers, undelivered
from cases.people import Directory
from cases.posts import Posts
from cases.record import Record, open_record
from cases.unit_of_work import reading
from config import scenarios
from config.clock import SimulatedClock
from desk import demo
from desk.demo_staff import KEEPERS
from desk.pages import act_order
from notifications.compose import Letterhead
from notifications.mailroom import Mailroom, deliver_due
from notifications.transport import MemoryTransport
from notifications.when import AT_ONCE
from states.items import Called
from tests.stores import store_in

# A Saturday night: no working day is at hand, so what is due soon runs on elapsed time.
NOW = datetime(2026, 11, 21, 23, 20, tzinfo=UTC)
LETTERHEAD = Letterhead(
    desk="Parley",
    address="desk@parley.example",
    reply_to="",
    sender="desk@parley.example",
    domain="parley.example",
    base_url="http://127.0.0.1:8470",
    secret=b"a secret that is the same in every test",
)


@dataclass(frozen=True)
class Shown:
    """A record with the demonstration in it, and what loading it answered."""

    record: Record
    loaded: tuple[demo.Loaded, ...]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """Yields a demonstration that was loaded once."""
    folder: Path = tmp_path_factory.mktemp("demo")
    record = open_record(f"sqlite:///{folder / 'parley.db'}", now=NOW, files=store_in(folder))
    yield Shown(record, demo.load_demo(record, LETTERHEAD, now=NOW))
    record.engine.dispose()


def test_the_cases_stand_at_different_stages(shown: Shown) -> None:
    stages = {one.scenario: one.stage for one in shown.loaded}
    assert tuple(stages) == (*scenarios.shipped_scenarios(), "first steps")
    assert len(set(stages.values())) >= 6
    assert all(one.fresh for one in shown.loaded)


def test_nothing_of_the_history_is_late_or_left_to_send(shown: Shown) -> None:
    assert timers.overdue(shown.record.engine, now=NOW, slack=timedelta(0)) == []
    assert timers.parked(shown.record.engine) == []
    left = undelivered.counts(shown.record.engine)
    assert set(left.notifications) == {"expanded", "cancelled"}
    assert set(left.messages) == {"sent"}
    with reading(shown.record.engine) as connection:
        assert ledger.verify(connection).consistent


def test_loading_again_changes_nothing(shown: Shown) -> None:
    before = undelivered.counts(shown.record.engine)
    again = demo.load_demo(shown.record, LETTERHEAD, now=NOW + timedelta(seconds=30))
    assert [(one.scenario, one.number, one.stage) for one in again] == [
        (one.scenario, one.number, one.stage) for one in shown.loaded
    ]
    assert not any(one.fresh for one in again)
    assert undelivered.counts(shown.record.engine) == before


def test_every_persona_finds_a_case_on_the_desk(shown: Shown) -> None:
    directory = Directory(shown.record.engine)
    keepers = {one.id for one in KEEPERS}
    for persona in demo.PERSONAS:
        viewer = queries.Viewer(directory.actor(persona.person))
        # Who keeps the desk has a part in no case, and reads none.
        assert bool(queries.list_cases(shown.record, viewer).rows) == (persona.person not in keepers), persona


def test_a_deputy_was_called_beside_a_member_who_is_away_and_the_record_says_why(shown: Shown) -> None:
    viewer = queries.Viewer(Directory(shown.record.engine).actor(demo.HOST))
    number = next(one.number for one in shown.loaded if one.scenario == "S2")
    case = queries.case_for(shown.record, viewer, number)[1]
    (call,) = case.all(Called, "while away")
    assert (call.tier, call.person, call.instead_of) == ("T2", "demo_rachid", "s2_anne")
    assert "Anne Delacroix is away until" in call.why
    assert "named Rachid Benali as deputy" in call.why
    assert {"s2_anne", "demo_rachid"} <= set(case.roles["committee"])


def test_every_organisation_of_a_party_has_its_posts_on_file(shown: Shown) -> None:
    held = {(one.organisation, one.name): one.people for one in Posts(shown.record.engine).all()}
    assert held["s1_force", "head of field office"] == ("s1_rosa", "demo_teresa")
    assert held["s1_medics", "country director"] == ("s1_greta",)
    parties = (party for name in scenarios.shipped_scenarios() for party in scenarios.load_shipped(name).parties)
    assert {party.organisation for party in parties} - {""} <= {body for body, _ in held}


@pytest.mark.parametrize("hours", range(0, 168, 23))
def test_whenever_it_is_loaded_the_next_thing_is_minutes_away(shown: Shown, hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    for name in ("S4", "S7"):
        scenario = scenarios.load_shipped(name)
        dated = demo.dated(shown.record, scenario, now=now)
        assert timedelta() < now - dated.start < timedelta(days=3)


def test_a_reminder_and_an_escalation_happen_within_three_minutes(shown: Shown) -> None:
    clock, transport = SimulatedClock(NOW), MemoryTransport()
    service = shown.record.service(clock)
    room = Mailroom(
        record=shown.record,
        directory=Directory(shown.record.engine),
        letterhead=LETTERHEAD,
        transport=lambda: transport,
        clock=clock,
        customs=AT_ONCE,
    )
    seen = []
    for _ in range(3):
        clock.advance(minutes=1, seconds=1)
        seen.append(timers.fire_due_timers(service, owner="demo"))
        deliver_due(room, owner="demo")
    assert sum(one.reminded for one in seen) >= 1
    assert sum(one.escalations for one in seen) >= 1
    assert transport.sent


def test_a_representative_at_the_portal_may_say_no_as_well_as_yes_to_mediation(shown: Shown) -> None:
    viewer = queries.Viewer(Directory(shown.record.engine).actor("s4_tariq"))
    number = next(one.number for one in shown.loaded if one.scenario == "S4")
    file = queries.case_file(shown.record, viewer, number, now=NOW)
    (asked,) = [one for one in file.deadlines if one.name == file.case.stage]
    offered = [one.trigger.name for one in act_order.answering(asked, file, "s4_tariq")]
    assert offered[0] == "give_consent"
    assert "refuse_consent" in offered
