"""The calendars that people's own programs fetch: tokens, names that stay, and numbers that grow with what one sees."""

from __future__ import annotations

from dataclasses import replace

from cases import feeds
from cases.people import Directory
from tests.cases.watched import House, viewer


def dates(house: House, who: str) -> tuple[feeds.FeedDate, ...]:
    return feeds.dates(house.record, replace(viewer(who), by_mail=True), now=house.clock.now())


def screened(house: House) -> str:
    """Opens a case and lets the clock acknowledge its notice, which is due at once."""
    case_id = house.filed()
    house.act(case_id, "put_note", by="mo", text="x", zone="shared")
    return case_id


def test_a_token_reads_the_calendar_of_its_owner_until_it_is_renewed_or_ended(house: House) -> None:
    engine, now = house.record.engine, house.clock.now()
    first = feeds.renew(engine, "cora", now=now)
    assert len(first) >= 22
    assert (feeds.reader(engine, first), feeds.reader(engine, "guess"), feeds.made_at(engine, "cora")) == (
        "cora",
        None,
        now,
    )
    second = feeds.renew(engine, "cora", now=now)
    assert (feeds.reader(engine, first), feeds.reader(engine, second)) == (None, "cora")
    feeds.end(engine, "cora")
    assert (feeds.reader(engine, second), feeds.made_at(engine, "cora")) == (None, None)


def test_the_calendar_of_somebody_who_left_is_not_read_any_more(house: House) -> None:
    engine = house.record.engine
    token = feeds.renew(engine, "cora", now=house.clock.now())
    directory = Directory(engine)
    directory.change(replace(directory.person("cora"), active=False))
    assert feeds.reader(engine, token) is None


def test_each_date_keeps_its_name_and_its_number_grows_with_what_happens(house: House) -> None:
    case_id = screened(house)
    before = {one.uid: one for one in dates(house, "cora")}
    assert before
    assert len(before) == len(dates(house, "cora"))
    house.clock.advance(hours=1)
    house.act(case_id, "put_note", by="mo", text="x", zone="shared")
    after = {one.uid: one for one in dates(house, "cora")}
    assert before.keys() <= after.keys()
    assert {after[uid].sequence - one.sequence for uid, one in before.items()} == {3600}


def test_what_somebody_may_not_see_moves_nothing_in_their_calendar(house: House) -> None:
    case_id = screened(house)
    before = dates(house, "amal")
    house.clock.advance(hours=1)
    house.act(case_id, "put_note", by="mo", text="x", zone="caucus:B")
    assert dates(house, "amal") == before
    assert dates(house, "zoe") == ()
