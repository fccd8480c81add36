"""The command line itself: quick, plain about errors, and readable for programs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import load, vocabulary
from desk.cli import output
from tests.desk.command_line import command, data, run

HEAVY = ("sqlalchemy", "prefect", "fastapi", "uvicorn", "jinja2", "babel", "alembic", "pydantic", "transitions", "yaml")
BROKEN = "process: broken\ntitle: Broken\nprefix: B\ntimezone: Mars/Olympus\n"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gives the commands a data folder of their own."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(tmp_path / "data"))
    return tmp_path / "data"


def modules_after(*arguments: str) -> set[str]:
    """Runs a command in a fresh interpreter and returns the top-level names of all it imported."""
    program = f"""
import sys
from desk import cli
sys.argv = ["parley", *{arguments!r}]
try:
    cli.main()
finally:
    print("\\n", " ".join({{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(ended.stderr.split("\n")[-2].split())


def test_help_imports_nothing_heavy() -> None:
    assert modules_after("--help").isdisjoint(HEAVY)


@pytest.mark.parametrize("command", [("process", "check", "dispute"), ("person", "list"), ("verify",), ("doctor",)])
def test_no_command_imports_prefect(command: tuple[str, ...], data_folder: Path) -> None:
    assert not data_folder.exists()
    program = [sys.executable, "-c", f"import sys; sys.argv = ['parley', *{command!r}]\n{_TELLS_OF_PREFECT}"]
    ended = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split()[-1] == "False"


_TELLS_OF_PREFECT = """
from desk import cli
try:
    cli.main()
except SystemExit:
    print("prefect" in sys.modules)
"""


def test_every_command_has_a_help_that_says_what_it_does() -> None:
    helps = {" ".join(words): run(*words, "--help") for words in commands()}
    assert len(helps) > 20
    assert {words for words, result in helps.items() if result.exit_code} == set()


def test_every_command_answers_programs_too() -> None:
    assert [" ".join(words) for words in commands() if "--json" not in run(*words, "--help").output] == []


def commands() -> list[tuple[str, ...]]:
    """Returns the words of every command, groups left out."""

    def leaves(node: Any, words: tuple[str, ...]) -> list[tuple[str, ...]]:  # noqa: ANN401 - typer keeps its types
        below = getattr(node, "commands", {})
        return [leaf for name, part in below.items() for leaf in leaves(part, (*words, name))] or [words]

    return leaves(command(), ())


def test_a_mistaken_name_is_told_in_one_sentence_with_its_exit_code() -> None:
    result = run("process", "check", "dispue")
    assert result.exit_code == 6
    assert result.stderr == "there is no definition “dispue”; did you mean “dispute”?\n"
    assert result.stdout == ""


def test_with_json_an_error_is_a_problem_on_the_standard_output() -> None:
    result = run("process", "draw", "dispue", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["status"]) == (6, 422)
    assert "did you mean" in told["detail"]


def test_a_good_definition_may_be_used() -> None:
    result = run("process", "check", "dispute")
    assert result.exit_code == 0
    assert re.search(r"may be used; \d+ stages, \d+ acts", result.stdout)


def test_a_bad_definition_is_refused_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    people, programs = run("process", "check", str(path)), run("process", "check", str(path), "--json")
    assert people.exit_code == programs.exit_code == 6
    assert f"{path}:4: " in people.stderr
    found = json.loads(programs.stdout)
    assert not found["good"]
    assert {"file": str(path), "line": 4} in [{"file": one["file"], "line": one["line"]} for one in found["findings"]]


def test_the_shipped_definitions_and_the_offices_own_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setenv("PARLEY_PROCESS_FOLDERS", json.dumps([str(tmp_path)]))
    listed = {row["name"]: row for row in data("process", "list")}
    assert listed["dispute"]["stages"] == len(load.load_shipped("dispute", vocabulary=vocabulary.shipped()).stages)
    assert "cannot be used" in listed["broken"]["title"]


def test_a_drawing_goes_to_a_file_in_the_format_its_name_says(tmp_path: Path) -> None:
    picture = tmp_path / "dispute.svg"
    assert run("process", "draw", "dispute", "-o", str(picture)).exit_code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert run("process", "draw", "dispute").stdout.startswith("stateDiagram-v2")


def test_a_drawing_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = run("process", "draw", "dispute", "-o", str(tmp_path / "nowhere" / "a.svg"))
    assert result.exit_code == 1
    assert "cannot be written (No such file or directory)" in result.stderr


def test_the_preview_lists_what_doing_nothing_leads_to() -> None:
    arguments = ("process", "preview", "dispute", "--urgency", "U1", "--at", "2026-12-03T09:00")
    steps = data(*arguments)["steps"]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    assert {"discard"} <= {step["act"] for step in steps}
    assert "The unsubmitted draft is set aside." in run(*arguments).stdout


def test_an_instant_without_a_zone_is_meant_in_the_zone_of_the_process() -> None:
    told = data("process", "preview", "dispute", "--at", "2026-12-03T09:00")
    assert told["opened_at"] == "2026-12-03T07:00:00+00:00"


def test_an_instant_that_is_none_is_a_mistake_in_the_command() -> None:
    result = run("process", "preview", "dispute", "--at", "tomorrow")
    assert result.exit_code == 2
    assert "“tomorrow” is no date and time" in result.stderr


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(tmp_path / "file" / "data"))
    result = run("person", "list")
    assert result.exit_code == 6
    assert "cannot be made (Not a directory); choose another: PARLEY_DATA_FOLDER" in result.stderr


def test_the_scenarios_are_listed() -> None:
    assert [told["id"] for told in data("demo", "list")] == ["S1", "S2", "S3", "S4", "S5", "S7", "S8"]


def test_a_scenario_is_played_to_its_end_and_leaves_nothing_behind(data_folder: Path) -> None:
    result = run("demo", "play", "s3", "--mails")
    assert result.exit_code == 0, result.output
    assert "[Draft, T0]  Musu Kollie: Open the case" in result.stdout
    assert "mail to olga.sokolova@battalion.example: [Parley] Дело закрыто" in result.stdout
    assert "| This is an automatic message" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("played to its end: settled")
    assert not data_folder.exists()


def test_a_scenario_that_there_is_not_is_told_with_those_there_are() -> None:
    assert "known here: S1, S2" in run("demo", "play", "S9").stderr


def test_texts_cannot_steer_the_terminal() -> None:
    assert output.clean("a\x1b[31mb\u202ec\nd") == "a[31mbc\nd"


def test_the_version_is_that_of_the_installed_package() -> None:
    assert data("version")["version"] == run("version").stdout.strip() == "0.1.0"
