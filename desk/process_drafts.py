"""A changed definition, before it is put into use: what the checker finds in it by line, and what it would change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import load, vocabulary
from states import differences, errors

if TYPE_CHECKING:
    from cases.record import Record
    from states.differences import Difference
    from states.process import Process

NAME = "definition"
"""What stands in the place of a file in the checker's findings."""
_FINDING = re.compile(rf"{NAME}:(?P<line>\d+): (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must be mended: in which line of the text, or 0 for none, what that says, and what is wrong."""

    line: int
    says: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that was read: the process that it defines, or the findings because of which it defines none."""

    text: str
    process: Process | None = None
    findings: tuple[Finding, ...] = ()


def read(record: Record, text: str) -> Draft:
    """Check a definition as it would be used here, with the office's own calendars."""
    known = vocabulary.known(record.calendars)
    try:
        return Draft(text=text, process=load.load_text(text, name=NAME, vocabulary=known))
    except errors.DefinitionError as fault:
        return Draft(text=text, findings=tuple(_finding(one, text.splitlines()) for one in str(fault).splitlines()))


def changes(record: Record, new: Process) -> tuple[Difference, ...] | None:
    """Tell what a process changes of the one in use; None where none of its name is in use."""
    if new.name not in record.registry.names():
        return None
    return differences.differences(record.registry.current(new.name), new)


def _finding(told: str, lines: list[str]) -> Finding:
    found = _FINDING.fullmatch(told)
    if found is None:
        return Finding(0, "", told)
    line = int(found["line"])
    return Finding(line, lines[line - 1].strip() if line <= len(lines) else "", found["text"])
