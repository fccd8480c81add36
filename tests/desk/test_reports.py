"""The pages of reports and obligations: narrowed by the address, each table a file, and nothing of others' cases."""

from __future__ import annotations

import csv
import gzip
import io

import pytest

from tests.desk.house import Front
from tests.desk.test_pages import get, text_of

NAMES = ("caseload", "time-in-stage", "on-time", "escalations", "endings", "durability", "deliveries")


def table(front: Front, who: str, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(get(front, who, path).removeprefix("\ufeff"), newline="")))


def test_the_convener_sees_the_cases_by_stage(front: Front) -> None:
    rows = table(front, "claire", "/reports/caseload.csv")
    assert rows[0] == ["Stage", "Process", "up to a week", "up to 30 days", "up to 90 days", "older", "All"]
    assert {row[0]: row[-1] for row in rows[1:]} == {"Draft": "1", "Screening": "1", "Sessions": "1"}
    assert "3 cases are counted." in text_of(get(front, "claire", "/reports"))


def test_who_has_no_part_counts_nothing(front: Front) -> None:
    assert "0 cases are counted." in text_of(get(front, "li", "/reports"))
    assert [len(table(front, "li", f"/reports/{name}.csv")) for name in NAMES] == [1] * len(NAMES)


def test_a_draft_of_the_other_side_is_not_counted(front: Front) -> None:
    assert "Draft" not in {row[0] for row in table(front, "marie", "/reports/caseload.csv")}


def test_an_administrator_sees_all_cases_without_small_numbers(front: Front) -> None:
    page = text_of(get(front, "li", "/reports?scope=all"))
    assert "Under 5 cases are counted." in page
    rows = table(front, "li", "/reports/caseload.csv?scope=all")
    assert {cell for row in rows[1:] for cell in row[2:]} <= {"0", "under 5"}


def test_all_cases_are_no_ones_who_has_no_office(front: Front) -> None:
    with front.client("nadia") as client:
        answers = [client.get(path) for path in ("/reports?scope=all", "/reports/caseload.csv?scope=all")]
        asked = client.get("/obligations?due_from=soon&words=road&whose=mine")
    assert [one.status_code for one in answers] == [404, 404]
    assert asked.status_code == 422
    assert "is no day" in asked.text
    assert 'value="road"' in asked.text
    assert "Everybody" not in text_of(get(front, "nadia", "/reports"))


@pytest.mark.parametrize(
    ("period", "counted"), [("2026", 3), ("2026-Q4", 3), ("2026-11", 3), ("2025", 0), ("2026-Q3", 0)]
)
def test_a_period_narrows_what_is_counted(front: Front, period: str, counted: int) -> None:
    assert f"{counted} cases are counted." in text_of(get(front, "claire", f"/reports?period={period}"))


@pytest.mark.parametrize("period", ["yesterday", "2026-Q5", "2026-13", "0000", "9999-12-31"])
def test_a_period_that_is_none_is_refused_in_words(front: Front, period: str) -> None:
    with front.client("claire") as client:
        answer = client.get("/reports", params={"period": period})
    assert answer.status_code == 404
    assert f"There is no period “{period}”" in text_of(answer.text)


def test_reports_are_narrowed_by_organisation_and_office(front: Front) -> None:
    for query, counted in (("organisation=council", 3), ("organisation=office", 0), ("office=office", 3)):
        assert f"{counted} cases are counted." in text_of(get(front, "claire", f"/reports?{query}"))
    page = get(front, "claire", "/reports?organisation=council")
    assert '<option value="council" selected>Farmers council</option>' in page
    assert "/reports/caseload.csv?organisation=council" in page


def test_the_page_of_reports_is_light_and_unknown_tables_are_refused(front: Front) -> None:
    assert len(gzip.compress(get(front, "claire", "/reports").encode())) < 14_000
    with front.client("claire") as client:
        assert client.get("/reports/nothing.csv").status_code == 404


def test_obligations_say_that_there_are_none_yet(front: Front) -> None:
    assert "Nothing is owed in your cases." in text_of(get(front, "claire", "/obligations"))
    assert table(front, "claire", "/obligations.csv")[0][0] == "Obligation"
    with front.client("claire") as client:
        answers = [client.get(path) for path in ("/obligations?state=odd", "/obligations?case=D-1999-0001")]
    assert [one.status_code for one in answers] == [404, 404]
