"""Standing committees from the command line: brought in from a file, shown, and seated on a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.database import open_database
from cases.people import Directory, Person
from config.settings import Settings
from tests.desk.command_line import data, run

WEST = """\
- id: west
  name: Joint committee West
  chair: ana@desk.example
  quorum: 2
  each body: yes
  members: [ana@desk.example for Mission West, cleo for Agencies]
  alternates: [dina for cleo@desk.example]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts the people on file and returns the file that tells of their committee."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(tmp_path / "data"))
    directory = Directory(open_database(Settings().database))
    for name in ("cora", "ana", "cleo", "dina", "amal", "bilal"):
        directory.add(Person(id=name, name=name.title(), email=f"{name}@desk.example", offices=("registry",)))
    path = tmp_path / "committees.yaml"
    path.write_text(WEST, encoding="utf-8")
    return path


def test_a_committee_is_brought_in_shown_and_exported_as_it_was(file: Path, tmp_path: Path) -> None:
    assert "1 committee is on file: Joint committee West" in run("committees", "import", str(file)).output
    shown = run("committees", "list").output
    assert "Ana for Mission West; Cleo for Agencies" in shown
    assert "2, one of each body" in shown
    before = data("committees", "list")
    copy = tmp_path / "copy.json"
    copy.write_text(run("committees", "export").stdout, encoding="utf-8")
    assert run("committees", "remove", "west").exit_code == 0
    assert "none is on file yet" in run("committees", "list").output
    assert data("committees", "import", str(copy)) == before


def test_a_committee_sits_on_a_case_with_its_members_and_its_quorum(file: Path) -> None:
    run("committees", "import", str(file))
    parts = {"initiating party": "A", "initiating representative": "amal", "convener": "cora"}
    parts |= {"responding party": "B", "responding representative": "bilal"}
    given = [word for name, value in parts.items() for word in ("-i", f"{name}={value}")]
    opening = ("case", "open", "--title", "Gate", "--issue", "Who opens the gate?", "--by", "cora")
    number = data(*opening, *given)["number"]
    assert "sits on" in run("committees", "seat", "Joint committee West", number, "--by", "cora").output
    case = data("case", "show", number, "--as", "cora")
    (panel,) = (item for item in case["items"] if item["kind"] == "panel")
    assert (panel["chair"], panel["quorum"], len(panel["seats"])) == ("ana", 2, 3)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (WEST.replace("for Agencies", "of Agencies"), ":1: write members like"),
        (WEST.replace("quorum: 2", "quorum: two"), ":1: write members like"),
        (WEST.replace("quorum: 2", "quorum: 9"), "the quorum is from 1 to 2"),
        (WEST.replace("dina for", "eve@desk.example for"), "nobody on file has the address eve@desk.example"),
    ],
)
def test_a_committee_that_cannot_be_read_is_refused_and_nothing_is_kept(file: Path, written: str, told: str) -> None:
    file.write_text(written, encoding="utf-8")
    result = run("committees", "import", str(file))
    assert result.exit_code != 0
    assert told in result.output.replace("\n", " ")
    assert data("committees", "list") == []
