"""Cases tied to one another: both files tell of it or neither does, and only to those who may see the other case."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from cases import ledger
from cases import unit_of_work as work
from cases.receipts import Receipt
from states import errors, joined
from states.case import Side
from states.events import ItemRecorded
from states.items import Cause, Document, Issue, Link, Why
from tests.cases.builders import happen, put_on_file
from tests.cases.neighbours import OTHER_CONVENER, Office, parties


def link(office: Office, case_id: str, other: str, **inputs: str) -> None:
    office.act(case_id, "link_case", **{"case": other, "relation": "cross", "reason": "The same road", **inputs})


def holds(office: Office) -> bool:
    with work.reading(office.record.engine) as connection:
        return ledger.verify(connection).consistent


def test_a_link_stands_in_both_files(office: Office) -> None:
    one, two = office.open("north", "south"), office.open("south", "east")
    link(office, one.case_id, two.number, relation="repeat")
    assert office.links(one.number) == [("repeat", two.number, True)]
    assert office.links(two.number) == [("repeat", one.number, False)]
    assert holds(office)


def test_a_case_may_be_named_by_its_id_and_in_small_letters(office: Office) -> None:
    one, two, three = office.open("north", "south"), office.open("south", "east"), office.open("west", "east")
    link(office, one.case_id, two.case_id)
    link(office, one.case_id, three.number.lower())
    assert [number for _, number, _ in office.links(one.number)] == [two.number, three.number]
    said = {line.value for entry in office.file(one.number).timeline for line in entry.lines}
    assert {two.number, three.number} <= said


@pytest.mark.parametrize(
    ("who", "sees"),
    [("cora", True), ("south_rep", True), ("north_rep", False), ("north_senior", False), ("north_area", False)],
)
def test_only_who_may_see_the_other_case_sees_the_link(office: Office, who: str, *, sees: bool) -> None:
    one, two = office.screened("north", "south"), office.screened("south", "east")
    link(office, one.case_id, two.number, reason="They share the copper kettle")
    file = office.file(one.number, who)
    told = [entry.trigger for entry in file.timeline]
    assert (bool(office.links(one.number, who)), "link_case" in told) == (sees, sees)
    assert (two.number in repr(file), two.case_id in repr(file), "copper kettle" in repr(file)) == (sees,) * 3


def test_an_unknown_case_and_one_of_somebody_else_read_alike(office: Office) -> None:
    mine = office.open("north", "south", roles={"convener": ("omar",)})
    theirs = office.open("south", "east")
    told = []
    for number in ("D-2026-9999", theirs.number):
        with pytest.raises(errors.NeedsMissing, match="there is such a case") as refusal:
            office.act(mine.case_id, "link_case", OTHER_CONVENER, case=number, relation="cross", reason="?")
        told.append(refusal.value.missing)
    assert told[0] == told[1]
    assert office.links(theirs.number) == []


@pytest.mark.parametrize(
    ("again", "sentence"), [("itself", "not this case itself"), ("twice", "already"), ("from the other", "already")]
)
def test_a_link_to_itself_or_made_twice_is_refused(office: Office, again: str, sentence: str) -> None:
    one, two = office.open("north", "south"), office.open("south", "east")
    link(office, one.case_id, two.number)
    ends = {"itself": (one, one), "twice": (one, two), "from the other": (two, one)}[again]
    with pytest.raises(errors.NeedsMissing, match=sentence):
        link(office, ends[0].case_id, ends[1].number)
    assert len(office.links(one.number)) == 1


def test_two_who_link_the_same_cases_at_once_from_both_ends_make_one_link(office: Office) -> None:
    one, two = office.open("north", "south"), office.open("south", "east")
    start, refused = threading.Barrier(2), []

    def make(here: str, there: str) -> None:
        start.wait()
        try:
            link(office, here, there)
        except errors.ParleyError as refusal:
            refused.append(refusal)

    ends = ((one.case_id, two.number), (two.case_id, one.number))
    threads = [threading.Thread(target=make, args=pair) for pair in ends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(refusal) for refusal in refused] == [errors.NeedsMissing]
    assert (len(office.links(one.number)), len(office.links(two.number))) == (1, 1)
    assert holds(office)


def test_a_clock_of_the_other_case_that_has_run_out_goes_first(office: Office) -> None:
    one, two = office.open("north", "south"), office.open("south", "east")
    office.clock.advance(days=20)
    office.act(one.case_id, "submit")
    office.clock.advance(days=16)
    link(office, one.case_id, two.number)
    assert office.case(two.number).stage == "closed"
    assert [entry.trigger for entry in office.file(two.number).timeline][-2:] == ["discard", "be_linked"]


def heard(office: Office, *cases: Receipt) -> None:
    """Has the convener talk with every party of some cases."""
    for case in cases:
        for party in office.case(case.case_id).parties:
            office.act(case.case_id, "record_talk", party=party.id, text="We heard them.")


def test_no_case_is_folded_before_its_parties_were_heard(office: Office) -> None:
    lead, folded = office.admitted("north", "south"), office.admitted("south", "east")
    with pytest.raises(errors.NeedsMissing, match="has heard every party"):
        office.act(folded.case_id, "join_to", lead=lead.number, reason="One road, one table")
    assert office.case(folded.number).stage == "root_cause"


def test_a_folded_case_ends_and_its_strangers_come_into_the_lead(office: Office) -> None:
    lead, folded = office.admitted("north", "south"), office.admitted("south", "east")
    heard(office, folded)
    office.act(folded.case_id, "join_to", lead=lead.number, reason="One road, one table")
    assert (office.case(folded.number).stage, office.case(folded.number).outcome) == ("closed", "joined")
    assert [(one.name, one.side) for one in office.case(lead.number).parties][2:] == [("East", Side.JOINED)]
    assert office.links(lead.number, "east_rep") == [("joiner", folded.number, False)]
    assert office.links(lead.number, "north_rep") == []
    assert "take_in" in [entry.trigger for entry in office.file(lead.number, "north_rep").timeline]
    assert holds(office)


def test_who_does_not_come_along_is_not_told_where_a_case_went(office: Office) -> None:
    parts = {"convener": ("cora",), "committee": ("carol",)}
    lead, folded = office.admitted("north", "south"), office.admitted("south", "east", roles=parts)
    heard(office, folded)
    office.act(folded.case_id, "join_to", lead=lead.number, reason="One road, one table")
    for who, told in (("cora", True), ("carol", False)):
        said = [line.value for entry in office.file(folded.number, who).timeline for line in entry.lines]
        assert (lead.number in said) == told


def test_a_party_that_bears_the_id_of_another_one_gets_its_own(office: Office) -> None:
    lead = office.admitted("north", "south")
    folded = office.admitted("east", "west")
    heard(office, folded)
    office.act(folded.case_id, "join_to", lead=lead.number, reason="One road")
    south, dam = parties("south", "dam")
    again = office.admitted("south", "dam", parties=(south, replace(dam, id="north")))
    heard(office, again)
    office.act(again.case_id, "join_to", lead=lead.number, reason="One road")
    ids = [one.id for one in office.case(lead.number).parties]
    assert len(ids) == len(set(ids)) == 5


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("closed", "is open"), ("joined", "not itself joined"), ("itself", "not this case itself"), ("sealed", "who run")],
)
def test_a_lead_that_cannot_lead_is_refused(office: Office, state: str, sentence: str) -> None:
    lead, case = office.admitted("north", "south"), office.admitted("south", "east")
    if state == "closed":
        office.act(lead.case_id, "withdraw", "north_rep", reason="Settled")
    if state == "joined":
        link(office, lead.case_id, office.admitted("north", "west").number, relation="joiner")
    if state == "sealed":
        put_on_file(office.record.engine, "east_area")
        office.act(lead.case_id, "assign", part="committee", people=["east_area"])
    with pytest.raises(errors.NeedsMissing, match=sentence):
        office.act(case.case_id, "join_to", lead=case.number if state == "itself" else lead.number, reason="?")
    assert office.case(case.number).stage == "root_cause"
    assert len(office.case(lead.number).parties) == 2


def test_a_lead_that_is_not_ready_leaves_the_folded_case_open(office: Office) -> None:
    lead, case = office.open("north", "south"), office.admitted("south", "east")
    heard(office, case)
    with pytest.raises(errors.Refused, match="the other case cannot take part"):
        office.act(case.case_id, "join_to", lead=lead.number, reason="?")
    assert (office.case(case.number).stage, office.links(lead.number)) == ("root_cause", [])


def test_an_issue_is_severed_into_a_case_of_its_own(office: Office) -> None:
    parent = office.admitted("north", "south")
    issue = office.case(parent.number).all(Issue)[1]
    office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
    (_, number, outward), *more = office.links(parent.number)
    child = office.case(number)
    assert (outward, more) == (True, [])
    assert office.links(number, "north_rep") == [("severed", parent.number, False)]
    assert (child.stage, child.urgency, child.title) == ("root_cause", "U1", "Who guards it?")
    assert (child.parties, child.roles) == (office.case(parent.number).parties, office.case(parent.number).roles)
    assert [one.title for one in child.all(Issue, "open")] == ["Who guards it?"]
    assert [one.state for one in office.case(parent.number).all(Issue)] == ["open", "severed"]
    assert child.all(Cause) == ()
    assert office.file(number).deadlines
    assert holds(office)


def test_a_wrong_link_is_taken_back_in_both_files_and_stays_on_record(office: Office) -> None:
    one, two = office.screened("north", "south"), office.screened("south", "east")
    link(office, one.case_id, two.number)
    link(office, two.case_id, one.number, relation="repeat")
    with pytest.raises(errors.NeedsMissing, match="there is such a case"):
        office.act(one.case_id, "unlink_case", case="D-2026-9999", reason="?")
    office.act(two.case_id, "unlink_case", case=one.number, reason="Another copper kettle")
    for case in (one, two):
        states = [(tie.state, tie.taken_back) for tie in office.case(case.number).all(Link)]
        assert states == [("taken back", "Another copper kettle")] * 2
        assert joined.partners(office.case(case.number)) == ()
    assert "unlink_case" in [entry.trigger for entry in office.file(two.number).timeline]
    assert "copper kettle" not in repr(office.file(two.number, "east_rep"))
    assert "copper kettle" not in repr(office.file(one.number, "north_rep"))
    with pytest.raises(errors.NeedsMissing, match="the link was made by hand"):
        office.act(two.case_id, "unlink_case", case=one.number, reason="Once more")
    link(office, one.case_id, two.number)
    assert [tie.state for tie in office.case(two.number).all(Link)] == ["taken back", "taken back", "open"]
    assert holds(office)


def test_how_a_case_came_out_of_another_is_not_taken_back(office: Office) -> None:
    parent, lead = office.admitted("north", "south"), office.admitted("south", "east")
    issue = office.case(parent.number).all(Issue)[1]
    office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
    (_, number, _) = office.links(parent.number)[0]
    heard(office, parent)
    office.act(parent.case_id, "join_to", lead=lead.number, reason="One road")
    for case, other in ((parent, number), (lead, parent.number)):
        with pytest.raises(errors.NeedsMissing, match="the link was made by hand"):
            office.act(case.case_id, "unlink_case", case=other, reason="?")


def test_confirmed_causes_and_what_shows_them_go_along_with_a_severed_issue(office: Office) -> None:
    parent = office.admitted("north", "south")
    kept, taken = office.case(parent.number).all(Issue)
    now = office.clock.now()
    paper = Document(id="log", zone="shared", by="cora", at=now, state="on file", name="log", shows="gate")
    other = replace(paper, id="other")
    private = replace(paper, id="private", zone="caucus:north", issue=taken.id)
    confirmed = Cause(
        id="confirmed",
        zone="shared",
        by="cora",
        at=now,
        state="confirmed",
        issue=taken.id,
        statement="The gate",
        family="data",
        whys=(Why("The gate was shut", "The log", document="log"),),
    )
    causes = (
        confirmed,
        replace(confirmed, id="disputed", state="disputed"),
        replace(confirmed, id="of the other", issue=kept.id),
        replace(confirmed, id="told alone", zone="caucus:north"),
    )
    items = (paper, other, private, *causes)
    happen(office.record, parent.case_id, *map(ItemRecorded, items), by="cora", at=now)
    office.act(parent.case_id, "sever_issue", issue=taken.id, urgency="U1", reason="Fire")
    child = office.case(office.links(parent.number)[0][1])
    assert [one.id for one in child.all(Cause)] == ["confirmed"]
    assert [one.id for one in child.all(Document)] == ["log"]


def test_an_issue_is_severed_once(office: Office) -> None:
    parent = office.admitted("north", "south")
    issue = office.case(parent.number).all(Issue)[1]
    office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
    with pytest.raises(errors.NeedsMissing, match="that is open"):
        office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
    assert len(office.links(parent.number)) == 1


def test_the_last_issue_is_not_severed_and_uses_up_no_number(office: Office) -> None:
    parent = office.admitted("north", "south", issues=("Who repairs the road?",))
    issue = office.case(parent.number).all(Issue)[0]
    with pytest.raises(errors.NeedsMissing, match="another issue is left"):
        office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
    assert office.open("north", "south").number == "D-2026-0002"


def test_two_who_sever_the_same_issue_at_once_open_one_case(office: Office) -> None:
    parent = office.admitted("north", "south")
    issue = office.case(parent.number).all(Issue)[1]
    start, refused = threading.Barrier(2), []

    def sever() -> None:
        start.wait()
        try:
            office.act(parent.case_id, "sever_issue", issue=issue.id, urgency="U1", reason="Fire")
        except errors.ParleyError as refusal:
            refused.append(type(refusal))

    threads = [threading.Thread(target=sever) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [errors.NeedsMissing]
    assert len(office.links(parent.number)) == 1
    assert office.open("north", "south").number == "D-2026-0003"
    assert holds(office)
