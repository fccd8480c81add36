"""Mediation on the desk: what each side will see before something is published, and options against criteria."""

from __future__ import annotations

import re

from cases import queries
from states import case as cases
from states.items import Criterion, Issue, Note, Option
from tests.desk.house import SECRET_OF_B, Front, form_of
from tests.desk.test_pages import SESSIONS, case_id, get, text_of

WORDS = "We could give two days a week"


def seen(front: Front, who: str) -> cases.Case:
    """Return the case as somebody may read it."""
    return queries.case_for(front.house.record, queries.Viewer(front.house.directory.actor(who)), SESSIONS)[1]


def test_what_each_side_will_see_stands_side_by_side_before_anything_is_published(front: Front) -> None:
    note = seen(front, "marie").all(Note)[-1].id
    address = f"/cases/{SESSIONS}/acts/publish"
    with front.client("marie") as client:
        asked = client.get(address).text
        assert WORDS in asked
        checked = client.post(f"{address}/check", data={**form_of(asked), "item": note, "words": WORDS}).text
        sides = re.findall(r'<div><h3 dir="auto">(.*?)</h3>(.*?)</div>', checked, re.DOTALL)
        assert [name for name, _ in sides] == ["Herders association", "Farmers council"]
        theirs, own = (text_of(shown) for _, shown in sides)
        assert WORDS in theirs
        assert "Not shown to Herders association: Release." in theirs
        assert "Release Only Farmers council sees this" in own
        assert "as Joseph Lado will see it, who reads English" in theirs
        assert client.post(address, data=form_of(checked)).status_code == 303
    page = get(front, "joseph", f"/cases/{SESSIONS}?everything=yes")
    assert WORDS in page
    assert SECRET_OF_B not in page


def test_an_act_that_everybody_reads_alike_shows_no_sides(front: Front) -> None:
    address = f"/cases/{SESSIONS}/acts/add_note"
    with front.client("marie") as client:
        form = {**form_of(client.get(address).text), "text": "Hello", "zone": "shared"}
        assert "What each side will see" not in client.post(f"{address}/check", data=form).text


def test_the_team_sees_what_each_party_will_see_of_whatever_it_puts_before_them(front: Front) -> None:
    option = {"text": "Herds before eight", "issue": seen(front, "nadia").all(Issue)[0].id}
    address = f"/cases/{SESSIONS}/acts/propose_option"
    with front.client("nadia") as client:
        form = form_of(client.get(f"{address}?whole=yes").text)
        checked = client.post(f"{address}/check", data={**form, **option}).text
    assert "All parties will see the same." in checked
    sides = re.findall(r'<div><h3 dir="auto">(.*?)</h3>(.*?)</div>', checked, re.DOTALL)
    assert ["Herds before eight" in text_of(shown) for _, shown in sides] == [True, True]


def test_what_the_team_tells_one_party_alone_is_marked(front: Front) -> None:
    address = f"/cases/{SESSIONS}/acts/add_note"
    with front.client("nadia") as client:
        form = form_of(client.get(f"{address}?whole=yes").text)
        checked = client.post(f"{address}/check", data={**form, "text": "Come at nine", "zone": "caucus:A"}).text
    assert "what differs is marked" in checked
    sides = re.findall(r'<div><h3 dir="auto">(.*?)</h3>(.*?)</div>', checked, re.DOTALL)
    theirs, others = (text_of(shown) for _, shown in sides)
    assert "Note Only Herders association sees this Come at nine" in theirs
    assert "Nothing. Not shown to Farmers council: Note." in others
    assert "Come at nine" not in others


def test_the_options_board_stands_on_the_case_page(front: Front) -> None:
    assert 'id="board"' not in get(front, "marie", f"/cases/{SESSIONS}")
    house, case = front.house, case_id(front.house, SESSIONS)
    issue = seen(front, "marie").all(Issue)[0].id
    house.act_at_once("nadia", case, "propose_criterion", text="Cattle drink every day")
    house.act_at_once("joseph", case, "agree_criteria")
    house.act_at_once("marie", case, "agree_criteria")
    house.act_at_once("joseph", case, "propose_option", issue=issue, text="Herds before eight")
    option, criterion = seen(front, "marie").all(Option)[0].id, seen(front, "marie").all(Criterion)[0].id
    said = {"verdict": "meets it in part", "reason": "The wells run dry"}
    house.act_at_once("nadia", case, "judge_option", option=option, criterion=criterion, **said)
    harm = {"head": "precedent", "level": "some", "text": "Others will ask"}
    house.act_at_once("marie", case, "check_harm", option=option, **harm)
    board = text_of(get(front, "marie", f"/cases/{SESSIONS}").partition('id="board"')[2].partition("</table>")[0])
    assert "Cattle drink every day" in board
    assert re.search(r"Herds before eight open meets it in part (\S ){3}some", board)


def test_the_page_to_check_names_the_joined_cases_in_which_an_act_is_done_too(front: Front) -> None:
    second = queries.case_for(front.house.record, queries.Viewer(front.house.directory.actor("claire")), "D-2026-0002")[
        1
    ]
    tie = {"case": SESSIONS, "relation": "joiner", "reason": "The same wells"}
    front.house.act_at_once("claire", second.id, "link_case", **tie)
    address = f"/cases/{SESSIONS}/acts/open_session"
    told = "The same is done in the joined case D-2026-0002, “Market stall allocation, Nimule”"
    with front.client("claire") as client:
        form = {**form_of(client.get(address).text), "form": "joint", "agenda": "One meeting"}
        assert told in client.post(f"{address}/check", data={**form, "together": "yes"}).text
        assert told not in client.post(f"{address}/check", data={**form, "together": "no"}).text
