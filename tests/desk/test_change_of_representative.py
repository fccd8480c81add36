"""Somebody who no longer speaks for a party finds every door shut at once, and what was on its way is held back."""

from __future__ import annotations

import httpx
import pytest
from typer.testing import CliRunner

from cases import queries
from desk import cli
from notifications import mailroom
from notifications.office import open_office
from notifications.transport import MemoryTransport, Outcome, Receipt
from states import errors
from states.case import Case
from tests.desk.house import Front, House, form_of

NUMBER = "D-2026-0001"
OF_THE_CASE = (
    f"/cases/{NUMBER}",
    f"/cases/{NUMBER}/acts/counter_offer",
    f"/cases/{NUMBER}/process.svg",
    f"/api/cases/{NUMBER}",
    f"/api/cases/{NUMBER}/acts",
)
LISTS = ("/", "/cases", "/mails", "/mailbox", "/api/cases", "/api/messages")
DOWN = Receipt(Outcome.RETRY, None, "no route")


def case(house: House) -> Case:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), NUMBER)[1]


def case_id(house: House) -> str:
    return case(house).id


def replaced(house: House) -> None:
    """Let the party's own senior name somebody else in Marie's place."""
    house.act_at_once("julia", case_id(house), "name_person", part="representative", person="li")


def seen_by(client: httpx.Client) -> dict[str, bool]:
    """Say of each list whether the case stands on it."""
    return {path: NUMBER in client.get(path).text for path in LISTS}


def test_sessions_and_tokens_that_were_open_before_show_nothing_of_the_case_after(front: Front) -> None:
    with front.client("marie") as browser, front.program("marie") as program:
        assert browser.get(OF_THE_CASE[0]).status_code == 200
        assert seen_by(browser)["/cases"]
        replaced(front.house)
        for client in (browser, program):
            assert {client.get(path).status_code for path in OF_THE_CASE if client is browser or "api" in path} == {404}
            assert not any(seen_by(client).values())


def test_a_form_that_was_opened_before_does_nothing_after(front: Front) -> None:
    with front.client("marie") as client:
        form = form_of(client.get(f"/cases/{NUMBER}/acts/make_offer").text)
        replaced(front.house)
        before = front.house.dump()
        answer = client.post(f"/cases/{NUMBER}/acts/make_offer", data={**form, "text": "All days for us."})
        assert answer.status_code in {403, 404}
        assert front.house.dump() == before


def test_a_program_that_knows_the_case_may_do_nothing_in_it(front: Front) -> None:
    with front.program("marie") as client:
        replaced(front.house)
        answer = client.post(
            f"/api/cases/{NUMBER}/acts/make_offer",
            json={"inputs": {"text": "All days for us."}},
            headers={"idempotency-key": "after-the-change"},
        )
        assert answer.status_code in {403, 404}


def test_a_one_time_link_made_before_opens_an_empty_desk(front: Front) -> None:
    link = front.house.link("marie")
    replaced(front.house)
    with front.client() as client:
        client.post(f"/sign-in/{link}")
        assert "Marie Keji" in client.get("/").text
        assert not any(seen_by(client).values())
        assert client.get(OF_THE_CASE[0]).status_code == 404


def test_the_command_line_knows_no_such_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    replaced(house)
    shown = CliRunner().invoke(cli.app, ["case", "show", NUMBER, "--as", "marie"])
    assert (shown.exit_code, "Kworijik" in shown.output) == (4, False)


def test_the_new_one_takes_over_what_the_old_one_had(front: Front) -> None:
    replaced(front.house)
    with front.client("li") as client:
        assert client.get(OF_THE_CASE[0]).status_code == 200
        assert seen_by(client)["/"]


def test_mails_on_their_way_to_the_old_one_are_held_back(house: House) -> None:
    memory = MemoryTransport()
    office = open_office(house.settings, clock=house.clock, transport=lambda: memory)
    mailroom.deliver_due(office.mailroom, limit=500, owner="test")
    memory.sent.clear()
    house.act_at_once("joseph", case_id(house), "make_offer", text="The days by turns.")
    memory.fail_next(DOWN)
    assert mailroom.deliver_due(office.mailroom, owner="test").retried == 1
    replaced(house)
    house.clock.advance(minutes=2)
    mailroom.deliver_due(office.mailroom, owner="test")
    hers = [one.content for one in memory.sent if one.recipient == "marie@council.example"]
    assert [b"Your part in a case has ended" in mail for mail in hers] == [True]
    office.record.engine.dispose()


def test_authority_ends_with_the_part(house: House) -> None:
    replaced(house)
    offer = next(item.id for item in case(house).items if item.kind == "offer" and item.state == "open")
    with pytest.raises(errors.NeedsMissing, match="your authority to negotiate for Farmers council is not on"):
        house.act_at_once("li", case_id(house), "accept_offer", offer=offer)
