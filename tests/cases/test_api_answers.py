"""Requests that may be sent again: answered once, the same for ever, and told to nobody who reads the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from cases import api_answers, tables
from cases.api_answers import Answer, Request
from cases.unit_of_work import reading, unit_of_work
from states import errors
from tests.cases.builders import Desk

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ASKED = Request("the secret of a program", "request-one", b"open a case")
ANSWER = Answer(201, b"amber lantern")


def test_the_same_request_gets_the_same_answer(desk: Desk) -> None:
    assert api_answers.begin(desk.engine, ASKED, now=NOW) is None
    api_answers.keep(desk.engine, ASKED, ANSWER)
    assert api_answers.begin(desk.engine, ASKED, now=NOW + timedelta(hours=23)) == ANSWER


def test_another_request_with_the_same_key_is_refused(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    with pytest.raises(errors.KeyReused):
        api_answers.begin(desk.engine, replace(ASKED, asks=b"open another"), now=NOW)


def test_a_request_under_way_is_not_begun_again_until_its_worker_is_given_up(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    with pytest.raises(errors.UnderWay):
        api_answers.begin(desk.engine, ASKED, now=NOW + api_answers.UNDER_WAY - timedelta(seconds=1))
    assert api_answers.begin(desk.engine, ASKED, now=NOW + api_answers.UNDER_WAY) is None
    with pytest.raises(errors.UnderWay):
        api_answers.begin(desk.engine, ASKED, now=NOW + api_answers.UNDER_WAY)


def test_a_refused_request_is_mended_and_sent_with_its_key(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    api_answers.release(desk.engine, ASKED)
    assert api_answers.begin(desk.engine, replace(ASKED, asks=b"a mended one"), now=NOW) is None


def test_an_answer_is_not_taken_back_by_a_late_release(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    api_answers.keep(desk.engine, ASKED, ANSWER)
    api_answers.release(desk.engine, ASKED)
    assert api_answers.begin(desk.engine, ASKED, now=NOW) == ANSWER


def test_two_programs_with_one_key_do_not_meet(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    assert api_answers.begin(desk.engine, replace(ASKED, secret="another program's"), now=NOW) is None


def test_what_was_answered_is_not_to_be_read_in_the_database(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    api_answers.keep(desk.engine, ASKED, ANSWER)
    with reading(desk.engine) as connection:
        rows = str([tuple(row) for row in connection.execute(select(tables.api_answers))])
    assert not [word for word in ("amber", "lantern", ASKED.secret, ASKED.key) if word in rows]


def test_an_answer_that_was_changed_is_not_given(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    api_answers.keep(desk.engine, ASKED, ANSWER)
    with unit_of_work(desk.engine) as work:
        work.execute(update(tables.api_answers).values(sealed=b"0123456789012345678901234567890"))
    with pytest.raises(errors.BrokenRecord):
        api_answers.begin(desk.engine, ASKED, now=NOW)


def test_answers_are_forgotten_after_a_day(desk: Desk) -> None:
    api_answers.begin(desk.engine, ASKED, now=NOW)
    assert api_answers.forget_old(desk.engine, now=NOW + api_answers.KEPT) == 0
    assert api_answers.forget_old(desk.engine, now=NOW + api_answers.KEPT + timedelta(minutes=1)) == 1
