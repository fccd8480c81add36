"""A duty is not given to somebody who will be gone before it ends, and the refusal says who could take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from states import conditions
from states.directory import Away, Directory, Entry, Post
from states.roles import Actor
from states.situation import Situation
from tests.states import disputes
from tests.states.disputes import DISPUTE, MONDAY

TODAY = date(2026, 11, 23)
FIT = Entry(id="amal", name="Amal", organisation="ngo", timezone="Africa/Juba")
DEPUTY = Post(organisation="ngo", name="field coordinator", people=("amal", "bilal"), since=TODAY)


def lacking(entry: Entry, stage: str = "engagement", **inputs: object) -> tuple[str, ...]:
    """Lists what is missing for an act that names Amal as this is on file."""
    people = {"amal": entry, "bilal": replace(FIT, id="bilal", name="Bilal")}
    situation = Situation(
        process=DISPUTE,
        case=disputes.at(stage),
        actor=Actor(disputes.CONVENER),
        at=MONDAY,
        inputs={"person": "amal", **inputs},  # type: ignore[dict-item] # values of inputs
        calendars=disputes.CALENDARS,
        directory=Directory(people=people, posts=(DEPUTY,)),
    )
    return conditions.unmet(("they_are_there_for_the_duty",), situation)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (replace(FIT, away=(Away(TODAY, TODAY),)), "Amal is away until 2026-11-23; Bilal could take it"),
        (replace(FIT, leaves_on=TODAY + timedelta(days=2)), "Amal is there until 2026-11-25, and the duty lasts until"),
        (
            replace(FIT, away=(Away(TODAY + timedelta(days=5), TODAY + timedelta(days=20)),)),
            "Amal is away until 2026-12-13, and the duty falls due before that",
        ),
    ],
)
def test_whoever_is_gone_before_the_duty_ends_is_refused(entry: Entry, told: str) -> None:
    (missing,) = lacking(entry, part="representative")
    assert missing.startswith(told)


@pytest.mark.parametrize(
    "entry",
    [
        FIT,
        replace(FIT, leaves_on=TODAY + timedelta(days=400)),
        replace(FIT, away=(Away(TODAY + timedelta(days=100), TODAY + timedelta(days=120)),)),
    ],
)
def test_whoever_is_there_takes_the_duty(entry: Entry) -> None:
    assert lacking(entry, part="representative") == ()


def test_a_mediator_stays_for_the_whole_planned_mediation() -> None:
    (missing,) = lacking(replace(FIT, leaves_on=TODAY + timedelta(days=10)), stage="appointing")
    assert "Amal is there until 2026-12-03" in missing
    assert missing.endswith("Bilal could take it: Bilal is next in the post “field coordinator”")
