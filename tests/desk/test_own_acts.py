"""Nobody approves their own act, whichever door they come through: the pages, the API or the command line."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cases import queries, repository, sight
from cases.unit_of_work import reading
from config.clock import SystemClock
from desk import cli
from states import roles
from states.case import Case
from states.events import Change, ItemRecorded, RoleAssigned, StageEntered
from states.fields import Value
from states.items import Agreement, Ballot, Cause, Interim, Item, Obligation, Panel, Proposal, Seat
from tests.cases.builders import happen
from tests.desk import house as houses
from tests.desk.house import House, form_of

NUMBER = "D-2026-0001"
SEAL = "c" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody who would approve what they did themselves, and the sentence they read."""

    stage: str
    items: Callable[[datetime], tuple[Item, ...]]
    who: str
    trigger: str
    inputs: Mapping[str, str]
    told: str
    committee: tuple[str, ...] = ("stranger",)


def a_pause(now: datetime) -> tuple[Item, ...]:
    asked: dict[str, Value] = {"reason": "floods", "until": now + timedelta(days=3)}
    return (
        Proposal(
            id="own",
            zone=roles.SHARED,
            by="joseph",
            at=now,
            act="stay",
            label="Pause all clocks",
            party="A",
            inputs=asked,
            agreed_by=("A",),
        ),
    )


def a_refusal(now: datetime) -> tuple[Item, ...]:
    asked = {"reason": "filed before", "other_door": "The first case"}
    return (
        Proposal(
            id="own", zone=roles.SHARED, by="claire", at=now, act="refuse", label="Refuse", party=None, inputs=asked
        ),
    )


def a_draft(now: datetime) -> tuple[Item, ...]:
    return (
        Agreement(
            id="own",
            zone=roles.SHARED,
            by="achol",
            at=now,
            state="ratification",
            text="Turns by days.",
            text_hash=SEAL,
            drafted_by="achol",
        ),
    )


def a_vote(now: datetime) -> tuple[Item, ...]:
    seats = (Seat(person="julia", body="Farmers council"), Seat(person="stranger", body="Mediation office"))
    panel = Panel(
        id="panel",
        zone=roles.SHARED,
        by="claire",
        at=now,
        state="sitting",
        name="The committee",
        chair="stranger",
        seats=seats,
        quorum=1,
    )
    return panel, Ballot(id="own", zone=roles.SENIORS, by="stranger", at=now, panel="panel", question="Days or weeks?")


def a_promise(now: datetime) -> tuple[Item, ...]:
    return (
        Obligation(
            id="own",
            zone=roles.SHARED,
            by="claire",
            at=now,
            state="reported",
            owner="B",
            verifier="A",
            action="repair the pump",
            due_at=now + timedelta(days=9),
            reported_by="marie",
            reported_at=now,
        ),
    )


def a_rule(now: datetime) -> tuple[Item, ...]:
    return (
        Interim(
            id="own",
            zone=roles.SHARED,
            by="joseph",
            at=now,
            state="proposed",
            rule="The well is ours until May.",
            expires_at=now + timedelta(days=9),
            accepted_by=("A",),
        ),
    )


def a_cause(now: datetime) -> tuple[Item, ...]:
    return (
        Cause(
            id="own",
            zone=roles.SHARED,
            by="claire",
            at=now,
            state="provisional",
            issue="issue",
            statement="No calendar",
            family="data",
        ),
    )


OWN_ACTS = {
    "a rule for the meantime": Attempt(
        stage="sessions",
        items=a_rule,
        who="joseph",
        trigger="accept_interim",
        inputs={"interim": "own"},
        told="this party has not accepted the rule yet",
    ),
    "what the team wrote": Attempt(
        stage="engagement",
        items=a_cause,
        who="claire",
        trigger="answer_cause",
        inputs={"cause": "own", "party": "A"},
        told="whoever put it on file does not answer it for a party",
    ),
    "a proposal": Attempt(
        stage="sessions",
        items=a_pause,
        who="joseph",
        trigger="agree",
        inputs={"proposal": "own"},
        told="the proposal waits for the answer of this person, who has not agreed before",
    ),
    "what needs a second person": Attempt(
        stage="screening",
        items=a_refusal,
        who="claire",
        trigger="agree",
        inputs={"proposal": "own"},
        told="the proposal waits for the answer of this person, who has not agreed before",
    ),
    "a draft": Attempt(
        stage="ratification",
        items=a_draft,
        who="achol",
        trigger="ratify",
        inputs={"seal": SEAL},
        told="the one who ratifies did not draft the text",
    ),
    "a vote": Attempt(
        stage="sessions",
        items=a_vote,
        who="julia",
        trigger="vote",
        inputs={"ballot": "own", "answer": "yes", "reason": "It is fair."},
        told="nobody votes on the dispute of their own party",
        committee=("stranger", "julia"),
    ),
    "a promise": Attempt(
        stage="follow_up",
        items=a_promise,
        who="marie",
        trigger="verify_obligation",
        inputs={"obligation": "own"},
        told="“Verify an obligation” is for: Representative (verifier party)",
    ),
}


def seen_by(house: House, who: str) -> str:
    """Return what a form of an act holds of the case that somebody saw."""
    actor = house.directory.actor(who)
    file = queries.case_file(house.record, queries.Viewer(actor), NUMBER, now=house.clock.now())
    return sight.tag(file.version, sight.mark(file.process, file.case, actor))


def by_page(house: House, tried: Attempt) -> str:
    with houses.serving(house) as front, front.client(tried.who) as client:
        form = form_of(client.get("/").text)
        known = {"request_key": "0123456789", "seen_version": seen_by(house, tried.who)}
        answer = client.post(f"/cases/{NUMBER}/acts/{tried.trigger}", data={**form, **known, **tried.inputs})
        assert answer.status_code in {403, 422}
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def by_api(house: House, tried: Attempt) -> str:
    with houses.serving(house) as front, front.program(tried.who) as client:
        answer = client.post(
            f"/api/cases/{NUMBER}/acts/{tried.trigger}",
            json={"inputs": dict(tried.inputs)},
            headers={"idempotency-key": "own-act-1"},
        )
        assert answer.status_code in {403, 422}
        return str(answer.json()["detail"])


def by_command_line(_house: House, tried: Attempt) -> str:
    given = [word for name, value in tried.inputs.items() for word in ("-i", f"{name}={value}")]
    result = CliRunner().invoke(cli.app, ["case", "act", NUMBER, tried.trigger, "--by", tried.who, *given])
    assert result.exit_code == 3
    return " ".join(result.output.split())


def stored(house: House) -> Case:
    with reading(house.record.engine) as connection:
        return repository.load(connection, case_id(house)).case


def case_id(house: House) -> str:
    with reading(house.record.engine) as connection:
        return str(connection.exec_driver_sql("SELECT id FROM cases").scalar_one())


@pytest.fixture
def own_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Yield a house with one dispute that was opened a moment ago, so that the command line finds nothing due."""
    house = houses.house_on(tmp_path / "house", now=SystemClock().now())
    houses.move_in(house)
    houses.open_dispute(house)
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    yield house
    house.record.engine.dispose()


@pytest.mark.parametrize("door", [by_page, by_api, by_command_line])
@pytest.mark.parametrize("what", OWN_ACTS)
def test_nobody_approves_their_own_act(own_house: House, what: str, door: Callable[[House, Attempt], str]) -> None:
    tried, now = OWN_ACTS[what], own_house.clock.now()
    changes: tuple[Change, ...] = (StageEntered(tried.stage, now, None), RoleAssigned("committee", tried.committee))
    changes += tuple(map(ItemRecorded, tried.items(now)))
    happen(own_house.record, case_id(own_house), *changes, by="claire", at=now)
    before = stored(own_house)
    assert tried.told in door(own_house, tried)
    assert stored(own_house) == before


def test_who_may_answer_does_what_the_other_one_may_not(own_house: House) -> None:
    now = own_house.clock.now()
    changes = (StageEntered("sessions", now, None), *map(ItemRecorded, a_pause(now)))
    happen(own_house.record, case_id(own_house), *changes, by="claire", at=now)
    own_house.act_at_once("marie", case_id(own_house), "agree", proposal="own")
    assert stored(own_house).stay is not None
