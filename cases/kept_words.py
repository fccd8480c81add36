"""Keeps a sentence of Parley's own with its pattern and values, so that it can be told in any language later on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases import codec
from states.said import Said


def dump(sentence: str) -> str:
    """Write a sentence; words that people wrote are kept as they are."""
    return codec.dump(_plain(sentence))


def load(kept: str) -> str:
    """Read a sentence back."""
    found = _read(codec.parse(kept))
    return found if isinstance(found, str) else str(found)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of a sentence
    if isinstance(value, Said):
        values = {name: _plain(one) for name, one in value.values.items()}
        return {"pattern": str(value.pattern), "plural": value.plural and str(value.plural), "values": values}
    if isinstance(value, str | int | datetime) or value is None:
        return value
    return str(value)


def _read(kept: Any) -> object:  # noqa: ANN401 - decoded JSON
    if not isinstance(kept, dict):
        return kept
    if "instant" in kept:
        return datetime.fromisoformat(kept["instant"])
    return Said(kept["pattern"], kept["plural"], {name: _read(one) for name, one in kept["values"].items()})
