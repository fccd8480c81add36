"""The manual of the API, for people: every operation with its parameters and examples, and every kind of problem.

It is drawn from the description that programs read, so the two never differ.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk import problem_words, problems
from desk.access import DeclaredRoute, Signed
from desk.api import description
from desk.pages.answers import page
from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

router = APIRouter(prefix="/api", route_class=DeclaredRoute, include_in_schema=False)

FOR_PEOPLE = ("/api/operations/", "/api/problems/")
"""What the addresses of pages among those for programs begin with."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What an operation may be asked: its name, where it stands, whether it must be there, and what it may be."""

    name: str
    place: str
    required: bool
    kind: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as the manual shows it; `taken` and `given` are examples, empty where there is none."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    tag: str
    scope: str
    parameters: tuple[Parameter, ...]
    taken: str
    given: str
    done: str
    problems: tuple[tuple[str, str], ...]


@router.get("/")
def read_manual(visit: Signed, request: Request) -> HTMLResponse:
    """List every operation, by what it is about."""
    described = description.of(request.app)
    found = list(_operations(described))
    return page(
        visit,
        "manual.html",
        request=request,
        intro=_plain(described["info"]["description"]),
        groups=[
            (tag["name"], tag["description"], [one for one in found if one.tag == tag["name"]])
            for tag in described["tags"]
        ],
    )


@router.get("/operations/{name}")
def read_operation(name: str, visit: Signed, request: Request) -> HTMLResponse:
    """Show one operation with its parameters, an example, and what may come instead."""
    found = next((one for one in _operations(description.of(request.app)) if one.name == name), None)
    if found is None:
        raise errors.NotFound(say("there is no such operation"))
    return page(visit, "manual_operation.html", request=request, one=found)


@router.get("/problems/{name}")
def read_problem(name: str, visit: Signed, request: Request) -> HTMLResponse:
    """Explain a kind of problem: what it means, and how it is mended."""
    kind = problem_words.kinds().get(name)
    if kind is None and name != problems.FAILED:
        raise errors.NotFound(say("there is no such kind of problem"))
    problem = problems.of_kind(errors.BrokenRecord if kind is None else kind)
    return page(
        visit,
        "manual_problem.html",
        request=request,
        name=name,
        code=problem.status.value,
        title=say("The desk failed") if kind is None else problem.title,
        mend=problem_words.UNFORESEEN if kind is None else problem_words.mend(kind),
    )


def _operations(described: Json) -> Iterator[Operation]:
    responses = described["components"]["responses"]
    for method, path, one in description.operations(described):
        done, answer = next((code, told) for code, told in one["responses"].items() if code < "400")
        refused = [code for code in one["responses"] if code >= "400"]
        yield Operation(
            name=one["operationId"],
            method=method,
            path=path,
            summary=one["summary"],
            about=_plain(one["description"]),
            tag=one["tags"][0],
            scope=one["security"][0]["token"][0],
            parameters=tuple(_parameter(each) for each in one.get("parameters", ())),
            taken=_example(one.get("requestBody", {})),
            given=_example(answer),
            done=done,
            problems=tuple(
                (code, responses[one["responses"][code]["$ref"].rpartition("/")[2]]["description"]) for code in refused
            ),
        )


def _parameter(one: Json) -> Parameter:
    return Parameter(
        name=one["name"],
        place=one["in"],
        required=one["required"],
        kind=_kind(one["schema"]),
        about=_plain(one.get("description", "")),
    )


def _kind(schema: Mapping[str, Any]) -> str:
    """Say in a word what a value is."""
    several = [_kind(one) for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if several:
        return " | ".join(several)
    if "enum" in schema:
        return " | ".join(filter(None, map(str, schema["enum"])))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("format") or schema.get("type", ""))


def _plain(text: str) -> str:
    """Leave out the marks of Markdown that a description is written with."""
    return text.replace("`", "")


def _example(part: Json) -> str:
    body = part.get("content", {}).get("application/json", {})
    return json.dumps(body["example"], ensure_ascii=False, indent=2) if "example" in body else ""
