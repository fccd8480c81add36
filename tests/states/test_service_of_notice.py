"""Who was told, how, and when it counts: each side declares for itself, and only the recipient answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary
from states import case as cases
from states import errors, machine, roles
from states.durations import Duration, civil
from states.items import Service
from tests.states import test_engagement as scene

MONDAY = scene.MONDAY
NOTICE = {"what": "Notice of dispute", "recipient": "responding", "method": "e-mail"}


def declared(by: str = "representative A", /, **inputs: object) -> cases.Case:
    """Declare the notice as served."""
    return scene.do(scene.at("engagement"), "declare_service", by, **{**NOTICE, **inputs})


def service(case: cases.Case) -> Service:
    """Return the newest declaration."""
    return case.all(Service)[-1]


@pytest.mark.parametrize(
    ("method", "days"),
    [("in person", 0), ("e-mail", 3), ("registered mail", 5), ("left at the door", 3), ("another way", None)],
)
def test_a_notice_counts_as_received_by_the_table_of_the_definition(method: str, days: int | None) -> None:
    deemed = service(declared(method=method)).deemed_at
    assert deemed == (None if days is None else MONDAY + timedelta(days=days))


def test_deemed_days_keep_the_hour_of_the_place_over_the_end_of_summer_time() -> None:
    before = datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert civil(before, Duration.parse("3 cd"), timezone="Europe/Rome") == before + timedelta(days=3, hours=1)
    with pytest.raises(errors.DurationError, match="civil days"):
        civil(before, Duration.parse("3 wd"), timezone="Europe/Rome")


def test_a_table_in_working_days_is_refused_with_the_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("own") / "own.yaml"
    file.write_text("process: own\nextends: dispute\ntitle: Own\ndeemed_served: {e-mail: 3 wd}\n", encoding="utf-8")
    with pytest.raises(errors.DefinitionError, match=r"own.yaml:4: “e-mail” is 3 wd; count civil days"):
        load.load_process(file, vocabulary=vocabulary.shipped())


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
