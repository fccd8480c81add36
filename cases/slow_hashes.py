"""Hashes of secrets that people choose or read out: slow on purpose, and never so many at once that memory runs out."""

from __future__ import annotations

import secrets
import threading

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# OWASP's second row for Argon2id: 19 MiB, two passes, one lane.
_MEMORY, _PASSES, _LANES = 19 * 1024, 2, 1
_HASH_BYTES, _SALT_BYTES = 32, 16
_PARAMETERS = f"$argon2id$v=19$m={_MEMORY},t={_PASSES},p={_LANES}$"
_at_once = threading.BoundedSemaphore(2)


def make(text: str) -> str:
    """Return the hash of a secret, with its own salt and the parameters it was made with."""
    salt = secrets.token_bytes(_SALT_BYTES)
    argon = Argon2id(salt=salt, length=_HASH_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY)
    with _at_once:
        return argon.derive_phc_encoded(text.encode())


def matches(text: str, kept: str | None) -> bool:
    """Tell whether a secret is the one that was hashed; where none is kept it takes as long, and the answer is no."""
    with _at_once:
        try:
            Argon2id.verify_phc_encoded(text.encode(), kept or _OF_NOTHING)
        except InvalidKey:
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than those in use now."""
    return not kept.startswith(_PARAMETERS)


# To compare with it takes as long as with a real one, and nobody knows what it was made of.
_OF_NOTHING = "$argon2id$v=19$m=19456,t=2,p=1$BkXqC+Ur5K+QX/2QgmBa5g$Bp4Qoev1aPnxLEOukhJ/H+bW+7jIZ4ei3vaDkfkGpH4"
