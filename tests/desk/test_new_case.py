"""The page to open a case: asked, compared with what is on file, and only then recorded."""

from __future__ import annotations

import httpx

from tests.desk.house import Front, form_of

TOLD = {
    "process": "dispute",
    "title": "Grazing access at the Kworijik wells",
    "issues": "Who may water cattle at the wells?\nWho repairs the pump?",
    "urgency": "U2",
    "initiating_party": "Herders association",
    "initiating_representative": "joseph",
    "responding_party": "Farmers council",
    "responding_representative": "marie",
    "convener": "claire",
}


def fill(client: httpx.Client, **changes: str) -> str:
    """Fills in the form and checks it; returns the page that follows."""
    asked = client.get("/cases/new?process=dispute")
    assert asked.status_code == 200
    return client.post("/cases/new/check", data={**form_of(asked.text), **TOLD, **changes}).text


def told(front: Front, who: str, **changes: str) -> str:
    """Fills in the form as somebody and checks it."""
    with front.client(who) as client:
        return fill(client, **changes)


def test_a_case_is_opened_in_three_pages_and_once(front: Front) -> None:
    with front.client("joseph") as client:
        assert "/cases/new?process=dispute" in client.get("/cases/new").text
        assert "/cases/new" in client.get("/cases").text
        form = form_of(client.get("/cases/new?process=dispute").text)
        checked = client.post("/cases/new/check", data={**form, **TOLD, "title": "Fuel at the pump"})
        answers = [client.post("/cases/new", data=form_of(checked.text)) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
        shown = client.get(answers[0].headers["location"]).text
    assert "Fuel at the pump" in shown
    assert "Who repairs the pump?" in shown


def test_the_page_to_check_shows_what_the_case_looks_like(front: Front) -> None:
    page = told(front, "joseph")
    assert "This matter may have a case already" in page
    assert "/cases/D-2026-0001" in page
    assert "The registry checks" in page
    assert "The registry checks" not in told(front, "claire")


def test_somebody_without_a_part_is_shown_no_other_case(front: Front) -> None:
    page = told(front, "amina", initiating_representative="amina", title="Grazing access at Kworijik wells")
    assert "D-2026-0002" not in page
    assert "Market" not in page


def test_what_is_missing_is_told_at_the_field_and_nothing_is_lost(front: Front) -> None:
    page = told(front, "joseph", title="", responding_representative="")
    assert "There is a problem" in page
    assert "Who may water cattle at the wells?" in page
    page = told(front, "joseph", responding_party="  ")
    assert 'id="field-responding_party-error"' in page


def test_who_may_not_open_a_case_is_told_so(front: Front) -> None:
    page = told(front, "simon")
    assert "a case may be opened by" in page.lower()


def test_answers_may_be_changed_before_anything_is_recorded(front: Front) -> None:
    with front.client("joseph") as client:
        again = client.post("/cases/new/check", data={**form_of(fill(client)), "change": "yes"}).text
    assert "Grazing access at the Kworijik wells" in again
    assert "Check before it is opened" in again


def test_another_party_may_be_added_without_losing_what_was_typed(front: Front) -> None:
    with front.client("claire") as client:
        asked = form_of(client.get("/cases/new?process=dispute").text)
        more = client.post("/cases/new/check", data={**asked, **TOLD, "issues": "", "add": "party"})
        assert (more.status_code, "There is a problem" in more.text) == (200, False)
        assert "Grazing access at the Kworijik wells" in more.text
        third = {"party_3_name": "Water agency", "party_3_side": "responding", "party_3_representative": "li"}
        typed = {**form_of(more.text), **TOLD, **third}
        fourth = client.post("/cases/new/check", data={**typed, "add": "party"})
        assert "Water agency" in fourth.text
        assert "party_4_name" in fourth.text
        checked = client.post("/cases/new/check", data={**typed, **form_of(fourth.text)})
        changed = client.post("/cases/new/check", data={**form_of(checked.text), "change": "yes"})
        assert "Water agency" in changed.text
        opened = client.post("/cases/new", data=form_of(checked.text))
        shown = client.get(opened.headers["location"]).text
    assert "Water agency" in shown


def test_a_further_party_without_a_name_is_told_so(front: Front) -> None:
    page = told(front, "joseph", further_parties="1", party_3_representative="li")
    assert "“joined party 3” is missing: say who the party is" in page


def test_the_registry_opens_a_case_it_takes_no_part_in(front: Front) -> None:
    with front.client("claire") as client:
        answer = client.post("/cases/new", data=form_of(fill(client, convener="amina", title="A road of its own")))
    assert answer.status_code == 200
    assert "Opened: D-2026-" in answer.text
