"""The dates that are coming, in both databases: all that a viewer may read of, in order, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases import coming, queries
from cases.queries import Window
from states import errors
from states.case import Stay
from states.events import Change, ItemRecorded, StageEntered, StayBegun
from states.items import Interim, Item, Mandate, Obligation, Session
from tests.cases.builders import happen
from tests.cases.watched import START, House, viewer

DAY = timedelta(days=1)


def on_file(house: House, *items: Item, more: tuple[Change, ...] = ()) -> str:
    """Opens a case in follow-up with these items on file."""
    case_id = house.open()
    changes = (StageEntered("follow_up", START, "convener"), *map(ItemRecorded, items), *more)
    happen(house.record, case_id, *changes, by="cora", at=START)
    return case_id


def session(zone: str = "shared", *, after: timedelta = DAY, agenda: str = "How it goes") -> Session:
    common = {"by": "mo", "at": START, "state": "planned", "form": "joint"}
    return Session(id=f"session {zone}", zone=zone, begins_at=START + after, agenda=agenda, **common)  # type: ignore[arg-type]


def promise(*, every_days: int = 0, until: datetime | None = None) -> Obligation:
    return Obligation(
        id="promise",
        zone="shared",
        by="cora",
        at=START,
        state="due",
        owner="A",
        verifier="B",
        action="mark the road",
        due_at=START + 10 * DAY,
        every_days=every_days,
        until=until,
    )


def mandate(party: str = "A", *, days: int = 5) -> Mandate:
    return Mandate(
        id=f"mandate of {party}",
        zone=f"line:{party}",
        by="cora",
        at=START,
        state="recorded",
        party=party,
        person="amal",
        may="sign",
        valid_from=START,
        valid_until=START + days * DAY,
    )


def dates(house: House, person: str, **wanted: object) -> list[tuple[str, timedelta]]:
    """Says what is coming for somebody, and in how long."""
    window = Window(**wanted)  # type: ignore[arg-type] # a test's own keywords
    found = queries.calendar(house.record, viewer(person), wanted=window, now=START)
    return [(one.date.label, one.date.due_at - START) for one in found.dates]


def test_everything_with_a_date_is_in_order_with_whom_it_waits_for_and_what_silence_means(house: House) -> None:
    rule = Interim(
        id="rule", zone="shared", by="mo", at=START, state="on", rule="No convoys", expires_at=START + 2 * DAY
    )
    case_id = on_file(house, session(), rule, promise(), mandate())
    found = queries.calendar(house.record, viewer("amal"), wanted=Window(case=case_id), now=START).dates
    told = [(one.date.label, one.date.due_at - START, one.mine) for one in found]
    assert told == sorted(told, key=lambda one: one[1])
    assert {(label, after): mine for label, after, mine in told}.items() >= {
        ("Hold the session on its day", DAY): False,
        ("Keep to the interim rule until it ends", 2 * DAY): False,
        (coming.AUTHORITY_ENDS, 5 * DAY): True,
        ("Report the obligation as done", 10 * DAY): True,
    }.items()
    due = next(one.date for one in found if one.date.item == promise())
    assert [holder.name for holder in due.holders] == ["Amal"]
    assert due.means == "The term is recorded as missed and the parties are called back."


@pytest.mark.parametrize(
    ("zone", "readers"),
    [("caucus:B", {"mo", "bilal"}), ("team", {"mo", "cora"}), ("shared", {"mo", "cora", "amal", "bilal", "jo"})],
)
def test_a_date_is_told_to_those_alone_who_read_what_it_is_about(house: House, zone: str, readers: set[str]) -> None:
    case_id = on_file(house, session(zone, agenda="canary"))
    for person in ("mo", "cora", "amal", "bilal", "jo"):
        one = queries.calendar(house.record, viewer(person), wanted=Window(case=case_id), now=START)
        every = queries.calendar(house.record, viewer(person), wanted=Window(), now=START)
        file = queries.case_file(house.record, viewer(person), case_id, now=START)
        for shown in (one, every, file.dates):
            assert ("canary" in repr(shown)) == (person in readers), person
        assert any(date.due_at == START + DAY for date in file.dates) == (person in readers), person


def test_the_end_of_an_authority_is_told_to_its_own_side_and_the_team(house: House) -> None:
    on_file(house, mandate("B"))
    told = {
        person: coming.AUTHORITY_ENDS in dict(dates(house, person)) for person in ("bilal", "cora", "mo", "amal", "jo")
    }
    assert told == {"bilal": True, "cora": True, "mo": True, "amal": False, "jo": False}


def test_a_promise_that_recurs_is_laid_out_until_its_last_time_or_the_end_of_the_window(house: House) -> None:
    on_file(house, promise(every_days=30, until=START + 80 * DAY))
    asked = "Report the obligation as done"
    assert [after.days for label, after in dates(house, "amal") if label == asked] == [10, 40, 70]
    near = dates(house, "amal", until=START + 60 * DAY)
    assert [after.days for label, after in near if label == asked] == [10, 40]


def test_a_window_and_a_limit_narrow_what_is_listed(house: House) -> None:
    on_file(house, session(), promise())
    everything = dates(house, "amal")
    later = dates(house, "amal", since=START + 2 * DAY)
    assert later == [one for one in everything if one[1] >= 2 * DAY]
    found = queries.calendar(house.record, viewer("amal"), wanted=Window(limit=1), now=START)
    assert (len(found.dates), found.more) == (1, True)


def test_a_pause_shows_its_end_and_no_date_that_stands_still(house: House) -> None:
    stay = Stay(begun_at=START, until=START + 7 * DAY, reason="rain")
    rule = Interim(
        id="rule", zone="shared", by="mo", at=START, state="on", rule="No convoys", expires_at=START + 2 * DAY
    )
    on_file(house, session(), rule, more=(StayBegun(stay),))
    assert dates(house, "amal") == [("Keep to the interim rule until it ends", 2 * DAY), (coming.PAUSED, 7 * DAY)]


def test_what_is_overdue_comes_first(house: House) -> None:
    on_file(house, promise())
    late = queries.calendar(house.record, viewer("amal"), wanted=Window(), now=START + 11 * DAY)
    assert [one.date.overdue for one in late.dates] == sorted((one.date.overdue for one in late.dates), reverse=True)
    assert late.dates[0].date.overdue


def test_a_case_of_others_has_no_dates_and_reads_like_none(house: House) -> None:
    case_id = on_file(house, promise())
    assert dates(house, "zoe") == []
    for unknown in (case_id, "W-1999-0001"):
        with pytest.raises(errors.NotFound) as refused:
            dates(house, "zoe", case=unknown)
        assert str(refused.value) == "there is no such case, or it is not yours to see"
