"""What differs between two texts, word by word, and between two lists of terms, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word with the space after it; scripts that write without spaces are compared sign by sign.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]\s*|[^\s{_UNSPACED}]+\s*|\s+")
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
_MOST_PAIRS = 4_000_000
"""Beyond so many pairs two passages are told as wholly different, so that no text takes minutes to compare."""


class Fate(StrEnum):
    """What became of a piece of text, or of a term."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that was kept, inserted or deleted."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with the pieces of its old and new words; a field that did not change has one piece, or none."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Tell whether anything was inserted or deleted."""
        return any(piece.fate is not Fate.KEPT for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of one row, such as a term, named by its id: the row as a whole, and each of its fields."""

    id: str
    fate: Fate
    fields: tuple[FieldChange, ...]


def texts(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts, first by paragraphs and inside changed ones by words."""
    old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    pieces: list[Piece] = []
    for kind, start, end, first, last in _moves(old, new):
        earlier, later = "".join(old[start:end]), "".join(new[first:last])
        pieces += _words(earlier, later) if kind == "replace" else _pieces(kind, earlier, later)
    return tuple(_joined(pieces))


def fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """Compare two sets of fields in the order of the later one; what is missing on a side is empty there."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(FieldChange(name, texts(before.get(name, ""), after.get(name, ""))) for name in names)


def rows(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> tuple[RowChange, ...]:
    """Compare two lists of rows by id: those of the later list first, then those that are gone."""
    told = [_row(name, before.get(name), after[name]) for name in after]
    return (*told, *(_row(name, before[name], None) for name in before if name not in after))


def _row(name: str, before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> RowChange:
    changes = fields(before or {}, after or {})
    if before is None:
        return RowChange(name, Fate.INSERTED, changes)
    if after is None:
        return RowChange(name, Fate.DELETED, changes)
    return RowChange(name, Fate.CHANGED if any(one.changed for one in changes) else Fate.KEPT, changes)


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    for kind, start, end, first, last in _moves(old, new):
        yield from _pieces(kind, "".join(old[start:end]), "".join(new[first:last]))


def _moves(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """List what leads from one list to the other; spaces around a word do not make it another one."""
    if len(old) * len(new) > _MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    earlier, later = ([one.strip() for one in words] for words in (old, new))
    return SequenceMatcher(None, earlier, later, autojunk=False).get_opcodes()


def _pieces(kind: str, before: str, after: str) -> Iterator[Piece]:
    if kind == "equal":
        yield Piece(Fate.KEPT, after)
        return
    if before:
        yield Piece(Fate.DELETED, before)
    if after:
        yield Piece(Fate.INSERTED, after)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Put neighbours of one fate together."""
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is not None and waiting.fate is piece.fate:
            waiting = Piece(piece.fate, waiting.text + piece.text)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece
    if waiting is not None:
        yield waiting
