"""The addresses at which bounces and replies come back: each good for one message, and to be guessed by nobody."""

from __future__ import annotations

import base64
import hmac
import re
from enum import StrEnum

_LENGTH = 22
# Figures and small letters alone: some mail servers write the part before the @ in small letters.
_OWN = re.compile(rf"(?<![a-z0-9.+-])(bounce|reply)\+([a-z2-7]{{{_LENGTH}}})@([a-z0-9.-]+)", re.IGNORECASE | re.ASCII)


class Way(StrEnum):
    """Why a mail comes back: it could not be delivered, or somebody answers."""

    BOUNCE = "bounce"
    REPLY = "reply"


def address(way: Way, message_id: str, *, secret: bytes, domain: str) -> str:
    """Return the address of one message; who knows the one of a way cannot reckon that of the other."""
    digest = hmac.digest(secret, f"{way}\n{message_id}".encode(), "sha256")
    token = base64.b32encode(digest)[:_LENGTH].decode("ascii").lower()
    return f"{way}+{token}@{domain}"


def found_in(text: str, *, domain: str) -> tuple[str, ...]:
    """List the addresses of this kind at a domain that a text names, in small letters, each once and in order."""
    found = (match.group().lower() for match in _OWN.finditer(text) if match.group(3).lower() == domain)
    return tuple(dict.fromkeys(found))


def way_of(own_address: str) -> Way:
    """Tell which way an address is for."""
    return Way(own_address.partition("+")[0])
