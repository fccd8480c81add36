"""Whether mails reach an address: what counts against it, for how long, and when somebody must telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WITHIN = timedelta(days=14)
"""For how long a passing trouble counts."""
MOST_SOFT = 3
"""So many passing troubles within that time are as good as a lasting one."""

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#])")
_GENERAL = re.compile(r"[245]\.0\.0")
_OF_POLICY = re.compile(
    r"spam|policy|blacklist|blocklist|blocked|reputation|dmarc|dkim|\bspf\b|banned|denied", re.IGNORECASE
)
_FULL = re.compile(
    r"quota|mailbox (?:is )?full|full mailbox|over ?quota|insufficient (?:system )?storage", re.IGNORECASE
)
_ABOUT_ADDRESSES = frozenset({"550", "551", "553"})
# The enhanced codes (RFC 3463) that speak of the address itself. Of the others none does: a full mailbox is emptied, a
# server comes back, and policy looks at who sends.
_OF_THE_ADDRESS = re.compile(r"5\.1\.(?![78]$)\d+|5\.2\.1|5\.4\.(?:1|4|310)|5\.0\.0")
_OF_US = re.compile(r"[45]\.7\.\d+|5\.1\.[78]")


class Trouble(StrEnum):
    """Why a mail did not arrive: the address is wrong, something passes, or their server does not want our mails."""

    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"


class Reach(StrEnum):
    """What is known of an address."""

    FINE = "fine"
    DOUBTFUL = "doubtful"
    UNREACHABLE = "not reachable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mail that did not arrive, and when that was heard."""

    trouble: Trouble
    at: datetime


def of(faults: Iterable[Fault], *, now: datetime) -> Reach:
    """Weigh what was heard of an address since it last was found well. What their server thinks of us says nothing."""
    counted = tuple(one for one in faults if one.trouble is not Trouble.OURS)
    hard = any(one.trouble is Trouble.HARD for one in counted)
    soft = sum(one.trouble is Trouble.SOFT and one.at > now - WITHIN for one in counted)
    if hard or soft >= MOST_SOFT:
        return Reach.UNREACHABLE
    return Reach.DOUBTFUL if soft else Reach.FINE


def code_in(words: str, *, status: str = "") -> str:
    """Return the enhanced code that says most: that of the status, or of a server's words where that is general.

    Words with a basic code alone give a general one; words without any give none.
    """
    found = _ENHANCED.search(status)
    told = found.group() if found else ""
    if told and not _GENERAL.fullmatch(told):
        return told
    closer = next((one for one in _ENHANCED.findall(words) if not _GENERAL.fullmatch(one)), "")
    basic = _BASIC.search(words)
    if basic and not closer:
        closer = f"{basic.group()[0]}.2.2" if _FULL.search(words) else ""
    return closer or told or (f"{basic.group()[0]}.0.0" if basic else "")


def trouble_of(code: str, words: str) -> Trouble:
    """Say what kind of trouble a server means by an enhanced code, and by its words where the code is general."""
    general, basic = not code or _GENERAL.fullmatch(code), _BASIC.search(words)
    if _OF_US.fullmatch(code) or (general and _OF_POLICY.search(words)):
        return Trouble.OURS
    if general and (_FULL.search(words) or (basic and basic.group() not in _ABOUT_ADDRESSES)):
        return Trouble.SOFT
    return Trouble.HARD if not code or _OF_THE_ADDRESS.fullmatch(code) else Trouble.SOFT


def fate_in(words: str) -> re.Match[str] | None:
    """Find where a server's words say what became of a mail."""
    return _ENHANCED.search(words) or _FULL.search(words)
