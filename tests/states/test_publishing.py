"""What is confidential crosses only as a copy, only by its owner's hand, and only in the words that were chosen."""

from __future__ import annotations

import pytest

from states import case as cases
from states import errors, roles
from states.items import Item, Note, Release, Session
from tests.states.mediations import CONVENER, MEDIATOR, act, at, do, seen_by, told_to

WORDS = "we could give two days a week"
NOTE = f"Our donor leaves in May; {WORDS}. Call it amber lantern."


def noted(zone: str, person: str, text: str = NOTE) -> cases.Case:
    """Write a note into a zone."""
    return do(at("sessions", parties=5), "add_note", person, zone=zone, text=text)


def newest(case: cases.Case, kind: type[Item]) -> Item:
    """Return the newest item of a kind."""
    return case.all(kind)[-1]


def test_nothing_but_the_chosen_words_crosses() -> None:
    case = noted(roles.caucus("B"), "representative B")
    origin = newest(case, Note).id
    case, happened = act(case, "publish", "representative B", item=origin, words=WORDS)
    for person in ("representative A", "representative C", "representative D", "representative E", CONVENER):
        told = seen_by(case, person) + told_to(case, happened, person)
        assert WORDS in told
        assert "amber lantern" not in told, person
        assert "donor" not in told, person
        assert origin not in told, person
        assert "Release" not in told, person


def test_who_reads_the_original_reads_where_its_copy_is() -> None:
    case = noted(roles.caucus("B"), "representative B")
    origin = newest(case, Note).id
    case = do(case, "publish", "representative B", item=origin, words=WORDS)
    (release,) = case.all(Release)
    assert (release.zone, release.origin, release.copy) == (roles.caucus("B"), origin, newest(case, Note).id)
    assert "Release" in seen_by(case, MEDIATOR)


def test_a_note_is_published_whole_when_no_words_are_chosen_and_stays_where_it_was() -> None:
    case = noted(roles.zone_of(roles.PRIVATE, "A"), "representative A")
    case = do(case, "publish", "representative A", item=newest(case, Note).id)
    assert [(one.zone, one.text) for one in case.all(Note)] == [
        (roles.zone_of(roles.PRIVATE, "A"), NOTE),
        (roles.SHARED, NOTE),
    ]


def test_the_mediator_does_not_publish_what_a_party_said_in_confidence() -> None:
    case = noted(roles.caucus("B"), "representative B")
    with pytest.raises(errors.NeedsMissing, match="only its owner publishes it"):
        do(case, "publish", MEDIATOR, item=newest(case, Note).id, words=WORDS)


def test_what_lies_with_the_team_is_published_by_the_mediator() -> None:
    case = noted(roles.TEAM, MEDIATOR)
    assert WORDS in seen_by(do(case, "publish", MEDIATOR, item=newest(case, Note).id), "representative C")
    with pytest.raises(errors.NotYours):
        do(case, "publish", CONVENER, item=newest(case, Note).id)


def test_another_partys_item_is_as_unknown_as_none_at_all() -> None:
    case = noted(roles.caucus("B"), "representative B")
    with pytest.raises(errors.NeedsMissing, match="must be one of this case that is not shared already"):
        do(case, "publish", "representative A", item=newest(case, Note).id)


def test_what_is_shared_is_not_published_again() -> None:
    case = noted(roles.SHARED, "representative A")
    with pytest.raises(errors.NeedsMissing, match="not shared already"):
        do(case, "publish", "representative A", item=newest(case, Note).id)


def test_words_that_do_not_stand_in_it_are_refused() -> None:
    case = noted(roles.caucus("B"), "representative B")
    with pytest.raises(errors.NeedsMissing, match="stand in it, exactly so"):
        do(case, "publish", "representative B", item=newest(case, Note).id, words="we could give three days a week")


def test_of_a_caucus_only_chosen_words_are_published_and_by_its_party() -> None:
    case = do(at("sessions"), "open_session", MEDIATOR, form="caucus", with_party="B", agenda="x")
    case = do(case, "close_session", MEDIATOR, minutes=NOTE, attendance=["representative B"])
    with pytest.raises(errors.NeedsMissing, match="of anything else, the words are chosen"):
        do(case, "publish", "representative B", item=newest(case, Session).id)
    case = do(case, "publish", "representative B", item=newest(case, Session).id, words=WORDS)
    assert WORDS in seen_by(case, "representative A")
    assert "amber" not in seen_by(case, "representative A")
