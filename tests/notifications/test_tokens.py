"""Signing in with an access token, fetched anew for each connection, in place of a password."""

import asyncio
import base64
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings
from notifications import from_settings, tokens
from notifications.relay import Relay, Security
from notifications.smtp import SmtpTransport
from notifications.tokens import NoToken, TokenSource
from notifications.transport import Outcome, Receipt
from states import errors
from tests.notifications.lines import PATIENT, an_envelope
from tests.notifications.scripted_smtp import Certificates, ScriptedServer, make_certificates

OFFERS = ("AUTH PLAIN XOAUTH2",)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def sent(server: ScriptedServer, certificates: Certificates, token: TokenSource, *, mails: int = 1) -> list[Receipt]:
    """Sends mails, each over a connection of its own."""

    async def scene() -> list[Receipt]:
        async with server:
            relay = Relay(
                host="127.0.0.1",
                port=server.port,
                security=Security.STARTTLS,
                username="desk@ngo.example",
                token=token,
                ca_file=certificates.ca_file,
                timeout=PATIENT,
                greeting="desk.test",
            )
            receipts = []
            for number in range(mails):
                smtp = SmtpTransport(relay)
                receipts.append(await smtp.send(an_envelope(number)))
                await smtp.close()
            return receipts

    return asyncio.run(scene())


def shown(server: ScriptedServer) -> list[bytes]:
    return [base64.b64decode(line.split()[2]) for line in server.commands if line.startswith("AUTH XOAUTH2")]


def test_a_token_is_read_anew_for_each_connection_and_shown_inside_tls_only(certificates: Certificates) -> None:
    fresh = iter(("one", "two"))

    async def token() -> str:
        return next(fresh)

    server = ScriptedServer(tls=certificates.server, extensions=OFFERS)

    assert [one.outcome for one in sent(server, certificates, token, mails=2)] == [Outcome.ACCEPTED] * 2
    assert shown(server) == [b"user=desk@ngo.example\1auth=Bearer %b\1\1" % word for word in (b"one", b"two")]
    assert not [line for talk in server.talks for line in talk.in_clear if line.startswith("AUTH")]


def test_an_expired_token_halts_and_tells_what_the_server_said(certificates: Certificates) -> None:
    async def token() -> str:
        return "expired"

    server = ScriptedServer(
        {"AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==", "EMPTY": "535 5.7.8 token expired"},
        tls=certificates.server,
        extensions=OFFERS,
    )

    assert sent(server, certificates, token) == [Receipt(Outcome.HALTED, 535, "5.7.8 token expired")]


def test_without_a_token_nothing_is_sent_and_the_reason_is_told(certificates: Certificates, tmp_path: Path) -> None:
    server = ScriptedServer(tls=certificates.server, extensions=OFFERS)

    (receipt,) = sent(server, certificates, tokens.from_file(tmp_path / "nowhere"))

    assert (receipt.outcome, receipt.code) == (Outcome.HALTED, None)
    assert "cannot be read" in receipt.reply
    assert not shown(server)


def test_a_relay_that_takes_no_token_halts(certificates: Certificates) -> None:
    async def token() -> str:
        return "one"

    server = ScriptedServer(tls=certificates.server, extensions=("AUTH PLAIN",))

    assert sent(server, certificates, token)[0].outcome is Outcome.HALTED


def test_a_file_is_read_as_it_stands_at_that_moment(tmp_path: Path) -> None:
    path = tmp_path / "token"
    source = tokens.from_file(path)
    path.write_text("first\n", encoding="ascii")
    assert asyncio.run(_ask(source)) == "first"
    path.write_text("second\n", encoding="ascii")
    assert asyncio.run(_ask(source)) == "second"


def test_a_command_prints_the_token() -> None:
    source = tokens.from_command(("/bin/echo", "secret-token"), patience=PATIENT)

    assert asyncio.run(_ask(source)) == "secret-token"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("/nowhere/at/all",), "cannot be run"),
        (("/bin/false",), "exit code 1"),
        (("/bin/true",), "gives no access token"),
        (("/bin/echo", "two words"), "gives no access token"),
        (("/bin/sleep", "60"), "was not done"),
    ],
)
def test_a_command_that_gives_no_token_is_told_in_words(command: tuple[str, ...], told: str) -> None:
    with pytest.raises(NoToken, match=told):
        asyncio.run(_ask(tokens.from_command(command, patience=0.05 if told == "was not done" else PATIENT)))


def test_the_settings_choose_the_source(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("kept-fresh", encoding="ascii")
    from_a_file = Settings(smtp_host="mail.example", smtp_user="desk", smtp_token_file=path)
    by_a_command = Settings(smtp_host="mail.example", smtp_user="desk", smtp_token_command=("/bin/echo", "printed"))

    found = [from_settings.relay(one).token for one in (from_a_file, by_a_command)]

    assert [asyncio.run(_ask(source)) for source in found if source] == ["kept-fresh", "printed"]


def test_two_ways_to_sign_in_at_once_are_refused(tmp_path: Path) -> None:
    settings = Settings(
        smtp_host="mail.example", smtp_user="desk", smtp_token_file=tmp_path, smtp_password=SecretStr("secret")
    )

    with pytest.raises(errors.DefinitionError, match="set one of"):
        from_settings.relay(settings)


def test_a_token_without_a_user_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.DefinitionError, match="PARLEY_SMTP_USER"):
        from_settings.relay(Settings(smtp_host="mail.example", smtp_token_file=tmp_path))


async def _ask(source: TokenSource) -> str:
    return await source()
