"""Absences, deputies and posts at the front doors: their own by anybody, everybody's by an administrator."""

from __future__ import annotations

import pytest

from tests.desk.command_line import data, run
from tests.desk.house import Front

pytestmark = pytest.mark.usefixtures("own_house")


def test_a_deputy_is_named_listed_and_ended() -> None:
    told = run("deputy", "set", "marie", "julia", "--until", "2099-12-31", "--for", "T1").output
    assert "Julia Okafor stands in for Marie Keji for T1 from" in told
    (kept,) = data("deputy", "list")
    assert kept["delegation"]["deputy"] == "julia"
    assert "Julia Okafor" in run("deputy", "list").output
    assert "no longer: Julia Okafor stands in" in run("deputy", "end", kept["id"]).output
    assert "nobody named a deputy yet" in run("deputy", "list").output


def test_a_circle_is_refused_at_the_command_line_too() -> None:
    assert run("deputy", "set", "marie", "julia").exit_code == 0
    refused = run("deputy", "set", "julia", "marie")
    assert refused.exit_code != 0
    assert "circle" in refused.output


def test_days_away_and_back_are_told() -> None:
    assert "Marie Keji is away from" in run("person", "away", "marie", "--until", "2099-12-31").output
    assert data("person", "back", "marie")["away"] == []
    assert "is no day" in run("person", "away", "marie", "--until", "soon").output


def test_a_post_is_put_on_file_with_who_holds_it_now() -> None:
    assert run("organisation", "change", "council", "--kind", "ngo").exit_code == 0
    held = ("--holder", "marie", "--holder", "julia", "--turn-days", "7")
    assert run("post", "set", "duty officer", "--organisation", "council", *held).exit_code == 0
    shown = run("post", "list").output
    assert "Marie Keji" in shown
    assert "every 7 days" in shown
    assert "off file" in run("post", "remove", "duty officer", "--organisation", "council").output


def test_whose_tour_ends_is_listed_with_their_open_cases() -> None:
    assert run("person", "change", "marie", "--leaves-on", "2026-12-20", "--manager", "simon").exit_code == 0
    (leaving,) = data("person", "leaving", "--within", "36500")
    assert (leaving["person"], leaving["leaves_on"]) == ("marie", "2026-12-20")
    assert leaving["cases"]


def test_everybody_says_when_they_are_away_and_who_stands_in(front: Front) -> None:
    with front.program("marie") as client:
        away = client.post("/api/people/me/absences", json={"since": "2026-12-01", "until": "2026-12-09"})
        assert away.status_code == 201
        assert away.json()["away"] == [{"since": "2026-12-01", "until": "2026-12-09"}]
        named = client.post("/api/people/marie/deputies", json={"deputy": "julia", "since": "2026-12-01"})
        assert named.status_code == 201
        back = client.post("/api/people/me/return", params={"on": "2026-12-01"}).json()
        assert (back["away"], [one["deputy"] for one in back["deputies"]]) == ([], ["julia"])
        assert client.delete(f"/api/people/me/deputies/{named.json()['id']}").status_code == 204
        assert client.get("/api/people/me/presence").json()["deputies"] == []


def test_nobody_but_an_administrator_speaks_of_anothers_absence(front: Front) -> None:
    days = {"since": "2026-12-01", "until": "2026-12-09"}
    for who, expected in {"julia": 403, "claire": 403, "li": 201}.items():
        with front.program(who) as client:
            assert client.post("/api/people/marie/absences", json=days).status_code == expected, who
    with front.program("julia") as client:
        assert client.get("/api/people/marie/presence").status_code == 403


def test_days_that_run_backwards_are_refused_with_the_reason(front: Front) -> None:
    with front.program("marie") as client:
        refused = client.post("/api/people/me/absences", json={"since": "2026-12-09", "until": "2026-12-01"})
    assert refused.status_code >= 400
    assert "run backwards" in refused.json()["detail"]
