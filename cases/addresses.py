"""What an e-mail address must be to be kept and written to: exactly one, bare, and readable in one way only."""

from __future__ import annotations

import re
import unicodedata

from states import errors
from states.said import say

_ATOM_SIGNS = frozenset("!#$%&'*+-/=?^_`{|}~")
_LONGEST = 254
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
_FEWEST_LABELS = 2
_LONGEST_SHOWN = 75
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_AMBIGUOUS_IN_DOMAINS = re.compile("[ßς\u200c\u200d]")


class BadAddress(errors.Refused):
    """A text that is not exactly one bare e-mail address."""


def one_address(text: str) -> str:
    """Return the one bare address that the text is, its domain in the ASCII form that mail servers speak.

    A local part beyond ASCII is kept and needs a relay that speaks SMTPUTF8.

    Raises `BadAddress` for a name, a second address, or anything else than one address.
    """
    bare = unicodedata.normalize("NFC", text.strip())
    local, at, host = bare.rpartition("@")
    if not at or not local or len(bare) > _LONGEST:
        raise BadAddress(
            say("%(address)s is not an e-mail address; write it as name@example.org", address=_shown(text))
        )
    if not _local_part_is_plain(local):
        raise BadAddress(
            say(
                "%(address)s is not exactly one bare e-mail address; leave out names, brackets, quotes and commas",
                address=_shown(text),
            ),
        )
    return f"{local}@{_ascii_domain(host, text)}"


def domain(address: str) -> str:
    """Return the domain of one bare address."""
    return address.rpartition("@")[2]


def _local_part_is_plain(local: str) -> bool:
    within_limits = len(local.encode(errors="replace")) <= _LONGEST_LOCAL
    atoms = local.split(".")
    return within_limits and "=?" not in local and all(atom and all(map(_may_stand_in_atom, atom)) for atom in atoms)


def _may_stand_in_atom(character: str) -> bool:
    return character in _ATOM_SIGNS or unicodedata.category(character)[0] in "LMN"


def _ascii_domain(host: str, whole: str) -> str:
    if _AMBIGUOUS_IN_DOMAINS.search(host):
        raise BadAddress(
            say("%(address)s has a domain that reads in two ways; write it in its xn-- form", address=_shown(whole))
        )
    try:
        ascii_domain = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    if len(labels) < _FEWEST_LABELS or len(ascii_domain) > _LONGEST_DOMAIN or not all(map(_LABEL.fullmatch, labels)):
        raise BadAddress(
            say("%(address)s has no valid domain after the @; write it as name@example.org", address=_shown(whole))
        )
    return ascii_domain


def _shown(text: str) -> str:
    """Quote what was given, short and on one line, for an error."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f'"{line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"}"'
