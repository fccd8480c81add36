"""Root causes on a real record: two at once, silence, and what has moved out of somebody's sight."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cases import ledger
from cases.unit_of_work import reading
from states.items import Cause, Disagreement, Signal, Worksheet
from states.process import Urgency
from tests.cases.neighbours import Office

FIRST, SECOND = "herders_rep", "council_rep"
SECRET = "violet harbour"


def put_to_the_parties(office: Office) -> str:
    """Opens a dispute with a mediator and brings its one cause before the parties; returns the case's id."""
    roles = {"convener": ("cora",), "mediator": ("mira",)}
    case_id = office.admitted("herders", "council", roles=roles, urgency=Urgency.U1, issues=("Who waters?",)).case_id
    issue = next(item.id for item in office.case(case_id).items if item.kind == "issue")
    said = {"statement": "No calendar", "family": "data", "whys": ["Herds came at once"], "source": "Both sides"}
    office.act(case_id, "record_cause", issue=issue, **said)
    office.act(case_id, "record_method", no_harm="yes", proposed="mediation")
    office.act(case_id, "causes_recorded")
    return case_id


def cause_of(office: Office, case_id: str) -> Cause:
    (cause,) = office.case(case_id).all(Cause)
    return cause


def at_once(*acts: Callable[[], object]) -> None:
    """Does several things in the same moment."""
    start = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        start.wait()
        act()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_parties_that_answer_a_cause_at_once_are_both_heard(office: Office) -> None:
    case_id = put_to_the_parties(office)
    cause = cause_of(office, case_id).id
    at_once(*(lambda who=who: office.act(case_id, "answer_cause", who, cause=cause) for who in (FIRST, SECOND)))
    assert (cause_of(office, case_id).state, set(cause_of(office, case_id).agreed_by)) == (
        "confirmed",
        {"herders", "council"},
    )


def test_of_two_who_word_a_disagreement_at_once_one_is_left_to_accept(office: Office) -> None:
    case_id = put_to_the_parties(office)
    cause = cause_of(office, case_id).id
    office.act(case_id, "answer_cause", SECOND, cause=cause, agrees="no", reason="There is one.")
    word = {who: (lambda who=who: office.act(case_id, "state_disagreement", who, cause=cause, text=f"As {who} sees it"))
            for who in (FIRST, SECOND)}  # fmt: skip
    at_once(*word.values())
    assert sorted(words.state for words in office.case(case_id).all(Disagreement)) == ["proposed", "replaced"]


def test_the_clock_records_who_was_silent_about_a_cause(office: Office) -> None:
    case_id = put_to_the_parties(office)
    office.act(case_id, "answer_cause", FIRST, cause=cause_of(office, case_id).id)
    office.clock.advance(hours=9)
    office.service.fire_due(case_id)
    cause = cause_of(office, case_id)
    assert (cause.state, cause.agreed_by, cause.silent_by) == ("uncontested", ("herders",), ("council",))


def test_the_clock_leaves_causes_alone_that_every_party_answered(office: Office) -> None:
    case_id = put_to_the_parties(office)
    for who in (FIRST, SECOND):
        office.act(case_id, "answer_cause", who, cause=cause_of(office, case_id).id)
    office.clock.advance(hours=9)
    office.service.fire_due(case_id)
    assert not [entry for entry in office.file(case_id).timeline if entry.trigger == "causes_silent"]


def test_what_moved_out_of_somebodys_sight_is_gone_from_their_timeline_with_all_its_past(office: Office) -> None:
    case_id = put_to_the_parties(office)
    office.act(case_id, "fill_worksheet", FIRST, red_lines=SECRET, mediator_may_read="yes")
    assert SECRET in repr(office.file(case_id, "mira"))
    office.act(case_id, "fill_worksheet", FIRST, mediator_may_read="no")
    assert SECRET not in repr(office.file(case_id, "mira"))
    assert [sheet.red_lines for sheet in office.case(case_id, FIRST).all(Worksheet)] == [SECRET]
    with reading(office.record.engine) as connection:
        assert ledger.verify(connection, case_id).consistent


def test_a_party_reads_no_reading_of_the_other_and_no_signal(office: Office) -> None:
    case_id = put_to_the_parties(office)
    office.act(case_id, "give_reading", FIRST, step="2", text="calm")
    office.act(case_id, "give_reading", SECOND, step="6", text="boiling")
    assert [signal.state for signal in office.case(case_id).all(Signal)] == ["open"]
    seen = repr(office.file(case_id, FIRST))
    assert "boiling" not in seen
    assert "steps apart" not in seen
    assert "Signal from the readings" not in {deadline.label for deadline in office.file(case_id, FIRST).deadlines}
