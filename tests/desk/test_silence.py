"""Whatever asks somebody for something, on a page, over the API or in the shell, says what silence means."""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Iterable, Iterator

import pytest
from typer.testing import CliRunner

from cases import queries
from cases.deadline_view import DeadlineView
from cases.desk_view import Ask, Need
from cases.queries import CaseFile, NextStep, Viewer
from desk import cli
from desk.cli import output, silence_words
from desk.pages import duties
from desk.words import Words
from states import decidable, errors
from tests.desk import house as houses
from tests.desk.asking import number_to_id
from tests.desk.conftest import Furnished
from tests.desk.house import Front, House

SESSIONS, SCREENING, DRAFT = "D-2026-0001", "D-2026-0002", "D-2026-0003"
PEOPLE = ("joseph", "peter", "achol", "marie", "simon", "julia", "claire", "nadia", "stranger")
ZONE = "Africa/Juba"

Told = DeadlineView | NextStep | Need | Ask


@pytest.fixture(scope="module")
def front(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Yields a desk on which everybody is asked for something: by a stage, on an item, by a tier, for an agreement."""
    house = houses.copy_of(furnished.folder, tmp_path_factory.mktemp("silence") / "house", now=furnished.now)
    screening = number_to_id(house, SCREENING)
    house.act("joseph", screening, "escalate", text="Whose stall is it?")
    house.clock.advance(days=2)
    house.service.fire_due(screening)
    house.act("claire", screening, "refuse", reason="filed before", other_door="The court of wells")
    house.act("joseph", number_to_id(house, SESSIONS), "stay", reason="Floods", until="2026-11-20T08:00+02:00")
    with houses.serving(house) as served:
        yield served
    house.record.engine.dispose()


def viewer(house: House, who: str) -> Viewer:
    return Viewer(house.directory.actor(who))


def files(house: House, who: str) -> Iterator[CaseFile]:
    """Yield each case that somebody may read, as they read it."""
    for number in (SESSIONS, SCREENING, DRAFT):
        with contextlib.suppress(errors.NotFound):
            yield queries.case_file(house.record, viewer(house, who), number, now=house.clock.now())


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def get(front: Front, who: str, path: str) -> str:
    with front.client(who) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


def untold(page: str, house: House, views: Iterable[Told]) -> list[str]:
    """List what a page does not tell of: the meaning of silence of each duty, behind the date of it."""
    words = Words(language="en", timezone=ZONE, now=house.clock.now())
    return [one.means for one in views if not any(f"{by} {one.means}" in page for by in dates(words, one))]


def dates(words: Words, one: Told) -> Iterator[str]:
    """Spell the date of a meaning in each way that pages do."""
    if one.means_at is None:
        yield ""
    elif one.means_at == one.due_at:
        yield from ("If nothing is recorded by then:", "Otherwise:")
    for spelled in (words.short, words.moment):
        yield f"If nothing is recorded by {spelled(one.means_at or one.due_at, ZONE)}:"


def duties_of(file: CaseFile, who: str) -> list[DeadlineView]:
    return [one for one in file.deadlines if any(holder.id == who for holder in one.holders)]


@pytest.mark.parametrize("who", PEOPLE)
def test_my_desk_tells_the_silence_of_each_duty_and_decision(front: Front, who: str) -> None:
    mine = queries.my_desk(front.house.record, viewer(front.house, who), now=front.house.clock.now())
    page = get(front, who, "/")
    assert untold(page, front.house, [*mine.needs_me, *mine.decisions]) == []
    assert [one.then for one in mine.waits_on_others if one.then not in page] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_of_a_case_tells_the_silence_of_what_comes_next_and_of_each_clock(front: Front, who: str) -> None:
    for file in files(front.house, who):
        page = get(front, who, f"/cases/{file.case.number}")
        step = [file.next_step] if file.next_step else []
        assert untold(page, front.house, [*step, *file.deadlines]) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_the_coming_dates_of_a_person_tell_the_silence_of_each(front: Front, who: str) -> None:
    found = queries.calendar(
        front.house.record, viewer(front.house, who), wanted=queries.Window(), now=front.house.clock.now()
    )
    assert untold(get(front, who, "/calendar"), front.house, [one.date for one in found.dates]) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_the_form_of_an_act_tells_the_silence_of_the_duty_it_answers(front: Front, who: str) -> None:
    for file in files(front.house, who):
        for option in file.options:
            answered = duties.answered_by(file, option, person=who)
            if option.ready and answered:
                page = get(front, who, f"/cases/{file.case.number}/acts/{option.trigger.name}")
                assert untold(page, front.house, answered) == []


def test_a_form_tells_of_the_item_that_it_answers_and_else_of_the_stage(front: Front) -> None:
    offer = get(front, "marie", f"/cases/{SESSIONS}/acts/reject_offer")
    assert "If nothing is recorded by then: The offer lapses; it is never taken as accepted." in offer
    screening = get(front, "claire", f"/cases/{SCREENING}/acts/record_screening")
    assert "Screen the notice" in screening[screening.index("What is asked of you") :]


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_of_a_decision_tells_what_silence_means(front: Front, who: str) -> None:
    now = front.house.clock.now()
    for file in files(front.house, who):
        for item in (one for one in file.case.items if one.kind in decidable.KINDS):
            asked = queries.asked_of(front.house.record, viewer(front.house, who), file.case.id, item.id, now=now)
            if asked.answers:
                page = get(front, who, f"/decide/{file.case.id}/{item.id}")
                told = asked.deadline.means if asked.deadline else asked.silence
                assert f"If you are silent {told}" in page


def test_the_printed_brief_tells_what_silence_means_to_whoever_decides(front: Front) -> None:
    file = next(one for one in files(front.house, "simon") if one.case.number == SCREENING)
    asked = [one for one in file.deadlines if one.name == file.case.tier]
    assert asked
    assert untold(get(front, "simon", f"/cases/{SCREENING}/print/brief"), front.house, asked) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_the_api_tells_the_silence_of_each_clock(front: Front, who: str) -> None:
    with front.program(who) as client:
        for file in files(front.house, who):
            told = client.get(f"/api/cases/{file.case.number}").json()["deadlines"]
            assert [one["means"] for one in told] == [one.means for one in file.deadlines]
            assert [one["means_at"] is None for one in told] == [one.means_at is None for one in file.deadlines]
        dates = client.get("/api/calendar").json()["dates"]
    assert all(one["means"] and one["means_at"] for one in dates)


@pytest.mark.parametrize("who", ["marie", "claire", "simon"])
def test_the_shell_tells_the_silence_of_each_clock(front: Front, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(front.house.settings.data_folder))
    listed = CliRunner().invoke(cli.app, ["case", "calendar", "--as", who, "--json"])
    assert listed.exit_code == 0, listed.output
    assert all(one["means"] and one["means_at"] for one in json.loads(listed.stdout)["dates"])
    for file in files(front.house, who):
        shown = CliRunner().invoke(cli.app, ["case", "show", file.case.number, "--as", who, "--json"])
        told = json.loads(shown.stdout)["deadlines"]
        assert [one["label"] for one in told] == [one.label for one in file.deadlines]
        assert all(one["means"] and one["means_at"] for one in told)


def test_a_meaning_in_the_shell_has_its_own_date_where_that_is_another(front: Front) -> None:
    file = next(one for one in files(front.house, "nadia") if one.case.number == SESSIONS)
    idle = next(one for one in file.deadlines if one.name == "mediator_idle")
    stage = next(one for one in file.deadlines if one.name == "sessions")
    assert idle.means_at
    assert silence_words.meaning(idle, ZONE) == f"{output.stamp(idle.means_at, ZONE)}: {idle.means}"
    assert silence_words.meaning(stage, ZONE) == stage.means
