"""Documents at the three front doors: uploaded, checked, put on file, listed, and given out to their readers alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cases import queries
from desk import cli, headers, uploads
from states.items import Document
from tests.desk.house import Front, House, form_of
from tests.stores import CSV, PDF, PNG

SESSIONS = "D-2026-0001"
SCREENING = "D-2026-0002"
ACT = f"/cases/{SCREENING}/acts/add_document"
# Who reads the zones of the case, beside everybody who reads what is shared.
READERS = {
    "shared": {"joseph", "marie", "peter", "simon", "achol", "julia", "claire", "nadia", "stranger"},
    "team": {"claire", "nadia"},
    "caucus:A": {"joseph", "nadia"},
    "line:A": {"joseph", "achol", "claire", "nadia"},
    "private:A": {"joseph", "achol"},
}
EVERYBODY = ("joseph", "marie", "peter", "simon", "achol", "julia", "claire", "nadia", "stranger", "li")
WRITERS = {"shared": "marie", "team": "claire"}


def choose(front: Front, who: str, *, file: tuple[str, bytes] | None, **typed: str) -> httpx.Response:
    """Sends the form of the act with a file, as a browser does."""
    with front.client(who) as client:
        token = form_of(client.get(ACT).text)
        given = {"shows": "Who came when", "zone": "shared", **typed, "form_token": token["form_token"]}
        chosen = file or ("", b"")
        return client.post(f"{ACT}/check", data=given, files={"file": chosen})


def confirm(front: Front, who: str, page: str) -> httpx.Response:
    with front.client(who) as client:
        fields = form_of(page) | {"form_token": form_of(client.get(ACT).text)["form_token"]}
        return client.post(ACT, data=fields)


def uploaded(client: httpx.Client, name: str = "log.csv", content: bytes = CSV) -> httpx.Response:
    return client.post(f"/api/cases/{SCREENING}/files", params={"name": name}, content=content)


def put(front: Front, who: str, zone: str, *, name: str = "log.csv", content: bytes = CSV) -> str:
    """Uploads a file and puts it on file through the API; returns the document's id."""
    with front.program(who) as client:
        reference = uploaded(client, name, content).json()["reference"]
        body = {"inputs": {"file": reference, "shows": "Who came when", "zone": zone}}
        key = {"idempotency-key": f"document {who} {zone}"}
        done = client.post(f"/api/cases/{SCREENING}/acts/add_document", json=body, headers=key)
        assert done.status_code == 200, done.text
        found = client.get(f"/api/cases/{SCREENING}").json()["items"]
        return next(str(one["id"]) for one in found if one["kind"] == "document")


def documents_seen(house: House, who: str) -> tuple[Document, ...]:
    viewer = queries.Viewer(house.directory.actor(who))
    return queries.case_for(house.record, viewer, SCREENING)[1].all(Document)


def test_a_file_goes_through_the_page_to_check_and_onto_the_case_page(front: Front) -> None:
    with front.client("joseph") as client:
        form = client.get(ACT).text
    assert 'enctype="multipart/form-data"' in form
    assert "Up to 25 MB. Types: pdf, jpg" in form
    checked = choose(front, "joseph", file=("C:\\papers\\log.csv", CSV), zone="caucus:A")
    assert "Document goes on file: “log.csv”" in checked.text
    assert documents_seen(front.house, "joseph") == ()
    done = confirm(front, "joseph", checked.text)
    assert done.status_code == 303, done.text
    [kept] = documents_seen(front.house, "joseph")
    assert (kept.name, kept.zone, kept.by) == ("log.csv", "caucus:A", "joseph")
    with front.client("joseph") as client:
        page = client.get(f"/cases/{SCREENING}").text
        [address] = re.findall(r'href="(/cases/[^"]+/documents/[^"]+)" download', page)
        for words in ("Who came when", "Joseph Lado", kept.sha256[:16], f"{len(CSV)} bytes"):
            assert words in page
        answer = client.get(address)
    assert answer.content == CSV


def test_changing_the_answers_keeps_the_file_that_was_uploaded(front: Front) -> None:
    checked = choose(front, "joseph", file=("log.csv", CSV))
    with front.client("joseph") as client:
        token = form_of(client.get(ACT).text)["form_token"]
        again = client.post(f"{ACT}/check", data=form_of(checked.text) | {"form_token": token, "change": "yes"})
        assert "Uploaded:" in again.text
        kept = form_of(again.text)["file"]
        typed = {"form_token": token, "file": kept, "shows": "Something else", "zone": "shared"}
        second = client.post(f"{ACT}/check", data=typed, files={"file": ("", b"")})
    assert "“log.csv”" in second.text
    assert "Something else" in second.text


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("report.pdf", PNG), "“report.pdf” does not hold what its name says"),
        (("run.exe", b"MZ"), "“run.exe” is of a type that is not kept here"),
        (("empty.csv", b""), "the file is empty"),
        (("a\u202efdp.csv", CSV), "the name of the file holds signs that cannot be seen"),
        (None, "File: choose a file"),
    ],
)
def test_a_file_that_is_not_kept_leads_back_to_the_form_with_what_was_typed(
    front: Front, file: tuple[str, bytes] | None, told: str
) -> None:
    answer = choose(front, "joseph", file=file, shows="Who came when")
    assert answer.status_code == 422
    assert told in answer.text.replace("&#39;", "'")
    assert "Who came when" in answer.text


def test_what_is_too_large_is_refused_before_it_is_read_to_its_end(front: Front) -> None:
    answer = choose(front, "joseph", file=("large.csv", b"x" * 26_500_000))
    assert answer.status_code == 422
    assert "File: the file is larger than 25 MB; make it smaller, or split it" in answer.text
    assert re.search(r'<textarea[^>]*>\s*Who came when</textarea>|value="Who came when"', answer.text)
    with front.program("joseph") as client:
        told = uploaded(client, "large.csv", b"x" * 25_000_001)
    assert (told.status_code, told.json()["detail"]) == (
        422,
        "the file is larger than 25 MB; make it smaller, or split it",
    )
    assert not [path for path in front.house.settings.files.rglob("*") if path.stat().st_size > 1000 and path.is_file()]


def test_the_form_sends_its_words_before_its_file(front: Front) -> None:
    with front.client("joseph") as client:
        form = client.get(f"{ACT}?whole=yes").text.partition('enctype="multipart')[2].partition("</form>")[0]
    assert form.index('name="form_token"') < form.index('name="shows"') < form.index('type="file"')


def test_a_document_whose_file_is_gone_says_so_and_who_mends_it(front: Front) -> None:
    found = put(front, "marie", "shared")
    for path in front.house.settings.files.rglob("*"):
        if path.is_file() and path.name != "lock":
            path.unlink()
    with front.client("joseph") as client:
        answer = client.get(f"/cases/{SCREENING}/documents/{found}")
        assert answer.status_code == 500
        page = answer.text
        assert "The file cannot be given out" in page
        assert "“log.csv” cannot be given out: the file" in page
        assert "who can put the file back from the last backup" in page
        assert client.get(f"/cases/{SCREENING}").status_code == 200


def test_a_file_without_this_visit_s_form_is_not_kept(front: Front) -> None:
    with front.client("joseph") as client:
        answer = client.post(f"{ACT}/check", data={"form_token": "forged"}, files={"file": ("log.csv", CSV)})
    assert answer.status_code == 403
    assert not front.house.settings.files.exists()


def test_a_form_that_cannot_be_read_changes_nothing(front: Front) -> None:
    with front.client("joseph") as client:
        for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
            answer = client.post(f"{ACT}/check", content=b"--y\r\nnonsense", headers={"content-type": kind})
            assert answer.status_code in {403, 422}


def test_an_upload_of_another_person_cannot_be_put_on_file(front: Front) -> None:
    checked = choose(front, "joseph", file=("log.csv", CSV))
    stolen = form_of(checked.text)["file"]
    with front.program("marie") as client:
        body = {"inputs": {"file": stolen, "shows": "x", "zone": "shared"}}
        headers_ = {"idempotency-key": "stolen upload"}
        answer = client.post(f"/api/cases/{SCREENING}/acts/add_document", json=body, headers=headers_)
    assert answer.status_code == 422
    assert "“log.csv” was not uploaded by you" in answer.json()["missing"][0]


def test_nobody_uploads_to_a_case_that_is_not_theirs(front: Front) -> None:
    with front.program("li") as client:
        assert uploaded(client).status_code == 404
    assert not front.house.settings.files.exists()


@pytest.mark.parametrize("zone", READERS)
def test_only_readers_of_the_zone_get_the_file_and_see_its_name(front: Front, zone: str) -> None:
    item = put(front, WRITERS.get(zone, "joseph"), zone, name="canary-7.csv")
    for who in EVERYBODY:
        with front.client(who) as client:
            page, api = (client.get(f"{at}/cases/{SCREENING}/documents/{item}") for at in ("", "/api"))
            unknown = client.get(f"/api/cases/{SCREENING}/documents/000000000000")
            shown = client.get(f"/cases/{SCREENING}").text + client.get(f"/api/cases/{SCREENING}").text
            shown += client.get(f"/cases/{SCREENING}/acts/weigh_document").text
        reads = who in READERS[zone]
        assert (page.status_code, api.status_code) == ((200, 200) if reads else (404, 404)), who
        assert ("canary-7" in shown) == reads, who
        if not reads:
            assert (api.status_code, api.text) == (unknown.status_code, unknown.text)


def test_a_file_is_only_ever_something_to_save(front: Front) -> None:
    item = put(front, "marie", "shared", name="تقرير 7.pdf", content=PDF)
    with front.client("joseph") as client:
        answer = client.get(f"/cases/{SCREENING}/documents/{item}")
        same = client.get(f"/cases/{SCREENING}/documents/{item}", headers={"if-none-match": answer.headers["etag"]})
        head = client.head(f"/cases/{SCREENING}/documents/{item}")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == headers.DOWNLOAD_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"_____ 7.pdf\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1%207.pdf"
    )
    assert answer.headers["etag"] == f'"{documents_seen(front.house, "joseph")[0].sha256}"'
    assert (same.status_code, same.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")


def test_a_name_cannot_break_out_of_its_header() -> None:
    assert uploads.as_attachment('a";b%\\.pdf').startswith('attachment; filename="a__b__.pdf"; filename*=UTF-8')


def test_a_file_that_was_changed_is_not_given_out(front: Front) -> None:
    item = put(front, "marie", "shared")
    [kept] = documents_seen(front.house, "marie")
    front.house.record.files.place(kept.sha256).write_bytes(b"hour\n")
    with front.client("joseph") as client:
        answer = client.get(f"/cases/{SCREENING}/documents/{item}")
    assert answer.status_code == 500
    assert "was changed since it was kept" in answer.text


def test_a_late_document_is_marked_on_the_page_to_check_and_in_the_file(front: Front) -> None:
    late = f"/cases/{SESSIONS}/acts/add_document"
    with front.client("joseph") as client:
        token = form_of(client.get(late).text)["form_token"]
        given = {"shows": "Found only now", "zone": "shared", "form_token": token}
        checked = client.post(f"{late}/check", data=given, files={"file": ("log.csv", CSV)})
        assert "“log.csv (late)”" in checked.text
        done = client.post(late, data=form_of(checked.text))
        page = client.get(done.headers["location"]).text
    assert "after the time for evidence" in page


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_line_attaches_fetches_and_verifies(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    source = tmp_path / "log.csv"
    source.write_bytes(CSV)
    about = ("--shows", "Who came when", "--zone", "caucus:A", "--by", "joseph", "--key", "attach once")
    said = run("case", "attach", SCREENING, str(source), *about)
    assert f"{SCREENING}: log.csv put on file by joseph" in said
    assert run("case", "attach", SCREENING, str(source), *about) == said
    [kept] = documents_seen(house, "joseph")
    target = tmp_path / "fetched.csv"
    run("case", "fetch", SCREENING, kept.id, "--as", "joseph", "--to", str(target))
    assert target.read_bytes() == CSV
    again = CliRunner().invoke(cli.app, ["case", "fetch", SCREENING, kept.id, "--as", "joseph", "--to", str(target)])
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    other = CliRunner().invoke(cli.app, ["case", "fetch", SCREENING, kept.id, "--as", "marie", "--to", "x.csv"])
    assert other.exit_code == 4
    assert json.loads(run("verify", "--json"))["consistent"]
    house.record.files.place(kept.sha256).unlink()
    broken = CliRunner().invoke(cli.app, ["verify"])
    assert broken.exit_code == 7
    assert f"case {SCREENING}: the file {kept.sha256[:16]}… is not in the folder for files" in broken.output
    assert "log.csv" not in broken.output
