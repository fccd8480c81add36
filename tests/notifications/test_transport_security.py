"""No mail in clear, and no line to a relay that is not the one we trust."""

import asyncio
from pathlib import Path

import pytest

from notifications.relay import Relay, Security
from notifications.smtp import SmtpTransport
from notifications.transport import Outcome, Receipt
from states import errors
from tests.notifications.lines import PATIENT, an_envelope, open_transport
from tests.notifications.scripted_smtp import ScriptedServer, make_certificates


def secure(port: int, ca_file: Path | None, *, security: Security = Security.STARTTLS) -> Relay:
    return Relay(
        host="127.0.0.1",
        port=port,
        security=security,
        timeout=PATIENT,
        ca_file=ca_file,
        greeting="desk.test",
        username="desk",
        password="secret",
    )


def secure_receipt(server: ScriptedServer, ca_file: Path | None, *, security: Security = Security.STARTTLS) -> Receipt:
    async def scene() -> Receipt:
        async with server, open_transport(secure(server.port, ca_file, security=security)) as smtp:
            return await smtp.send(an_envelope())

    return asyncio.run(scene())


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_mail_travels_in_tls_with_a_certificate_we_trust(tmp_path: Path, security: Security) -> None:
    certificates = make_certificates(tmp_path)
    server = ScriptedServer(
        tls=certificates.server,
        tls_at_once=security is Security.TLS,
        extensions=("AUTH PLAIN",),
    )

    assert secure_receipt(server, certificates.ca_file, security=security).outcome is Outcome.ACCEPTED
    assert [line.split()[0] for line in server.talks[0].in_clear] in ([], ["EHLO", "STARTTLS"])
    assert any(line.startswith("AUTH PLAIN") for line in server.commands)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_of_another_authority_halts_before_anything_is_said(tmp_path: Path, security: Security) -> None:
    server = ScriptedServer(tls=make_certificates(tmp_path).server, tls_at_once=security is Security.TLS)

    assert secure_receipt(server, None, security=security).outcome is Outcome.HALTED
    assert not [line for line in server.commands if line.startswith(("AUTH", "MAIL"))]


def test_a_certificate_for_another_name_halts(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path, name="other.example")

    assert secure_receipt(ScriptedServer(tls=certificates.server), certificates.ca_file).outcome is Outcome.HALTED


def test_nothing_is_sent_in_clear_when_starttls_was_stripped(tmp_path: Path) -> None:
    server = ScriptedServer(tls=make_certificates(tmp_path).server, offers_starttls=False, extensions=("AUTH PLAIN",))

    receipt = secure_receipt(server, None)

    assert receipt.outcome is Outcome.HALTED
    assert [line.split()[0] for line in server.commands] == ["EHLO"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("454 4.7.0 not now", Outcome.RETRY), ("502 5.5.1 never", Outcome.HALTED)],
)
def test_nothing_is_sent_in_clear_when_starttls_is_refused(tmp_path: Path, reply: str, outcome: Outcome) -> None:
    server = ScriptedServer({"STARTTLS": reply}, tls=make_certificates(tmp_path).server)

    assert secure_receipt(server, None).outcome is outcome
    assert [line.split()[0] for line in server.commands] == ["EHLO", "STARTTLS"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("454 4.7.0 try later", Outcome.RETRY), ("535 5.7.8 wrong password", Outcome.HALTED)],
)
def test_a_refused_sign_in_halts_unless_it_is_temporary(tmp_path: Path, reply: str, outcome: Outcome) -> None:
    certificates = make_certificates(tmp_path)
    server = ScriptedServer({"AUTH": reply}, tls=certificates.server, extensions=("AUTH PLAIN",))

    assert secure_receipt(server, certificates.ca_file).outcome is outcome


def test_a_relay_without_sign_in_halts_when_we_have_a_password(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    server = ScriptedServer(tls=certificates.server, extensions=())

    assert secure_receipt(server, certificates.ca_file).outcome is Outcome.HALTED


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.7", "127.0.0.1.example.org"])
def test_clear_text_to_another_machine_cannot_be_configured(host: str) -> None:
    with pytest.raises(errors.DefinitionError, match="clear text"):
        Relay(host=host, port=25, security=Security.PLAIN)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_clear_text_within_this_machine_can_be_configured(host: str) -> None:
    assert Relay(host=host, port=25, security=Security.PLAIN).host == host


def test_starttls_is_what_happens_when_nobody_chooses() -> None:
    assert Relay(host="mail.example.org", port=587).security is Security.STARTTLS


def test_missing_certificates_are_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(errors.DefinitionError, match="cannot be read"):
        SmtpTransport(secure(587, tmp_path / "nowhere.pem"))


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(secure(587, None))
