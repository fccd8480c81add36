"""From the outbox to the relay, over real databases and sockets: nothing lost, nothing told to the wrong person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import update

from cases import queries, resending, tables, undelivered, wordings
from config.settings import Security, Settings
from notifications import from_settings, links, mailroom
from notifications import relay as relays
from notifications.mailbox import LocalMailbox, read_mailbox
from notifications.mailroom import Counts
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope, MemoryTransport, Outcome, Receipt
from states import errors
from tests.at_once import at_once
from tests.notifications.offices import Office, an_office, body, flat
from tests.notifications.scripted_smtp import Cut, Script, ScriptedServer
from tests.stores import CSV, store_in

TERMS = "Mornings for us, evenings for you."
DOWN = Receipt(Outcome.RETRY, None, "no route")


@pytest.fixture
def desk(database_url: str) -> Iterator[Office]:
    desk = an_office(database_url)
    desk.admitted()
    yield desk
    desk.record.engine.dispose()


@pytest.fixture
def small_desk(sqlite_url: str) -> Iterator[Office]:
    """Yields an office for what does not depend on the database."""
    desk = an_office(sqlite_url)
    desk.admitted()
    yield desk
    desk.record.engine.dispose()


def talk(act: Callable[[Callable[[], SmtpTransport]], None], *scripts: Script) -> ScriptedServer:
    """Plays the scripts on a real socket while the test acts in another thread; returns what the server saw."""

    async def serve() -> ScriptedServer:
        async with ScriptedServer(*scripts) as server:
            relay = relays.Relay(host="127.0.0.1", port=server.port, security=relays.Security.PLAIN)
            await asyncio.to_thread(act, lambda: SmtpTransport(relay))
        return server

    return asyncio.run(serve())


def states(desk: Office) -> dict[str, int]:
    return dict(undelivered.counts(desk.record.engine).messages)


def test_an_offer_is_told_to_the_other_party_in_words_that_can_be_acted_on(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    assert desk.deliver() == Counts(written=1, sent=1)
    (mail,) = desk.mails()
    assert mail["To"] == "bilal@mission.example"
    assert mail["Subject"] == "[Dispute desk] An offer waits for your answer, due 4 Dec"
    for kind in ("plain", "html"):
        words = flat(body(mail, kind))
        assert TERMS in words
        assert "Friday, 4 December 2026, 16:00 Juba time (UTC+2)" in words
        assert "Friday, 4 December 2026, 19:45 Kathmandu time (UTC+5:45)" in words
        assert "The offer lapses; it is never taken as accepted." in words
        assert "Representative, Health Committee" in words
        assert "https://desk.example/cases/D-2026-0001" in words


def test_an_office_writes_in_its_own_words_from_the_next_mail_on_and_in_ours_when_they_fail(small_desk: Office) -> None:
    engine, now = small_desk.record.engine, small_desk.clock.now()
    letterhead = replace(small_desk.room.letterhead, wordings=wordings.Wordings(engine))
    desk = replace(small_desk, room=replace(small_desk.room, letterhead=letterhead))
    words = {"subject": "A word from the other side", "first": "Yes or no?", "changed": "Case {{ number }}: {{ act }}."}
    kept = wordings.Wording(mail="offer_made", language="en", texts=words)
    kept = wordings.keep(engine, kept, by="cora", now=now)
    desk.act("amal", "make_offer", text=TERMS)
    desk.deliver()
    (mail,) = desk.mails()
    assert mail["Subject"] == "[Dispute desk] A word from the other side, due 4 Dec"
    assert "Case D-2026-0001: Make an offer." in flat(body(mail, "plain"))
    wordings.keep(engine, replace(kept, texts={"subject": "Fine", "changed": "{{ gone }}"}), by="cora", now=now)
    desk.act("amal", "make_offer", text="Evenings for you.")
    desk.deliver()
    assert desk.mails()[-1]["Subject"] == "[Dispute desk] An offer waits for your answer, due 4 Dec"
    assert "“gone” is not known here" in wordings.in_use(engine)[0].broken


def test_what_was_told_is_not_told_again(small_desk: Office) -> None:
    small_desk.act("amal", "make_offer", text=TERMS)
    small_desk.deliver()
    assert small_desk.deliver() == Counts()


def test_a_relay_that_puts_off_gets_the_same_bytes_later(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)

    def beats(relay: Callable[[], SmtpTransport]) -> None:
        assert desk.deliver(relay) == Counts(written=1, retried=1)
        assert desk.deliver(relay) == Counts()
        desk.clock.advance(minutes=2)
        assert desk.deliver(relay) == Counts(sent=1)

    server = talk(beats, {"DOT": "451 4.7.1 come back later"}, {})
    assert len(server.talks) == 2
    assert len(server.kept) == 1
    assert states(desk)["sent"] >= 1
    assert "retry" not in states(desk)


def test_a_refused_address_becomes_a_dead_letter_and_is_left_alone(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)

    def beats(relay: Callable[[], SmtpTransport]) -> None:
        assert desk.deliver(relay) == Counts(written=1, refused=1)
        desk.clock.advance(hours=1)
        assert desk.deliver(relay) == Counts()

    talk(beats, {"RCPT": "550 5.1.1 no such mailbox"})
    (dead,) = undelivered.dead_letters(desk.record.engine)
    assert (dead.address, dead.code, dead.reply) == ("bilal@mission.example", 550, "5.1.1 no such mailbox")


def test_a_line_cut_after_the_dot_makes_a_copy_that_shows_itself_as_one(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)

    def beats(relay: Callable[[], SmtpTransport]) -> None:
        assert desk.deliver(relay) == Counts(written=1, unknown=1)
        desk.clock.advance(minutes=20)
        assert desk.deliver(relay) == Counts(sent=1)

    server = talk(beats, {"DOT": Cut()}, {})
    first, second = server.kept
    assert first == second
    assert message_from_bytes(first, policy=policy.default)["Message-ID"]


def test_a_dead_letter_can_be_sent_again_by_a_person(small_desk: Office) -> None:
    small_desk.act("amal", "make_offer", text=TERMS)
    small_desk.memory.fail_next(Receipt(Outcome.REFUSED, 550, "5.1.1 no such mailbox"))
    small_desk.deliver()
    (dead,) = undelivered.dead_letters(small_desk.record.engine)
    resending.retry(small_desk.record.engine, dead.id, now=small_desk.clock.now())
    assert small_desk.deliver() == Counts(sent=1)


def test_a_relay_that_is_down_is_left_alone_after_five_tries_and_nothing_is_lost(desk: Office) -> None:
    desk.act("cora", "refer", body="Ministry of Roads", reason="The road was washed away.")
    desk.memory.fail_next(*[DOWN] * 5)
    assert desk.deliver() == Counts(written=5, retried=5, untried=1)
    desk.clock.advance(minutes=2)
    assert desk.deliver() == Counts(written=1, sent=6)
    assert desk.told() == {"amal", "bilal", "sara", "saul", "musa", "cora"}


def test_a_reminder_whose_reason_is_gone_is_not_sent(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.deliver()
    desk.memory.sent.clear()
    desk.wait(hours=24)
    desk.act("bilal", "reject_offer", offer=offer_in(desk))
    assert desk.deliver().withdrawn == 1
    assert subjects(desk, "bilal") == ["[Dispute desk] An offer was answered"]


def test_a_reminder_whose_reason_holds_is_sent(small_desk: Office) -> None:
    small_desk.act("amal", "make_offer", text=TERMS)
    small_desk.deliver()
    small_desk.memory.sent.clear()
    small_desk.wait(hours=24)
    small_desk.deliver()
    (mail,) = (mail for mail in small_desk.mails() if mail["To"] == "bilal@mission.example")
    assert mail["Subject"] == "[Dispute desk] Reminder: a step is with you, due 4 Dec"
    assert "Please take the next step: Answer the offer." in flat(body(mail))
    assert TERMS in flat(body(mail))


def test_a_question_that_was_answered_meanwhile_is_not_asked(small_desk: Office) -> None:
    small_desk.act("amal", "make_offer", text=TERMS)
    small_desk.act("bilal", "reject_offer", offer=offer_in(small_desk))
    done = small_desk.deliver()
    assert done.withdrawn == 1
    assert {mail["Subject"] for mail in small_desk.mails()} == {"[Dispute desk] An offer was answered"}


def test_a_question_that_was_answered_while_the_relay_was_down_is_not_asked(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.memory.fail_next(DOWN)
    assert desk.deliver() == Counts(written=1, retried=1)
    desk.act("bilal", "reject_offer", offer=offer_in(desk))
    desk.clock.advance(minutes=2)
    assert desk.deliver() == Counts(written=3, sent=3, cancelled=1)
    assert {mail["Subject"] for mail in desk.mails()} == {"[Dispute desk] An offer was answered"}


class Meanwhile(MemoryTransport):
    """Lets something happen right after the first message went out."""

    def __init__(self, happen: Callable[[], None]) -> None:
        """Keeps what is to happen."""
        super().__init__()
        self.happen = happen

    async def send(self, envelope: Envelope) -> Receipt:
        receipt = await super().send(envelope)
        if len(self.sent) == 1:
            self.happen()
        return receipt


def test_somebody_who_leaves_between_two_messages_of_a_run_gets_nothing_more(desk: Office) -> None:
    desk.act("cora", "refer", body="Ministry of Roads", reason="The road was washed away.")
    line = Meanwhile(lambda: desk.directory.leave("saul", now=desk.clock.now()))
    assert desk.deliver(lambda: line) == Counts(written=5, sent=5, cancelled=1)
    assert "saul@mission.example" not in {envelope.recipient for envelope in line.sent}


def test_somebody_who_lost_their_part_before_a_retry_hears_of_that_alone(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.memory.fail_next(DOWN)
    desk.deliver()
    desk.act("cora", "name_person", party="B", part="representative", person="outis")
    desk.clock.advance(minutes=2)
    assert desk.deliver().cancelled == 1
    assert [mail["Subject"] for mail in desk.mails() if "bilal@" in mail["To"]] == [
        "[Dispute desk] Your part in a case has ended"
    ]
    assert not [mail for mail in desk.mails() if TERMS in body(mail)]


def test_a_mail_that_cannot_be_written_is_kept_for_a_person_and_the_others_go_on(desk: Office) -> None:
    # Such an address can only stand there from before it was refused at the door.
    old = update(tables.people).where(tables.people.c.id == "bilal").values(email="bilal..bol@mission.example")
    with desk.record.engine.begin() as connection:
        connection.execute(old)
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("cora", "set_urgency", urgency="U1", reason="Lives are at stake.")
    desk.directory.change(replace(desk.directory.person("cora"), email="cora@mission.example"))
    assert desk.deliver() == Counts(written=3, sent=3, parked=2)
    desk.directory.change(replace(desk.directory.person("bilal"), email="bilal@mission.example"))
    parked = queries.parked(desk.record, queries.Viewer(desk.directory.actor("cora")))
    assert {one.what for one in parked} == {"offer_made", "urgency_changed"}
    for one in parked:
        resending.retry(desk.record.engine, int(one.key), now=desk.clock.now())
    assert desk.deliver() == Counts(written=2, sent=2)


CANARY = """\
process: canary
extends: dispute
triggers:
  add_note: {label: Write a note, from: "*", to: unchanged, who: [representative, convener, mediator],
             does: [add_note], zone: chosen, mails: [response_received]}
  add_document: {label: Add a document, from: "*", to: unchanged, who: [representative, convener, mediator],
                 does: [add_document], zone: chosen, mails: [case_reopened]}
"""


@pytest.mark.parametrize(
    ("who", "zone", "readers"),
    [
        ("amal", "caucus:A", {"amal", "musa"}),
        ("bilal", "caucus:B", {"bilal", "musa"}),
        ("cora", "team", {"cora", "musa"}),
        ("amal", "shared", {"amal", "bilal", "sara", "saul", "cora", "musa"}),
    ],
)
def test_what_lies_in_a_zone_is_told_to_its_readers_alone(
    sqlite_url: str, tmp_path: Path, who: str, zone: str, readers: set[str]
) -> None:
    (tmp_path / "canary.yaml").write_text(CANARY, encoding="utf-8")
    desk = an_office(sqlite_url, folders=(tmp_path,), files=store_in(tmp_path), process="canary")
    desk.admitted()
    desk.act(who, "add_note", text="CANARY-NOTE", zone=zone)
    file = desk.record.files.add([CSV], "CANARY-NAME.csv", by=who, now=desk.clock.now())
    desk.act(who, "add_document", file=str(file), shows="CANARY-SHOWS", zone=zone)
    desk.deliver()
    assert desk.told() == readers
    desk.memory.sent.clear()
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("cora", "pause_for_safety", reason="Floods.", until="2026-12-05T08:00+02:00")
    desk.wait(days=1)
    desk.deliver()
    assert desk.mails()
    for mail in desk.mails():
        assert "CANARY" not in "".join((str(mail), body(mail), body(mail, "html")))
    desk.record.engine.dispose()


def test_each_person_has_a_thread_of_their_own_for_a_case(small_desk: Office) -> None:
    small_desk.act("cora", "set_urgency", urgency="U3", reason="It can wait.")
    small_desk.act("cora", "refer", body="Ministry of Roads", reason="The road was washed away.")
    small_desk.deliver()
    threads: dict[str, set[str]] = {}
    for mail in small_desk.mails():
        threads.setdefault(mail["To"], set()).add(mail["References"])
    assert all(len(roots) == 1 for roots in threads.values())
    assert len(set().union(*threads.values())) == len(threads) == 6
    assert len({mail["Message-ID"] for mail in small_desk.mails()}) == len(small_desk.mails())


def test_a_pause_is_told_with_the_date_it_ends(small_desk: Office) -> None:
    small_desk.act("cora", "pause_for_safety", reason="Floods.", until="2026-12-05T08:00+02:00")
    small_desk.deliver()
    told = {str(mail["To"]).partition("@")[0]: flat(body(mail)) for mail in small_desk.mails()}
    managers = {"alma", "arif"}
    paused = [words for who, words in told.items() if who not in managers]
    assert all("Due: Saturday, 5 December 2026, 08:00 Juba time (UTC+2)" in words for words in paused)
    asked = "What is due: Speak with the manager of the other side now, and record together what came of it"
    assert all(asked in told[who] for who in managers)
    assert {who for who, words in told.items() if "Floods" in words} == told.keys() - {"amal", "bilal"}


def test_what_runs_on_through_a_pause_reminds_its_holders_and_nobody_else(small_desk: Office) -> None:
    until = small_desk.clock.now() + timedelta(hours=47)
    small_desk.act("cora", "pause_for_safety", reason="Floods.", until=until.isoformat())
    small_desk.deliver()
    small_desk.memory.sent.clear()
    small_desk.wait(hours=46)
    small_desk.deliver()
    assert {str(mail["To"]).partition("@")[0] for mail in small_desk.mails()} == {"alma", "arif"}


def test_a_sign_in_link_goes_out_by_itself(small_desk: Office) -> None:
    link = "https://desk.example/sign-in/0123456789"
    until = small_desk.clock.now() + timedelta(minutes=30)
    links.send_sign_in_link(small_desk.room, small_desk.directory.person("bilal"), link, until=until)
    assert small_desk.deliver() == Counts(sent=1)
    (mail,) = small_desk.mails()
    assert mail["Subject"] == "[Dispute desk] Your link to sign in"
    assert f"\n{link}\n" in body(mail)
    assert "Kathmandu time" in body(mail)
    assert "case" not in flat(body(mail)).lower()


def test_an_installation_without_a_relay_keeps_its_mail_in_its_own_mailbox(sqlite_url: str, tmp_path: Path) -> None:
    desk = an_office(sqlite_url)
    with LocalMailbox(tmp_path / "mail", port=0) as box:
        settings = Settings(
            data_folder=tmp_path / "data",
            mailbox_port=box.port,
            mail_from_address="desk@desk.example",
            public_url="https://desk.example/",
        )
        room = mailroom.open_mailroom(desk.record, at_once(settings), clock=desk.clock)
        done = mailroom.deliver_due(room, owner="test")
    desk.record.engine.dispose()
    kept = read_mailbox(tmp_path / "mail")
    assert done.sent == len(kept) == 4
    assert {mail.to for mail in kept} == {f"{who}@mission.example" for who in ("amal", "bilal", "cora")}
    assert all("https://desk.example/cases/D-2026-0001" in mail.html for mail in kept)


def test_the_settings_say_how_the_relay_is_reached(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, smtp_host="mail.example", smtp_security=Security.TLS, smtp_user="desk")
    relay = from_settings.relay(settings)
    assert (relay.host, relay.port, relay.security, relay.username) == (
        "mail.example",
        587,
        relays.Security.TLS,
        "desk",
    )


def test_a_sender_that_no_server_takes_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(errors.ParleyError, match="bare e-mail address"):
        from_settings.letterhead(Settings(data_folder=tmp_path, mail_from_address="Desk <desk@desk.example>"))


def offer_in(desk: Office) -> str:
    viewer = queries.Viewer(desk.directory.actor("amal"))
    _, case = queries.case_for(desk.record, viewer, desk.case_id)
    return next(item.id for item in case.items if item.kind == "offer")


def subjects(desk: Office, who: str) -> list[str]:
    return [mail["Subject"] for mail in desk.mails() if mail["To"].startswith(f"{who}@")]
