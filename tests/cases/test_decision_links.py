"""Tests links that ask for a decision, and the codes that prove who opens them, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import decision_links, personal_codes, queries, tables
from cases.decision_links import NewLink
from cases.people import Directory
from cases.queries import Asked
from cases.unit_of_work import unit_of_work
from states import errors
from states.items import Proposal
from tests.cases.watched import House, viewer

INSTANT = timedelta(microseconds=1)


def asked(house: House, who: str = "jo") -> Asked:
    """Ask the committee to agree that a case is refused, and return what somebody reads of it."""
    case_id = house.filed()
    house.act(case_id, "refuse", reason="filed before", other_door="The court")
    [item] = queries.case_for(house.record, viewer(who), case_id)[1].all(Proposal)
    return queries.asked_of(house.record, viewer(who), case_id, item.id, now=house.clock.now())


def kept(house: House) -> NewLink:
    made = decision_links.new_link(asked(house), "jo", now=house.clock.now())
    with unit_of_work(house.record.engine) as work:
        decision_links.keep(work, made)
    return made


def test_somebody_is_asked_only_for_what_is_theirs_to_answer(house: House) -> None:
    question = asked(house)
    assert {one.trigger.name for one in question.answers} == {"agree", "decline"}
    now = house.clock.now()
    convener = queries.asked_of(house.record, viewer("cora"), question.case.id, question.item.id, now=now)
    assert convener.answers == ()
    with pytest.raises(errors.NotFound):
        queries.asked_of(house.record, viewer("zoe"), question.case.id, question.item.id, now=now)


def test_an_answer_ends_the_asking_and_stands_in_the_history(house: House) -> None:
    question = asked(house)
    house.act(question.case.id, "decline", by="jo", proposal=question.item.id, reason="It is one.")
    now = house.clock.now()
    after = queries.asked_of(house.record, viewer("jo"), question.case.id, question.item.id, now=now)
    assert (after.answers, after.version, after.deadline) == ((), question.version, None)
    assert [one.label for one in after.history][-1] == "Decline a proposal"


def test_what_asks_for_no_decision_is_not_there(house: House) -> None:
    case_id = house.filed()
    issue = queries.case_for(house.record, viewer("cora"), case_id)[1].items[0]
    with pytest.raises(errors.NotFound):
        queries.asked_of(house.record, viewer("cora"), case_id, issue.id, now=house.clock.now())


def test_a_link_is_good_until_the_answer_is_due_and_fourteen_days_at_most(house: House) -> None:
    question = asked(house)
    assert question.deadline is not None
    now, due = house.clock.now(), question.deadline.due_at
    assert decision_links.new_link(question, "jo", now=now).link.expires_at == due
    early = due - timedelta(days=20)
    assert decision_links.new_link(question, "jo", now=early).link.expires_at == early + decision_links.LONGEST


def test_the_database_holds_no_token(house: House) -> None:
    made, now = kept(house), house.clock.now()
    visit = decision_links.begin_visit(house.record.engine, made.link, now=now)
    code = personal_codes.make(house.record.engine, "jo", now=now)
    with house.record.engine.connect() as connection:
        known = (tables.decision_links, tables.decision_visits, tables.personal_codes)
        rows = "".join(str(connection.execute(select(table)).all()) for table in known)
    assert not any(secret in rows for secret in (made.token, visit, code, code.replace(" ", "")))
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in rows
    assert len(made.token) == 22


def test_a_visit_lasts_ten_minutes_and_dies_with_its_link(house: House) -> None:
    made, now, engine = kept(house), house.clock.now(), house.record.engine
    visit = decision_links.begin_visit(engine, made.link, now=now)
    last = now + decision_links.VISIT
    assert decision_links.visited(engine, visit, now=last - INSTANT) == made.link
    assert decision_links.visited(engine, visit, now=last) is None
    decision_links.revoke(engine, "jo", made.link.item_id, now=now)
    assert decision_links.visited(engine, visit, now=now) is None
    assert decision_links.find(engine, made.token) is None


def test_the_link_of_somebody_who_left_is_unknown(house: House) -> None:
    made = kept(house)
    assert decision_links.find(house.record.engine, made.token) == made.link
    Directory(house.record.engine).leave("jo", now=house.clock.now())
    assert decision_links.find(house.record.engine, made.token) is None


def test_an_expired_link_is_renewed_once(house: House) -> None:
    made, now = kept(house), house.clock.now()
    with unit_of_work(house.record.engine) as work:
        assert decision_links.renew(work, made.link, now=now)
        assert not decision_links.renew(work, made.link, now=now)


def test_old_links_are_forgotten_with_their_visits(house: House) -> None:
    made, engine = kept(house), house.record.engine
    decision_links.begin_visit(engine, made.link, now=house.clock.now())
    assert decision_links.forget_old(engine, before=house.clock.now()) == 0
    assert decision_links.forget_old(engine, before=made.link.expires_at + INSTANT) == 2


def test_a_code_proves_one_person_and_is_typed_as_people_type(house: House) -> None:
    engine, now = house.record.engine, house.clock.now()
    code = personal_codes.make(engine, "jo", now=now)
    assert [len(four) for four in code.split(" ")] == [4, 4, 4, 4]
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    typed = (code, code.replace(" ", ""), f" {code.replace(' ', '-')} ", arabic)
    assert [personal_codes.proves(engine, "jo", one) for one in typed] == [True] * 4
    assert not personal_codes.proves(engine, "mo", code)


def test_five_wrong_tries_spend_a_code_and_a_new_one_takes_its_place(house: House) -> None:
    engine, now = house.record.engine, house.clock.now()
    code = personal_codes.make(engine, "jo", now=now)
    wrong = "1" * 16 if code != "1111 1111 1111 1111" else "2" * 16
    tries = [personal_codes.proves(engine, "jo", one) for one in (*[wrong] * 4, code, *[wrong] * 5, code)]
    assert tries == [False] * 4 + [True] + [False] * 6
    again = personal_codes.make(engine, "jo", now=now)
    assert not personal_codes.proves(engine, "jo", code)
    assert personal_codes.proves(engine, "jo", again)


def test_of_tries_at_the_same_moment_each_one_counts(house: House) -> None:
    engine = house.record.engine
    personal_codes.make(engine, "jo", now=house.clock.now())
    people = [threading.Thread(target=personal_codes.proves, args=(engine, "jo", "0")) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with engine.connect() as connection:
        left = connection.execute(select(tables.personal_codes.c.tries_left)).scalar_one()
    assert left == personal_codes.TRIES - 4


@pytest.mark.parametrize("typed", ["", "1234", "1" * 17, "abcd abcd abcd abcd", "1234 5678 9012 345x"])
def test_what_is_no_code_is_read_as_nothing(typed: str) -> None:
    assert personal_codes.read(typed) == ""


def test_nobody_gets_a_code_who_is_not_on_file(house: House) -> None:
    with pytest.raises(errors.NotFound, match="nobody on file"):
        personal_codes.make(house.record.engine, "nobody", now=house.clock.now())
