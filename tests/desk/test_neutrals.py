"""The roster and the shortlist at every front door: who may look, who may write, and what an entry says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from cases import tables
from cases.roster import Entry, Roster
from cases.unit_of_work import unit_of_work
from tests.desk.command_line import data, run
from tests.desk.house import Front, House

CASE = "D-2026-0001"
OTHER = "D-2026-0002"


@pytest.fixture(autouse=True)
def roster(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts two people on the roster, and a case before the appointment."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    kept = Roster(house.record.engine)
    kept.put(Entry(person="nadia", languages=("ar", "en", "fr"), skills=("process gap",), places=("Upper Nile",)))
    kept.put(Entry(person="amina", languages=("en",), most_cases=4))
    kept.put(Entry(person="peter", languages=("en",)))
    with unit_of_work(house.record.engine) as work:
        work.execute(update(tables.cases).where(tables.cases.c.number == CASE).values(stage="appointing"))


def test_the_page_says_of_everybody_why_they_stand_there(front: Front) -> None:
    with front.client("claire") as client:
        page = client.get(f"/cases/{CASE}/shortlist?skills=process+gap&places=upper+nile; Bor").text
    assert "worked in Upper Nile" in page
    assert "2 of 3 cases" in page
    assert "0 of 4 cases" in page
    assert 'Peter Wani</b> <span class="muted">stands in the line of a party' in page
    assert page.index("Nadia Haddad") < page.index("Amina Diallo") < page.index("Peter Wani")


def test_the_case_page_leads_those_who_appoint_to_the_shortlist_and_nobody_else(front: Front) -> None:
    for who, leads in {"claire": True, "stranger": True, "joseph": False, "achol": False, "nadia": False}.items():
        with front.client(who) as client:
            assert (f"/cases/{CASE}/shortlist" in client.get(f"/cases/{CASE}").text) == leads, who
            assert client.get(f"/cases/{CASE}/shortlist").status_code == (200 if leads else 404)
            assert client.get(f"/api/cases/{CASE}/shortlist").status_code == (200 if leads else 404)


def test_a_name_is_carried_over_into_the_form(front: Front) -> None:
    with front.client("claire") as client:
        page = client.get(f"/cases/{CASE}/shortlist").text
        assert f"/cases/{CASE}/acts/name_neutral?person=amina" in page
        form = client.get(f"/cases/{CASE}/acts/name_neutral?person=amina").text
        several = client.get(f"/cases/{CASE}/acts/put_shortlist?names=amina&names=li&names=claire").text
    assert '<option value="amina" selected>' in form
    assert several.count(" checked") == 3


def test_the_answer_names_the_parts_of_every_place(front: Front) -> None:
    with front.program("claire") as client:
        told = client.get(
            f"/api/cases/{CASE}/shortlist", params={"skill": ["Process Gap", "x"], "place": "upper nile"}
        ).json()
    first = told["ranked"][0]
    assert first["person"] == "nadia"
    assert first["score"] == sum(first["parts"].values())
    assert set(first["parts"]) == {"language", "skill", "place", "load"}
    assert "knows process gap" in first["because"]
    assert told["barred"] == [
        {
            "person": "peter",
            "name": "Peter Wani",
            "because": ["stands in the line of a party", "works for the organisation of a party"],
        }
    ]


def test_offices_and_conveners_read_the_roster_and_offices_alone_write_it(front: Front) -> None:
    serving = {"languages": ["en"], "skills": ["water"], "away": [{"since": "2027-01-01", "until": "2027-01-09"}]}
    for who, reads, writes in (("li", 200, 200), ("claire", 200, 200), ("joseph", 403, 403), ("nadia", 403, 403)):
        with front.program(who) as client:
            assert client.get("/api/neutrals").status_code == reads, who
            assert client.put("/api/neutrals/simon", json=serving).status_code == writes, who
    with front.program("li") as client:
        assert client.get("/api/neutrals/simon").json()["away"] == serving["away"]
        assert client.delete("/api/neutrals/simon").status_code == 204
        assert client.get("/api/neutrals/simon").status_code == 404
        assert client.put("/api/neutrals/nobody", json=serving).status_code == 404
        assert client.put("/api/neutrals/simon", json={"languages": ["loud"], "most_cases": 0}).status_code == 422


def test_the_command_line_keeps_the_roster(tmp_path: Path) -> None:
    assert run("neutrals", "add", "julia", "--skill", "water", "--away", "2026-12-01..2026-12-20").exit_code == 0
    assert run("neutrals", "add", "julia").exit_code == 5
    assert run("neutrals", "set", "julia", "--place", "Juba", "--most-cases", "2").exit_code == 0
    [julia] = [one for one in data("neutrals", "list") if one["person"] == "julia"]
    assert (julia["skills"], julia["places"], julia["languages"], julia["most_cases"]) == (
        ["water"],
        ["Juba"],
        ["en"],
        2,
    )
    assert julia["away"] == [{"since": "2026-12-01", "until": "2026-12-20"}]
    assert run("neutrals", "set", "julia", "--away", "soon").exit_code == 3
    assert run("neutrals", "set", "simon", "--skill", "x").exit_code == 4
    before, file = data("neutrals", "list"), tmp_path / "roster.csv"
    assert run("neutrals", "export", str(file)).exit_code == 0
    assert run("neutrals", "remove", "julia").exit_code == 0
    assert run("neutrals", "import", str(file)).exit_code == 0
    assert data("neutrals", "list") == before


def test_an_import_tells_every_refused_line_and_keeps_the_others(tmp_path: Path) -> None:
    file = tmp_path / "roster.yaml"
    file.write_text(
        "- {person: simon, languages: [en, ar], most cases: 5}\n"
        "- {person: ghost, away: tomorrow, colour: red}\n"
        "- {person: julia, languages: [loud]}\n",
        encoding="utf-8",
    )
    tried = run("neutrals", "import", str(file), "--dry-run", "--json")
    told = json.loads(tried.stdout)
    assert (tried.exit_code, told["kept"], len(told["refused"])) == (3, 1, 2)
    assert "simon" not in {one["person"] for one in data("neutrals", "list")}
    result = run("neutrals", "import", str(file))
    for words in ("roster.yaml:2: ghost: refused", "nobody on file", "no days away", "no column", "is no language"):
        assert words in result.output
    assert "simon" in {one["person"] for one in data("neutrals", "list")}


def test_the_command_line_ranks_for_those_who_appoint_alone() -> None:
    told = run("case", "shortlist", CASE, "--as", "claire", "--skill", "process gap")
    assert "knows process gap" in told.output
    assert "stands in the line of a party" in told.output
    assert run("case", "shortlist", CASE, "--as", "joseph").exit_code == 4
    assert data("case", "shortlist", CASE, "--as", "stranger")["ranking"]["ranked"]
