"""Who was told, how, and when it counts: each side declares for itself, and only the recipient answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary
from states import case as cases
from states import errors, machine, roles, timers
from states.durations import Duration
from states.items import Item, Service, Statement
from tests.states import test_engagement as scene

MONDAY = scene.MONDAY
MISSION = scene.CALENDARS["mission"]
SHORT = replace(MISSION, week=(*MISSION.week[:2], (), *MISSION.week[3:]))
NOTICE: dict[str, object] = {"what": "Notice of dispute", "recipient": "responding", "method": "e-mail"}


def declared(by: str = "representative A", /, **inputs: object) -> cases.Case:
    """Declare the notice as served."""
    return scene.do(scene.at("engagement"), "declare_service", by, **{**NOTICE, **inputs})


def service(case: cases.Case) -> Service:
    """Return the newest declaration."""
    return case.all(Service)[-1]


@pytest.mark.parametrize(
    ("method", "days"),
    [("in person", 0), ("e-mail", 3), ("registered mail", 7), ("left at the door", 3), ("another way", None)],
)
def test_a_notice_counts_as_received_by_the_table_of_the_definition(method: str, days: int | None) -> None:
    # The fifth day after a Monday is a Saturday, and the definition moves civil days off rest days.
    deemed = service(declared(method=method)).deemed_at
    assert deemed == (None if days is None else MONDAY + timedelta(days=days))


def deemed(span: str, *, calendar: str | None = None, served_at: datetime = MONDAY) -> datetime | None:
    """Say when a notice to party B counts as received, where the definition deems it so long after its service."""
    table = replace(scene.DISPUTE, deemed_served={"e-mail": Duration.parse(span)}, service=None, timezone="Europe/Rome")
    case = scene.at("engagement")
    parties = tuple(replace(one, calendar=calendar if one.id == "responding" else None) for one in case.parties)
    act = machine.Act(
        trigger="declare_service",
        actor=roles.Actor(scene.CONVENER),
        at=served_at + timedelta(days=2),
        recorded_at=served_at,
        inputs={**NOTICE, "served_at": served_at.isoformat()},
        calendars={**scene.CALENDARS, "short": replace(SHORT, name="short")},
    )
    return service(machine.advance(table, replace(case, parties=parties), act)[0]).deemed_at


def test_deemed_days_keep_the_hour_of_the_place_over_the_end_of_summer_time() -> None:
    before = datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert deemed("3 cd", served_at=before) == before + timedelta(days=3, hours=1)


def test_a_notice_may_be_deemed_served_after_working_days_of_the_recipients_calendar() -> None:
    friday = MONDAY + timedelta(days=4)
    assert deemed("3 wd", served_at=friday) == friday + timedelta(days=5)
    assert deemed("3 wd", calendar="short", served_at=friday) == friday + timedelta(days=6)
    assert deemed("6 h") == MONDAY + timedelta(hours=6)


def test_a_notice_that_would_count_before_its_service_is_refused_with_the_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("own") / "own.yaml"
    file.write_text("process: own\nextends: dispute\ntitle: Own\ndeemed_served: {e-mail: -3 wd}\n", encoding="utf-8")
    with pytest.raises(errors.DefinitionError, match=r"own.yaml:4: “e-mail” is -3 wd"):
        load.load_process(file, vocabulary=vocabulary.shipped())


def awaited(*, since: datetime = MONDAY) -> cases.Case:
    """Ask both parties for their accounts at an instant."""
    asked = (
        Statement(id=f"of {one.id}", zone=roles.SHARED, by="c", at=since, party=one.id, state="awaited")
        for one in scene.at("screening").parties
    )
    case = scene.at("screening")
    return replace(case, items=(*case.items, *asked))


def ends(case: cases.Case) -> dict[str, timedelta]:
    """Say how long after Monday the time for each party's account begins to count."""
    running = timers.open_deadlines(scene.DISPUTE, case, scene.CALENDARS)
    return {one.item.owner: one.since - MONDAY for one in running if isinstance(one.item, Statement)}


def test_the_time_for_an_account_counts_from_when_its_notice_was_received() -> None:
    assert ends(awaited()) == {"initiating": timedelta(), "responding": timedelta()}
    case = scene.do(awaited(), "declare_service", scene.CONVENER, **NOTICE, asks_account=True)
    assert ends(case) == {"initiating": timedelta(), "responding": timedelta(days=3)}
    answered = scene.do(case, "confirm_service", "representative B", service=service(case).id)
    assert ends(answered)["responding"] == timedelta()
    other = scene.do(awaited(), "declare_service", scene.CONVENER, **NOTICE)
    assert ends(other)["responding"] == timedelta()


def test_who_denies_a_notice_knows_of_it_from_then_on_and_gains_no_time_by_confirming_it_later() -> None:
    case = scene.do(awaited(), "declare_service", scene.CONVENER, **NOTICE, asks_account=True)
    denied = scene.do(case, "refute_service", "representative B", service=service(case).id, reason="It bounced")
    assert ends(denied)["responding"] == timedelta()
    later = replace(denied, items=tuple(_known(one, MONDAY - timedelta(days=1)) for one in denied.items))
    confirmed = scene.do(later, "confirm_service", "representative B", service=service(case).id)
    assert ends(confirmed)["responding"] == timedelta(days=-1)


def _known(item: Item, at: datetime) -> Item:
    return replace(item, received_at=at) if isinstance(item, Statement) and item.received_at else item


def test_nobody_shortens_the_time_for_an_account_by_a_service_from_before_it_was_asked_for() -> None:
    early = (MONDAY - timedelta(days=9)).isoformat()
    case = scene.do(awaited(), "declare_service", "representative A", **NOTICE, served_at=early, asks_account=True)
    assert ends(case)["responding"] == timedelta()


@pytest.mark.parametrize(
    ("person", "inputs", "told"),
    [
        ("representative A", {"recipient": "initiating"}, "another party than the one that declares it"),
        (scene.CONVENER, {"person": "representative A"}, "the person served belongs to the recipient"),
        (scene.CONVENER, {"method": "pigeon"}, "How it was served must be one of"),
        (scene.CONVENER, {"served_at": (MONDAY + timedelta(days=1)).isoformat()}, "does not lie ahead"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(person: str, inputs: dict[str, str], told: str) -> None:
    missing = scene.refused(scene.at("engagement"), "declare_service", person, **{**NOTICE, **inputs})
    assert any(told in one for one in missing)


@pytest.mark.parametrize("person", ["representative A", scene.CONVENER, scene.MEDIATOR])
def test_only_the_recipients_own_side_answers(person: str) -> None:
    case = declared()
    with pytest.raises(errors.NotYours):
        scene.do(case, "confirm_service", person, service=service(case).id)
    answered = scene.do(case, "confirm_service", "representative B", service=service(case).id)
    assert (service(answered).state, service(answered).answered_by) == ("confirmed", "representative B")


def test_a_refuted_declaration_is_made_anew_and_answered_again() -> None:
    case = declared()
    denied = scene.do(case, "refute_service", "representative B", service=service(case).id, reason="It bounced")
    assert (service(denied).state, service(denied).answer) == ("refuted", "It bounced")
    anew, happened = scene.did(
        denied, "change_service", "representative A", service=service(case).id, method="in person", proof="Receipt 7"
    )
    assert (service(anew).state, service(anew).deemed_at, service(anew).answer) == ("declared", MONDAY, "")
    # The older declaration stays where nothing is ever edited: in the events before this one.
    assert service(denied).method == "e-mail"
    assert happened[0].inputs["proof"] == "Receipt 7"


@pytest.mark.parametrize(
    ("maker", "other"),
    [
        ("representative A", scene.CONVENER),
        ("representative A", "representative B"),
        (scene.CONVENER, "representative A"),
    ],
)
def test_nobody_changes_what_another_side_declared(maker: str, other: str) -> None:
    case = declared(maker)
    missing = scene.refused(case, "change_service", other, service=service(case).id, method="courier")
    assert missing == ("the declaration is one of your own side",)


def test_what_was_confirmed_is_not_declared_anew() -> None:
    case = declared()
    case = scene.do(case, "confirm_service", "representative B", service=service(case).id)
    missing = scene.refused(case, "change_service", "representative A", service=service(case).id, method="courier")
    assert "declared or refuted" in missing[0]


def test_a_process_without_a_table_deems_nothing_served() -> None:
    bare = replace(scene.DISPUTE, deemed_served={})
    act = machine.Act(
        trigger="declare_service", actor=roles.Actor(scene.CONVENER), at=MONDAY, recorded_at=MONDAY, inputs=NOTICE
    )
    case, _ = machine.advance(bare, scene.at("engagement"), act)
    assert service(case).deemed_at is None
