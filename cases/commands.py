"""What may be asked of the record, as values. `key` makes a request safe to send twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cases import codec
from states import file_ref
from states.case import Party
from states.process import Urgency
from states.roles import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Open a case: `process` is a name, or the hash of one version; `fields` are raw values of the process's fields.

    `number` and `id` are given for cases that had them elsewhere.
    """

    process: str
    title: str
    actor: Actor
    key: str
    urgency: Urgency = Urgency.U3
    parties: tuple[Party, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    issues: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    number: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnCase:
    """Do an act on a case; with `expected_version`, only if nothing that the actor may read happened since.

    With the mark `expected_sight`, only if the case still looks to the actor as it did (`cases.sight`).
    """

    case_id: str
    trigger: str
    actor: Actor
    key: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    expected_version: int | None = None
    expected_sight: str | None = None


def request_hash(command: OpenCase | ActOnCase) -> str:
    """Return the hash of what a command asks, and who asks it.

    Offices held meanwhile make no difference, nor does a file that was uploaded once more.
    """
    asked = {name: getattr(command, name) for name in command.__slots__ if name not in {"key", "actor"}}
    if asked.get("expected_sight") is None:
        # Commands from before there were marks keep their hashes.
        asked.pop("expected_sight", None)
    if isinstance(command, ActOnCase):
        asked["inputs"] = {name: file_ref.unstamped(value) for name, value in command.inputs.items()}
    return codec.digest(asked | {"actor": command.actor.person})
