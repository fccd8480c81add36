"""Tokens of programs: kept as hashes, good for what was chosen until their day, and over at once when ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import api_tokens, tables
from cases.api_tokens import NewToken, Scope
from cases.people import Directory, Person
from cases.unit_of_work import reading
from states import errors
from tests.cases.builders import Desk

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
NEW = NewToken(name="Weekly report", scopes=frozenset({Scope.CASES_READ}), expires_at=NOW + timedelta(days=30))


@pytest.fixture
def people(desk: Desk) -> Directory:
    """Puts two people on file."""
    directory = Directory(desk.engine)
    for name in ("amal", "bilal"):
        directory.add(Person(id=name, name=name.title(), email=f"{name}@ngo.example"))
    return directory


def test_a_token_lets_in_until_its_day(desk: Desk, people: Directory) -> None:
    kept, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    assert people.person("amal").active
    held = api_tokens.holder(desk.engine, secret, now=NOW + timedelta(days=29))
    assert held is not None
    assert (held.id, held.person_id, held.scopes) == (kept.id, "amal", NEW.scopes)
    assert api_tokens.holder(desk.engine, secret, now=NOW + timedelta(days=30)) is None
    assert api_tokens.holder(desk.engine, f"{secret}x", now=NOW) is None


@pytest.mark.usefixtures("people")
def test_the_secret_itself_is_nowhere_on_file(desk: Desk) -> None:
    _, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    with reading(desk.engine) as connection:
        rows = str(connection.execute(select(tables.api_tokens)).all())
    assert secret.startswith(api_tokens.PREFIX)
    assert secret.removeprefix(api_tokens.PREFIX) not in rows


@pytest.mark.usefixtures("people")
def test_an_ended_token_is_over_at_once_and_stays_so(desk: Desk) -> None:
    kept, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    ended = api_tokens.end(desk.engine, "amal", kept.id, now=NOW + timedelta(hours=1))
    again = api_tokens.end(desk.engine, "amal", kept.id, now=NOW + timedelta(hours=2))
    assert ended.ended_at == again.ended_at == NOW + timedelta(hours=1)
    assert api_tokens.holder(desk.engine, secret, now=NOW + timedelta(hours=1)) is None


def test_who_leaves_takes_their_tokens_along(desk: Desk, people: Directory) -> None:
    _, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    people.leave("amal", now=NOW)
    assert api_tokens.holder(desk.engine, secret, now=NOW) is None


@pytest.mark.usefixtures("people")
def test_nobody_ends_the_token_of_another(desk: Desk) -> None:
    kept, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    with pytest.raises(errors.NotFound):
        api_tokens.end(desk.engine, "bilal", kept.id, now=NOW)
    assert api_tokens.holder(desk.engine, secret, now=NOW) is not None


@pytest.mark.usefixtures("people")
def test_a_token_that_cannot_be_is_refused_with_all_that_is_wrong(desk: Desk) -> None:
    nothing = NewToken(name=" ", scopes=frozenset(), expires_at=NOW)
    with pytest.raises(errors.NeedsMissing) as refused:
        api_tokens.make(desk.engine, "amal", nothing, now=NOW)
    assert len(refused.value.missing) == 3
    long = NewToken(name="x", scopes=NEW.scopes, expires_at=NOW + timedelta(days=367))
    with pytest.raises(errors.NeedsMissing, match="cannot be made"):
        api_tokens.make(desk.engine, "amal", long, now=NOW)


@pytest.mark.usefixtures("people")
def test_nobody_heaps_up_tokens(desk: Desk) -> None:
    for _ in range(api_tokens.MOST):
        api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    with pytest.raises(errors.Refused, match="end one"):
        api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    api_tokens.make(desk.engine, "bilal", NEW, now=NOW)


@pytest.mark.usefixtures("people")
def test_the_last_use_is_told_to_the_hour(desk: Desk) -> None:
    kept, secret = api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    assert kept.seen_at is None
    for minutes in (5, 50, 70):
        api_tokens.holder(desk.engine, secret, now=NOW + timedelta(minutes=minutes))
    assert api_tokens.of(desk.engine, "amal")[0].seen_at == NOW + timedelta(minutes=70)


@pytest.mark.usefixtures("people")
def test_old_tokens_are_forgotten(desk: Desk) -> None:
    api_tokens.make(desk.engine, "amal", NEW, now=NOW)
    assert api_tokens.forget_old(desk.engine, before=NOW + timedelta(days=30)) == 0
    assert api_tokens.forget_old(desk.engine, before=NOW + timedelta(days=31)) == 1
    assert api_tokens.of(desk.engine, "amal") == ()
