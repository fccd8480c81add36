"""What climbs by itself, lived through on both databases: each rung once, to the right people, and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cases import queries, tables, timers
from cases.queries import Viewer
from cases.unit_of_work import reading
from notifications import wording
from states import errors
from states.case import Case
from states.events import StageEntered
from tests.cases.builders import happen
from tests.notifications.offices import Office, an_office, body, flat

ROLES = {"convener": ("cora",), "mediator": ("musa",), "committee": ("outis",)}
IDLE = "The mediation stands still"


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Yields an office whose case has just come to its sessions, on a clock of five working days."""
    office = an_office(database_url, roles=ROLES)
    now = office.clock.now()
    happen(office.record, office.case_id, StageEntered("sessions", now, "mediator"), by="cora", at=now)
    office.deliver()
    office.memory.sent.clear()
    yield office
    office.record.engine.dispose()


def case_of(office: Office, person: str = "cora") -> Case:
    return queries.case_for(office.record, Viewer(office.directory.actor(person)), office.case_id)[1]


def file_of(office: Office, person: str) -> queries.CaseFile:
    who = Viewer(office.directory.actor(person))
    return queries.case_file(office.record, who, office.case_id, now=office.clock.now())


def lived(office: Office, *, days: int) -> list[tuple[datetime, str, str]]:
    """Lets days pass, a quarter of one at a time; returns when each mail went to whom under which subject."""
    told = []
    for _ in range(days * 4):
        office.memory.sent.clear()
        office.wait(hours=6)
        office.deliver()
        told += [(office.clock.now(), mail["To"].partition("@")[0], mail["Subject"]) for mail in office.mails()]
    return told


def fired(office: Office, deadline: str) -> list[str]:
    kept = tables.timers.c
    wanted = select(kept.key).where(kept.deadline == deadline, kept.state == "fired")
    with reading(office.record.engine) as connection:
        return list(connection.execute(wanted.order_by(kept.due_at)).scalars())


def test_a_silent_mediator_is_warned_of_with_the_convener_and_then_replaced(office: Office) -> None:
    told = lived(office, days=7)
    assert Counter(who for _, who, subject in told if IDLE in subject) == {"cora": 1, "musa": 1}
    assert len(fired(office, "mediator_idle")) == 2
    case = case_of(office)
    assert (case.stage, case.roles["mediator"]) == ("appointing", ())
    assert any(who == "outis" for _, who, _ in told)
    assert any("The neutral has left the case" in subject for _, who, subject in told if who == "amal")
    with pytest.raises(errors.NotFound):
        case_of(office, "musa")


def test_a_mediator_who_speaks_with_one_side_in_confidence_is_not_silent(office: Office) -> None:
    told = []
    for _ in range(5):
        told += lived(office, days=1)
        office.act("musa", "add_note", text="Spoke with them.", zone="caucus:A")
    assert not any(IDLE in subject for _, _, subject in told)
    assert case_of(office).roles["mediator"] == ("musa",)
    assert fired(office, "mediator_idle") == []


def test_the_mail_to_the_convener_says_by_when_and_what_silence_means(office: Office) -> None:
    lived(office, days=1)
    office.wait(hours=24)
    office.deliver()
    mail = next(one for one in office.mails() if one["To"].startswith("cora") and IDLE in one["Subject"])
    text = flat(body(mail))
    (clock,) = [one for one in file_of(office, "cora").deadlines if one.name == "mediator_idle"]
    assert clock.consequence is not None
    assert clock.consequence.means in text
    assert wording.voice("en").moment(clock.consequence.at, "Africa/Juba") in text


@pytest.mark.parametrize("person", ["amal", "bilal", "sara", "arif", "outis"])
def test_nobody_but_the_team_is_told_that_the_mediator_is_waited_for(office: Office, person: str) -> None:
    office.act("musa", "add_note", text="Spoke with them.", zone="caucus:A")
    file = file_of(office, person)
    assert "mediator_idle" not in {one.name for one in (*file.deadlines, *file.dates)}
    assert not file.case.contacts
    told = lived(office, days=3)
    assert not any(IDLE in subject for _, who, subject in told if who == person)


def test_heat_climbs_once_and_tells_nobody_whose_reading_it_was(office: Office) -> None:
    office.act("amal", "give_reading", step="7", text="They lie to our faces.")
    office.wait(seconds=1)
    office.deliver()
    assert case_of(office).tier == "T1"
    assert {"alma", "arif"} <= office.told()
    assert not any("lie to our faces" in body(mail) for mail in office.mails())
    assert "They lie" not in repr(file_of(office, "bilal"))
    office.act("bilal", "give_reading", step="8")
    office.wait(hours=1)
    assert len(fired(office, "heat")) == 1


def test_a_beat_that_stood_still_makes_up_for_every_rung_in_order(office: Office) -> None:
    office.clock.advance(days=6)
    first, second = (timers.fire_due_timers(office.service, owner=name) for name in ("one", "two"))
    assert first.fired
    assert not second.fired
    warned, replaced = fired(office, "mediator_idle")
    assert "remind 1 33%" in warned
    assert "67%" in replaced
    with reading(office.record.engine) as connection:
        written = connection.execute(select(tables.notifications.c.occurrence)).scalars().all()
    assert max(Counter(written).values()) == 1


def test_an_unreviewed_pause_calls_the_seniors_of_both_sides_at_once(office: Office) -> None:
    until = (office.clock.now() + timedelta(hours=48)).isoformat()
    office.act("cora", "pause_for_safety", reason="Stones at the gate.", until=until)
    office.deliver()
    assert {"alma", "arif"} <= office.told()
    told = lived(office, days=4)
    asked = [who for _, who, subject in told if who in {"sara", "saul"} and "tier" not in subject]
    assert {"sara", "saul"} <= set(asked)
    assert case_of(office).tier == "T3"
    assert "Stones" not in repr(file_of(office, "amal"))
