"""Taking in what comes back, over real databases, folders and sockets: each mail once, and no mail does an act."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pytest
from sqlalchemy import Connection, Text, cast, delete, insert, select, update

from cases import arrivals, outbox, reachability, tables, undelivered
from cases.arrivals import Kind
from cases.reachability import Lost
from cases.unit_of_work import reading, unit_of_work
from notifications import intake, maildir
from notifications.intake import Letter
from notifications.lmtp import Door
from states import errors
from states.reach import Reach, Trouble
from tests import databases
from tests.notifications.corpus_of_bounces import report
from tests.notifications.offices import LETTERHEAD, Office, an_office, body, flat

HOME = "in.desk.example"
LARGEST = 20_000
INBOUND = replace(LETTERHEAD, inbound=HOME)


def opened(url: str) -> Office:
    """Returns an office whose mails can come back, in which Bilal has just been told of an offer."""
    desk = an_office(url)
    desk = replace(desk, room=replace(desk.room, letterhead=INBOUND))
    desk.admitted()
    desk.act("amal", "make_offer", text="Mornings for us, evenings for you.")
    desk.deliver()
    return desk


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept_desk(request: pytest.FixtureRequest, tables_on_sqlite: Path) -> Iterator[Office]:
    """Yields one office on each database: what comes back is taken out again after each test."""
    with ExitStack() as held:
        if request.param == "sqlite":
            folder = Path(held.enter_context(TemporaryDirectory()))
            url = f"sqlite:///{shutil.copy(tables_on_sqlite, folder / 'parley.db')}"
        else:
            server, template = (request.getfixturevalue(name) for name in ("postgres_server", "tables_on_postgres"))
            url = held.enter_context(databases.fresh_on(server, like=template))
        desk = opened(url)
        yield desk
        desk.record.engine.dispose()


@pytest.fixture
def desk(kept_desk: Office) -> Iterator[Office]:
    """Yields the office as it was after its first mail."""
    first = kept_desk.memory.sent[0]
    yield kept_desk
    kept_desk.memory.sent[:] = [first]
    rows = tables.messages
    with unit_of_work(kept_desk.record.engine) as work:
        for table in (tables.arrival_files, tables.arrivals, tables.unreached, tables.address_faults):
            work.execute(delete(table))
        # What was sent stays on file for ever, so later mails must be others.
        renamed = update(rows).where(rows.c.mail != "offer_made")
        work.execute(renamed.values(message_id=cast(rows.c.id, Text).concat("@earlier")))
        work.execute(update(rows).values(state="sent"))
        work.execute(update(tables.people).values(active=True))


class Client:
    """Speaks LMTP as a mail server does."""

    def __init__(self, door: Door) -> None:
        """Connects."""
        self._line = socket.create_connection(("127.0.0.1", door.port), timeout=10)
        self._answers = self._line.makefile("rb")
        self._answers.readline()

    def __enter__(self) -> Self:
        """Greets."""
        assert self.say("LHLO mx.desk.example") == 250
        return self

    def __exit__(self, *_: object) -> None:
        """Hangs up."""
        self._answers.close()
        self._line.close()

    def say(self, words: str | bytes) -> int:
        self._line.sendall((words if isinstance(words, bytes) else words.encode()) + b"\r\n")
        while (answer := self._answers.readline())[3:4] == b"-":
            pass
        return int(answer[:3])

    def hand_in(self, content: bytes, *, to: str, sender: str = "bilal@mission.example") -> list[int]:
        codes = [self.say(f"MAIL FROM:<{sender}>"), self.say(f"RCPT TO:<{to}>")]
        if codes[-1] == 250:
            codes += [self.say("DATA"), self.say(content + b"\r\n.")]
        assert self.say("RSET") == 250
        return codes


def way_back(desk: Office) -> str:
    return desk.memory.sent[-1].sender


def answer(desk: Office, *, text: str = "I agree.\n", sender: str = "bilal@mission.example", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Bilal <{sender}>", str(desk.mails()[-1]["Reply-To"])
    mail["Message-ID"] = "<1@mission.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="terms.pdf")
    return mail.as_bytes(policy=policy.SMTP)


def bounce(desk: Office, status: str = "5.1.1", **parts: str) -> Letter:
    return Letter(content=report(status, **parts).encode(), to=way_back(desk), null_path=True)


def kept(desk: Office) -> list[tuple[str, str]]:
    with reading(desk.record.engine) as connection:
        rows = connection.execute(select(tables.arrivals).order_by(tables.arrivals.c.id))
        return [(row.kind, row.state) for row in rows]


def reach_of(desk: Office, *, days: int = 0) -> Reach:
    now = desk.clock.now() + timedelta(days=days)
    return reachability.read_state(desk.record.engine, "bilal", "bilal@mission.example", now=now)


def more_mail(work: Connection, number: int) -> int:
    """Puts one more mail to Bilal on file, like the first, and returns its id."""
    rows = tables.messages
    first = dict(work.execute(select(rows).order_by(rows.c.id)).mappings().all()[0])
    first |= {"address": "bilal@mission.example"}
    new = {**first, "message_id": f"{number}@x", "mail": "news", "person_id": "bilal", "notification_id": None}
    added = insert(rows).values({name: value for name, value in new.items() if name != "id"}).returning(rows.c.id)
    return int(work.execute(added).scalar_one())


def to_telephone(desk: Office) -> list[str]:
    with reading(desk.record.engine) as connection:
        return [one.person_id for one in reachability.waiting(connection, [desk.case_id])]


def test_each_mail_has_its_own_ways_back(desk: Office) -> None:
    mail, sent = desk.mails()[-1], desk.memory.sent[-1]
    assert sent.sender.startswith("bounce+")
    assert str(mail["Reply-To"]).startswith("reply+")
    assert len(sent.sender) == len(f"bounce+@{HOME}") + 22
    assert sent.sender.partition("+")[2] not in sent.content.decode()


def test_a_mail_that_comes_back_is_a_dead_letter_and_its_reader_is_to_be_telephoned(desk: Office) -> None:
    assert intake.take_in(desk.room, bounce(desk, diagnosis="smtp; 550 5.1.1 unknown")) is Kind.BOUNCE
    assert intake.take_in(desk.room, bounce(desk, diagnosis="smtp; 550 5.1.1 unknown")) is None
    assert intake.take_in(desk.room, bounce(desk, text="Told once more.")) is Kind.BOUNCE
    (dead, *others) = undelivered.dead_letters(desk.record.engine)
    assert (dead.address, dead.state, dead.reply, others) == ("bilal@mission.example", "refused", "5.1.1", [])
    assert reach_of(desk) is Reach.UNREACHABLE
    assert to_telephone(desk) == ["bilal"]


def test_courtesy_stops_at_an_address_that_is_not_reachable_and_what_is_served_goes_on(desk: Office) -> None:
    intake.take_in(desk.room, bounce(desk))
    desk.memory.sent.clear()
    for mail in ("causes_recorded", "receipt"):
        notice = {"occurrence": mail, "mail": mail, "to": '["representative"]', "state": "queued"}
        with unit_of_work(desk.record.engine) as work:
            about = {"case_id": desk.case_id, "created_at": desk.clock.now()}
            work.execute(insert(tables.notifications), {**notice, **about})
    done = desk.deliver()
    assert (done.sent, done.cancelled) == (3, 1)
    assert sorted(one.recipient[:5] for one in desk.memory.sent) == ["amal@", "amal@", "bilal"]


def test_three_passing_troubles_are_as_good_as_a_lasting_one_for_a_while(desk: Office) -> None:
    found = []
    for number in range(3):
        with unit_of_work(desk.record.engine) as work:
            lost = Lost(
                message_id=more_mail(work, number),
                person_id="bilal",
                address="bilal@mission.example",
                trouble=Trouble.SOFT,
                code="4.4.1",
                said="",
            )
            found.append(reachability.note(work, lost, now=desk.clock.now()))
            reachability.note(work, lost, now=desk.clock.now())
    assert found == [Reach.DOUBTFUL, Reach.DOUBTFUL, Reach.UNREACHABLE]
    assert to_telephone(desk) == ["bilal"]
    assert reach_of(desk, days=15) is Reach.FINE


@pytest.mark.parametrize(
    ("reply", "found"),
    [("5.1.1 no such mailbox", Reach.UNREACHABLE), ("5.2.2 mailbox full", Reach.DOUBTFUL)],
    ids=["unknown", "full"],
)
def test_an_address_that_the_relay_refuses_at_once_counts_as_one_that_bounces(
    desk: Office, reply: str, found: Reach
) -> None:
    now = desk.clock.now()
    with unit_of_work(desk.record.engine) as work:
        mine = update(tables.messages).where(tables.messages.c.id == more_mail(work, 9))
        work.execute(mine.values(state="retry", next_at=now))
    for message in outbox.claim_messages(desk.record.engine, now=now, owner="test"):
        refused = outbox.Attempt(state="refused", outcome="refused", code=550, reply=reply)
        outbox.settle(desk.record.engine, message, attempt=refused, now=now)
    assert reach_of(desk) is found
    assert to_telephone(desk) == (["bilal"] if found is Reach.UNREACHABLE else [])


def test_what_their_server_thinks_of_us_says_nothing_of_an_address(desk: Office) -> None:
    intake.take_in(desk.room, bounce(desk, "5.7.1"))
    assert reach_of(desk) is Reach.FINE
    assert [one.state for one in undelivered.dead_letters(desk.record.engine)] == ["refused"]


def test_a_mail_that_was_delayed_and_then_arrived_counts_no_more(desk: Office) -> None:
    intake.take_in(desk.room, bounce(desk, "4.4.1", action="delayed"))
    intake.take_in(desk.room, bounce(desk, "2.0.0", action="delivered"))
    assert reach_of(desk) is Reach.FINE


def test_a_forged_way_back_changes_nothing(desk: Office) -> None:
    forged = Letter(content=report("5.1.1").encode(), to=f"bounce+{'a' * 22}@{HOME}", null_path=True)
    assert intake.take_in(desk.room, forged) is Kind.AUTOMATIC
    # What the reader of a mail knows of it is where answers go, and no server's report is believed there.
    seen = Letter(content=report("5.1.1", text="x").encode(), to=str(desk.mails()[-1]["Reply-To"]), null_path=True)
    assert intake.take_in(desk.room, seen) is Kind.AUTOMATIC
    assert reach_of(desk) is Reach.FINE
    assert not undelivered.dead_letters(desk.record.engine)


def test_an_answer_waits_to_be_sorted_and_its_writer_is_told_once_a_day(desk: Office) -> None:
    first = answer(desk)
    assert intake.take_in(desk.room, Letter(content=first)) is Kind.ANSWER
    assert intake.take_in(desk.room, Letter(content=b"Received: from a by b\n" + first)) is None
    second = first.replace(b"<1@mission", b"<2@mission")
    assert intake.take_in(desk.room, Letter(content=second)) is Kind.ANSWER
    assert kept(desk) == [("answer", "to sort")] * 2
    desk.memory.sent.clear()
    assert desk.deliver().sent == 1
    (receipt,) = desk.mails()
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert not str(receipt["Reply-To"]).startswith("reply+")
    assert "decides nothing" in flat(body(receipt))
    with reading(desk.record.engine) as connection:
        row = connection.execute(select(tables.arrivals).limit(1)).one()
        file = connection.execute(select(tables.arrival_files).limit(1)).one()
    assert (row.person_id, row.case_id, row.words, row.original) == ("bilal", desk.case_id, "I agree.", first)
    assert (file.name, file.media_type, file.size, file.released_at) == ("terms.pdf", "application/pdf", 4, None)


def test_whoever_answers_can_be_reached(desk: Office) -> None:
    intake.take_in(desk.room, bounce(desk))
    intake.take_in(desk.room, Letter(content=answer(desk)))
    assert reach_of(desk) is Reach.FINE


@pytest.mark.parametrize(
    ("sender", "headers"),
    [("else@where.example", {}), ("bilal@mission.example", {"Cc": "x@y.example"})],
    ids=["from elsewhere", "by somebody who left"],
)
def test_of_a_stranger_no_word_is_kept(desk: Office, sender: str, headers: dict[str, str]) -> None:
    content = answer(desk, sender=sender, **headers)
    if headers:
        desk.directory.leave("bilal", now=desk.clock.now())
    assert intake.take_in(desk.room, Letter(content=content)) is Kind.STRANGER
    with reading(desk.record.engine) as connection:
        row = connection.execute(select(tables.arrivals)).one()
    assert (row.address, row.words, row.whole, row.original) == (sender, "", "", None)


def test_a_machine_that_answers_is_never_answered(desk: Office) -> None:
    away = answer(desk, Auto_Submitted="auto-replied")
    assert intake.take_in(desk.room, Letter(content=away)) is Kind.AUTOMATIC
    assert desk.deliver().sent == 0
    with reading(desk.record.engine) as connection:
        assert connection.execute(select(tables.arrivals.c.words)).scalars().all() == ["I agree."]


def test_two_who_take_in_the_same_mail_at_once_record_it_once(desk: Office) -> None:
    letter = Letter(content=answer(desk))
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(lambda _: intake.take_in(desk.room, letter), range(2)))
    assert sorted(map(str, found)) == ["None", "answer"]


def test_a_reader_that_dies_between_record_and_folder_takes_nothing_in_twice(desk: Office, tmp_path: Path) -> None:
    assert maildir.take_in(desk.room, tmp_path, largest=LARGEST) == {}
    file = tmp_path / "new" / "1.M1P1.host"
    file.write_bytes(answer(desk))
    intake.take_in(desk.room, Letter(content=file.read_bytes()))
    assert maildir.take_in(desk.room, tmp_path, largest=LARGEST) == {maildir.AGAIN: 1}
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1.M1P1.host:2,S"]
    assert kept(desk) == [("answer", "to sort")]


def test_a_file_that_cannot_be_read_is_kept_aside_and_the_others_are_taken_in(desk: Office, tmp_path: Path) -> None:
    maildir.take_in(desk.room, tmp_path, largest=LARGEST)
    (tmp_path / "new" / "1.large").write_bytes(b"x" * (LARGEST + 1))
    (tmp_path / "new" / "2.folder").mkdir()
    (tmp_path / "new" / "3.good").write_bytes(answer(desk))
    (tmp_path / "new" / "4.strange").write_bytes(b"\xff\n\n\x00")
    done = maildir.take_in(desk.room, tmp_path, largest=LARGEST)
    assert done == {"broken": 2, "answer": 1, "automatic": 1}
    assert maildir.broken(tmp_path) == 2
    assert not list((tmp_path / "new").iterdir())


def test_a_mail_is_taken_in_by_lmtp_and_refused_where_it_belongs_to_nobody(desk: Office) -> None:
    content, to = answer(desk), str(desk.mails()[-1]["Reply-To"])
    with Door(desk.room, host="127.0.0.1", port=0, largest=LARGEST) as door, Client(door) as client:
        assert client.hand_in(content, to=to.upper(), sender="") == [250, 250, 354, 250]
        assert client.hand_in(content.replace(b"<1@", b"<2@"), to=to) == [250, 250, 354, 250]
        assert client.hand_in(content, to=f"reply+{'a' * 22}@{HOME}") == [250, 550]
        assert client.hand_in(content, to="desk@desk.example") == [250, 550]
        assert client.hand_in(content + b"x\r\n" * LARGEST, to=to)[-1] == 552
        assert client.say("MAIL FROM:<>") == 250
        assert [client.say(f"RCPT TO:<{to}>") for _ in range(2)] == [250, 452]
    assert kept(desk) == [("automatic", "noted"), ("answer", "to sort")]


def test_a_mail_stays_with_the_mail_server_while_the_record_is_away(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, to = answer(desk), str(desk.mails()[-1]["Reply-To"])
    maildir.take_in(desk.room, tmp_path, largest=LARGEST)
    (tmp_path / "new" / "1").write_bytes(content)

    def away(*_: object, **__: object) -> None:
        raise errors.Unavailable("the record is away")

    with Door(desk.room, host="127.0.0.1", port=0, largest=LARGEST) as door, Client(door) as client:
        monkeypatch.setattr(arrivals, "keep", away)
        assert client.hand_in(content, to=to) == [250, 250, 354, 451]
        monkeypatch.setattr(arrivals, "knows", away)
        assert client.hand_in(content, to=to) == [250, 451]
    with pytest.raises(errors.Unavailable):
        maildir.take_in(desk.room, tmp_path, largest=LARGEST)
    monkeypatch.undo()
    assert maildir.take_in(desk.room, tmp_path, largest=LARGEST) == {"answer": 1}
