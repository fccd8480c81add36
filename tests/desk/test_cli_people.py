"""The people and organisations on file, changed from the command line."""

from __future__ import annotations

import re

import pytest

from cases import factors, identities, personal_codes, sessions, sign_in
from config.clock import SystemClock
from states import errors
from tests.desk.command_line import data, run
from tests.desk.house import House
from tests.desk.signing import telephone_of

SESSIONS = "D-2026-0001"


pytestmark = pytest.mark.usefixtures("own_house")


def test_what_is_not_given_about_a_person_stays(own_house: House) -> None:
    before = own_house.directory.person("marie")
    changed = data("person", "change", before.email, "--email", "Marie.New@Agency.example", "--language", "fr")
    assert (changed["email"], changed["language"], changed["name"]) == ("marie.new@agency.example", "fr", before.name)
    after = own_house.directory.person("marie")
    assert (after.organisation_id, after.offices) == (before.organisation_id, before.offices)


def test_an_empty_text_takes_the_organisation_and_the_offices_away(own_house: House) -> None:
    run("person", "change", "marie", "--office", "registry")
    assert own_house.directory.person("marie").offices == ("registry",)
    run("person", "change", "marie", "--office", "", "--organisation", "")
    after = own_house.directory.person("marie")
    assert (after.organisation_id, after.offices) == (None, ())


def test_a_personal_code_is_shown_once_and_takes_the_place_of_the_one_before(own_house: House) -> None:
    first, second = data("person", "code", "marie"), run("person", "code", "marie").output
    engine = own_house.record.engine
    assert (first["person"], first["name"]) == ("marie", "Marie Keji")
    assert not personal_codes.proves(engine, "marie", first["code"])
    assert personal_codes.proves(engine, "marie", re.findall(r"^\d{4}(?: \d{4}){3}$", second, re.MULTILINE)[0])


def test_an_address_of_somebody_else_is_refused(own_house: House) -> None:
    other = own_house.directory.person("claire").email
    refused = run("person", "change", "marie", "--email", other)
    assert (refused.exit_code != 0, own_house.directory.person("marie").email != other) == (True, True)


def test_who_leaves_has_no_way_in_and_their_parts_are_named(own_house: House) -> None:
    left = data("person", "leave", "marie")
    assert SESSIONS in left["still_named_in"]
    with pytest.raises(errors.NotFound):
        own_house.directory.actor("marie")
    assert run("case", "show", SESSIONS, "--as", "marie").exit_code != 0
    assert "(left)" in run("person", "list").output


def test_who_left_cannot_leave_again() -> None:
    run("person", "leave", "marie")
    assert run("person", "leave", "marie").exit_code != 0


def test_what_is_not_given_about_an_organisation_stays() -> None:
    (first, *_) = data("organisation", "list")
    changed = data("organisation", "change", first["name"], "--name", "Another Name", "--calendar", "")
    assert (changed["name"], changed["timezone"], changed["calendar"]) == ("Another Name", first["timezone"], None)
    assert "there is no working calendar" in run("organisation", "change", "Another Name", "--calendar", "moon").output


def test_sessions_are_ended_for_one_person_or_for_everybody(own_house: House) -> None:
    # The command goes by the clock of the machine.
    engine, now = own_house.record.engine, SystemClock().now()
    marie, joseph = (sign_in.begin_session(engine, who, now=now) for who in ("marie", "joseph"))
    assert data("person", "end-sessions", "marie")["ended"] == 1
    assert sessions.find(engine, marie, now=now) is None
    assert sessions.find(engine, joseph, now=now)
    assert run("person", "end-sessions").exit_code == 2
    assert run("person", "end-sessions", "marie", "--everybody").exit_code == 2
    run("person", "end-sessions", "--everybody")
    assert sessions.find(engine, joseph, now=now) is None


def test_factors_that_were_lost_are_forgotten(own_house: House) -> None:
    telephone_of(own_house, "marie")
    data("person", "forget-factors", "marie")
    assert not factors.of(own_house.record.engine, "marie").second


def test_an_account_is_linked_by_the_providers_own_name(own_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("person", "link-account", "marie", "subject-7").exit_code == 3
    monkeypatch.setenv("PARLEY_OIDC_ISSUER", "https://id.example.org")
    data("person", "link-account", "marie", "subject-7")
    found = identities.find(own_house.record.engine, issuer="https://id.example.org", subject="subject-7")
    assert found == "marie"
    assert run("person", "link-account", "joseph", "subject-7").exit_code == 5
