"""Tests who is on file: addresses, doubles, offices and people who left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from cases import api_tokens, feeds, people, sign_in, webhooks
from cases.api_tokens import NewToken, Scope
from cases.database import open_database
from cases.people import Directory, Organisation, Person
from states import errors
from states.roles import Actor

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RELIEF = Organisation(id="relief", name="Relief Now", timezone="Africa/Juba", calendar="ngo")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def directory(engine: Engine) -> Directory:
    return Directory(engine)


def amal(**changes: object) -> Person:
    facts: dict[str, object] = {"id": "amal", "name": "Amal Deng", "email": "amal@example.org"}
    return Person(**{**facts, **changes})  # type: ignore[arg-type] # any fields of a person


def test_a_person_comes_back_as_put_on_file(directory: Directory) -> None:
    directory.add_organisation(RELIEF)
    offices = ("registry", "administrator")
    kept = directory.add(amal(organisation_id="relief", offices=offices, language="ar", telephone="+211 1"))
    assert directory.person("amal") == kept
    assert directory.actor("amal") == Actor("amal", frozenset(offices))
    assert directory.organisations() == (RELIEF,)


def test_an_address_is_kept_in_lower_case_and_found_in_any(directory: Directory) -> None:
    directory.add(amal(email=" Amal@Example.ORG "))
    found = directory.by_email("AMAL@example.org")
    assert found is not None
    assert found.email == "amal@example.org"
    assert directory.by_email("nobody@example.org") is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "amal",
        "@example.org",
        "amal@",
        "Amal <amal@example.org>",
        "amal@example.org, bilal@example.org",
        "amal@example.org\nBcc: bilal@example.org",
        "a@b@example.org",
        "amal@example..org",
        "amal@-example.org",
        "amal@exa_mple.org",
        "amal@example.org\u202e",
        f"{'a' * 250}@example.org",
    ],
)
def test_what_is_not_one_bare_address_is_refused(address: str) -> None:
    with pytest.raises(errors.Refused, match=r"e-mail address|domain"):
        people.one_address(address)


@pytest.mark.parametrize("address", ["amal@example.org", "a.b+c@sub.example.org", "منى@example.org"])
def test_bare_addresses_are_kept(address: str) -> None:
    assert people.one_address(address) == address


def test_an_address_belongs_to_one_person(directory: Directory) -> None:
    directory.add(amal())
    with pytest.raises(errors.Conflict, match=r"already has the address amal@example\.org"):
        directory.add(amal(id="other", email="AMAL@example.org"))
    directory.add(amal(id="other", email="other@example.org"))
    with pytest.raises(errors.Conflict, match="already has the address"):
        directory.change(amal(id="other"))
    with pytest.raises(errors.Conflict, match="or the id “amal”"):
        directory.add(amal(email="third@example.org"))


def test_an_organisation_has_a_name_of_its_own(directory: Directory) -> None:
    directory.add_organisation(RELIEF)
    with pytest.raises(errors.Conflict, match="already an organisation “Relief Now”"):
        directory.add_organisation(Organisation(id="x", name="Relief Now", timezone="UTC"))
    directory.change_organisation(Organisation(id="relief", name="Relief Later", timezone="UTC"))
    assert directory.organisations()[0].name == "Relief Later"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"timezone": "Juba"}, "no time zone"),
        ({"name": "  "}, "a name is missing"),
        ({"name": "Amal\nDeng"}, "line break"),
        ({"id": "clock"}, "“clock” cannot be"),
        ({"offices": ("system",)}, "“system” cannot be"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(
    directory: Directory, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(errors.Refused, match=sentence):
        directory.add(amal(**changes))
    assert directory.everyone() == ()


def test_a_person_of_an_unknown_organisation_is_refused(directory: Directory) -> None:
    with pytest.raises(errors.NotFound, match="no such organisation"):
        directory.add(amal(organisation_id="nowhere"))


def test_unknown_people_are_not_found(directory: Directory) -> None:
    with pytest.raises(errors.NotFound):
        directory.person("nobody")
    with pytest.raises(errors.NotFound):
        directory.change(amal())
    assert directory.people(["nobody"]) == {}


def test_an_office_lists_only_those_who_are_still_there(directory: Directory) -> None:
    directory.add(amal(offices=("registry",)))
    directory.add(amal(id="bilal", name="Bilal", email="bilal@example.org", offices=("registry",)))
    directory.leave("bilal", now=NOW)
    assert [person.id for person in directory.office("registry")] == ["amal"]
    assert [person.id for person in directory.everyone()] == ["amal", "bilal"]


def test_somebody_who_left_is_signed_out_and_can_do_nothing(engine: Engine, directory: Directory) -> None:
    directory.add(amal())
    session = sign_in.use_link(engine, sign_in.make_link(engine, "amal", now=NOW), now=NOW)
    unused = sign_in.make_link(engine, "amal", now=NOW)
    directory.leave("amal", now=NOW)
    assert sign_in.session_person(engine, session, now=NOW) is None
    with pytest.raises(errors.NotFound):
        sign_in.use_link(engine, unused, now=NOW)
    with pytest.raises(errors.NotFound):
        directory.actor("amal")
    with pytest.raises(errors.NotFound):
        sign_in.make_link(engine, "amal", now=NOW)


def test_nothing_that_let_somebody_in_before_they_left_does_so_once_they_are_back(
    engine: Engine, directory: Directory
) -> None:
    directory.add(amal())
    wanted = NewToken(name="Reports", scopes=frozenset({Scope.ME}), expires_at=NOW + timedelta(days=30))
    _, secret = api_tokens.make(engine, "amal", wanted, now=NOW)
    told = webhooks.make(engine, "amal", url="https://example.org/", kinds=frozenset(webhooks.Kind), now=NOW)
    calendar = feeds.renew(engine, "amal", now=NOW)
    unused = sign_in.make_link(engine, "amal", now=NOW)
    directory.leave("amal", now=NOW)
    directory.change(amal())
    assert api_tokens.holder(engine, secret, now=NOW) is None
    assert feeds.reader(engine, calendar) is None
    assert not webhooks.get(engine, told.id).is_told
    with pytest.raises(errors.NotFound):
        sign_in.take_link(engine, unused, now=NOW)


def test_a_link_that_went_to_another_address_opens_nothing(engine: Engine, directory: Directory) -> None:
    directory.add(amal())
    elsewhere = sign_in.make_link(engine, "amal", now=NOW)
    directory.change(amal(language="fr"))
    here = sign_in.make_link(engine, "amal", now=NOW)
    assert sign_in.take_link(engine, here, now=NOW) == "amal"
    directory.change(amal(email="new@example.org"))
    with pytest.raises(errors.NotFound):
        sign_in.take_link(engine, elsewhere, now=NOW)
