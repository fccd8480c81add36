"""An office changes its process from the command line: it looks, moves the cases, and takes the move back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config import load
from desk.cli import app
from notifications import office
from tests.desk.asking import delivered
from tests.desk.house import Front, House

SCREENING = "D-2026-0002"
LONGER = ("screening: {U1: 4 h", "screening: {U1: 5 h"), ("U3: 3 wd, U4: 10 wd}", "U3: 4 wd, U4: 10 wd}")


@pytest.fixture
def changed(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the file of a dispute whose screening takes a day longer."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    monkeypatch.setattr(office, "SystemClock", lambda: house.clock)
    source = load.shipped_processes()["dispute"].read_text(encoding="utf-8")
    for old, new in LONGER:
        assert old in source
        source = source.replace(old, new, 1)
    file = tmp_path / "changed.yaml"
    file.write_text(source, encoding="utf-8")
    return file


def told(*command: str) -> Any:  # noqa: ANN401 - JSON holds values of any kind
    result = CliRunner().invoke(app, ["process", *command, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_difference_of_a_file_and_the_version_on_record_is_told(changed: Path) -> None:
    stored = told("versions", "dispute")["versions"][0]["hash"]
    found = told("diff", f"dispute@{stored[:8]}", str(changed))["differences"]
    assert [(one["kind"], one["part"], one["name"]) for one in found] == [("changed", "clock", "screening")]


def test_cases_are_looked_at_moved_and_moved_back(house: House, front: Front, changed: Path) -> None:
    delivered(house)
    command = ("migrate", "dispute", "--to", str(changed), "--timers", "restart")
    looked = {one["number"]: one for one in told(*command, "--dry-run")["cases"]}
    assert looked[SCREENING]["fate"] == "moves", looked
    assert [one["clock"] for one in looked[SCREENING]["dates"]] == ["Screening"]
    assert told("migrations")["migrations"] == []
    moved = {one["number"]: one["fate"] for one in told(*command, "--by", "li", "--reason", "More time")["cases"]}
    assert moved == {number: one["fate"] for number, one in looked.items()}
    letters = [mail for mail in delivered(house) if "Dates have moved under new rules" in mail["Subject"]]
    told_to = {mail["To"].addresses[0].addr_spec for mail in letters}
    assert {"joseph@herders.example", "marie@council.example"} <= told_to, told_to
    plain = [part.get_content() for mail in letters for part in mail.walk() if part.get_content_type() == "text/plain"]
    assert len(plain) == len(letters)
    assert [text for text in plain if "More time" not in text or "Dates that moved" not in text] == []
    with front.client("joseph") as client:
        page = client.get(f"/cases/{SCREENING}").text
    assert "Moved to another version of the process" in page
    assert "since" in page[page.index("version dispute@") :][:60]
    back = told("revert", "1", "--by", "li", "--reason", "Too early")["cases"]
    assert {one["number"]: one["fate"] for one in back} == {one: fate for one, fate in moved.items() if fate == "moves"}
    assert [one["moved"] for one in told("migrations")["migrations"]] == [len(back), len(back)]


def test_moving_cases_asks_who_and_why_and_of_which_process(changed: Path) -> None:
    asked = (("dispute", "--to", str(changed)), ("priority_conflict", "--to", str(changed), "--dry-run"))
    said = [CliRunner().invoke(app, ["process", "migrate", *command]) for command in asked]
    assert [one.exit_code for one in said] == [2, 2]
    assert "--by PERSON" in said[0].output
    assert "defines the process" in said[1].output
