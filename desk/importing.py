"""Reads cases from CSV, JSON and YAML: each entry with its file and line, and turned into a request to open a case.

A column is named as people say it: `title`, `urgency`, `issues`, `initiating party`, `responding representative`, a
part in the case such as `convener`, or any field of the process; spaces and underscores mean the same. A second party
of a side has a number behind its columns (`responding party 2`). People are named by e-mail address or id. Several
values stand in one cell, each on its own line or separated by semicolons; JSON and YAML may use lists.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import yaml_nodes
from states import errors

if TYPE_CHECKING:
    from pathlib import Path

Value = str | tuple[str, ...]

_DELIMITERS = (",", ";", "\t")
_SEPARATORS = re.compile(r"[;\n]")
_SPACE = re.compile(r"\s*")
# Used only on what is known to be a whole list.
_IN_LIST = re.compile(r"[\s,\[\]]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Entry:
    """One case as a file tells it; the columns are spelled with spaces and in lower case."""

    file: str
    line: int
    values: Mapping[str, Value]

    @property
    def place(self) -> str:
        """Where the entry begins, the way editors open it."""
        return f"{self.file}:{self.line}"

    def text(self, column: str) -> str:
        """Give a value as one text; empty when there is none."""
        found = self.values.get(column, "")
        return found.strip() if isinstance(found, str) else "; ".join(found)

    def texts(self, column: str) -> tuple[str, ...]:
        """Give a value as a list of texts."""
        found = self.values.get(column, ())
        return parts(found) if isinstance(found, str) else tuple(part.strip() for part in found if part.strip())

    @property
    def key(self) -> str:
        """The request key: from the column `id`, else from the content, so that importing twice opens once."""
        if self.text("id"):
            return f"import:{self.text('id')}"
        content = json.dumps(dict(self.values), sort_keys=True, ensure_ascii=False)
        return f"import:{hashlib.sha256(content.encode()).hexdigest()}"


def read(path: Path) -> tuple[Entry, ...]:
    """Read the entries of a CSV, JSON (a list, or an object a line) or YAML file.

    Raises `DefinitionError` with file and line where it cannot be read as what its name says.
    """
    readers = {".csv": _csv, ".json": _json, ".jsonl": _json, ".yaml": _yaml, ".yml": _yaml}
    if path.suffix.lower() not in readers:
        raise errors.DefinitionError(f"{path}: the name must end in one of: {', '.join(readers)}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise errors.DefinitionError(f"{path} cannot be read ({fault.strerror}); check its name") from None
    except UnicodeDecodeError:
        raise errors.DefinitionError(f"{path} is not UTF-8 text; save it as “CSV UTF-8” or as UTF-8") from None
    return tuple(readers[path.suffix.lower()](text, str(path)))


def entry(file: str, given: Mapping[str, object], *, line: int = 1) -> Entry:
    """Make an entry of raw values; raise `DefinitionError` for a table where a text is wanted."""
    values: dict[str, Value] = {}
    for name, raw in given.items():
        value = _value(raw)
        if value is None:
            raise errors.DefinitionError(f"{file}:{line}: “{name}” must be a text or a list of texts")
        values[column_name(name)] = value
    return Entry(file, line, {name: value for name, value in values.items() if value})


def parts(text: str) -> tuple[str, ...]:
    """Take a text apart that holds several values, between semicolons or on lines of their own."""
    return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())


def column_name(name: str) -> str:
    """Spell a column the one way it is looked up by."""
    return " ".join(name.replace("_", " ").lower().split())


def _value(raw: object) -> Value | None:
    if isinstance(raw, list | tuple):
        parts = [_value(part) for part in raw]
        return None if any(not isinstance(part, str) for part in parts) else tuple(str(part) for part in parts)
    if isinstance(raw, dict):
        return None
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return "" if raw is None else str(raw).strip()


def _csv(text: str, file: str) -> Iterator[Entry]:
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        columns = next(rows, [])
        _refuse_doubles(columns, file)
        while True:
            line = rows.line_num + 1
            row = next(rows, None)
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield _row(columns, row, file=file, line=line)
    except csv.Error as fault:
        raise errors.DefinitionError(f"{file}:{rows.line_num}: this is not CSV ({fault}); check the quotes") from None


def _refuse_doubles(columns: Sequence[str], file: str) -> None:
    names = Counter(map(column_name, columns))
    double = next((name for name, count in names.items() if count > 1), None)
    if double is not None:
        raise errors.DefinitionError(f"{file}:1: the column “{double}” stands twice; keep one, or number the second")


def _row(columns: Sequence[str], row: Sequence[str], *, file: str, line: int) -> Entry:
    if len(row) > len(columns):
        told = f"{file}:{line}: there are {len(row)} cells but only {len(columns)} columns; put quotes around commas"
        raise errors.DefinitionError(told)
    return entry(file, dict(zip(columns, row, strict=False)), line=line)


def _json(text: str, file: str) -> Iterator[Entry]:
    try:
        for at, found in _objects(text):
            line = text.count("\n", 0, at) + 1
            if not isinstance(found, dict):
                raise errors.DefinitionError(f"{file}:{line}: each case must be an object, such as {{“title”: …}}")
            yield entry(file, found, line=line)
    except json.JSONDecodeError as fault:
        raise errors.DefinitionError(f"{file}:{fault.lineno}: this is not JSON ({fault.msg})") from None


def _objects(text: str) -> Iterator[tuple[int, object]]:
    """Yield the values of a list, or those that follow one another, each with where it begins."""
    between = _SPACE
    if text.lstrip().startswith("["):
        json.loads(text)
        between = _IN_LIST
    at = _skip(text, 0, between)
    while at < len(text):
        found, end = _DECODER.raw_decode(text, at)
        yield at, found
        at = _skip(text, end, between)


def _skip(text: str, at: int, between: re.Pattern[str]) -> int:
    found = between.match(text, at)
    return found.end() if found else at


def _yaml(text: str, file: str) -> Iterator[Entry]:
    problems = yaml_nodes.Problems()
    tree = yaml_nodes.parse(text, file=file, problems=problems)
    problems.settle()
    for node in tree.value if isinstance(tree.value, tuple) else (tree,):
        yield entry(file, {name: _plain(part) for name, part in node.table.items()}, line=node.mark.line)


def _plain(node: yaml_nodes.Node) -> object:
    return [_plain(part) for part in node.value] if isinstance(node.value, tuple) else node.value
