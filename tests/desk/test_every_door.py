"""An answer that the rules refuse is refused in the same words on the page, by a link, by API and in the shell."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cases import decision_links, personal_codes, queries
from cases.commands import OpenCase
from cases.queries import Viewer
from cases.unit_of_work import unit_of_work
from config.clock import SystemClock
from desk import cli
from states.items import Question
from states.process import Urgency
from tests.desk import house as houses
from tests.desk.asking import fields_of
from tests.desk.house import PARTIES, ROLES, Front, House

SELF = "somebody else to answer: nobody approves what they asked for themselves"
LINE = "somebody else to answer: whoever asked stands above this person in their own line"
NOT_ASKED = "the matter has reached a tier at which this person has authority"
STALE = "a look at the newest brief, version {}: it has changed since version {}"
WORDS = {"text": "Turns by week."}
OF_A_CASE = ("cases", "items", "events", "event_bodies", "timers", "notifications", "commands")


@dataclass(frozen=True, slots=True)
class Matter:
    """A question before the area managers, the brief of which is at `version`."""

    front: Front
    case_id: str
    item_id: str
    version: int

    @property
    def page(self) -> str:
        return f"/decide/{self.case_id}/{self.item_id}"

    def record(self) -> list[str]:
        """Return every row of a case; to come in by a door leaves rows of its own elsewhere."""
        return [line for line in self.front.house.dump() if any(f'INTO "{table}"' in line for table in OF_A_CASE)]


@pytest.fixture
def matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Matter]:
    """Yields the desk of a house whose clock is that of the shell, with a question that Joseph asked."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(tmp_path / "data"))
    house = houses.house_on(tmp_path / "data", now=SystemClock().now() - timedelta(minutes=1))
    houses.move_in(house)
    house.directory.change(replace(house.directory.person("peter"), manager_id="joseph"))
    case_id = _opened(house)
    house.act_at_once("joseph", case_id, "submit")
    house.act_at_once("joseph", case_id, "escalate", text="Who may water cattle first?")
    question = _question(house, case_id)
    for person in ("joseph", "marie"):
        said = {"interest": "Water at dawn.", "complete": "yes"}
        house.act_at_once(person, case_id, "annotate", question=question.id, **said)
    house.service.fire_due(case_id)
    with houses.serving(house) as front:
        yield Matter(front, case_id, question.id, _question(house, case_id).version)
    house.record.engine.dispose()


def _opened(house: House) -> str:
    first, second = PARTIES
    managers = {**first.people, "area_manager": ("joseph", "peter")}
    command = OpenCase(
        process="dispute",
        title="Grazing access at Kworijik wells",
        actor=house.directory.actor("joseph"),
        key="opened",
        urgency=Urgency.U3,
        parties=(replace(first, people=managers), second),
        roles=ROLES,
        issues=("Who waters first?",),
    )
    return house.service.open(command).case_id


def _question(house: House, case_id: str) -> Question:
    viewer = Viewer(house.directory.actor("claire"))
    [found] = queries.case_for(house.record, viewer, case_id)[1].all(Question)
    return found


def by_api(matter: Matter, who: str, inputs: dict[str, object]) -> tuple[int, str]:
    with matter.front.program(who) as client:
        told = client.post(
            f"/api/cases/{matter.case_id}/acts/decide",
            json={"inputs": inputs},
            headers={"idempotency-key": f"one {who}"},
        )
    return told.status_code, told.json()["detail"]


def by_shell(matter: Matter, who: str, inputs: dict[str, object]) -> tuple[int, str]:
    said = [word for name, value in inputs.items() for word in ("-i", f"{name}={value}")]
    result = CliRunner().invoke(cli.app, ["case", "act", matter.case_id, "decide", "--by", who, *said])
    return result.exit_code, " ".join(result.output.split())


def on_the_page(matter: Matter, client: httpx.Client, token: str) -> tuple[int, str]:
    """Send the form of an answer, which the page does not offer; return what comes of it."""
    form = {"form_token": token, "choice": "decide", "decide.text": "Turns by week."}
    told = client.post(matter.page, data=form)
    return told.status_code, _plain(told.text)


def _plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@contextmanager
def two_visits(matter: Matter, who: str) -> Iterator[list[tuple[httpx.Client, str]]]:
    """Yield a client that somebody's own link and code let in, and one with their session, each with a token."""
    house = matter.front.house
    now, viewer = house.clock.now(), Viewer(house.directory.actor(who))
    asked = queries.asked_of(house.record, viewer, matter.case_id, matter.item_id, now=now)
    made = decision_links.new_link(asked, who, now=now)
    with unit_of_work(house.record.engine) as work:
        decision_links.keep(work, made)
    code = personal_codes.make(house.record.engine, who, now=now)
    with matter.front.client() as by_link, matter.front.client(who) as by_session:
        assert by_link.post(f"/t/{made.token}", data={"code": code}).status_code == 303
        yield [(client, _token(client)) for client in (by_link, by_session)]


def _token(client: httpx.Client) -> str:
    """Make the token that a form of this visit would have, as the desk does: by the visit's own secret."""
    [secret] = client.cookies.values()
    return f"nonce.{hmac.new(secret.encode(), b'form nonce', sha256).hexdigest()}"


@pytest.mark.parametrize(
    ("who", "words"),
    [("joseph", SELF), ("peter", LINE), ("achol", NOT_ASKED), ("julia", NOT_ASKED)],
    ids=["self-approval", "a conflicting line", "a tier not asked", "a tier not asked of the other side"],
)
def test_whom_the_rules_bar_is_refused_in_the_same_words_at_every_door(matter: Matter, who: str, words: str) -> None:
    with two_visits(matter, who) as clients:
        before = matter.record()
        for client in clients:
            status, told = on_the_page(matter, *client)
            assert (status, words in told) == (409, True), told
    for door, refused in ((by_api, 422), (by_shell, 3)):
        status, told = door(matter, who, dict(WORDS))
        assert (status, words in told) == (refused, True), told
    assert matter.record() == before


def test_what_is_not_theirs_at_all_is_refused_at_every_door(matter: Matter) -> None:
    with two_visits(matter, "marie") as clients:
        before = matter.record()
        for client in clients:
            status, told = on_the_page(matter, *client)
            assert (status, "Your decision was not recorded" in told) == (409, True)
    for door, refused in ((by_api, 403), (by_shell, 3)):
        status, told = door(matter, "marie", dict(WORDS))
        assert (status, "“Decide” is for: Area manager" in told) == (refused, True), told
    assert matter.record() == before


def test_an_answer_to_an_older_brief_is_refused_at_every_door_that_says_what_it_read(matter: Matter) -> None:
    house, newest = matter.front.house, matter.version + 1
    with two_visits(matter, "simon") as clients:
        forms = [fields_of(client.get(matter.page).text) for client, _ in clients]
        house.act_at_once("marie", matter.case_id, "annotate", question=matter.item_id, interest="Water at noon.")
        before = matter.record()
        for (client, _), form in zip(clients, forms, strict=True):
            page = client.post(matter.page, data={**form, "choice": "decide", "decide.text": "Turns by week."})
            assert (page.status_code, "What is asked has changed" in page.text) == (409, True)
    for door, refused in ((by_api, 422), (by_shell, 3)):
        status, told = door(matter, "simon", {**WORDS, "version": matter.version})
        assert (status, STALE.format(newest, matter.version) in told) == (refused, True), told
    assert matter.record() == before
    assert by_shell(matter, "simon", {**WORDS, "version": newest})[0] == 0


def test_the_api_says_that_an_answer_names_the_brief_that_was_read(matter: Matter) -> None:
    with matter.front.program("simon") as client:
        acts = client.get(f"/api/cases/{matter.case_id}/acts").json()["acts"]
        items = client.get(f"/api/cases/{matter.case_id}").json()["items"]
        described = json.dumps(client.get("/api/openapi.json").json()["components"]["schemas"]["Doing"])
    [decide] = [one for one in acts if one["trigger"] == "decide"]
    assert "Version of the brief that was read" in [
        one["label"] for one in decide["inputs"] if one["name"] == "version"
    ]
    assert matter.version in [one["content"]["version"] for one in items if one["id"] == matter.item_id]
    assert "that of the question whose brief was read" in described
