"""How a case ended is read from its file: its outcome, how what was agreed came about, and what failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from states import endings
from states.case import Case
from states.items import Agreement, Decision, Item, Neutral, Obligation
from tests.states import disputes

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PROCESS = disputes.DISPUTE


def item(kind: type[Item], day: int, state: str, **words: Any) -> Item:  # noqa: ANN401 - whatever the kind asks for
    """Makes something that was recorded so many days after the start."""
    at = START + timedelta(days=day)
    return kind(id=f"{kind.kind}{day}", zone="shared", by="someone", at=at, state=state, **words)


AGREED = item(Agreement, 10, "in force", text="Terms", in_force_at=START + timedelta(days=12))
MEDIATOR = item(Neutral, 5, "confirmed", person="ann", disclosure="None")


def decided(day: int) -> Item:
    return item(Decision, day, "decided", tier="T3", answer="decided", text="So be it")


def promise(day: int, state: str) -> Item:
    due = START + timedelta(days=day)
    failed = {"failed_at": due} if state == "failed" else {}
    return item(Obligation, day, state, owner="a", verifier="b", action="Open", due_at=due, **failed)


def ended(*things: Item, outcome: str | None = "settled", **changes: Any) -> str:  # noqa: ANN401 - fields of the case
    """Says how a case with these things on file ended."""
    case = Case(
        id="c",
        number="D-1",
        process="p",
        title="Road",
        stage="closed",
        stage_since=START,
        opened_at=START,
        items=things,
    )
    return endings.how_it_ended(PROCESS, replace(case, outcome=outcome, **changes))


@pytest.mark.parametrize(
    ("things", "told"),
    [
        ((), "settled"),
        ((AGREED,), "settled: agreed directly between the parties"),
        ((MEDIATOR, AGREED), "settled: agreed in mediation"),
        ((decided(6), AGREED), "settled: decided at tier T3 (Senior representatives)"),
        ((MEDIATOR, decided(6), AGREED), "settled: decided at tier T3 (Senior representatives), after mediation"),
        ((AGREED, decided(20)), "settled: agreed directly between the parties"),
        ((AGREED, promise(20, "verified")), "settled: agreed directly between the parties"),
        (
            (AGREED, promise(20, "failed"), promise(21, "failed")),
            "closed as failed: 2 promises could not be kept; agreed directly between the parties",
        ),
    ],
)
def test_a_settled_case_says_how_its_terms_came_about(things: tuple[Item, ...], told: str) -> None:
    assert ended(*things) == told


@pytest.mark.parametrize("outcome", ["withdrawn", "inadmissible", "lapsed", "referred"])
def test_where_nothing_was_agreed_the_outcome_says_it_all(outcome: str) -> None:
    assert ended(MEDIATOR, decided(6), outcome=outcome) == outcome


def test_a_part_of_a_case_may_be_settled_in_mediation() -> None:
    assert ended(MEDIATOR, AGREED, outcome="settled in part") == "settled in part: agreed in mediation"


def test_an_open_case_has_not_ended() -> None:
    assert ended(AGREED, outcome=None) == ""


def test_a_reopened_case_is_told_by_what_came_after() -> None:
    again = item(Agreement, 40, "in force", text="More", in_force_at=START + timedelta(days=41))
    later: dict[str, Any] = {"cycle": 2, "cycle_since": START + timedelta(days=30)}
    assert ended(MEDIATOR, AGREED, promise(20, "failed"), again, **later) == (
        "settled: agreed directly between the parties"
    )


def test_an_amended_text_came_about_as_the_first_one_did() -> None:
    amended = item(Agreement, 30, "in force", text="Better terms", amends=AGREED.id)
    before = replace(AGREED, state="superseded")
    assert ended(MEDIATOR, before, decided(20), amended) == "settled: agreed in mediation"
