"""Who holds which post in the demonstration, who is away, and who stands in: so that its ladder calls deputies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cases.deputies import Deputies
from cases.people import Audience, Directory, Person
from cases.posts import Posts
from desk.live import put_on_file
from states.directory import Away, Delegation, Post
from states.whom_to_ask import ANY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from cases.record import Record
    from config.scenarios import Scenario
    from config.scripts import PartyEntry
    from states.process import Process, Tier

MISSION, NGO = "mission", "ngo"
_MISSIONS = {
    "first_air",
    "s1_force",
    "s2_escorts",
    "s3_battalion",
    "s4_mission",
    "s5_relief",
    "s7_airfield",
    "s8_engineers",
}
_BEFORE, _AFTER = timedelta(days=20), timedelta(days=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Somebody of a scenario who is away, and the deputy: named for a tier, else the next in the same post."""

    person: str
    deputy: Person
    tier: str = ""


def _deputy(short: str, name: str, *, organisation: str, language: str, timezone: str) -> Person:
    address = f"{name.lower().replace(' ', '.')}@deputies.example"
    return Person(
        id=f"demo_{short}",
        name=name,
        email=address,
        language=language,
        timezone=timezone,
        organisation_id=organisation,
        telephone="+211 000 0002",
    )


ABSENT = (
    Absent(
        person="s2_anne",
        deputy=_deputy("rachid", "Rachid Benali", organisation="s2_desk", language="fr", timezone="Africa/Khartoum"),
        tier="T2",
    ),
    Absent(
        person="s1_rosa",
        deputy=_deputy(
            "teresa", "Teresa Quiroga", organisation="s1_force", language="es", timezone="Africa/Lubumbashi"
        ),
    ),
    Absent(
        person="s1_greta",
        deputy=_deputy(
            "nadine", "Nadine Ilunga", organisation="s1_medics", language="fr", timezone="Africa/Lubumbashi"
        ),
        tier="T3",
    ),
)


AT_PORTAL = frozenset({"s4_tariq", "s4_nyandeng"})
"""The representatives who have no account at the desk: they come in by the portal."""


KEEPERS = (
    Person(
        id="demo_alex",
        name="Alex Duku",
        email="alex.duku@desk.example",
        timezone="Africa/Juba",
        offices=("administrator",),
    ),
    Person(
        id="demo_grace",
        name="Grace Poni",
        email="grace.poni@desk.example",
        timezone="Africa/Juba",
        offices=("head_of_office",),
    ),
)
"""Who keeps the desk and reads no case, and who agrees when a room must be opened in an emergency."""


def put_keepers_on_file(record: Record) -> None:
    """Put those on file who keep the desk, once."""
    directory = Directory(record.engine)
    known = directory.people([one.id for one in KEEPERS])
    for one in KEEPERS:
        if one.id not in known:
            directory.add(one)


def put_at_registry(record: Record, person_id: str) -> None:
    """Give somebody the office of those who open cases."""
    directory = Directory(record.engine)
    person = directory.person(person_id)
    if not person.offices:
        directory.change(replace(person, offices=("registry",)))


def put_staff_on_file(record: Record, scenario: Scenario, *, now: datetime) -> None:
    """Put the people of a scenario on file with their posts, and who of them is away around now."""
    directory, process = Directory(record.engine), record.registry.current(scenario.process)
    put_on_file(directory, scenario)
    for body in directory.organisations():
        if body.id in scenario.organisations and not body.kind:
            directory.change_organisation(replace(body, kind=_kind(body.id)))
    for person in directory.people(AT_PORTAL & scenario.people.keys()).values():
        directory.change(replace(person, audience=Audience.PORTAL))
    away = [one for one in ABSENT if one.person in scenario.people]
    for one in away:
        directory.add(one.deputy)
        _send_away(Deputies(record.engine), one, today=now.date())
    posts = Posts(record.engine)
    for party in scenario.parties:
        for post in _posts_of(party, process, since=scenario.start.date()):
            posts.put(_with_deputies(post, away))


def _send_away(deputies: Deputies, one: Absent, *, today: date) -> None:
    days, named = Away(today - _BEFORE, today + _AFTER), None
    if one.tier:
        scope = frozenset({one.tier})
        named = Delegation(person=one.person, deputy=one.deputy.id, since=days.since, until=days.until, scope=scope)
    deputies.go_away(one.person, days, deputy=named)


def _posts_of(party: PartyEntry, process: Process, *, since: date) -> Iterator[Post]:
    """Name the posts by which the tiers of a process find who answers for a party, held by whom the script names."""
    for tier in process.tiers.values():
        holders = tuple(one for role in tier.roles for one in party.people.get(role, ()))
        names = _names(tier, party.organisation)
        if party.organisation and holders and names:
            yield Post(organisation=party.organisation, name=names[0], people=holders, since=since)


def _names(tier: Tier, organisation: str) -> tuple[str, ...]:
    return tier.posts.get(_kind(organisation), tier.posts.get(ANY_KIND, ()))


def _kind(organisation: str) -> str:
    return MISSION if organisation in _MISSIONS else NGO


def _with_deputies(post: Post, away: list[Absent]) -> Post:
    """Let deputies whom nobody named stand next in the post of whoever is away."""
    next_ones = tuple(one.deputy.id for one in away if one.person in post.people and not one.tier)
    return replace(post, people=(*post.people, *next_ones))
