"""The transport against a relay on a real socket that does everything a relay may do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cases import addresses
from notifications import transport
from notifications.transport import Envelope, Outcome, Receipt, Relay, Security, SmtpTransport
from states import errors
from tests.notifications.scripted_smtp import Cut, Hold, Script, ScriptedServer, make_certificates

PATIENT = 5.0
HASTY = 0.05


def an_envelope(number: int = 1, *, recipient: str = "anna@ngo.example", content: bytes = b"hello\r\n") -> Envelope:
    return Envelope(
        message_id=f"{number}@parley.example",
        sender="bounce+1@parley.example",
        recipient=recipient,
        content=b"Subject: %d\r\n\r\n%b" % (number, content),
    )


def plain(port: int, *, timeout: float = PATIENT) -> Relay:
    return Relay(host="127.0.0.1", port=port, security=Security.PLAIN, timeout=timeout, greeting="desk.test")


@contextlib.asynccontextmanager
async def open_transport(relay: Relay) -> AsyncIterator[SmtpTransport]:
    smtp = SmtpTransport(relay)
    try:
        yield smtp
    finally:
        await smtp.close()


async def receipts_for(server: ScriptedServer, *envelopes: Envelope, patience: float = PATIENT) -> list[Receipt]:
    async with server, open_transport(plain(server.port, timeout=patience)) as smtp:
        return [await smtp.send(envelope) for envelope in envelopes]


def first_receipt(script: Script) -> Receipt:
    return asyncio.run(receipts_for(ScriptedServer(script), an_envelope()))[0]


REPLIES = [
    ("BANNER", "421 4.3.2 busy", Outcome.RETRY),
    ("BANNER", "554 5.7.1 go away", Outcome.HALTED),
    ("EHLO", "421 4.3.2 busy", Outcome.RETRY),
    ("EHLO", "550 5.7.1 not you", Outcome.HALTED),
    ("MAIL", "451 4.3.0 later", Outcome.RETRY),
    ("MAIL", "421 4.3.2 busy", Outcome.RETRY),
    ("MAIL", "550 5.7.1 not your address", Outcome.HALTED),
    ("MAIL", "550 5.1.8 bad sender", Outcome.HALTED),
    ("MAIL", "530 5.7.30 basic authentication is not supported", Outcome.HALTED),
    ("MAIL", "552 5.3.4 too big", Outcome.HALTED),
    ("RCPT", "451 4.7.1 greylisted, come back later", Outcome.RETRY),
    ("RCPT", "452 4.2.2 mailbox full", Outcome.RETRY),
    ("RCPT", "421 4.3.2 busy", Outcome.RETRY),
    ("RCPT", "550 5.1.1 no such user", Outcome.REFUSED),
    ("RCPT", "550 no such user", Outcome.REFUSED),
    ("RCPT", "554 5.7.1 relay access denied", Outcome.HALTED),
    ("RCPT", "530 sign in first", Outcome.HALTED),
    ("DATA", "451 4.3.0 later", Outcome.RETRY),
    ("DATA", "554 5.5.1 no valid recipients", Outcome.HALTED),
    ("DOT", "451 4.3.0 later", Outcome.RETRY),
    ("DOT", "554 5.7.1 looks like spam", Outcome.HALTED),
    ("DOT", "550 5.1.1 no such user after all", Outcome.REFUSED),
    ("DOT", "552 5.2.2 mailbox full", Outcome.REFUSED),
]


@pytest.mark.parametrize(("step", "reply", "outcome"), REPLIES)
def test_every_refusal_of_a_relay_has_its_outcome(step: str, reply: str, outcome: Outcome) -> None:
    code, words = reply.split(" ", 1)

    assert first_receipt({step: reply}) == Receipt(outcome, int(code), words)


LOST = [
    ("BANNER", Outcome.RETRY),
    ("EHLO", Outcome.RETRY),
    ("MAIL", Outcome.RETRY),
    ("RCPT", Outcome.RETRY),
    ("DOT", Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("step", "outcome"), LOST)
def test_a_cut_line_is_a_retry_before_the_final_dot_and_unknown_after_it(step: str, outcome: Outcome) -> None:
    receipt = first_receipt({step: Cut()})

    assert (receipt.outcome, receipt.code) == (outcome, None)


@pytest.mark.parametrize(("step", "outcome"), LOST)
def test_a_silent_relay_is_a_retry_before_the_final_dot_and_unknown_after_it(step: str, outcome: Outcome) -> None:
    async def scene() -> Receipt:
        return (await receipts_for(ScriptedServer({step: Hold()}), an_envelope(), patience=HASTY))[0]

    receipt = asyncio.run(scene())

    assert (receipt.outcome, receipt.code) == (outcome, None)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("BANNER", Outcome.RETRY), ("RCPT", Outcome.RETRY), ("DOT", Outcome.UNKNOWN)],
)
def test_an_answer_that_is_not_smtp_is_no_answer(step: str, outcome: Outcome) -> None:
    receipt = first_receipt({step: "hello there"})

    assert (receipt.outcome, receipt.code) == (outcome, None)


def test_a_closed_port_is_a_retry() -> None:
    async def scene() -> Receipt:
        async with ScriptedServer() as server:
            port = server.port
        return await SmtpTransport(plain(port)).send(an_envelope())

    assert asyncio.run(scene()).outcome is Outcome.RETRY


def test_a_host_nobody_knows_is_a_retry() -> None:
    relay = Relay(host="relay.invalid", port=587, greeting="desk.test", timeout=PATIENT)

    assert asyncio.run(SmtpTransport(relay).send(an_envelope())).outcome is Outcome.RETRY


def test_what_a_relay_keeps_is_what_was_built_even_dots_at_the_start_of_lines() -> None:
    server = ScriptedServer()
    envelope = an_envelope(content=b".\r\n..two\r\nbody\r\n")

    asyncio.run(receipts_for(server, envelope))

    assert server.kept == [envelope.content]


def test_the_envelope_decides_who_gets_the_mail_whatever_the_headers_say() -> None:
    server = ScriptedServer()
    envelope = an_envelope(content=b"To: mallory@evil.example\r\n\r\n")

    asyncio.run(receipts_for(server, envelope))

    assert [line for line in server.commands if line.startswith("RCPT")] == ["RCPT TO:<anna@ngo.example>"]


def test_messages_share_one_connection() -> None:
    server = ScriptedServer()

    receipts = asyncio.run(receipts_for(server, an_envelope(1), an_envelope(2), an_envelope(3)))

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 3
    assert len(server.talks) == 1


@pytest.mark.parametrize("act", ["421 4.4.2 idle too long", Cut()])
@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_connection_gone_stale_between_messages_is_replaced_once(step: str, act: str | Cut) -> None:
    obey = "250 ok"
    server = ScriptedServer({step: [obey, act]})

    receipts = asyncio.run(receipts_for(server, an_envelope(1), an_envelope(2)))

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 2
    assert len(server.kept) == len(server.talks) == 2


def test_a_relay_that_keeps_hanging_up_is_not_asked_a_third_time() -> None:
    busy = "421 4.3.2 busy"
    server = ScriptedServer({"MAIL": ["250 ok", busy]}, {"MAIL": busy}, {})

    receipts = asyncio.run(receipts_for(server, an_envelope(1), an_envelope(2)))

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED, Outcome.RETRY]
    assert len(server.talks) == 2


def test_a_message_of_unknown_fate_is_not_sent_twice_in_one_attempt() -> None:
    server = ScriptedServer({"DOT": ["250 ok", Cut()]})

    receipts = asyncio.run(receipts_for(server, an_envelope(1), an_envelope(2)))

    assert receipts[1].outcome is Outcome.UNKNOWN
    assert len(server.kept) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
def test_a_late_reply_never_answers_for_the_next_message(step: str) -> None:
    async def scene() -> list[Receipt]:
        late = Hold()
        server = ScriptedServer({step: late}, {"RCPT": "550 5.1.1 no such user"})
        async with server, open_transport(plain(server.port, timeout=HASTY)) as smtp:
            first = await smtp.send(an_envelope(1))
            late.released.set()
            return [first, await smtp.send(an_envelope(2))]

    first, second = asyncio.run(scene())

    assert first.outcome is not Outcome.ACCEPTED
    assert second.outcome is Outcome.REFUSED


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DOT"])
def test_a_cancelled_send_leaves_no_reply_behind(step: str) -> None:
    async def scene() -> Receipt:
        late = Hold()
        server = ScriptedServer({step: late}, {"RCPT": "550 5.1.1 no such user"})
        async with server, open_transport(plain(server.port)) as smtp:
            sending = asyncio.create_task(smtp.send(an_envelope(1)))
            await late.held.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            late.released.set()
            return await smtp.send(an_envelope(2))

    assert asyncio.run(scene()).outcome is Outcome.REFUSED


def test_two_sends_at_once_take_turns() -> None:
    async def scene(server: ScriptedServer) -> list[Receipt]:
        async with server, open_transport(plain(server.port)) as smtp:
            return list(await asyncio.gather(smtp.send(an_envelope(1)), smtp.send(an_envelope(2))))

    server = ScriptedServer({"RCPT": ["550 5.1.1 no such user", "250 ok"]}, {})

    assert [receipt.outcome for receipt in asyncio.run(scene(server))] == [Outcome.REFUSED, Outcome.ACCEPTED]
    assert server.kept == [an_envelope(2).content]


def test_an_address_beyond_ascii_is_sent_when_the_relay_can() -> None:
    server = ScriptedServer()

    receipt = asyncio.run(receipts_for(server, an_envelope(recipient="анна@ngo.example")))[0]

    assert receipt.outcome is Outcome.ACCEPTED
    assert "RCPT TO:<анна@ngo.example>" in server.commands
    assert any(line.startswith("MAIL") and line.endswith("SMTPUTF8") for line in server.commands)


def test_an_address_beyond_ascii_is_refused_in_words_when_the_relay_cannot() -> None:
    server = ScriptedServer(extensions=())

    receipt = asyncio.run(receipts_for(server, an_envelope(recipient="анна@ngo.example")))[0]

    assert receipt.outcome is Outcome.REFUSED
    assert "plain latin letters" in receipt.reply
    assert not any(line.startswith("MAIL") for line in server.commands)


@pytest.mark.parametrize(
    "address",
    ["evil@y.example, a@x.example", "a@x.example <evil@y.example>", "a@x.example\r\nDATA", "a@X.example", ""],
)
def test_an_envelope_takes_only_an_address_that_reads_in_one_way(address: str) -> None:
    with pytest.raises(addresses.BadAddress):
        an_envelope(recipient=address)


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


@dataclass(frozen=True)
class Pair:
    """A transport together with what arrived at the other end of its line."""

    line: transport.Transport
    kept: Callable[[], list[bytes]]


NO_SUCH_USER = Receipt(Outcome.REFUSED, 550, "5.1.1 no such user")
LOST_AFTER_DOT = Receipt(Outcome.UNKNOWN, None, "Unexpected EOF received")


@contextlib.asynccontextmanager
async def in_memory(*failures: Receipt) -> AsyncIterator[Pair]:
    memory = transport.MemoryTransport()
    memory.fail_next(*failures)
    yield Pair(memory, lambda: [envelope.content for envelope in memory.sent])


@contextlib.asynccontextmanager
async def over_smtp(*failures: Receipt) -> AsyncIterator[Pair]:
    scripts: list[Script] = [
        {"DOT": Cut()} if failure.code is None else {"RCPT": f"{failure.code} {failure.reply}"} for failure in failures
    ]
    server = ScriptedServer(*scripts)
    async with server, open_transport(plain(server.port)) as smtp:
        yield Pair(smtp, lambda: server.kept)


MakePair = Callable[..., AbstractAsyncContextManager[Pair]]
both_transports = pytest.mark.parametrize("make_pair", [in_memory, over_smtp])


@both_transports
def test_a_transport_delivers_the_very_bytes_in_order(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair() as pair:
            receipts = [await pair.line.send(an_envelope(number)) for number in (1, 2)]
            assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(Outcome.ACCEPTED, 250)] * 2
            assert pair.kept() == [an_envelope(1).content, an_envelope(2).content]

    asyncio.run(scene())


@both_transports
def test_a_transport_goes_on_after_a_failure(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair(NO_SUCH_USER) as pair:
            assert await pair.line.send(an_envelope(1)) == NO_SUCH_USER
            assert (await pair.line.send(an_envelope(2))).outcome is Outcome.ACCEPTED
            assert pair.kept() == [an_envelope(2).content]

    asyncio.run(scene())


@both_transports
def test_a_message_of_unknown_fate_may_have_been_delivered(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair(LOST_AFTER_DOT) as pair:
            assert (await pair.line.send(an_envelope(1))).outcome is Outcome.UNKNOWN
            assert pair.kept() == [an_envelope(1).content]

    asyncio.run(scene())


@both_transports
def test_a_closed_transport_opens_again(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair() as pair:
            await pair.line.close()
            await pair.line.send(an_envelope(1))
            await pair.line.close()
            await pair.line.close()
            assert (await pair.line.send(an_envelope(2))).outcome is Outcome.ACCEPTED

    asyncio.run(scene())


async def outcomes_of_all(line: transport.Transport, count: int) -> list[Outcome]:
    envelopes = [an_envelope(number) for number in range(count)]
    return [receipt.outcome async for _, receipt in transport.send_all(line, envelopes)]


@both_transports
def test_a_run_of_sending_goes_past_a_refused_address(make_pair: MakePair) -> None:
    async def scene() -> list[Outcome]:
        async with make_pair(NO_SUCH_USER) as pair:
            return await outcomes_of_all(pair.line, 3)

    assert asyncio.run(scene()) == [Outcome.REFUSED, Outcome.ACCEPTED, Outcome.ACCEPTED]


def test_a_run_of_sending_stops_at_an_alarm() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(Receipt(Outcome.HALTED, 535, "5.7.8 wrong password"))

    assert asyncio.run(outcomes_of_all(memory, 3)) == [Outcome.HALTED]


def test_a_run_of_sending_stops_after_five_connections_in_vain() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(*[Receipt(Outcome.RETRY, None, "no route")] * 9)

    assert asyncio.run(outcomes_of_all(memory, 9)) == [Outcome.RETRY] * 5


def test_a_run_of_sending_is_not_stopped_by_greylisting() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(*[Receipt(Outcome.RETRY, 451, "4.7.1 greylisted")] * 9)

    assert len(asyncio.run(outcomes_of_all(memory, 9))) == 9


def test_a_run_of_sending_closes_the_connection_behind_it() -> None:
    async def scene(server: ScriptedServer) -> None:
        async with server:
            await outcomes_of_all(SmtpTransport(plain(server.port)), 2)

    server = ScriptedServer()
    asyncio.run(scene(server))

    assert server.commands[-1] == "QUIT"
    assert len(server.talks) == 1
