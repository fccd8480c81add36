"""Says what must be mended in a text of an office before a mail can say it, each time with its line and column."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jinja2

from notifications import mime, office_texts
from notifications.office_texts import LONGEST, PLACES, ROOM, TESTS, Fault, Part
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLACE, _TEST = "{{ due }}", "{% if late %}…{% endif %}"
_SHOWN = 60
_ADDRESS = re.compile(r"(?i)\w{0,20}://\S*|\bwww\.\S*|\b(?:mailto|javascript|data):\S+")
_WORD = re.compile(r"[^\W\d]+")
_BEGINS = frozenset({"variable_begin", "block_begin", "raw_begin"})
_ENDS = frozenset({"variable_end", "block_end", "raw_begin"})
_KNOWN = frozenset({"if", "elif", "else", "endif", "not", "and", "or", "whitespace", "string", "==", "(", ")"})


@dataclass(frozen=True, slots=True)
class _Tag:
    """A place or a condition as it is written, where it begins, and of which kinds of words it is made."""

    at: int
    source: str
    words: tuple[str, ...]

    @property
    def is_strange(self) -> bool:
        """Tell whether something stands in it that no text may use, or that is no place alone."""
        if self.source.startswith("{{"):
            return len(set(self.words) - {"whitespace"}) != 1 or not PLACES.keys() & self.words
        return not _KNOWN.union(PLACES, TESTS).issuperset(self.words)


@functools.lru_cache(maxsize=1024)
def findings(part: Part, text: str) -> tuple[str, ...]:
    """List what must be mended in a text before a mail can say it; nothing for an empty one."""
    if len(text) > LONGEST:
        return (_too_long(LONGEST, len(text)),)
    try:
        tree = office_texts.environment().parse(text)
        tags = tuple(_tags(text))
    except jinja2.TemplateSyntaxError as fault:
        return (_unreadable(text, fault.lineno),)
    except RecursionError:
        return (_unreadable(text, 1),)
    found = [*_hidden(text), *_addresses(text), *_raw(text, tags)]
    found += [_told(text, tags, fault, part) for fault in dict.fromkeys(office_texts.faults(tree, part))]
    if found:
        return tuple(found)
    most = office_texts.longest(tree, part)
    return (_too_long(ROOM[part], most),) if most > ROOM[part] else ()


def _tags(text: str) -> Iterator[_Tag]:
    """Yield the places and conditions of a text, each where it stands."""
    begun, offset, kinds = 0, 0, []
    for _, kind, value in office_texts.environment().lex(text):
        at = text.find(value, offset)
        offset = at + len(value)
        if kind in _BEGINS:
            begun, kinds = at, [kind] if kind == "raw_begin" else []
        if kind in _ENDS:
            yield _Tag(begun, text[begun:offset], tuple(kinds))
        elif kind not in _BEGINS:
            kinds.append(value if kind in {"name", "operator"} else kind)


def _raw(text: str, tags: Iterable[_Tag]) -> Iterator[str]:
    return (_not_let_in(text, tag.at, tag.source) for tag in tags if "raw_begin" in tag.words)


def _hidden(text: str) -> Iterator[str]:
    """Find the first mark that nobody sees, such as those that turn the direction of writing."""
    found = next((at for at, one in enumerate(text) if one != "\n" and not mime.is_harmless(one)), None)
    if found is not None:
        yield say(
            "line %(line)s, column %(column)s: a mark that nobody sees stands here; type the words anew",
            **_place(text, found),
        )


def _addresses(text: str) -> Iterator[str]:
    for found in _ADDRESS.finditer(text):
        yield say(
            "line %(line)s, column %(column)s: leave out “%(address)s”; a mail has one link, and it leads to the desk",
            **_place(text, found.start()),
            address=_short(found[0]),
        )


def _told(text: str, tags: Iterable[_Tag], fault: Fault, part: Part) -> str:
    """Say what is wrong, and point at the place or condition in which it stands."""
    fits = (lambda tag: fault.name in tag.words) if fault.name else (lambda tag: tag.is_strange)
    tag = next((one for one in tags if fits(one) and _place(text, one.at)["line"] >= fault.line), None)
    if tag is None:
        return _unreadable(text, fault.line)
    if not fault.name or (fault.name in TESTS and not fault.is_test):
        return _not_let_in(text, tag.at, tag.source)
    if fault.is_test:
        return say(
            "line %(line)s, column %(column)s: “%(name)s” is not a text; ask whether it holds, with %(test)s",
            **_place(text, tag.at),
            name=fault.name,
            test=f"{{% if {fault.name} %}}…{{% endif %}}",
        )
    return say(
        "line %(line)s, column %(column)s: “%(name)s” is not known here; this part knows: %(names)s",
        **_place(text, tag.at),
        name=_short(fault.name),
        names=", ".join((*office_texts.places(part), *TESTS)),
    )


def _not_let_in(text: str, at: int, what: str) -> str:
    return say(
        "line %(line)s, column %(column)s: “%(what)s” cannot stand here; use words, places such as %(place)s, and "
        "%(test)s",
        **_place(text, at),
        what=_short(what),
        place=_PLACE,
        test=_TEST,
    )


def _unreadable(text: str, line: int) -> str:
    """Say of what Jinja could not read at all where it stands: at the last braces of its line."""
    lines = text.split("\n")
    line = min(line, len(lines))
    before = sum(len(one) + 1 for one in lines[: line - 1])
    begun = max(*(lines[line - 1].rfind(braces) for braces in ("{{", "{%", "{#")), 0)
    return _not_let_in(text, before + begun, lines[line - 1][begun:])


def _too_long(most: int, has: int) -> str:
    return say(
        "the text comes to %(has)s, and may come to %(most)s, where letters outside the Latin alphabet count for more; "
        "shorten it",
        most=most,
        has=has,
    )


def _place(text: str, at: int) -> dict[str, int]:
    before = text[:at]
    return {"line": before.count("\n") + 1, "column": at - (before.rfind("\n") + 1) + 1}


def _short(what: str) -> str:
    line = mime.one_line(what)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
