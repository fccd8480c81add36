"""Webhooks against a real receiver: what is told, how it is signed, who may know, and what becomes of failures."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from cases import webhook_outbox, webhook_view, webhooks
from cases.viewer import Viewer
from cases.webhook_outbox import State
from cases.webhooks import Kind, Webhook
from notifications import routes, signatures
from notifications.reach import Reach
from notifications.webhooks import GIVE_UP, Counts, deliver_due
from states import errors
from tests.notifications.offices import LETTERHEAD, Office, an_office, body, flat

OURS = Reach((ip_network("127.0.0.0/8"),))
SECRET = "purple lamp"


@dataclass(slots=True)
class Receiver:
    """Somebody who listens on this machine, and what they got: the headers and the body of each request."""

    url: str = ""
    status: int = 200
    location: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, object]]:
        """What each body says."""
        return [json.loads(one) for _, one in self.got]


@contextmanager
def listening() -> Iterator[Receiver]:
    """Listens as long as the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, sent))
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("location", receiver.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Yields an office: the test runs once on SQLite and once on PostgreSQL."""
    office = an_office(database_url)
    yield office
    office.record.engine.dispose()


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Office]:
    """Yields an office for what does not depend on the database."""
    office = an_office(sqlite_url)
    yield office
    office.record.engine.dispose()


def hook(office: Office, who: str, receiver: Receiver, *kinds: Kind) -> Webhook:
    engine, now = office.record.engine, office.clock.now()
    return webhooks.make(engine, who, url=receiver.url, kinds=frozenset(kinds or Kind), now=now)


def beat(office: Office, reach: Reach = OURS) -> Counts:
    return deliver_due(office.room, reach, owner="test")


def states(office: Office, webhook: Webhook) -> list[State]:
    return [one.state for one, _ in webhook_view.of_webhook(office.record.engine, webhook, limit=100)]


def test_what_happens_is_told_with_its_kind_and_without_content(office: Office, receiver: Receiver) -> None:
    hook(office, "amal", receiver, Kind.FILED)
    office.act("amal", "add_note", text=SECRET, zone="shared")
    assert beat(office) == Counts(received=1)
    [(headers, sent)] = receiver.got
    assert json.loads(sent) == {
        "type": "case.filed",
        "timestamp": office.clock.now().isoformat(),
        "data": {
            "case_id": office.case_id,
            "number": "D-2026-0001",
            "version": json.loads(sent)["data"]["version"],
            "link": "https://desk.example/cases/D-2026-0001",
        },
    }
    assert SECRET.encode() not in sent
    assert headers["content-type"] == "application/json"
    assert beat(office) == Counts()


def test_it_is_signed_so_that_its_receiver_can_tell(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(small)
    headers, sent = receiver.got[0]
    shown = signatures.secret(LETTERHEAD.secret, made.id, 0)
    key = base64.b64decode(shown.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + sent
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(small.clock.now().timestamp()))
    assert shown != signatures.secret(LETTERHEAD.secret, made.id + 1, 0)


def test_after_a_rotation_both_secrets_sign_for_a_day(small: Office, receiver: Receiver) -> None:
    made = webhooks.rotate(small.record.engine, hook(small, "amal", receiver), now=small.clock.now())
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(small)
    small.clock.advance(days=1)
    webhook_outbox.trial(small.record.engine, made, now=small.clock.now())
    beat(small)
    assert len(receiver.got[0][0]["webhook-signature"].split()) == 2
    assert len(receiver.got[-1][0]["webhook-signature"].split()) == 1


def test_nobody_is_told_of_what_they_may_not_read(office: Office, receiver: Receiver) -> None:
    hook(office, "bilal", receiver)
    hook(office, "outis", receiver)
    office.act("amal", "add_note", text=SECRET, zone="caucus:A")
    told = beat(office)
    assert receiver.got == []
    assert told.received == 0
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(office)
    assert {one["type"] for one in receiver.told} == {"case.filed"}


def test_the_list_of_what_was_told_tells_of_nothing_that_its_owner_may_not_read(
    office: Office, receiver: Receiver
) -> None:
    made = hook(office, "bilal", receiver)
    office.act("amal", "add_note", text=SECRET, zone="caucus:A")
    assert states(office, made) == []
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    assert states(office, made) == [State.QUEUED]
    office.act("cora", "add_note", text="Who comes on Monday?", zone="team")
    assert len(states(office, made)) == 1


def test_what_was_withdrawn_before_it_was_told_is_on_no_list(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver, Kind.FILED)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    [(waiting, _)] = webhook_view.of_webhook(small.record.engine, made, limit=10)
    small.directory.leave("amal", now=small.clock.now())
    assert beat(small).withdrawn
    assert states(small, made) == []
    with pytest.raises(errors.NotFound):
        webhook_outbox.replay(small.record.engine, made, waiting.id, now=small.clock.now())


def test_one_that_cannot_be_told_does_not_keep_others_waiting(small: Office, receiver: Receiver) -> None:
    engine, now = small.record.engine, small.clock.now()
    webhooks.make(engine, "amal", url="https://broken.example.org/", kinds=frozenset({Kind.FILED}), now=now)
    hook(small, "bilal", receiver, Kind.FILED)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    assert beat(small, replace(OURS, look_up=_failing_for("broken.example.org"))) == Counts(received=1, failed=1)


def _failing_for(name: str) -> Callable[[str, int], tuple[str, ...]]:
    """Return a look-up of names that fails, as nobody foresaw, for one of them."""

    def look_up(host: str, _port: int) -> tuple[str, ...]:
        if host == name:
            raise RuntimeError(host)
        return (host,)

    return look_up


def test_what_is_private_to_a_party_is_told_to_nobody(small: Office, receiver: Receiver) -> None:
    hook(small, "amal", receiver)
    small.act("amal", "add_note", text=SECRET, zone="private:A")
    beat(small)
    assert receiver.got == []


def test_who_leaves_is_told_nothing_more(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    small.directory.leave("amal", now=small.clock.now())
    assert beat(small).withdrawn
    assert receiver.got == []
    assert states(small, made) == []


def test_a_failure_is_tried_again_with_the_same_id_until_it_is_received(office: Office, receiver: Receiver) -> None:
    made = hook(office, "amal", receiver, Kind.FILED)
    receiver.status = 503
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    assert beat(office) == Counts(failed=1)
    assert beat(office) == Counts()
    assert webhooks.get(office.record.engine, made.id).failing_since == office.clock.now()
    office.clock.advance(minutes=1)
    receiver.status = 204
    assert beat(office) == Counts(received=1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    [(_, tries)] = webhook_view.of_webhook(office.record.engine, made, limit=10)
    assert [one.status for one in tries] == [503, 204]
    assert webhooks.get(office.record.engine, made.id).failing_since is None


def test_a_redirection_is_not_followed(small: Office, receiver: Receiver) -> None:
    with listening() as inner:
        hook(small, "amal", receiver, Kind.FILED)
        receiver.status, receiver.location = 302, inner.url
        small.act("amal", "add_note", text="The road is shut.", zone="shared")
        assert beat(small) == Counts(failed=1)
        assert inner.got == []


def test_nothing_reaches_a_network_that_the_office_did_not_name(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver, Kind.FILED)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    assert beat(small, Reach()) == Counts(failed=1)
    assert receiver.got == []
    [(_, tries)] = webhook_view.of_webhook(small.record.engine, made, limit=10)
    assert "may not lead to" in tries[0].words


def test_one_that_fails_does_not_keep_others_waiting(small: Office, receiver: Receiver) -> None:
    with listening() as broken:
        broken.status = 500
        hook(small, "amal", broken)
        hook(small, "bilal", receiver)
        small.act("bilal", "answer_notice", text="The road is ours.")
        beat(small)
        assert len(broken.got) == 1
        assert receiver.got


def test_days_of_failure_stop_a_webhook_and_its_owner_is_told(office: Office, receiver: Receiver) -> None:
    made = hook(office, "amal", receiver)
    receiver.status = 500
    office.deliver()
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(office)
    office.clock.advance(seconds=GIVE_UP.total_seconds())
    beat(office)
    stopped = webhooks.get(office.record.engine, made.id)
    assert (stopped.is_told, stopped.stopped_because) == (False, "nothing was received for five days")
    office.memory.sent.clear()
    office.deliver()
    [mail] = [one for one in office.mails() if "told nothing any more" in str(one["Subject"])]
    assert str(mail["To"]).startswith("amal@")
    assert "resume it" in flat(body(mail))
    before = len(receiver.got)
    office.act("amal", "add_note", text="Later", zone="shared")
    beat(office)
    assert len(receiver.got) == before


def test_one_that_says_it_is_gone_is_stopped_at_once(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver)
    receiver.status = 410
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    assert beat(small).stopped == 1
    assert not webhooks.get(small.record.engine, made.id).is_told


def test_everything_since_an_instant_is_told_again_also_what_never_was(office: Office, receiver: Receiver) -> None:
    office.clock.advance(minutes=1)
    since = office.clock.now()
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    office.act("amal", "add_note", text=SECRET, zone="caucus:A")
    made = hook(office, "bilal", receiver, Kind.FILED)
    who, now = Viewer(routes.actor_of(office.directory.person("bilal")), by_mail=True), office.clock.now()
    queued = webhook_view.replay_since(office.record, made, who, since=since, now=now)
    assert queued == 1
    assert beat(office) == Counts(received=1)
    again = webhook_view.replay_since(office.record, made, who, since=since, now=now)
    assert (again, beat(office)) == (1, Counts(received=1))
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]


def test_one_thing_is_told_again(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver, Kind.FILED)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(small)
    [(told, _)] = webhook_view.of_webhook(small.record.engine, made, limit=10)
    webhook_outbox.replay(small.record.engine, made, told.id, now=small.clock.now())
    assert beat(small) == Counts(received=1)
    assert receiver.got[0][1] == receiver.got[1][1]


def test_a_trial_tells_of_nothing_and_is_tried_once(small: Office, receiver: Receiver) -> None:
    made = hook(small, "outis", receiver, Kind.CLOSED)
    receiver.status = 500
    webhook_outbox.trial(small.record.engine, made, now=small.clock.now())
    assert beat(small) == Counts(given_up=1)
    assert receiver.told[0]["data"] == {}


def test_what_a_dead_worker_held_is_told_by_the_next(office: Office, receiver: Receiver) -> None:
    hook(office, "amal", receiver, Kind.FILED)
    office.act("amal", "add_note", text="The road is shut.", zone="shared")
    [held] = webhook_outbox.claim(office.record.engine, now=office.clock.now(), owner="dead", limit=1)
    assert beat(office) == Counts()
    office.clock.advance(seconds=webhook_outbox.LEASE.total_seconds())
    assert beat(office) == Counts(received=1)
    late = webhook_outbox.Try(at=office.clock.now(), status=500, words="late")
    assert not webhook_outbox.settle(office.record.engine, held, late, state=State.RETRY)


def test_what_was_told_is_forgotten_after_thirty_days(small: Office, receiver: Receiver) -> None:
    made = hook(small, "amal", receiver, Kind.FILED)
    small.act("amal", "add_note", text="The road is shut.", zone="shared")
    beat(small)
    assert webhook_outbox.forget_old(small.record.engine, now=small.clock.now() + webhook_outbox.KEPT) == 0
    later = small.clock.now() + webhook_outbox.KEPT + timedelta(seconds=1)
    assert webhook_outbox.forget_old(small.record.engine, now=later) == 1
    assert states(small, made) == []
