"""A duty is not given to somebody who will be gone before it ends, and the refusal says who could take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from states import conditions
from states.directory import Away, Directory, Entry, Post
from states.effects import EFFECTS
from states.fields import FieldType
from states.items import Handover
from states.roles import Actor
from states.situation import Situation
from tests.states import disputes
from tests.states.disputes import DISPUTE, MONDAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from states.fields import Value

TODAY = date(2026, 11, 23)
FIT = Entry(id="amal", name="Amal", organisation="ngo", timezone="Africa/Juba")
DEPUTY = Post(organisation="ngo", name="field coordinator", people=("amal", "bilal"), since=TODAY)


AS_REPRESENTATIVE = {"person": "amal", "part": "representative"}
AWAY = replace(FIT, away=(Away(TODAY, TODAY),))
OFFERED = Handover(
    id="h", zone="team", by="c", at=MONDAY, state="offered", role="convener", party=None, predecessor="c",
    successor="amal", reason="The tour ends",
)  # fmt: skip
NO_DUTY = {
    "answer_shortlist",
    "change_invited",
    "declare_service",
    "note_absence",
    "note_no_show",
    "note_return",
    "open_session",
    "plan_session",
    "record_mandate",
}
"""Acts that name people and give them nothing to do that lasts."""


def lacking(entry: Entry, given: Mapping[str, Value], *, stage: str = "engagement") -> tuple[str, ...]:
    """Lists what is missing for an act that names Amal as this is on file."""
    people = {"amal": entry, "bilal": replace(FIT, id="bilal", name="Bilal")}
    situation = Situation(
        process=DISPUTE,
        case=replace(disputes.at(stage), items=(OFFERED,)),
        actor=Actor(disputes.CONVENER),
        at=MONDAY,
        inputs=given,
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
            "Amal is away from 2026-11-28 until 2026-12-13, and the duty falls due on 2026-11-30",
        ),
    ],
)
def test_whoever_is_gone_before_the_duty_ends_is_refused(entry: Entry, told: str) -> None:
    (missing,) = lacking(entry, AS_REPRESENTATIVE)
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
    assert lacking(entry, AS_REPRESENTATIVE) == ()


def test_a_mediator_stays_for_the_whole_planned_mediation() -> None:
    (missing,) = lacking(replace(FIT, leaves_on=TODAY + timedelta(days=10)), {"person": "amal"}, stage="appointing")
    assert "Amal is there until 2026-12-03" in missing
    assert missing.endswith("Bilal could take it: Bilal is next in the post “field coordinator”")


@pytest.mark.parametrize(
    "inputs",
    [
        {"names": ("bilal", "amal")},
        {"name": "Herders", "representative": "amal"},
        {"name": "Herders", "representative": "bilal", "senior_representative": "amal"},
        {"members": ("amal for Mission West", "bilal for Council"), "chair": "bilal"},
        {"handover": "h"},
    ],
)
def test_each_way_to_give_a_duty_asks_whether_they_are_there(inputs: Mapping[str, Value]) -> None:
    (missing,) = lacking(AWAY, inputs)
    assert missing.startswith("Amal is away until 2026-11-23")
    assert lacking(FIT, inputs) == ()


def test_a_member_of_a_panel_may_be_away_where_an_alternate_is_named() -> None:
    seats: Mapping[str, Value] = {
        "members": ("amal for Mission West",),
        "alternates": ("dina for amal",),
        "chair": "amal",
    }
    assert lacking(AWAY, seats) == ()


def test_every_shipped_act_that_names_people_for_a_duty_asks_whether_they_are_there() -> None:
    naming = {
        act.name
        for act in DISPUTE.triggers.values()
        for effect in act.does
        for field in EFFECTS[effect].inputs.values()
        if field.type.one is FieldType.PERSON or field.names
    }
    asking = {act.name for act in DISPUTE.triggers.values() if "they_are_there_for_the_duty" in act.needs}
    assert naming - asking == NO_DUTY
    assert asking - naming == {"accept_handover"}
