"""Random tokens that open something to whoever shows them, and the hashes that are kept in their stead.

They are too long to be guessed, so a fast hash of them gives nothing away.
"""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32
FOR_AN_ADDRESS = 16
"""How many bytes a token has that stands in the address of a mail, which must not be broken into lines."""


def new(size: int = _BYTES) -> str:
    """Make a token of so many random bytes."""
    return secrets.token_urlsafe(size)


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
