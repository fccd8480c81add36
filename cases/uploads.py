"""Lets a file into a case: the reference an act names must be one that this very person has just uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cases.commands import ActOnCase
from cases.files import FileStore
from states import errors
from states.fields import Field, FieldType
from states.said import say, together

_NO_STORE = say("no files are kept with this record; name a folder for them")


def confirmed(
    store: FileStore | None, command: ActOnCase, *, asked: Mapping[str, Field], now: datetime
) -> Mapping[str, object]:
    """Return the raw inputs of an act with each file's reference confirmed.

    Raises `NeedsMissing` with a sentence for each file that is not there, or was not uploaded by the actor.
    """
    problems: dict[str, str] = {}
    inputs = dict(command.inputs)
    for name, field in asked.items():
        if field.type is FieldType.FILE and inputs.get(name):
            try:
                inputs[name] = _confirmed(store, inputs[name], by=command.actor.person, now=now)
            except errors.Refused as refusal:
                problems[name] = str(refusal)
    if problems:
        missing = tuple(problems.values())
        raise errors.NeedsMissing(
            say("“%(act)s” still needs: %(missing)s", act=command.trigger, missing=together(missing)), missing=missing
        )
    return inputs


def _confirmed(store: FileStore | None, reference: object, *, by: str, now: datetime) -> str:
    if store is None:
        raise errors.Refused(_NO_STORE)
    return str(store.confirmed(reference, by=by, now=now))
