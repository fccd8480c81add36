"""The description of the API: valid, complete, as it is committed, and its examples as a real desk answers.

After a change of the API, `python -m tests.desk.api_tour` writes the examples and `docs/openapi.json` anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter

from desk.api import description
from desk.api.description import operations
from desk.api.route import ApiRoute
from tests.desk import api_tour
from tests.desk.api_tour import COMMITTED, EXAMPLES, app_of
from tests.desk.house import Front, House

RENEW = "the API has changed: python -m tests.desk.api_tour writes examples and description anew"
READING = {
    "list_similar", "check_act", "check_acts", "check_process", "check_move", "check_calendar", "rehearse_process",
    "check_wording",
}  # fmt: skip
"""What is asked by POST because it takes much, and changes nothing."""
REPEATABLE = {"upload_file"}
"""What may be posted twice without a key: the same bytes are the same file."""
MEDIA = {
    "application/json",
    "text/html",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
    "application/problem+json",
}


@pytest.fixture
def described(house: House) -> dict[str, Any]:
    """Describes the API of a house."""
    return description.of(app_of(house))


def each(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for method, _, operation in operations(described):
        yield method, operation


def test_the_description_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(described).validate()


def test_the_committed_description_is_the_present_one(described: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == described, RENEW


def test_every_operation_is_named_told_of_and_tagged(described: dict[str, Any]) -> None:
    told = {tag["name"] for tag in described["tags"] if tag["description"]}
    names = [operation["operationId"] for _, operation in each(described)]
    assert len(names) == len(set(names)) > 40
    for _, operation in each(described):
        assert operation["summary"]
        assert operation["description"].endswith(".")
        assert len(operation["tags"]) == 1
        assert set(operation["tags"]) <= told


def test_every_operation_says_how_to_sign_in_and_which_scope_it_needs(described: dict[str, Any]) -> None:
    for _, operation in each(described):
        [token, session] = operation["security"]
        assert len(token["token"]) == 1
        assert session == {"session": []}


def test_every_operation_tells_all_that_may_come(described: dict[str, Any]) -> None:
    for method, operation in each(described):
        answers = set(operation["responses"])
        assert {"401", "403", "404", "422", "429", "500", "503"} <= answers
        assert answers & {"200", "201", "202", "204"}
        assert method == "GET" or "409" in answers
        taken = operation.get("requestBody", {}).get("content", {})
        assert ("application/json" in taken) == ({"413", "415"} <= answers)


def test_every_problem_is_told_as_a_problem_with_an_example(described: dict[str, Any]) -> None:
    for problem in described["components"]["responses"].values():
        assert set(problem["content"]) == {"application/problem+json"}
        assert problem["content"]["application/problem+json"]["example"]["type"].startswith("/api/problems/")


def test_whatever_is_posted_carries_a_key_or_changes_nothing(described: dict[str, Any]) -> None:
    for method, operation in each(described):
        if method == "POST":
            keys = [one for one in operation.get("parameters", ()) if one["name"] == "Idempotency-Key"]
            assert bool(keys and keys[0]["required"]) != (operation["operationId"] in READING | REPEATABLE)


def test_every_list_comes_in_pages(described: dict[str, Any]) -> None:
    for _, operation in each(described):
        body = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        assert body.get("schema", {}).get("type") != "array", operation["operationId"]
        asked = {one["name"] for one in operation.get("parameters", ())}
        assert ({"after", "limit"} <= asked) == ("Link" in operation["responses"].get("200", {}).get("headers", {}))


def test_every_text_and_number_that_is_taken_has_its_bounds(described: dict[str, Any]) -> None:
    taken = [
        one["schema"]
        for _, operation in each(described)
        for one in operation.get("parameters", ())
        if one["name"] != "Idempotency-Key"
    ]
    bodies = [
        body["schema"]
        for _, operation in each(described)
        for body in operation.get("requestBody", {}).get("content", {}).values()
        if "schema" in body
    ]
    loose = [one for schema in (*taken, *bodies) for one in unbounded(schema, described)]
    assert not loose, loose


def unbounded(schema: dict[str, Any], described: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Yields each part of a schema that lets in texts, numbers or lists of any size."""
    reference = schema.get("$ref", "")
    if reference in seen:
        return
    if reference:
        found = described["components"]["schemas"][reference.rpartition("/")[2]]
        yield from unbounded(found, described, seen | {reference})
        return
    kind = schema.get("type")
    closed = {"enum", "const", "format", "pattern", "maxLength"} & schema.keys()
    if (kind == "string" and not closed) or (kind == "array" and "maxItems" not in schema):
        yield schema
    if kind in {"integer", "number"} and not {"maximum", "minimum"} <= schema.keys():
        yield schema
    inner = [*schema.get("anyOf", ()), *schema.get("properties", {}).values()]
    inner += [one for name in ("items", "additionalProperties") if isinstance(one := schema.get(name), dict)]
    for one in inner:
        yield from unbounded(one, described, seen)


def test_every_body_and_answer_has_an_example_that_fits(house: House, described: dict[str, Any]) -> None:
    kept = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert set(kept) == {operation["operationId"] for _, operation in each(described)}, RENEW
    for place, body in bodies_of(described):
        assert "example" in body, place
    for route in description.answering(app_of(house)):
        shown = kept[route.operation_id]
        if route.response_model is not None and "answer" in shown:
            model: Any = route.response_model
            TypeAdapter(model).validate_json(json.dumps(shown["answer"]))
        if route.body_field is not None:
            taken: Any = route.body_field.field_info.annotation
            TypeAdapter(taken).validate_json(json.dumps(shown["request"]))


def bodies_of(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the JSON bodies that are taken and given by each operation."""
    for _, operation in each(described):
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for part in parts:
            for kind, body in part.get("content", {}).items():
                assert kind in MEDIA
                if kind == "application/json":
                    yield operation["operationId"], body


def test_the_examples_are_what_a_real_desk_answers(house: House) -> None:
    with api_tour.toured(house) as front:
        found = api_tour.tour(front)
    kept = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert {name: shape(one) for name, one in found.items()} == {name: shape(one) for name, one in kept.items()}, RENEW


def shape(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Returns the names in JSON, without what stands under them."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else None


def test_only_who_is_signed_in_reads_the_description(front: Front) -> None:
    with front.client() as nobody, front.program("joseph") as somebody:
        assert nobody.get("/api/openapi.json").status_code == 401
        assert somebody.get("/api/openapi.json").json()["info"]["title"] == "Parley"


def test_every_route_for_programs_is_in_the_description(house: House, described: dict[str, Any]) -> None:
    app = app_of(house)
    assert {route.operation_id for route in description.answering(app)} == {
        operation["operationId"] for _, operation in each(described)
    }
    assert all(isinstance(route, ApiRoute) for route in description.answering(app))
