"""`parley doctor mail`: what is found of the mail server and the sender's domain, what is missing, what to do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk.command_line import run
from tests.notifications.scripted_dns import ScriptedNames
from tests.notifications.scripted_smtp import Certificates, Script, ScriptedServer, make_certificates
from tests.notifications.test_sender_domain import GOOD

EVERYTHING = ("SIZE 35882577", "8BITMIME", "SMTPUTF8", "AUTH PLAIN")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certificates: Certificates) -> None:
    given = {
        "DATA_FOLDER": str(tmp_path),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_USER": "desk",
        "SMTP_PASSWORD": "secret",
        "SMTP_CA_FILE": str(certificates.ca_file),
        "MAIL_FROM_ADDRESS": "desk@ngo.example",
        "MAIL_DKIM_SELECTOR": "one",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)


@contextlib.contextmanager
def relay(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets a relay run beside the command."""
    loop = asyncio.new_event_loop()
    worker = threading.Thread(target=loop.run_forever)
    worker.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    monkeypatch.setenv("PARLEY_SMTP_PORT", str(server.port))
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        worker.join()
        loop.close()


def signs(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, *more: str) -> tuple[int, dict[str, Any]]:
    with relay(server, monkeypatch), ScriptedNames(GOOD).running() as names:
        result = run("doctor", "mail", "--dns", f"{names.host}:{names.port}", "--json", *more)
    return result.exit_code, {sign["what"]: sign for sign in json.loads(result.stdout)["signs"]}


def test_a_relay_that_has_everything_is_well_but_for_its_certificate(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ScriptedServer(tls=certificates.server, extensions=EVERYTHING)

    code, found = signs(server, monkeypatch)

    assert code == 0
    assert [what for what, sign in found.items() if sign["health"] != "well"] == ["TLS"]
    assert "TLSv1.3, certificate of 127.0.0.1, good until" in found["TLS"]["told"]
    assert found["sign-in"]["told"] == "accepted for desk, by password; offered: PLAIN"
    assert not [line for line in server.commands if line.startswith("MAIL")]


def test_what_the_relay_lacks_is_told(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    code, found = signs(ScriptedServer(tls=certificates.server, extensions=("SIZE 9000", "AUTH PLAIN")), monkeypatch)

    assert code == 1
    health = {what: found[what]["health"] for what in ("SIZE", "SMTPUTF8", "8BITMIME")}
    assert health == {"SIZE": "ill", "SMTPUTF8": "worth a look", "8BITMIME": "worth a look"}


@pytest.mark.parametrize(
    ("script", "told", "do"),
    [
        ({"AUTH": "535 5.7.8 wrong password"}, "535 5.7.8 wrong password", "PARLEY_SMTP_USER"),
        ({"STARTTLS": "502 5.5.1 never"}, "502 5.5.1 never", "PARLEY_SMTP_USER"),
        ({"BANNER": "421 4.3.2 busy"}, "421 4.3.2 busy", "PARLEY_SMTP_HOST"),
    ],
    ids=["sign-in", "STARTTLS", "busy"],
)
def test_a_relay_that_does_not_work_for_us_is_ill_with_its_own_words(
    script: Script, told: str, do: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ScriptedServer(script, tls=certificates.server, extensions=EVERYTHING)

    code, found = signs(server, monkeypatch)

    assert code == 1
    assert told in found["mail server"]["told"]
    assert do in found["mail server"]["do"]


def test_a_real_mail_is_sent_when_asked_for(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ScriptedServer(tls=certificates.server, extensions=EVERYTHING)

    code, found = signs(server, monkeypatch, "--send-to", "anna@ngo.example")

    assert code == 0
    assert found["test mail"]["told"] == "to anna@ngo.example: accepted, 250 2.0.0 kept"
    (content,) = server.kept
    assert b"It asks nothing of you." in content


def test_a_refused_test_mail_is_ill(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ScriptedServer({}, {"RCPT": "550 5.1.1 no such user"}, tls=certificates.server, extensions=EVERYTHING)

    code, found = signs(server, monkeypatch, "--send-to", "anna@ngo.example")

    assert code == 1
    assert "refused, 550 5.1.1 no such user" in found["test mail"]["told"]


def test_without_a_mail_server_or_a_name_server_both_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SMTP_HOST", "")
    with ScriptedNames(code=2).running() as names:
        result = run("doctor", "mail", "--dns", f"{names.host}:{names.port}")

    assert result.exit_code == 1
    assert "PARLEY_SMTP_HOST" in result.stdout
    assert "gave no answer about ngo.example" in result.stdout
