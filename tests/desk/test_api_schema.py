"""Attacks the API with what its description allows and forbids: no failure, no undocumented answer, no rubbish taken.

`PARLEY_ATTACKS=2000 PARLEY_SEED=7 python -m pytest tests/desk/test_api_schema.py` attacks longer, from another seed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from cases import api_tokens
from cases.api_tokens import NewToken, Scope
from tests.desk import api_tour
from tests.desk import house as houses
from tests.desk.api_tour import app_of
from tests.desk.conftest import Furnished
from tests.desk.house import House

ATTACKS = int(os.environ.get("PARLEY_ATTACKS", "4"))
SEED = int(os.environ.get("PARLEY_SEED", "1"))
PEOPLE = ("nadia", "li")
"""Who asks: a mediator with cases, and an administrator."""
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
NOT_ASKED = {
    # It draws every case of the record anew, which takes a second each time; it has tests of its own.
    "rehearse_process",
}

load_all_checks()
WANTED = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
        "unsupported_method",
    )
]


PLACES = {
    "case_ref": "D-2026-0001", "trigger": "add_note", "person": "me", "message_id": 1, "kind": "file",
    "process": "dispute", "name": "mission", "mail": "offer_made",
}  # fmt: skip
"""What there is, for addresses that would otherwise name what there is not."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """A house and its desk, to be asked without a network."""

    house: House
    app: FastAPI

    def token(self, who: str) -> str:
        """Make a token that is good for everything."""
        now = self.house.clock.now()
        new = NewToken(name="Attack", scopes=frozenset(Scope), expires_at=now + timedelta(days=300))
        return api_tokens.make(self.house.record.engine, who, new, now=now)[1]


@pytest.fixture(scope="module")
def attacked(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """Yields a house that nobody tidies up, and its desk, where programs may ask as often as they like."""
    folder = tmp_path_factory.mktemp("attacked")
    house = houses.copy_of(furnished.folder, folder / "house", now=furnished.now)
    free = house.settings.model_copy(update={"api_per_minute": 1_000_000})
    patient = House(house.record, house.service, house.directory, house.clock, free)
    with api_tour.toured(patient):
        yield Attacked(patient, app_of(patient))
    house.record.engine.dispose()


@pytest.mark.parametrize("kind", KINDS, ids=[one.value for one in KINDS])
@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_breaks_and_no_rubbish_is_taken(attacked: Attacked, who: str, kind: GenerationMode) -> None:
    token = {"authorization": f"Bearer {attacked.token(who)}"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", attacked.app, headers=token)
    faults: list[str] = []
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name not in NOT_ASKED:
            faults += attack(operation, token, kind=kind)
    assert not faults, f"seed {SEED}, {ATTACKS} attacks each\n" + "\n\n".join(faults)


def attack(operation: Any, token: dict[str, str], *, kind: GenerationMode) -> list[str]:  # noqa: ANN401 - schemathesis
    """Attack one operation; say what was wrong with its answers, the first of each sort."""
    faults: dict[str, str] = {}
    known = {name: value for name, value in PLACES.items() if f"{{{name}}}" in operation.path}
    given_places = {"path_parameters": known} if known and kind is GenerationMode.POSITIVE else {}

    @seed(SEED)
    @settings(
        max_examples=ATTACKS,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=kind, **given_places))
    def one(case: Any) -> None:  # noqa: ANN401 - schemathesis
        answer = case.call(headers=token)
        try:
            case.validate_response(answer, checks=WANTED, headers=token)
        except FailureGroup as group:
            for fault in group.exceptions:
                faults.setdefault(f"{operation.label} {type(fault).__name__}", str(fault))

    try:
        one()
    except Unsatisfiable:
        # Nothing that breaks the rules of this operation can be sent at all.
        return []
    return [f"{name}\n{told}" for name, told in faults.items()]
