"""Cases, people and mails from the command line, on a real record in a data folder of its own."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from cases.commands import OpenCase
from cases.database import open_database
from cases.people import Directory, Organisation, Person
from config.clock import SimulatedClock, SystemClock
from config.settings import Settings
from notifications.office import open_office
from states.case import Party, Side
from tests.desk.command_line import data, run

CORA, AMAL, BILAL = "cora@desk.example", "amal@health.example", "bilal@base.example"
PARTS = {
    "initiating party": "Health Cluster",
    "initiating representative": AMAL,
    "responding party": "Base",
    "responding representative": BILAL,
    "convener": CORA,
}
HEADER = f"id,title,urgency,issues,{','.join(PARTS)}"
TAIL = ",".join(PARTS.values())


@pytest.fixture(autouse=True)
def people(tables_on_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a registrar and one representative of each side on file."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("PARLEY_MAIL_HOURS", "00:00-24:00")
    monkeypatch.setenv("PARLEY_MAIL_ON_WORKING_DAYS", "no")
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(tables_on_sqlite, tmp_path / "data" / "parley.db")
    directory = Directory(open_database(Settings().database))
    directory.add_organisation(Organisation(id="health", name="Health Cluster", calendar="ngo", timezone="Africa/Juba"))
    directory.add(Person(id="cora", name="Cora", email=CORA, offices=("registry",)))
    directory.add(Person(id="amal", name="Amal", email=AMAL, organisation_id="health"))
    directory.add(Person(id="bilal", name="Bilal", email=BILAL))


def opened(title: str = "Helipad at night") -> str:
    parts = [word for name, value in PARTS.items() for word in ("-i", f"{name}={value}")]
    asked = ("--issue", "Who may use the helipad?", "--title", title, "--by", CORA)
    return str(data("case", "open", *asked, *parts)["number"])


def csv(folder: Path, *rows: str) -> str:
    path = folder / "cases.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return str(path)


def test_a_case_is_opened_listed_and_shown() -> None:
    number = opened()
    [row] = data("case", "list", "--as", AMAL)["cases"]
    assert (row["number"], row["stage"]) == (number, "draft")
    shown = data("case", "show", number, "--as", "amal")
    assert [party["organisation"] for party in shown["parties"]] == ["health", ""]
    assert [item["title"] for item in shown["items"]] == ["Who may use the helipad?"]
    assert "submit" in {act["act"] for act in shown["acts"] if act["ready"]}
    assert shown["deadlines"][0]["due"]["calendar"]["name"] == "ngo"


def test_a_case_that_is_there_already_is_opened_again_only_by_insisting() -> None:
    number = opened()
    parts = [word for name, value in PARTS.items() for word in ("-i", f"{name}={value}")]
    told = ("--title", "Helipads at night", "-i", "issue=Who may use the helipad?", "--by", CORA, *parts)
    assert [one["number"] for one in data("case", "similar", *told)["cases"]] == [number]
    refused = run("case", "open", *told)
    assert (refused.exit_code, f"this looks like {number}" in refused.stderr) == (3, True)
    assert "the same parties" in refused.stdout
    second = data("case", "open", "--anyway", "--key", "the second", *told)["number"]
    assert second != number
    assert data("case", "open", "--key", "the second", *told)["number"] == second
    unknowing = run("case", "similar", "--title", "Fuel", "--by", AMAL, *parts)
    assert "The registry checks" in unknowing.stdout


def test_windows_that_collide_are_listed() -> None:
    window = ("window_from=2026-12-03T06:00Z", "window_until=2026-12-03T09:00Z", "asset=Slot 14")
    parts = [f"{name}={value}" for name, value in PARTS.items()]
    told = [word for one in (*window, *parts) for word in ("-i", one)]
    numbers = [
        data("case", "open", "--process", "priority_conflict", "--title", title, "--by", CORA, "--anyway", *told)[
            "number"
        ]
        for title in ("Vaccines first", "Fuel first")
    ]
    [collision] = data("case", "collisions", "--as", CORA)
    assert {collision["one"]["number"], collision["other"]["number"]} == set(numbers)
    assert numbers[1] in run("case", "collisions", numbers[0], "--as", AMAL).stdout
    assert run("case", "collisions", "--as", AMAL).exit_code != 0


def test_coming_dates_are_listed_with_whom_they_wait_for() -> None:
    number = opened()
    (date,) = data("case", "calendar", number, "--as", AMAL)["dates"]
    assert (date["case"], date["what"]) == (number, "Complete the notice and submit it")
    assert [holder["name"] for holder in date["holders"]] == ["Amal"]
    words = run("case", "calendar", "--as", AMAL).stdout
    assert "Complete the notice and submit it" in words
    assert "The unsubmitted draft is set aside." in words
    assert data("case", "calendar", "--as", AMAL, "--to", "2001-01-01T00:00")["dates"] == []
    assert data("case", "calendar", "--as", CORA, "--from", date["due_at"])["dates"] != []
    assert "no date is coming" in run("case", "calendar", "--as", AMAL, "--to", "2001-01-01").stdout


def test_the_page_of_a_case_reads_in_words() -> None:
    page = run("case", "show", opened(), "--as", CORA).stdout
    assert "Next: Complete the notice and submit it; it is for Amal, by " in page
    assert "30 civil days by the calendar “ngo”" in page
    assert "Submit the notice" in page


def test_an_act_moves_the_case() -> None:
    number = opened()
    assert data("case", "act", number, "submit", "--by", AMAL)["version"] == 2
    assert data("case", "list", "--as", AMAL)["cases"][0]["stage"] == "submitted"


def test_the_same_key_does_an_act_once() -> None:
    number = opened()
    twice = [data("case", "act", number, "submit", "--by", AMAL, "--key", "k") for _ in range(2)]
    assert twice[0] == twice[1]


def test_a_refused_act_lists_what_is_missing_and_changes_nothing() -> None:
    number = opened()
    result = run("case", "act", number, "raise_issue", "--by", CORA)
    assert result.exit_code == 3
    assert result.stderr.splitlines() == ["“Add an issue” still needs:", "  - Issue, as a question is missing"]
    assert data("case", "show", number, "--as", CORA)["version"] == 1


def test_an_act_of_somebody_else_is_refused() -> None:
    result = run("case", "act", opened(), "submit", "--by", BILAL)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "is for: " in result.stderr


def test_an_act_on_a_version_that_has_passed_is_a_conflict() -> None:
    number = opened()
    data("case", "act", number, "submit", "--by", AMAL)
    assert run("case", "act", number, "raise_issue", "--by", CORA, "-i", "title=x", "--version", "1").exit_code == 5


def test_a_case_of_others_reads_like_one_that_is_not() -> None:
    data("person", "add", "Eve", "eve@elsewhere.example", "--id", "eve")
    number = opened()
    foreign, unknown = (run("case", "show", which, "--as", "eve") for which in (number, "D-1999-0001"))
    assert foreign.exit_code == unknown.exit_code == 4
    assert foreign.stderr == unknown.stderr


def test_a_case_is_opened_from_a_file_with_options_over_it(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    lines = [f"{name}: {value}" for name, value in {**PARTS, "title": "Gate", "urgency": "U2"}.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    number = data("case", "open", str(path), "--title", "Gate B", "--by", CORA)["number"]
    shown = data("case", "show", number, "--as", CORA)
    assert (shown["title"], shown["urgency"]) == ("Gate B", "U2")


def test_a_file_of_many_cases_is_for_importing(tmp_path: Path) -> None:
    result = run("case", "open", csv(tmp_path, f"1,Gate,,,{TAIL}", f"2,Water,,,{TAIL}"), "--by", CORA)
    assert result.exit_code == 2
    assert "parley case import" in result.stderr


def test_an_import_opens_what_is_well_and_tells_every_reason_for_the_rest(tmp_path: Path) -> None:
    path = csv(tmp_path, f"1,Gate,U2,Who opens?;Who pays?,{TAIL}", f"2,,U9,,{TAIL}x@y.example", f"3,Water,,,{TAIL}")
    result = run("case", "import", path, "--by", CORA, "--json")
    assert result.exit_code == 3
    lines = json.loads(result.stdout)["lines"]
    assert [line["fate"] for line in lines] == ["opened", "refused", "opened"]
    assert [line["place"] for line in lines] == [f"{path}:{number}" for number in (2, 3, 4)]
    assert lines[1]["why"][:2] == ["a title is missing", "“U9” is no urgency; write one of: U1, U2, U3, U4"]
    assert f"“{CORA}x@y.example”" in lines[1]["why"][2]
    assert len(data("case", "list", "--as", CORA)["cases"]) == 2


def test_the_report_for_people_names_file_and_line(tmp_path: Path) -> None:
    path = csv(tmp_path, f"1,,,,{TAIL}")
    report = run("case", "import", path, "--by", CORA).stdout.splitlines()
    assert report == [f"{path}:2: no title: refused", "  - a title is missing", "1 refused"]


def test_importing_twice_opens_once(tmp_path: Path) -> None:
    path = csv(tmp_path, f"1,Gate,,,{TAIL}", f",Water,,,{TAIL}")
    first, second = (data("case", "import", path, "--by", CORA) for _ in range(2))
    assert (first["counts"]["opened"], second["counts"]["already there"]) == (2, 2)
    assert [line["number"] for line in first["lines"]] == [line["number"] for line in second["lines"]]


def test_one_id_for_two_cases_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path, f"1,Gate,,,{TAIL}", f"1,Water,,,{TAIL}")
    within = json.loads(run("case", "import", path, "--by", CORA, "--json").stdout)["lines"][1]
    later = json.loads(run("case", "import", csv(tmp_path, f"1,Roads,,,{TAIL}"), "--by", CORA, "--json").stdout)
    assert within["why"] == [f"the id 1 stands with another content at {path}:2"]
    assert later["lines"][0]["why"] == ["the id 1 was imported before with another content; give this one another id"]


def test_a_trial_reports_and_opens_nothing(tmp_path: Path) -> None:
    path = csv(tmp_path, f"1,Gate,,,{TAIL}")
    assert data("case", "import", path, "--by", CORA, "--dry-run")["counts"]["would be opened"] == 1
    assert data("case", "list", "--as", CORA)["cases"] == []
    refused = run("case", "import", path, "--by", "bilal", "--dry-run")
    assert refused.exit_code == 3
    assert "a case may be opened by" in refused.stdout


def test_the_record_is_whole() -> None:
    number = opened()
    assert data("verify")["consistent"]
    assert run("verify", number).stdout.startswith("the chain is whole: 1 cases, 1 events")
    assert run("verify", "D-1999-0001").exit_code == 4


def test_a_beat_does_what_is_due_and_writes_the_mails() -> None:
    number = opened()
    data("case", "act", number, "submit", "--by", AMAL)
    assert data("tick", "--no-deliver")["escalations"]["fired"] == 1
    assert data("case", "list", "--as", AMAL)["cases"][0]["stage"] == "screening"
    assert data("tick", "--until-idle")["deliveries"]["written"] > 0
    mails = data("mail", "list", "--as", AMAL)["mails"]
    assert number in data("mail", "show", str(mails[0]["id"]), "--as", AMAL)["text"]
    assert sum(data("mail", "list")["counts"]["messages"].values()) >= len(mails)


def test_a_mail_that_waits_is_no_dead_letter() -> None:
    assert run("mail", "retry", "1").exit_code == 4
    assert run("mail", "retry").exit_code == 2
    assert data("mail", "retry", "--all") == {"queued": [], "to be written": []}


def test_a_link_is_made_for_somebody_on_file_only() -> None:
    told = data("signin-link", AMAL)
    assert told["link"].startswith("http://127.0.0.1:8470/sign-in/")
    assert run("signin-link", "nobody@desk.example").exit_code == 4


def test_people_and_organisations_are_put_on_file() -> None:
    body = data("organisation", "add", "Base", "--timezone", "Africa/Juba")
    added = data("person", "add", "Dina", "dina@base.example", "--organisation", "Base", "--office", "registry")
    assert added["organisation_id"] == body["id"]
    assert added in data("person", "list")
    assert body in data("organisation", "list")


def test_an_address_belongs_to_one_person() -> None:
    assert run("person", "add", "Another", AMAL).exit_code == 5
    assert len(data("person", "list")) == 3


def test_a_calendar_that_there_is_not_is_told_with_the_nearest_one() -> None:
    assert "did you mean “ngo”?" in run("organisation", "add", "Another", "--calendar", "ngoo").stderr


def test_the_doctor_says_the_next_command_for_what_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MAILBOX_PORT", "1")
    signs = {sign["what"]: sign for sign in json.loads(run("doctor", "--json").stdout)["signs"]}
    assert signs["database"]["health"] == "well"
    assert signs["timers"]["told"] == "none is overdue"
    assert (signs["mail server"]["health"], signs["mail server"]["do"]) == (
        "worth a look",
        "start it with: parley up",
    )


def test_the_doctor_looks_at_the_folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def files() -> dict[str, str]:
        (sign,) = (one for one in json.loads(run("doctor", "--json").stdout)["signs"] if one["what"] == "files")
        return dict(sign)

    monkeypatch.setenv("PARLEY_FILES_FOLDER", str(tmp_path / "papers"))
    assert "papers is made with the first upload; " in files()["told"]
    (tmp_path / "papers").mkdir()
    assert files()["told"].endswith(f"GB free in {tmp_path / 'papers'}")
    (tmp_path / "papers").rmdir()
    (tmp_path / "papers").touch()
    ill = files()
    assert (ill["health"], ill["do"]) == (
        "ill",
        "let the desk write there, or choose another folder: PARLEY_FILES_FOLDER",
    )


def test_the_doctor_sees_a_clockwork_that_stood_still_and_names_what_mends_it() -> None:
    long_ago = SystemClock().now() - timedelta(days=90)
    with closing(open_office(clock=SimulatedClock(long_ago))) as then:
        people = {"representative": ("amal",)}
        side = Party(id="initiating", name="Health Cluster", side=Side.INITIATING, people=people)
        actor = then.directory.actor("cora")
        then.service.open(OpenCase(process="dispute", title="Gate", actor=actor, key="1", parties=(side,)))
    ill = run("doctor", "--json")
    [timers] = [sign for sign in json.loads(ill.stdout)["signs"] if sign["what"] == "timers"]
    assert (ill.exit_code, timers["health"]) == (1, "ill")
    assert timers["do"] == "let the clockwork run: parley up, or parley tick --until-idle"

    run("tick", "--until-idle", "--no-deliver")
    well = run("doctor", "--json")
    assert (well.exit_code, json.loads(well.stdout)["well"]) == (0, True)


def test_a_timer_that_is_not_parked_cannot_be_tried_again() -> None:
    result = run("case", "retry", opened(), "draft:1:100%")
    assert result.exit_code == 4
    assert "waiting for a person" in result.stderr


def test_the_doctor_survives_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a database, and long enough not to look like an empty one" * 20)
    monkeypatch.setenv("PARLEY_DATABASE_URL", f"sqlite:///{tmp_path / 'file'}")
    result = run("doctor")
    assert result.exit_code == 1
    assert "cannot be opened" in result.stdout
