"""The transport against a relay on a real socket that does everything a relay may do."""

import asyncio

import pytest

from cases import addresses
from notifications.relay import Relay
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope, Outcome, Receipt
from tests.notifications.lines import PATIENT, an_envelope, open_transport, plain
from tests.notifications.scripted_smtp import Cut, Hold, Script, ScriptedServer

HASTY = 0.05


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
