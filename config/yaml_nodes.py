"""Reads YAML as a tree of texts, each with its file and line, merges two such trees, and writes the canonical text.

No value is guessed to be a number, a date or a truth: `17:00`, `no` and `0` stay what the office wrote. Aliases are
refused and depth is limited, so a small file cannot unfold into a large one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from states import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20
_LONGEST = 1_000_000
_EMPTY = frozenset({"", "~", "null"})
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _%+*.,/()-]*(?<! )")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands."""

    file: str
    line: int

    def __str__(self) -> str:
        """Write the place the way editors open it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Node:
    """A text, a list, a table or nothing, and where its entry begins."""

    value: str | tuple[Node, ...] | dict[str, Node] | None
    mark: Mark

    @property
    def table(self) -> dict[str, Node]:
        """Give the entries of a table, and none for anything else."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(slots=True)
class Problems:
    """Everything found wrong so far, so that a person hears it all at once."""

    found: list[tuple[Mark, str]] = field(default_factory=list)

    def add(self, mark: Mark, text: str) -> None:
        """Note what is wrong at a place and how to mend it."""
        self.found.append((mark, text))

    def settle(self) -> None:
        """Raise `DefinitionError` with one line for each problem, when there is any."""
        if self.found:
            ordered = sorted(dict.fromkeys(self.found), key=lambda found: (found[0].file, found[0].line))
            raise errors.DefinitionError("\n".join(f"{mark}: {text}" for mark, text in ordered))


def parse(text: str, *, file: str, problems: Problems) -> Node:
    """Read one YAML document; `file` is the name used in messages.

    Raises `DefinitionError` where the text is not YAML at all; lesser problems are noted.
    """
    if len(text) > _LONGEST:
        raise errors.DefinitionError(f"{file}:1: the file is longer than {_LONGEST} characters; split the definition")
    try:
        return _Reader(yaml.parse(text, Loader=_LOADER), file, problems).document()
    except yaml.YAMLError as error:
        raise errors.DefinitionError(_told(error, file)) from None


def _told(error: yaml.YAMLError, file: str) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    said = getattr(error, "problem", None) or "unreadable characters"
    return f"{file}:{line}: this is not YAML ({said}); look for a missing colon, quote, bracket or space here"


class _Reader:
    """Turns the events of one document into nodes."""

    def __init__(self, events: Iterator[yaml.Event], file: str, problems: Problems) -> None:
        self._events = events
        self._file = file
        self._problems = problems

    def document(self) -> Node:
        """Read the only document of the stream."""
        starts = (event for event in self._events if isinstance(event, yaml.NodeEvent))
        roots = [self._node(event, self._mark(event), depth=0) for event in starts]
        if len(roots) > 1:
            self._problems.add(roots[1].mark, "a second document begins here; keep one definition in one file")
        return roots[0] if roots else Node(None, Mark(self._file, 1))

    def _mark(self, event: yaml.Event) -> Mark:
        return Mark(self._file, event.start_mark.line + 1 if event.start_mark else 1)

    def _node(self, event: yaml.Event, mark: Mark, *, depth: int) -> Node:
        if depth > _DEEPEST:
            raise errors.DefinitionError(f"{mark}: this is nested more than {_DEEPEST} deep; flatten it")
        if isinstance(event, yaml.ScalarEvent):
            empty = not event.style and event.implicit[0] and event.value.lower() in _EMPTY
            return Node(None if empty else str(event.value), mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(tuple(self._items(depth)), mark)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self._entries(depth), mark)
        self._problems.add(mark, "this repeats another place by an alias (*name); write it out")
        return Node(None, mark)

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, self._mark(event), depth=depth + 1)

    def _entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            mark = self._mark(event)
            key = self._node(event, mark, depth=depth + 1).value
            value = self._node(next(self._events), mark, depth=depth + 1)
            if not isinstance(key, str):
                self._problems.add(mark, "a name is wanted before the colon; write a word there")
            elif key in entries:
                self._problems.add(mark, f"“{key}” stands twice, first on line {entries[key].mark.line}; keep one")
            else:
                entries[key] = value
        return entries


def merge(base: Node, over: Node, *, problems: Problems) -> Node:
    """Lay one tree over another: tables merge name by name, anything else replaces, nothing takes an entry away.

    A new entry stands behind the one it is written after, when that one was there before, and last otherwise.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    before: str | None = None
    for name, node in over.value.items():
        if node.value is None:
            if merged.pop(name, None) is None:
                text = f"“{name}” is taken away, but what is extended has no such entry; check its name"
                problems.add(node.mark, text)
            continue
        if name in merged:
            merged[name] = merge(merged[name], node, problems=problems)
        else:
            merged = _behind(merged, before, (name, node))
        before = name
    return Node(merged, over.mark)


def _behind(table: dict[str, Node], before: str | None, entry: tuple[str, Node]) -> dict[str, Node]:
    names = list(table)
    place = names.index(before) + 1 if before in table else len(names)
    items = list(table.items())
    return dict([*items[:place], entry, *items[place:]])


def without_nothing(node: Node) -> Node:
    """Leave out the entries that hold nothing."""
    if isinstance(node.value, dict):
        kept = {name: without_nothing(part) for name, part in node.value.items() if part.value is not None}
        return Node(kept, node.mark)
    return node


def write(node: Node, *, order: Callable[[str, str], tuple[int, str]], name: str = "", indent: int = 0) -> str:
    """Write a tree as YAML that says the same however it was laid out, quoted or commented.

    `order` ranks a key within the table of the given name; equal ranks stay as they are.
    """
    pad = "  " * indent
    if isinstance(node.value, dict):
        lines = []
        for key in sorted(node.value, key=lambda key: order(name, key)):
            part = node.value[key]
            inner = write(part, order=order, name=key, indent=indent + 1)
            block = isinstance(part.value, dict | tuple) and part.value
            lines.append(f"{pad}{_scalar(key)}:\n{inner}" if block else f"{pad}{_scalar(key)}: {inner.strip()}\n")
        return "".join(lines) or f"{pad}{{}}\n"
    if isinstance(node.value, tuple):
        parts = (write(part, order=order, name=name, indent=indent + 1) for part in node.value)
        return "".join(f"{pad}- {part.lstrip()}" for part in parts) or f"{pad}[]\n"
    return f"{pad}{_scalar(node.value or '')}\n"


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _EMPTY:
        return text
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
