"""What proves that a notice reached its people, who may read it, and a warning where one side lacks it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from cases import equal_notice, looks, outbox, served
from cases.looks import Kind
from cases.outbox import Attempt, MessageState
from cases.served import Addressee, Notice, Proof
from tests.cases.watched import START, House, viewer

TAKEN = Attempt(state=MessageState.SENT, outcome="accepted", code=250, reply="2.0.0 queued as 4711")
REFUSED = Attempt(state=MessageState.REFUSED, outcome="refused", code=550, reply="5.1.1 no such user")
UNKNOWN = Attempt(state=MessageState.UNKNOWN, outcome="unknown", next_at=START)


def settle(house: House, **outcomes: Attempt) -> None:
    """Writes a mail of each notice to each representative, and settles it by the person it goes to."""
    house.send_everything()
    for message in outbox.claim_messages(house.record.engine, now=house.clock.now(), owner="test"):
        outbox.settle(house.record.engine, message, attempt=outcomes[message.person_id], now=house.clock.now())


def proof(house: House, case_id: str, person: str = "cora") -> Proof:
    return served.of_case(house.record, viewer(person), case_id)


def receipt(house: House, case_id: str, person: str = "cora") -> Notice:
    (found,) = [one for one in proof(house, case_id, person).notices if one.mail == "receipt"]
    return found


def to(notice: Notice, person: str) -> Addressee:
    (found,) = [one for one in notice.addressees if one.person == person]
    return found


def lacks(house: House, case_id: str, person: str = "cora") -> list[tuple[str, str | None]]:
    found = equal_notice.of_case(house.record, viewer(person), case_id, now=house.clock.now())
    return [(one.party, one.notice.mail if one.notice else None) for one in found]


def test_a_mail_is_proved_by_its_tries_its_hash_and_when_it_counts(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=UNKNOWN, bilal=TAKEN)
    settle(house, amal=TAKEN)
    found = receipt(house, case_id)
    amal, bilal = to(found, "amal"), to(found, "bilal")
    assert amal.sha256 == hashlib.sha256(b"words").hexdigest()
    assert (amal.party, amal.code, amal.reply, amal.size) == ("A", 250, "2.0.0 queued as 4711", 5)
    assert ([one.outcome for one in amal.tries], amal.perhaps_twice) == (["unknown", "accepted"], True)
    assert (bilal.taken_at, bilal.perhaps_twice) == (START, False)
    assert (bilal.method, bilal.counts_at) == ("e-mail", START + timedelta(days=3))
    assert [(side.party, side.told_at) for side in found.sides] == [("A", START), ("B", START)]
    assert found.formal
    assert not found.apart


def test_a_mail_that_came_back_was_brought_to_nobody(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=TAKEN, bilal=TAKEN)
    bounced = Attempt(state=MessageState.REFUSED, outcome=outbox.CAME_BACK, reply="5.1.1 no such mailbox")
    with house.record.engine.begin() as work:
        outbox.came_back(work, to(receipt(house, case_id), "bilal").message, attempt=bounced, now=START)
    assert to(receipt(house, case_id), "bilal").counts_at is None
    house.clock.advance(days=2)
    assert lacks(house, case_id) == [("Base", "receipt")]


def test_a_look_at_the_case_counts_from_then_and_a_telephone_call_from_when_it_was_made(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=TAKEN, bilal=REFUSED)
    number = str(to(receipt(house, case_id), "bilal").message)
    house.clock.advance(minutes=30)
    looks.note(house.record, viewer("amal"), case_id, Kind.CASE, now=house.clock.now())
    told = {"what": "The receipt", "recipient": "B", "person": "bilal", "method": "read over the telephone"}
    house.act(case_id, "declare_service", by="cora", mail=number, **told)
    house.act(case_id, "declare_service", by="amal", mail=number, **told, served_at="2026-11-30T08:00:00+00:00")
    found = receipt(house, case_id)
    assert (to(found, "amal").method, to(found, "amal").counts_at) == ("seen at the desk", house.clock.now())
    assert (to(found, "bilal").method, to(found, "bilal").counts_at) == ("read over the telephone", house.clock.now())
    assert [one.by for one in to(found, "bilal").otherwise] == ["cora"]


def test_each_side_reads_its_own_mails_and_since_when_the_other_was_served(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=TAKEN, bilal=REFUSED)
    mine, theirs = receipt(house, case_id, "amal"), receipt(house, case_id, "bilal")
    assert [one.person for one in mine.addressees] == ["amal"]
    assert [one.person for one in theirs.addressees] == ["bilal"]
    assert [(side.party, side.counts_at, side.told_at) for side in mine.sides] == [
        ("A", START + timedelta(days=3), None),
        ("B", None, None),
    ]
    assert "bilal" not in repr(proof(house, case_id, "amal").notices)
    assert "no such user" not in repr(proof(house, case_id, "amal").notices)
    of_nobody = receipt(house, case_id, "jo")
    assert (of_nobody.subject, of_nobody.addressees, of_nobody.sides) == ("", (), mine.sides)


def test_a_side_never_learns_of_what_the_other_was_told_in_its_caucus(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    house.clock.advance(days=10)
    house.service.fire_due(case_id)
    settle(house, amal=TAKEN, bilal=TAKEN)
    mails = {person: {one.mail for one in proof(house, case_id, person).notices} for person in ("mo", "cora", "amal")}
    assert "offer_lapsed" in mails["mo"]
    assert "offer_lapsed" in mails["amal"]
    assert "offer_lapsed" not in mails["cora"]
    hidden = [one for one in proof(house, case_id, "amal").notices if one.mail in {"offer_made", "offer_lapsed"}]
    assert [one.sides for one in hidden] == [()] * len(hidden)
    # The mail that the test has sent to the wrong side is proved to it, for it was sent; nobody else is named.
    other = [one for one in proof(house, case_id, "bilal").notices if one.mail == "offer_lapsed"]
    assert [(len(one.addressees), one.sides) for one in other] == [(1, ())]


def test_a_side_that_a_notice_did_not_reach_in_time_is_warned_of_to_those_who_run_the_case(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=TAKEN, bilal=REFUSED)
    assert lacks(house, case_id) == []
    assert equal_notice.count(house.record, now=house.clock.now()) == 0
    house.clock.advance(days=2)
    assert lacks(house, case_id) == [("Base", "receipt")]
    assert lacks(house, case_id, "amal") == lacks(house, case_id, "jo") == []
    assert equal_notice.count(house.record, now=house.clock.now()) == 1
    number = str(to(receipt(house, case_id), "bilal").message)
    told = {"what": "The receipt", "recipient": "B", "person": "bilal", "method": "read over the telephone"}
    house.act(case_id, "declare_service", by="cora", mail=number, **told)
    assert lacks(house, case_id) == []
    assert receipt(house, case_id).apart


def test_a_notice_that_reached_nobody_is_no_unequal_one(house: House) -> None:
    case_id = house.filed()
    settle(house, amal=REFUSED, bilal=REFUSED)
    house.clock.advance(days=9)
    assert lacks(house, case_id) == []


def test_a_side_in_which_nobody_can_be_reached_is_warned_of_at_once(house: House) -> None:
    case_id = house.filed()
    for person in ("bilal", "sol"):
        kept = next(one for one in house.directory.everyone() if one.id == person)
        house.directory.change(replace(kept, active=False))
    assert lacks(house, case_id) == [("Base", None)]
    assert lacks(house, case_id, "amal") == []
