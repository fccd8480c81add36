"""The manual of the API: every operation and every kind of problem has a page, drawn from the description itself."""

from __future__ import annotations

import gzip
import re

from desk import problem_words, problems
from desk.api import description
from tests.desk.api_tour import app_of
from tests.desk.house import Front, House

LIGHT = 14_000


def test_every_operation_has_a_page_with_its_examples(front: Front, house: House) -> None:
    with front.client("claire") as client:
        # Describing the API for the first time takes a moment on a busy machine.
        index = client.get("/api/", timeout=60).text
        pages = re.findall(r'href="(/api/operations/\w+)"', index)
        assert len(pages) == len(list(description.operations(description.of(app_of(house)))))
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200
            assert len(gzip.compress(answer.content)) < LIGHT
        act = client.get("/api/operations/do_act").text
    assert len(gzip.compress(index.encode())) < LIGHT
    assert "Idempotency-Key" in act
    assert "cases:act" in act
    assert "Both sides trust the vet." in act


def test_every_problem_that_is_told_leads_to_a_page(front: Front) -> None:
    with front.program("claire") as program, front.client("claire") as client:
        told = [
            program.get("/api/cases/D-1999-0001"),
            program.get("/api/cases?nonsense=1"),
            program.post("/api/cases", content="x", headers={"content-type": "text/plain"}),
            program.put("/api/cases"),
        ]
        assert [one.status_code for one in told] == [404, 422, 415, 405]
        for one in told:
            page = client.get(one.json()["type"])
            assert page.status_code == 200
            assert one.json()["title"] in page.text


def test_every_kind_of_problem_says_how_it_is_mended(front: Front) -> None:
    with front.client("claire") as client:
        for name, kind in problem_words.kinds().items():
            page = client.get(f"{problems.KINDS}{name}")
            assert page.status_code == 200, name
            assert str(problem_words.mend(kind)).split(".", maxsplit=1)[0][:30] in page.text
        assert "tell the people" in client.get(f"{problems.KINDS}{problems.FAILED}").text.lower()


def test_the_manual_is_for_people_and_refuses_them_in_words(front: Front) -> None:
    with front.client() as nobody, front.client("claire") as client:
        assert nobody.get("/api/").headers["content-type"].startswith("text/html")
        unknown = client.get("/api/operations/nonsense", timeout=60)
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "text/html; charset=utf-8")
