"""What a case looks like before it is opened, and who is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from cases import marking, opening, queries, tables
from cases import unit_of_work as work
from cases.commands import OpenCase
from cases.queries import Comparison, Viewer
from states.roles import Actor
from tests.cases.neighbours import CORA, Office, parties

AMAL = Actor("north_rep")
WINDOW = {
    "asset": "Slot 14",
    "place": "Kworijik",
    "window_from": "2026-12-03T06:00Z",
    "window_until": "2026-12-03T09:00Z",
}


def like(office: Office, who: Actor = CORA, **changes: Any) -> Comparison:  # noqa: ANN401 - any fields of the command
    """Compares a draft with everything on file."""
    told = {
        "process": "dispute",
        "title": "Grazing at the wells",
        "actor": who,
        "key": "k",
        "parties": parties("north", "south"),
        "issues": ("Who may water cattle?",),
    }
    command = OpenCase(**{**told, **changes})
    process = office.record.registry.current(command.process)
    draft = opening.draft(command, process, now=office.clock.now())
    return queries.similar(office.record, Viewer(who), draft, now=office.clock.now())


def numbers(found: Comparison) -> list[str]:
    return [one.number for one in found.cases]


def test_the_same_matter_told_again_is_a_likely_duplicate(office: Office) -> None:
    first = office.open("north", "south", title="Grazing at the well", issues=("Who may water the cattle",))
    office.open("east", "west", title="Fuel for generators", issues=("Who pays?",))
    found = like(office)
    assert numbers(found) == [first.number]
    assert (found.cases[0].likely, found.likely, found.complete) == (True, True, True)
    assert found.cases[0].reasons == ("the same parties", "shared words: cattle, grazing, water, well")


def test_a_matter_that_shares_only_a_party_and_some_words_is_not_called_the_same(office: Office) -> None:
    office.open("north", "east", title="Grazing and wells", issues=("Who digs?",))
    found = like(office)
    assert [one.likely for one in found.cases] == [False]


def test_the_same_asset_at_the_same_time_is_found_without_a_shared_word(office: Office) -> None:
    first = office.open("east", "west", process="priority_conflict", title="Fuel first", fields=WINDOW)
    found = like(office, process="priority_conflict", fields={**WINDOW, "asset": "SLOT-14", "place": "kworijík"})
    assert numbers(found) == [first.number]
    assert "both want it at the same time" in found.cases[0].reasons
    later = {**WINDOW, "window_from": "2026-12-03T09:00Z", "window_until": "2026-12-03T10:00Z"}
    assert (
        "both want it at the same time" not in like(office, process="priority_conflict", fields=later).cases[0].reasons
    )


def test_a_representative_sees_only_cases_of_their_own_and_no_sign_of_others(office: Office) -> None:
    mine = office.open("north", "south", title="Grazing at the wells", issues=("Who may water cattle?",))
    office.open("east", "west", title="Grazing at the wells", issues=("Who may water cattle?",))
    assert numbers(like(office)) == [mine.number, "D-2026-0002"]
    found = like(office, AMAL)
    assert (numbers(found), found.complete) == ([mine.number], False)
    nothing = like(office, Actor("up_rep"), parties=parties("up", "down"))
    assert (nothing.cases, nothing.complete, nothing.likely) == ((), False, False)


def test_the_registry_sees_a_number_without_the_title_of_a_file_it_may_not_read(office: Office) -> None:
    office.open("north", "south", title="Grazing at the wells", roles={"convener": ("omar",)})
    found = like(office)
    assert [(one.number, one.title) for one in found.cases] == [("D-2026-0001", None)]


def test_a_case_closed_long_ago_is_not_compared(office: Office) -> None:
    office.act(office.open("north", "south", title="Grazing at the wells").case_id, "discard", AMAL)
    assert len(like(office).cases) == 1
    office.clock.advance(days=366)
    assert like(office).cases == ()


def test_what_is_told_in_confidence_is_never_compared(office: Office) -> None:
    opened = office.admitted("east", "west", process="priority_conflict", title="Fuel")
    office.act(opened.case_id, "add_note", Actor("east_rep"), zone="caucus:east", text="The copper kettle")
    with work.reading(office.record.engine) as connection:
        keys = set(connection.execute(select(tables.case_marks.c.key)).scalars())
    assert "fuel" in keys
    assert not {"copper", "kettle"} & keys


def test_marks_follow_the_case_and_are_made_up_for_where_they_are_missing(office: Office) -> None:
    opened = office.open("north", "south", title="Fuel", issues=("Who pays?",))
    office.act(opened.case_id, "raise_issue", title="Who guards the bridge?")
    before = stored(office)
    assert "bridge" in before
    with work.unit_of_work(office.record.engine) as connection:
        connection.execute(delete(tables.case_marks))
    assert (marking.catch_up(office.record.engine), stored(office)) == (1, before)
    assert marking.catch_up(office.record.engine) == 0


def stored(office: Office) -> set[str]:
    with work.reading(office.record.engine) as connection:
        return set(connection.execute(select(tables.case_marks.c.key)).scalars())


def test_a_window_far_off_is_no_clash(office: Office) -> None:
    office.open("east", "west", process="priority_conflict", title="Fuel first", fields=WINDOW)
    start = office.clock.now() + timedelta(days=40)
    far = {**WINDOW, "window_from": start.isoformat(), "window_until": (start + timedelta(hours=1)).isoformat()}
    found = like(office, process="priority_conflict", fields=far)
    assert "both want it at the same time" not in found.cases[0].reasons
