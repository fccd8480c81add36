"""What a party keeps for itself is found on no door of others, nor what it let the mediator read and took back."""

from __future__ import annotations

import pytest

from cases import queries
from states import errors
from states.items import Worksheet
from tests.desk.house import Front, House, form_of

NUMBER = "D-2026-0001"
SECRET = "violet harbour"
HEAT = "crimson kite"
# The party's own people, those of the other side, and the case team.
EVERYBODY = ("joseph", "achol", "marie", "julia", "claire", "nadia", "stranger")
DOORS = (
    "/",
    f"/cases/{NUMBER}?everything=yes",
    f"/cases/{NUMBER}?everything=yes&zone=caucus:A",
    f"/cases/{NUMBER}?everything=yes&zone=private:A",
    f"/cases?q={SECRET.replace(' ', '+')}",
    f"/search?q={SECRET.replace(' ', '+')}",
    f"/api/search?q={SECRET.replace(' ', '+')}",
    f"/cases/{NUMBER}/acts/answer_signal",
    f"/api/cases/{NUMBER}",
    f"/api/cases/{NUMBER}/acts",
    "/api/messages",
)


def readers(front: Front, words: str) -> set[str]:
    """Name everybody who finds these words behind any door; looking for them in the address does not count."""
    found = set()
    for who in EVERYBODY:
        with front.client(who) as client:
            shown = "".join(client.get(path).text for path in DOORS).replace(f'value="{words}"', "")
        found |= {who} if words in shown else set()
    return found


def file_of(house: House, who: str, *, by_mail: bool = False) -> str:
    """Return all that somebody may read of the case, or that a mail to them could be made of."""
    viewer = queries.Viewer(house.directory.actor(who), by_mail=by_mail)
    try:
        return repr(queries.case_file(house.record, viewer, NUMBER, now=house.clock.now()))
    except errors.NotFound:
        return ""


def case_id(house: House) -> str:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), NUMBER)[1].id


def write(house: House, **said: str) -> None:
    """Let the first party's representative write on its worksheet."""
    house.act("joseph", case_id(house), "fill_worksheet", **said)


def test_a_worksheet_is_read_by_its_own_party_alone_and_never_by_mail(front: Front) -> None:
    write(front.house, red_lines=f"Not below four days: {SECRET}.")
    assert readers(front, SECRET) == {"joseph", "achol"}
    assert not [who for who in EVERYBODY if SECRET in file_of(front.house, who, by_mail=True)]


def test_a_worksheet_opened_to_the_mediator_is_read_by_no_other_side(front: Front) -> None:
    write(front.house, need=SECRET, mediator_may_read="yes")
    # What was written in the act stays with the party, of whom the senior reads the act and not the opened sheet.
    assert readers(front, SECRET) == {"joseph", "achol", "nadia"}


def test_what_was_taken_back_from_the_mediator_is_found_nowhere_any_more(front: Front) -> None:
    write(front.house, need=SECRET, mediator_may_read="yes")
    assert SECRET in file_of(front.house, "nadia")
    write(front.house, position="Four days", mediator_may_read="no")
    assert readers(front, SECRET) == {"joseph", "achol"}


def test_opening_a_worksheet_again_does_not_bring_back_what_was_taken_back(house: House) -> None:
    write(house, need=SECRET, mediator_may_read="yes")
    write(house, need="Water", mediator_may_read="no")
    write(house, position="Four days", mediator_may_read="yes")
    assert SECRET not in file_of(house, "nadia")
    assert "Four days" in file_of(house, "nadia")
    assert SECRET in file_of(house, "joseph")


def test_a_reading_is_read_by_its_party_and_the_team_and_its_signal_by_the_team(front: Front) -> None:
    house = front.house
    house.act("claire", case_id(house), "take_reading", step="3")
    house.act("joseph", case_id(house), "give_reading", step="6", text=f"They shot at the {HEAT}.")
    assert readers(front, HEAT) == {"joseph", "achol", "claire", "nadia"}
    assert [who for who in EVERYBODY if "lie 3 steps apart" in file_of(house, who)] == ["claire", "nadia"]


@pytest.mark.parametrize("who", ["marie", "julia", "claire", "nadia", "achol"])
def test_nobody_writes_on_the_worksheet_of_a_party_but_its_representative(front: Front, who: str) -> None:
    with front.program(who) as program:
        answer = program.post(
            f"/api/cases/{NUMBER}/acts/fill_worksheet",
            json={"inputs": {"party": "A", "need": SECRET}},
            headers={"idempotency-key": f"sheet-{who}"},
        )
    assert answer.status_code in {403, 422}
    viewer = queries.Viewer(front.house.directory.actor("joseph"))
    assert not queries.case_for(front.house.record, viewer, NUMBER)[1].all(Worksheet)


def test_the_last_account_is_checked_and_filed_without_the_others_being_read_beforehand(front: Front) -> None:
    number = "D-2026-0002"
    case = queries.case_for(front.house.record, queries.Viewer(front.house.directory.actor("claire")), number)[1]
    front.house.act("joseph", case.id, "give_account", text=f"We came first: {SECRET}.")
    address = f"/cases/{number}/acts/answer_notice"
    with front.client("marie") as client:
        form = {**form_of(client.get(address).text), "text": "The wells are ours."}
        checked = client.post(f"{address}/check", data=form)
        assert checked.status_code == 200
        assert "becomes open" in checked.text
        assert SECRET not in checked.text
        assert client.post(address, data=form_of(checked.text)).status_code == 303
        assert SECRET in client.get(f"/cases/{number}").text
