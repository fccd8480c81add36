"""How the API answers: who asks is known first, then what is asked is looked at, and what changes is done once.

A route that changes something by POST asks for `once`: the same key and request sent again get the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import SecurityScopes
from pydantic import BaseModel

from cases import api_answers
from desk.access import SAFE, DeclaredRoute, by_token
from desk.api import gate
from desk.api.match import sight_wanted, version_wanted
from desk.visits import desk_of

if TYPE_CHECKING:
    from fastapi._compat import ModelField
    from fastapi.dependencies.models import Dependant

    from desk.visits import Visit

Answer = Callable[[Request], Coroutine[Any, Any, Response]]

KEY = "Idempotency-Key"
KEY_PATTERN = r"^[\x20-\x7e]{8,200}$"
REPLAYED = "idempotent-replayed"
_KEPT_HEADERS = ("content-type", "etag", "link", "location")
_DONE = range(200, 300)


def once(
    idempotency_key: Annotated[
        str,
        Header(
            alias=KEY,
            pattern=KEY_PATTERN,
            description="a word of your own for this request, such as a UUID: sent again with the same key it is done "
            "once, and gets the same answer",
        ),
    ],
) -> str:
    """Return the key of a request that may be sent again."""
    return idempotency_key


Key = Annotated[str, Depends(once)]
ONCE = (Depends(once),)
"""For routes that change something and need not know the key themselves."""


class ApiRoute(DeclaredRoute):
    """A route for programs: it says which scope a token needs, and what it takes is looked at before it is used."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:  # noqa: ANN401 - as FastAPI has it
        """Build the route, named after its function."""
        name = endpoint.__name__
        kwargs.update(operation_id=name, summary=name.replace("_", " ").capitalize())
        super().__init__(path, endpoint, **kwargs)
        parts = [self.dependant, *_inner(self.dependant)]
        self.scopes = tuple(one for part in parts if part.call is by_token for one in part.own_oauth_scopes or ())
        self.is_done_once = any(part.call is once for part in parts)
        self.may_match = any(part.call in {sight_wanted, version_wanted} for part in parts)
        self.parameters = frozenset(name for part in parts for one in part.query_params for name in _names(one))
        if not self.scopes:
            sentence = f"the address {path} does not say what a token must be good for; see desk/api/scopes.py"
            raise TypeError(sentence)

    def get_route_handler(self) -> Answer:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def handle(whole: Request) -> Response:
            request = gate.limited(whole) if self.body_field else whole
            visit = await run_in_threadpool(by_token, request, SecurityScopes([*self.scopes]))
            request.state.visit = visit
            desk = visit.desk
            left = desk.pace.take(visit.person.id, most=desk.settings.api_per_minute, now=visit.words.now)
            gate.refuse_unknown_parameters(request, self.parameters)
            if self.body_field:
                await gate.refuse_unreadable_body(request)
            response = await (_once(request, visit, answer) if self.is_done_once else answer(request))
            response.headers.update(left.headers)
            return response

        return handle


async def _once(request: Request, visit: Visit, answer: Answer) -> Response:
    key = request.headers.get(KEY, "")
    if not re.match(KEY_PATTERN, key):
        return await answer(request)
    engine = desk_of(request).record.engine
    asks = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    asked = api_answers.Request(visit.token, key, asks)
    earlier = await run_in_threadpool(api_answers.begin, engine, asked, now=visit.words.now)
    if earlier is not None:
        return _again(earlier)
    try:
        response = await answer(request)
    except BaseException:
        await run_in_threadpool(api_answers.release, engine, asked)
        raise
    if response.status_code in _DONE:
        await run_in_threadpool(api_answers.keep, engine, asked, _kept(response))
    else:
        await run_in_threadpool(api_answers.release, engine, asked)
    return response


def _kept(response: Response) -> api_answers.Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    told = json.dumps({"headers": headers, "body": bytes(response.body).decode()})
    return api_answers.Answer(response.status_code, told.encode())


def _again(earlier: api_answers.Answer) -> Response:
    told = json.loads(earlier.content)
    return Response(told["body"], earlier.status, {**told["headers"], REPLAYED: "true"})


def is_safe(route: DeclaredRoute) -> bool:
    """Tell whether a route is good for reading only."""
    return set(route.methods or ()) <= SAFE


def _names(parameter: ModelField) -> Iterable[str]:
    """Name what may stand in the address for a parameter: one word, or each of those that a model gathers."""
    kind = parameter.field_info.annotation
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else (parameter.alias,)


def _inner(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _inner(one)
