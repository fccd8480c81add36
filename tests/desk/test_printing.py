"""Papers of a case: what stands on them, and that nothing of an unchosen room does; and versions compared."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pypdf
import pytest
from typer.testing import CliRunner

from cases import queries
from desk import cli, pdf, printing
from desk.problems import NoPdf
from desk.rendering import make_renderer
from states import errors, roles
from states.events import CaseClosed, Change, ItemRecorded, StageEntered
from states.items import (
    Agreement,
    Annotation,
    Feedback,
    Handover,
    Issue,
    Item,
    Link,
    Note,
    Obligation,
    Option,
    Question,
    Signature,
)
from states.items import Fact as BoardFact
from tests.cases.builders import happen
from tests.desk.house import PARTIES, START, Front, House

ItemT = TypeVar("ItemT", bound=Item)

SESSIONS = "D-2026-0001"
ARABIC = "\u0627\u062a\u0641\u0627\u0642 \u0627\u0644\u0622\u0628\u0627\u0631"
SEAL = "5ea1" * 16
PEOPLE = ("joseph", "marie", "achol", "peter", "stranger", "claire", "nadia")
OF_ROOMS = [kind for kind in printing.Kind if kind is not printing.Kind.BRIEF]
"""The papers that are made of the rooms that were chosen."""
NO_TEXTS = frozenset({printing.Kind.AGREEMENT, printing.Kind.SERVICE})
"""Papers that need not say something of every room."""
PATIENCE = 60.0
"""How many seconds a PDF may take on a busy machine."""
STYLES = Path("desk/static/print.css")


def marker(zone: str) -> str:
    return f"canary{zone.replace(':', '').lower()}"


def put(house: House, *changes: Change, zone: str = "shared") -> None:
    """Records changes on the case in the sessions."""
    house.clock.advance(minutes=20)
    happen(house.record, case_id(house), *changes, by="nadia", at=house.clock.now(), zone=zone)


def readable(house: House, who: str) -> frozenset[str]:
    process, case = queries.case_for(house.record, queries.Viewer(house.directory.actor(who)), SESSIONS)
    return roles.readable_zones(process, case, house.directory.actor(who))


def all_zones(house: House) -> list[str]:
    """Lists every room of the case that anybody in it reads."""
    return sorted(frozenset[str]().union(*(readable(house, who) for who in PEOPLE)))


def case_id(house: House, number: str = SESSIONS) -> str:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("nadia")), number)[1].id


def made(kind: type[ItemT], name: str, **values: Any) -> ItemT:  # noqa: ANN401 - any fields of the kind
    """Makes an item that all parties share, recorded by the mediator at the start."""
    return kind(**{"id": name, "zone": "shared", "by": "nadia", "at": START, **values})


def promise(name: str, action: str, **values: Any) -> Obligation:  # noqa: ANN401 - any fields of the term
    given = {"owner": "A", "verifier": "B", "due_at": START + timedelta(days=10), "state": "planned", **values}
    return made(Obligation, name, action=action, **given)


def put_markers(house: House) -> None:
    """Puts a note, an issue, an agreement, feedback and a promise with a marker into every room, and offers a part."""
    offer = {"role": "representative", "party": "A", "predecessor": "joseph", "successor": "amina"}
    put(house, ItemRecorded(made(Handover, "h", reason="My tour ends.", state="offered", **offer)))
    for zone in all_zones(house):
        word = marker(zone)
        marked = (
            made(Note, f"n{zone}", text=f"{word}note", zone=zone),
            made(Issue, f"i{zone}", title=f"{word}issue", zone=zone),
            made(Agreement, f"a{zone}", text=f"{word}agreement", state="drafting", zone=zone),
            made(Feedback, f"f{zone}", party=None, text=f"{word}feedback", zone=zone),
            promise(f"o{zone}", f"{word}term", zone=zone),
        )
        put(house, *map(ItemRecorded, marked), zone=zone)


def put_question(house: House) -> None:
    """Puts a question to the ladder, and a fact, an option and a column of its brief into every room of the case."""
    asked = made(Question, "q", tier="T1", text=f"{marker('shared')}question", cause="request", state="asked")
    put(house, ItemRecorded(asked))
    for zone in all_zones(house):
        word = marker(zone)
        marked = (
            made(BoardFact, f"b{zone}", statement=f"{word}fact", source="seen", state="agreed", zone=zone),
            made(Option, f"p{zone}", issue="i", text=f"{word}option", state="tested", zone=zone),
            made(Annotation, f"c{zone}", question="q", party="A", interest=f"{word}interest", zone=zone),
        )
        put(house, *map(ItemRecorded, marked), zone=zone)


def close(house: House) -> None:
    now = house.clock.now()
    put(house, StageEntered("closed", now, None), CaseClosed("settled", now))


def settle(house: House, *, text: str = "The wells open at eight.") -> None:
    """Puts a signed agreement with two terms on file."""
    marks = tuple(
        Signature(party=party, person=person, at=START + timedelta(hours=3), text_hash=SEAL)
        for party, person in (("A", "joseph"), ("B", "marie"))
    )
    draft = made(Agreement, "deal", text=text, summary=ARABIC, state="drafting")
    terms = [promise("t1", "Repair the pump"), promise("t2", "Open the gate", owner="B", verifier="A")]
    put(house, ItemRecorded(draft), *map(ItemRecorded, terms))
    sealed = replace(draft, state="signature", text_hash=SEAL)
    put(house, ItemRecorded(sealed))
    signed = replace(sealed, state="in force", signatures=marks)
    put(house, ItemRecorded(signed), *(ItemRecorded(replace(term, state="due")) for term in terms))
    put(house, ItemRecorded(replace(terms[0], state="verified", evidence="Photographs of the pump")))


def press(house: House) -> printing.Press:
    return printing.Press(
        record=house.record,
        directory=house.directory,
        renderer=make_renderer(),
        name="Parley",
        now=house.clock.now(),
    )


def paper(house: House, kind: str, *zones: str, who: str = "nadia") -> printing.Paper:
    asked = printing.wanted(kind, zones)
    return printing.compose(press(house), house.directory.person(who), SESSIONS, asked=asked)


def words_of(drawn: bytes) -> str:
    """Returns the words of a PDF; where a line was broken tells nothing."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(drawn)).pages).split())


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def told(house: House, words: str) -> set[str]:
    """Returns the rooms whose markers stand in the words, with all blanks taken out."""
    bare = re.sub(r"\s", "", words).lower()
    return {zone for zone in all_zones(house) if marker(zone) in bare}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_brief_holds_what_all_parties_share_whichever_rooms_are_chosen(house: House, who: str) -> None:
    put_markers(house)
    put_question(house)
    for zone in readable(house, who):
        assert told(house, paper(house, "brief", "shared", zone, who=who).html) == {"shared"}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("kind", OF_ROOMS)
def test_no_paper_holds_anything_of_a_room_that_was_not_chosen(house: House, who: str, kind: str) -> None:
    put_markers(house)
    close(house)
    own = readable(house, who)
    for chosen in [{"shared"}, set(own), *({"shared", zone} for zone in own)]:
        shown = told(house, paper(house, kind, *chosen, who=who).html)
        assert shown <= chosen
        assert shown == chosen or kind in NO_TEXTS
    for zone in {*all_zones(house), "elsewhere"} - own:
        with pytest.raises(errors.NotFound, match="not there, or is not yours to read"):
            paper(house, kind, "shared", zone, who=who)


def test_a_handover_pack_tells_the_stage_open_promises_and_the_next_dates(house: House) -> None:
    put_markers(house)
    shown = text_of(paper(house, "handover").html)
    assert "My tour ends." in shown
    assert "Sessions : Hold sessions and bring about a settlement" in shown.replace("Sessions:", "Sessions :")
    assert f"{marker('shared')}term" in shown
    assert "until" in shown[shown.index("The next dates") :]


def test_there_is_no_handover_pack_where_no_part_is_offered(house: House) -> None:
    with pytest.raises(errors.NotFound, match="no part of this case is offered"):
        paper(house, "handover")


@pytest.mark.parametrize("kind", OF_ROOMS)
def test_a_pdf_holds_the_rooms_that_were_chosen_and_no_other(house: House, kind: str) -> None:
    put_markers(house)
    close(house)
    drawn = printing.as_pdf(press(house), paper(house, kind, "shared", "caucus:A"))
    shown = told(house, words_of(drawn))
    assert shown <= {"shared", "caucus:A"}
    assert shown == {"shared", "caucus:A"} or kind in NO_TEXTS


def test_a_paper_that_is_handed_on_holds_no_link_to_another_case(house: House) -> None:
    other, tie = case_id(house, "D-2026-0002"), {"relation": "cross", "outward": True, "reason": "Same wells"}
    link = made(Link, "link", other=other, number="D-2026-0002", **tie)
    put(house, ItemRecorded(link))
    assert link in queries.case_for(house.record, queries.Viewer(house.directory.actor("nadia")), SESSIONS)[1].items
    assert "D-2026-0002" not in paper(house, "file").html


def test_without_a_choice_a_paper_holds_what_all_parties_share(house: House) -> None:
    put_markers(house)
    assert told(house, paper(house, "file").html) == {"shared"}


def test_a_program_takes_a_paper_with_its_token_and_a_stranger_gets_none(front: Front) -> None:
    settle(front.house)
    with front.program("joseph") as client:
        client.timeout = PATIENCE
        papers = client.get(f"/api/cases/{SESSIONS}").json()["papers"]
        assert [one["name"] for one in papers] == ["agreement", "file"]
        answers = [client.get(one["pdf"]) for one in papers]
    assert [(answer.status_code, answer.content[:5]) for answer in answers] == [(200, b"%PDF-")] * 2
    assert answers[0].headers["content-disposition"] == f'inline; filename="{SESSIONS}-agreement.pdf"'
    with front.client("li") as client:
        assert {client.get(one["page"]).status_code for one in papers} == {404}
    with front.client() as client:
        assert {client.get(one["page"]).status_code for one in papers} == {401}


def test_the_agreement_names_text_terms_signatures_and_seal(house: House) -> None:
    settle(house)
    words = text_of(paper(house, "agreement").html)
    assert "In force: signed by every party on this one text." in words
    assert "The wells open at eight." in words
    row = "Repair the pump Herders association Thursday, 12 November 2026, 09:00 Juba time (UTC+2) Farmers council"
    assert row in words
    assert f"Joseph Lado Monday, 2 November 2026, 12:00 Juba time (UTC+2) {SEAL}" in words
    assert f"Seal of the text {SEAL}" in words
    assert "Photographs" not in words


def test_a_draft_says_that_it_is_one_and_leaves_room_for_every_signature(house: House) -> None:
    put(house, ItemRecorded(made(Agreement, "draft", text="A draft", state="drafting")))
    words = text_of(paper(house, "agreement").html)
    assert "Not in force. State of this text: drafting." in words
    assert all(f"{party.name} not signed" in words for party in PARTIES)
    assert "this is a draft that was not put before the parties" in words


def test_the_closure_note_tells_result_issues_promises_lessons_and_the_window_to_reopen(house: House) -> None:
    settle(house)
    put(house, ItemRecorded(made(Feedback, "lesson", party="A", text="Write turns down.")))
    close(house)
    words = text_of(paper(house, "closure").html)
    assert "Closed: settled: agreed directly between the parties." in words
    assert "Who repairs the pump?" in words
    assert "No calendar says whose turn it is" in words
    assert re.search(r"Repair the pump.*Photographs of the pump.*Farmers council verified", words)
    assert "Write turns down." in words


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("closure", "the case is still open"), ("agreement", "no such agreement"), ("letter", "there is no paper")],
)
def test_a_paper_that_cannot_be_is_refused_with_its_reason(house: House, kind: str, sentence: str) -> None:
    with pytest.raises(errors.ParleyError, match=sentence):
        paper(house, kind)


def test_the_same_record_gives_the_same_paper_byte_for_byte(house: House) -> None:
    settle(house)
    first = paper(house, "agreement")
    house.clock.advance(days=3)
    again = paper(house, "agreement")
    assert first == again
    assert printing.as_pdf(press(house), first) == printing.as_pdf(press(house), again)


def test_a_pdf_has_a_title_a_language_tags_and_the_time_of_the_record(house: House) -> None:
    settle(house)
    reader = pypdf.PdfReader(io.BytesIO(printing.as_pdf(press(house), paper(house, "agreement"))))
    facts, root = reader.metadata, reader.root_object
    assert facts is not None
    assert facts.title == f"{SESSIONS} Agreement: Grazing access at Kworijik wells"
    assert facts.creation_date == house.clock.now()
    assert (str(root["/Lang"]), str(root["/MarkInfo"])) == ("en", "{'/Marked': True}")
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.rdf_root.toxml()


def test_every_page_of_a_pdf_names_case_rooms_and_its_place(house: House) -> None:
    settle(house, text="\n\n".join(f"{number}. The herds wait for their turn at the wells." for number in range(120)))
    drawn = printing.as_pdf(press(house), paper(house, "agreement", "shared", "team"))
    pages = pypdf.PdfReader(io.BytesIO(drawn)).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        words = " ".join(page.extract_text().split())
        assert SESSIONS in words
        assert "Rooms in this paper: Shared with all parties and Mediation team only" in words
        assert f"page {number} of {len(pages)}" in words


def test_drawing_fetches_nothing_from_anywhere(house: House) -> None:
    settle(house)
    page, library, assets = paper(house, "agreement").html, pdf.load(), press(house).renderer.assets
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/passwd", "data:image/gif;base64,AAAA", "/static/none.png"):
        spoilt = page.replace("<h1", f'<img src="{address}" alt="x"><h1')
        with pytest.raises(library.urls.FatalURLFetchingError):
            pdf.draw(spoilt, assets, seal="x")


def test_without_pango_it_says_what_to_install_and_the_page_is_still_there(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> NoReturn:
        raise NoPdf(pdf.MISSING)

    monkeypatch.setattr(pdf, "load", missing)
    with front.client("nadia") as client:
        answer = client.get(f"/cases/{SESSIONS}/print/file.pdf")
        assert client.get(f"/cases/{SESSIONS}/print/file").status_code == 200
    assert answer.status_code == 503
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in answer.text


def test_a_library_that_cannot_find_pango_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango")\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(NoPdf, match="Pango is missing"):
        pdf.load()


def test_a_paper_brings_no_style_or_script_of_its_own_and_keeps_the_policy_of_the_desk(front: Front) -> None:
    settle(front.house)
    with front.client("nadia") as client:
        answers = [client.get(f"/cases/{SESSIONS}/print/{kind}") for kind in ("agreement", "file")]
    for answer in answers:
        assert re.findall(r"\sstyle=|<style|<script|\son[a-z]+=|javascript:", answer.text) == []
        assert "style-src 'self'" in answer.headers["content-security-policy"]


def test_each_paragraph_runs_its_own_way_on_paper(house: House) -> None:
    settle(house, text=f"1. Eight o'clock.\n\n2. {ARABIC}\n \n{ARABIC}, 8:00")
    page = paper(house, "agreement").html
    assert [way for way, _ in re.findall(r'<p dir="(\w+)">([^<]*)</p>', page)] == ["ltr", "rtl", "rtl"]
    assert f'<p class="text" dir="rtl">{ARABIC}</p>' in page
    assert 'dir="auto"' not in page


def test_what_somebody_wrote_is_text_and_nothing_else(house: House) -> None:
    settle(house, text="<img src=x onerror=alert(1)>")
    assert "&lt;img src=x onerror=alert(1)&gt;" in paper(house, "agreement").html


def test_the_choice_of_rooms_is_the_readers_own(front: Front) -> None:
    def offered(who: str) -> list[str]:
        with front.client(who) as client:
            return re.findall(r'name="zone" value="([^"]+)"', client.get(f"/cases/{SESSIONS}/print/file").text)

    assert offered("claire")[:3] == ["shared", "team", "seniors"]
    assert "caucus:A" in offered("joseph")
    assert not {zone for zone in offered("joseph") if zone.endswith(":B")}
    assert not {zone for who in ("claire", "nadia") for zone in offered(who) if zone.startswith("private:")}


def test_the_stylesheet_of_papers_knows_no_left_or_right() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w-])(?:left|right|margin-left|padding-right|float:\s*(?:left|right))\b", styles) == []
    assert re.findall(r"url\(|@import|@font-face", styles) == []


def test_the_case_page_links_the_papers_there_are(front: Front) -> None:
    def links() -> list[str]:
        with front.client("joseph") as client:
            return re.findall(
                rf'href="/cases/{SESSIONS}/(print/[a-z]+\.pdf|versions)', client.get(f"/cases/{SESSIONS}").text
            )

    assert links() == ["print/file.pdf"]
    settle(front.house)
    assert links() == ["print/agreement.pdf", "versions", "print/file.pdf"]
    close(front.house)
    assert links() == ["print/agreement.pdf", "versions", "print/file.pdf", "print/closure.pdf"]


def rewrite(house: House) -> None:
    """Puts a draft on file and writes it anew, with one term changed for another."""
    draft, pump = made(Agreement, "deal", text="The wells open at eight.", state="drafting"), promise("t1", "Repair it")
    put(house, ItemRecorded(draft), ItemRecorded(pump))
    gate = promise("t2", "Open the gate", owner="B", verifier="A")
    later = (replace(draft, text="The wells open at nine."), replace(pump, state="removed"), gate)
    put(house, *map(ItemRecorded, later))


def test_the_page_of_versions_marks_what_was_added_and_taken_out_without_colour_alone(front: Front) -> None:
    rewrite(front.house)
    with front.client("joseph") as client:
        page = client.get(f"/cases/{SESSIONS}/versions").text
    assert '<del><span class="vh">deleted: </span>eight.</del>' in page
    assert '<ins><span class="vh">inserted: </span>nine.</ins>' in page
    words = text_of(page)
    assert "From wording 1 to wording 2" in words
    assert "Nadia Haddad" in words
    assert re.search(r"added .*Owner inserted: Farmers council", words)
    assert re.search(r"removed .*Owner deleted: Herders association", words)


def test_the_versions_are_told_to_programs_and_refusals_too(front: Front) -> None:
    rewrite(front.house)
    with front.program("joseph") as client:
        found = client.get(f"/api/cases/{SESSIONS}/versions").json()["versions"]
        difference = client.get(f"/api/cases/{SESSIONS}/versions/1/2").json()
        refused = client.get(f"/api/cases/{SESSIONS}/versions/1/7")
    assert [(one["number"], one["changed"], one["by"]) for one in found] == [
        (1, [], "Nadia Haddad"), (2, ["text", "terms"], "Nadia Haddad"),
    ]  # fmt: skip
    assert [one["fate"] for one in difference["text"]["text"]] == ["kept", "deleted", "inserted"]
    assert {one["term"]: one["fate"] for one in difference["terms"]} == {"t1": "deleted", "t2": "inserted"}
    assert (refused.status_code, refused.json()["detail"][:23]) == (404, "there is no version 7 o")
    with front.program("li") as client:
        assert client.get(f"/api/cases/{SESSIONS}/versions").status_code == 404


def test_the_page_of_versions_is_a_problem_in_words_while_there_is_no_text(front: Front) -> None:
    with front.client("joseph") as client:
        answer = client.get(f"/cases/{SESSIONS}/versions")
    assert answer.status_code == 404
    assert "No agreement was written yet, or it is not yours to see." in text_of(answer.text)


def run(house: House, *arguments: str) -> str:
    """Runs a command on the record of the house; returns what it says, after its exit code."""
    environment = {"PARLEY_DATA_FOLDER": str(house.settings.data_folder)}
    result = CliRunner().invoke(cli.app, arguments, env=environment)
    return f"{result.exit_code} {result.output}"


def test_the_command_line_prints_and_compares(house: House, tmp_path: Path) -> None:
    settle(house)
    page, drawn = tmp_path / "a.html", tmp_path / "a.pdf"
    wanted = ("case", "print", SESSIONS, "agreement", "--as", "joseph")
    assert run(house, *wanted, "-o", str(page)).startswith("0 ")
    assert run(house, *wanted, "-o", str(drawn), "--pdf").startswith("0 ")
    assert "<style>" in page.read_text(encoding="utf-8")
    assert "<nav" not in page.read_text(encoding="utf-8")
    assert "Repair the pump" in words_of(drawn.read_bytes())
    assert run(house, *wanted, "--zone", "caucus:B", "-o", str(page)).startswith("4 ")
    compared = run(house, "case", "versions", SESSIONS, "--as", "joseph")
    assert compared.startswith("0 ")
    assert "the two read alike" in compared
    rewrite(house)
    marked = run(house, "case", "versions", SESSIONS, "--as", "joseph", "--before", "1", "--after", "3")
    assert "[-eight.-]{+nine.+}" in marked
