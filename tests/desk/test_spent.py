"""Whose clock it was, on the page of a case, over the API and on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from desk.cli import app
from tests.desk.house import SECRET_OF_A, Front, House

SESSIONS = "D-2026-0001"


def test_both_sides_are_shown_the_same_table_and_no_confidence(front: Front) -> None:
    pages, answers = [], []
    for who in ("joseph", "marie"):
        with front.client(who) as client:
            page = client.get(f"/cases/{SESSIONS}").text
            pages.append(page[page.index('id="spent"') : page.index("</table>", page.index('id="spent"'))])
            answers.append(client.get(f"/api/cases/{SESSIONS}/time").json())
    assert pages[0] == pages[1]
    assert answers[0] == answers[1]
    assert "Herders association and Farmers council, asked together" in pages[0]
    assert '<svg class="share role"' in pages[0]
    assert SECRET_OF_A not in pages[0] + json.dumps(answers)
    assert sum(one["seconds"] for one in answers[0]["shares"]) == answers[0]["seconds"]


def test_somebody_without_a_part_is_told_there_is_no_such_case(front: Front) -> None:
    with front.client("li") as client:
        assert client.get(f"/api/cases/{SESSIONS}/time").status_code == 404


def test_the_command_line_tells_it_in_words_and_as_json(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    asked = ["case", "time", SESSIONS, "--as", "joseph@herders.example"]
    said = CliRunner().invoke(app, asked, catch_exceptions=False).stdout
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert "Mediator" in said
    mediator = next(one for one in told["shares"] if one["label"] == "Mediator")
    assert mediator["words"].startswith("Mediator: ")
