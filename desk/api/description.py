"""The description of the whole API as OpenAPI 3.1, with an example of every body and answer, taken from real ones.

FastAPI describes what routes take and give; here is added what they all have in common: how a program signs in, which
problems may come and how they are told, the pages of lists, and how a request may be sent again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request, Security
from fastapi.responses import JSONResponse

from desk import problems
from desk.access import DeclaredRoute, by_token
from desk.api import parts
from desk.api.route import REPLAYED, ApiRoute, is_safe
from desk.routes import every_route
from desk.visits import Visit

router = APIRouter(prefix="/api", route_class=DeclaredRoute, include_in_schema=False)

Anybody = Annotated[Visit, Security(by_token)]
Json = dict[str, Any]

_HERE = Path(__file__).parent
_ALWAYS = (401, 403, 429, 500, 503)
_ASKED = (404, 422)
_CHANGING = (409,)
_WITH_BODY = (413, 415)
_MATCHING = (412,)


@router.get("/openapi.json")
def describe_api(_visit: Anybody, request: Request) -> JSONResponse:
    """Describe the API."""
    return JSONResponse(of(request.app))


def of(app: FastAPI) -> Json:
    """Describe the API of a desk."""
    if getattr(app.state, "described", None) is None:
        app.state.described = _finished(app)
    described: Json = app.state.described
    return described


@cache
def examples() -> Mapping[str, Json]:
    """Read the example of each operation: what was sent, and what was answered, in a real desk."""
    found: Json = json.loads((_HERE / "examples.json").read_text(encoding="utf-8"))
    return found


def _finished(app: FastAPI) -> Json:
    described: Json = json.loads(json.dumps(app.openapi()))
    for route in answering(app):
        for method in route.methods or ():
            operation = described["paths"][route.path][method.lower()]
            _finish(operation, route)
    used = dict.fromkeys(tag for path in described["paths"].values() for one in path.values() for tag in one["tags"])
    components = described["components"]
    components["schemas"] = {name: _untitled(one) for name, one in components["schemas"].items() if name not in _UNUSED}
    components |= {"securitySchemes": parts.SECURITY, "headers": parts.HEADERS, "responses": dict(_problems())}
    return {
        "openapi": described["openapi"],
        "info": {**parts.INFO, "version": metadata.version("parley-engine")},
        "servers": [{"url": "/", "description": "this desk"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": tag, "description": parts.TAGS[tag]} for tag in used],
        "paths": described["paths"],
        "webhooks": json.loads(json.dumps(parts.WEBHOOKS)),
        "components": components,
    }


_UNUSED = ("HTTPValidationError", "ValidationError")


def answering(app: FastAPI) -> Iterator[ApiRoute]:
    """Yield every route that programs may use."""
    return (route for route in every_route(app) if isinstance(route, ApiRoute) and route.include_in_schema)


def _finish(operation: Json, route: ApiRoute) -> None:
    operation["security"] = [{"token": [*route.scopes]}, {"session": []}]
    told = {code: one for code, one in operation["responses"].items() if code < "400"}
    kept = examples().get(operation["operationId"], {})
    for answer in told.values():
        answer["headers"] = answer.get("headers", {}) | dict(_headers(route))
        _show(answer.get("content", {}), kept.get("answer"))
    operation["responses"] = told | {
        str(code): {"$ref": f"#/components/responses/{_name(code)}"} for code in sorted(_may_come(route))
    }
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        _show(operation["requestBody"]["content"], kept.get("request"))
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _untitled(parameter["schema"])
    if route.is_done_once:
        [key] = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
        key["example"] = "9f0b7c52-4f4b-4e0c-9d27-0e3a5b1c7d11"


def _show(content: Json, example: object) -> None:
    """Put an example beside the schema of JSON."""
    for kind, body in content.items():
        body["schema"] = _untitled(body.get("schema", {}))
        if example is not None and kind == "application/json":
            body["example"] = example


def _headers(route: ApiRoute) -> Iterator[tuple[str, Json]]:
    yield "RateLimit", _header("RateLimit")
    if {"after", "limit"} <= route.parameters:
        yield "Link", _header("Link")
    if route.is_done_once:
        yield REPLAYED.title(), _header("Idempotent-Replayed")


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}


def _may_come(route: ApiRoute) -> Iterator[int]:
    """Yield the status of each problem that a route may answer with."""
    yield from _ALWAYS
    yield from _ASKED
    if not is_safe(route):
        yield from _CHANGING
    if route.body_field:
        yield from _WITH_BODY
    if route.may_match:
        yield from _MATCHING


def _problems() -> Iterator[tuple[str, Json]]:
    """Describe each problem, with an example that is told as a real one is."""
    for code, (meaning, error) in parts.PROBLEMS.items():
        example = problems.as_json(error) if error else parts.FAILED
        body = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        described: Json = {"description": meaning, "content": {problems.MEDIA_TYPE: body}}
        headers = {name: _header(name) for name in parts.PROBLEM_HEADERS.get(code, ())}
        yield _name(code), described | ({"headers": headers} if headers else {})


def _name(code: int) -> str:
    return HTTPStatus(code).phrase.title().replace(" ", "").replace("-", "")


def _untitled(schema: Any) -> Any:  # noqa: ANN401 - a JSON schema holds anything
    """Leave out the titles that only repeat a field's own name."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_titles(value) if name == "properties" else _untitled(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }


def _without_titles(properties: Mapping[str, Any]) -> Json:
    return {name: _untitled(value) for name, value in properties.items()}


def operations(described: Json) -> Iterable[tuple[str, str, Json]]:
    """Yield each operation of a description with its method and path."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
