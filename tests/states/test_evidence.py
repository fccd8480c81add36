"""The time for evidence: which phase or clock ends it, and that a definition must name one that can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config import load, vocabulary
from states import check, evidence
from states.case import Case, Running

AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def case_at(stage: str, **changes: object) -> Case:
    case = Case(id="c", number="D-1", process="", title="x", stage=stage, stage_since=AT, opened_at=AT)
    return replace(case, **changes)  # type: ignore[arg-type]  # each test names the attributes it means


@pytest.mark.parametrize(
    ("stage", "over"),
    [("draft", False), ("screening", False), ("root_cause", False), ("engagement", True), ("sessions", True)],
)
def test_a_phase_ends_the_time_for_evidence_from_its_first_stage_on(stage: str, *, over: bool) -> None:
    assert evidence.is_over(DISPUTE, case_at(stage)) is over
    assert evidence.is_over(DISPUTE, case_at("closed"))


@pytest.mark.parametrize(
    ("running", "over"),
    [
        ({}, False),
        ({"response": Running(since=AT, round=1)}, False),
        ({"response": Running(since=AT, round=1, stopped=True)}, True),
        ({"whole_case": Running(since=AT, round=1, stopped=True)}, False),
    ],
)
def test_a_clock_ends_it_once_it_was_stopped(running: dict[str, Running], *, over: bool) -> None:
    process = replace(DISPUTE, evidence_until="response")
    assert evidence.is_over(process, case_at("screening", running=running)) is over


def test_a_definition_that_sets_no_time_never_ends_it() -> None:
    assert not evidence.is_over(replace(DISPUTE, evidence_until=None), case_at("closed"))


@pytest.mark.parametrize("until", ["mediaton", "sessions", "offer", "whole_case"])
def test_a_time_that_nothing_ends_is_refused(until: str) -> None:
    found = check.check(replace(DISPUTE, evidence_until=until), vocabulary.shipped())
    assert [one.place for one in found] == ["evidence"]
    assert f"“{until}” is neither a phase nor a clock of the case that an act stops" in found[0].text
