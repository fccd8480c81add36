"""Takes typed values out of one table of a definition, and notes whatever is missing, unknown or malformed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from config import yaml_nodes
from states import durations, errors, expressions, findings, process, said

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = TypeVar("Kind", bound=StrEnum)
Thing = TypeVar("Thing")
_PERCENT = re.compile(r"([0-9]{1,3}) ?%")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_NAMED_OFFSETS = {"start": 0, "due": 100}


class Entry:
    """One table of the definition, read key by key; `close` refuses the keys nobody asked for."""

    def __init__(self, node: yaml_nodes.Node, problems: yaml_nodes.Problems, *, place: str) -> None:
        """Read from `node`, which is called `place` in messages."""
        self.mark = node.mark
        self.place = place
        self._problems = problems
        self._table = node.table
        self._asked: set[str] = set()
        if not isinstance(node.value, dict) and node.value is not None:
            problems.add(node.mark, f"{place} must be a table of “name: value” lines")

    @property
    def line(self) -> int:
        """The line the entry begins on."""
        return self.mark.line

    def __contains__(self, key: str) -> bool:
        """Tell whether the table has something under a key."""
        return key in self._table

    def wrong(self, text: str, *, key: str = "") -> None:
        """Note a problem at a key of this table, or at the table itself."""
        node = self._table.get(key)
        self._problems.add(node.mark if node else self.mark, text)

    def close(self) -> None:
        """Refuse every key that was not asked for, with the nearest one that could have been meant."""
        for key in self._table:
            if key not in self._asked:
                self.wrong(f"{self.place} has no “{key}”; {findings.nearest(key, self._asked)}", key=key)

    def node(self, key: str) -> yaml_nodes.Node | None:
        """Take what stands under a key, as it is."""
        self._asked.add(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text; without a default its absence is a problem."""
        found = self.optional(key)
        if found is None and default is None:
            self.wrong(f"{self.place} has no “{key}”; add the line “{key}: …”")
        return found if found is not None else default or ""

    def sentence(self, key: str, default: str | None = None) -> said.Said:
        """Take words that people read, so that they can be told in any language that the catalogues have them in."""
        return said.say(self.text(key, default))

    def optional(self, key: str) -> str | None:
        """Take a text that may be absent."""
        node = self.node(key)
        value = node.value if node else None
        if value is None or isinstance(value, str):
            return value
        self.wrong(f"“{key}” must be one text, not a list or a table", key=key)
        return None

    def names(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Take a list of names; a single name counts as a list of one."""
        node = self.node(key)
        if node is None:
            return default
        parts = node.value if isinstance(node.value, tuple) else (node,)
        texts = tuple(part.value for part in parts if isinstance(part.value, str))
        if len(texts) < len(parts):
            self.wrong(f"“{key}” must be a list of names, like [one, other]", key=key)
        return texts

    def sentences(self, key: str) -> tuple[said.Said, ...]:
        """Take a list of words that people read."""
        return tuple(map(said.say, self.names(key)))

    def truth(self, key: str, *, default: bool) -> bool:
        """Take a yes or no."""
        return self._read(key, _truth, default)

    def whole(self, key: str, default: int) -> int:
        """Take a whole number."""
        return self._read(key, _whole, default)

    def choice(self, key: str, kind: type[Kind], default: Kind | None = None) -> Kind:
        """Take one of the words of an enumeration; without a default its absence is a problem."""
        if default is None:
            self.text(key)
        return self._read(key, lambda text: _one_of(text, kind), default or next(iter(kind)))

    def span(self, key: str, default: durations.Duration) -> durations.Duration:
        """Take a span of time."""
        return self._read(key, durations.Duration.parse, default)

    def expression(self, key: str) -> expressions.Expression:
        """Take an expression over the fields."""
        return self._read(key, expressions.parse, None) or expressions.parse("0")

    def offset(self, key: str) -> process.Offset:
        """Take an instant relative to a deadline: a share of its time, or a span, `from` the due instant or another."""
        anchor = self.choice("from", process.Anchor, process.Anchor.DUE)
        found = self._read(key, offset, None) or process.Offset(percent=100)
        return replace(found, anchor=anchor)

    def inner(self, key: str, place: str = "") -> Entry:
        """Take the table under a key; an absent one reads as empty."""
        node = self.node(key) or yaml_nodes.Node(None, self.mark)
        return Entry(node, self._problems, place=place or f"“{key}” of {self.place}")

    def section(self, key: str, kind: str) -> Iterator[tuple[str, Entry]]:
        """Take a table of named tables; each is called by its kind and name."""
        for name, node in self.inner(key).table(kind):
            yield name, Entry(node, self._problems, place=f"{kind} {name}")

    def by_key(self) -> Iterator[tuple[str, yaml_nodes.Node]]:
        """Take every entry under whatever key stands there, such as a date."""
        self._asked.update(self._table)
        yield from self._table.items()

    def table(self, kind: str) -> Iterator[tuple[str, yaml_nodes.Node]]:
        """Take every entry, each under a name of the office's choice."""
        for name, node in self.by_key():
            if not _NAME.fullmatch(name):
                text = f"“{name}” cannot name a {kind}; begin with a letter and use only letters, digits and _"
                text += ", and put a text with a comma into quotes" if " " in name else ""
                self._problems.add(node.mark, text)
            self._asked.add(name)
            yield name, node

    def rows(self, key: str) -> Iterator[Entry]:
        """Take a list; a plain text in it stands for the table `{at: text}`."""
        node = self.node(key)
        if node is None:
            return
        if not isinstance(node.value, tuple):
            self.wrong(f"“{key}” must be a list, like [50%, 90%]", key=key)
            return
        for part in node.value:
            table = part if isinstance(part.value, dict) else yaml_nodes.Node({"at": part}, part.mark)
            yield Entry(table, self._problems, place=f"an entry of “{key}” of {self.place}")

    def _read(self, key: str, reader: Callable[[str], Thing], default: Thing) -> Thing:
        found = self.optional(key)
        if found is None:
            return default
        try:
            return reader(found)
        except (errors.DefinitionError, ValueError) as error:
            self.wrong(f"“{key}”: {error}", key=key)
            return default


def offset(text: str) -> process.Offset:
    """Read an offset such as "50%", "start", "due", "-7 cd" or "+1 wd"; raise `DefinitionError` for anything else."""
    if text in _NAMED_OFFSETS:
        return process.Offset(percent=_NAMED_OFFSETS[text])
    share = _PERCENT.fullmatch(text)
    if share:
        return process.Offset(percent=int(share[1]))
    try:
        return process.Offset(span=durations.Duration.parse(text))
    except errors.DurationError as error:
        raise errors.DefinitionError(f"{error}; or a share of the time such as 50%, or start, or due") from None


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTHS:
        raise errors.DefinitionError(f"“{text}” is neither true nor false; write one of the two")
    return _TRUTHS[text.lower()]


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise errors.DefinitionError(f"“{text}” is not a whole number; write digits only, like 2")
    return int(text)


def _one_of(text: str, kind: type[Kind]) -> Kind:
    words = [str(word) for word in kind]
    if text not in words:
        raise errors.DefinitionError(f"“{text}” is not known here; {findings.nearest(text, words)}")
    return kind(text)
