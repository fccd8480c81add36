"""Sealed offers: nobody reads one before all are opened at one instant, and its filing tells nothing of it."""

from __future__ import annotations

import pytest

from config import working_time
from states import case as cases
from states import errors, roles, timers
from states.items import Envelope, Offer, Round
from tests.states.mediations import (
    COMMITTEE,
    CONVENER,
    DISPUTE,
    MEDIATOR,
    MONDAY,
    act,
    at,
    do,
    later,
    seen_by,
    told_to,
)

CALENDARS = working_time.shipped_calendars()
SECRET = "amber lantern"


def asked(*, parties: int = 2) -> cases.Case:
    """Ask every party for a sealed offer."""
    case = at("sessions", parties=parties)
    return do(case, "open_sealed_round", MEDIATOR, question="How far?", due_at=later(days=2))


def the_round(case: cases.Case) -> Round:
    """Return the only round."""
    (found,) = case.all(Round)
    return found


def file(case: cases.Case, letter: str, text: str) -> cases.Case:
    """File a party's sealed offer."""
    return do(case, "file_sealed_offer", f"representative {letter}", round=the_round(case).id, text=text)


def next_timer(case: cases.Case) -> str | None:
    """Name what the clocks of the round do next."""
    plan = timers.plan(DISPUTE, case, CALENDARS)
    found = (one.trigger for one in plan if one.deadline in {"sealed_round", "opening"} and one.trigger)
    return next(found, None)


def test_a_sealed_offer_is_read_by_its_party_alone_and_the_filing_tells_nothing_of_it() -> None:
    before = asked(parties=5)
    case, happened = act(
        before, "file_sealed_offer", "representative B", round=the_round(before).id, text=f"{SECRET} one kilometre"
    )
    for person in (MEDIATOR, CONVENER, COMMITTEE, "area_manager B", *(f"representative {one}" for one in "ACDE")):
        everything = seen_by(case, person) + told_to(case, happened, person)
        assert SECRET not in everything, person
    assert SECRET in seen_by(case, "representative B")
    assert the_round(case).filed_by == ("B",)
    shared = [event for event in happened if event.zone == roles.SHARED]
    assert [dict(event.inputs) for event in shared] == [{}]


def test_two_filings_of_quite_different_length_look_the_same_to_everybody_else() -> None:
    short, long = file(asked(), "A", "1"), file(asked(), "A", "1" * 5000)
    assert seen_by(short, "representative B") == seen_by(long, "representative B")


def test_all_are_opened_at_one_instant_when_the_last_is_in() -> None:
    case = asked(parties=5)
    for letter in "ABCDE":
        assert next_timer(case) == "lapse_round"
        case = file(case, letter, f"offer of {letter}")
    assert (the_round(case).state, case.all(Offer), next_timer(case)) == ("complete", (), "open_envelopes")
    case, happened = act(case, "open_envelopes", roles.THE_CLOCK, round=the_round(case).id)
    assert [(one.party, one.text, one.zone) for one in case.all(Offer, "open")] == [
        (letter, f"offer of {letter}", roles.SHARED) for letter in "ABCDE"
    ]
    assert [event.zone for event in happened] == [roles.SHARED]
    assert {one.at for one in case.all(Offer)} == {MONDAY}


def test_a_missing_offer_opens_nothing_and_what_was_filed_stays_sealed() -> None:
    case = file(asked(), "A", SECRET)
    case = do(case, "lapse_round", roles.THE_CLOCK, round=the_round(case).id)
    assert (the_round(case).state, case.all(Offer)) == ("lapsed", ())
    assert SECRET not in seen_by(case, "representative B")


def test_a_party_may_put_another_offer_into_its_envelope_and_nobody_notices() -> None:
    first = file(asked(), "A", "one")
    case, happened = act(first, "file_sealed_offer", "representative A", round=the_round(first).id, text="two")
    assert [one.text for one in case.all(Envelope)] == ["two"]
    assert seen_by(case, "representative B") == seen_by(first, "representative B")
    assert {event.zone for event in happened} == {roles.zone_of(roles.PRIVATE, "A")}


def test_nothing_is_filed_into_a_round_that_is_over() -> None:
    case = file(file(asked(), "A", "one"), "B", "two")
    with pytest.raises(errors.NeedsMissing, match="must be one of this case that is open"):
        file(case, "A", "three")


def test_only_the_mediator_asks_and_only_a_party_files() -> None:
    with pytest.raises(errors.NotYours):
        do(at("sessions"), "open_sealed_round", CONVENER, question="?", due_at=later(days=1))
    with pytest.raises(errors.NotYours):
        do(asked(), "file_sealed_offer", MEDIATOR, round=the_round(asked()).id, text="x", party="A")
    with pytest.raises(errors.NeedsMissing, match="the date lies ahead"):
        do(at("sessions"), "open_sealed_round", MEDIATOR, question="?", due_at=later(days=-1))
