"""Changes only what is still as it was read: `ETag` says which version was read, `If-Match` asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Header

from cases import sight
from cases.queries import CaseFile
from desk.problems import ChangedSince
from states import errors
from states.roles import Actor

_DOUBTFUL = (errors.KeyReused, errors.UnderWay)


TOLD: dict[int | str, dict[str, Any]] = {200: {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}}}
"""How the description says that an answer tells its version."""


_TOLD = "the `ETag` that was read: do it only if nothing happened since, else answer 412"


def version_wanted(
    if_match: Annotated[str | None, Header(pattern=r'^"[0-9]{1,9}"$', description=_TOLD)] = None,
) -> int | None:
    """Return the version that a request asks for, or None where it asks for none."""
    return None if if_match is None else int(if_match.strip('"'))


def sight_wanted(
    if_match: Annotated[str | None, Header(pattern=r'^"[0-9]{1,9}-[0-9a-f]{32}"$', description=_TOLD)] = None,
) -> tuple[int, str] | None:
    """Return which version and sight of a case a request asks for, or None where it asks for none."""
    return None if if_match is None else sight.read(if_match.strip('"'))


IfMatch = Annotated[int | None, Depends(version_wanted)]
IfCaseMatches = Annotated[tuple[int, str] | None, Depends(sight_wanted)]


def tag(version: int) -> str:
    """Write a version as an `ETag`."""
    return f'"{version}"'


def tag_of_case(file: CaseFile, actor: Actor) -> str:
    """Write what somebody may read of a case as an `ETag`, which no room of others moves."""
    return f'"{sight.tag(file.version, sight.mark(file.process, file.case, actor))}"'


@contextmanager
def matching(wanted: object) -> Iterator[None]:
    """Tell a conflict as a version that no longer matches, where the request asked for one."""
    try:
        yield
    except _DOUBTFUL:
        raise
    except errors.Conflict as conflict:
        if wanted is None:
            raise
        raise ChangedSince(conflict.args[0]) from None
