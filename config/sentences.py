"""Finds the sentences of Parley that are not written as `say("…")`, for the command that lists them for translators.

`make words` reads `config/babel.cfg`, which sends some files here instead of to Babel's own reader: what the rules ask,
need and call things is read from the rules themselves, and what people read of a definition from the loaded definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config import clauses, load, vocabulary
from states import lifecycle, said, whom_to_ask
from states.answering import ANSWERS
from states.case import Side
from states.conditions import CONDITIONS
from states.effects import EFFECTS
from states.items import KINDS
from states.items.links import Relation
from states.migration import Fate
from states.process import RoleScope
from states.said import Said
from states.shortlist import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

Found = tuple[int, None, str, list[str]]
"""A sentence as Babel takes it from a reader: its line, the function around it, the sentence, and comments."""

_WORDS = (*Side, *Fate, *Bar, *Relation, *RoleScope, *ANSWERS, *whom_to_ask.WAYS)


def of_rules(file: IO[bytes], *_how: object, **_options: object) -> Iterator[Found]:
    """Find what the rules ask, need and call things: inputs, choices, conditions, kinds of items and their moves."""
    moves = (move for life in lifecycle.LIFECYCLES.values() for move, _, _ in life.moves)
    words = (said.word(one).pattern for one in (*KINDS, *moves, *_WORDS))
    yield from _listed((*said_in((EFFECTS, CONDITIONS)), *words), file)


def of_a_process(file: IO[bytes], *_how: object, **_options: object) -> Iterator[Found]:
    """Find what people read of a shipped definition."""
    yield from _listed(said_in(load.load_process(Path(file.name), vocabulary=vocabulary.shipped())), file)


def of_clauses(file: IO[bytes], *_how: object, **_options: object) -> Iterator[Found]:
    """Find the wordings of the library of clauses."""
    yield from _listed(said_in(clauses.library()), file)


def said_in(thing: object) -> Iterator[str]:
    """Walk through values of the rules, and yield the patterns of the sentences in them."""
    if isinstance(thing, Said):
        yield thing.pattern
    elif isinstance(thing, Mapping):
        yield from said_in(tuple(thing.values()))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from said_in(one)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from said_in(getattr(thing, one.name))


def _listed(sentences: Iterable[str], file: IO[bytes]) -> Iterator[Found]:
    """Give sentences to Babel, each once; the file is only where it looked, and a mere name is no sentence."""
    file.read()
    yield from ((1, None, one, []) for one in dict.fromkeys(sentences) if one and "_" not in one)
