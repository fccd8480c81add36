"""The mediator's notebook at every front door: its author's alone, and gone when it is deleted on purpose."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from cases import tables
from cases.notebook import Notebook
from cases.unit_of_work import unit_of_work
from desk import cli
from states.fields import MAX_TEXT
from states.roles import Actor
from tests.desk.house import Front, House, form_of

CASE = "D-2026-0001"
SECRET = "violet anchor"
OTHERS = ("claire", "joseph", "marie", "achol", "peter", "stranger", "li")


@pytest.fixture
def note(house: House) -> int:
    """Keeps a note of the mediator's."""
    return Notebook(house.record.engine, Actor("nadia")).write(CASE, SECRET, now=house.clock.now()).id


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_reaches_it_through_any_door(front: Front, note: int, who: str) -> None:
    pages = ("/", "/cases", "/cases?words=violet", f"/cases/{CASE}?everything=yes", "/mails", "/mailbox")
    answers = (f"/api/cases/{CASE}", f"/api/cases/{CASE}/acts", "/api/messages", f"/api/cases/{CASE}/notebook")
    with front.client(who) as client:
        for path in (*pages, *answers, f"/cases/{CASE}/notebook"):
            answer = client.get(path)
            assert SECRET not in answer.text
            assert "/notebook" not in answer.text or answer.status_code == 404
        assert client.get(f"/cases/{CASE}/notebook").status_code == 404
        assert client.get(f"/api/cases/{CASE}/notebook").status_code == 404
        key = {"idempotency-key": "written by others"}
        assert client.post(f"/api/cases/{CASE}/notebook", json={"text": "mine"}, headers=key).status_code == 404
        assert client.put(f"/api/notebook/{note}", json={"text": "mine", "version": 1}).status_code == 404
        assert client.delete(f"/api/notebook/{note}").status_code == 404
        assert client.delete(f"/api/cases/{CASE}/notebook").status_code == 404


def test_its_author_alone_writes_changes_and_deletes_on_the_page(front: Front, house: House) -> None:
    with front.client("nadia") as client:
        assert f"/cases/{CASE}/notebook" in client.get(f"/cases/{CASE}").text
        address = f"/cases/{CASE}/notebook"
        page = client.get(address)
        token = {"form_token": form_of(page.text)["form_token"]}
        assert client.post(address, data={"text": SECRET, **token}).headers["location"] == address
        [note] = Notebook(house.record.engine, Actor("nadia")).read(CASE).notes
        changed = client.post(f"{address}/{note.id}", data={"text": "<b>calmer</b>", "version": "1", **token})
        assert changed.status_code == 303
        assert client.post(f"{address}/{note.id}", data={"text": "late", "version": "1", **token}).status_code == 409
        assert "&lt;b&gt;calmer&lt;/b&gt;" in client.get(address).text
        unsure = client.post(f"{address}/{note.id}/tear-out", data=token)
        assert (unsure.status_code, "nothing was deleted" in unsure.text) == (422, True)
        assert client.post(f"{address}/{note.id}/tear-out", data={"sure": "yes", **token}).status_code == 303
        assert "Nothing is in it yet" in client.get(address).text
        assert client.post(address, data={"text": "one", "form_token": "forged"}).status_code == 403


def test_words_that_were_not_kept_stand_in_their_field_again(front: Front, house: House, note: int) -> None:
    address = f"/cases/{CASE}/notebook"
    with front.client("nadia") as client:
        token = {"form_token": form_of(client.get(address).text)["form_token"]}
        too_long = client.post(address, data={"text": f"calm morning {'x' * MAX_TEXT}", **token})
        Notebook(house.record.engine, Actor("nadia")).rewrite(note, "elsewhere", seen=1, now=house.clock.now())
        late = client.post(f"{address}/{note}", data={"text": "calm evening", "version": "1", **token})
    assert (too_long.status_code, late.status_code) == (422, 409)
    assert "calm morning" in too_long.text.partition('id="text"')[2].partition("</textarea>")[0]
    assert 'href="#text"' in too_long.text
    assert "calm evening" in late.text.partition(f'id="text-{note}"')[2].partition("</textarea>")[0]
    assert "elsewhere" in late.text


def test_a_mediator_who_left_is_reminded_and_deletes_everything(front: Front, house: House, note: int) -> None:
    assert note
    leave(house)
    with front.client("nadia") as client:
        desk = client.get("/").text
        assert f"You left 1 note in the notebook of {CASE}" in desk
        page = client.get(f"/cases/{CASE}/notebook").text
        assert SECRET in page
        assert "You no longer mediate this case" in page
        token = form_of(page)["form_token"]
        assert client.post(f"/cases/{CASE}/notebook/burn", data={"form_token": token}).status_code == 422
        gone = client.post(f"/cases/{CASE}/notebook/burn", data={"form_token": token, "sure": "yes"})
        assert gone.headers["location"] == "/"
        assert "You left" not in client.get("/").text
    assert not [line for line in house.dump() if SECRET in line]


def test_the_api_serves_the_author(front: Front) -> None:
    with front.program("nadia") as client:
        address = f"/api/cases/{CASE}/notebook"
        made = client.post(address, json={"text": SECRET})
        assert made.status_code == 201
        note = made.json()["id"]
        assert client.put(f"/api/notebook/{note}", json={"text": "calmer", "version": 1}).json()["version"] == 2
        assert [one["text"] for one in client.get(address).json()["notes"]] == ["calmer"]
        assert client.delete(address).json() == {"deleted": 1}
        assert client.post(address, json={"text": "  "}).status_code == 422


def test_the_command_line_asks_before_it_deletes(house: House, note: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))

    def run(*arguments: str, say: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["notebook", *arguments, "--by", "nadia"], input=say)
        return result.exit_code, result.output

    assert run("write", CASE, "second")[0] == 0
    assert run("rewrite", CASE, str(note), "first")[0] == 0
    code, told = run("show", CASE, "--json")
    assert (code, [one["text"] for one in json.loads(told)["notes"]]) == (0, ["second", "first"])
    assert run("delete", CASE, say="n\n")[0] == 1
    assert run("delete", CASE, str(note), "--yes")[0] == 0
    assert "1 deleted for good" in run("delete", CASE, say="y\n")[1]
    result = CliRunner().invoke(cli.app, ["notebook", "show", CASE, "--by", "claire"])
    assert result.exit_code == 4


def leave(house: House) -> None:
    """Takes the cases out of the mediator's hands."""
    parts = tables.case_people
    hers = update(parts).where(parts.c.role == "mediator", parts.c.person_id == "nadia")
    with unit_of_work(house.record.engine) as work:
        work.execute(hers.values(person_id="amina"))
