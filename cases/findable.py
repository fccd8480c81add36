"""What of a case is found by its words: the case itself, its fields, each item, and what was said in each act.

Whoever writes the index and whoever reads what it found ask the same functions, so an excerpt is always made of what
the reader may read, and of nothing that was kept for searching.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from cases import inputs
from states import fields as field_types
from states import file_ref
from states.case import Case
from states.events import Event
from states.fields import FieldType, Value
from states.items import Item
from states.process import Process

COVER = ""
"""The zone of the case itself: read by whoever reads anything of it."""


class Source(StrEnum):
    """Where words stand."""

    CASE = "case"
    PARTY = "party"
    FIELDS = "fields"
    ITEM = "item"
    EVENT = "event"


class Fit(IntEnum):
    """How well something fits that holds all that was looked for: a title better than a text."""

    TEXT = 0
    TITLE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The texts that are found together, in the one zone they lie in; `ref` names them within their source."""

    source: Source
    ref: str
    zone: str
    at: datetime
    texts: tuple[str, ...]
    fit: Fit = Fit.TEXT


_WORDED = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TEXTS, FieldType.CHOICE, FieldType.CHOICES})
_SAID = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TEXTS})
# Attributes that name people, parties, other entries or codes of the definition instead of saying anything.
_POINTERS = frozenset(
    {
        "accepted_by", "act", "agreed_by", "agreement", "amends", "answered_by", "answers", "asked_of", "attendance",
        "authority", "by", "chair", "clauses", "conducted_by", "contact_by", "copy", "corrects", "criterion",
        "deadlocks", "declared_by", "declined_by", "disputed_by", "document", "documents", "drafted_by", "filed_by",
        "follows", "id", "instead_of", "invited", "issue", "issues", "mandate", "media_type", "names", "new_fact",
        "objected_by", "origin", "other", "owner", "panel", "party", "people_for", "person", "predecessor", "put_to",
        "ranked", "refused_by", "rejected_by", "repays", "replaces", "reported_by", "role", "round", "session",
        "sha256", "shared_id", "shortlist", "side", "silent_by", "state", "stepped_in_by", "struck", "successor",
        "text_hash",
        "tier", "verified_by", "verifier", "weighed_by", "zone",
    }
)  # fmt: skip
_OPAQUE = re.compile(r"[0-9a-f]{12}|[0-9a-f]{64}")


def of_case(process: Process, case: Case) -> Iterator[Entry]:
    """Yield the case itself, each party of it, and its fields by zone."""
    named = [
        (Source.CASE, "", (case.number, case.title)),
        *((Source.PARTY, one.id, (one.name,)) for one in case.parties),
    ]
    for source, ref, texts in named:
        yield Entry(source=source, ref=ref, zone=COVER, at=case.opened_at, texts=texts, fit=Fit.TITLE)
    by_zone: dict[str, list[str]] = {}
    for name, value in case.fields.items():
        if name in process.fields and process.fields[name].type in _WORDED:
            by_zone.setdefault(process.fields[name].zone, []).extend(field_types.each(value))
    for zone, said in by_zone.items():
        if any(said):
            yield Entry(source=Source.FIELDS, ref=zone, zone=zone, at=case.opened_at, texts=tuple(filter(None, said)))


def of_item(item: Item) -> Entry:
    """Return an item with everything that stands on it in words."""
    texts = tuple(dict.fromkeys(_texts(item)))
    return Entry(source=Source.ITEM, ref=item.id, zone=item.zone, at=item.at, texts=texts)


def of_event(process: Process, event: Event, *, event_id: int) -> Entry:
    """Return what was said in an act."""
    texts = tuple(dict.fromkeys(_said(process, event)))
    return Entry(source=Source.EVENT, ref=str(event_id), zone=event.zone, at=event.at, texts=texts)


def _texts(value: object) -> Iterator[str]:
    """Yield the words of a value, whatever it is made of; what only points somewhere says nothing."""
    if isinstance(value, str):
        yield from () if not value or _OPAQUE.fullmatch(value) else (value,)
    else:
        for one in _parts(value):
            yield from _texts(one)


def _parts(value: object) -> Iterable[object]:
    if is_dataclass(value):
        return (getattr(value, field.name) for field in fields(value) if field.name not in _POINTERS)
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple) else ()


def _said(process: Process, event: Event) -> Iterator[str]:
    asked = inputs.of_act(process, event.trigger)
    for name, value in event.inputs.items():
        kind = asked[name].type if name in asked else None
        if kind in _SAID:
            yield from filter(None, field_types.each(value))
        elif kind is FieldType.FILE and value:
            yield _name_of_file(value)


def _name_of_file(value: Value) -> str:
    return file_ref.parse(str(value)).name
