"""What comes if nobody does anything: to whom mails would go, at every door, and no word its reader may not know."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from typer.testing import CliRunner

from cases import queries
from cases.deputies import Deputies
from cases.queries import Viewer
from desk import preview
from desk.cli import app
from states.directory import Away, Delegation
from states.items import Called
from tests.desk.asking import delivered
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House

SESSIONS, SCREENING, DRAFT = "D-2026-0001", "D-2026-0002", "D-2026-0003"
EVERYBODY = ("joseph", "marie", "peter", "julia", "claire", "nadia", "stranger")

_ID = re.compile(r":[0-9a-f]{12}(?=@)")


def coming(house: House, who: str, number: str = SESSIONS, *, most: int = 25) -> preview.Coming:
    viewer = Viewer(house.directory.actor(who))
    return preview.of(house.record, viewer, number, now=house.clock.now(), most=most)


def readers(steps: Iterable[preview.ComingStep]) -> Counter[str]:
    return Counter(got.person.email for one in steps for mail in one.mails for got in mail.to)


@dataclass(frozen=True, slots=True)
class Lived:
    """What was foreseen for an instant, and then the timers that fired and how many mails each address got."""

    foreseen: tuple[preview.ComingStep, ...]
    fired: list[str]
    mails: Counter[str]


@pytest.mark.parametrize("number", [SESSIONS, SCREENING])
def test_everybody_in_a_case_may_look_ahead_and_reads_no_secret(house: House, number: str) -> None:
    for who in EVERYBODY:
        steps = coming(house, who, number).steps
        assert steps
        assert [one.at for one in steps] == sorted(one.at for one in steps)
        told = repr(steps)
        secrets = {SECRET_OF_A: ("joseph", "nadia"), SECRET_OF_B: ("marie", "nadia"), TEAM_SECRET: ("claire", "nadia")}
        assert [one for one, may in secrets.items() if one in told and who not in may] == []


def lived(house: House, found: preview.Coming, instants: int) -> Iterator[Lived]:
    """Lets everything foreseen at the first instants come, and yields it beside what was foreseen."""
    delivered(house)
    for at, together in itertools.islice(itertools.groupby(found.steps, key=lambda one: one.at), instants):
        house.clock.set(at)
        fired = [one.key for one in house.service.fire_due(found.case.id) if one.outcome in {"fired", "reminded"}]
        mails = Counter(mail["To"].addresses[0].addr_spec for mail in delivered(house))
        yield Lived(tuple(together), fired, mails)


@pytest.mark.parametrize("who", ["claire", "nadia"])
def test_the_steps_and_mails_foreseen_are_those_that_then_come(house: House, who: str) -> None:
    found = coming(house, who, most=60)
    for one in lived(house, found, instants=16):
        assert named(one.fired) == named(step.key for step in one.foreseen)
        assert one.mails == readers(one.foreseen)


def named(keys: Iterable[str]) -> list[str]:
    """Leaves the ids of what is yet to come out of keys: they hang on how long the record is, which nobody is told."""
    return [_ID.sub(":", key) for key in keys]


@pytest.mark.parametrize(
    ("away_from", "act"), [(date(2026, 11, 16), "replace_idle_mediator"), (date(2026, 11, 19), "call_deputies")]
)
def test_the_deputy_who_is_foreseen_is_the_one_then_called(house: House, away_from: date, act: str) -> None:
    kept = Deputies(house.record.engine)
    kept.go_away("stranger", Away(away_from, date(2026, 11, 25)))
    kept.name(Delegation(person="stranger", deputy="amina", since=away_from))
    found = coming(house, "claire", most=60)
    place, calling = next((place, one) for place, one in enumerate(found.steps) if one.called)
    assert (calling.act, calling.called) == (
        act,
        ("Sam Stranger is away until 2026-11-25; Sam Stranger named Amina Diallo as deputy",),
    )
    assert "amina@office.example" in readers((calling,))
    instants = len({one.at for one in found.steps[: place + 1]})
    for one in lived(house, found, instants):
        assert one.mails == readers(one.foreseen)
    _, case = queries.case_for(house.record, Viewer(house.directory.actor("claire")), SESSIONS)
    assert [(one.person, one.why) for one in case.all(Called) if one.instead_of] == [("amina", *calling.called)]


def test_who_reads_nothing_of_the_seniors_is_not_told_who_will_be_called(house: House) -> None:
    Deputies(house.record.engine).name(Delegation(person="stranger", deputy="amina", since=date(2026, 11, 1)))
    told = {who: repr(coming(house, who, most=60).steps) for who in ("joseph", "claire")}
    assert ["Amina" in one for one in told.values()] == [False, True]


def test_the_page_and_the_api_tell_the_same_steps(front: Front) -> None:
    with front.client("joseph") as client:
        page = client.get(f"/cases/{SESSIONS}/coming").text
        told = client.get(f"/api/cases/{SESSIONS}/preview?limit=60").json()
        linked = client.get(f"/cases/{SESSIONS}").text
    assert page.count("<time datetime=") == len(told["steps"])
    assert told["steps"][0]["label"] in page
    assert f"/cases/{SESSIONS}/coming" in linked
    assert all(SECRET_OF_B not in text for text in (page, json.dumps(told)))


def test_the_page_and_the_api_tell_who_will_be_called_and_why(front: Front) -> None:
    why = "Sam Stranger did not answer in time; Sam Stranger named Amina Diallo as deputy"
    Deputies(front.house.record.engine).name(Delegation(person="stranger", deputy="amina", since=date(2026, 11, 1)))
    with front.client("claire") as client:
        assert why in client.get(f"/cases/{SESSIONS}/coming").text
        steps = client.get(f"/api/cases/{SESSIONS}/preview").json()["steps"]
    assert [one["act"] for one in steps if why in one["called"]] == ["call_deputies"]


def test_a_foreign_case_is_not_there(front: Front) -> None:
    with front.client("li") as client:
        assert client.get(f"/cases/{SESSIONS}/coming").status_code == 404
        assert client.get(f"/api/cases/{SESSIONS}/preview").status_code == 404


def test_the_other_side_sees_nothing_of_a_draft(front: Front) -> None:
    with front.client("marie") as client:
        assert client.get(f"/cases/{DRAFT}/coming").status_code == 404


def test_the_command_line_lists_the_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    asked = ["case", "preview", SESSIONS, "--as", "joseph@herders.example", "--limit", "3"]
    said = CliRunner().invoke(app, asked, catch_exceptions=False).stdout
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert (len(told["steps"]), told["more"]) == (3, True)
    assert "More follows: --limit 6" in said
