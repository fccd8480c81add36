"""A desk over a real record with a real dispute in it, served to real clients."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import uvicorn

from cases import queries, sign_in
from cases.commands import ActOnCase, OpenCase
from cases.people import Audience, Directory, Organisation, Person
from cases.record import Record, open_record
from cases.service import CaseService
from config.clock import SimulatedClock
from config.settings import Settings
from desk.app import create_app
from notifications.office import file_store
from states.case import Party, Side
from states.items import Item
from states.process import Urgency
from tests.at_once import at_once

# A Monday morning in Juba.
START = datetime(2026, 11, 2, 7, tzinfo=UTC)
SECRET_OF_A = "amber lantern"
SECRET_OF_B = "copper kettle"
TEAM_SECRET = "silver compass"
OFFER = "The herds drink before eight and after five; the fields have the day."

_ORGANISATIONS = (
    Organisation(id="herders", name="Herders association", timezone="Africa/Juba", calendar="mission"),
    Organisation(id="council", name="Farmers council", timezone="Africa/Juba", calendar="mission"),
    Organisation(id="office", name="Mediation office", timezone="Africa/Juba", calendar="mission"),
)
_PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("joseph", "Joseph Lado", "en", "herders", ()),
    ("peter", "Peter Wani", "en", "herders", ()),
    ("achol", "Achol Deng", "en", "herders", ()),
    ("marie", "Marie Keji", "en", "council", ()),
    ("simon", "Simon Taban", "en", "council", ()),
    ("julia", "Julia Okafor", "en", "council", ()),
    ("amina", "Amina Diallo", "en", "office", ()),
    ("claire", "Claire Moreau", "en", "office", ("registry",)),
    ("nadia", "Nadia Haddad", "en", "office", ()),
    ("li", "Li Wei", "en", "office", ("administrator",)),
    ("stranger", "Sam Stranger", "en", "office", ()),
)
PARTIES = (
    Party(
        id="A",
        name="Herders association",
        side=Side.INITIATING,
        organisation="herders",
        calendar="mission",
        people={"representative": ("joseph",), "area_manager": ("peter",), "senior_representative": ("achol",)},
    ),
    Party(
        id="B",
        name="Farmers council",
        side=Side.RESPONDING,
        organisation="council",
        calendar="mission",
        people={"representative": ("marie",), "area_manager": ("simon",), "senior_representative": ("julia",)},
    ),
)
_ON_LOOPBACK: dict[str, Any] = {"verify": False, "timeout": 60}
"""The desk of a test speaks plain HTTP, and no authority need be read for it; how busy the machine is says nothing."""
ROLES = {"convener": ("claire",), "mediator": ("nadia",), "committee": ("stranger",)}


@dataclass(frozen=True, slots=True)
class House:
    """A record, its people, its clock, and the settings of its desk."""

    record: Record
    service: CaseService
    directory: Directory
    clock: SimulatedClock
    settings: Settings

    def act(self, who: str, case_id: str, trigger: str, **inputs: object) -> int:
        """Do an act an hour later; return the version of the case."""
        self.clock.advance(minutes=20)
        return self.act_at_once(who, case_id, trigger, **inputs)

    def act_at_once(self, who: str, case_id: str, trigger: str, **inputs: object) -> int:
        """Do an act now; return the version of the case."""
        command = ActOnCase(
            case_id=case_id,
            trigger=trigger,
            actor=self.directory.actor(who),
            key=f"{trigger}-{who}-{uuid4()}",
            inputs=inputs,
        )
        return self.service.act(command).version

    def speak(self, who: str, language: str) -> None:
        """Let somebody read another language than English, which everybody in the house reads at first."""
        self.directory.change(replace(self.directory.person(who), language=language))

    def link(self, who: str) -> str:
        """Make a one-time link to sign in."""
        return sign_in.make_link(self.record.engine, who, now=self.clock.now())

    def session(self, who: str) -> str:
        """Sign in without a browser, by the person's own door; return the session's token."""
        if self._is_at_portal(who):
            return sign_in.begin_session(self.record.engine, who, now=self.clock.now())
        return sign_in.use_link(self.record.engine, self.link(who), now=self.clock.now())

    def cookie(self, who: str) -> str:
        """Name the cookie of the door by which somebody comes in."""
        return "parley-portal" if self._is_at_portal(who) else "parley"

    def home(self, who: str) -> str:
        """Return the first page behind that door."""
        return "/p/" if self._is_at_portal(who) else "/"

    def _is_at_portal(self, who: str) -> bool:
        return self.directory.person(who).audience is Audience.PORTAL

    def dump(self, *, without: frozenset[str] = frozenset()) -> list[str]:
        """Return every row of the database as text."""
        raw = self.record.engine.raw_connection()
        try:
            lines: list[str] = list(raw.driver_connection.iterdump())  # type: ignore[union-attr]  # it is SQLite's own
        finally:
            raw.close()
        return [line for line in lines if not any(f'INTO "{table}"' in line for table in without)]


def house_on(folder: Path, *, now: datetime = START, public_url: str = "", database_url: str = "") -> House:
    """Open a house in a folder; its record may exist already."""
    chosen = Settings(
        data_folder=folder,
        telephone="+211 000 000",
        timezone="Africa/Juba",
        public_url=public_url,
        database_url=database_url,
        second_factor_required=False,
    )
    clock = SimulatedClock(now)
    record = open_record(chosen.database, now=now, files=file_store(chosen))
    return House(record, record.service(clock), Directory(record.engine), clock, at_once(chosen))


def move_in(house: House) -> None:
    """Put everybody on file."""
    for organisation in _ORGANISATIONS:
        house.directory.add_organisation(organisation)
    for person_id, name, language, employer, offices in _PEOPLE:
        house.directory.add(
            Person(
                id=person_id,
                name=name,
                email=f"{person_id}@{employer}.example",
                language=language,
                timezone="Africa/Juba",
                organisation_id=employer,
                offices=offices,
            )
        )


def open_dispute(house: House, *, title: str = "Grazing access at Kworijik wells", key: str = "opened") -> str:
    """Open a dispute between the two parties; return its id."""
    command = OpenCase(
        process="dispute",
        title=title,
        actor=house.directory.actor("joseph"),
        key=key,
        urgency=Urgency.U3,
        parties=PARTIES,
        roles=ROLES,
        issues=("Who may water cattle at the wells from December to March?", "Who repairs the pump?"),
    )
    return house.service.open(command).case_id


def bring_to_screening(house: House, case_id: str) -> None:
    """Submit the notice and let the clock acknowledge it."""
    house.act("joseph", case_id, "submit")
    house.act("joseph", case_id, "add_note", text=f"Our herds move in May: {SECRET_OF_A}.", zone="caucus:A")
    house.act("marie", case_id, "add_note", text=f"We could give two days a week: {SECRET_OF_B}.", zone="caucus:B")
    house.act("claire", case_id, "add_note", text=f"Both sides trust the vet: {TEAM_SECRET}.", zone="team")


def bring_to_sessions(house: House, case_id: str) -> None:
    """Take a screened case through the root causes and consent to the mediation, up to an open offer."""
    house.act(
        "claire", case_id, "record_screening",
        forum_is_right="yes", contact="Called the council on Monday", checked_safety="yes", checked_duplicates="yes",
    )  # fmt: skip
    house.act("claire", case_id, "admit")
    house.act("marie", case_id, "answer_notice", text="The wells were dug by the council and serve the fields first.")
    issues = [item.id for item in _items(house, case_id) if item.kind == "issue"]
    for issue in issues:
        house.act(
            "claire", case_id, "record_cause", issue=issue, statement="No calendar says whose turn it is",
            family="structure", setting="process gap",
            whys=["Turns were agreed by word of mouth", "The clerk who knew them left"],
            source="Talks with both sides",
        )  # fmt: skip
    house.act("claire", case_id, "record_method", no_harm="yes", proposed="mediation")
    house.act("claire", case_id, "causes_recorded")
    for item in [item for item in _items(house, case_id) if item.kind == "cause"]:
        house.act("joseph", case_id, "answer_cause", cause=item.id, agrees="yes")
        house.act("marie", case_id, "answer_cause", cause=item.id, agrees="yes")
    house.act("joseph", case_id, "give_consent", text="We will come.")
    house.act("marie", case_id, "give_consent", text="We will come too.")
    agree_the_process(house, case_id)
    house.act("claire", case_id, "open_negotiation")
    house.act("claire", case_id, "ask_for_mediator")
    wanted = next(item.id for item in _items(house, case_id) if item.kind == "proposal")
    house.act_at_once("joseph", case_id, "agree", proposal=wanted)
    house.act_at_once("marie", case_id, "agree", proposal=wanted)
    house.act("claire", case_id, "name_neutral", person="nadia")
    house.act_at_once("nadia", case_id, "disclose", disclosure="None")
    house.act("joseph", case_id, "accept_neutral")
    house.act_at_once("marie", case_id, "accept_neutral")
    house.act("nadia", case_id, "open_session", form="joint", agenda="Turns at the wells")
    heard = "Both sides spoke of the dry months."
    house.act("nadia", case_id, "close_session", minutes=heard, attendance=["joseph", "marie"])
    session = next(item.id for item in _items(house, case_id) if item.kind == "session")
    house.act_at_once("joseph", case_id, "agree_minutes", session=session)
    house.act_at_once("marie", case_id, "agree_minutes", session=session)
    house.act("joseph", case_id, "make_offer", text=OFFER, issues=issues)


def agree_the_process(house: House, case_id: str) -> None:
    """Map who decides, record who may bind whom, and let both parties accept the ground rules."""
    for party in PARTIES:
        decider = {"name": f"Head of {party.name}", "part": "decides", "side": party.id, "engaged": "yes"}
        house.act_at_once("claire", case_id, "map_stakeholder", zone="team", **decider)
        for part, may in (("representative", "sign"), ("senior_representative", "ratify")):
            house.act_at_once(
                "claire", case_id, "record_mandate", party=party.id, people=list(party.people[part]), may=may
            )
    rules = {"ground_rules": "One speaks at a time.", "confidentiality": "What is said stays here."}
    house.act_at_once("claire", case_id, "propose_process_agreement", **rules)
    accepted = next(item.id for item in _items(house, case_id) if item.kind == "process_agreement")
    for person in ("joseph", "marie"):
        house.act_at_once(person, case_id, "accept_process_agreement", process_agreement=accepted)


def _items(house: House, case_id: str) -> tuple[Item, ...]:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("nadia")), case_id)[1].items


def furnish(folder: Path, *, database_url: str = "") -> datetime:
    """Put a house in a folder with three cases in it: in the sessions, in screening, and a draft; return its time."""
    house = house_on(folder, database_url=database_url)
    move_in(house)
    first = open_dispute(house)
    bring_to_screening(house, first)
    bring_to_sessions(house, first)
    second = open_dispute(house, title="Market stall allocation, Nimule", key="second")
    bring_to_screening(house, second)
    open_dispute(house, title="Borehole repair after the floods", key="third")
    house.record.engine.dispose()
    return house.clock.now()


def copy_of(template: Path, folder: Path, *, now: datetime, public_url: str = "") -> House:
    """Open a house of one's own, as it was furnished once for all tests."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return house_on(folder, now=now, public_url=public_url)


@dataclass(frozen=True, slots=True)
class Front:
    """The desk of a house, served on a port of this machine."""

    house: House
    address: str

    def client(self, who: str | None = None) -> httpx.Client:
        """Return a browser-like client, signed in as somebody or not at all."""
        cookies = httpx.Cookies()
        if who:
            # With the domain that the desk's own cookies have, or a new one would stand beside it.
            host = urlsplit(self.address).hostname or ""
            cookies.set(self.house.cookie(who), self.house.session(who), domain=host)
        headers = {"sec-fetch-site": "same-origin"}
        return httpx.Client(base_url=self.address, cookies=cookies, headers=headers, **_ON_LOOPBACK)

    def program(self, who: str) -> httpx.Client:
        """Return a client that shows its session as a bearer token, as programs do, and gives each request a key."""
        return self.holder_of(self.house.session(who))

    def holder_of(self, token: str) -> httpx.Client:
        """Return a program that shows a token, and gives each request that it posts a key of its own."""
        headers = {"authorization": f"Bearer {token}"}
        hooks = {"request": [_with_key]}
        return httpx.Client(base_url=self.address, headers=headers, event_hooks=hooks, **_ON_LOOPBACK)


def _with_key(request: httpx.Request) -> None:
    if request.method == "POST":
        request.headers.setdefault("idempotency-key", str(uuid4()))


@contextmanager
def serving(house: House, *, named: bool = False) -> Iterator[Front]:
    """Serve the desk of a house as long as the block runs; `named`, at the name of this machine instead of a number."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://{'localhost' if named else '127.0.0.1'}:{door.getsockname()[1]}"
        if named:
            house = replace(house, settings=Settings(**{**house.settings.model_dump(), "public_url": address}))
        app = create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)
        config = uvicorn.Config(app, log_config=None, ws="none", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Front(house, address)
        finally:
            server.should_exit = True
            thread.join()


class _HiddenFields(HTMLParser):
    """Collects the hidden fields of the last form that has a request key, or else of the last form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.fields = {}
        elif tag == "input" and has.get("type") == "hidden":
            self.fields[str(has["name"])] = has["value"] or ""
        elif tag == "textarea":
            self._area = str(has["name"])
            self.fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops the line break that follows the opening tag.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def form_of(page: str) -> dict[str, str]:
    """Read the hidden fields of the last form on a page, as a browser would send them."""
    reader = _HiddenFields()
    reader.feed(page)
    return reader.fields


def form_to(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the form on a page that goes to an address."""
    before, found, after = page.partition(f'action="{action}"')
    assert found, f"the page has no form that goes to {action}"
    return form_of(f"{before[before.rindex('<form') :]}{found}{after.partition('</form>')[0]}</form>")
