"""Tests what people prove themselves with: kept as hashes or sealed, good once, and gone when their person leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Engine, select, update

from cases import (
    begun,
    factors,
    identities,
    kept_forms,
    passkeys,
    passwords,
    recovery_codes,
    sealing,
    sessions,
    sign_in,
    slow_hashes,
    tables,
)
from cases.database import open_database
from cases.passkeys import KeptKey
from cases.people import Directory, Person
from cases.sessions import Means, Start
from states import errors

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
PASSWORD = "seven herds drink before eight"
ISSUER = "https://id.example.org"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    for name in ("amal", "bakri"):
        Directory(engine).add(Person(id=name, name=name.title(), email=f"{name}@example.org"))
    yield engine
    engine.dispose()


def whole(engine: Engine) -> str:
    with engine.connect() as connection:
        return " ".join(str(connection.execute(select(table)).all()) for table in tables.metadata.sorted_tables)


def at_once(ask: Callable[[], bool]) -> list[bool]:
    told: list[bool] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        told.append(ask())

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return sorted(told)


def test_a_password_proves_its_own_person_alone(engine: Engine) -> None:
    passwords.keep(engine, "amal", PASSWORD, now=NOW)
    assert passwords.proves(engine, "amal", PASSWORD)
    assert not passwords.proves(engine, "amal", PASSWORD.upper())
    assert not passwords.proves(engine, "bakri", PASSWORD)
    assert not passwords.proves(engine, None, PASSWORD)
    assert PASSWORD not in whole(engine)


def test_the_same_letters_are_the_same_password_however_they_were_typed(engine: Engine) -> None:
    passwords.keep(engine, "amal", "caf\u00e9 at the crossing", now=NOW)
    assert passwords.proves(engine, "amal", "cafe\u0301 at the crossing")


def test_a_new_password_takes_the_place_of_the_old_one(engine: Engine) -> None:
    passwords.keep(engine, "amal", PASSWORD, now=NOW)
    passwords.keep(engine, "amal", f"{PASSWORD}!", now=NOW + timedelta(days=1))
    assert not passwords.proves(engine, "amal", PASSWORD)
    assert factors.of(engine, "amal").password == NOW + timedelta(days=1)


def test_a_hash_of_older_parameters_is_renewed_by_the_next_right_password(engine: Engine) -> None:
    passwords.keep(engine, "amal", PASSWORD, now=NOW)
    old = Argon2id(salt=b"s" * 16, length=32, iterations=1, lanes=1, memory_cost=8 * 1024)
    with engine.begin() as work:
        work.execute(update(tables.passwords).values(password_hash=old.derive_phc_encoded(PASSWORD.encode())))
    assert not passwords.proves(engine, "amal", "wrong")
    assert "t=1,p=1" in whole(engine)
    assert passwords.proves(engine, "amal", PASSWORD)
    assert "m=19456,t=2,p=1" in whole(engine)
    assert passwords.proves(engine, "amal", PASSWORD)


def test_where_no_hash_is_kept_nothing_matches() -> None:
    assert not slow_hashes.is_outdated(slow_hashes.make("x"))
    assert not slow_hashes.matches("x", None)


def test_a_value_of_one_step_is_good_once_even_for_two_at_once(engine: Engine) -> None:
    factors.propose_totp(engine, "amal", b"sealed")
    assert not factors.of(engine, "amal").second
    assert factors.accept_totp(engine, "amal", b"sealed", step=7, now=NOW)
    assert not factors.use_totp(engine, "amal", 7)
    assert at_once(lambda: factors.use_totp(engine, "amal", 8)) == [False, True]
    assert not factors.use_totp(engine, "amal", 7)


def test_a_secret_in_use_goes_on_until_a_new_one_is_shown(engine: Engine) -> None:
    factors.propose_totp(engine, "amal", b"old")
    factors.accept_totp(engine, "amal", b"old", step=1, now=NOW)
    factors.propose_totp(engine, "amal", b"new")
    assert factors.totp_secrets(engine, "amal") == (b"old", b"new")
    assert not factors.accept_totp(engine, "amal", b"another", step=2, now=NOW)
    assert factors.accept_totp(engine, "amal", b"new", step=2, now=NOW)
    assert factors.totp_secrets(engine, "amal") == (b"new", None)


def test_a_recovery_code_is_good_once_for_its_own_person(engine: Engine) -> None:
    codes = recovery_codes.make(engine, "amal")
    assert len(set(codes)) == recovery_codes.HOW_MANY
    assert not recovery_codes.use(engine, "bakri", codes[0], now=NOW)
    typed = codes[0].upper().replace("-", " ")
    assert at_once(lambda: recovery_codes.use(engine, "amal", typed, now=NOW)) == [False, True]
    assert factors.of(engine, "amal").recovery_codes == recovery_codes.HOW_MANY - 1
    assert codes[0] not in whole(engine)
    assert codes[0].replace("-", "") not in whole(engine)
    recovery_codes.make(engine, "amal")
    assert not recovery_codes.use(engine, "amal", codes[1], now=NOW)


def key(person: str) -> KeptKey:
    return KeptKey(id="key-1", person_id=person, name="Telephone", public_key="cose", sign_count=3)


def test_a_passkey_is_kept_once_and_taken_off_by_its_own_person(engine: Engine) -> None:
    passkeys.keep(engine, key("amal"), now=NOW)
    with pytest.raises(errors.Conflict, match="on file already"):
        passkeys.keep(engine, key("bakri"), now=NOW)
    with pytest.raises(errors.NotFound):
        passkeys.remove(engine, "bakri", "key-1")
    assert factors.of(engine, "amal").second
    passkeys.remove(engine, "amal", "key-1")
    assert passkeys.find(engine, "key-1") is None


def test_of_two_uses_of_a_passkey_with_one_count_the_second_is_refused(engine: Engine) -> None:
    passkeys.keep(engine, key("amal"), now=NOW)
    assert passkeys.use(engine, key("amal"), sign_count=4, now=NOW)
    assert not passkeys.use(engine, key("amal"), sign_count=4, now=NOW)


def test_an_identity_is_linked_to_one_person(engine: Engine) -> None:
    identities.link(engine, "amal", issuer=ISSUER, subject="7", now=NOW)
    with pytest.raises(errors.Conflict, match="linked already"):
        identities.link(engine, "bakri", issuer=ISSUER, subject="7", now=NOW)
    assert identities.find(engine, issuer=ISSUER, subject="7") == "amal"
    assert identities.find(engine, issuer="https://other.example", subject="7") is None
    identities.unlink(engine, "amal", issuer=ISSUER)
    assert identities.linked_at(engine, "amal", issuer=ISSUER) is None


def test_what_was_begun_is_finished_once_in_time_and_for_its_own_purpose(engine: Engine) -> None:
    token = begun.begin(engine, "second factor", person_id="amal", payload={"to": "/"}, now=NOW)
    assert begun.find(engine, token, "passkey", now=NOW) is None
    assert begun.find(engine, token, "second factor", now=NOW + begun.LIFETIME) is None
    one = begun.find(engine, token, "second factor", now=NOW)
    assert one is not None
    assert (one.person_id, one.payload) == ("amal", {"to": "/"})
    assert at_once(lambda: begun.finish(engine, one)) == [False, True]
    assert begun.find(engine, token, "second factor", now=NOW) is None
    assert token not in whole(engine)


def test_what_was_begun_has_five_tries(engine: Engine) -> None:
    token = begun.begin(engine, "second factor", now=NOW)
    one = begun.find(engine, token, "second factor", now=NOW)
    assert one is not None
    assert [begun.take_try(engine, one) for _ in range(6)] == [True] * 5 + [False]
    assert begun.find(engine, token, "second factor", now=NOW) is None


def test_a_kept_form_opens_for_its_sender_alone_and_not_from_the_database(engine: Engine) -> None:
    token = kept_forms.keep(engine, "amal", "amber lantern", now=NOW, lifetime=timedelta(hours=2))
    assert "amber" not in whole(engine)
    assert kept_forms.find(engine, token, "amal", now=NOW) == "amber lantern"
    assert kept_forms.find(engine, token, "bakri", now=NOW) is None
    assert kept_forms.find(engine, token, "amal", now=NOW + timedelta(hours=2)) is None
    assert kept_forms.forget_old(engine, before=NOW) == 0
    kept_forms.forget(engine, token)
    assert kept_forms.find(engine, token, "amal", now=NOW) is None


def test_what_is_sealed_opens_with_its_secret_and_for_its_purpose_alone() -> None:
    sealed = sealing.seal("a long secret", b"content", purpose="totp amal")
    assert sealing.unseal("a long secret", sealed, purpose="totp amal") == b"content"
    assert sealing.unseal("another secret", sealed, purpose="totp amal") is None
    assert sealing.unseal("a long secret", sealed, purpose="totp bakri") is None


def test_a_fresh_proof_gives_a_session_a_new_token(engine: Engine) -> None:
    token = sign_in.begin_session(engine, "amal", now=NOW)
    later = NOW + timedelta(minutes=5)
    new = sessions.renew(engine, token, means=Means.TOTP, now=later)
    assert new is not None
    assert sessions.find(engine, token, now=later) is None
    found = sessions.find(engine, new, now=later)
    assert found is not None
    assert (found.proved_at, found.means) == (later, Means.TOTP)
    assert sessions.renew(engine, token, means=Means.TOTP, now=later) is None


def test_sessions_are_listed_and_ended_one_or_all_but_this_one(engine: Engine) -> None:
    start = Start(device="Firefox on Linux", means=Means.PASSWORD)
    mine, second, third = (sign_in.begin_session(engine, "amal", start=start, now=NOW) for _ in range(3))
    other = sign_in.begin_session(engine, "bakri", now=NOW)
    listed = sessions.going(engine, "amal", now=NOW)
    assert [(one.device, one.means, one.proved_at) for one in listed] == [("Firefox on Linux", "password", NOW)] * 3
    found = sessions.find(engine, second, now=NOW)
    assert found is not None
    sessions.end_one(engine, "bakri", found.id, now=NOW)
    assert sessions.find(engine, second, now=NOW)
    sessions.end_one(engine, "amal", found.id, now=NOW)
    assert sessions.find(engine, second, now=NOW) is None
    assert sessions.end_others(engine, "amal", but=mine, now=NOW) == 1
    assert sessions.find(engine, third, now=NOW) is None
    assert sessions.find(engine, mine, now=NOW)
    assert sessions.end_all(engine, now=NOW) == 2
    assert sessions.find(engine, other, now=NOW) is None


def test_who_leaves_leaves_nothing_to_prove_themselves_with(engine: Engine) -> None:
    passwords.keep(engine, "amal", PASSWORD, now=NOW)
    factors.propose_totp(engine, "amal", b"sealed")
    factors.accept_totp(engine, "amal", b"sealed", step=1, now=NOW)
    passkeys.keep(engine, key("amal"), now=NOW)
    recovery_codes.make(engine, "amal")
    identities.link(engine, "amal", issuer=ISSUER, subject="7", now=NOW)
    begun.begin(engine, "second factor", person_id="amal", now=NOW)
    kept_forms.keep(engine, "amal", "text", now=NOW, lifetime=timedelta(hours=1))
    Directory(engine).leave("amal", now=NOW)
    assert factors.of(engine, "amal") == factors.Factors(password=None, totp=None, passkeys=(), recovery_codes=0)
    assert identities.find(engine, issuer=ISSUER, subject="7") is None


def test_second_factors_that_were_lost_are_forgotten_and_the_password_stays(engine: Engine) -> None:
    passwords.keep(engine, "amal", PASSWORD, now=NOW)
    passkeys.keep(engine, key("amal"), now=NOW)
    recovery_codes.make(engine, "amal")
    factors.forget_second(engine, "amal")
    left = factors.of(engine, "amal")
    assert (left.password, left.second, left.recovery_codes) == (NOW, False, 0)
